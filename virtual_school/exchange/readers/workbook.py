"""Opens an Excel workbook in a child process with limits on memory and time.

Run as a module, it is that child: the file's name and bytes come on standard input, rows go out as JSON.
"""

import json
import os
import resource
import subprocess
import sys
import zipfile
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path

from virtual_school.exchange.readers.faults import Unreadable
from virtual_school.exchange.readers.files import zip_members

MEMORY = 1024 * 1024 * 1024
SECONDS = 60
CELLS = 2_000_000
COLUMNS = 400
MACROS = ("vbaProject", "vbaData", "macrosheets/", "activeX/")
REFUSED, FAILED = 3, 4

Cell = str | int | float | bool | datetime | date | time | None
Sheets = list[tuple[str, list[tuple[int, list[Cell]]]]]


def read_workbook(path: Path, content: bytes) -> Sheets:
    """Each sheet's name and filled rows (number, cells). Raises Unreadable for anything but a plain .xlsx."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            f"{path.name} is an old Excel workbook (.xls) or has a password. "
            "Save it as .xlsx without a password, or as CSV."
        )
    root = Path(__file__).resolve().parents[3]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module; the file goes in as bytes
            [sys.executable, "-m", "virtual_school.exchange.readers.workbook", str(MEMORY), str(SECONDS)],
            input=path.name.replace("\n", " ").encode("utf-8", "replace") + b"\n" + content,
            capture_output=True,
            timeout=SECONDS,
            cwd=root,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(f"{path.name} took longer than {SECONDS} seconds to open. Save it as CSV.") from None
    if done.returncode == REFUSED:
        raise Unreadable(json.loads(done.stdout))
    if done.returncode != 0:
        raise Unreadable(
            f"{path.name} could not be opened as a workbook. Open it in Excel and save it again, or as CSV."
        )
    return [
        (name, [(number, [_thawed(cell) for cell in cells]) for number, cells in rows])
        for name, rows in json.loads(done.stdout)
    ]


def _thawed(cell: object) -> Cell:
    if isinstance(cell, dict):
        return datetime.fromisoformat(cell["day"])
    return cell  # type: ignore[return-value]


def _frozen(cell: Cell) -> object:
    if isinstance(cell, datetime | date):
        return {"day": cell.isoformat()}
    if isinstance(cell, str | int | float | bool) or cell is None:
        return cell
    return str(cell)


def check_workbook(file: str, content: bytes) -> None:
    """Raises Unreadable unless it is an .xlsx with no macros, links to other workbooks or document types."""
    members = {member.name: member.content for member in zip_members(content, file, nested=True)}
    types = members.get("[Content_Types].xml", b"")
    if b"macroEnabled" in types or b"vbaProject" in types or any(mark in name for name in members for mark in MACROS):
        raise Unreadable(f"{file} holds macros. Save it as an Excel workbook without macros (.xlsx), or as CSV.")
    if "xl/workbook.xml" not in members:
        raise Unreadable(f"{file} is a zip file but not an Excel workbook. Send a CSV file or a workbook (.xlsx).")
    if any(name.startswith("xl/externalLinks/") for name in members):
        raise Unreadable(f"{file} links to other workbooks. Paste values in place of the links, and save it again.")
    if any(b"<!DOCTYPE" in content or b"<!ENTITY" in content for name, content in members.items() if _is_xml(name)):
        raise Unreadable(f"{file} declares a document type, which a workbook never needs. It was not opened.")


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels", ".vml"))


def read_sheets(file: str, content: bytes) -> list[tuple[str, list[tuple[int, list[object]]]]]:
    import openpyxl  # here, so that it loads in the child only, under the limits

    book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    left = CELLS
    sheets = []
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what the sheet says about its own size is not believed
        rows = []
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            if all(cell is None or cell == "" for cell in cells):
                continue
            left -= len(cells)
            if left < 0 or len(cells) > COLUMNS:
                raise Unreadable(
                    f"{file}: the sheet {sheet.title} is too large (more than {COLUMNS} columns or "
                    f"{CELLS:,} cells). Send it in parts, or as CSV."
                )
            rows.append((number, [_frozen(cell) for cell in cells]))
        sheets.append((sheet.title, rows))
    return sheets


def main(memory: int, seconds: int) -> int:
    """Bytes and seconds that the reading may take. Returns the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    file = sys.stdin.buffer.readline().decode("utf-8").rstrip("\n")
    content = sys.stdin.buffer.read()
    try:
        check_workbook(file, content)
        sheets = read_sheets(file, content)
    except Unreadable as refused:
        json.dump(str(refused), sys.stdout)
        return REFUSED
    except (
        MemoryError,
        OSError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        SyntaxError,
        zipfile.BadZipFile,
    ):
        return FAILED  # SyntaxError is what ElementTree raises for XML that is not well formed
    json.dump(sheets, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
