"""What Today tells the head of the virtual school: five figures, the law, the weeks, the advisers, the changes."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q
from django.utils.http import urlencode

from virtual_school.access.models import Role
from virtual_school.attendance.suspension_list import DAYS_OF_NOTICES, suspended
from virtual_school.children.models import Involvement
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.design.addresses import address
from virtual_school.design.components import Cell, Column, DutyRow, Figure, Table
from virtual_school.design.pictures.bars import WeekRow, bars
from virtual_school.design.pictures.svg import Picture
from virtual_school.duties.models import RollEntry
from virtual_school.duties.queries import pressing

from . import words
from .asks import WEIGHT, Days, duty_of, open_on, people_around, row_of, strength_of, with_children
from .scope import Scope

SHOWN_OF_A_DUTY = 2
SHOWN_DUTIES = 8
WEEKS_BACK, WEEKS_AHEAD = 3, 3
BAR_KEPT = ("open", "met", "met_late")
"""The kept states that stand as one of those a bar shows."""


@dataclass(frozen=True, slots=True)
class DutyBox:
    title: str
    strength: str
    citation: str
    rows: list[DutyRow]
    more: str = ""
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty in one line, with the list of its children behind it."""

    title: str
    strength: str
    asked: str
    oldest: str
    state: str
    url: str


class Asked(NamedTuple):
    """One obligation that is overdue or due soon, as far as counting needs it. A tuple: there are thousands."""

    pk: int
    child: int | None
    duty: str
    is_local: bool
    due_on: date
    is_late: bool


def asked_now(scope: Scope, today: date) -> list[Asked]:
    """Everything overdue or due soon, the oldest first: fetched once, counted many ways."""
    rows = pressing(scope.obligations(today), today).order_by("due_on", "id")
    told = rows.values_list("id", "child_id", "duty", "is_local", "due_on")
    return [Asked(*row, is_late=row[-1] < today) for row in told]


def due_url(**query: str) -> str:
    return f"{address('caseload:due')}?{urlencode(query)}"


def children_url(**query: str) -> str:
    return f"{address('caseload:children')}?{urlencode(query)}" if query else address("caseload:children")


class Roll(NamedTuple):
    """Which children are looked after, and how many have no school place."""

    looked_after: frozenset[int]
    without: int


def roll_now(scope: Scope) -> Roll:
    found = RollEntry.objects.filter(authority__in=scope.authorities).aggregate(
        looked_after=ArrayAgg("child_id", filter=Q(cohort="looked_after")),
        without=Count("id", filter=Q(without_school_since__isnull=False)),
    )
    return Roll(frozenset(found["looked_after"] or ()), found["without"])


def figures(
    scope: Scope, today: date, calendar: SchoolCalendar, asked: list[Asked], roll: Roll, came: int, left: int,
    since: str,
) -> list[Figure]:  # fmt: skip
    longest = (
        RollEntry.objects.filter(authority__in=scope.authorities)
        .filter(without_school_since__isnull=False)
        .select_related("child")
        .order_by("without_school_since", "child__surname")
        .first()
    )
    late_by_law = [one for one in asked if one.is_late and strength_of(one.duty, one.is_local) == "must"]
    return [
        Figure(
            f"{len(roll.looked_after):,}", "on the roll", f"{came} came into care, {left} left {since}", children_url()
        ),
        _plans(scope, today, calendar, asked),
        Figure(
            f"{roll.without:,}",
            "without a school place",
            _longest(longest, today, calendar),
            children_url(place="none"),
            alert=roll.without > 0,
        ),
        Figure(
            f"{len(late_by_law):,}",
            "overdue by law",
            _law(late_by_law, today),
            due_url(strength="must", state="overdue"),
            alert=bool(late_by_law),
        ),
        _out_of_school(scope, today),
    ]


def _plans(scope: Scope, today: date, calendar: SchoolCalendar, asked: list[Asked]) -> Figure:
    """Late termly reviews of the plan in this term, and how many are done."""
    rows = scope.obligations(today).filter(duty="PEP-08")
    late = sum(one.is_late for one in asked if one.duty == "PEP-08")
    try:
        term = calendar.term_or_next(today).key
    except BeyondCalendar:
        term = ""
    of_term = rows.filter(occasion=term).aggregate(
        every=Count("id", filter=~Q(state="not_applicable")),
        done=Count("id", filter=Q(state__in=["met", "met_late"])),
        unknown=Count("id", filter=Q(state="not_known")),
    )
    to_come = of_term["every"] - of_term["done"] - of_term["unknown"]
    told = f"{of_term['done']:,} of {of_term['every']:,} reviewed this term; {to_come:,} still to come"
    if of_term["every"] and of_term["unknown"] == of_term["every"]:
        told = f"No plan dates are held for {of_term['every']:,} plans due this term"
    elif not of_term["every"]:
        told = "No plan is due this term"
    return Figure(
        f"{late:,}",
        "termly reviews late",
        told,
        due_url(duty="PEP-08", state="overdue", group="school"),
        alert=late > 0,
    )


