import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from virtual_school.exchange.readers.faults import Unreadable
from virtual_school.exchange.readers.sheets import Column, SheetResult, read_sheet, template
from virtual_school.exchange.readers.tests.samples import write
from virtual_school.exchange.readers.workbook import CELLS, COLUMNS, check_workbook

COLUMNS_WANTED = (
    Column("Child ID", required=True, aliases=("Child Unique ID",), hint="0012"),
    Column("Date of birth", "date", required=True),
    Column("Sessions", "int"),
    Column("In care?", "bool"),
    Column("Note"),
)
HEADINGS = ["Child ID", "Date of birth", "Sessions", "In care?", "Note"]


def workbook(folder: Path, *rows: list[object], name: str = "sheet.xlsx", also: dict[str, bytes] | None = None) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    path = folder / name
    book.save(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for member, content in (also or {}).items():
            archive.writestr(member, content)
    return path


def read_csv(folder: Path, text: str | bytes) -> SheetResult:
    return read_sheet(write(folder, "sheet.csv", text), COLUMNS_WANTED)


def test_headings_are_found_whatever_their_case_marks_and_order(tmp_path: Path) -> None:
    found = read_csv(tmp_path, "in care,DATE-OF-BIRTH:,“Child unique ID”\nY,04/03/2015,0012\n")
    assert found.rows[0].values == {
        "Child ID": "0012",
        "Date of birth": date(2015, 3, 4),
        "Sessions": None,
        "In care?": True,
        "Note": None,
    }
    assert found.notes == ["sheet.csv has no column Sessions, Note."]


def test_a_title_may_stand_above_the_headings(tmp_path: Path) -> None:
    found = read_csv(tmp_path, "Our children\n\nChild ID;Date of birth\n12;04/03/2015\n")
    assert [(row.line, row.values["Child ID"]) for row in found.rows] == [(4, "12")]


def test_bad_rows_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    found = read_csv(
        tmp_path,
        "Child ID,Date of birth,Sessions,In care?\n"
        "1,04/13/2015,,\n"
        ",04/03/2015,,\n"
        "3,04/03/2015,two,\n"
        "4,04/03/2015,,perhaps\n"
        "5,#N/A,,\n"
        "6,04/03/2015,5.0,no\n"
        ",,,\n",
    )
    assert [(fault.row, fault.column) for fault in found.rejected] == [
        (2, "Date of birth"),
        (3, "Child ID"),
        (4, "Sessions"),
        (5, "In care?"),
        (6, "Date of birth"),
    ]
    assert "month 13" in found.rejected[0].reason
    assert found.rejected[1].fix == "Write it like this: 0012."
    assert [row.values["Sessions"] for row in found.rows] == [5]


def test_the_marks_with_which_a_spreadsheet_keeps_text_are_taken_off(tmp_path: Path) -> None:
    found = read_csv(tmp_path, 'Child ID,Date of birth\n\'0012,04/03/2015\n"=""0013""",04/03/2015\n')
    assert [row.values["Child ID"] for row in found.rows] == ["0012", "0013"]


def test_a_formula_is_text_with_a_caution(tmp_path: Path) -> None:
    found = read_csv(tmp_path, "Child ID,Date of birth,Note\n1,04/03/2015,=1+1\n")
    assert found.rows[0].values["Note"] == "=1+1"
    assert [caution.column for caution in found.warnings] == ["Note"]


def test_a_file_without_the_headings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="does not have the headings it needs: Child ID, Date of birth"):
        read_csv(tmp_path, "SHOE,SIZE\n1,2\n")


def test_the_template_reads_back(tmp_path: Path) -> None:
    found = read_csv(tmp_path, template(COLUMNS_WANTED))
    assert found.rejected == []
    assert found.rows[0].values["Child ID"] == "0012"


