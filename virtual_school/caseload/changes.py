"""What changed lately: who came into care, who moved, who left."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from virtual_school.care.history import END_WORDS, PLACEMENT_WORDS, TEMPORARY
from virtual_school.care.models import CarePeriod, Placement
from virtual_school.children.models import Child
from virtual_school.design.addresses import address_of
from virtual_school.schools.models import Enrolment

from . import words
from .scope import Scope

WINDOWS = ((1, "since yesterday"), (7, "in the last seven days"), (28, "in the last four weeks"))
NAMED = 6


@dataclass(frozen=True, slots=True)
class Told:
    """One child in a paragraph: the name is a link, `rest` follows it."""

    name: str
    url: str
    rest: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    heading: str
    told: list[Told]
    more: int


@dataclass(frozen=True, slots=True)
class Changes:
    """`since` says in words over which days; the shortest in which anything changed."""

    since: str
    came: Paragraph
    moved: Paragraph
    left: Paragraph


def changes(scope: Scope, today: date) -> tuple[Changes, int, int]:
    """With how many came into care and left since yesterday. Four weeks are looked at by day and child alone; who
    they are is asked of the few that are named."""
    first = today - timedelta(days=WINDOWS[-1][0])
    came = list(_came(scope, first, today).values_list("starts", "pk", "child_id"))
    left = list(_left(scope, first, today).values_list("ends", "pk", "child_id"))
    moved = _moves(scope, first, today)
    since_yesterday = today - timedelta(days=1)
    days, since = next(
        (
            (n, said)
            for n, said in WINDOWS
            if any(row[0] >= today - timedelta(days=n) for row in (*came, *left, *moved))
        ),
        WINDOWS[0],
    )
    start = today - timedelta(days=days)
    return (
        Changes(
            since,
            _paragraph("Came into care", came, start, _those_who_came),
            _paragraph("Moved", moved, start, _those_who_moved),
            _paragraph("Left care", left, start, _those_who_left),
        ),
        sum(on >= since_yesterday for on, *_ in came),
        sum(on >= since_yesterday for on, *_ in left),
    )


Found = tuple[date, Any, int]
"""The day, which record tells it, and the child."""


def _paragraph(
    heading: str, found: list[Found], start: date, who: Callable[[list[Any]], dict[int, tuple[Child, str]]]
) -> Paragraph:
    told = [one for one in found if one[0] >= start]
    known = who([record for _, record, _ in told[:NAMED]])
    named = [
        Told(child.name, address_of("caseload:child", child.public_id), rest)
        for child, rest in (known[child_id] for _, _, child_id in told[:NAMED])
    ]
    return Paragraph(f"{heading}: {len(told)}", named, max(len(told) - NAMED, 0))


def _came(scope: Scope, first: date, today: date) -> QuerySet[CarePeriod]:
    return CarePeriod.objects.filter(
        authority__in=scope.authorities, kind="looked_after", starts__gte=first, starts__lte=today
    ).order_by("-starts", "child__surname")


def _those_who_came(periods: list[int]) -> dict[int, tuple[Child, str]]:
    found = {}
    for row in CarePeriod.objects.filter(pk__in=periods).select_related("child__on_roll"):
        entry = getattr(row.child, "on_roll", None)
        parts = [words.year_words(entry.year_group)] if entry and entry.year_group is not None else []
        if entry and entry.school_name:
            parts.append(entry.school_name)
        elif entry and entry.without_school_since:
            parts.append("no school place")
        found[row.child_id] = (row.child, f", {', '.join(parts)}" if parts else "")
    return found


def _left(scope: Scope, first: date, today: date) -> QuerySet[CarePeriod]:
    return CarePeriod.objects.filter(
        authority__in=scope.authorities, kind="looked_after", ends__gte=first, ends__lte=today
    ).order_by("-ends", "child__surname")


def _those_who_left(periods: list[int]) -> dict[int, tuple[Child, str]]:
    return {
        row.child_id: (row.child, f": {END_WORDS[row.end_reason].lower()}" if row.end_reason in END_WORDS else "")
        for row in CarePeriod.objects.filter(pk__in=periods).select_related("child")
    }


def _moves(scope: Scope, first: date, today: date) -> list[Found]:
    """Homes and schools, but for those a child came to with coming into care; the latest move of a child. A record
    is a kind and its id."""
    began = CarePeriod.objects.filter(
        authority=OuterRef("authority"), child=OuterRef("child"), starts=OuterRef("starts")
    )
    homes = Placement.objects.filter(
        ~Exists(began), authority__in=scope.authorities, starts__gte=first, starts__lte=today
    ).exclude(place__in=TEMPORARY)
    before = Enrolment.objects.filter(
        authority=OuterRef("authority"), child=OuterRef("child"), starts__lt=OuterRef("starts")
    )
    schools = Enrolment.objects.filter(
        Exists(before), authority__in=scope.authorities, starts__gte=first, starts__lte=today, kind="main"
    )
    named = ("starts", "pk", "child_id", "child__forename", "child__surname")
    latest: dict[int, tuple[str, Found]] = {}
    for kind, rows in (("home", homes), ("school", schools)):
        for on, pk, child, forename, surname in rows.order_by("starts").values_list(*named):
            if child not in latest or latest[child][1][0] <= on:
                latest[child] = (f"{forename} {surname}", (on, (kind, pk), child))
    in_order = sorted(latest.values(), key=lambda one: (-one[1][0].toordinal(), one[0]))
    return [found for _, found in in_order]


def _those_who_moved(moves: list[tuple[str, int]]) -> dict[int, tuple[Child, str]]:
    homes = Placement.objects.filter(pk__in=[pk for kind, pk in moves if kind == "home"]).select_related("child")
    schools = Enrolment.objects.filter(pk__in=[pk for kind, pk in moves if kind == "school"])
    found = {}
    for row in homes:
        home = PLACEMENT_WORDS.get(row.place, "a new home")
        found[row.child_id] = (row.child, f" to {home[:1].lower()}{home[1:]}")
    for enrolment in schools.select_related("child", "school"):
        school = enrolment.school.name if enrolment.school else enrolment.provision
        found[enrolment.child_id] = (enrolment.child, f" started at {school}")
    return found
