"""Two other councils with pupils at the school of Calderwick's best known teacher: she has children of all three, and
helps a colleague at another school with one. Their days are told, like the cast's, for one day and move with today."""

from datetime import date
from random import Random

from virtual_school.access.models import Membership, Role, User
from virtual_school.authorities.models import Authority
from virtual_school.children.models import Child, Involvement
from virtual_school.plans.delegating import WHY
from virtual_school.plans.models import Delegation
from virtual_school.schools.models import DesignatedTeacher, Enrolment

from . import names
from .cast import TOLD_FOR
from .lives import HomeStart, Story
from .places import PRIMARY, Area, Home, SchoolPlace, miles_between
from .schooling import Attended
from .subjects import Subject
from .team import NAMED
from .whole import Invented

HER, HER_COLLEAGUE = NAMED[Role.DESIGNATED_TEACHER]
HELPED = "Ella Dunmore"
Told = tuple[str, str, date, str, date, tuple[date | None, date | None, date | None, str]]
PUPILS: dict[int, tuple[Told, ...]] = {
    928: (
        ("Zainab Hussain", "F", date(2014, 10, 7), "APKN", date(2024, 3, 4),
         (date(2026, 9, 15), date(2026, 11, 12), None, "")),
        ("Connor Byrne", "M", date(2012, 1, 23), "WIRI", date(2025, 6, 2),
         (date(2026, 9, 22), date(2026, 12, 1), None, "")),
    ),
    835: (
        ("Logan Pryce", "M", date(2011, 3, 30), "WBRI", date(2022, 11, 14),
         (date(2026, 9, 21), None, None, "")),
        (HELPED, "F", date(2016, 2, 18), "WBRI", date(2025, 1, 20), (date(2026, 9, 17), None, None, "")),
    ),
}  # fmt: skip
"""Name, sex, birth, ethnicity, in care since, and this term's plan: begun, met, signed, judged."""


def pupils(one: Invented, rng: Random, area: Area, today: date) -> list[Subject]:
    return [_subject(told, rng, area, today) for told in PUPILS[one.code]]


def _subject(told: Told, rng: Random, area: Area, today: date) -> Subject:
    name, sex, born, ethnicity, since, this_term = told
    shift = today - TOLD_FOR
    begun, met, signed, rating = this_term
    school = _school_of(HER_COLLEAGUE if name == HELPED else HER, area)
    since, (forename, surname) = since + shift, name.split(" ", 1)
    family = rng.choice(area.inside)
    story = Story(
        starts=since, family=family, legal=[(since, "C2")],
        homes=[HomeStart(since, _home_near(school, family, rng, area))],
    )  # fmt: skip
    first_year = born.year + (5 if school.kind == PRIMARY else 12)
    began = max(since, date(first_year, 9, 3) + shift)
    return Subject(
        forename, surname, sex, born + shift, ethnicity, "10-15", story=story, is_pictured=True,
        attended=[Attended(school, "", began)],
        this_term=(begun and begun + shift, met and met + shift, signed and signed + shift, rating),
    )  # fmt: skip


def _school_of(teacher: str, area: Area) -> SchoolPlace:
    held = DesignatedTeacher.objects.filter(person__name=teacher, person__is_invented=True, ends__isnull=True)
    urn = held.order_by("id").values_list("school", flat=True)[0]
    every = (one for kinds in area.england.by_area.values() for schools in kinds.values() for one in schools)
    return next(one for one in every if one.urn == urn)


def _home_near(school: SchoolPlace, family: SchoolPlace, rng: Random, area: Area) -> Home:
    near = area.england.nearest(school, PRIMARY, 3, "F")[0]
    area.homes_made += 1
    return Home(
        place="U6", provider="PR4", postcode=near.postcode, la_code=near.la_code, in_area=False,
        miles=round(miles_between(family, near), 1), urn=f"SC{area.code:03d}{area.homes_made:03d}",
        carer=names.couple(rng), near=near,
    )  # fmt: skip


def ask_her_to_help(authority: Authority) -> None:
    """The colleague's pupil, if they are this council's: she may write the school's part of the plan."""
    forename, surname = HELPED.split(" ", 1)
    child = Child.objects.filter(authority=authority, forename=forename, surname=surname).first()
    if child is None:
        return
    enrolment = Enrolment.objects.get(child=child, ends__isnull=True, kind="main")
    asked_by = User.objects.get(
        designated_teacher_at__school=enrolment.school_id, designated_teacher_at__ends__isnull=True
    )
    her = User.objects.get(name=HER, is_invented=True, designated_teacher_at__ends__isnull=True)
    since = Involvement.objects.get(child=child, role=Role.DESIGNATED_TEACHER, ends__isnull=True).starts
    Membership.objects.get_or_create(
        user=her, urn=enrolment.school_id, role=Role.DELEGATE, ends=None,
        defaults={"starts": since, "given_by_name": "Demonstration"},
    )  # fmt: skip
    Delegation.objects.create(authority=authority, child=child, by=asked_by, to=her, starts=since)
    Involvement.objects.create(authority=authority, child=child, person=her, role=Role.DELEGATE, starts=since, why=WHY)
