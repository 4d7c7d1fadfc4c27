"""A school's term dates out of an iCalendar file, as schools publish them. Reading changes nothing.

Only whole days are taken. A last day stands in such a file as the day after it (RFC 5545, DTEND). Which event is a
term, a holiday or a closed day is known by its words; the reader sees what was found before anything is kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from virtual_school.authorities.models import TermDates
from virtual_school.authorities.term_dates import LARGEST_FILE, LONGEST_LABEL, Dates, FaultyFile, faults_of_span

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
MOST_EVENTS = 2_000
SHORTEST_TERM_DAYS = 14
LONGEST_CLOSURE_DAYS = 14
Kind = TermDates.Kind

CLOSED = re.compile(
    r"\binset\b|training day|non[ -]?pupil|staff (day|development|training)|\bclosed\b|closure|occasional day"
    r"|bank holiday|professional development"
)
HOLIDAY = re.compile(r"half[ -]?term|holidays?\b|\b(christmas|easter|summer|spring|autumn|winter) break\b|vacation")
TERM = re.compile(r"\bterm\b")
FIRST = re.compile(r"\b(starts?|begins?|commences|opens|reopens|returns?|return to|start of|beginning of|first day)\b")
LAST = re.compile(r"\b(ends?|end of|finish(es)?|closes|breaks? up|last day)\b")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An event that is not taken, with the reason."""

    what: str
    when: date | None
    why: str