def _longest(entry: RollEntry | None, today: date, calendar: SchoolCalendar) -> str:
    if entry is None or entry.without_school_since is None:
        return "Nobody of school age is without one"
    try:
        days = words.plural(calendar.between(entry.without_school_since, today), "school day")
    except BeyondCalendar:
        days = words.plural((today - entry.without_school_since).days, "day")
    return f"Longest: {days} ({entry.child.name})"


def _law(late: list[Asked], today: date) -> str:
    if not late:
        return "Nothing the law asks is late"
    children = words.plural(len({one.child for one in late if one.child}), "child", "children")
    return f"For {children}; the oldest since {words.date_words(late[0].due_on, today)}"


def _out_of_school(scope: Scope, today: date) -> Figure:
    n, lately = suspended(scope.authorities, today)
    told = f"{words.plural(lately, 'notice')} in the last {DAYS_OF_NOTICES} days"
    return Figure(
        f"{n:,}", "suspended or excluded", told, f"{address('attendance:suspensions')}?year=all&state=out", alert=n > 0
    )


def duty_boxes(scope: Scope, today: date, days: Days, asked: list[Asked]) -> tuple[list[DutyBox], list[DutyLine], str]:
    """What is overdue or due soon, by duty: the gravest with children, the others in a line each; and what the page
    says of it in a sentence."""
    by_duty: dict[tuple[str, bool], list[Asked]] = defaultdict(list)
    for one in asked:
        by_duty[one.duty, one.is_local].append(one)
    order = sorted(
        by_duty.items(),
        key=lambda pair: (
            not any(one.is_late for one in pair[1]), WEIGHT[strength_of(*pair[0])], pair[1][0].due_on, pair[0][0],
        ),
    )  # fmt: skip
    first = order[:SHOWN_DUTIES]
    shown_ids = [one.pk for _, ones in first for one in ones[: SHOWN_OF_A_DUTY + 1]]
    shown = {row.pk: row for row in with_children(scope.obligations(today).filter(id__in=shown_ids))}
    names = people_around(scope.authorities, [row.child_id for row in shown.values() if row.child_id], today)
    boxes = []
    for (duty, is_local), ones in first:
        rows = [row_of(shown[one.pk], names, days) for one in ones[: SHOWN_OF_A_DUTY + 1] if one.pk in shown]
        counted = {"duty": duty, "is_local": is_local, "n": len(ones), "late": sum(one.is_late for one in ones)}
        boxes.append(_box(counted, rows))
    lines = [_line(duty, is_local, ones, today) for (duty, is_local), ones in order[SHOWN_DUTIES:]]
    late = sum(one.is_late for one in asked)
    children = len({one.child for one in asked if one.child})
    told = (
        f"Overdue first: {late:,} overdue and {len(asked) - late:,} due soon, "
        f"{words.plural(len(order), 'duty', 'duties')}, {words.plural(children, 'child', 'children')}."
    )
    return boxes, lines, told


def _line(duty: str, is_local: bool, ones: list[Asked], today: date) -> DutyLine:
    late = sum(one.is_late for one in ones)
    counted = [f"{late:,} overdue"] if late else []
    if soon := len(ones) - late:
        counted.append(f"{soon:,} due soon")
    oldest = f"{'The oldest' if late else 'The first'} {words.date_words(ones[0].due_on, today)}"
    return DutyLine(
        duty_of(duty).title,
        strength_of(duty, is_local),
        ", ".join(counted),
        oldest,
        "overdue" if late else "due_soon",
        due_url(duty=duty, group="none"),
    )


def _box(one: dict, rows: list[DutyRow]) -> DutyBox:
    duty = duty_of(one["duty"])
    strength = strength_of(one["duty"], one["is_local"])
    hidden = one["n"] - len(rows)
    if hidden > 0:
        rows = rows[:SHOWN_OF_A_DUTY]
        hidden = one["n"] - len(rows)
    more = ""
    if hidden:
        late = max(one["late"] - sum(row.state == "overdue" for row in rows), 0)
        more = f"{hidden:,} more" + (
            f", {late:,} of them overdue" if late and late < hidden else ", all overdue" if late else ""
        )
    citation = f"Council’s choice; {duty.citation}" if strength == "local" else duty.citation
    return DutyBox(duty.title, strength, citation, rows, more, due_url(duty=one["duty"], group="none"))


