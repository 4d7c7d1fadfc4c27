"""Dates as councils, schools and spreadsheets write them. The day comes before the month, always."""

import calendar
import re
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})([/-])(\d{1,2})\2(\d{1,2})")
MONTH_NAMED = re.compile(r"(?:(\d{4})[- ]([A-Za-z]{3,9})[- ](\d{1,2})|(\d{1,2})[- ]([A-Za-z]{3,9})[- ](\d{4}))")
TWO_DIGIT_YEAR = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}")
SERIAL = re.compile(r"(\d{5})(?:\.0*)?")
TIME = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$")
MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name} | {
    name.lower(): number for number, name in enumerate(calendar.month_abbr) if name
}
SPREADSHEET_DAY_NOUGHT = date(1899, 12, 30)
LATEST = date(2100, 12, 31)
SERIALS_FROM = date(1990, 1, 1)


class ReadDate(NamedTuple):
    """A day, or what is wrong with the text. `note` says when the day was worked out from a number."""

    day: date | None
    wrong: str = ""
    note: str = ""


@lru_cache(maxsize=65536)
def read_date(text: str, since: int = 1900) -> ReadDate:
    """Reads dd/mm/yyyy, dd-mm-yyyy, yyyy-mm-dd, 2020-Apr-25, each with or without a time, and day numbers.

    A year before `since` or after 2100 is taken for a slip.
    """
    written = TIME.sub("", text.strip())
    if not written.isascii():
        return ReadDate(None, "not a date")
    if found := DAY_FIRST.fullmatch(written):
        return _real_day(int(found[4]), int(found[3]), int(found[1]), since)
    if found := YEAR_FIRST.fullmatch(written):
        return _real_day(int(found[1]), int(found[3]), int(found[4]), since)
    if found := MONTH_NAMED.fullmatch(written):
        year, name, day = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
        month = MONTHS.get(name.lower())
        if not month:
            return ReadDate(None, f"{name} is not a month")
        return _real_day(int(year), month, int(day), since)
    if found := SERIAL.fullmatch(written):
        return _from_serial(int(found[1]))
    if TWO_DIGIT_YEAR.fullmatch(written):
        return ReadDate(None, "the year has two digits, so the century is not known")
    return ReadDate(None, "not a date")


def _real_day(year: int, month: int, day: int, since: int) -> ReadDate:
    if not 1 <= month <= 12:
        return ReadDate(None, f"month {month} does not exist: the day comes first, then the month")
    if not since <= year <= LATEST.year:
        return ReadDate(None, f"the year {year:04} is not between {since} and {LATEST.year}")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        return ReadDate(None, f"{calendar.month_name[month]} {year} has {last} days, not day {day}")
    return ReadDate(date(year, month, day))


def _from_serial(number: int) -> ReadDate:
    day = SPREADSHEET_DAY_NOUGHT + timedelta(days=number)
    if not SERIALS_FROM <= day <= LATEST:
        return ReadDate(None, "not a date")
    return ReadDate(day, note=f"the spreadsheet day number {number} was read as {in_full(day)}")


def in_full(day: date) -> str:
    """29 June 2026."""
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"
