"""Taking a step in the way of a plan, or saying in words why it cannot be taken."""

from typing import Any

from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.audit.actions import record

from .models import Plan
from .opened import OpenedPlan
from .workflow import MOVES, Step


class Refused(ValueError):
    """Why something cannot be done with a plan, in words for the person who asked."""


def held_for(opened: OpenedPlan, step: Step, reason: str = "") -> Plan:
    """The plan's row, locked until the transaction ends, once this person may take the step."""
    plan = held(opened)
    if words := opened.refusal(step, reason):
        raise Refused(words)
    return plan


def held(opened: OpenedPlan) -> Plan:
    plan = Plan.objects.select_for_update().filter(pk=opened.plan.pk).first()
    if plan is None:
        raise Refused("You cannot change this plan.")
    if (plan.state, plan.version) != (opened.plan.state, opened.plan.version):
        raise Refused("Somebody else has just taken this plan a step further. Look at it again.")
    return plan


def taken(opened: OpenedPlan, plan: Plan, step: Step, by: User, *fields: str, why: str = "", **told: Any) -> Plan:
    """Saves the plan in the state the step leads to. `fields` are those the step changed besides; `why` is kept with
    the plan, where its readers find it."""
    plan.state = str(MOVES[step].target)
    note(plan, step, by.name, why)
    plan.save(update_fields=["state", "clocks", *fields])
    for name in ("state", "clocks", *fields):
        setattr(opened.plan, name, getattr(plan, name))
    tell(plan, str(step), by, role=opened.role, **told)
    return plan


def note(plan: Plan, step: str, by_name: str, why: str = "") -> None:
    """One more line of the way this plan has come."""
    line = {"step": str(step), "on": timezone.localdate().isoformat(), "by": by_name, "why": why.strip()}
    plan.clocks = {**plan.clocks, "way": [*plan.clocks.get("way", []), line]}


def tell(plan: Plan, what: str, by: User | None, **told: Any) -> None:
    role = told.pop("role", "")
    record(
        f"plan.{what}",
        by=by.pk if by else None,
        authority=plan.authority_id,
        child=plan.child_id,
        role=role,
        plan=str(plan.public_id),
        version=plan.version,
        **told,
    )
