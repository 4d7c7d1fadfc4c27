"""Files as they arrive: encodings, separators, zips good and hostile."""

import io
import stat
import zipfile
from pathlib import Path

import pytest

from virtual_school.exchange.readers.faults import Unreadable
from virtual_school.exchange.readers.ssda903 import read
from virtual_school.exchange.readers.tests.samples import (
    HEADER,
    ONE_CHILD,
    ONE_EPISODE,
    TODAY,
    children,
    read_these,
    write,
)


def zipped(folder: Path, members: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "return.zip"
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_each_encoding_is_found_out_and_said(tmp_path: Path, encoding: str, said: str) -> None:
    text = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB,NAME\n0012,F,27/03/2016,WBRI,UN1,,,Zoë’s\n"
    found = read_these(tmp_path, header=text.encode(encoding))
    assert found.tables["Header"][0].values["CHILD"] == "0012"
    assert any(said in note for note in found.notes) if said else not any("was read as" in n for n in found.notes)


@pytest.mark.parametrize(("separator", "said"), [(";", "semicolon"), ("\t", "tab"), ("|", "bar")])
def test_other_separators_are_found_out_and_said(tmp_path: Path, separator: str, said: str) -> None:
    found = read_these(tmp_path, header=ONE_CHILD.replace(",", separator))
    assert found.tables["Header"][0].values["UPN"] == "P207000016049"
    assert any(said in note for note in found.notes)


def test_the_line_with_which_excel_names_the_separator_is_skipped(tmp_path: Path) -> None:
    found = read_these(tmp_path, header="sep=;\n" + ONE_CHILD.replace(",", ";"))
    assert found.tables["Header"][0].line == 3


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_every_line_end_reads(tmp_path: Path, ending: str) -> None:
    found = read_these(tmp_path, header=ONE_CHILD.replace("\n", ending))
    assert found.tables["Header"][0].line == 2


def test_columns_in_any_order_and_case_with_extras_read(tmp_path: Path) -> None:
    found = read_these(tmp_path, x=" dob ,Child Id,Extra,upn,ETHNIC,Mother,mc dob,sex\n27/03/2016,7,z,UN1,WBRI,1.0,,M")
    assert found.tables["Header"][0].values["MOTHER"] == 1
    assert any("Extra" in note for note in found.notes)


def test_a_column_that_did_not_come_is_told_from_one_that_is_blank(tmp_path: Path) -> None:
    found = read_these(tmp_path, header="CHILD,SEX,DOB,ETHNIC,MC_DOB\n7,M,27/03/2016,,\n")
    assert found.tables["Header"][0].values["UPN"] is None
    assert "UPN" not in found.columns["Header"]
    assert "ETHNIC" in found.columns["Header"]


def test_what_case_systems_add_to_episodes_is_kept(tmp_path: Path) -> None:
    episodes = ONE_EPISODE.replace(",URN", ",URN,PL_LA,PL_DISTANCE").replace("SC123456", "SC123456,E06000001,12.5")
    values = read_these(tmp_path, header=ONE_CHILD, episodes=episodes).tables["Episodes"][0].values
    assert (values["PL_LA"], values["PL_DISTANCE"], values["URN"]) == ("E06000001", "12.5", "SC123456")


def test_missing_tables_are_listed(tmp_path: Path) -> None:
    found = read_these(tmp_path, header=ONE_CHILD, episodes=ONE_EPISODE)
    assert found.missing_tables[:2] == ["Reviews", "UASC"]
    assert len(found.missing_tables) == 10


def test_without_a_header_table_the_rest_is_read_and_it_is_said(tmp_path: Path) -> None:
    found = read_these(tmp_path, episodes=ONE_EPISODE)
    assert len(found.tables["Episodes"]) == 1
    assert "Header" in found.missing_tables
    assert any("no Header table" in note for note in found.notes)


def test_files_that_are_not_tables_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    write(tmp_path, "header.csv", ONE_CHILD)
    write(tmp_path, "guide.pdf", b"%PDF-1.7")
    write(tmp_path, "empty.csv", b"")
    write(tmp_path, "shoes.csv", "SHOE,SIZE\nleft,4\n")
    write(tmp_path, "short.csv", "CHILD,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC\n")
    found = read([tmp_path], TODAY)
    reasons = {file.file: file.reason for file in found.unrecognised_files}
    assert set(reasons) == {"guide.pdf", "empty.csv", "shoes.csv", "short.csv"}
    assert "a PDF" in reasons["guide.pdf"]
    assert "is empty" in reasons["empty.csv"]
    assert "looks like the Episodes table but has no column DECOM" in reasons["short.csv"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\r\n \r\n", "is empty"),
        (b"\x00" * 500, "is empty"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel workbook"),
        (b"a,b\n\x81\x8d\n", "not text"),
        (b"SHOE,SIZE\n", "the columns of no table"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=rf"header\.csv.*{words}"):
        read_these(tmp_path, header=content)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"gone\.csv is not there"):
        read([tmp_path / "gone.csv"], TODAY)


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no files"):
        read([tmp_path], TODAY)


def test_a_row_with_a_nul_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    found = children(tmp_path, "1\0,F,27/03/2016,WBRI,UN1,,", "2,F,27/03/2016,WBRI,UN1,,")
    assert [row.values["CHILD"] for row in found.tables["Header"]] == ["2"]
    assert [(fault.row, "NUL" in fault.reason) for fault in found.rejected] == [(2, True)]


def test_a_row_with_too_many_values_is_refused(tmp_path: Path) -> None:
    found = children(tmp_path, "1,F,27/03/2016,WBRI,UN1,,,stray", "2,F,27/03/2016,WBRI,UN1,,,,")
    assert [row.values["CHILD"] for row in found.tables["Header"]] == ["2"]
    assert "8 values for 7 columns" in found.rejected[0].reason


def test_a_quotation_mark_left_open_is_refused_with_its_lines(tmp_path: Path) -> None:
    found = children(tmp_path, '1,"F,27/03/2016,WBRI,UN1,,', "2,F,27/03/2016,WBRI,UN1,,")
    assert "the row runs on to line 3" in found.rejected[0].reason


def test_a_huge_value_is_refused_and_the_next_row_is_read(tmp_path: Path) -> None:
    found = children(tmp_path, "1,F,27/03/2016,WBRI," + "x" * 140_000 + ",,", "2,F,27/03/2016,WBRI,UN1,,")
    assert [row.values["CHILD"] for row in found.tables["Header"]] == ["2"]
    assert found.rejected[0].row == 2


def test_folders_inside_a_zip_and_what_a_mac_adds_are_no_trouble(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"2025-26/header.csv": ONE_CHILD, "__MACOSX/._header.csv": b"\x00\x05"})
    found = read([path], TODAY)
    assert found.tables["Header"][0].file == "2025-26/header.csv"
    assert found.unrecognised_files == []


@pytest.mark.parametrize("name", ["../header.csv", "/etc/header.csv", "a/../../header.csv", "C:\\header.csv"])
def test_a_zip_with_names_that_lead_out_of_it_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unreadable, match="leads to another folder"):
        read([zipped(tmp_path, {name: ONE_CHILD})], TODAY)


