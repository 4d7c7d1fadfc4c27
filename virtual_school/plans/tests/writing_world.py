"""A small invented world for the tests of writing: three councils, two schools, and a plan open for each child."""

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
from virtual_school.authorities.queries import school_calendars
from virtual_school.care.actions import work_out_history
from virtual_school.care.models import Episode
from virtual_school.children.models import Child, Involvement
from virtual_school.dates.school_days import Term
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.plans.models import Answer, Plan
from virtual_school.plans.opening import open_term
from virtual_school.schools.actions import refresh_involvements
from virtual_school.schools.models import DesignatedTeacher, Enrolment, School
from virtual_school.schools.tests.factories import SchoolFactory

TODAY = date(2026, 11, 24)
HERE, ELSEWHERE, FAR = 373, 380, 330
LONG_AGO = date(2020, 1, 6)

ROLES = {
    "head": ("Helen Marsden", Role.VIRTUAL_SCHOOL_HEAD),
    "adviser": ("Priya Nair", Role.ADVISER),
    "data officer": ("Dan Lowe", Role.DATA_OFFICER),
    "inspector": ("Ines Park", Role.INSPECTOR),
    "social worker": ("Danielle Frost", Role.SOCIAL_WORKER),
    "other social worker": ("Joe Kavanagh", Role.SOCIAL_WORKER),
    "carer": ("Sue Palmer", Role.CARER),
    "reviewing officer": ("Ruth Ellery", Role.REVIEWING_OFFICER),
    "board member": ("Clive Pemberton", Role.BOARD_MEMBER),
}
AROUND_MAISIE = ("adviser", "social worker", "carer", "reviewing officer")


@dataclass
class World:
    here: Authority
    elsewhere: Authority
    far: Authority
    term: Term
    people: dict[str, User] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)
    schools: dict[str, School] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)

    def client(self, who: str) -> Client:
        return signed_in(self.people[who])

    def within(self) -> AbstractContextManager[Any]:
        """To look at or change what is about children, outside of a request."""
        return acting(service(HERE, ELSEWHERE, FAR))

    def url(self, child: str, page: str = "") -> str:
        return f"/plans/{self.plans[child].public_id}/{page}"

    def answer(self, child: str, key: str) -> Answer | None:
        with self.within():
            return Answer.objects.filter(plan=self.plans[child], field_key=key).first()

    def plan(self, child: str) -> Plan:
        with self.within():
            return Plan.objects.get(pk=self.plans[child].pk)


def make(*, opened: bool = True) -> World:
    """Maisie and her twin Ellie are at Moorcroft, where Zainab and Logan of two other councils are too; Lacey is at
    Thornbury. The designated teacher of Moorcroft has all four."""
    with acting(service(HERE, ELSEWHERE, FAR)):
        authorities = [open_authority(code, is_invented=True) for code in (HERE, ELSEWHERE, FAR)]
        calendar, _ = school_calendars(HERE, authorities[0].name)
        world = World(*authorities, term=calendar.term_or_next(TODAY))
        _people(world)
        _children(world)
        for code in (HERE, ELSEWHERE, FAR):
            work_out_history(code)
            refresh_involvements(code)
        if opened:
            for authority in authorities:
                for plan in open_term(authority=authority, term=world.term, by=None, on=TODAY).made:
                    child = next(name for name, one in world.children.items() if one.pk == plan.child_id)
                    world.plans[child] = plan
    return world


def _people(world: World) -> None:
    for who, (name, role) in ROLES.items():
        world.people[who] = UserFactory(name=name, is_invented=True)
        Membership.objects.create(user=world.people[who], authority=world.here, role=role, starts=LONG_AGO)
    world.people["other head"] = UserFactory(name="Otto Head", is_invented=True)
    Membership.objects.create(
        user=world.people["other head"], authority=world.elsewhere, role=Role.VIRTUAL_SCHOOL_HEAD, starts=LONG_AGO
    )
    for who, name, school in (
        ("teacher", "Asha Khan", "Moorcroft High School"),
        ("other teacher", "Owen Price", "Thornbury School"),
    ):
        world.people[who] = UserFactory(
            name=name, is_invented=True, email=f"{name.split()[0].lower()}@moorcroft.example"
        )
        world.schools[who] = SchoolFactory(name=school)
        DesignatedTeacher.objects.create(school=world.schools[who], person=world.people[who], starts=LONG_AGO)
        Membership.objects.create(
            user=world.people[who], urn=world.schools[who].urn, role=Role.DESIGNATED_TEACHER, starts=LONG_AGO
        )


def _children(world: World) -> None:
    twelve, born = date(2014, 5, 1), date(2013, 2, 3)
    for authority, name, day, school in (
        (world.here, "Maisie Thornton", twelve, "teacher"),
        (world.here, "Ellie Thornton", twelve, "teacher"),
        (world.elsewhere, "Zainab Hussain", born, "teacher"),
        (world.far, "Logan Pryce", born, "teacher"),
        (world.here, "Lacey Ogden", twelve, "other teacher"),
    ):
        child = a_child(world, authority, name, born=day, came_in=TODAY - timedelta(days=700))
        Enrolment.objects.create(
            authority=authority, child=child, school=world.schools[school], starts=TODAY - timedelta(days=650)
        )
    for who in AROUND_MAISIE:
        Involvement.objects.create(
            authority=world.here,
            child=world.children["maisie"],
            person=world.people[who],
            role=ROLES[who][1],
            starts=LONG_AGO,
        )


def a_child(world: World, authority: Authority, name: str, *, born: date, came_in: date) -> Child:
    forename, surname = name.split()
    n = Child.objects.filter(authority=authority).count() + 1
    child = Child.objects.create(
        authority=authority, local_id=f"{n:05}", forename=forename, surname=surname, born=born, upn=f"A37340{n:07}"
    )
    Episode.objects.create(
        authority=authority, child=child, starts=came_in, new_reason="S", legal_status="C2", place="U4",
        provider="PR1", place_postcode="S1 1AA",
    )  # fmt: skip
    world.children[forename.lower()] = child
    return child


def form_of(page: Any) -> dict[str, Any]:
    """The hidden values of a section's form, as a browser sends them back."""
    import re

    text = page.content.decode()
    found = dict(re.findall(r'<input type="hidden" name="((?:was|rows)-[^"]+)" value="([^"]*)"', text))
    return found
