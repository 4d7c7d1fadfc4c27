"""What Today tells the head of the virtual school: five figures, the law, the weeks, the advisers, the changes."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Min, Q, Window
from django.db.models.functions import RowNumber, TruncWeek
from django.urls import reverse
from django.utils.http import urlencode

from virtual_school.access.models import Role
from virtual_school.children.models import Involvement
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.design.components import Cell, Column, Figure, Table
from virtual_school.design.pictures.bars import STATES as BAR_STATES
from virtual_school.design.pictures.bars import WeekRow, bars
from virtual_school.design.pictures.svg import Picture
from virtual_school.duties.models import RollEntry
from virtual_school.duties.queries import due_soon, overdue

from . import words
from .asks import WEIGHT, Days, Row, duty_of, open_on, people_around, row_of, strength_of, with_children
from .due_filters import of_strength
from .scope import Scope

SHOWN_OF_A_DUTY = 2
WEEKS_BACK, WEEKS_AHEAD = 3, 3


@dataclass(frozen=True, slots=True)
class DutyBox:
    title: str
    strength: str
    citation: str
    rows: list[Row]
    more: str = ""
    more_url: str = ""


def due_url(**query: str) -> str:
    return f"{reverse('caseload:due')}?{urlencode(query)}"


def children_url(**query: str) -> str:
    return f"{reverse('caseload:children')}?{urlencode(query)}" if query else reverse("caseload:children")


def figures(scope: Scope, today: date, calendar: SchoolCalendar, came: int, left: int, since: str) -> list[Figure]:
    roll = RollEntry.objects.filter(authority__in=scope.authorities)
    counts = roll.aggregate(
        looked_after=Count("id", filter=Q(cohort="looked_after")),
        without=Count("id", filter=Q(without_school_since__isnull=False)),
    )
    longest = (
        roll.filter(without_school_since__isnull=False)
        .select_related("child")
        .order_by("without_school_since", "child__surname")
        .first()
    )
    rows = scope.obligations(today)
    by_law = overdue(rows.filter(of_strength("must")), today)
    law = by_law.aggregate(n=Count("id"), children=Count("child", distinct=True), first=Min("due_on"))
    return [
        Figure(
            f"{counts['looked_after']:,}", "on the roll", f"{came} came into care, {left} left {since}", children_url()
        ),
        _plans(scope, today, calendar),
        Figure(
            f"{counts['without']:,}",
            "without a school place",
            _longest(longest, today, calendar),
            children_url(place="none"),
            alert=counts["without"] > 0,
        ),
        Figure(
            f"{law['n']:,}",
            "overdue by law",
            _law(law, today),
            due_url(strength="must", state="overdue"),
            alert=law["n"] > 0,
        ),
        _first_reviews(scope, today),
    ]


def _plans(scope: Scope, today: date, calendar: SchoolCalendar) -> Figure:
    """Late reviews of the plan in this term, and how many are done."""
    rows = scope.obligations(today).filter(duty="PEP-08")
    late = overdue(rows, today).count()
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
    told = f"{of_term['done']:,} of {of_term['every']:,} done this term; {to_come:,} still to come"
    if of_term["every"] and of_term["unknown"] == of_term["every"]:
        told = f"No plan dates are held for {of_term['every']:,} plans due this term"
    elif not of_term["every"]:
        told = "No plan is due this term"
    return Figure(
        f"{late:,}", "plans late", told, due_url(duty="PEP-08", state="overdue", group="school"), alert=late > 0
    )


def _longest(entry: RollEntry | None, today: date, calendar: SchoolCalendar) -> str:
    if entry is None or entry.without_school_since is None:
        return "Nobody of school age is without one"
    try:
        days = words.plural(calendar.between(entry.without_school_since, today), "school day")
    except BeyondCalendar:
        days = words.plural((today - entry.without_school_since).days, "day")
    return f"Longest: {days} ({entry.child.name})"


def _law(law: dict[str, object], today: date) -> str:
    if not law["n"]:
        return "Nothing the law asks is late"
    on = law["first"]
    assert isinstance(on, date)
    children = words.plural(int(str(law["children"])), "child", "children")
    return f"For {children}; the oldest since {words.date_words(on, today)}"


def _first_reviews(scope: Scope, today: date) -> Figure:
    rows = scope.obligations(today).filter(duty="REV-03")
    soon = due_soon(rows, today).count()
    late = overdue(rows, today).count()
    told = f"{words.plural(late, 'first review')} overdue" if late else "None is overdue"
    return Figure(f"{soon:,}", "first reviews due soon", told, due_url(duty="REV-03", state="due_soon"), alert=late > 0)


def duty_boxes(scope: Scope, today: date, days: Days) -> tuple[list[DutyBox], str]:
    """What is overdue or due soon, by duty; and what the page says of it in a sentence."""
    rows = scope.obligations(today).filter(state="open", standing__in=["overdue", "due_soon"])
    counted = list(
        rows.order_by()
        .values("duty", "is_local")
        .annotate(
            n=Count("id"),
            late=Count("id", filter=Q(standing="overdue")),
            first=Min("due_on"),
        )
    )
    counted.sort(
        key=lambda one: (not one["late"], WEIGHT[strength_of(one["duty"], one["is_local"])], one["first"], one["duty"])
    )
    ranked = rows.annotate(
        place=Window(RowNumber(), partition_by=["duty", "is_local"], order_by=[F("due_on").asc(), F("id").asc()])
    ).filter(place__lte=SHOWN_OF_A_DUTY + 1)
    shown = list(with_children(ranked).order_by("due_on", "id"))
    names = people_around(scope.authorities, [row.child_id for row in shown if row.child_id], today)
    by_duty: dict[tuple[str, bool], list[Row]] = defaultdict(list)
    for row in shown:
        by_duty[row.duty, row.is_local].append(row_of(row, names, days))
    boxes = [_box(one, by_duty[one["duty"], one["is_local"]]) for one in counted]
    children = rows.aggregate(n=Count("child", distinct=True))["n"]
    late = sum(one["late"] for one in counted)
    told = (
        f"Overdue first: {late:,} overdue and {sum(one['n'] for one in counted) - late:,} due soon, "
        f"{words.plural(len(boxes), 'duty', 'duties')}, {words.plural(children, 'child', 'children')}."
    )
    return boxes, told


def _box(one: dict, rows: list[Row]) -> DutyBox:
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
    for week, state, n in (
        scope.obligations(today)
        .filter(due_on__gte=first, due_on__lte=last, standing__in=list(BAR_STATES))
        .order_by()
        .annotate(week=TruncWeek("due_on"))
        .values("week", "standing")
        .annotate(n=Count("id"))
        .values_list("week", "standing", "n")
    ):
        found[week][state] = n
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


def by_adviser(scope: Scope, today: date) -> tuple[Table | None, str]:
    """Children on the roll, and what is late and due soon, by adviser. None before anybody is on the roll."""
    looked_after = Q(child__on_roll__cohort="looked_after")
    around = Involvement.objects.filter(open_on(today), authority__in=scope.authorities, role=Role.ADVISER)
    children = {
        (pk, name): n
        for pk, name, n in around.order_by("person__name")
        .values("person", "person__name")
        .annotate(n=Count("child", filter=looked_after, distinct=True))
        .values_list("person", "person__name", "n")
    }
    rows = scope.obligations(today).filter(state="open", soon_from__lte=today, child__isnull=False)
    asked = {
        pk: (late, soon)
        for pk, late, soon in rows.filter(
            open_on(today, "child__involvements__"), child__involvements__role=Role.ADVISER
        )
        .order_by()
        .values("child__involvements__person")
        .annotate(
            late=Count("id", filter=Q(standing="overdue"), distinct=True),
            soon=Count("id", filter=Q(standing="due_soon"), distinct=True),
        )
        .values_list("child__involvements__person", "late", "soon")
    }
    every = rows.aggregate(
        late=Count("id", filter=Q(standing="overdue")), soon=Count("id", filter=Q(standing="due_soon"))
    )
    roll = RollEntry.objects.filter(authority__in=scope.authorities, cohort="looked_after")
    total = roll.count()
    alone = roll.exclude(child__in=around.values("child")).count()
    if not total and not children:
        return None, ""
    table = [
        [
            Cell(name, children_url(adviser=str(pk))),
            n,
            Cell(asked.get(pk, (0, 0))[0], due_url(adviser=str(pk), state="overdue")),
            Cell(asked.get(pk, (0, 0))[1], due_url(adviser=str(pk), state="due_soon")),
        ]
        for (pk, name), n in children.items()
    ]
    left = rows.exclude(child__in=around.values("child")).aggregate(
        late=Count("id", filter=Q(standing="overdue")), soon=Count("id", filter=Q(standing="due_soon"))
    )
    if alone or left["late"] or left["soon"]:
        table.append(
            [
                Cell("Nobody", children_url(adviser="none")),
                alone,
                Cell(left["late"], due_url(adviser="none", state="overdue")),
                Cell(left["soon"], due_url(adviser="none", state="due_soon")),
            ]
        )
    table.append([Cell(value, strong=True) for value in ("All", total, every["late"], every["soon"])])
    note = ""
    if children and every["late"]:
        (pk, name), _ = max(children.items(), key=lambda one: asked.get(one[0][0], (0, 0))[0])
        most = asked.get(pk, (0, 0))[0]
        note = f"{name}’s children have {most:,} of the {every['late']:,} overdue duties." if most else ""
    if sum(children.values()) + alone > total:
        note += " A child with two advisers is counted with both."
    columns = ["Adviser", *(Column(name, number=True) for name in ("Children", "Overdue", "Due soon"))]
    return Table("Load by adviser", columns, table, tight=True), note.strip()
