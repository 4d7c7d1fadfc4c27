"""When a worry is read, by whom, and what follows if nobody does. Pure: times and a calendar in, an answer out.

Times are local. Working hours are the council's own, on working days.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.dates.working_days import WorkingCalendar

QUARTER = timedelta(minutes=15)
LONGEST_SEARCH = 60
"""Days looked ahead for somebody who is not away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who reads alerts; the lowest rank first. `away_to` is the last day away."""

    person_id: int
    known_as: str
    rank: int
    away_from: date | None = None
    away_to: date | None = None

    def is_away(self, day: date) -> bool:
        return self.away_from is not None and self.away_from <= day and (self.away_to is None or day <= self.away_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    calendar: WorkingCalendar
    opens: time
    closes: time

    @property
    def a_day(self) -> timedelta:
        return _span(self.opens, self.closes)

    def is_open(self, day: date) -> bool:
        return self.calendar.is_working_day(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """`read_by`: None where the calendar does not reach. `is_long`: nobody can read within a working day."""

    reader: Reader
    read_by: datetime | None
    is_long: bool


def _span(start: time, end: time) -> timedelta:
    return timedelta(hours=end.hour - start.hour, minutes=end.minute - start.minute)


def limit_of(is_urgent: bool, urgent_hours: int, hours: Hours) -> timedelta:
    """Two working hours (policy) for the button and for "not safe"; a working day for the others."""
    return timedelta(hours=urgent_hours) if is_urgent else hours.a_day


def after_working_time(at: datetime, limit: timedelta, hours: Hours, reader: Reader | None = None) -> datetime:
    """So much working time after a moment, not counting days the reader is away; rounded up to a quarter of an hour.

    Raises BeyondCalendar where the bank holidays are not held, or the reader has no end of being away.
    """
    left, day, start = limit, at.date(), at.time().replace(tzinfo=None)
    for _ in range(LONGEST_SEARCH):
        if hours.is_open(day) and not (reader and reader.is_away(day)):
            begins = max(start, hours.opens)
            if begins < hours.closes:
                there = _span(begins, hours.closes)
                if left <= there:
                    end = datetime.combine(day, begins) + left
                    return _rounded_up(end).replace(tzinfo=at.tzinfo)
                left -= there
        day, start = day + timedelta(days=1), time(0)
    raise BeyondCalendar("Nobody can read within the days looked ahead.")


def _rounded_up(moment: datetime) -> datetime:
    past = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment if not past else moment - past + QUARTER


def route(
    readers: Sequence[Reader], excluded: Collection[int], at: datetime, limit: timedelta, hours: Hours
) -> Routed | None:
    """Whoever comes first in rank and can read as early as anybody; never somebody the child does not want told first.

    None where everybody who reads was named by the child, or nobody reads here at all.
    """
    there = sorted((one for one in readers if one.person_id not in excluded), key=lambda one: one.rank)
    if not there:
        return None
    times: list[tuple[datetime, int, Reader]] = []
    for number, reader in enumerate(there):
        try:
            times.append((after_working_time(at, limit, hours, reader), number, reader))
        except BeyondCalendar:
            continue
    if not times:
        return Routed(reader=there[0], read_by=None, is_long=True)
    read_by, _, reader = min(times)
    return Routed(reader=reader, read_by=read_by, is_long=read_by > _within_a_day(at, limit, hours))


def _within_a_day(at: datetime, limit: timedelta, hours: Hours) -> datetime:
    try:
        return after_working_time(at, max(limit, hours.a_day), hours)
    except BeyondCalendar:
        return at


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """`reader`: who is told next. None: nobody is left, and the head of the virtual school is asked to phone."""

    reader: Reader | None
    open_by: datetime | None


def escalation(
    readers: Sequence[Reader], given: Sequence[tuple[int, datetime | None]], excluded: Collection[int],
    now: datetime, limit: timedelta, hours: Hours,
) -> Escalation | None:  # fmt: skip
    """What follows when an alert was not opened in time. `given`: whom it was given to so far and by when each was to
    open it, in that order. None: it is not late yet."""
    if given:
        open_by = given[-1][1]
        if open_by is not None and now <= open_by:
            return None
    named = {person for person, _ in given}
    left = [one for one in readers if one.person_id not in named]
    routed = route(left, excluded, now, limit, hours)
    return Escalation(reader=routed.reader if routed else None, open_by=routed.read_by if routed else None)


def in_words(moment: datetime, now: datetime) -> str:
    """As a child's page says a time: "12 noon on Monday", "3:15pm today"."""
    hour, minute = moment.hour, moment.minute
    if (hour, minute) == (12, 0):
        clock = "12 noon"
    else:
        clock = f"{hour % 12 or 12}{f':{minute:02d}' if minute else ''}{'am' if hour < 12 else 'pm'}"
    days = (moment.date() - now.date()).days
    if days == 0:
        return f"{clock} today"
    return f"{clock} on {moment:%A}" if days < 7 else f"{clock} on {moment:%A} {moment.day} {moment:%B}"


def ask_days(calendar: SchoolCalendar, meeting_on: date, first: int, again: int) -> tuple[date, date]:
    """The first day to ask before a meeting, and the day to ask once more; the meeting's own day beyond the calendar."""
    found = []
    for days in (first, again):
        try:
            found.append(calendar.before(meeting_on, days))
        except BeyondCalendar:
            found.append(meeting_on)
    return found[0], found[1]


REMINDERS = ("before", "due", "weekly")


def reminder_due(due_on: date, today: date, calendar: SchoolCalendar, before: int) -> str:
    """Which reminder of a promise is due today: so many school days before, on the day, then each week; else ""."""
    if today < due_on:
        try:
            return "before" if calendar.between(today, due_on) <= before else ""
        except BeyondCalendar:
            return ""
    if today == due_on:
        return "due"
    weeks = (today - due_on).days // 7
    return f"weekly.{weeks}" if weeks else ""


def standing_of(state: str, due_on: date, today: date) -> str:
    """A promise as it stands: late is worked out, never kept."""
    return "late" if state in {"made", "under_way", "changed"} and due_on < today else state