def test_a_workbook_reads_with_its_dates_numbers_and_ticks(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ["Our children"],
        HEADINGS,
        ["0012", datetime(2015, 3, 4), 5, True, None],
        [None, None],
        [13, 45123, 5.0, "no", "'text"],
        ["0014", "31/02/2015"],
    )
    found = read_sheet(path, COLUMNS_WANTED)
    assert [list(row.values.values()) for row in found.rows] == [
        ["0012", date(2015, 3, 4), 5, True, None],
        ["13", date(2023, 7, 16), 5, False, "text"],
    ]
    assert [row.line for row in found.rows] == [3, 5]
    assert [(fault.row, fault.column) for fault in found.rejected] == [(6, "Date of birth")]
    assert [caution.row for caution in found.warnings] == [5]


def test_a_formula_in_a_workbook_is_never_worked_out(tmp_path: Path) -> None:
    found = read_sheet(workbook(tmp_path, HEADINGS, ["1", "04/03/2015", "=2+3"]), COLUMNS_WANTED)
    assert found.rows[0].values["Sessions"] is None


def test_the_sheet_with_the_headings_is_found(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["Read me first"])
    book = openpyxl.load_workbook(path)
    second = book.create_sheet("Children")
    second.append(HEADINGS)
    second.append(["1", "04/03/2015"])
    book.save(path)
    found = read_sheet(path, COLUMNS_WANTED)
    assert len(found.rows) == 1
    assert any("Children" in note for note in found.notes)


@pytest.mark.parametrize(
    ("also", "words"),
    [
        ({"xl/vbaProject.bin": b"x"}, "holds macros"),
        ({"xl/externalLinks/externalLink1.xml": b"<a/>"}, "links to other workbooks"),
        ({"xl/extra.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}, "declares a document type"),
        ({"../out.xml": b"<a/>"}, "leads to another folder"),
        ({"xl/media/big.bin": b"0" * 20_000_000}, "100 times its size"),
    ],
)
def test_a_workbook_with_something_harmful_is_refused(tmp_path: Path, also: dict[str, bytes], words: str) -> None:
    path = workbook(tmp_path, HEADINGS, also=also)
    with pytest.raises(Unreadable, match=rf"sheet\.xlsx.*{words}"):
        read_sheet(path, COLUMNS_WANTED)


def test_a_workbook_with_macros_is_known_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(Unreadable, match="without macros"):
        check_workbook("sheet.xlsx", out.getvalue())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, r"old Excel workbook \(.xls\)"),
        (b"PK\x03\x04rubbish", "damaged zip"),
        (b"%PDF-1.7", "is a PDF"),
        (b"", "is empty"),
    ],
)
def test_what_is_no_sheet_is_refused_with_what_to_do(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read_sheet(write(tmp_path, "sheet.xlsx", content), COLUMNS_WANTED)


def test_a_zip_that_is_not_a_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("letter.txt", "hello")
    with pytest.raises(Unreadable, match="not an Excel workbook"):
        read_sheet(tmp_path / "a.xlsx", COLUMNS_WANTED)


def test_a_workbook_of_too_many_columns_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADINGS, ["x"] * (COLUMNS + 1))
    with pytest.raises(Unreadable, match=f"{COLUMNS} columns or {CELLS:,} cells"):
        read_sheet(path, COLUMNS_WANTED)


def test_a_workbook_that_is_slow_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("virtual_school.exchange.readers.workbook.SECONDS", 0)
    with pytest.raises(Unreadable, match="took longer"):
        read_sheet(workbook(tmp_path, HEADINGS), COLUMNS_WANTED)


def test_a_workbook_that_needs_too_much_memory_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path, HEADINGS)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    rows = b"".join(b'<row><c t="inlineStr"><is><t>%0300d</t></is></c></row>' % n for n in range(100_000))
    sheet = "xl/worksheets/sheet1.xml"
    members[sheet] = members[sheet].replace(b"</sheetData>", rows + b"</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    monkeypatch.setattr("virtual_school.exchange.readers.workbook.MEMORY", 60 * 1024 * 1024)
    with pytest.raises(Unreadable, match="could not be opened"):
        read_sheet(path, COLUMNS_WANTED)
    assert read_sheet(workbook(tmp_path, HEADINGS), COLUMNS_WANTED).rows == []
