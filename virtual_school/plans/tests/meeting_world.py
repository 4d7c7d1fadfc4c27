"""Maisie's meeting, planned for today, with those around her invited."""

import datetime
import uuid
from typing import Any

from virtual_school.children.models import Involvement
from virtual_school.plans.models import Answer, Attendee, Meeting

from .writing_world import TODAY, World

ROLE_WORDS = {
    "social_worker": "Social worker", "carer": "Carer", "adviser": "Education adviser",
    "designated_teacher": "Designated teacher", "reviewing_officer": "Independent reviewing officer",
    "young_person": "Young person",
}  # fmt: skip


def plan_meeting(world: World, child: str = "maisie", **more: Any) -> Meeting:
    with world.within():
        plan = world.plans[child]
        meeting = Meeting.objects.create(
            authority_id=plan.authority_id, child_id=plan.child_id, plan=plan,
            **{"on": TODAY, "at": datetime.time(14), "place": "Room 4", "chair_name": "Asha Khan"} | more,
        )  # fmt: skip
        seen = set()
        for one in Involvement.objects.filter(child=world.children[child]).select_related("person").order_by("id"):
            if one.person_id in seen:
                continue
            seen.add(one.person_id)
            Attendee.objects.create(
                authority_id=plan.authority_id, child_id=plan.child_id, plan=plan, meeting=meeting,
                person=one.person, name=one.person.name, role=ROLE_WORDS[one.role], email=one.person.email,
            )  # fmt: skip
    return meeting


def answer(world: World, key: str, value: Any, child: str = "maisie") -> None:
    with world.within():
        plan = world.plans[child]
        Answer.objects.update_or_create(
            authority_id=plan.authority_id, child_id=plan.child_id, plan=plan, field_key=key,
            defaults={"section_key": key.partition(".")[0], "value": value},
        )  # fmt: skip


def caught(what: str, **more: Any) -> dict[str, Any]:
    """What a browser sends to catch an action; `once` is its own each time."""
    return {
        "do": "catch", "once": str(uuid.uuid4()), "kind": "action", "what": what, "owner": "other",
        "owner_name": "Sue Palmer", "due_on-day": "4", "due_on-month": "12", "due_on-year": "2026",
        "notes": "", "notes_base": "",
    } | more  # fmt: skip
