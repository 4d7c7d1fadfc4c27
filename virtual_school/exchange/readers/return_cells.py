"""One cell of the SSDA903 return: its text made a date, a number or a current code, and what is odd in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from virtual_school.children.identifiers import clean_upn, upn_fault
from virtual_school.exchange.readers.codes import BECAME, KEPT, Code, ssda903_codes
from virtual_school.exchange.readers.dates import read_date
from virtual_school.exchange.readers.return_tables import Column

Value = str | int | date | None

BLANK_WORDS = frozenset({"NULL", "NAN", "NAT", "#N/A"})
WHOLE_NUMBER = re.compile(r"(\d{1,9})(?:\.0*)?")
TEXT_MARK = re.compile(r'="(.*)"', re.DOTALL)  # ="00123" is how a spreadsheet is told to keep noughts
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E[+-]?\d+", re.IGNORECASE)
FORMULA_STARTS = ("=", "+", "@", "-")
CHILD_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Oddity:
    """`reason` is blank when a retired code was mapped and there is nothing more to say.

    `received` is the text that the value no longer shows.
    """

    reason: str = ""
    fix: str = ""
    refuses: bool = False
    received: str = ""


Cell = tuple[Value, Oddity | None]


class Cells(dict[str, Cell]):
    """What each distinct text of a column means, worked out once."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.column = column
        self.codes = ssda903_codes().get(column.name, {})

    def __missing__(self, text: str) -> Cell:
        cell = self[text] = self._read(text)
        return cell

    def _read(self, text: str) -> Cell:
        plain = plain_text(text)
        if not plain:
            return None, None
        if self.column.name == "CHILD":
            return _child(plain)
        if self.column.kind == "text":
            return plain, None
        if plain.upper() in BLANK_WORDS:
            return None, None
        if self.column.kind == "date":
            return self._date(plain)
        if self.column.kind == "number":
            return self._number(plain)
        if self.column.kind == "upn":
            return _upn(plain)
        return self._code(plain)

    def _date(self, text: str) -> Cell:
        day, wrong, note = read_date(text)
        if wrong:
            return None, Oddity(
                f"{self.column.name} is not a real date: {wrong}",
                "Write the date as dd/mm/yyyy.",
                refuses=self.column.decides,
                received=text,
            )
        if note:
            return day, Oddity(f"{self.column.name}: {note}", "Save dates as dd/mm/yyyy, not as numbers.")
        return day, None

    def _number(self, text: str) -> Cell:
        found = WHOLE_NUMBER.fullmatch(text)
        number = int(found[1]) if found and text.isascii() else None
        if number is not None and (str(number) in self.codes if self.codes else number <= (self.column.most or 0)):
            return number, None
        allowed = " or ".join(self.codes) or f"0 to {self.column.most}"
        return None, Oddity(
            f"{self.column.name} must be {allowed}, so the value was left out",
            f"Correct it to {allowed}.",
            refuses=self.column.decides,
            received=text,
        )

    def _code(self, text: str) -> Cell:
        code = text.upper()
        number = WHOLE_NUMBER.fullmatch(code)
        if number and code.isascii() and code not in self.codes:
            code = number[1]
        if became := BECAME.get((self.column.name, code)):
            return became, Oddity(received=code)
        if why := KEPT.get((self.column.name, code)):
            return code, Oddity(f"{self.column.name}: {why}", "Replace it with the newer code if it is known.")
        if code in self.codes:
            return code, None
        return code, Oddity(
            f"{self.column.name} code {code[:40]} is not one that the guide lists",
            f"Use one of: {_in_use(self.codes.values())}.",
            refuses=self.column.decides,
        )


def plain_text(text: str) -> str:
    """Without blanks at either end or the marks with which a spreadsheet is told that a value is text."""
    text = text.strip()
    if text.startswith("="):
        marked = TEXT_MARK.fullmatch(text)
        return marked[1].strip() if marked else text
    return text[1:].strip() if text.startswith("'") else text


def _in_use(codes: Iterable[Code]) -> str:
    return ", ".join(code.code for code in codes if not code.last_year)


def _child(text: str) -> Cell:
    if text.startswith(FORMULA_STARTS):
        return text, Oddity(
            "CHILD begins with a sign, as a spreadsheet formula does",
            "Write the identifier itself.",
            refuses=True,
        )
    if SCIENTIFIC.fullmatch(text):
        return text, Oddity(
            "CHILD was turned into a rounded number by a spreadsheet, so the child cannot be known",
            "Export it again from the case system with CHILD as text.",
            refuses=True,
        )
    if len(text) > CHILD_LENGTH:
        return text, Oddity(
            f"CHILD has {len(text)} characters; the return allows {CHILD_LENGTH}", "Check the identifier."
        )
    if text.endswith(".0"):
        return text, Oddity(
            "CHILD ends in .0: a spreadsheet may have made it a number and dropped leading noughts",
            "Export it again from the case system with CHILD as text.",
        )
    return text, None


def _upn(text: str) -> Cell:
    upn = clean_upn(text)
    if fault := upn_fault(upn):
        return upn, Oddity(f"UPN: {fault.words}", "Check the UPN with the school.")
    return upn, None
