"""For whom an overdue plan waits: the social worker, the school or the virtual school."""

from collections import defaultdict
from datetime import date

from virtual_school.authorities.models import Authority
from virtual_school.plans.conditions import Circumstances
from virtual_school.plans.models import Plan, PlanSection, PlanTemplate, Signature
from virtual_school.plans.template import Template, visible_sections
from virtual_school.plans.template_document import from_document
from virtual_school.plans.workflow import BEING_WRITTEN, State

SOCIAL_WORKER, SCHOOL, VIRTUAL_SCHOOL = "social_worker", "school", "virtual_school"
OWNERS = {
    "social_worker": SOCIAL_WORKER, "personal_adviser": SOCIAL_WORKER, "designated_teacher": SCHOOL,
    "virtual_school": VIRTUAL_SCHOOL,
}  # fmt: skip
"""Who is asked where a section of theirs is unfinished. A child, a carer and a parent are never late."""

CHECKING = (State.SUBMITTED, State.IN_QA)


def waiting_for(authority: Authority, term: str, on: date) -> dict[int, set[str]]:
    """By plan that is past its day. One sent back is past the day it was to be mended by."""
    states = [str(state) for state in (*BEING_WRITTEN, *CHECKING)]
    plans = [
        plan
        for plan in Plan.objects.filter(authority=authority, term=term, state__in=states).only(
            "id", "state", "phase", "term", "template", "school", "clocks", "due_on", "returned_due_on"
        )
        if (due := _due(plan)) is not None and due < on
    ]
    parts: dict[int, dict[str, tuple[str, bool]]] = defaultdict(dict)
    rows = PlanSection.objects.filter(authority=authority, plan__in=plans)
    for pk, key, state, named in rows.values_list("plan_id", "key", "state", "is_named_in_return"):
        parts[pk][key] = (state, named)
    signed: dict[int, set[str]] = defaultdict(set)
    rows_signed = Signature.objects.filter(authority=authority, plan__in=plans, withdrawn_at__isnull=True)
    for pk, role in rows_signed.values_list("plan_id", "role"):
        signed[pk].add(role)
    forms = PlanTemplate.objects.filter(pk__in={plan.template_id for plan in plans})
    templates = {pk: from_document(content) for pk, content in forms.values_list("pk", "content")}
    return {plan.pk: _of(plan, templates[plan.template_id], parts[plan.pk], signed[plan.pk]) for plan in plans}


def _due(plan: Plan) -> date | None:
    return plan.returned_due_on if plan.state == State.RETURNED and plan.returned_due_on else plan.due_on


def _of(plan: Plan, template: Template, parts: dict[str, tuple[str, bool]], signed: set[str]) -> set[str]:
    if plan.state in CHECKING:
        return {VIRTUAL_SCHOOL}
    done = PlanSection.State.COMPLETE
    found: set[str] = set()
    for section in visible_sections(template, _circumstances(plan), {}):
        state, named = parts.get(section.key, (PlanSection.State.NOT_STARTED, False))
        if state == done or (plan.state == State.RETURNED and not named):
            continue
        owner = OWNERS.get(section.owner)
        if owner:
            found.add(VIRTUAL_SCHOOL if owner == SCHOOL and plan.school_id is None else owner)
    if found:
        return found
    unsigned = {role for role in ("designated_teacher", "social_worker") if role not in signed}
    left = {OWNERS[role] for role in unsigned}
    if SCHOOL in left and plan.school_id is None:
        left = left - {SCHOOL} | {VIRTUAL_SCHOOL}
    return left or {VIRTUAL_SCHOOL if plan.school_id is None else SCHOOL}


def _circumstances(plan: Plan) -> Circumstances:
    held = plan.clocks.get("circumstances", {})
    season = plan.term.rsplit("-", 1)[-1]
    return Circumstances(phase=plan.phase, season=season, year_group=held.get("year_group"), **held.get("is", {}))
