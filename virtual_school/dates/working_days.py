"""Working days, as the Care Planning Regulations 2010 count them (reg 2(1))."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date

from .counted_days import BeyondCalendar, CountedDays

__all__ = ["BeyondCalendar", "WorkingCalendar", "working_calendar"]

SATURDAY = 5


class WorkingCalendar(CountedDays):
    """Any day except Saturday, Sunday, Christmas Day, Good Friday and bank holidays in England and Wales.

    Good Friday and Christmas Day are among the `holidays`, as GOV.UK publishes them.
    """

    name = "working days"

    def __init__(self, holidays: Mapping[date, str], known_from: date, known_to: date) -> None:
        self.holidays = {day: holidays[day] for day in sorted(holidays)}
        super().__init__(known_from, known_to, lambda day: day.weekday() < SATURDAY and day not in self.holidays)
        self._weekday_holidays = [
            (day, title)
            for day, title in self.holidays.items()
            if day.weekday() < SATURDAY and known_from <= day <= known_to
        ]

    def is_working_day(self, day: date) -> bool:
        return self.counts(day)

    def holidays_between(self, a: date, b: date) -> tuple[tuple[date, str], ...]:
        """The bank holidays that fall on a weekday after `a`, up to and including `b`."""
        self._up_to(a), self._up_to(b)
        start = bisect_right(self._weekday_holidays, a, key=lambda holiday: holiday[0])
        end = bisect_right(self._weekday_holidays, b, key=lambda holiday: holiday[0])
        return tuple(self._weekday_holidays[start:end])

    @property
    def _unit(self) -> str:
        return "working days"


def working_calendar(holidays: Iterable[tuple[date, str]]) -> WorkingCalendar:
    """A calendar of the whole years the bank holidays cover; each must hold Good Friday and Christmas Day."""
    by_day = dict(holidays)
    if not by_day:
        raise ValueError("There are no bank holidays to build a calendar of working days from.")
    first, last = min(by_day).year, max(by_day).year
    for year in range(first, last + 1):
        titles = {title for day, title in by_day.items() if day.year == year}
        for needed in ("Good Friday", "Christmas Day"):
            if needed not in titles:
                raise ValueError(f"The bank holidays of {year} do not hold {needed}.")
    return WorkingCalendar(by_day, date(first, 1, 1), date(last, 12, 31))
