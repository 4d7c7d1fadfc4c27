"""Reads a sheet that a person filled in: CSV or XLSX, with columns found by their headings.

A workbook is opened in a child process with limits on memory and time. Formulas are never worked out: the
value last saved is read. Workbooks with macros and old .xls files are refused.
"""

import csv
import io
import re
import string
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from virtual_school.exchange.readers.dates import read_date
from virtual_school.exchange.readers.faults import Caution, Rejection, Unreadable
from virtual_school.exchange.readers.files import read_limited
from virtual_school.exchange.readers.text import binary_kind, open_csv
from virtual_school.exchange.readers.workbook import Cell, read_workbook

Kind = Literal["text", "date", "int", "bool"]
Value = str | int | bool | date | None

HEADER_WITHIN = 20  # a title and a few notes may stand above the headings
MARKS = str.maketrans("", "", string.punctuation + "’‘“”–—")
YES = frozenset({"y", "yes", "true", "1"})
NO = frozenset({"n", "no", "false", "0"})
WHOLE = re.compile(r"-?\d{1,15}(?:\.0*)?")
TYPED_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
EXCEL_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
EXAMPLES: dict[Kind, str] = {"text": "Example", "date": "01/09/2026", "int": "1", "bool": "Yes"}


@dataclass(frozen=True)
class Column:
    """`hint` is an example of what to write, used in the template and when a value is refused."""

    name: str
    kind: Kind = "text"
    required: bool = False
    aliases: tuple[str, ...] = ()
    hint: str = ""


class SheetLine(NamedTuple):
    number: int
    cells: Sequence[Cell]
    wrong: str = ""


@dataclass(slots=True)
class SheetRow:
    line: int
    values: dict[str, Value]


@dataclass
class SheetResult:
    rows: list[SheetRow] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    warnings: list[Caution] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_sheet(path: Path, columns: Sequence[Column]) -> SheetResult:
    """The good rows of a CSV file or of a workbook's first sheet with these headings, and the bad ones.

    Raises Unreadable when it is neither, or when a required column is missing.
    """
    content = read_limited(path)
    kind = binary_kind(content)
    if kind is None:
        sheet = open_csv(content, path.name)
        found = SheetResult(notes=list(sheet.notes))
        lines = [SheetLine(sheet.header_line, sheet.header)]
        lines += [SheetLine(line.number, line.cells, line.wrong) for line in sheet.lines]
        _read(path.name, lines, columns, found)
        return found
    if not kind.startswith(("a zip", "an old Excel")):
        raise Unreadable(f"{path.name} is {kind}. Send a CSV file or an Excel workbook (.xlsx).")
    found = SheetResult()
    sheets = read_workbook(path, content)
    for name, rows in sheets:
        lines = [SheetLine(number, cells) for number, cells in rows]
        if _header(lines, columns) is not None or len(sheets) == 1:
            if len(sheets) > 1:
                found.notes.append(f"{path.name}: the sheet {name} was read, the others were not.")
            _read(path.name, lines, columns, found)
            return found
    names = ", ".join(column.name for column in columns if column.required) or columns[0].name
    raise Unreadable(f"{path.name}: no sheet has the headings {names}. Use the template.")


