"""The children of a day in their groups, worst first, and what is known of those not in school.

A fixed number of queries for any number of children.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from virtual_school.care.models import CarePeriod, Placement
from virtual_school.children import bulk
from virtual_school.children.models import Child, Involvement
from virtual_school.dates.ages import academic_year_start, of_compulsory_school_age
from virtual_school.schools.models import Enrolment

from .codes import ABSENT, EXCLUDED, LATE_AFTER_CLOSE, NOT_YET_KNOWN, codes
from .facts import in_days
from .figures import Months, children_sums
from .models_alerts import AttendanceAction
from .models_exclusion import Suspension
from .models_provision import EducationStep, Provision
from .pictures_day import Part
from .queries import Today, Where, in_force, on_the_day
from .sums import Sums
from .whose import Whose, advisers_of, open_on
from .words import date_words, day_words, plural, what_words, year_of

NOT_KNOWN, WITHOUT_LEAVE, SUSPENDED, NO_SCHOOL, KNOWN, UNKNOWN, NOT_DUE, IN = (
    "not_known", "without_leave", "suspended", "no_school", "known", "unknown", "not_due", "in",
)  # fmt: skip
WORRYING = (NOT_KNOWN, SUSPENDED, WITHOUT_LEAVE, NO_SCHOOL)
GROUPS = {
    NOT_KNOWN: "Reason not known",
    SUSPENDED: "Suspended or excluded",
    WITHOUT_LEAVE: "Away without leave",
    NO_SCHOOL: "On the roll of no school",
    KNOWN: "Away, reason known",
    UNKNOWN: "Marks not in",
    NOT_DUE: "Not expected",
    IN: "In school",
}
SHOWN = {"": WORRYING, KNOWN: (KNOWN,), UNKNOWN: (UNKNOWN,), NOT_DUE: (NOT_DUE,), IN: (IN,)}
TRUANT = frozenset({"G", "N", "O"})
ONE_DAY = timedelta(days=1)


def children_of(of: Whose, day: date, adviser: str = "", area: str = "") -> QuerySet[Child]:
    """Those in care on the day, of this adviser ("none": of nobody), living in the area or out of it."""
    periods = CarePeriod.objects.filter(in_force(day), authority__in=of.authorities, kind="looked_after")
    rows = of.children().filter(id__in=periods.values("child_id"))
    if adviser:
        around = Involvement.objects.filter(open_on(day), authority__in=of.authorities, role="adviser")
        if adviser == "none":
            rows = rows.exclude(id__in=around.values("child_id"))
        else:
            rows = rows.filter(id__in=around.filter(person=int(adviser)).values("child_id"))
    if area:
        homes = Placement.objects.filter(in_force(day), authority__in=of.authorities, in_area=area == "in")
        rows = rows.filter(id__in=homes.values("child_id"))
    return rows


def group_of(row: Today, day: date) -> str:
    if row.where is Where.NO_SCHOOL:
        return NO_SCHOOL if row.born and of_compulsory_school_age(row.born, day) else NOT_DUE
    if row.where is not Where.OUT or row.mark is None:
        return {Where.IN: IN, Where.UNKNOWN: UNKNOWN}.get(row.where, NOT_DUE)
    if row.mark.code == LATE_AFTER_CLOSE:
        return IN  # the session is lost, the child is there
    if row.mark.code == NOT_YET_KNOWN:
        return NOT_KNOWN
    if row.mark.code == EXCLUDED:
        return SUSPENDED
    return WITHOUT_LEAVE if row.mark.counts == "unauthorised" else KNOWN


@dataclass(frozen=True, slots=True)
class Day:
    """`groups` hold every child once."""

    day: date
    groups: Mapping[str, list[Today]]

    @property
    def total(self) -> int:
        return sum(len(rows) for rows in self.groups.values())

    def n(self, *groups: str) -> int:
        return sum(len(self.groups[group]) for group in groups)

    @property
    def schools_not_in(self) -> int:
        return len({row.urn or row.school for row in self.groups[UNKNOWN]})


def the_day(of: Whose, day: date, rows: QuerySet[Child]) -> Day:
    found = on_the_day(rows, day)
    groups: dict[str, list[Today]] = {group: [] for group in GROUPS}
    for row in sorted(found, key=lambda row: (row.school, row.name)):
        groups[group_of(row, day)].append(row)
    return Day(day, groups)


def narrowed(of: Day, urn: int | None) -> Day:
    """To those on one school's roll."""
    if urn is None:
        return of
    return Day(of.day, {group: [row for row in rows if row.urn == urn] for group, rows in of.groups.items()})


