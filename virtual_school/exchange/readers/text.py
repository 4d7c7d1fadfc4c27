"""CSV text from unknown hands: encoding and separator found out and said, rows with their line numbers."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from virtual_school.exchange.readers.faults import Unreadable

NUL = "\0"
TITLE_LINES = 20
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
BINARY = {
    b"PK\x03\x04": "a zip file or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook or another Office file",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a gzip file",
    b"\xfd7zXZ": "an xz file",
    b"7z\xbc\xaf": "a 7-Zip file",
    b"Rar!": "a RAR file",
}


class Line(NamedTuple):
    """`number` is where it begins, the header being line 1; `last` where it ends.

    `wrong` is filled when the line cannot be used.
    """

    number: int
    last: int
    cells: list[str]
    wrong: str = ""


@dataclass
class CsvText:
    file: str
    encoding: str
    separator: str
    header: list[str]
    header_line: int
    lines: Iterator[Line]
    notes: list[str] = field(default_factory=list)


def binary_kind(content: bytes) -> str | None:
    """What the file is when its first bytes say that it is not text."""
    return next((kind for magic, kind in BINARY.items() if content.startswith(magic)), None)


def decode(content: bytes, file: str) -> tuple[str, str]:
    """The text and the name of its encoding. Raises Unreadable when it is not text."""
    if kind := binary_kind(content):
        raise Unreadable(f"{file} is {kind}, not CSV. Save it as CSV and try again.")
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _strict(content, encoding, file), encoding
    start = content[:400]
    if start.count(0) * 3 > len(start):  # UTF-16 with no mark: every other byte of plain English is nought
        encoding = "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
        return _strict(content, encoding, file), encoding
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _strict(content, "cp1252", file), "cp1252"


def _strict(content: bytes, encoding: str, file: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"{file} is not text in UTF-8, UTF-16 or Windows-1252 (byte {error.start + 1}). "
            "Save it as CSV UTF-8 and try again."
        ) from error


def open_csv(content: bytes, file: str) -> CsvText:
    """The header row of a CSV file, and its other rows one by one. Raises Unreadable when it has none."""
    if not content.strip(b"\r\n\t \0\xef\xbb\xbf\xff\xfe"):
        raise Unreadable(f"{file} is empty.")
    text, encoding = decode(content, file)
    notes = []
    if encoding not in ("utf-8", "utf-8-sig"):
        notes.append(f"{file} was read as {'Windows-1252' if encoding == 'cp1252' else 'UTF-16'}.")
    stream = io.StringIO(text, newline="")
    separator, skipped = _separator(stream)
    if separator != ",":
        notes.append(f"{file} is separated by {SEPARATORS[separator]}s, not commas.")
    reader = csv.reader(stream, delimiter=separator)
    lines = _lines(reader, skipped, NUL in text)
    header = next(lines, None)
    if header is None:
        raise Unreadable(f"{file} is empty.")
    if header.wrong:
        raise Unreadable(f"{file}: the header row cannot be read: {header.wrong}.")
    return CsvText(file, encoding, separator, header.cells, header.number, lines, notes)


def _separator(stream: io.StringIO) -> tuple[str, int]:
    """The separator that the header row uses most, and how many lines come before that row."""
    skipped = 0
    position = 0
    for line in stream:
        found = line.strip()
        if found.lower().startswith("sep=") and len(found) == 5 and found[4] in SEPARATORS:
            return found[4], skipped + 1
        if found or "\t" in line:
            return _most_used(line, stream, position), skipped
        skipped += 1
        position = stream.tell()
    return ",", skipped


def _most_used(line: str, stream: io.StringIO, start: int) -> str:
    """The separator used most in the first line that uses any: a title may stand above the headings."""
    for candidate in (line, *islice(stream, TITLE_LINES)):
        if any(mark in candidate for mark in SEPARATORS):
            break
    stream.seek(start)
    return max(SEPARATORS, key=candidate.count)


def _lines(reader: Any, skipped: int, has_nul: bool) -> Iterator[Line]:
    before = skipped
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            before = reader.line_num + skipped
            yield Line(before, before, [], f"it is not CSV ({error})")
            continue
        number, before = before + 1, reader.line_num + skipped
        if not any(cells):
            continue
        if has_nul and any(NUL in cell for cell in cells):
            yield Line(number, before, cells, "it holds a character that is not text (NUL)")
        else:
            yield Line(number, before, cells)