def test_a_zip_with_a_link_is_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("header.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "return.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(Unreadable, match="is a link"):
        read([tmp_path / "return.zip"], TODAY)


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"header.csv": HEADER + "\n" + "0" * 20_000_000})
    with pytest.raises(Unreadable, match="100 times its size"):
        read([path], TODAY)


def test_a_small_file_of_repeats_is_not_taken_for_a_bomb(tmp_path: Path) -> None:
    rows = "".join(f"{number},F,27/03/2016,WBRI,UN1,,\n" for number in range(3)) + "\n" * 1_000_000
    assert len(read([zipped(tmp_path, {"header.csv": f"{HEADER}\n{rows}"})], TODAY).tables["Header"]) == 3


def test_a_zip_of_too_many_files_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, {f"{number}.csv": "" for number in range(2001)})
    with pytest.raises(Unreadable, match="more than 2,000 files"):
        read([path], TODAY)


def test_a_zip_in_a_zip_is_refused(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("header.csv", ONE_CHILD)
    with pytest.raises(Unreadable, match="is itself a zip"):
        read([zipped(tmp_path, {"inner.zip": inner.getvalue()})], TODAY)


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"header.csv": ONE_CHILD})
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(Unreadable, match="damaged zip"):
        read([path], TODAY)


def test_a_zip_that_lies_about_its_size_is_counted_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("virtual_school.exchange.readers.files.UNPACKED", 1000)
    path = zipped(tmp_path, {"a.csv": "x" * 600, "b.csv": "y" * 600})
    with pytest.raises(Unreadable, match="unpacks to more than"):
        read([path], TODAY)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "header.csv"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024 + 1)
    with pytest.raises(Unreadable, match=r"header\.csv is larger than 200 MB"):
        read([path], TODAY)


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    outside = write(tmp_path, "outside.csv", ONE_CHILD)
    folder = tmp_path / "return"
    folder.mkdir()
    (folder / "header.csv").symlink_to(outside)
    write(folder, "episodes.csv", ONE_EPISODE)
    assert set(read([folder], TODAY).tables) == {"Episodes"}
