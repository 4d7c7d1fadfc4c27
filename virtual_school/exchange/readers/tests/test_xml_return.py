from datetime import date
from pathlib import Path

import pytest

from virtual_school import shipped
from virtual_school.exchange.readers.faults import Unreadable
from virtual_school.exchange.readers.return_rows import Mapped, Return
from virtual_school.exchange.readers.ssda903 import read
from virtual_school.exchange.readers.tests.samples import ONE_CHILD, TODAY, write

CHILD = (
    "<CHILD><HEADER><CHILDID>0012</CHILDID><SEX>2</SEX><DOB>27/03/2016</DOB><UASC/></HEADER>"
    "<EPISODE><DECOM>15/02/2024</DECOM><RNE>S</RNE><LS>C2</LS><PL>U4</PL><DEC/></EPISODE></CHILD>"
)


def xml(folder: Path, text: str | bytes) -> Return:
    return read([write(folder, "return.xml", text)], TODAY)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Return:
    return xml(tmp_path_factory.mktemp("xml"), shipped.content("ssda903/fake_903.xml"))


def test_the_sample_reads_253_children(sample: Return) -> None:
    assert {table: len(rows) for table, rows in sample.tables.items()} == {
        "Header": 253,
        "UASC": 12,
        "Episodes": 459,
        "Reviews": 1206,
        "Missing": 6,
        "PlacedAdoption": 3,
        "PrevPerm": 253,
        "OC2": 253,
        "OC3": 6,
        "AD1": 3,
    }
    assert sample.rejected == []
    assert sample.collection_year == "2017-18"
    assert sample.missing_tables == ["SWEpisodes", "DoLo"]


def test_old_codes_of_the_sample_are_mapped_and_counted(sample: Return) -> None:
    assert Mapped("Header", "SEX", "1", "M", 132) in sample.mapped
    assert Mapped("Header", "SEX", "2", "F", 121) in sample.mapped
    assert Mapped("Episodes", "PLACE", "H5", "K3", 16) in sample.mapped
    assert Mapped("Episodes", "PLACE", "P2", "K3", 23) in sample.mapped
    assert Mapped("Episodes", "PLACE", "Z1", "Z11", 16) in sample.mapped


def test_pl_is_place_and_childid_is_child(tmp_path: Path) -> None:
    found = xml(tmp_path, f"<EXPSSDA903>{CHILD}</EXPSSDA903>")
    row = found.tables["Episodes"][0]
    assert (row.values["CHILD"], row.values["PLACE"], row.values["DEC"]) == ("0012", "U4", None)
    assert found.tables["Header"][0].values["DOB"] == date(2016, 3, 27)
    assert found.tables["Header"][0].received == {"SEX": "2"}


def test_a_bad_episode_is_named_by_its_number(tmp_path: Path) -> None:
    bad = CHILD.replace("15/02/2024", "31/02/2024").replace("0012", "0013")
    found = xml(tmp_path, f"<EXPSSDA903>{CHILD}{bad}</EXPSSDA903>")
    assert [(fault.row, fault.column) for fault in found.rejected] == [(2, "DECOM")]


def test_elements_not_in_the_return_are_ignored_and_said(tmp_path: Path) -> None:
    found = xml(tmp_path, f"<EXPSSDA903>{CHILD.replace('<UASC/>', '<SHOE>4</SHOE>')}</EXPSSDA903>")
    assert any("SHOE (1)" in note for note in found.notes)


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://example.org/x.dtd">',
    ],
)
def test_a_document_type_or_entity_is_refused(tmp_path: Path, head: str) -> None:
    with pytest.raises(Unreadable, match=r"return\.xml declares a document type"):
        xml(tmp_path, f"{head}<EXPSSDA903>{CHILD}</EXPSSDA903>")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"<EXPSSDA903>{CHILD}", "not well-formed"),
        ("<html><body/></html>", "begins with html"),
        ("<EXPSSDA903>" + "<a>" * 20 + "</a>" * 20 + "</EXPSSDA903>", "nested too deep"),
    ],
)
def test_xml_that_is_not_a_return_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        xml(tmp_path, text)


def test_a_mix_of_xml_and_csv_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "return.xml", f"<EXPSSDA903>{CHILD}</EXPSSDA903>")
    write(tmp_path, "header.csv", ONE_CHILD)
    with pytest.raises(Unreadable, match="not a mix"):
        read([tmp_path], TODAY)


def test_two_xml_files_are_refused(tmp_path: Path) -> None:
    for name in ("a.xml", "b.xml"):
        write(tmp_path, name, f"<EXPSSDA903>{CHILD}</EXPSSDA903>")
    with pytest.raises(Unreadable, match="one XML return at a time"):
        read([tmp_path], TODAY)


def test_utf_16_xml_reads(tmp_path: Path) -> None:
    text = f'<?xml version="1.0" encoding="utf-16"?><EXPSSDA903>{CHILD}</EXPSSDA903>'
    assert len(xml(tmp_path, text.encode("utf-16")).tables["Header"]) == 1