@dataclass(frozen=True, slots=True)
class InFile:
    rows: tuple[Dates, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class _Event:
    what: str
    starts: date
    ends: date
    is_whole_days: bool


def read_calendar(content: bytes) -> InFile:
    """Raises FaultyFile where it is no calendar at all; an event that cannot be taken is left out with its reason."""
    if len(content) > LARGEST_FILE:
        raise FaultyFile(["The file is larger than 1 MB, which no school's dates need"])
    try:
        calendar = Calendar.from_ical(content)
    except (ValueError, KeyError, IndexError, AttributeError) as fault:
        raise FaultyFile(["This is not an iCalendar file (.ics)"]) from fault
    if not isinstance(calendar, Calendar):
        raise FaultyFile(["This is not an iCalendar file (.ics)"])
    events = calendar.walk("VEVENT")
    if not events:
        raise FaultyFile(["The file holds no events"])
    if len(events) > MOST_EVENTS:
        raise FaultyFile([f"The file holds more than {MOST_EVENTS:,} events: send the term dates alone"])
    return _sorted_out([_read(event) for event in events])


def _read(event: Event) -> _Event | LeftOut:
    try:
        return _read_days(event)
    except OverflowError:  # a day before the first or after the last there is
        return LeftOut(_what(event), None, "it has no first day that can be read")


def _what(event: Event) -> str:
    return " ".join(str(event.get("SUMMARY", "")).split())[:LONGEST_LABEL]


def _read_days(event: Event) -> _Event | LeftOut:
    what = _what(event)
    first, last = _when(event, "DTSTART"), _when(event, "DTEND")
    if first is None:
        return LeftOut(what, None, "it has no first day that can be read")
    starts = _day(first)
    if not what:
        return LeftOut(what, starts, "it has no words that say what it is")
    if "RRULE" in event or "RDATE" in event:
        return LeftOut(what, starts, "it repeats: give each of its days")
    is_whole_days = not isinstance(first, datetime)
    if last is None or not is_whole_days:
        return _Event(what, starts, starts if last is None else _day(last), is_whole_days)
    return _Event(what, starts, max(starts, _day(last) - DAY) if _day(last) >= starts else _day(last), True)


def _when(event: Event, name: str) -> date | datetime | None:
    found = getattr(event.get(name), "dt", None)
    return found if isinstance(found, date) else None


def _day(when: date | datetime) -> date:
    if not isinstance(when, datetime):
        return when
    return when.astimezone(LONDON).date() if when.tzinfo else when.date()


def _sorted_out(events: list[_Event | LeftOut]) -> InFile:
    left_out = [one for one in events if isinstance(one, LeftOut)]
    rows: list[Dates] = []
    firsts: list[_Event] = []
    lasts: list[_Event] = []
    for one in sorted((one for one in events if isinstance(one, _Event)), key=lambda one: (one.starts, one.what)):
        words = one.what.lower()
        if _is_mark(one, words, FIRST):
            firsts.append(one)
        elif _is_mark(one, words, LAST):
            lasts.append(one)
        elif isinstance(found := _as_dates(one, words), LeftOut):
            left_out.append(found)
        else:
            rows.append(found)
    for found in _terms(firsts, lasts):
        (left_out if isinstance(found, LeftOut) else rows).append(found)  # type: ignore[arg-type]
    return _once(rows, left_out)


def _is_mark(one: _Event, words: str, which: re.Pattern[str]) -> bool:
    """The first or the last day of a term, as an event of its own."""
    is_of_term = TERM.search(words) and not HOLIDAY.search(words)
    return bool(is_of_term and (one.ends - one.starts).days < SHORTEST_TERM_DAYS and which.search(words))


def _as_dates(one: _Event, words: str) -> Dates | LeftOut:
    days = (one.ends - one.starts).days + 1
    kind = Kind.CLOSURE if CLOSED.search(words) else Kind.HOLIDAY if HOLIDAY.search(words) else Kind.TERM
    why = ""
    if kind == Kind.TERM and not TERM.search(words):
        why = "its words name no term, holiday or closed day"
    elif not one.is_whole_days:
        why = "it has times: only whole days are taken"
    elif faults := faults_of_span(one.starts, one.ends):
        why = faults[0]
    elif kind == Kind.TERM and days < SHORTEST_TERM_DAYS:
        why = "it is too short for a term"
    elif kind == Kind.HOLIDAY and days == 1 and (FIRST.search(words) or LAST.search(words)):
        why = "it is the day before or after a holiday, not the holiday"
    elif kind == Kind.CLOSURE and days > LONGEST_CLOSURE_DAYS:
        why = "it is too long for days on which the school is closed in a term"
    return LeftOut(one.what, one.starts, why) if why else Dates(kind, one.what, one.starts, one.ends)


def _terms(firsts: list[_Event], lasts: list[_Event]) -> Iterator[Dates | LeftOut]:
    """A term from each first day to the next last day, where no other first day comes between."""
    used: set[int] = set()
    for place, first in enumerate(firsts):
        before = firsts[place + 1].starts if place + 1 < len(firsts) else date.max
        last = next((n for n, one in enumerate(lasts) if first.starts < one.starts < before and n not in used), None)
        if last is None:
            yield LeftOut(first.what, first.starts, "no event says when this term ends")
            continue
        used.add(last)
        ends = lasts[last].starts
        if faults := faults_of_span(first.starts, ends):
            yield LeftOut(first.what, first.starts, faults[0])
        else:
            yield Dates(Kind.TERM, f"{_season(first.starts)} term", first.starts, ends)
    for place, one in enumerate(lasts):
        if place not in used:
            yield LeftOut(one.what, one.starts, "no event says when this term begins")


def _season(starts: date) -> str:
    return "Autumn" if 8 <= starts.month <= 11 else "Summer" if 4 <= starts.month <= 7 else "Spring"


def _once(rows: list[Dates], left_out: list[LeftOut]) -> InFile:
    """Dates of one kind that start on one day stand once."""
    held: dict[tuple[str, date], Dates] = {}
    for row in sorted(rows, key=lambda row: (row.starts, row.ends, row.kind)):
        if (row.kind, row.starts) in held:
            left_out.append(LeftOut(row.label, row.starts, "another event of its kind starts on the same day"))
        else:
            held[row.kind, row.starts] = row
    left_out.sort(key=lambda one: (one.when or date.min, one.what))
    return InFile(tuple(held.values()), tuple(left_out))
