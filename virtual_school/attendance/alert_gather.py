"""The marks of an authority's children in care as the rules of alerts take them, in a fixed number of queries."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from virtual_school.authorities.models import Authority
from virtual_school.authorities.policy import part_on
from virtual_school.children import bulk
from virtual_school.dates.ages import academic_year_start, of_compulsory_school_age
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar

from .alert_rules import AlertFacts, DayMarks
from .alert_settings import Rule, Setting, settings_of
from .calendars import Calendars
from .codes import codes

PART = "attendance_alerts"
"""Of a policy's choices, what is decided about alerts."""

LOOKED_BACK = timedelta(weeks=21)
"""The twelve weeks before a fall, the eight weeks of it at most, and one to begin with."""

EXPECTED_BACK = timedelta(days=75)
"""The days on which marks were to come, holidays among them."""

IN_CARE = """
    select p.child_id, c.born, e.school_id, greatest(p.starts, e.starts), e.child_id is not null and e.school_id is null
    from care_careperiod p
    join children_child c on c.authority_id = p.authority_id and c.id = p.child_id
    left join schools_enrolment e on e.authority_id = p.authority_id and e.child_id = p.child_id and e.kind = 'main'
        and e.starts <= %(day)s and (e.ends is null or e.ends > %(day)s)
    where p.authority_id = %(authority)s and p.kind = 'looked_after' and p.starts <= %(day)s
      and (p.ends is null or p.ends > %(day)s)
      and (%(children)s::bigint[] is null or p.child_id = any (%(children)s))
    order by p.child_id, e.starts
"""
MARKS = """
    select child_id, day, case when am_counts then am else '' end, case when pm_counts then pm else '' end
    from attendance_markedday
    where authority_id = %(authority)s and day between %(first)s and %(day)s and child_id = any (%(children)s)
    order by child_id, day, urn
"""
SENT = "select distinct urn, day from attendance_markedday where authority_id = %s and day between %s and %s"


@dataclass(frozen=True)
class Watched:
    """A child in care, the school whose roll they are on, and the days that count there."""

    child: int
    urn: int | None
    calendar: SchoolCalendar
    facts: AlertFacts


def first_day_for(day: date) -> date:
    """The earliest mark that rules asked on the day look at."""
    return min(day - LOOKED_BACK, date(academic_year_start(day), 9, 1))


def watched(
    authority: Authority, on: date, child_ids: Sequence[int] | None = None, first: date | None = None
) -> dict[int, Watched]:
    """By child, of those in care. `first`: where marks of earlier days are asked for too."""
    first = min(first_day_for(on), first) if first else first_day_for(on)
    rows = {
        row[0]: row[1:]
        for row in bulk.select(
            IN_CARE,
            {"authority": authority.code, "day": on, "children": None if child_ids is None else list(child_ids)},
        )
    }
    marks = _marks(authority.code, list(rows), first, on)
    sent: dict[int, set[date]] = defaultdict(set)
    for urn, day in bulk.select(SENT, [authority.code, on - EXPECTED_BACK, on]):
        sent[urn].add(day)
    of_school = {urn: frozenset(days) for urn, days in sent.items()}
    calendars = Calendars(authority, {urn for _, urn, *_ in rows.values() if urn})
    days = _SchoolDays(min(first, on - EXPECTED_BACK), on)
    found = {}
    for child, (born, urn, since, is_off_register) in rows.items():
        calendar = calendars.of(urn).calendar
        is_due = (urn is not None or is_off_register) and born is not None and of_compulsory_school_age(born, on)
        due = days.since(calendar, since) if is_due else ()
        # A place off the register sends nothing by itself: each day counts, whatever came of others there.
        sent = frozenset(due) if is_off_register else of_school.get(urn or 0, frozenset())
        found[child] = Watched(child, urn, calendar, AlertFacts(tuple(marks.get(child, ())), due, sent))
    return found


def _marks(authority: int, children: list[int], first: date, on: date) -> dict[int, list[DayMarks]]:
    """Of two schools' marks of one half day, the one that was possible."""
    asked = {"authority": authority, "first": first, "day": on, "children": children}
    found: dict[int, list[DayMarks]] = defaultdict(list)
    for child, day, am, pm in bulk.select(MARKS, asked):
        held = found[child]
        if held and held[-1].day == day:
            held[-1] = DayMarks(day, _one_of(held[-1].am, am), _one_of(held[-1].pm, pm))
        else:
            held.append(DayMarks(day, am, pm))
    return found


def _one_of(one: str, other: str) -> str:
    if not one or not other:
        return one or other
    return other if codes()[other].is_possible and not codes()[one].is_possible else one


class _SchoolDays:
    """Each calendar's days, worked out once."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self.held: dict[int, tuple[date, ...]] = {}

    def since(self, calendar: SchoolCalendar, day: date) -> tuple[date, ...]:
        if id(calendar) not in self.held:
            self.held[id(calendar)] = tuple(self._of(calendar))
        days = self.held[id(calendar)]
        return days[bisect_left(days, day) :]

    def _of(self, calendar: SchoolCalendar) -> list[date]:
        try:
            n = calendar.between(self.first, self.last)
            return [calendar.after(self.first, place) for place in range(1, n + 1)]
        except BeyondCalendar:
            return []


def settings_on(authority: Authority, day: date) -> dict[Rule, Setting]:
    return settings_of(part_on(authority, PART, day))
