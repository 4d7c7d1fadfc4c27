"""A plan being written for each child of the cast, with one of everything its pages name, and the plan before it."""

import datetime
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from virtual_school.access.models import Role, User
from virtual_school.access.person import person_of
from virtual_school.authorities.models import Authority
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.plans.exporting import as_json, document_of
from virtual_school.plans.models import (
    Action,
    Attendee,
    CostLine,
    Delegation,
    Document,
    Meeting,
    Plan,
    PlanTemplate,
    Target,
)
from virtual_school.plans.opened import opened
from virtual_school.plans.opening import template_in_force
from virtual_school.plans.publishing import keep_copy
from virtual_school.plans.reading_levels import Reader

from .cast import BORCHESTER, Arguments, Cast, record_of

PHASE, PHASE_WITH_DRAFT, PHASE_TO_COME = "secondary", "primary", "post_16"
SECTION = "education"
"""Of the designated teacher's."""


@dataclass
class PlanOfCast:
    plan: Plan
    before: Plan
    """Published, with its copies."""
    target: Target
    target_before: Target
    cost: CostLine
    attendee: Attendee
    action: Action
    document: Document
    delegation: Delegation


def plan_of(cast: Cast, relation: str) -> PlanOfCast:
    """Made when a page first asks for it."""
    child = cast.children[relation]
    if ("plan", child.pk) not in cast.records:
        with acting(service(child.authority_id)):
            cast.records["plan", child.pk] = _made(cast, relation)
    return cast.records["plan", child.pk]


def _made(cast: Cast, relation: str) -> PlanOfCast:
    child, today = cast.children[relation], timezone.localdate()
    is_ours = child.authority_id == BORCHESTER
    teacher = cast.users[Role.DESIGNATED_TEACHER] if is_ours else cast.other_head
    of: dict[str, Any] = {"authority": child.authority, "child": child}
    head = cast.users[Role.VIRTUAL_SCHOOL_HEAD] if is_ours else cast.other_head
    form: dict[str, Any] = {
        **of,
        "phase": PHASE,
        "template": template_in_force(child.authority, PHASE),
        "opened_on": today,
        "clocks": {"circumstances": {"year_group": 10, "is": {}}},
    }
    before = Plan.objects.create(term="2025/26-summer", state=Plan.State.PUBLISHED, **form)
    target_before = Target.objects.create(first_plan=before, outcome="Reads a page aloud", **of)
    document = document_of(opened(before, child, person_of(head)), Reader.VIRTUAL_SCHOOL)
    keep_copy(before, "json", as_json(document).encode())
    plan = Plan.objects.create(
        term="2026/27-autumn", state=Plan.State.IN_PROGRESS, previous=before, due_on=today, **form
    )
    target = Target.objects.create(first_plan=plan, outcome="Reads a chapter aloud", **of)
    of["plan"] = plan
    meeting = Meeting.objects.create(on=today + datetime.timedelta(days=7), at=datetime.time(14), **of)
    guest = cast.users[Role.CARER] if is_ours else cast.other_head
    return PlanOfCast(
        plan=plan,
        before=before,
        target=target,
        target_before=target_before,
        cost=CostLine.objects.create(target=target, what="Tuition", amount_pence=100_00, **of),
        attendee=Attendee.objects.create(meeting=meeting, person=guest, name=guest.name, role="Carer", **of),
        action=Action.objects.create(what="Ring the library", owner=guest, **of),
        document=_document(teacher, **of),
        delegation=Delegation.objects.create(
            authority=child.authority,
            child=child,
            by=teacher,
            to=cast.users[Role.DELEGATE] if is_ours else cast.other_head,
            starts=today,
        ),
    )


