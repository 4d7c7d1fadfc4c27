"""Schools that owe marks of past days, and what was done to get them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
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
from .models_calls import DayNotExpected, MarksAsked
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
    select e.school_id, d.day, e.child_id, c.born,
           (not coalesce(m.am, false))::int + (not coalesce(m.pm, false))::int
    from unnest(%(days)s::date[]) as d (day)
    join schools_enrolment e on e.authority_id = %(authority)s and e.kind = 'main' and e.school_id is not null
        and e.starts <= d.day and (e.ends is null or e.ends > d.day)
    join care_careperiod p on p.authority_id = e.authority_id and p.child_id = e.child_id
        and p.kind = 'looked_after' and p.starts <= d.day and (p.ends is null or p.ends > d.day)
    join children_child c on c.authority_id = e.authority_id and c.id = e.child_id
    left join m on m.child_id = e.child_id and m.day = d.day
    where (m.child_id is null or not m.am or not m.pm)
      and (%(children)s::bigint[] is null or e.child_id = any (%(children)s))
      and (%(urn)s::int is null or e.school_id = %(urn)s)
    order by e.school_id, d.day, e.child_id
"""
LAST_MARK = """
    select urn, max(day), max(greatest(am_from, pm_from)) from attendance_markedday
    where authority_id = %s and urn = any(%s::int[]) and day between %s and %s group by urn
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
    def school(self) -> School:
        return self.contact.school

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
    of: Whose, today: date, number: int, *, adviser: str = "", urn: int | None = None, every_age: bool = False
) -> list[Owes]:
    """Of the authority's staff: the schools that owe marks of the last so many school days, broken promises first.

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
        "authority": authority.code, "days": days, "first": days[0], "last": days[-1], "children": children, "urn": urn,
    }  # fmt: skip
    rows = [row for row in bulk.select(MISSING, asked) if every_age or is_of_age(row[3], row[1])]
    missing = _expected(authority, rows, days)
    return _with_what_was_done(authority, missing, today)


def _expected(authority: Authority, rows: Sequence[tuple], days: Sequence[date]) -> dict[int, list[MissingDay]]:
    """Without the days on which the school was closed by its own calendar, or nothing was expected of it."""
    calendars = Calendars(authority, {row[0] for row in rows})
    excused = not_expected([authority.code], days[0], days[-1])
    found: dict[int, list[MissingDay]] = defaultdict(list)
    for (urn, day), group in groupby(rows, key=lambda row: row[:2]):
        if (authority.code, urn, day) in excused or calendars.of(urn).is_school_day(day) is False:
            continue
        owed = [(child, sessions) for _, _, child, _, sessions in group]
        found[urn].append(MissingDay(day, tuple(child for child, _ in owed), sum(sessions for _, sessions in owed)))
    return found


def _with_what_was_done(authority: Authority, missing: dict[int, list[MissingDay]], today: date) -> list[Owes]:
    held = contacts(missing, today)
    asked: dict[int, list[MarksAsked]] = defaultdict(list)
    for one in MarksAsked.objects.filter(authority=authority, school__in=list(missing)):
        asked[one.school_id].append(one)
    last = {
        urn: (day, delivery)
        for urn, day, delivery in bulk.select(LAST_MARK, [authority.code, list(missing), today - LOOKED_BACK, today])
    }
    came = came_from(delivery for _, delivery in last.values())
    found = []
    for urn, days in missing.items():
        day, delivery = last.get(urn, (None, 0))
        # What was asked before the earliest day now missing was about other marks.
        since = [one for one in asked[urn] if timezone.localdate(one.asked_at) > days[0].day]
        found.append(Owes(held[urn], days, since, day, came.get(delivery)))
    found.sort(key=lambda one: _urgency(one, today))
    return found


def _urgency(one: Owes, today: date) -> tuple[int, date, int, str]:
    """Broken promises, the oldest first; never asked; asked without a promise; promised for a day to come."""
    if one.is_broken(today):
        return 0, one.promise or today, -one.sessions, one.school.name
    group = 1 if not one.asked else 2 if one.promise is None else 3
    return group, one.promise or date.max, -one.sessions, one.school.name


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
        teacher = _teacher(asked.school_id, today)
        if teacher is None or not teacher.person.email:
            raise NobodyToMail("No designated teacher with an e-mail address is held for this school")
        if _mailed_on(asked.authority_id, asked.school_id, today):
            raise NobodyToMail("A mail went to this school today already")
        asked.spoke_to = teacher.person.name
    asked.save(force_insert=True)
    record(
        "attendance.marks_asked", by=by.pk, authority=asked.authority_id, role=role, urn=asked.school_id,
        how=asked.how,
    )  # fmt: skip
    return asked


def _teacher(urn: int, today: date) -> DesignatedTeacher | None:
    return DesignatedTeacher.objects.filter(in_force(today), school=urn).select_related("person").first()


def _mailed_on(authority: int, urn: int, day: date) -> bool:
    rows = MarksAsked.objects.filter(authority=authority, school=urn, how=MarksAsked.How.MAIL)
    return rows.filter(asked_at__gte=timezone.make_aware(datetime.combine(day, datetime.min.time()))).exists()


def mail(asked: MarksAsked) -> bool:
    """To the designated teacher, once; it says only that marks are missing."""
    teacher = _teacher(asked.school_id, timezone.localdate())
    if asked.mailed_at is not None or teacher is None or not teacher.person.email:
        return False
    url = settings.BASE_URL.rstrip("/") + reverse("attendance:marks", args=[asked.school_id])
    send_mail(SUBJECT, BODY.format(url=url), None, [teacher.person.email])
    asked.mailed_at = timezone.now()
    asked.save(update_fields=["mailed_at"])
    return True


@transaction.atomic
def expect_nothing(authority: int, school: School, day: date, why: str, *, closed: bool, by: User, role: str) -> None:
    """`closed`: the day becomes one of the school's own calendar, for everybody, else it is excused here alone.

    Raises ValidationError where the calendar refuses it.
    """
    if closed:
        add_own_dates(school, Dates(TermDates.Kind.CLOSURE, why, day, day), by=by)
    elif DayNotExpected.objects.filter(authority=authority, school=school, day=day).exists():
        raise ValidationError("No marks are expected of this day already.")
    else:
        DayNotExpected.objects.create(authority_id=authority, school=school, day=day, why=why, by_name=by.name)
    record(
        "attendance.not_expected", by=by.pk, authority=authority, role=role, urn=school.urn, day=day.isoformat(),
        closed=closed,
    )  # fmt: skip


@transaction.atomic
def expect_again(excused: DayNotExpected, *, by: User, role: str) -> None:
    record(
        "attendance.expected_again", by=by.pk, authority=excused.authority_id, role=role, urn=excused.school_id,
        day=excused.day.isoformat(),
    )  # fmt: skip
    excused.delete()
