"""A plan written elsewhere, taken in whole: it becomes a published plan of the child, with the document as it came."""

import hashlib
import json
import re
from typing import Any

from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.children.models import Child
from virtual_school.dates.terms import term_words
from virtual_school.schools.models import School

from .document import ActionPart, CostPart, PlanDocument, TargetPart
from .document_format import DocumentError, from_json
from .library import templates
from .models import Action, Answer, CostLine, Plan, PlanCopy, Target
from .opening import FOR_A_TERM, template_in_force
from .publishing import keep_copy
from .refused import Refused, note, tell
from .template import Template, is_empty
from .template_versions import template_of
from .workflow import OVER, State

TERM = re.compile(r"(\d{4})/(\d{2})-(autumn|spring|summer)")
LARGEST = 5 * 1024 * 1024
SOURCE = "the plan as it was received"
JUDGED = {"met", "partly_met", "not_met", "dropped"}


def read_document(content: bytes) -> tuple[PlanDocument, dict[str, Any]]:
    """The document and the JSON it came as. Raises Refused naming each place that is wrong."""
    if len(content) > LARGEST:
        raise Refused("The file is larger than 5 MB: a plan in the open format is far smaller.")
    try:
        raw = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Refused("The file is not JSON. Choose the plan's file in the open format (.json).") from error
    try:
        return from_json(raw), raw
    except DocumentError as error:
        shown = [f"{problem.path}: {problem.reason}" for problem in error.problems[:8]]
        more = f" And {len(error.problems) - 8} more." if len(error.problems) > 8 else ""
        raise Refused(f"The file is no plan in the open format. {'; '.join(shown)}.{more}") from error


def import_plan(*, content: bytes, child: Child, by: User | None) -> Plan:
    """`content`: the file. Whatever this service has no place for stays in the document, which is kept as it came."""
    document, raw = read_document(content)
    _refuse_other(document, child)
    _refuse_term(document)
    if b"\\u0000" in content:
        raise Refused("The file holds a character that is no text (NUL).")
    kept = json.dumps(raw, ensure_ascii=False, indent=1).encode()
    if PlanCopy.objects.filter(child=child, form="json", sha256=hashlib.sha256(kept).hexdigest()).exists():
        raise Refused("This plan has been taken in already.")
    plan = _plan(document, child, by)
    keep_copy(plan, "json", kept)
    template = template_of(plan)
    Answer.objects.bulk_create(_answers(document, plan, template))
    _targets(document, plan)
    Action.objects.bulk_create(_action(one, plan) for one in document.actions)
    note(plan, "received", by.name if by else "", document.plan.authority_name)
    plan.save(update_fields=["clocks"])
    tell(plan, "received", by, sections=len(document.sections), targets=len(document.targets))
    return plan


def _refuse_other(document: PlanDocument, child: Child) -> None:
    """A plan is laid to the child it is about: where both say, date of birth and pupil number agree."""
    told = document.child
    if told.born and child.born and told.born != child.born:
        raise Refused("child.born: the file's date of birth is not this child's. Is it another child's plan?")
    if told.upn and child.upn and told.upn != child.upn:
        raise Refused("child.upn: the file's pupil number is not this child's. Is it another child's plan?")


def _refuse_term(document: PlanDocument) -> None:
    found = TERM.fullmatch(document.plan.term)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        raise Refused(f"plan.term: {document.plan.term[:40]!r} is no term. It is written as 2026/27-autumn.")
    if document.plan.version < 1 or document.plan.version > 1000:
        raise Refused("plan.version: must be 1 or more.")


def _plan(document: PlanDocument, child: Child, by: User | None) -> Plan:
    head = document.plan
    kind = head.kind if head.kind in set(Plan.Kind) else Plan.Kind.REVIEW
    if kind in FOR_A_TERM:
        held = Plan.objects.filter(child=child, term=head.term, kind__in=FOR_A_TERM)
        if held.exclude(state__in=[str(state) for state in OVER]).exists():
            raise Refused(f"There is a plan for the {term_words(head.term)} already. Close it first, or keep it.")
    days = [head.meeting_on, head.submitted_on, head.approved_on, head.published_on]
    known = [day for day in days if day is not None]
    phases = {template.phase for template in templates()}
    plan = Plan.objects.create(
        authority_id=child.authority_id,
        child=child,
        term=head.term,
        kind=kind,
        phase=head.phase if head.phase in phases else "secondary",
        template=template_in_force(
            child.authority, head.phase if head.phase in phases else "secondary", by.name if by else ""
        ),
        state=str(State.PUBLISHED),
        version=head.version,
        school=School.objects.filter(urn=document.child.urn).first() if document.child.urn else None,
        opened_why=f"Received from {head.authority_name or 'another service'}",
        opened_on=min(known, default=None),
        due_on=head.due_on,
        meeting_on=head.meeting_on,
        submitted_on=head.submitted_on,
        approved_on=head.approved_on,
        published_on=head.published_on or head.approved_on or timezone.localdate(),
        rating=head.rating,
        clocks={"received": timezone.localdate().isoformat()},
    )
    return plan


def _answers(document: PlanDocument, plan: Plan, template: Template) -> list[Answer]:
    """Those of fields this service knows, so that the next plan can carry them over."""
    section_of = {asked.key: section.key for section in template.sections for asked in section.fields}
    found: dict[str, Answer] = {}
    for section in document.sections:
        for given in section.fields:
            if given.key not in section_of or (is_empty(given.value) and not given.reason_if_blank):
                continue
            found.setdefault(
                given.key,
                Answer(
                    authority_id=plan.authority_id, child_id=plan.child_id, plan=plan,
                    section_key=section_of[given.key], field_key=given.key, value=given.value,
                    source=Answer.Source.CARRIED, source_words=SOURCE, reason_if_blank=given.reason_if_blank,
                ),
            )  # fmt: skip
    return list(found.values())


def _targets(document: PlanDocument, plan: Plan) -> None:
    for given in document.targets:
        target = Target.objects.create(
            authority_id=plan.authority_id, child_id=plan.child_id, first_plan=plan, **_target(given)
        )
        CostLine.objects.bulk_create(_cost(line, target, plan) for line in given.cost_lines if line.amount_pence >= 0)


def _target(given: TargetPart) -> dict[str, Any]:
    return {
        "number": min(max(given.number, 0), 32767), "category": given.category[:20], "outcome": given.outcome,
        "why": given.why, "how": given.how, "who": given.who, "due_on": given.due_on, "baseline": given.baseline,
        "measure": given.measure, "success": given.success, "evidence": given.evidence, "need": given.need,
        "childs_words": given.childs_words, "state": given.status if given.status in JUDGED else Target.State.OPEN,
    }  # fmt: skip


def _cost(line: CostPart, target: Target, plan: Plan) -> CostLine:
    return CostLine(
        authority_id=plan.authority_id, child_id=plan.child_id, plan=plan, target=target, fund=line.fund[:20],
        category=line.category[:20], what=line.what, amount_pence=min(line.amount_pence, 2_000_000_000),
        provider=line.provider, starts=line.starts, ends=line.ends, intended_impact=line.intended_impact,
    )  # fmt: skip


def _action(given: ActionPart, plan: Plan) -> Action:
    return Action(
        authority_id=plan.authority_id, child_id=plan.child_id, plan=plan, what=given.what, owner_name=given.who,
        due_on=given.due_on, done_on=given.done_on, outcome=given.outcome,
        state=Action.State.DONE if given.done_on else Action.State.OPEN,
    )  # fmt: skip
