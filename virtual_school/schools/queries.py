"""Finding schools, and what a school's page shows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from virtual_school.access.person import Person
from virtual_school.authorities.models import TermDates
from virtual_school.care.models import CarePeriod
from virtual_school.children.actions import plain
from virtual_school.children.models import Child
from virtual_school.children.queries import visible_to
from virtual_school.dates.ages import year_group

from .models import DesignatedTeacher, Enrolment, School, SchoolLink

CHOICES_KEPT_SECONDS = 600
LISTED = ("urn", "name", "la_name", "town", "locality", "phase", "type_name", "status")
"""What a list shows of a school: sorting thousands of whole rows takes twice as long."""
CLOSED = "2"
"""The register's code of a closed establishment; where it is not given, the words say so."""


def in_force(on: date) -> Q:
    return Q(starts__lte=on) & (Q(ends__isnull=True) | Q(ends__gt=on))


@dataclass(frozen=True, slots=True)
class Sought:
    """What a list of schools is asked for. `state` is open, closed or all; `sort` name, area or pupils."""

    words: str = ""
    ours: bool = False
    area: int | None = None
    phase: str = ""
    group: str = ""
    state: str = "open"
    without_teacher: bool = False
    sort: str = "name"


def in_care(on: date) -> Exists:
    """Of an enrolment: whether its child is looked after on the day."""
    periods = CarePeriod.objects.filter(authority=OuterRef("authority"), child=OuterRef("child"), kind="looked_after")
    return Exists(periods.filter(in_force(on)))


def pupils_in_care(person: Person, on: date) -> dict[int, int]:
    """By URN, how many looked-after children this person may see are on the roll."""
    rows = Enrolment.objects.filter(in_force(on), in_care(on), school__isnull=False, child__in=visible_to(person))
    return dict(rows.values("school").annotate(n=Count("child", distinct=True)).values_list("school", "n").order_by())


def find_schools(sought: Sought, pupils: Mapping[int, int], on: date) -> QuerySet[School]:
    """Each word must stand in the name, the place or a number: the trigram index finds them among 27,000 schools."""
    found = School.objects.all()
    for word in plain(sought.words).split():
        found = found.filter(search_text__contains=word)
    if sought.ours:
        found = found.filter(urn__in=list(pupils))
    if sought.area:
        found = found.filter(la_code=sought.area)
    if sought.phase:
        found = found.filter(phase=sought.phase)
    if sought.group:
        found = found.filter(type_group=sought.group)
    closed = Q(status_code=CLOSED) | Q(status="Closed")
    if sought.state == "open":
        found = found.exclude(closed)
    elif sought.state == "closed":
        found = found.filter(closed)
    if sought.without_teacher:
        found = found.filter(~Exists(DesignatedTeacher.objects.filter(in_force(on), school=OuterRef("pk"))))
    if sought.sort == "pupils":
        return found.annotate(pupils=_as_column(pupils)).order_by("-pupils", "name", "urn")
    if sought.sort == "area":
        return found.order_by("la_name", "name", "urn")
    return found.order_by("name", "urn")


def _as_column(pupils: Mapping[int, int]) -> Case:
    """The counts as a column to sort by: one branch a number of pupils, of which there are few."""
    by_number: dict[int, list[int]] = defaultdict(list)
    for urn, number in pupils.items():
        by_number[number].append(urn)
    whens = [When(urn__in=urns, then=Value(number)) for number, urns in by_number.items()]
    return Case(*whens, default=Value(0), output_field=IntegerField())


def filter_choices() -> tuple[dict[int, str], list[str], list[str]]:
    """Areas by code, phases and groups of types that occur in the register held; a new register shows in a while."""
    return cache.get_or_set("schools.filter_choices", _filter_choices, CHOICES_KEPT_SECONDS)


def _filter_choices() -> tuple[dict[int, str], list[str], list[str]]:
    rows = School.objects.order_by().values_list("la_code", "la_name", "phase", "type_group").distinct()
    areas: dict[int, str] = {}
    phases, groups = set(), set()
    for code, name, phase, group in rows:
        if code is not None:
            areas[code] = name or f"Area {code}"
        phases.add(phase)
        groups.add(group)
    by_name = dict(sorted(areas.items(), key=lambda area: area[1]))
    return by_name, sorted(phases - {"", "Not applicable"}), sorted(groups - {""})


