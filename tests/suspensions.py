"""A suspension and a reduced timetable for each child of the cast, a call to a school, with what their pages name."""

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from virtual_school.attendance.models_calls import SchoolCall, named
from virtual_school.attendance.models_exclusion import Suspension, SuspensionLetter
from virtual_school.attendance.models_provision import Provision
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.schools.models import Enrolment

from .cast import BORCHESTER, SCHOOL_A, SCHOOL_B, Arguments, Cast


@dataclass
class EducationOfCast:
    suspension: Suspension
    letter: SuspensionLetter
    provision: Provision


def education_of(cast: Cast, relation: str) -> EducationOfCast:
    """Made when a page first asks for it."""
    child = cast.children[relation]
    if ("education", child.pk) not in cast.records:
        with acting(service(child.authority_id)):
            cast.records["education", child.pk] = _made(cast, relation)
    return cast.records["education", child.pk]


def _made(cast: Cast, relation: str) -> EducationOfCast:
    child, today = cast.children[relation], timezone.localdate()
    of: dict[str, Any] = {"authority_id": child.authority_id, "child": child}
    suspension = Suspension.objects.create(
        category="SUSP", decided_on=today, starts=today, back_on=today + datetime.timedelta(days=2), sessions=4,
        reasons=["DB"], **of,
    )  # fmt: skip
    stored_as = f"suspensions/{suspension.public_id}"
    path = Path(settings.MEDIA_ROOT, stored_as)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF-1.4 %%EOF")
    letter = SuspensionLetter.objects.create(
        suspension=suspension, name="letter.pdf", stored_as=stored_as, content_type="application/pdf", size=14,
        sha256="x", **of,
    )  # fmt: skip
    provision = Provision.objects.create(kind="reduced", hours=12, hours_due=24, starts=today, **of)
    return EducationOfCast(suspension, letter, provision)


def _suspension(cast: Cast, relation: str) -> dict[str, Any]:
    return {"public_id": education_of(cast, relation).suspension.public_id}


def _provision(cast: Cast, relation: str) -> dict[str, Any]:
    return {"public_id": education_of(cast, relation).provision.public_id}


def _call(cast: Cast, relation: str) -> dict[str, Any]:
    """A call to the school, made when a page first asks for it."""
    urn = SCHOOL_A if relation == "own" else SCHOOL_B
    if ("call", urn) not in cast.records:
        with acting(service(BORCHESTER)):
            cast.records["call", urn] = SchoolCall.objects.create(
                authority_id=BORCHESTER, school_id=urn, about=timezone.localdate(), outcome="engaged"
            )
    return {"public_id": cast.records["call", urn].public_id}


def _place(cast: Cast, relation: str) -> dict[str, Any]:
    """Somewhere off the register where the child was taught beside school."""
    child = cast.children[relation]
    with acting(service(child.authority_id)):
        where, name = {"authority_id": child.authority_id, "child": child}, f"Riverside Tuition {child.pk}"
        if not Enrolment.objects.filter(provision=name, **where).exists():
            Enrolment.objects.create(provision=name, kind="subsidiary", starts=timezone.localdate(), **where)
    return {"public_id": named(child.authority_id, name).public_id}


ARGUMENTS: dict[str, Arguments] = {
    "attendance:call_strike": _call,
    **{
        f"attendance:{name}_at_place": _place
        for name in ("call", "call_ring", "contact", "marks", "chase_school", "not_expected")
    },
    "attendance:suspension": _suspension,
    "attendance:suspension_step": lambda cast, relation: {**_suspension(cast, relation), "step": "governors"},
    "attendance:suspension_letter": lambda cast, relation: {
        **_suspension(cast, relation),
        "letter_id": education_of(cast, relation).letter.public_id,
    },
    **{
        f"attendance:{name}": _provision
        for name in ("provision", "provision_change", "provision_review", "provision_end")
    },
}