def due_by_week(scope: Scope, today: date) -> tuple[Picture, str] | None:
    """The picture and its finding; None when nothing falls due in these weeks."""
    monday = today - timedelta(days=today.weekday())
    first, last = monday - timedelta(weeks=WEEKS_BACK), monday + timedelta(weeks=WEEKS_AHEAD, days=6)
    found: dict[date, dict[str, int]] = defaultdict(dict)
    rows = scope.obligations(today).filter(state__in=BAR_KEPT, due_on__gte=first, due_on__lte=last).order_by()
    for due_on, state, n in rows.values_list("due_on", "standing").annotate(n=Count("id")):
        counted = found[due_on - timedelta(days=due_on.weekday())]
        counted[state] = counted.get(state, 0) + n
    if not found:
        return None
    weeks = [monday + timedelta(weeks=n) for n in range(-WEEKS_BACK, WEEKS_AHEAD + 1)]
    rows = [
        WeekRow(
            "This week" if week == monday else f"{week.day} {week:%b}",
            week == monday,
            full_label=words.in_full(week),
            **found[week],
        )
        for week in weeks
    ]
    finding = _finding(rows[WEEKS_BACK - 1], rows[WEEKS_BACK], rows[WEEKS_BACK + 1])
    return bars(rows, prefix="week", what="duties", point=f"{finding}."), finding


def _finding(last: WeekRow, this: WeekRow, following: WeekRow) -> str:
    ahead = f"{following.total:,} fall due next week" if following.total else "nothing falls due next week"
    if last.overdue:
        return f"{last.overdue:,} of last week’s {last.total:,} are overdue, and {ahead}"
    if this.total:
        return f"{this.total:,} fall due this week, and {ahead}"
    return words.capital(ahead)


def _load(counted: dict[int, tuple[int, int]], children: set[int]) -> tuple[int, int]:
    """How many of these children's obligations are overdue, and due soon."""
    found = [counted[child] for child in children if child in counted]
    return sum(late for late, _ in found), sum(soon for _, soon in found)


def _load_row(name: str, adviser: str, children: int, late: int, soon: int) -> list:
    return [
        Cell(name, children_url(adviser=adviser)),
        children,
        Cell(late, due_url(adviser=adviser, state="overdue")),
        Cell(soon, due_url(adviser=adviser, state="due_soon")),
    ]


def by_adviser(scope: Scope, today: date, asked: list[Asked], of_roll: Roll) -> tuple[Table | None, str]:
    """Children on the roll, and what is late and due soon, by adviser. None before anybody is on the roll."""
    roll = of_roll.looked_after
    around = Involvement.objects.filter(open_on(today), authority__in=scope.authorities, role=Role.ADVISER)
    by_person = around.order_by("person__name", "person").values_list("person", "person__name")
    names: dict[int, str] = {}
    children: dict[int, set[int]] = {}
    for person, name, held in by_person.annotate(held=ArrayAgg("child_id")):
        names[person] = name
        children[person] = set(held)
    if not roll and not names:
        return None, ""
    about_children = [one for one in asked if one.child]
    with_adviser = set().union(*children.values())
    late_of, soon_of = (
        Counter(one.child for one in about_children if one.is_late is is_late) for is_late in (True, False)
    )
    counted = {child: (late_of[child], soon_of[child]) for child in {*late_of, *soon_of}}
    groups = {person: _load(counted, children[person]) for person in names}
    table = [_load_row(name, str(pk), len(children[pk] & roll), *groups[pk]) for pk, name in names.items()]
    alone = len(roll - with_adviser)
    late, soon = _load(counted, set(counted) - with_adviser)
    if alone or late or soon:
        table.append(_load_row("Nobody", "none", alone, late, soon))
    every_late = sum(one.is_late for one in about_children)
    every = (len(roll), every_late, len(about_children) - every_late)
    table.append([Cell(value, strong=True) for value in ("All", *every)])
    note = ""
    if names and every_late:
        pk = max(names, key=lambda person: groups[person][0])
        most = groups[pk][0]
        note = f"{names[pk]}’s children have {most:,} of the {every_late:,} overdue duties." if most else ""
    if sum(len(held & roll) for held in children.values()) + alone > len(roll):
        note += " A child with two advisers is counted with both."
    columns = ["Adviser", *(Column(name, number=True) for name in ("Children", "Overdue", "Due soon"))]
    return Table("Load by adviser", columns, table, tight=True), note.strip()