def teachers_now(urns: Iterable[int], on: date) -> dict[int, str]:
    rows = DesignatedTeacher.objects.filter(in_force(on), school__in=list(urns))
    return dict(rows.values_list("school_id", "person__name"))


@dataclass(frozen=True, slots=True)
class Linked:
    urn: int
    name: str
    words: str
    on: date | None
    is_held: bool


LINK_WORDS = {
    "Predecessor": "Before it was",
    "Successor": "Became",
    "Predecessor - merged": "Took in, on merging",
    "Successor - merged": "Merged into",
    "Predecessor - amalgamated": "Was made of, on amalgamating",
    "Successor - amalgamated": "Amalgamated into",
    "Result of Amalgamation": "Amalgamated into",
    "Predecessor - Split School": "Split off from",
    "Successor - Split School": "Split into",
}


def links_of(school: School) -> list[Linked]:
    """Predecessors and successors. A link is told by either school; a school that is not held keeps its URN."""
    said = {row.other_urn: row for row in SchoolLink.objects.filter(urn=school.urn)}
    names = dict(School.objects.filter(urn__in=said).values_list("urn", "name"))
    return sorted(
        (
            Linked(urn, names.get(urn, f"URN {urn}"), LINK_WORDS.get(row.kind, row.kind), row.on, urn in names)
            for urn, row in said.items()
        ),
        key=lambda link: (link.on or date.min, link.name),
    )


@dataclass(frozen=True, slots=True)
class Pupil:
    child: Child
    year: str
    since: date
    until: date | None
    in_care_since: date | None
    left_care_on: date | None
    is_subsidiary: bool


def year_words(year: int | None) -> str:
    if year is None:
        return "Year not known"
    if year <= 0:
        return "Reception" if year == 0 else "Before Reception"
    return f"Year {year}" if year <= 13 else "After Year 13"


def pupils_of(school: School, person: Person, on: date) -> tuple[list[Pupil], list[Pupil]]:
    """Those this person may see: on the roll and in care today, and the others who are or were on the roll."""
    enrolments = list(
        Enrolment.objects.filter(school=school, child__in=visible_to(person), starts__lte=on)
        .select_related("child__authority")
        .order_by("-starts")
    )
    periods: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    care = CarePeriod.objects.filter(child__in=[e.child_id for e in enrolments], kind="looked_after", starts__lte=on)
    for child, starts, ends in care.order_by("starts").values_list("child_id", "starts", "ends"):
        periods[child].append((starts, ends))
    now, before = [], []
    for enrolment in enrolments:
        pupil = _pupil(enrolment, periods.get(enrolment.child_id, []), on)
        is_on_roll = enrolment.ends is None or enrolment.ends > on
        (now if is_on_roll and pupil.in_care_since and not pupil.left_care_on else before).append(pupil)
    return sorted(now, key=lambda pupil: (pupil.child.surname, pupil.child.forename)), before


def _pupil(enrolment: Enrolment, periods: list[tuple[date, date | None]], on: date) -> Pupil:
    child = enrolment.child
    starts, ends = periods[-1] if periods else (None, None)
    if ends is not None and ends > on:
        ends = None
    born_in = year_group(child.born, on) if child.born else None
    is_on_roll = enrolment.ends is None or enrolment.ends > on
    year = enrolment.year_group if is_on_roll and enrolment.year_group is not None else born_in
    return Pupil(
        child,
        year_words(year),
        enrolment.starts,
        enrolment.ends,
        starts,
        ends,
        enrolment.kind == Enrolment.Kind.SUBSIDIARY,
    )


@dataclass(frozen=True, slots=True)
class SchoolDates:
    """Whose term dates count for a school: its own, else those of each child's authority."""

    rows: list[TermDates]
    are_own: bool


def dates_of(school: School, on: date) -> SchoolDates:
    """From this academic year on: the school's own rows, else those of the area it lies in."""
    from_day = date(on.year if on.month >= 8 else on.year - 1, 8, 1)
    whose = Q(urn=school.urn) | Q(la_code=school.la_code) if school.la_code else Q(urn=school.urn)
    held = list(TermDates.objects.filter(whose, ends__gte=from_day).order_by("starts"))
    own = [row for row in held if row.urn is not None]
    return SchoolDates(own or held, bool(own))
