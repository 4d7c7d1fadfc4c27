"""The people and children every test of access plays with: two authorities alike to the letter.

Borchester looks after a child at school A, one at school B, and one whom everybody was around until yesterday.
Felpersham looks after a child with the same name, birthday, UPN and identifier as Borchester's first.
"""

import contextlib
import datetime
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.test import Client
from django.utils import timezone

from virtual_school.access.matrix import NOT_SIGNED_IN
from virtual_school.access.models import Membership, Role, User
from virtual_school.access.roles import RIGHTS
from virtual_school.access.tests.factories import MembershipFactory
from virtual_school.access.tests.signing_in import signed_in
from virtual_school.authorities.models import Appointment, Authority, PolicyVersion, TermDates
from virtual_school.children.models import Child, Evidence, Involvement
from virtual_school.exchange.models import ApiToken, Import
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.schools.models import DesignatedTeacher, Enrolment, School

BORCHESTER, FELPERSHAM = 896, 897
SCHOOL_A, SCHOOL_B = 100001, 100002
SESSION_CLOCK = 20.0
"""Seconds after which a session's clock is set again: sooner than `access.middleware.SessionLimits` would."""
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
    records: dict[Any, Any] = field(default_factory=dict)
    _clients: dict[str, Client] = field(default_factory=dict)
    _seen: dict[str, float] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """A browser in which this person has signed in; "anonymous" has not, and "hand_over"
        is a child with a code. Ask for it outside `undone()`, which
        would take the session back."""
        if role not in self._clients:
            self._clients[role] = Client() if role in NOT_SIGNED_IN else signed_in(self.users[role])
        if role not in NOT_SIGNED_IN and time.monotonic() - self._seen.get(role, -SESSION_CLOCK) > SESSION_CLOCK:
            # Sets the session's clock, which requests in `undone()` would each set anew.
            self._clients[role].get("/account/")
            self._seen[role] = time.monotonic()
        if role == "hand_over":
            from . import voice  # which is made of what stands here

            voice.give_code(self, self._clients[role])
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
    TermDates.objects.create(
        urn=SCHOOL_A, academic_year="2026/27", kind="term", label="Autumn term", starts="2026-09-01", ends="2026-12-18"
    )
    children = _children(borchester, felpersham)
    for child in children.values():
        with acting(service(child.authority_id)):
            Evidence.objects.create(
                authority_id=child.authority_id, child=child, duty="VS-08", on=yesterday, by_name="Helen"
            )
    with acting(service(FELPERSHAM)):
        _involve(children["other_authority"], other_head, Role.ADVISER, long_ago)
    with acting(service(BORCHESTER)):
        for role, user in users.items():
            if role == "no_role" or RIGHTS[role].sees_authority or role == Role.ADMINISTRATOR:
                continue
            if role == Role.BOARD_MEMBER:
                continue
            _involve(children["own"], user, role, long_ago)
            _involve(children["ended"], user, role, long_ago, today)
        _involve(children["other_school"], teacher_b, Role.DESIGNATED_TEACHER, long_ago)
        _involve(children["ended"], other_social_worker, Role.SOCIAL_WORKER, long_ago)
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


def record_of(cast: Cast, relation: str, kind: str) -> Any:
    """Something of Borchester's own, or of Felpersham's, made when a page first asks for it."""
    code = FELPERSHAM if relation == "other_authority" else BORCHESTER
    if (kind, code) not in cast.records:
        with acting(service(code)):
            cast.records[kind, code] = MAKE[kind](code)
    return cast.records[kind, code]


def _tomorrow() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=1)


MAKE: dict[str, Callable[[int], Any]] = {
    "appointment": lambda code: Appointment.objects.create(
        authority_id=code, kind="virtual_school_head", name="Helen Marsden", employer="x", starts="2026-01-05"
    ),
    "policy": lambda code: PolicyVersion.objects.create(authority_id=code, starts=_tomorrow()),
    "dates": lambda code: TermDates.objects.create(
        la_code=code, academic_year="2026/27", kind="term", label="Autumn term", starts="2026-09-01", ends="2026-12-18"
    ),
    "token": lambda code: ApiToken.objects.create(
        authority_id=code, name="Arbor", verbs=["attendance:write"], secret_hash=f"{code}", expires_on=_tomorrow()
    ),
    "import": lambda code: Import.objects.create(authority_id=code, kind="ssda903", state="ready"),
}


