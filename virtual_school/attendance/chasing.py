"""Schools, and places off the register, that owe marks of past days, and what was done to get them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.audit.actions import record
from virtual_school.authorities.models import Authority, TermDates
from virtual_school.authorities.term_dates import Dates
from virtual_school.care.models import CarePeriod
from virtual_school.children import bulk
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.schools.models import DesignatedTeacher, School
from virtual_school.schools.own_dates import add_own_dates

from .calendars import Calendars
from .expecting import is_of_age, not_expected
from .models_calls import DayNotExpected, MarksAsked, Site, at, ids_of, key_of, site_key
from .places import kept, of_place
from .queries import Came, came_from, in_force
from .school_contacts import Contact, contacts
from .whose import Whose, with_adviser

DAY = timedelta(days=1)
LOOKED_BACK = timedelta(days=365)
"""How far back the last mark of a school is looked for."""

MISSING = """
    with m as materialized (
        select child_id, day, bool_or(am <> '') as am, bool_or(pm <> '') as pm from attendance_markedday
        where authority_id = %(authority)s and day between %(first)s and %(last)s group by child_id, day
    )
    select e.school_id, case when e.school_id is null then e.provision else '' end, d.day, e.child_id, c.born,
           (not coalesce(m.am, false))::int + (not coalesce(m.pm, false))::int
    from unnest(%(days)s::date[]) as d (day)
    join schools_enrolment e on e.authority_id = %(authority)s and e.kind = 'main'
        and e.starts <= d.day and (e.ends is null or e.ends > d.day)
    join care_careperiod p on p.authority_id = e.authority_id and p.child_id = e.child_id
        and p.kind = 'looked_after' and p.starts <= d.day and (p.ends is null or p.ends > d.day)
    join children_child c on c.authority_id = e.authority_id and c.id = e.child_id
    left join m on m.child_id = e.child_id and m.day = d.day
    where (m.child_id is null or not m.am or not m.pm)
      and (%(children)s::bigint[] is null or e.child_id = any (%(children)s))
      and (%(urn)s::int is null or coalesce(e.school_id, 0) = %(urn)s)
    order by d.day, e.child_id
"""
LAST_MARK = """
    select urn, max(day), max(greatest(am_from, pm_from)) from attendance_markedday
    where authority_id = %s and urn = any(%s::int[]) and day between %s and %s group by urn
"""
LAST_MARK_OFF = """
    select e.provision, max(m.day), max(greatest(m.am_from, m.pm_from)) from attendance_markedday m
    join schools_enrolment e on e.authority_id = m.authority_id and e.child_id = m.child_id and e.school_id is null
        and e.starts <= m.day and (e.ends is null or e.ends > m.day)
    where m.authority_id = %s and m.child_id = any(%s::bigint[]) and m.urn = 0 and m.day between %s and %s
    group by e.provision order by max(m.day)
"""


@dataclass(frozen=True, slots=True)
class MissingDay:
    """`sessions` half days of `children` have no mark."""

    day: date
    children: tuple[int, ...]
    sessions: int


@dataclass
class Owes:
    """`asked` is what the school was asked, the latest first. `promise` is the latest that still stands."""

    contact: Contact
    days: list[MissingDay]
    asked: list[MarksAsked] = field(default_factory=list)
    last_day: date | None = None
    came: Came | None = None

    @property
    def site(self) -> Site:
        return self.contact.site

    @property
    def children(self) -> set[int]:
        return {child for one in self.days for child in one.children}

    @property
    def sessions(self) -> int:
        return sum(one.sessions for one in self.days)

    @property
    def last_asked(self) -> MarksAsked | None:
        return self.asked[0] if self.asked else None

    @property
    def promise(self) -> date | None:
        """What was promised when it was last asked; an earlier promise is not held against it any more."""
        return next((one.promised_on for one in self.asked if one.promised_on), None)

    def is_broken(self, today: date) -> bool:
        return self.promise is not None and self.promise < today


def past_school_days(calendars: Calendars, before: date, number: int) -> list[date]:
    """The authority's last school days before a day, the earliest first; fewer where no calendar reaches so far."""
    found: list[date] = []
    day = before - DAY
    try:
        while len(found) < number and (before - day) < LOOKED_BACK:
            if calendars.area.calendar.is_school_day(day):
                found.append(day)
            day -= DAY
    except BeyondCalendar:
        pass
    return sorted(found)