def parts(of: Day) -> list[Part]:
    return [
        Part("in", of.n(IN), "in school", GROUPS[IN]),
        Part("known", of.n(KNOWN), "away, reason known", GROUPS[KNOWN]),
        Part("not_known", of.n(NOT_KNOWN, WITHOUT_LEAVE), "no leave or reason", "Away without leave, or the reason is not known"),
        Part("suspended", of.n(SUSPENDED), "suspended", GROUPS[SUSPENDED]),
        Part("no_school", of.n(NO_SCHOOL), "on no roll", GROUPS[NO_SCHOOL]),
        Part("not_due", of.n(NOT_DUE), "not expected", GROUPS[NOT_DUE]),
        Part("unknown", of.n(UNKNOWN), "marks not in", GROUPS[UNKNOWN]),
    ]  # fmt: skip


def finding(of: Day) -> str:
    """What one should see first."""
    if not of.total:
        return "No child in care"
    marked = of.n(IN, KNOWN, NOT_KNOWN, WITHOUT_LEAVE, SUSPENDED)
    if not marked:
        return "No marks are in for this day" if of.n(UNKNOWN) else "No child is expected in school on this day"
    if n := of.n(NOT_KNOWN):
        return f"{plural(n, 'child is', 'children are')} away and nobody has said why"
    if n := of.n(WITHOUT_LEAVE):
        return f"{plural(n, 'child is', 'children are')} away without leave"
    if n := of.n(SUSPENDED):
        return f"{plural(n, 'child is', 'children are')} suspended or excluded"
    if n := of.n(KNOWN):
        return "The reason is known for the one child away" if n == 1 else f"The reason is known for all {n:,} away"
    return "Every child with a mark is in school"


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does what, by when."""

    owner: str
    what: str
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A child not in school. `where`, `mark` and `known` in words; `small` beneath what is known."""

    row: Today
    about: str
    adviser: str
    where: str
    mark: str
    known: str
    small: str
    doing: tuple[Doing, ...]


AWAY_DAYS = """
    select child_id, day, am, pm from attendance_markedday
    where authority_id = any(%s::int[]) and child_id = any(%s::bigint[]) and day between %s and %s
      and (am = any(%s) and am_counts or pm = any(%s) and pm_counts) order by child_id, day
"""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is held of those listed, by child."""

    away: Mapping[int, list[tuple[date, str, str]]]
    sums: Mapping[int, Sums]
    suspended: Mapping[int, list[Suspension]]
    provision: Mapping[int, Provision]
    left: Mapping[int, tuple[date, str]]
    doing: Mapping[int, list[Doing]]
    advisers: Mapping[int, str]


def listed(of: Whose, rows: Sequence[tuple[str, Today]], day: date, on: date) -> dict[str, list[Listed]]:
    """Of the groups' rows on the day, as seen on another (`on`, today)."""
    ids = [row.child for _, row in rows]
    first = date(academic_year_start(day), 9, 1)
    absent = [code.code for code in codes().values() if code.counts in ABSENT]
    authorities = list(of.authorities)
    away: dict[int, list[tuple[date, str, str]]] = defaultdict(list)
    if ids:
        for child, *one in bulk.select(AWAY_DAYS, [authorities, ids, first, day, absent, absent]):
            away[child].append(tuple(one))  # type: ignore[arg-type]
    held = _Known(
        away,
        children_sums(authorities, Months(first, day.replace(day=1)), ids) if ids else {},
        _suspended(of, ids, first, day),
        _provision(of, ids, day),
        _left(of, [row.child for group, row in rows if group == NO_SCHOOL], day),
        doing(of, ids, on),
        advisers_of(of, ids, on),
    )
    found: dict[str, list[Listed]] = defaultdict(list)
    for group, row in rows:
        found[group].append(_one(group, row, held, day, on))
    return found


def _suspended(of: Whose, ids: Sequence[int], first: date, day: date) -> dict[int, list[Suspension]]:
    rows = Suspension.objects.filter(
        authority__in=of.authorities, child__in=bulk.among(ids), cancelled_on__isnull=True, starts__range=(first, day)
    ).select_related("school")
    found: dict[int, list[Suspension]] = defaultdict(list)
    for one in rows.order_by("starts", "id"):
        found[one.child_id].append(one)
    return found


def _provision(of: Whose, ids: Sequence[int], day: date) -> dict[int, Provision]:
    rows = Provision.objects.filter(in_force(day), authority__in=of.authorities, child__in=bulk.among(ids))
    return {one.child_id: one for one in rows.select_related("school").order_by("starts", "id")}


def _left(of: Whose, ids: Sequence[int], day: date) -> dict[int, tuple[date, str]]:
    """By child, when the last place ended, and where it was."""
    rows = Enrolment.objects.filter(authority__in=of.authorities, child__in=bulk.among(ids), ends__lte=day, kind="main")
    return {
        child: (ends, school or provision)
        for child, ends, school, provision in rows.order_by("ends", "id").values_list(
            "child_id", "ends", "school__name", "provision"
        )
    }


