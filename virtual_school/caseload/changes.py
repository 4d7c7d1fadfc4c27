"""What changed lately: who came into care, who moved, who left."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse

from virtual_school.care.history import END_WORDS, PLACEMENT_WORDS, TEMPORARY
from virtual_school.care.models import CarePeriod, Placement
from virtual_school.children.models import Child
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
    """With how many came into care and left since yesterday."""
    first = today - timedelta(days=WINDOWS[-1][0])
    came = _came(scope, first, today)
    left = _left(scope, first, today)
    moved = _moved(scope, first, today)
    since_yesterday = today - timedelta(days=1)
    days, since = next(
        ((n, said) for n, said in WINDOWS if any(on >= today - timedelta(days=n) for on, _ in (*came, *left, *moved))),
        WINDOWS[0],
    )
    start = today - timedelta(days=days)
    return (
        Changes(
            since,
            _paragraph("Came into care", came, start),
            _paragraph("Moved", moved, start),
            _paragraph("Left care", left, start),
        ),
        sum(on >= since_yesterday for on, _ in came),
        sum(on >= since_yesterday for on, _ in left),
    )


@dataclass(frozen=True, slots=True)
class Change:
    child: Child
    rest: str


def _paragraph(heading: str, found: list[tuple[date, Change]], start: date) -> Paragraph:
    told = [one for on, one in found if on >= start]
    named = [
        Told(one.child.name, reverse("caseload:child", args=[one.child.public_id]), one.rest) for one in told[:NAMED]
    ]
    return Paragraph(f"{heading}: {len(told)}", named, max(len(told) - NAMED, 0))


def _came(scope: Scope, first: date, today: date) -> list[tuple[date, Change]]:
    rows = (
        CarePeriod.objects.filter(
            authority__in=scope.authorities, kind="looked_after", starts__gte=first, starts__lte=today
        )
        .select_related("child__on_roll")
        .order_by("-starts", "child__surname")
    )
    found = []
    for row in rows:
        entry = getattr(row.child, "on_roll", None)
        parts = [words.year_words(entry.year_group)] if entry and entry.year_group is not None else []
        if entry and entry.school_name:
            parts.append(entry.school_name)
        elif entry and entry.without_school_since:
            parts.append("no school place")
        found.append((row.starts, Change(row.child, f", {', '.join(parts)}" if parts else "")))
    return found


def _left(scope: Scope, first: date, today: date) -> list[tuple[date, Change]]:
    rows = (
        CarePeriod.objects.filter(
            authority__in=scope.authorities, kind="looked_after", ends__gte=first, ends__lte=today
        )
        .select_related("child")
        .order_by("-ends", "child__surname")
    )
    return [
        (row.ends, Change(row.child, f": {END_WORDS[row.end_reason].lower()}" if row.end_reason in END_WORDS else ""))
        for row in rows
    ]


def _moved(scope: Scope, first: date, today: date) -> list[tuple[date, Change]]:
    """Homes and schools, but for those a child came to with coming into care; the latest move of a child."""
    began = CarePeriod.objects.filter(
        authority=OuterRef("authority"), child=OuterRef("child"), starts=OuterRef("starts")
    )
    homes = (
        Placement.objects.filter(~Exists(began), authority__in=scope.authorities, starts__gte=first, starts__lte=today)
        .exclude(place__in=TEMPORARY)
        .select_related("child")
    )
    schools = (
        Enrolment.objects.filter(authority__in=scope.authorities, starts__gte=first, starts__lte=today, kind="main")
        .filter(
            Exists(
                Enrolment.objects.filter(
                    authority=OuterRef("authority"), child=OuterRef("child"), starts__lt=OuterRef("starts")
                )
            )
        )
        .select_related("child", "school")
    )
    found = {}
    for row in homes:
        home = PLACEMENT_WORDS.get(row.place, "a new home")
        found[row.child_id] = (row.starts, Change(row.child, f" to {home[:1].lower()}{home[1:]}"))
    for row in schools:
        school = row.school.name if row.school else row.provision
        if row.child_id not in found or found[row.child_id][0] <= row.starts:
            found[row.child_id] = (row.starts, Change(row.child, f" started at {school}"))
    return sorted(found.values(), key=lambda one: (-one[0].toordinal(), one[1].child.name))