Arguments = Callable[[Cast, str], dict[str, Any]]
ARGUMENTS: dict[str, Arguments] = {
    "access:colours": lambda cast, relation: {"colour": "0d4a52"},
    "access:accept_invitation": lambda cast, relation: {"token": "never-sent"},
    "access:demo_sign_in": lambda cast, relation: {"public_id": cast.users["carer"].public_id},
    "caseload:person_end": lambda cast, relation: _of_child(cast, relation, Involvement, ends=None),
    "caseload:person_undo": lambda cast, relation: _of_child(cast, relation, Involvement),
    "caseload:evidence": lambda cast, relation: {
        "public_id": cast.children[relation].public_id,
        "duty": "VS-08",
    },
    "caseload:evidence_withdraw": lambda cast, relation: _of_child(cast, relation, Evidence),
    "duties:duty": lambda cast, relation: {"duty_id": "PEP-01"},
    "exchange:template": lambda cast, relation: {"kind": "plans"},
    "quality:measure": lambda cast, relation: {"id_": "I-PEP-01"},
    "quality:measure_download": lambda cast, relation: {"id_": "I-PEP-01"},
    "schools:end_appointment": lambda cast, relation: _of_school(DesignatedTeacher.objects.get(school=SCHOOL_A)),
    "schools:undo_appointment": lambda cast, relation: _of_school(DesignatedTeacher.objects.get(school=SCHOOL_A)),
    "schools:reopen": lambda cast, relation: _of_school(DesignatedTeacher.objects.get(school=SCHOOL_A)),
    "schools:remove_dates": lambda cast, relation: _of_school(TermDates.objects.get(urn=SCHOOL_A)),
}
"""What stands in the address of a page, by URL name, where it is not simply what the page is about."""
RECORDS = {
    **dict.fromkeys(["duties:end_appointment", "duties:undo_appointment", "duties:reopen_appointment"], "appointment"),
    **dict.fromkeys(["duties:undo_policy", "duties:withdraw_policy"], "policy"),
    **dict.fromkeys(["duties:change_dates", "duties:remove_dates"], "dates"),
    **dict.fromkeys(
        [f"exchange:{name}" for name in ["import", "rows", "rejected", "apply", "discard", "undo", "columns", "again"]],
        "import",
    ),
    "exchange:withdraw_token": "token",
}
"""Which kind of record a page about a record names."""


def _of_school(row: Any) -> dict[str, Any]:
    return {"urn": SCHOOL_A, "pk": row.pk}


def _of_child(cast: Cast, relation: str, model: Any, **such: Any) -> dict[str, Any]:
    child = cast.children[relation]
    with acting(service(child.authority_id)):
        row = model.objects.filter(child=child, **such).first()
    return {"public_id": child.public_id, "pk": row.pk}


def arguments_for(name: str, about: str, cast: Cast, relation: str) -> dict[str, Any]:
    """What the address of the page names, for something in this relation to Borchester's people."""
    if name.startswith("plans:"):
        from . import plans  # which is made of what stands here

        if name in plans.ARGUMENTS:
            return plans.ARGUMENTS[name](cast, relation)
    if name.startswith("quality:"):
        from . import quality

        if name in quality.ARGUMENTS:
            return quality.ARGUMENTS[name](cast, relation)
    if name.startswith("voice:"):
        from . import voice

        if name in voice.ARGUMENTS:
            return voice.ARGUMENTS[name](cast, relation)
    if name.startswith("attendance:"):
        from . import alerts, suspensions  # which are made of what stands here

        if name in suspensions.ARGUMENTS:
            return suspensions.ARGUMENTS[name](cast, relation)
        if name in alerts.ARGUMENTS:
            return alerts.ARGUMENTS[name](cast, relation)
    if name in ARGUMENTS:
        return ARGUMENTS[name](cast, relation)
    if about == "record":
        record = record_of(cast, relation, RECORDS[name])
        return {"public_id": record.public_id} if isinstance(record, Import | ApiToken) else {"pk": record.pk}
    if about == "child":
        return {"public_id": cast.children[relation].public_id}
    if about in {"person", "role"}:
        membership = cast.colleague if relation == "own" else cast.colleague_elsewhere
        return {"public_id": membership.user.public_id} if about == "person" else {"pk": membership.pk}
    if about == "school":
        return {"urn": SCHOOL_A if relation == "own" else SCHOOL_B}
    return {}
