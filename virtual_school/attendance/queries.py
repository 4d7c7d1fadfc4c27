"""Attendance as pages and commands ask for it. Every question takes a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Q, QuerySet

from virtual_school.access.person import Person
from virtual_school.authorities.models import Authority
from virtual_school.care.models import CarePeriod
from virtual_school.children import bulk
from virtual_school.children.models import Child
from virtual_school.children.queries import visible_to
from virtual_school.schools.models import Enrolment, School

from .calendars import Calendars, of_several
from .codes import ATTENDED, Code, codes
from .expecting import not_expected
from .models import CallAnswer, Delivery, EarlierMark, MarkedDay
from .models_calls import NOT_ON_THE_REGISTER, Site, UnregisteredPlace, key_of, site_key
from .recounting import main_on
from .sums import Session, Sums, sums_of_counts

DAY = timedelta(days=1)


class Where(StrEnum):
    IN = "in"
    OUT = "out"
    UNKNOWN = "unknown"
    NOT_DUE = "not_due"
    NO_SCHOOL = "no_school"


@dataclass(frozen=True, slots=True)
class Came:
    """Where a mark came from, and when."""

    source: str
    words: str
    sender: str
    by_name: str
    at: datetime


class Today(NamedTuple):
    """A child in care on a day. `mark` is that of the last session marked, `why` says in words what is known.
    A tuple: there are thousands."""

    child: int
    public_id: object
    name: str
    authority: int
    urn: int | None
    school: str
    year_group: int | None
    where: Where
    am: str
    pm: str
    mark: Code | None
    why: str
    came: Came | None
    born: date | None = None


def in_force(day: date) -> Q:
    return Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gt=day))


def in_care(person: Person, day: date) -> QuerySet[Child]:
    periods = CarePeriod.objects.filter(in_force(day), kind="looked_after").values("child_id")
    return visible_to(person).filter(id__in=periods)


def today(person: Person, day: date) -> list[Today]:
    """Who is in, out or not known, of the children in care whom this person may see."""
    return on_the_day(in_care(person, day), day)


def on_the_day(children: QuerySet[Child], day: date) -> list[Today]:
    rows = list(
        children.values_list(
            "id", "public_id", "forename", "preferred_name", "surname", "local_id", "authority_id", "born"
        )
    )
    ids = [row[0] for row in rows]
    authorities = sorted({row[6] for row in rows})
    at = _main_enrolments(authorities, ids, day)
    marked: dict[int, list[tuple]] = defaultdict(list)
    for row in bulk.select(DAY_OF, [authorities, bulk.array_of(ids), day]):
        marked[row[0]].append(row)
    came = came_from({number for days in marked.values() for row in days for number in row[6:8]})
    # Whether a school is open is asked only where no mark says more.
    unmarked = [child for child in ids if child not in marked]
    held = Authority.objects.filter(code__in=authorities)
    calendars = of_several(held, {at[child][0] or 0 for child in unmarked if child in at}) if unmarked else {}
    excused = not_expected(authorities, day, day)
    open_at: dict[tuple[int, int | None], bool | None] = {}
    found = []
    for child, public_id, forename, preferred, surname, local_id, authority, born in rows:
        urn, school, year_group = at.get(child, (None, "", None))
        name = f"{preferred or forename} {surname}".strip() or f"Child {local_id}"
        days = marked.get(child, [])
        if not days and (authority, urn) not in open_at:
            open_at[authority, urn] = calendars[authority].of(urn).is_school_day(day)
        is_open = open_at.get((authority, urn))
        am, pm = _one_mark(days, "am", urn), _one_mark(days, "pm", urn)
        last = pm if pm[0] else am
        code = codes().get(last[0])
        where, why = _where(code, is_open, child in at)
        if where is Where.UNKNOWN and (reason := excused.get((authority, site_key(urn, school), day))):
            where, why = Where.NOT_DUE, reason
        found.append(
            Today(
                child, public_id, name, authority, urn, school, year_group, where, am[0], pm[0], code, why,
                came.get(last[1]), born,
            )
        )  # fmt: skip
    return found


DAY_OF = """
    select child_id, urn, am, pm, am_counts, pm_counts, am_from, pm_from from attendance_markedday
    where authority_id = any(%s::int[]) and child_id = any(%s::bigint[]) and day = %s
