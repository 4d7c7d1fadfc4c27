"""A small invented world for the tests of the pages: two councils, two schools, and somebody in every role."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.test import Client

from virtual_school.access.models import Membership, Role, User
from virtual_school.access.tests.factories import UserFactory
from virtual_school.access.tests.signing_in import signed_in
from virtual_school.authorities.actions import open_authority
from virtual_school.authorities.models import Authority
from virtual_school.care.actions import work_out_history
from virtual_school.care.models import Episode, Review
from virtual_school.children.actions import refresh_search_text
from virtual_school.children.models import Child, Involvement
from virtual_school.duties.actions import refresh_children
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.plans.actions import record_plan
from virtual_school.schools.actions import refresh_involvements
from virtual_school.schools.models import DesignatedTeacher, Enrolment, School
from virtual_school.schools.tests.factories import SchoolFactory

TODAY = date(2026, 11, 24)
HERE, ELSEWHERE = 373, 380
LONG_AGO = date(2020, 1, 6)


@dataclass
class World:
    here: Authority
    elsewhere: Authority
    people: dict[str, User] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)
    schools: dict[str, School] = field(default_factory=dict)

    def client(self, who: str) -> Client:
        return signed_in(self.people[who])

    def within(self) -> AbstractContextManager[Any]:
        """To look at or change what is about children, outside of a request."""
        return acting(service(HERE, ELSEWHERE))

    def url(self, child: str, page: str = "") -> str:
        return f"/children/{self.children[child].public_id}/{page}"


def make(today: date = TODAY, extra: int = 0) -> World:
    """Kai has had no school place since an emergency move a month ago. Ayaan's first review is overdue. Maisie is at
    Moorcroft, where Zainab of the other council is too. Lacey is at another school. `extra` more are at neither."""
    with acting(service(HERE, ELSEWHERE)):
        world = World(open_authority(HERE, is_invented=True), open_authority(ELSEWHERE, is_invented=True))
        _people(world)
        moorcroft = SchoolFactory(name="Moorcroft High School")
        thornbury = SchoolFactory(name="Thornbury School")
        world.schools = {"moorcroft": moorcroft, "thornbury": thornbury}
        for who, school in (("teacher", moorcroft), ("other teacher", thornbury)):
            DesignatedTeacher.objects.create(school=school, person=world.people[who], starts=LONG_AGO)
            Membership.objects.create(
                user=world.people[who], urn=school.urn, role=Role.DESIGNATED_TEACHER, starts=LONG_AGO
            )
        _children(world, today, extra)
        for code in (HERE, ELSEWHERE):
            work_out_history(code)
            refresh_involvements(code)
            refresh_search_text(code)
            refresh_children(code, on=today)
    return world


def make_empty() -> World:
    """Both councils and everybody in them, before any return is loaded."""
    world = World(open_authority(HERE, is_invented=True), open_authority(ELSEWHERE, is_invented=True))
    _people(world)
    return world


ROLES = {
    "head": ("Helen Marsden", Role.VIRTUAL_SCHOOL_HEAD),
    "adviser": ("Priya Nair", Role.ADVISER),
    "data officer": ("Dan Lowe", Role.DATA_OFFICER),
    "nominated officer": ("Karen Holt", Role.NOMINATED_OFFICER),
    "inspector": ("Ines Park", Role.INSPECTOR),
    "social worker": ("Joe Kavanagh", Role.SOCIAL_WORKER),
    "reviewing officer": ("Ruth Ellery", Role.REVIEWING_OFFICER),
    "carer": ("Janet Rowe", Role.CARER),
    "personal adviser": ("Pat Quinn", Role.PERSONAL_ADVISER),
    "young person": ("Kai Bennett", Role.YOUNG_PERSON),
    "board member": ("Clive Pemberton", Role.BOARD_MEMBER),
    "administrator": ("Ada Minton", Role.ADMINISTRATOR),
}
SCHOOL_STAFF = {"teacher": "Asha Khan", "other teacher": "Owen Price"}
AROUND_KAI = ("adviser", "social worker", "reviewing officer", "carer", "young person")


def _people(world: World) -> None:
    for who, (name, role) in ROLES.items():
        world.people[who] = UserFactory(name=name, is_invented=True)
        Membership.objects.create(user=world.people[who], authority=world.here, role=role, starts=LONG_AGO)
    for who, name in SCHOOL_STAFF.items():
        world.people[who] = UserFactory(name=name, is_invented=True)
    for who, role in (("other head", Role.VIRTUAL_SCHOOL_HEAD), ("other adviser", Role.ADVISER)):
        world.people[who] = UserFactory(name=f"Somebody {who}", is_invented=True)
        Membership.objects.create(user=world.people[who], authority=world.elsewhere, role=role, starts=LONG_AGO)


def _children(world: World, today: date, extra: int) -> None:
    moorcroft, thornbury = world.schools["moorcroft"], world.schools["thornbury"]
    kai = a_child(
        world, world.here, "Kai Bennett", born=date(today.year - 14, 3, 10), came_in=today - timedelta(days=1000)
    )
    moved = today - timedelta(days=32)
    Episode.objects.filter(child=kai).update(ends=moved, end_reason="X1")
    Episode.objects.create(
        authority=world.here,
        child=kai,
        starts=moved,
        new_reason="P",
        legal_status="C2",
        place="U6",
        provider="PR1",
        place_postcode="S9 9ZZ",
        is_emergency=True,
    )
    Enrolment.objects.create(
        authority=world.here, child=kai, school=moorcroft, starts=today - timedelta(days=900), ends=moved
    )
    record_plan(kai, term="2025/26-summer", meeting_on=today - timedelta(days=160), rating="Good", by=None)
    Review.objects.create(authority=world.here, child=kai, on=today - timedelta(days=100))
    for who in AROUND_KAI:
        Involvement.objects.create(
            authority=world.here, child=kai, person=world.people[who], role=ROLES[who][1], starts=LONG_AGO
        )
    ayaan = a_child(
        world, world.here, "Ayaan Malik", born=date(today.year - 9, 2, 3), came_in=today - timedelta(days=45)
    )
    Enrolment.objects.create(authority=world.here, child=ayaan, school=thornbury, starts=today - timedelta(days=400))
    Involvement.objects.create(
        authority=world.here,
        child=ayaan,
        person=world.people["reviewing officer"],
        role=Role.REVIEWING_OFFICER,
        starts=LONG_AGO,
    )
    for place, code, name, school in (
        ("here", world.here, "Maisie Thornton", moorcroft),
        ("here", world.here, "Lacey Ogden", thornbury),
        ("there", world.elsewhere, "Zainab Hussain", moorcroft),
    ):
        child = a_child(world, code, name, born=date(today.year - 12, 5, 1), came_in=today - timedelta(days=700))
        Enrolment.objects.create(authority=code, child=child, school=school, starts=today - timedelta(days=650))
        Review.objects.create(authority=code, child=child, on=today - timedelta(days=90 if place == "here" else 80))
    for n in range(extra):
        a_child(
            world,
            world.here,
            f"Child{n} Extra",
            born=date(today.year - 11, 1 + n % 12, 5),
            came_in=today - timedelta(days=40 + n),
        )


def a_child(world: World, authority: Authority, name: str, *, born: date, came_in: date) -> Child:
    forename, surname = name.split()
    n = Child.objects.filter(authority=authority).count() + 1
    child = Child.objects.create(
        authority=authority, local_id=f"{n:05}", forename=forename, surname=surname, born=born, upn=f"A37340{n:07}"[:13]
    )
    Episode.objects.create(
        authority=authority,
        child=child,
        starts=came_in,
        new_reason="S",
        legal_status="C2",
        place="U4",
        provider="PR1",
        place_postcode="S1 1AA",
    )
    world.children[forename.lower()] = child
    return child