def owing(
    of: Whose, today: date, number: int, *, adviser: str = "", site: Site | None = None, every_age: bool = False
) -> list[Owes]:
    """Of the authority's staff: the schools, and places off the register, that owe marks of the last so many school
    days, broken promises first.

    Of children of compulsory school age on the day, unless every age is asked for.
    """
    (authority,) = of.held()
    days = past_school_days(Calendars(authority), today, number)
    if not days:
        return []
    children = None
    if adviser:
        periods = of.rows(CarePeriod.objects.filter(kind="looked_after"))
        children = list(with_adviser(periods, adviser, today).values_list("child_id", flat=True).distinct())
    asked = {
        "authority": authority.code, "days": days, "first": days[0], "last": days[-1], "children": children,
        "urn": site.urn if site else None,
    }  # fmt: skip
    found: dict[int | str, list[Missing]] = defaultdict(list)
    for row in map(Missing._make, bulk.select(MISSING, asked)):
        if every_age or is_of_age(row.born, row.day):
            found[site_key(row.urn, row.place)].append(row)
    if site:
        key = site_key(site.urn, site.name)
        found = {key: found[key]} if key in found else {}
    missing = _expected(authority, found, days)
    names = {key: (found[key][0].urn, found[key][0].place) for key in missing}
    return _with_what_was_done(authority, missing, names, today)


class Missing(NamedTuple):
    """A child's day without all its marks; `place` is the name of one that is not on the register."""

    urn: int | None
    place: str
    day: date
    child: int
    born: date | None
    sessions: int


def _expected(
    authority: Authority, found: Mapping[int | str, Sequence[Missing]], days: Sequence[date]
) -> dict[int | str, list[MissingDay]]:
    """Without the days on which the school was closed by its own calendar, or nothing was expected of it."""
    calendars = Calendars(authority, {key for key in found if isinstance(key, int)})
    excused = not_expected([authority.code], days[0], days[-1])
    missing: dict[int | str, list[MissingDay]] = defaultdict(list)
    for key, rows in found.items():
        calendar = calendars.of(rows[0].urn)
        for day, group in groupby(rows, key=lambda row: row.day):
            if (authority.code, key, day) in excused or calendar.is_school_day(day) is False:
                continue
            owed = list(group)
            missing[key].append(MissingDay(day, tuple(row.child for row in owed), sum(row.sessions for row in owed)))
    return missing


def _with_what_was_done(
    authority: Authority,
    missing: Mapping[int | str, list[MissingDay]],
    names: Mapping[int | str, tuple[int | None, str]],
    today: date,
) -> list[Owes]:
    held = contacts(authority.code, names.values(), today)
    rows = MarksAsked.objects.filter(authority=authority).filter(
        Q(school__in=[key for key in missing if isinstance(key, int)])
        | Q(place__key__in=[key for key in missing if isinstance(key, str)])
    )
    asked: dict[int | str, list[MarksAsked]] = defaultdict(list)
    for one in rows.select_related("place"):
        asked[one.school_id or one.place.key].append(one)
    last = _last_marks(authority.code, missing, today)
    came = came_from(delivery for _, delivery in last.values())
    found = []
    for key, days in missing.items():
        day, delivery = last.get(key, (None, 0))
        # What was asked before the earliest day now missing was about other marks.
        since = [one for one in asked[key] if timezone.localdate(one.asked_at) > days[0].day]
        found.append(Owes(held[key], days, since, day, came.get(delivery)))
    found.sort(key=lambda one: _urgency(one, today))
    return found


def _last_marks(
    authority: int, missing: Mapping[int | str, Sequence[MissingDay]], today: date
) -> dict[int | str, tuple[date, int]]:
    """The last day marked in a year, and the delivery it came with. Marks of a place off the register are those of its
    children while they were there."""
    since = today - LOOKED_BACK
    urns = [key for key in missing if isinstance(key, int)]
    found: dict[int | str, tuple[date, int]] = {
        urn: (day, delivery) for urn, day, delivery in bulk.select(LAST_MARK, [authority, urns, since, today])
    }
    children = {child for key in missing if isinstance(key, str) for day in missing[key] for child in day.children}
    if children:
        for name, day, delivery in bulk.select(LAST_MARK_OFF, [authority, sorted(children), since, today]):
            found[key_of(name)] = (day, delivery)
    return found


