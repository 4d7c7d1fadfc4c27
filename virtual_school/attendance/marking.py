"""A school's marks of a week as they are typed: what is shown, what was written, what is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from virtual_school.access.person import Person
from virtual_school.audit.actions import record

from .calendars import Calendars
from .codes import LATE_AFTER_CLOSE, LATE_BEFORE_CLOSE, codes, read_code
from .comparing import Given
from .models import Delivery
from .models_calls import Site
from .queries import PupilWeek, school_week
from .sums import Session
from .writing import Sender, deliver, sender_name

DAY = timedelta(days=1)
PRESENT: dict[Session, str] = {"am": "/", "pm": "\\"}
WORDS: dict[Session, str] = {"am": "morning", "pm": "afternoon"}
SESSIONS: tuple[Session, ...] = ("am", "pm")
LATE = re.compile(rf"([{LATE_BEFORE_CLOSE}{LATE_AFTER_CLOSE}])\s*([0-9]{{1,4}})")
"""Late, and by how many minutes: L12."""

MOST_MINUTES = 400


@dataclass
class MarkCell:
    """`was` is what stood there when the page was made, `typed` what stands there now: a code, for lateness with
    the minutes after it where they are known."""

    name: str
    day: date
    session: Session
    was: str
    typed: str = ""
    problem: str = ""
    is_due: bool = True

    @property
    def label(self) -> str:
        return f"{self.day:%A} {self.day.day} {self.day:%B}, {WORDS[self.session]}"

    @property
    def code(self) -> str:
        return _parted(self.typed)[0]

    @property
    def minutes(self) -> int:
        return _parted(self.typed)[1]


@dataclass
class PupilRow:
    pupil: PupilWeek
    cells: list[MarkCell]


@dataclass(frozen=True, slots=True)
class DayHead:
    day: date
    closed: bool


@dataclass
class Grid:
    site: Site
    monday: date
    days: list[DayHead]
    rows: list[PupilRow]
    calendar_words: str
    problems: list[MarkCell] = field(default_factory=list)

    @property
    def cells(self) -> list[MarkCell]:
        return [cell for row in self.rows for cell in row.cells]


def _parted(typed: str) -> tuple[str, int]:
    """A code and the minutes of lateness, 0 where none are said."""
    found = LATE.fullmatch(typed)
    return (found[1], int(found[2])) if found else (typed, 0)


def _joined(code: str, minutes: int) -> str:
    return f"{code}{minutes}" if code in (LATE_BEFORE_CLOSE, LATE_AFTER_CLOSE) and minutes else code


def monday_of(day: date) -> date:
    return day - day.weekday() * DAY


def grid(person: Person, site: Site, monday: date, today: date, only: date | None = None) -> Grid:
    """Of the days of the week up to today, or of one of them."""
    pupils = school_week(person, site, monday)
    days = [day for n in range(5) if (day := monday + n * DAY) <= today and only in (None, day)]
    closed, words = _closed(pupils, site, days)
    rows = [
        PupilRow(
            pupil,
            [
                MarkCell(
                    f"{pupil.child.public_id}.{day}.{session}", day, session,
                    held := _joined(pupil.days.get(day, ("", ""))[place], pupil.minutes.get(day, (0, 0))[place]), held,
                    is_due=day in pupil.on_roll,
                )
                for day in days
                for place, session in enumerate(SESSIONS)
            ],
        )
        for pupil in pupils
    ]  # fmt: skip
    return Grid(site, monday, [DayHead(day, day in closed) for day in days], rows, words)


def _closed(pupils: Sequence[PupilWeek], site: Site, days: Sequence[date]) -> tuple[set[date], str]:
    """Days that the calendar which counts here says are no school days. Of several authorities, the first's."""
    if not pupils or not days:
        return set(), ""
    kept = Calendars(pupils[0].child.authority, [site.urn]).of(site.urn)
    return {day for day in days if kept.is_school_day(day) is False}, kept.words(days[0], days[-1])


def take(of: Grid, posted: Mapping[str, str]) -> None:
    """What was typed into each cell. What is wrong stands with the cell, and all of it in `problems`."""
    for cell in of.cells:
        if not cell.is_due or cell.name not in posted:
            continue
        cell.was = posted.get(f"was.{cell.name}", cell.was)[:5]
        written, minutes = _parted(posted[cell.name].strip().upper())
        code = read_code(written)
        cell.typed = written[:5] if code is None else _joined(code, minutes)
        if not minutes and cell.typed == _parted(cell.was)[0]:
            cell.typed = cell.was
        if code is None:
            cell.problem = f"{cell.typed} is not an attendance code"
        elif minutes > MOST_MINUTES:
            cell.problem = f"{minutes} minutes late is more than a school day: {code} alone will do"
        elif code and not codes()[code].is_in_force(cell.day):
            instead = codes()[code].now
            cell.problem = f"{code} is no longer used" + (f": use {instead}" if instead else "")
        elif not code and cell.was:
            cell.problem = "A mark is not taken away: put the right one in its place"
        if cell.problem:
            of.problems.append(cell)


def fill(of: Grid, day: date, is_morning: bool) -> int:
    """Present in every blank of a day that is due; of a day that is not over, its morning only."""
    filled = 0
    for cell in of.cells:
        if cell.day == day and cell.is_due and not cell.typed and (cell.session == "am" or not is_morning):
            cell.typed = PRESENT[cell.session]
            filled += 1
    return filled


def save(of: Grid, person: Person) -> int:
    """What differs from what stood there, and nothing else. Gives how many marks were written."""
    given: dict[bool, dict[int, list[Given]]] = {True: {}, False: {}}
    number = 0
    for row in of.rows:
        child = row.pupil.child
        is_told = child.authority_id in person.staff_of
        by_day: dict[date, dict[Session, MarkCell]] = {}
        for cell in row.cells:
            if cell.typed != cell.was and cell.typed:
                by_day.setdefault(cell.day, {})[cell.session] = cell
                number += 1
        for day, marks in by_day.items():
            am, pm = ((cell.code, cell.minutes) if (cell := marks.get(s)) else ("", 0) for s in SESSIONS)
            one = Given(child.pk, day, of.site.urn, am[0], pm[0], am[1], pm[1])
            given[is_told].setdefault(child.authority_id, []).append(one)
    for is_told, rows in given.items():
        if rows:
            source = Delivery.Source.PHONE if is_told else Delivery.Source.PAGE
            deliver(Sender(source, sender_name(of.site), person.user.pk, person.user.name), rows)
        for authority, marks in rows.items():
            record(
                "attendance.marked", by=person.user.pk, authority=authority, role=person.role, urn=of.site.urn,
                days=len(marks),
            )  # fmt: skip
    return number
