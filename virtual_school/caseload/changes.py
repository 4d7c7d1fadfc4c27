"""What changed lately: who came into care, who moved, who left."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from virtual_school.care.history import END_WORDS, PLACEMENT_WORDS, TEMPORARY
from virtual_school.care.models import CarePeriod, Placement
from virtual_school.children.models import Child
from virtual_school.design.addresses import address_of
from virtual_school.duties.models import RollEntry
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


class Found(NamedTuple):
    """What changed for a child, on which day; `rest` follows the name."""

    on: date
    child: int
    rest: str


def changes(scope: Scope, today: date) -> tuple[Changes, int, int]:
    """With how many came into care and left since yesterday. Four weeks are looked at by day and child alone; who
    they are is asked of the few that are named."""
    first = today - timedelta(days=WINDOWS[-1][0])
    came = [Found(on, child, "") for on, child in _came(scope, first, today).values_list("starts", "child_id")]
    left = [
        Found(on, child, f": {END_WORDS[why].lower()}" if why in END_WORDS else "")
        for on, child, why in _left(scope, first, today).values_list("ends", "child_id", "end_reason")
    ]
    moved = _moves(scope, first, today)
    since_yesterday = today - timedelta(days=1)
    days, since = next(
        (
            (n, said)
            for n, said in WINDOWS
            if any(one.on >= today - timedelta(days=n) for one in (*came, *left, *moved))
        ),
        WINDOWS[0],
    )
    start = today - timedelta(days=days)
    shown = [[one for one in found if one.on >= start] for found in (came, moved, left)]
    named = {one.child for found in shown for one in found[:NAMED]}
    children = Child.objects.in_bulk(named)
    at = _place_in_school(shown[0][:NAMED])
    shown[0] = [one._replace(rest=at.get(one.child, "")) for one in shown[0]]
    paragraphs = [
        _paragraph(heading, found, children)
        for heading, found in zip(("Came into care", "Moved", "Left care"), shown, strict=True)
    ]
    return (
        Changes(since, *paragraphs),
        sum(one.on >= since_yesterday for one in came),
        sum(one.on >= since_yesterday for one in left),
    )


def _paragraph(heading: str, found: list[Found], children: dict[int, Child]) -> Paragraph:
    named = [
        Told(child.name, address_of("caseload:child", child.public_id), one.rest)
        for one in found[:NAMED]
        for child in (children[one.child],)
    ]
    return Paragraph(f"{heading}: {len(found)}", named, max(len(found) - NAMED, 0))


def _came(scope: Scope, first: date, today: date) -> QuerySet[CarePeriod]:
    return CarePeriod.objects.filter(
        authority__in=scope.authorities, kind="looked_after", starts__gte=first, starts__lte=today
    ).order_by("-starts", "child__surname")


def _place_in_school(came: list[Found]) -> dict[int, str]:
    """By child, the year and the school, as the roll has them."""
    rows = RollEntry.objects.filter(child__in=[one.child for one in came])
    found = {}
    for child, year, school, without in rows.values_list(
        "child_id", "year_group", "school_name", "without_school_since"
    ):
        parts = [words.year_words(year)] if year is not None else []
        if school:
            parts.append(school)
        elif without:
            parts.append("no school place")
        found[child] = f", {', '.join(parts)}" if parts else ""
    return found


def _left(scope: Scope, first: date, today: date) -> QuerySet[CarePeriod]:
    return CarePeriod.objects.filter(
        authority__in=scope.authorities, kind="looked_after", ends__gte=first, ends__lte=today
    ).order_by("-ends", "child__surname")


def _moves(scope: Scope, first: date, today: date) -> list[Found]:
    """Homes and schools, but for those a child came to with coming into care; the latest move of a child."""
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
    named = ("starts", "child_id", "child__forename", "child__surname")
    latest: dict[int, tuple[str, Found]] = {}
    for rows, rest, told in (
        (homes, _to_home, ("place",)), (schools, _to_school, ("school__name", "provision")),
    ):  # fmt: skip
        for on, child, forename, surname, *what in rows.order_by("starts").values_list(*named, *told):
            if child not in latest or latest[child][1].on <= on:
                latest[child] = (f"{forename} {surname}", Found(on, child, rest(*what)))
    in_order = sorted(latest.values(), key=lambda one: (-one[1].on.toordinal(), one[0]))
    return [found for _, found in in_order]


def _to_home(place: str) -> str:
    home = PLACEMENT_WORDS.get(place, "a new home")
    return f" to {home[:1].lower()}{home[1:]}"


def _to_school(school: str | None, provision: str) -> str:
    return f" started at {school or provision}"
