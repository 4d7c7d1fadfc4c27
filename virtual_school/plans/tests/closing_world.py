"""The invented world of `writing_world`, with plans that have been written and can be signed, checked and published."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.access.person import person_of
from virtual_school.authorities.policy import set_part
from virtual_school.children.models import Child, Involvement
from virtual_school.identity.acting import acting
from virtual_school.plans import checking, publishing, signing
from virtual_school.plans.models import Action, Answer, Attendee, CostLine, Meeting, Plan, PlanSection, Target
from virtual_school.plans.opened import OpenedPlan, opened
from virtual_school.plans.template import Field
from virtual_school.schools.actions import refresh_involvements
from virtual_school.schools.models import Enrolment

from .writing_world import LONG_AGO, ROLES, World

OF_KIND: dict[str, Any] = {
    "number": 4, "percent": 96, "date": "2026-11-02", "yes_no": True, "money": 12000, "scale": 3,
}  # fmt: skip


def as_seen_by(world: World, who: str, child: str) -> OpenedPlan:
    """Within `world.within()`."""
    plan = Plan.objects.select_related("template", "school", "child__authority").get(pk=world.plans[child].pk)
    return opened(plan, plan.child, person_of(world.people[who]))


def does(world: World, who: str, child: str, action: Callable[..., Any], **more: Any) -> Any:
    """Somebody takes a step, as the database sees them: within their own rights."""
    with acting(person_of(world.people[who]).claims):
        return action(opened=as_seen_by(world, who, child), by=world.people[who], **more)


def value_for(asked: Field) -> Any:
    if asked.kind == "choice":
        return asked.choices[0].value
    if asked.kind in {"choices"}:
        return [asked.choices[0].value]
    if asked.kind in {"table", "attendance"}:
        return [{column.key: value_for(column) for column in asked.columns}] if asked.columns else [{"term": "autumn"}]
    if asked.kind in {"file"}:
        return [{"name": "report.pdf"}]
    return OF_KIND.get(asked.kind, f"About {asked.label.lower()}")


def around(world: World, child: str, *who: str) -> None:
    for one in who:
        Involvement.objects.get_or_create(
            authority=world.here, child=world.children[child], person=world.people[one], role=ROLES[one][1],
            defaults={"starts": LONG_AGO},
        )  # fmt: skip


def write_whole(world: World, child: str, *, by: str = "teacher") -> None:
    """Every field that is asked has words, every section is completed, the meeting is held."""
    plan = Plan.objects.get(pk=world.plans[child].pk)
    writer = world.people[by]
    of = {"authority_id": plan.authority_id, "child_id": plan.child_id, "plan": plan}
    day = timezone.localdate()
    if not Target.objects.filter(first_plan=plan).exists():
        target = Target.objects.create(
            authority_id=plan.authority_id, child_id=plan.child_id, first_plan=plan, category="academic",
            outcome="Reads 90 words a minute", who="Asha Khan", due_on=day + timedelta(days=60), baseline="70 words",
            measure="Words a minute, measured weekly", success="90 words a minute", how="Reading with Asha Khan, Tuesdays",
            why="Reading opens every other lesson", childs_words="I want to read faster",
        )  # fmt: skip
        CostLine.objects.create(
            **of, target=target, what="Reading tutor", amount_pence=30000, provider="Calder Tutors",
            intended_impact="20 words a minute more",
        )  # fmt: skip
        Action.objects.create(
            authority_id=plan.authority_id, child_id=plan.child_id, plan=plan, what="Book the tutor",
            owner_name="Asha Khan", due_on=day,
        )  # fmt: skip
    while _write_what_is_asked(world, child, plan, writer):
        """An answer may bring further fields with it."""
    if not Meeting.objects.filter(plan=plan).exists():
        meeting = Meeting.objects.create(**of, on=day, state="held", place="Room 4", chair_name="Asha Khan",
                                         notes="All were pleased.", is_child_present=True)  # fmt: skip
        for name, role in (
            ("Asha Khan", "Designated teacher"),
            ("Danielle Frost", "Social worker"),
            ("Sue Palmer", "Carer"),
        ):
            Attendee.objects.create(**of, meeting=meeting, name=name, role=role, came="present")
    Plan.objects.filter(pk=plan.pk).update(state="meeting_held", meeting_on=day)


def _write_what_is_asked(world: World, child: str, plan: Plan, writer: User) -> bool:
    view = as_seen_by(world, "head", child)
    of = {"authority_id": plan.authority_id, "child_id": plan.child_id, "plan": plan}
    empty = [
        (section, asked)
        for section in view.sections
        for asked in section.fields
        if asked.kind not in {"targets", "actions", "voice"} and asked.key not in view.answers
    ]
    Answer.objects.bulk_create(
        Answer(**of, section_key=section.key, field_key=asked.key, value=value_for(asked), by_id=writer.pk,
               by_name=writer.name)
        for section, asked in empty
    )  # fmt: skip
    Answer.objects.filter(plan=plan, is_confirmed=False).update(is_confirmed=True)
    done = {"state": "complete", "completed_at": timezone.now(), "completed_by_name": writer.name}
    PlanSection.objects.filter(plan=plan).update(**done)
    PlanSection.objects.bulk_create(
        PlanSection(**of, key=section.key, owner=section.owner, **done)
        for section in view.sections
        if section.key not in view.parts
    )
    return bool(empty)


WAY = ("meeting_held", "awaiting_signoff", "signed", "submitted", "in_qa", "approved", "published")


def to_state(world: World, child: str, state: str) -> None:
    """By the steps themselves, each taken by whoever may."""
    with world.within():
        around(world, child, "social worker", "adviser")
        write_whole(world, child)
    for step in WAY[1 : WAY.index(state) + 1]:
        if step == "awaiting_signoff":
            does(world, "teacher", child, signing.ask_to_sign)
        elif step == "signed":
            does(world, "teacher", child, signing.sign, role="designated_teacher")
            does(world, "social worker", child, signing.sign, role="social_worker")
        elif step == "submitted":
            does(world, "teacher", child, signing.submit)
        elif step == "in_qa":
            does(world, "adviser", child, checking.take)
        elif step == "approved":
            does(world, "adviser", child, checking.approve, rating="Good", is_good=True)
        else:
            does(world, "adviser", child, publishing.publish)


def approves_without_rating(world: World) -> None:
    """As a council may choose."""
    with world.within():
        set_part(
            world.here,
            "plans",
            starts=timezone.localdate(),
            choices={"rated_before_approval": False},
            why="",
            by_id=None,
            by_name="",
        )


def moves_school(world: World, child: str, school: str, on: date) -> Child:
    held = world.children[child]
    Enrolment.objects.filter(child=held, ends__isnull=True).update(ends=on)
    Enrolment.objects.create(authority_id=held.authority_id, child=held, school=world.schools[school], starts=on)
    refresh_involvements(held.authority_id, [held.pk])
    return held
