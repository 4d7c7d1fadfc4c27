"""The attendance and absence codes: what each means, how it counts, and the days it belongs to (duties 20).

How a code counts comes from guidance restated by councils and suppliers; its meaning from the Regulations.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from virtual_school.dates.ages import of_compulsory_school_age

NO_MARK = frozenset({"", "-"})
"""An absent mark is not an absence."""


class Counts(StrEnum):
    PRESENT = "present"
    APPROVED = "approved"
    AUTHORISED = "authorised"
    UNAUTHORISED = "unauthorised"
    NOT_POSSIBLE = "not_possible"


ATTENDED = frozenset({Counts.PRESENT, Counts.APPROVED})
ABSENT = frozenset({Counts.AUTHORISED, Counts.UNAUTHORISED})
LATE_BEFORE_CLOSE, LATE_AFTER_CLOSE, AT_THE_OTHER_SCHOOL, PART_TIME, NOT_DUE, NOT_YET_KNOWN = (
    "L",
    "U",
    "D",
    "C2",
    "X",
    "N",
)
EXCLUDED = "E"


@dataclass(frozen=True, slots=True)
class Code:
    """`until` is the last day of a withdrawn code, `now` what stands in its place."""

    code: str
    words: str
    counts: Counts
    until: date | None = None
    now: str = ""

    @property
    def is_possible(self) -> bool:
        return self.counts is not Counts.NOT_POSSIBLE

    def is_in_force(self, day: date) -> bool:
        return self.until is None or day <= self.until


@cache
def codes() -> dict[str, Code]:
    with (Path(__file__).parent / "codes.toml").open("rb") as file:
        rows = tomllib.load(file)["code"]
    return {row["code"]: Code(**{**row, "counts": Counts(row["counts"])}) for row in rows}


@cache
def read_code(text: str) -> str | None:
    """The code as we keep it: "" for no mark; None for what is not a code at all."""
    code = text.strip().upper()
    if code in NO_MARK:
        return ""
    return code if code in codes() else None


def in_force(day: date) -> list[Code]:
    """Those a register may be marked with on a day."""
    return [code for code in codes().values() if code.is_in_force(day)]


def doubt(code: str, day: date, born: date | None) -> str:
    """What a person should look at, though the mark is kept and counts; "" for nothing."""
    found = codes()[code]
    if not found.is_in_force(day):
        instead = f", now {found.now}" if found.now else ""
        return f"the code {code} was withdrawn after {found.until:%d/%m/%Y}{instead}"
    if code == PART_TIME and born and not of_compulsory_school_age(born, day):
        return "C2 is for a child of compulsory school age"
    if code == NOT_DUE and born and of_compulsory_school_age(born, day):
        return "X is for a child not of compulsory school age"
    return ""
