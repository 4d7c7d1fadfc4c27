"""A date typed as day, month and year, with errors that say which part is wrong and why."""

import re
from calendar import monthrange
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from virtual_school.design.widgets import DateInput

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
PARTS = DateInput.parts


def in_full(day: date) -> str:
    """29 June 2026"""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def month_number(text: str) -> int | None:
    """6 from "6", "06", "June" or "jun"; None from anything else."""
    if re.fullmatch(r"[0-9]{1,2}", text):
        return int(text)
    if len(text) >= 3:
        return next((n for n, name in enumerate(MONTHS, 1) if name.lower().startswith(text.lower())), None)
    return None


class DateField(forms.DateField):
    """A date in three boxes. `earliest` and `latest` are the first and last day allowed, both included.

    Every error names the field by its label and carries `parts`, the boxes it is about.
    """

    widget = DateInput

    def __init__(
        self,
        *,
        earliest: date | None = None,
        latest: date | None = None,
        birthday: bool = False,
        **options: Any,
    ) -> None:
        options.setdefault("widget", DateInput(birthday=birthday))
        super().__init__(**options)
        self.earliest = earliest
        self.latest = latest

    @property
    def called(self) -> str:
        return str(self.label or "Date").rstrip("?")

    def _refuse(self, words: str, code: str, parts: tuple[str, ...] = PARTS) -> ValidationError:
        return ValidationError(words, code=code, params={"parts": parts})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, date):
            return (str(value.day), str(value.month), str(value.year))
        return value

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, tuple):
            return super().to_python(value)
        if not any(value):
            return None
        missing = tuple(part for part, text in zip(PARTS, value, strict=True) if not text)
        if missing:
            words = " and ".join(f"a {part}" for part in missing)
            raise self._refuse(f"{self.called} must include {words}", "incomplete", missing)
        day = self._real(value)
        if self.earliest and day < self.earliest:
            raise self._refuse(f"{self.called} must be on or after {in_full(self.earliest)}", "too_early")
        if self.latest and day > self.latest:
            raise self._refuse(f"{self.called} must be on or before {in_full(self.latest)}", "too_late")
        return day

    def _real(self, value: tuple[str, str, str]) -> date:
        day_text, month_text, year_text = value
        if not re.fullmatch(r"[0-9]{1,2}", day_text):
            raise self._refuse(f"{self.called}: the day must be a number, like 27", "day", ("day",))
        month = month_number(month_text)
        if month is None or not 1 <= month <= 12:
            raise self._refuse(
                f"{self.called}: the month must be a number from 1 to 12, or its name", "month", ("month",)
            )
        if not re.fullmatch(r"[0-9]{4}", year_text) or int(year_text) < 1:
            raise self._refuse(f"{self.called}: the year must include 4 numbers", "year", ("year",))
        day, year = int(day_text), int(year_text)
        if not 1 <= day <= 31:
            raise self._refuse(f"{self.called}: the day must be a number from 1 to 31", "day", ("day",))
        last = monthrange(year, month)[1]
        if day > last:
            when = f"{MONTHS[month - 1]} {year}" if month == 2 else MONTHS[month - 1]
            raise self._refuse(f"{self.called} must be a real date: {when} has {last} days", "no_such_day", ("day",))
        return date(year, month, day)

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        try:
            return self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True