def template(columns: Sequence[Column]) -> str:
    """CSV text with the headings and one example row."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.name for column in columns])
    writer.writerow([column.hint or EXAMPLES[column.kind] for column in columns])
    return out.getvalue()


def plain_heading(heading: object) -> str:
    """'Date of birth' and 'DATE-OF-BIRTH:' alike."""
    text = "" if heading is None else str(heading)
    return "".join(text.translate(MARKS).replace("\ufeff", "").split()).casefold()


def _header(lines: Sequence[SheetLine], columns: Sequence[Column]) -> tuple[int, dict[str, int]] | None:
    """Which line holds the headings, and where each column is: the line with most of them."""
    best: tuple[int, dict[str, int]] | None = None
    for place, line in enumerate(lines[:HEADER_WITHIN]):
        headings: dict[str, int] = {}
        for number, cell in enumerate(line.cells):
            headings.setdefault(plain_heading(cell), number)
        places = {column.name: headings[plain] for column in columns for plain in _first_of(column, headings)}
        if places and (best is None or len(places) > len(best[1])):
            best = place, places
    if best and all(column.name in best[1] for column in columns if column.required):
        return best
    return None


def _first_of(column: Column, headings: dict[str, int]) -> list[str]:
    names = [plain_heading(name) for name in (column.name, *column.aliases)]
    return [name for name in names if name in headings][:1]


def _read(file: str, lines: Sequence[SheetLine], columns: Sequence[Column], found: SheetResult) -> None:
    header = _header(lines, columns)
    if header is None:
        wanted = ", ".join(column.name for column in columns if column.required) or columns[0].name
        raise Unreadable(f"{file} does not have the headings it needs: {wanted}. Use the template.")
    start, places = header
    known = set(places.values())
    extra = [str(cell) for number, cell in enumerate(lines[start].cells) if number not in known and plain_heading(cell)]
    if extra:
        found.notes.append(f"{file}: these columns were ignored: {', '.join(extra)}.")
    absent = [column.name for column in columns if column.name not in places]
    if absent:
        found.notes.append(f"{file} has no column {', '.join(absent)}.")
    for line in lines[start + 1 :]:
        _read_line(file, line, columns, places, found)


def _read_line(
    file: str, line: SheetLine, columns: Sequence[Column], places: dict[str, int], found: SheetResult
) -> None:
    if line.wrong:
        found.rejected.append(Rejection(file, line.number, "", "", line.wrong, "Correct the row."))
        return
    if not any(_written(cell) for cell in line.cells):
        return
    values: dict[str, Value] = {}
    doubts = []
    for column in columns:
        place = places.get(column.name)
        cell = line.cells[place] if place is not None and place < len(line.cells) else None
        value, wrong, note = _value(column, cell)
        if not wrong and value is None and column.required:
            wrong = f"{column.name} is blank"
        if wrong:
            fix = f"Write it like this: {column.hint or EXAMPLES[column.kind]}."
            found.rejected.append(Rejection(file, line.number, column.name, _written(cell)[:80], wrong, fix))
            return
        if note:
            doubts.append(Caution(file, line.number, column.name, _written(cell)[:80], note, "Check it."))
        values[column.name] = value
    found.warnings += doubts
    found.rows.append(SheetRow(line.number, values))


def _written(cell: Cell) -> str:
    """A cell as text: without the mark by which a spreadsheet is told that a value is text."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, datetime | date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell).strip()
    if marked := TYPED_AS_TEXT.fullmatch(text):
        return marked[1].strip()
    return text[1:].strip() if text.startswith("'") else text


def _value(column: Column, cell: Cell) -> tuple[Value, str, str]:
    """The value, what is wrong, and a note."""
    text = _written(cell)
    if not text:
        return None, "", ""
    if "\0" in text:
        return None, f"{column.name} holds a character that is not text", ""
    if text in EXCEL_ERRORS:
        return None, f"{column.name} holds an error that the spreadsheet shows", ""
    if column.kind == "text":
        formula = "begins with =, as a formula does: it was kept as text" if text.startswith("=") else ""
        return text, "", f"{column.name} {formula}" if formula else ""
    if column.kind == "bool":
        word = text.casefold()
        if word in YES or word in NO:
            return word in YES, "", ""
        return None, f"{column.name} must be Yes or No", ""
    if column.kind == "int":
        if WHOLE.fullmatch(text) and text.isascii():
            return int(text.split(".")[0]), "", ""
        return None, f"{column.name} is not a whole number", ""
    if isinstance(cell, datetime):
        return cell.date(), "", ""
    if isinstance(cell, date):
        return cell, "", ""
    day, wrong, note = read_date(text)
    return (
        day,
        f"{column.name} is not a real date: {wrong}" if wrong else "",
        f"{column.name}: {note}" if note else "",
    )
