"""The virtual school checks a plan: takes it, sends it back, or approves it."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.authorities.queries import school_calendars, working_calendar

from .models import Plan, PlanSection
from .opened import OpenedPlan
from .refused import Refused, held_for, taken
from .summary import keep_summary
from .workflow import Step

RATE_FIRST = "This council rates a plan before it is approved. Rate it first: that approves it."


def take(*, opened: OpenedPlan, by: User) -> Plan:
    """From now on the school cannot take it back; whoever wrote in it cannot check it."""
    plan = held_for(opened, Step.TAKE)
    plan.reviewer = by
    return taken(opened, plan, Step.TAKE, by, "reviewer")


def mended_by(opened: OpenedPlan, today: date) -> date | None:
    """The day by which a plan sent back today is to be mended: the council's clock."""
    plan = opened.plan
    calendar, own = school_calendars(plan.authority_id, opened.child.authority.name, [plan.school_id or 0])
    return opened.policy.counted("mended", today, working_calendar(), own.get(plan.school_id or 0, calendar))


def return_plan(
    *, opened: OpenedPlan, reason: str, sections: Mapping[str, str], by: User, due_on: date | None = None
) -> Plan:
    """`sections`: what is to be mended in each, by its key. Only those can be written in until it is sent in again."""
    plan = held_for(opened, Step.RETURN, reason)
    today = timezone.localdate()
    shown = {section.key: section for section in opened.sections}
    if not sections:
        raise Refused("Name the sections that are to be mended.")
    if unknown := set(sections) - set(shown):
        raise Refused(f"This plan has no section {', '.join(sorted(unknown))}.")
    for key, why in sections.items():
        if not why.strip():
            raise Refused(f"Say what is to be mended in “{shown[key].title}”.")
    if due_on is not None and due_on < today:
        raise Refused("The day by which it is mended cannot have passed.")
    PlanSection.objects.filter(plan=plan).update(is_named_in_return=False, returned_why="")
    for key, why in sections.items():
        PlanSection.objects.update_or_create(
            plan=plan,
            key=key,
            defaults={
                "authority_id": plan.authority_id,
                "child_id": plan.child_id,
                "owner": shown[key].owner,
                "state": PlanSection.State.IN_PROGRESS,
                "completed_at": None,
                "completed_by_name": "",
                "is_named_in_return": True,
                "returned_why": why.strip(),
            },
        )
    opened.parts = {part.key: part for part in PlanSection.objects.filter(plan=plan)}
    plan.returned_why = reason.strip()
    plan.returned_due_on = due_on or mended_by(opened, today)
    plan.reviewer = plan.reviewer or by
    return taken(
        opened, plan, Step.RETURN, by, "returned_why", "returned_due_on", "reviewer",
        why=reason, sections=sorted(sections),
    )  # fmt: skip


def approve(*, opened: OpenedPlan, by: User, rating: str = "", is_good: bool | None = None) -> Plan:
    """Nobody approves what they wrote or signed. `rating`: in the council's own words. `is_good`: whether it counts as
    good or better, as the rubric it was rated by says. Without a rubric the council's list of words does; the council
    may not want plans approved so."""
    plan = held_for(opened, Step.APPROVE)
    if opened.policy.rated_before_approval and is_good is None:
        raise Refused(RATE_FIRST)
    plan.approved_on, plan.approved_by_name, plan.rating = timezone.localdate(), by.name, rating.strip()
    plan.reviewer = plan.reviewer or by
    plan.clocks = {**plan.clocks, "is_good": is_good}
    if plan.submitted_on is not None:  # an error found later does not undo that it was in on time
        plan.clocks = {"signed_off_on": plan.submitted_on.isoformat(), **plan.clocks}
    taken(opened, plan, Step.APPROVE, by, "approved_on", "approved_by_name", "rating", "reviewer")
    keep_summary(opened)
    return plan
