"""The people and children every test of access plays with: two authorities alike to the letter.

Borchester looks after a child at school A, one at school B, and one whom everybody was around until yesterday.
Felpersham looks after a child with the same name, birthday, UPN and identifier as Borchester's first.
"""

import contextlib
import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.test import Client
from django.utils import timezone

from virtual_school.access.models import Membership, Role, User
from virtual_school.access.roles import RIGHTS
from virtual_school.access.tests.factories import MembershipFactory
from virtual_school.access.tests.signing_in import signed_in
from virtual_school.authorities.models import Authority
from virtual_school.children.models import Child, Involvement
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.schools.models import DesignatedTeacher, Enrolment, School

BORCHESTER, FELPERSHAM = 896, 897
SCHOOL_A, SCHOOL_B = 100001, 100002
AT_A_SCHOOL = {Role.DESIGNATED_TEACHER, Role.DELEGATE}


@dataclass
class Cast:
    """`users` holds Borchester's person of each role, and "no_role". `children` is by relation."""

    users: dict[str, User]
    children: dict[str, Child]
    other_head: User
    teacher_b: User
    other_social_worker: User
    colleague: Membership
    colleague_elsewhere: Membership
    _clients: dict[str, Client] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """A browser in which this person has signed in; "anonymous" has not."""
        if role not in self._clients:
            self._clients[role] = Client() if role == "anonymous" else signed_in(self.users[role])
        return self._clients[role]


def make_cast() -> Cast:
    today = timezone.localdate()
    long_ago, yesterday = today - datetime.timedelta(days=400), today - datetime.timedelta(days=1)
    borchester = Authority.objects.create(code=BORCHESTER, name="Borchester")
    felpersham = Authority.objects.create(code=FELPERSHAM, name="Felpersham")
    for urn, name in [(SCHOOL_A, "Moorcroft High"), (SCHOOL_B, "Ashby Primary")]:
        School.objects.create(urn=urn, name=name, la_code=BORCHESTER, status="Open", search_text=name.lower())
    users = {
        role: MembershipFactory(
            role=role,
            authority=borchester,
            urn=SCHOOL_A if role in AT_A_SCHOOL else None,
            starts=long_ago,
        ).user
        for role in RIGHTS
    }
    users["no_role"] = MembershipFactory(
        role=Role.VIRTUAL_SCHOOL_HEAD, authority=borchester, starts=long_ago, ends=yesterday
    ).user
    other_head = MembershipFactory(role=Role.VIRTUAL_SCHOOL_HEAD, authority=felpersham, starts=long_ago).user
    teacher_b = MembershipFactory(
        role=Role.DESIGNATED_TEACHER, authority=borchester, urn=SCHOOL_B, starts=long_ago
    ).user
    other_social_worker = MembershipFactory(role=Role.SOCIAL_WORKER, authority=borchester, starts=long_ago).user
    DesignatedTeacher.objects.create(school_id=SCHOOL_A, person=users[Role.DESIGNATED_TEACHER], starts=long_ago)
    DesignatedTeacher.objects.create(school_id=SCHOOL_B, person=teacher_b, starts=long_ago)
    children = _children(borchester, felpersham)
    with acting(service(BORCHESTER)):
        for role, user in users.items():
            if role == "no_role" or RIGHTS[role].sees_authority or role == Role.ADMINISTRATOR:
                continue
            if role == Role.BOARD_MEMBER:
                continue
            _involve(children["own"], user, role, long_ago)
            _involve(children["ended"], user, role, long_ago, today)
        _involve(children["other_school"], teacher_b, Role.DESIGNATED_TEACHER, long_ago)
        _involve(children["other_school"], other_social_worker, Role.SOCIAL_WORKER, long_ago)
        for relation, urn in [("own", SCHOOL_A), ("other_school", SCHOOL_B), ("ended", SCHOOL_A)]:
            Enrolment.objects.create(authority=borchester, child=children[relation], school_id=urn, starts=long_ago)
    return Cast(
        users,
        children,
        other_head,
        teacher_b,
        other_social_worker,
        colleague=MembershipFactory(role=Role.ADVISER, authority=borchester, starts=long_ago),
        colleague_elsewhere=MembershipFactory(role=Role.ADVISER, authority=felpersham, starts=long_ago),
    )


def _children(borchester: Authority, felpersham: Authority) -> dict[str, Child]:
    jayden: dict[str, Any] = {
        "local_id": "0001",
        "forename": "Jayden",
        "surname": "Okafor",
        "born": datetime.date(2012, 5, 14),
        "upn": "A123456789012",
        "search_text": "jayden okafor a123456789012",
    }
    with acting(service(BORCHESTER)):
        own = Child.objects.create(authority=borchester, **jayden)
        other_school = Child.objects.create(
            authority=borchester, **{**jayden, "local_id": "0002", "forename": "Amara", "upn": "B123456789012"}
        )
        ended = Child.objects.create(
            authority=borchester, **{**jayden, "local_id": "0003", "forename": "Yonas", "upn": "C123456789012"}
        )
    with acting(service(FELPERSHAM)):
        elsewhere = Child.objects.create(authority=felpersham, **jayden)
    return {"own": own, "other_school": other_school, "ended": ended, "other_authority": elsewhere}


def _involve(child: Child, person: User, role: str, starts: datetime.date, ends: datetime.date | None = None) -> None:
    Involvement.objects.create(
        authority_id=child.authority_id, child=child, person=person, role=role, starts=starts, ends=ends
    )


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """What is done within is taken back, so that the next request finds the cast as it was."""
    block = transaction.atomic()
    block._from_testcase = True  # as a test's own transaction: a request's must be the outermost otherwise
    with block:
        yield
        transaction.set_rollback(True)


Arguments = Callable[[Cast, str], dict[str, Any]]
ARGUMENTS: dict[str, Arguments] = {
    "access:colours": lambda cast, relation: {"colour": "0d4a52"},
    "access:accept_invitation": lambda cast, relation: {"token": "never-sent"},
    "access:demo_sign_in": lambda cast, relation: {"public_id": cast.users["carer"].public_id},
}
"""What stands in the address of pages that are about nothing, by URL name."""


def arguments_for(name: str, about: str, cast: Cast, relation: str) -> dict[str, Any]:
    """What the address of the page names, for something in this relation to Borchester's people."""
    if name in ARGUMENTS:
        return ARGUMENTS[name](cast, relation)
    if about == "child":
        return {"public_id": cast.children[relation].public_id}
    if about in {"person", "role"}:
        membership = cast.colleague if relation == "own" else cast.colleague_elsewhere
        return {"public_id": membership.user.public_id} if about == "person" else {"pk": membership.pk}
    if about == "school":
        return {"urn": SCHOOL_A if relation == "own" else SCHOOL_B}
    return {}
