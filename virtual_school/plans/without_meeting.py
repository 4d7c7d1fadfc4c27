"""A termly review the school does with the child, without a meeting: as many a year as the council's policy allows."""

from virtual_school.access.models import Role, User

from .models import Meeting, Plan
from .opened import OpenedPlan
from .part_clocks import BEFORE_MEETING
from .refused import Refused, held, note, tell
from .workflow import OVER, VIRTUAL_SCHOOL, State
from .writing import withdraw_signatures

CHOOSERS = (str(Role.DESIGNATED_TEACHER), *VIRTUAL_SCHOOL)


def done_this_year(plan: Plan) -> int:
    """Other reviews without a meeting in the same school year; those that came to nothing left out."""
    year = plan.term.partition("-")[0]
    ended = [str(state) for state in OVER if state != State.SUPERSEDED]
    rows = Plan.objects.filter(child=plan.child_id, kind=Plan.Kind.SCHOOL_REVIEW, term__startswith=f"{year}-")
    return rows.exclude(pk=plan.pk).exclude(state__in=ended).count()


def refused_without(opened: OpenedPlan) -> str:
    """Why this plan cannot be done without a meeting; empty when it can."""
    plan, allowed = opened.plan, opened.policy.school_reviews_a_year
    if not set(opened.roles) & set(CHOOSERS):
        return "It is not for you to choose this."
    if plan.kind == Plan.Kind.SCHOOL_REVIEW:
        return "This plan is a review by the school already."
    if plan.kind != Plan.Kind.REVIEW:
        return f"A {plan.get_kind_display().lower()} needs a meeting."
    if plan.state not in BEFORE_MEETING:
        return "The meeting of this plan is behind you, or the plan is not being written."
    if not allowed:
        return "By the council’s policy every plan has a meeting."
    if done_this_year(plan) >= allowed:
        times = "once" if allowed == 1 else f"{allowed} times"
        return f"By the council’s policy a plan is done without a meeting {times} a school year, and that is used."
    if Meeting.objects.filter(plan=plan, state=Meeting.State.PLANNED).exists():
        return "A meeting is arranged. Cancel it first, so that those invited are told."
    return ""


def refused_with(opened: OpenedPlan) -> str:
    if not set(opened.roles) & set(CHOOSERS):
        return "It is not for you to choose this."
    if opened.plan.kind != Plan.Kind.SCHOOL_REVIEW:
        return "This plan has a meeting already."
    if opened.plan.state not in BEFORE_MEETING:
        return "This plan was put forward to be signed without a meeting."
    return ""


def do_without_meeting(*, opened: OpenedPlan, reason: str, by: User) -> Plan:
    """From now on the school and the child review it; the social worker reads it and is not asked to sign."""
    if not reason.strip():
        raise Refused("Say why, so that everyone can see it.")
    return _changed(opened, refused_without(opened), Plan.Kind.SCHOOL_REVIEW, "without a meeting", by, reason)


def hold_one_after_all(*, opened: OpenedPlan, by: User, reason: str = "") -> Plan:
    return _changed(opened, refused_with(opened), Plan.Kind.REVIEW, "with a meeting", by, reason)


def _changed(opened: OpenedPlan, refusal: str, kind: Plan.Kind, step: str, by: User, reason: str) -> Plan:
    plan = held(opened)
    if refusal:
        raise Refused(refusal)
    plan.kind = kind
    note(plan, step, by.name, reason)
    plan.save(update_fields=["kind", "clocks"])
    withdraw_signatures(plan, f"{by.name} changed the plan to one {step}")
    opened.plan.kind, opened.plan.clocks = plan.kind, plan.clocks
    tell(plan, step.replace(" ", "_"), by, role=opened.role)
    return plan