"""


def _one_mark(days: Sequence[tuple], session: Session, urn: int | None) -> tuple[str, int]:
    """The mark that counts of those of several schools, and the delivery it came with."""
    place = 2 if session == "am" else 3
    if len(days) < 2:
        return (days[0][place], days[0][place + 4]) if days and days[0][place] else ("", 0)
    held = [row for row in days if row[place]]
    held.sort(key=lambda row: (not row[place + 2], not codes()[row[place]].is_possible, row[1] != urn, row[1]))
    return (held[0][place], held[0][place + 4]) if held else ("", 0)


def _where(code: Code | None, is_open: bool | None, has_school: bool) -> tuple[Where, str]:
    if code is not None:
        if code.counts in ATTENDED:
            return Where.IN, code.words
        return (Where.OUT if code.is_possible else Where.NOT_DUE), code.words
    if not has_school:
        return Where.NO_SCHOOL, "On the roll of no school that is held"
    if is_open is False:
        return Where.NOT_DUE, "Not a school day"
    return Where.UNKNOWN, "No mark yet"


ON_ROLL = """
    select e.child_id, e.school_id, coalesce(s.name, e.provision), e.year_group
    from schools_enrolment e left join schools_school s on s.urn = e.school_id
    where e.authority_id = any(%s::int[]) and e.child_id = any(%s::bigint[]) and e.kind = 'main'
      and e.starts <= %s and (e.ends is null or e.ends > %s)
"""


def _main_enrolments(
    authorities: Sequence[int], children: Sequence[int], day: date
) -> dict[int, tuple[int | None, str, int | None]]:
    rows = bulk.select(ON_ROLL, [authorities, bulk.array_of(children), day, day])
    return {child: (urn, name, year_group) for child, urn, name, year_group in rows}


def came_from(deliveries: Iterable[int]) -> dict[int, Came]:
    labels = dict(Delivery.Source.choices)
    rows = Delivery.objects.filter(pk__in=set(deliveries) - {0})
    return {
        pk: Came(source, labels[source], sender, by_name, at)
        for pk, source, sender, by_name, at in rows.values_list("pk", "source", "sender", "by_name", "received_at")
    }


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """What one school marked on one day. A mark that does not count gave way to another school's."""

    day: date
    urn: int
    school: str
    is_main: bool | None
    am: str
    pm: str
    am_minutes: int
    pm_minutes: int
    am_counts: bool
    pm_counts: bool
    am_came: Came | None
    pm_came: Came | None


@dataclass(frozen=True, slots=True)
class Before:
    """A mark that does not stand: corrected since (`is_other_source` false), or another source's who says otherwise."""

    day: date
    session: Session
    urn: int
    code: str
    why: str
    is_other_source: bool
    came: Came | None


@dataclass
class YearOf:
    """A child's attendance from one day to another. Sums are of marks that count, each session once."""

    first: date
    last: date
    days: list[SchoolDay] = field(default_factory=list)
    earlier: list[Before] = field(default_factory=list)
    calendar_words: str = ""
    calendars: Calendars | None = None
    school_spells: list[tuple[date, date | None, int, bool]] = field(default_factory=list)

    @property
    def disagreements(self) -> list[Before]:
        """Another source says otherwise than the mark that stands."""
        stands = {(day.day, day.urn, session): getattr(day, session) for day in self.days for session in ("am", "pm")}
        return [
            one
            for one in self.earlier
            if one.is_other_source and one.code != stands.get((one.day, one.urn, one.session), one.code)
        ]

    @property
    def clashes(self) -> list[tuple[date, Session]]:
        """Sessions for which two schools gave a mark that counts."""
        found: set[tuple[date, Session]] = set()
        for day in self.days:
            if not day.am_counts:
                found.add((day.day, "am"))
            if not day.pm_counts:
                found.add((day.day, "pm"))
        return sorted(found)

    def by_code(self, first: date | None = None, last: date | None = None) -> Counter[str]:
        found: Counter[str] = Counter()
        for day in self.days:
            if (first is None or day.day >= first) and (last is None or day.day <= last):
                for code, counts in ((day.am, day.am_counts), (day.pm, day.pm_counts)):
                    if code and counts:
                        found[code] += 1
        return found

    def sums(self, first: date | None = None, last: date | None = None) -> Sums:
        """Of the days from one to another, both included: a week, a term, the year to date, the last n days."""
        return sums_of_counts(self.by_code(first, last))


