"""From the days on which a child was absent to what the rules ask of them. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.law import constants

from .facts import MarksFact

WITHOUT_LEAVE = frozenset({"G", "N", "O", "U"})
ILL, NOT_YET_KNOWN, NO_REASON = "I", "N", "O"
WATCHED = (*sorted(WITHOUT_LEAVE), ILL)
PENALTIES_FROM = date(2024, 8, 19)
"""ATT-14: absence before this day does not count."""

TOLD_DAYS = 28
"""How far back days without a known or accepted reason are listed."""


class AbsentDay(NamedTuple):
    """A day with at least one watched code. `codes` are those that count, one or two."""

    day: date
    codes: tuple[str, ...]

    def is_all(self, codes: frozenset[str]) -> bool:
        return bool(self.codes) and all(code in codes for code in self.codes)


def marks_fact(
    absent: Sequence[AbsentDay], *, last_marked_on: date, possible: int, missed: int, year_starts: date,
    calendar: SchoolCalendar,
) -> MarksFact:  # fmt: skip
    """`absent` in the order of time, from at least 10 school weeks back."""
    without_leave = {one.day for one in absent if one.is_all(WITHOUT_LEAVE)}
    ill = {one.day for one in absent if one.is_all(frozenset({ILL}))}
    run, run_from = _run(without_leave, last_marked_on, calendar)
    ill_run, ill_from = _run(ill, last_marked_on, calendar)
    sessions, reached = _penalty(absent, last_marked_on, calendar)
    since = last_marked_on - timedelta(days=TOLD_DAYS)
    return MarksFact(
        last_marked_on=last_marked_on,
        possible=possible,
        absent=missed,
        unexplained=tuple(one.day for one in absent if NOT_YET_KNOWN in one.codes),
        unexplained_or_unauthorised=tuple(
            one.day for one in absent if one.day > since and {NOT_YET_KNOWN, NO_REASON} & set(one.codes)
        ),
        unauthorised_run=run,
        unauthorised_run_from=run_from,
        ill_run=ill_run,
        ill_run_from=ill_from,
        ill_sessions=sum(one.codes.count(ILL) for one in absent if one.day >= year_starts),
        penalty_sessions=sessions,
        penalty_reached_on=reached,
    )


def _run(days: set[date], last: date, calendar: SchoolCalendar) -> tuple[int, date | None]:
    """How many school days running up to the last one marked, and since when. A day without a mark ends it."""
    day, n, first = last, 0, None
    try:
        while day in days:
            n, first = n + 1, day
            day = calendar.before(day, 1)
    except BeyondCalendar:
        pass
    return n, first


def _penalty(absent: Sequence[AbsentDay], last: date, calendar: SchoolCalendar) -> tuple[int, date | None]:
    """Sessions without leave in the last 10 school weeks (PNR reg 9A(6)), and when they came to 10."""
    counted = [(one.day, sum(code in WITHOUT_LEAVE for code in one.codes)) for one in absent]
    if sum(n for _, n in counted) < constants.PENALTY_THRESHOLD_SESSIONS:
        return 0, None
    first = _weeks_back(last, constants.PENALTY_WINDOW_SCHOOL_WEEKS, calendar)
    total, reached = 0, None
    for day, n in counted:
        if day < first or day < PENALTIES_FROM:
            continue
        total += n
        if reached is None and total >= constants.PENALTY_THRESHOLD_SESSIONS:
            reached = day
    return total, reached


def _weeks_back(last: date, weeks: int, calendar: SchoolCalendar) -> date:
    """The Monday of the first of so many school weeks, the last of which holds a day."""
    monday = last - timedelta(days=last.weekday())
    found = 1
    while found < weeks:
        earlier = monday - timedelta(days=7)
        try:
            found += calendar.between(earlier - timedelta(days=1), earlier + timedelta(days=6)) > 0
        except BeyondCalendar:
            return monday
        monday = earlier
    return monday
