"""Who has no full-time education today: nothing, tuition but no school, or a roll but below full time.

Worked out from places, provision and marks each time; nothing of it is counted up and kept.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Max

from virtual_school.authorities.models import Authority
from virtual_school.authorities.queries import school_calendars
from virtual_school.care.models import CarePeriod
from virtual_school.children import bulk
from virtual_school.children.models import Child
from virtual_school.dates.ages import birthday, compulsory_school_age_from, year_group
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.law.obligation import State
from virtual_school.schools.models import Enrolment
from virtual_school.schools.rules import (
    education_after_an_emergency_placement,
    education_for_an_unaccompanied_child,
)

from .codes import ABSENT, ATTENDED, codes
from .gather import facts_of
from .models_exclusion import Suspension
from .models_provision import EducationStep, Provision
from .providing import full_time_hours
from .whose import Whose, open_on, with_adviser

NEVER_IN_DAYS, MARKS_HELD_DAYS = 10, 14
"""On a roll but in practice without education: not in once for so many school days, by marks not older than the second."""

NEVER_IN = """
    with marked as (
        select child_id, day,
               bool_or(am_counts and am = any (%(attended)s) or pm_counts and pm = any (%(attended)s)) as was_in,
               bool_or(am_counts and am = any (%(absent)s) or pm_counts and pm = any (%(absent)s)) as was_out
        from attendance_markedday
        where authority_id = any (%(authorities)s) and child_id = any (%(children)s) and day > %(first)s and day <= %(day)s
        group by child_id, day
    ), last_in as (
        select child_id, coalesce(max(day) filter (where was_in), %(first)s) as day from marked group by child_id
    )
    select m.child_id, count(*)::int, min(m.day), max(m.day) from marked m join last_in l using (child_id)
    where m.day > l.day and m.was_out and not m.was_in
    group by m.child_id having count(*) >= %(least)s and max(m.day) >= %(held)s
