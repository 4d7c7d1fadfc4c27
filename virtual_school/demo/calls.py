"""Calls of this week to schools that had not marked, and what schools that owe marks were asked."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from virtual_school.access.models import Membership, Role
from virtual_school.attendance.calling import NOW, call_list
from virtual_school.attendance.chasing import owing
from virtual_school.attendance.comparing import Given
from virtual_school.attendance.models import Delivery, MarkedDay
from virtual_school.attendance.models_calls import CallAnswer, MarksAsked, PlaceContact, SchoolCall, ids_of
from virtual_school.attendance.places import kept, places_seen
from virtual_school.attendance.whose import Whose
from virtual_school.attendance.writing import Sender, deliver
from virtual_school.authorities.models import Authority
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.schools.models import DesignatedTeacher, Enrolment, School

DAY = timedelta(days=1)
WORDS = ("A stomach bug, back in two days", "The carer rang at eight: a cold", "At the dentist until eleven",
         "Temperature since last night", "Nobody has rung in")  # fmt: skip
OFFICE = ("Attendance office", "Reception", "Mrs Hill, attendance", "Head of year")
PLACE_CONTACTS = ("Jo Field, manager", "Sam Hurst, lead tutor", "Ali Dean, office")
TODAY_SO_FAR = (("engaged", 12, 15), ("no_answer", 18, 30), ("message", 25, 60), ("no_answer", 31, None))
"""What came of it, minutes after nine, and in how many minutes to ring again."""

CALLS_A_DAY, DAYS_BACK, OWED_DAYS = 3, 3, 10


class Calls:
    def __init__(self, authority: Authority, calendar: SchoolCalendar, seed: str, today: date) -> None:
        self.authority, self.calendar, self.today = authority, calendar, today
        self.rng = Random(f"{seed}:{authority.code}:calls")
        self.of = Whose(Role.VIRTUAL_SCHOOL_HEAD, (authority.code,), None)
        rows = Membership.objects.filter(
            authority=authority, role__in=(Role.ADVISER, Role.DATA_OFFICER), ends__isnull=True
        )
        self.callers = list(rows.order_by("id").values_list("user", "user__name"))

    def write(self) -> None:
        self.before = list(self._days_before())
        if not self.callers or len(self.before) < DAYS_BACK:
            return
        self._numbers()
        for day in self.before:
            self._of_past_day(day)
        if self.calendar.holds(self.today) and self.calendar.is_school_day(self.today):
            self._of_today()
        self._asked()

    def _days_before(self) -> Iterator[date]:
        """The last school days, the earliest first."""
        days = [self.today - n * DAY for n in range(1, 12)]
        held = [day for day in days if self.calendar.holds(day) and self.calendar.is_school_day(day)]
        yield from sorted(held[:DAYS_BACK])

    def _numbers(self) -> None:
        """Telephone numbers that are kept for invented people, so that nobody's telephone rings."""
        urns = Enrolment.objects.filter(authority=self.authority, school__isnull=False, ends__isnull=True)
        held = DesignatedTeacher.objects.filter(school__in=urns.values("school"), telephone="").order_by("school")
        for n, teacher in enumerate(held):
            teacher.telephone = f"01632 960{n % 1000:03}"
            teacher.save(update_fields=["telephone"])
        by_id, by_name = self.callers[0]
        for n, place in enumerate(places_seen(self.authority.code).values()):
            PlaceContact.objects.create(
                authority=self.authority, place_id=kept(place).pk, telephone=f"01632 960{999 - n}",
                contact=PLACE_CONTACTS[n % len(PLACE_CONTACTS)], by_id=by_id, by_name=by_name,
                at=datetime.combine(self.before[0], time(9, 20), UTC),
            )  # fmt: skip

    def _call(self, school: School, day: date, minutes: int, outcome: str, again: int | None = None) -> SchoolCall:
        by_id, by_name = self.rng.choice(self.callers)
        at = datetime.combine(day, time(9), UTC) + timedelta(minutes=minutes)
        return SchoolCall(
            public_id=uuid.UUID(int=self.rng.getrandbits(128), version=4), authority=self.authority, school=school,
            about=day, outcome=outcome, rung_at=at, next_at=at + timedelta(minutes=again) if again else None,
            spoke_to=self.rng.choice(OFFICE) if outcome == "answered" else "", by_id=by_id, by_name=by_name,
        )  # fmt: skip

    def _answer(self, call: SchoolCall, child: int, am: str, words: str) -> None:
        call.pupils = 1
        call.save()
        CallAnswer.objects.create(
            authority=self.authority, child_id=child, call=call, urn=call.school_id, day=call.about, am=am, words=words,
            rung_at=call.rung_at, by_name=call.by_name, is_struck=call.struck_at is not None,
        )  # fmt: skip

    def _of_past_day(self, day: date) -> None:
        """Schools said why somebody was ill before their own marks came; one call was a mistake."""
        ill = MarkedDay.objects.filter(authority=self.authority, day=day, am="I", urn__gt=0).order_by("child", "urn")
        found = list(ill.values_list("child", "urn"))
        schools = School.objects.in_bulk([urn for _, urn in found])
        for n, (child, urn) in enumerate(self.rng.sample(found, min(CALLS_A_DAY, len(found)))):
            call = self._call(schools[urn], day, 5 + 9 * n, "answered")
            if n == 2 and day == self.today - DAY:
                call.struck_at, call.struck_by_name = call.rung_at + timedelta(minutes=4), call.by_name
                call.struck_why = "Wrong line: that was the other pupil"
            self._answer(call, child, "I", self.rng.choice(WORDS[:4]))

    def _of_today(self) -> None:
        now = datetime.combine(self.today, time(10), UTC)
        waiting = call_list(self.of, self.today, now).of(NOW)
        schools = [(one.site, one.pupils) for one in waiting if isinstance(one.site, School)]
        for (school, _), (outcome, minutes, again) in zip(schools[2:], TODAY_SO_FAR, strict=False):
            self._call(school, self.today, minutes, outcome, again).save()
        if len(schools) > 1:
            school, pupils = schools[1]
            self._told(school, pupils[0].child)

    def _told(self, school: School, child: int) -> None:
        call = self._call(school, self.today, 38, "answered")
        sender = Sender(Delivery.Source.PHONE, school.name, call.by_id, call.by_name, call.rung_at)
        deliver(sender, {self.authority.code: [Given(child, self.today, school.urn, "I", "")]})
        mine = Delivery.objects.filter(source=Delivery.Source.PHONE, sender=school.name)
        call.delivery = mine.order_by("-pk").values_list("pk", flat=True).first()
        self._answer(call, child, "I", WORDS[0])

    def _asked(self) -> None:
        """Of the schools that owe most: a promise not kept, one to come, one asked by mail. The last is not asked yet."""
        owed = sorted(owing(self.of, self.today, OWED_DAYS), key=lambda one: (-one.sessions, one.site.urn))
        later = self.today + 2 * DAY
        ways = (
            ("telephone", 0, self.before[-1], "New system since half term"),
            ("in_person", 1, later, ""),
            ("own_mail", 2, None, ""),
        )
        for one, (how, place, promised, words) in zip(owed[:-1], ways, strict=False):
            by_id, by_name = self.rng.choice(self.callers)
            MarksAsked.objects.create(
                authority=self.authority, **ids_of(kept(one.site)), how=how, words=words, by_id=by_id, by_name=by_name,
                spoke_to=one.contact.name or self.rng.choice(OFFICE),
                promised_on=promised, asked_at=datetime.combine(self.before[place], time(14, 10), UTC),
            )  # fmt: skip
