"""One row of a call, read by itself: what it says, or the field that is wrong and why."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from virtual_school.attendance.codes import read_code

from .schema import DayMarks

NAME_SHOWN = 40
WORDS = {
    "missing": "it is missing",
    "extra_forbidden": "there is no such field",
    "string_type": "it must be text",
    "string_too_long": "it is too long",
    "string_pattern_mismatch": "write the day like this: 2026-09-07",
    "int_type": "it must be a whole number",
    "greater_than_equal": "it is too small",
    "less_than_equal": "it is too large",
}


@dataclass(frozen=True, slots=True)
class Told:
    number: int
    upn: str
    born: date
    day: date
    am: str
    pm: str
    am_minutes: int
    pm_minutes: int
    urn: int | None


@dataclass(frozen=True, slots=True)
class Refused:
    number: int
    field: str
    reason: str


def read_row(number: int, given: Any, today: date) -> Told | Refused:
    try:
        row = DayMarks.model_validate(given)
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_context=False, include_input=False)[0]
        field = str(first["loc"][0])[:NAME_SHOWN] if first["loc"] else ""
        return Refused(
            number, field, WORDS.get(first["type"], "it is not a row of marks" if not field else "not right")
        )
    days = {}
    for name in ("date_of_birth", "date"):
        try:
            days[name] = date.fromisoformat(getattr(row, name))
        except ValueError:
            return Refused(number, name, "there is no such day")
    if days["date"] > today:
        return Refused(number, "date", "it is in the future")
    if days["date"] < days["date_of_birth"]:
        return Refused(number, "date", "it is before the pupil was born")
    am, pm = read_code(row.am), read_code(row.pm)
    if am is None or pm is None:
        return Refused(number, "am" if am is None else "pm", "this is not an attendance code")
    if not am and not pm:
        return Refused(number, "am", "there is no mark, neither of the morning nor of the afternoon")
    minutes = row.am_minutes_late, row.pm_minutes_late
    return Told(number, row.upn, days["date_of_birth"], days["date"], am, pm, *minutes, row.urn)