def doing(of: Whose, ids: Sequence[int], on: date) -> dict[int, list[Doing]]:
    """By child, what is to be done about being out of school, the earliest day first."""
    wanted = {"authority__in": of.authorities, "child__in": bulk.among(ids), "done_on__isnull": True}
    steps = EducationStep.objects.filter(**wanted).values_list("child_id", "by_on", "owner_name", "step")
    actions = AttendanceAction.objects.filter(**wanted).values_list("child_id", "by_on", "owner_name", "what")
    found: dict[int, list[Doing]] = defaultdict(list)
    for child, by_on, owner, what in sorted([*steps, *actions]):
        words = f"{what}, by {day_words(by_on, on)}".replace(", by today", ", today")
        found[child].append(Doing(owner, words, by_on < on))
    return found


def _one(group: str, row: Today, held: _Known, day: date, on: date) -> Listed:
    suspension = _current(held.suspended.get(row.child, []), day)
    known, small = _what_is_known(group, row, held, suspension, day)
    return Listed(
        row,
        f"{year_of(row.born, day)}, {row.school or 'no school'}",
        held.advisers.get(row.child, ""),
        _where(group, held.provision.get(row.child)),
        _mark(row),
        known,
        small,
        tuple(held.doing.get(row.child, ())),
    )


def _current(suspensions: Sequence[Suspension], day: date) -> Suspension | None:
    out = [one for one in suspensions if one.starts <= day and (one.back_on is None or one.back_on > day)]
    return out[-1] if out else None


def _where(group: str, provision: Provision | None) -> str:
    if provision and group != IN:
        at = provision.school.name if provision.school else provision.provider
        return f"{provision.get_kind_display()}{f', {at}' if at else ''}"
    if group in (NOT_KNOWN, WITHOUT_LEAVE):
        return "Not known"
    return {SUSPENDED: "Out of school, no provision held", NO_SCHOOL: "No place held", KNOWN: "Away from school"}.get(
        group, ""
    )


def _mark(row: Today) -> str:
    """N, all day; N, this morning; /, then N."""
    am, pm = row.am, row.pm
    if am and pm:
        return f"{am}, all day" if am == pm or {am, pm} == {"/", "\\"} else f"{am} morning, {pm} afternoon"
    return f"{am}, morning" if am else f"{pm}, afternoon" if pm else "None"


def _what_is_known(group: str, row: Today, held: _Known, suspension: Suspension | None, day: date) -> tuple[str, str]:
    absence = _absence(held.sums.get(row.child))
    if group == SUSPENDED:
        if suspension is None:
            return "No notice of a suspension is held", absence
        year = held.suspended[row.child]
        days = in_days(sum(one.sessions for one in year))
        n = len(year)
        return what_words(
            suspension, day
        ), f"{_nth(n)} this school year, {days} days in all" if n > 1 else "First this school year"
    if group in (NOT_KNOWN, WITHOUT_LEAVE):
        return _without_leave(held.away.get(row.child, []), day), absence
    if group == KNOWN and row.mark:
        run = _run(held.away.get(row.child, []), day, frozenset({row.mark.code}))
        return row.mark.words + (f", {_nth(run).lower()} marked day running" if run > 1 else ""), absence
    if group == NO_SCHOOL and row.child in held.left:
        ends, school = held.left[row.child]
        return f"On no roll since {date_words(ends, day)}", f"Was at {school}" if school else ""
    return row.why, ""


def _absence(sums: Sums | None) -> str:
    if sums is None or not sums.possible:
        return ""
    return f"{plural(sums.absent, 'half day')} of {sums.possible:,} missed this school year"


def _without_leave(away: Iterable[tuple[date, str, str]], day: date) -> str:
    before = [one for one, am, pm in away if one < day and (am in TRUANT or pm in TRUANT)]
    if not before:
        return "First time this school year without a known or accepted reason"
    return f"{plural(len(before), 'day')} before this one this school year, the last on {day_words(before[-1], day)}"


def _run(away: Iterable[tuple[date, str, str]], day: date, wanted: frozenset[str]) -> int:
    """Days up to this one with the code, weekends between them left out."""
    held = {one for one, am, pm in away if am in wanted or pm in wanted}
    n = 0
    while day in held:
        n += 1
        day -= ONE_DAY
        while day.weekday() > 4:
            day -= ONE_DAY
    return n


ORDINALS = ("", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")


def _nth(n: int) -> str:
    if n < len(ORDINALS):
        return ORDINALS[n]
    return f"{n}th" if n % 100 in (11, 12, 13) or n % 10 not in (1, 2, 3) else f"{n}{('st', 'nd', 'rd')[n % 10 - 1]}"