def _document(by: User, **of: Any) -> Document:
    """As `plans.files.keep_file` keeps one, which is for a person's own request."""
    content, name = b"a,b\n1,2\n", f"documents/{uuid.uuid4().hex}"
    path = Path(settings.MEDIA_ROOT, name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(content)
    return Document.objects.create(
        kind="work", name="marks.csv", stored_as=name, content_type="text/csv", size=len(content), sha256="0" * 64,
        by_id=by.pk, by_name=by.name, **of,
    )  # fmt: skip


def draft_of(cast: Cast, phase: str) -> PlanTemplate:
    """A draft of Borchester's form; of `PHASE_TO_COME` it counts from tomorrow."""
    if ("form", phase) not in cast.records:
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        with acting(service(BORCHESTER)):
            now = template_in_force(Authority.objects.get(code=BORCHESTER), phase)
            draft = PlanTemplate.objects.create(
                authority=now.authority,
                phase=phase,
                version=now.version + 1,
                name=now.name,
                library_version=now.library_version,
                content=now.content,
                starts=tomorrow if phase == PHASE_TO_COME else None,
            )
        cast.records["form", phase] = draft
    return cast.records["form", phase]


def _plan(name: str = "", *, before: bool = False, **more: Any) -> Arguments:
    """The plan's identifier, and of its `name` the one in the address."""

    def named(cast: Cast, relation: str) -> dict[str, Any]:
        found = plan_of(cast, relation)
        told: dict[str, Any] = {"public_id": (found.before if before else found.plan).public_id, **more}
        if name in {"attendee", "delegation"}:
            told["pk"] = getattr(found, name).pk
        elif name == "document":
            told["document_id"] = found.document.public_id
        elif name:
            told["target_id"] = (found.target if name == "cost" else getattr(found, name)).public_id
        if name == "cost":
            told["pk"] = found.cost.pk
        return told

    return named


def _draft(**more: Any) -> Arguments:
    return lambda cast, relation: {
        "phase": PHASE_WITH_DRAFT, "version": draft_of(cast, PHASE_WITH_DRAFT).version, **more
    }  # fmt: skip


STEPS = [
    "ready",
    "ask_to_sign",
    "submit",
    "recall",
    "take",
    "approve",
    "publish",
    "reopen",
    "cancel",
    "return",
    "close",
]
PLAIN = [
    "plan", "compare", "settle", "delegate", "documents", "sign", "sign_take_back", "blank", "targets", "target_add",
    "meeting", "meeting_arrange", "meeting_change", "meeting_cancel", "meeting_calendar", "meeting_record",
    "meeting_people", "meeting_room",
]  # fmt: skip
OF_DRAFT = [
    "template", "template_preview", "template_contents", "template_compare", "template_blank", "template_move",
    "template_undo", "template_discard", "template_put_in_force",
]  # fmt: skip
ARGUMENTS: dict[str, Arguments] = {
    **{f"plans:{name}": _plan() for name in [*STEPS, *PLAIN]},
    **{f"plans:{name}": _plan(key=SECTION) for name in ["section", "autosave", "reopen_section"]},
    **{f"plans:{name}": _plan(before=True) for name in ["print", "addendum"]},
    "plans:copy": _plan(before=True, version=1, form="json"),
    **{f"plans:{name}": _plan() for name in ["without_meeting", "with_meeting", "my_plan_of", "my_plan_file"]},
    "plans:file": _plan(form="json"),
    "plans:delegate_end": _plan("delegation"),
    "plans:delegate_undo": _plan("delegation"),
    "plans:document": _plan("document"),
    "plans:document_remove": _plan("document"),
    **{f"plans:{name}": _plan("attendee") for name in ["meeting_apologies", "meeting_coming", "meeting_uninvite"]},
    "plans:meeting_step": _plan(step="targets"),
    **{f"plans:{name}": _plan("target") for name in ["target", "target_remove", "cost_add"]},
    **{f"plans:{name}": _plan("target_before") for name in ["target_judge", "target_smaller"]},
    **{f"plans:{name}": _plan("cost") for name in ["cost", "cost_remove"]},
    **{
        f"plans:{name}": lambda cast, relation: {"action_id": plan_of(cast, relation).action.public_id}
        for name in ["action", "action_reopen"]
    },
    "plans:template_start": lambda cast, relation: {"phase": PHASE},
    **{f"plans:{name}": _draft() for name in OF_DRAFT},
    **{
        f"plans:{name}": _draft(key=SECTION) for name in ["template_section", "template_change_section", "template_add"]
    },
    "plans:template_field": _draft(key="sen", name="status"),
    "plans:template_take_back": lambda cast, relation: {
        "phase": PHASE_TO_COME,
        "version": draft_of(cast, PHASE_TO_COME).version,
    },
    "plans:policy_change": lambda cast, relation: {"part": "clocks"},
    "plans:policy_rights": lambda cast, relation: {"role": "carer"},
    **{
        f"plans:{name}": lambda cast, relation: {"pk": record_of(cast, relation, "policy").pk}
        for name in ["policy_undo", "policy_withdraw"]
    },
}
"""What stands in the address of a page of plans."""