YEAR = """
    select day, urn, am, pm, am_minutes, pm_minutes, am_counts, pm_counts, am_from, pm_from
    from attendance_markedday
    where authority_id = %s and child_id = %s and day between %s and %s order by day, urn
"""


def year_of(child: Child, year: int) -> YearOf:
    """Of the academic year that begins in September of `year`."""
    return days_of(child, date(year, 9, 1), date(year + 1, 8, 31))


def days_of(child: Child, first: date, last: date) -> YearOf:
    rows = bulk.select(YEAR, [child.authority_id, child.pk, first, last])
    earlier = list(
        EarlierMark.objects.filter(authority=child.authority_id, child=child, day__range=(first, last))
        .order_by("day", "session", "id")
        .values_list("day", "session", "urn", "code", "why", "from_delivery", "by_delivery")
    )
    came = came_from({n for row in rows for n in row[8:10]} | {n for row in earlier for n in row[5:7]})
    spells = [
        (starts, ends, urn or 0, kind == Enrolment.Kind.MAIN)
        for starts, ends, urn, kind in Enrolment.objects.filter(authority=child.authority_id, child=child).values_list(
            "starts", "ends", "school_id", "kind"
        )
    ]
    urns = {row[1] for row in rows} | {urn for _, _, urn, _ in spells}
    names = dict(School.objects.filter(urn__in=urns - {0}).values_list("urn", "name"))
    calendars = Calendars(child.authority, urns)
    found = YearOf(first, last, calendars=calendars, school_spells=spells)
    for row in rows:
        day, urn = row[0], row[1]
        found.days.append(
            SchoolDay(
                day, urn, school_name(urn, names), main_on(spells, day).get(urn), *row[2:8],
                came.get(row[8]), came.get(row[9]),
            )
        )  # fmt: skip
    struck = _struck_out(child, first, last) if earlier else frozenset()
    stood = {(row[0], row[1], s): row[8 if s == "am" else 9] for row in rows for s in ("am", "pm")}
    for day, session, urn, code, why, from_delivery, _by in earlier:
        now = came.get(stood.get((day, urn, session), 0))
        before = came.get(from_delivery)
        is_other = why != EarlierMark.Why.TAKEN_BACK and (now.source if now else "") != (
            before.source if before else ""
        )
        if before and before.source == Delivery.Source.PHONE and (day, urn, session, code) in struck:
            is_other = False
        found.earlier.append(Before(day, session, urn, code, why, is_other, before))
    last_main = next((urn for s, e, urn, is_main in sorted(spells, reverse=True) if is_main and s <= last), 0)
    found.calendar_words = calendars.of(last_main).words(first, last)
    return found


def _struck_out(child: Child, first: date, last: date) -> frozenset[tuple[date, int, str, str]]:
    """What was only said in calls that were struck out since."""
    rows = CallAnswer.objects.filter(authority=child.authority_id, child=child, day__range=(first, last)).order_by()
    said: dict[bool, set[tuple[date, int, str, str]]] = {True: set(), False: set()}
    for day, urn, am, pm, is_struck in rows.values_list("day", "urn", "am", "pm", "is_struck"):
        said[is_struck] |= {(day, urn, "am", am), (day, urn, "pm", pm)}
    return frozenset(said[True] - said[False])