def _urgency(one: Owes, today: date) -> tuple[int, date, int, str]:
    """Broken promises, the oldest first; never asked; asked without a promise; promised for a day to come."""
    if one.is_broken(today):
        return 0, one.promise or today, -one.sessions, one.site.name
    group = 1 if not one.asked else 2 if one.promise is None else 3
    return group, one.promise or date.max, -one.sessions, one.site.name


SUBJECT = "Attendance marks are missing in Virtual School"
BODY = """Attendance marks of past school days are missing for your school in Virtual School.

Sign in to enter them: {url}

If your school sends its marks from its own system, please see that they are sent. This message names no pupil.
"""


class NobodyToMail(Exception):
    """No designated teacher with an e-mail address is held, or they were mailed today already."""


@transaction.atomic
def ask(asked: MarksAsked, *, by: User, role: str) -> MarksAsked:
    """Written down; a mail goes out in the background. Raises NobodyToMail, and then nothing is written."""
    today = timezone.localdate()
    asked.by_id, asked.by_name = by.pk, by.name
    if asked.how == MarksAsked.How.MAIL:
        teacher = _teacher(asked.school_id, today) if asked.school_id else None
        if teacher is None or not teacher.person.email:
            raise NobodyToMail("No designated teacher with an e-mail address is held for this school")
        if _mailed_on(asked.authority_id, asked.school_id, today):
            raise NobodyToMail("A mail went to this school today already")
        asked.spoke_to = teacher.person.name
    asked.save(force_insert=True)
    record(
        "attendance.marks_asked", by=by.pk, authority=asked.authority_id, role=role, urn=asked.site.urn,
        **of_place(asked.site), how=asked.how,
    )  # fmt: skip
    return asked


def _teacher(urn: int, today: date) -> DesignatedTeacher | None:
    return DesignatedTeacher.objects.filter(in_force(today), school=urn).select_related("person").first()


def _mailed_on(authority: int, urn: int | None, day: date) -> bool:
    rows = MarksAsked.objects.filter(authority=authority, school=urn, how=MarksAsked.How.MAIL)
    return rows.filter(asked_at__gte=timezone.make_aware(datetime.combine(day, datetime.min.time()))).exists()


def mail(asked: MarksAsked) -> bool:
    """To the designated teacher, once; it says only that marks are missing."""
    teacher = _teacher(asked.school_id, timezone.localdate()) if asked.school_id else None
    if asked.mailed_at is not None or teacher is None or not teacher.person.email:
        return False
    url = settings.BASE_URL.rstrip("/") + reverse("attendance:marks", args=[asked.school_id])
    send_mail(SUBJECT, BODY.format(url=url), None, [teacher.person.email])
    asked.mailed_at = timezone.now()
    asked.save(update_fields=["mailed_at"])
    return True


@transaction.atomic
def expect_nothing(authority: int, site: Site, day: date, why: str, *, closed: bool, by: User, role: str) -> None:
    """`closed`: the day becomes one of the school's own calendar, for everybody, else it is excused here alone.

    Raises ValidationError where the calendar refuses it.
    """
    if closed and isinstance(site, School):
        add_own_dates(site, Dates(TermDates.Kind.CLOSURE, why, day, day), by=by)
    elif DayNotExpected.objects.filter(authority=authority, day=day, **at(site)).exists():
        raise ValidationError("No marks are expected of this day already.")
    else:
        DayNotExpected.objects.create(authority_id=authority, **ids_of(kept(site)), day=day, why=why, by_name=by.name)
    record(
        "attendance.not_expected", by=by.pk, authority=authority, role=role, urn=site.urn, **of_place(site),
        day=day.isoformat(), closed=closed,
    )  # fmt: skip


@transaction.atomic
def expect_again(excused: DayNotExpected, *, by: User, role: str) -> None:
    record(
        "attendance.expected_again", by=by.pk, authority=excused.authority_id, role=role, urn=excused.site.urn,
        **of_place(excused.site), day=excused.day.isoformat(),
    )  # fmt: skip
    excused.delete()