"""
LOOKED_BACK = timedelta(days=120)

NOTHING, TUITION, BELOW = "nothing", "tuition", "below"
GROUPS = {
    NOTHING: "Nothing",
    TUITION: "Some tuition, no school",
    BELOW: "On a roll, below full time",
}


@dataclass(frozen=True, slots=True)
class Without:
    """One child. `days` are school days so far, None where they cannot be counted; `limit` is 20 where the guidance
    on emergency placements applies, else None."""

    child: Child
    group: str
    days: int | None
    limit: int | None
    since: date
    now: str
    hours: Decimal
    hours_due: Decimal
    way: str
    where: str
    year: int | None
    step: EducationStep | None
    provision: Provision | None = None
    is_past_its_end: bool = False
    is_review_late: bool = False

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.days is not None and self.days > self.limit

    def is_step_late(self, today: date) -> bool:
        return self.step is not None and self.step.by_on < today


@dataclass(frozen=True, slots=True)
class _Held:
    """What is held of the children asked about, by child."""

    children: Sequence[int]
    at: Mapping[int, Enrolment]
    last_left: Mapping[int, date]
    to_start: Mapping[int, Enrolment]
    provisions: Mapping[int, list[Provision]]
    excluded: Mapping[int, Suspension]
    steps: Mapping[int, EducationStep]
    never_in: Mapping[int, tuple[int, date]]
    """On a roll: how many school days running the child was not in, and since when."""

    @property
    def perhaps(self) -> list[int]:
        """All but those who are simply at school."""
        told = self.provisions.keys() | self.excluded.keys() | self.never_in.keys()
        return [child for child in self.children if child not in self.at or child in told]


def without_education(of: Whose, today: date, adviser: str = "") -> list[Without]:
    """In the three groups, in each the longest first."""
    in_care = of.rows(CarePeriod.objects.filter(open_on(today), kind="looked_after"))
    if adviser:
        in_care = with_adviser(in_care, adviser, today)
    since = dict(in_care.values_list("child_id", "starts"))
    born = Child.objects.filter(id__in=since).values_list("id", "born")
    held = _held(of, [pk for pk, day in born if _is_of_age(day, today)], today)
    if not Enrolment.objects.filter(authority__in=of.authorities).exists():
        return []
    calendars = _calendars(of.held(), held)
    found = []
    for child in Child.objects.filter(id__in=held.perhaps).select_related("authority"):
        row = _row(child, since[child.pk], held, calendars, today)
        if row is not None:
            found.append(row)
    found = _with_limits(found, today)
    order = list(GROUPS)
    return sorted(found, key=lambda row: (order.index(row.group), -(row.days or 0), row.child.surname, row.child.pk))


def _is_of_age(born: date | None, today: date) -> bool:
    return born is not None and compulsory_school_age_from(born) <= today < birthday(born, 18)


def _held(of: Whose, children: list[int], today: date) -> _Held:
    every = Enrolment.objects.filter(authority__in=of.authorities, child__in=children)
    ended = every.filter(ends__lte=today).order_by().values("child").annotate(last=Max("ends"))
    left: dict[int, date] = dict(ended.values_list("child", "last"))
    enrolments = (
        every.exclude(ends__lte=today)
        .select_related("school")
        .only("authority", "child", "kind", "provision", "starts", "ends", "year_group", "school__name")
    )
    at: dict[int, Enrolment] = {}
    to_start: dict[int, Enrolment] = {}
    for one in enrolments.order_by("starts"):
        if one.starts > today:
            to_start.setdefault(one.child_id, one)
        elif one.child_id not in at or one.kind == Enrolment.Kind.MAIN:
            at[one.child_id] = one
    provisions: dict[int, list[Provision]] = defaultdict(list)
    rows = Provision.objects.filter(open_on(today), authority__in=of.authorities, child__in=children)
    for provision in rows.order_by("starts"):
        provisions[provision.child_id].append(provision)
    excluded = {
        one.child_id: one
        for one in Suspension.objects.filter(
            authority__in=of.authorities, child__in=children, category=Suspension.Category.PERMANENT,
            starts__lte=today, cancelled_on__isnull=True, returned_on__isnull=True,
        ).exclude(governors_decision=Suspension.Decision.REINSTATED).order_by("starts")
    }  # fmt: skip
    steps = {
        step.child_id: step
        for step in EducationStep.objects.filter(
            authority__in=of.authorities, child__in=children, done_on__isnull=True
        ).select_related("owner")
    }
    return _Held(children, at, left, to_start, provisions, excluded, steps, _never_in(of, list(at), today))


def _never_in(of: Whose, children: list[int], today: date) -> dict[int, tuple[int, date]]:
    by_counts = {one: [code.code for code in codes().values() if code.counts in one] for one in (ATTENDED, ABSENT)}
    asked = {
        "authorities": list(of.authorities), "children": children, "day": today, "first": today - LOOKED_BACK,
        "attended": by_counts[ATTENDED], "absent": by_counts[ABSENT], "least": NEVER_IN_DAYS,
        "held": today - timedelta(days=MARKS_HELD_DAYS),
    }  # fmt: skip
    return {child: (days, since) for child, days, since, _ in bulk.select(NEVER_IN, asked)}


def _calendars(authorities: list[Authority], held: _Held) -> dict[tuple[int, int | None], SchoolCalendar]:
    """By authority and school: the school's own where it keeps one, else the authority's, under None."""
    found: dict[tuple[int, int | None], SchoolCalendar] = {}
    for authority in authorities:
        at = [held.at[child] for child in held.perhaps if child in held.at]
        urns = {e.school_id for e in at if e.authority_id == authority.code and e.school_id is not None}
        calendar, own = school_calendars(authority.code, authority.name, urns)
        found[authority.code, None] = calendar
        found |= {(authority.code, urn): one for urn, one in own.items()}
    return found


def _row(
    child: Child,
    in_care_since: date,
    held: _Held,
    calendars: Mapping[tuple[int, int | None], SchoolCalendar],
    today: date,
) -> Without | None:
    """None for a child in full-time education."""
    at = held.at.get(child.pk)
    excluded = held.excluded.get(child.pk)
    provisions = held.provisions.get(child.pk, [])
    taught = [one for one in provisions if one.hours > 0]
    hours = sum((one.hours for one in taught), Decimal(0))
    assert child.born is not None
    year = at.year_group if at is not None and at.year_group is not None else year_group(child.born, today)
    due = max((one.hours_due for one in provisions), default=full_time_hours(year))
    main = max(taught, key=lambda one: one.hours, default=None)
    calendar = calendars[child.authority_id, None]
    out = held.never_in.get(child.pk) if excluded is None else None
    if at is not None and excluded is None:
        if out is not None and main is None:
            group, since, counted_from = BELOW, out[1], out[1] - timedelta(days=1)
        elif main is None or hours >= due:
            return None
        else:
            group, since, counted_from, out = BELOW, main.starts, main.starts - timedelta(days=1), None
        calendar = calendars.get((child.authority_id, at.school_id), calendar)
    elif excluded is not None and (at is not None or excluded.starts >= held.last_left.get(child.pk, date.min)):
        if hours >= due:
            return None
        group, since, counted_from = (TUITION if taught else NOTHING), excluded.starts, excluded.starts
    else:
        out = None
        since = max(held.last_left.get(child.pk, in_care_since), in_care_since)
        group, counted_from = (TUITION if taught else NOTHING), since
    try:
        days: int | None = out[0] if out else calendar.between(counted_from, today)
    except BeyondCalendar:
        days = None
    step = held.steps.get(child.pk)
    past = main is not None and main.end_planned is not None and main.end_planned < today
    return Without(
        child=child,
        group=group,
        days=days,
        limit=None,
        since=since,
        now=f"On roll, not in for {out[0]} days"
        if out
        else _now(group, main, held.to_start.get(child.pk), excluded, today),
        hours=hours,
        hours_due=due,
        way=_way(step, main if group == BELOW else None, excluded, today),
        where=_where(at, child),
        year=year,
        step=step,
        provision=main,
        is_past_its_end=past,
        is_review_late=main is not None and main.review_on is not None and main.review_on < today,
    )


def _day(day: date, today: date) -> str:
    return f"{day.day} {day:%B}" if day.year == today.year else f"{day.day} {day:%B} {day.year}"


def _now(
    group: str, main: Provision | None, to_start: Enrolment | None, excluded: Suspension | None, today: date
) -> str:
    if group == NOTHING:
        if to_start is not None:
            return f"Starts {_day(to_start.starts, today)}"
        return "Nothing, permanently excluded" if excluded is not None else "Nothing"
    return main.get_kind_display() if main is not None else ""


def _way(step: EducationStep | None, below: Provision | None, excluded: Suspension | None, today: date) -> str:
    """What is in the way, in plain words."""
    if step is not None:
        return step.blocker_words or step.get_blocker_display()
    if below is not None and below.end_planned is not None:
        if below.end_planned < today:
            return f"Past its end date, {_day(below.end_planned, today)}"
        return f"Ends {_day(below.end_planned, today)}"
    if below is not None and below.reason:
        return below.reason
    if excluded is not None:
        return f"Permanently excluded on {_day(excluded.starts, today)}"
    return "Not recorded"


def _where(at: Enrolment | None, child: Child) -> str:
    if at is not None:
        return at.school.name if at.school else at.provision
    return child.authority.name


def _with_limits(rows: list[Without], today: date) -> list[Without]:
    """Those whose 20 school days run, counted from the move and by the guidance's own rule (SCH-04, UAS-02)."""
    by_authority: dict[Authority, list[int]] = defaultdict(list)
    for row in rows:
        if row.group != BELOW:
            by_authority[row.child.authority].append(row.child.pk)
    running: dict[int, tuple[int, int]] = {}
    for authority, ids in by_authority.items():
        for pk, facts in facts_of(authority, today, ids).items():
            for rule in (education_after_an_emergency_placement, education_for_an_unaccompanied_child):
                for owed in rule(facts, today):
                    if owed.clock is None or owed.state in {State.MET, State.MET_LATE, State.NOT_KNOWN}:
                        continue
                    gone = facts.school_calendar.between(owed.clock.starts_on, today)
                    running[pk] = (gone, owed.clock.limit)
    return [
        replace(row, days=running[row.child.pk][0], limit=running[row.child.pk][1]) if row.child.pk in running else row
        for row in rows
    ]


def in_the_way(rows: list[Without]) -> list[tuple[str, int]]:
    """How many children each thing holds back, the most first."""
    found: Counter[str] = Counter()
    for row in rows:
        if row.step is not None:
            found[row.step.get_blocker_display()] += 1
        elif row.provision is not None and row.provision.kind == Provision.Kind.REDUCED:
            found["Reduced timetable"] += 1
        else:
            found["Not recorded"] += 1
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