def school_name(urn: int, names: dict[int, str]) -> str:
    return names.get(urn, f"URN {urn}") if urn else NOT_ON_THE_REGISTER


@dataclass
class PupilWeek:
    """`days` by date: the marks of the morning and the afternoon at this school, `minutes` how late they say.
    `on_roll` are the days on its roll and in care."""

    child: Child
    year_group: int | None
    days: dict[date, tuple[str, str]]
    on_roll: frozenset[date] = frozenset()
    minutes: dict[date, tuple[int, int]] = field(default_factory=dict)


def school_week(person: Person, site: Site, monday: date) -> list[PupilWeek]:
    """The children in care on this school's roll in the week whom this person may see, of every authority; of a place
    that is not on the register, those of its own."""
    friday = monday + 4 * DAY
    week = [monday + n * DAY for n in range(5)]
    in_the_week = Q(ends__isnull=True) | Q(ends__gt=monday)
    enrolments = Enrolment.objects.filter(
        in_the_week, on_roll_of(site), starts__lte=friday, child__in=visible_to(person)
    )
    rolls: dict[int, set[date]] = defaultdict(set)
    groups: dict[int, int | None] = {}
    for child, starts, ends, group, provision in enrolments.values_list(
        "child_id", "starts", "ends", "year_group", "provision"
    ):
        if isinstance(site, UnregisteredPlace) and key_of(provision) != site.key:
            continue
        rolls[child] |= _days_within(week, starts, ends)
        groups[child] = group
    periods = CarePeriod.objects.filter(in_the_week, kind="looked_after", starts__lte=friday, child__in=list(rolls))
    cared_for: dict[int, set[date]] = defaultdict(set)
    for child, starts, ends in periods.values_list("child_id", "starts", "ends"):
        cared_for[child] |= _days_within(week, starts, ends)
    due = {child: frozenset(days & cared_for[child]) for child, days in rolls.items() if days & cared_for[child]}
    children = Child.objects.filter(id__in=list(due)).select_related("authority").order_by("surname", "forename")
    found = {child.pk: PupilWeek(child, groups[child.pk], {}, due[child.pk]) for child in children}
    rows = MarkedDay.objects.filter(
        authority__in={one.child.authority_id for one in found.values()},
        child__in=list(found), day__range=(monday, friday), urn=site.urn,
    )  # fmt: skip
    for child, day, am, pm, *minutes in rows.values_list("child_id", "day", "am", "pm", "am_minutes", "pm_minutes"):
        found[child].days[day], found[child].minutes[day] = (am, pm), (minutes[0], minutes[1])
    return list(found.values())


def on_roll_of(site: Site) -> Q:
    """Enrolments at a school; for a place off the register all such of its authority, whose names are still to be
    compared."""
    if isinstance(site, School):
        return Q(school=site.urn)
    return Q(school__isnull=True, authority=site.authority_id)


def _days_within(days: Sequence[date], starts: date, ends: date | None) -> set[date]:
    return {day for day in days if starts <= day and (ends is None or day < ends)}


def sums_between(
    authority: int, first: date, last: date, children: Sequence[int] | None = None
) -> dict[int, Counter[str]]:
    """By child, how many sessions that count have each code: of those with a mark between the days."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    asked = {"authority": authority, "first": first, "last": last, "children": children}
    of = "" if children is None else "and child_id = any(%(children)s::bigint[])"
    for child, code, number in bulk.select(BY_CODE.format(of=of), asked):
        found[child][code] += number
    return dict(found)


BY_CODE = """
    select child_id, am, count(*) from attendance_markedday
    where authority_id = %(authority)s and day between %(first)s and %(last)s and am <> '' and am_counts
      {of} group by 1, 2
    union all
    select child_id, pm, count(*) from attendance_markedday
    where authority_id = %(authority)s and day between %(first)s and %(last)s and pm <> '' and pm_counts
      {of} group by 1, 2
"""
