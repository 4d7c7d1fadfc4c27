"""After a plan is approved, or when it ends early: words added, opened again as a new version, closed, cancelled."""

from django.utils import timezone

from virtual_school.access.models import Role, User
from virtual_school.design.dates import in_full

from .models import Addendum, Plan, PlanSection
from .opened import OpenedPlan
from .refused import Refused, held, held_for, note, taken, tell
from .workflow import DONE, VIRTUAL_SCHOOL, State, Step
from .writing import withdraw_signatures

CLOSED_BECAUSE = {
    "moved": (Step.CLOSE_MOVED, "The child moved school"),
    "left_care": (Step.CLOSE_LEFT_CARE, "The child left care"),
    "turned_18": (Step.CLOSE_18, "The young person turned 18"),
    "error": (Step.CLOSE_ERROR, "It was opened in error"),
}


def add_addendum(*, opened: OpenedPlan, words: str, by: User) -> Addendum:
    """The plan itself stays as it was approved."""
    plan = held(opened)
    if plan.state not in DONE:
        raise Refused("Words are added only to a plan that is approved: this one can still be changed.")
    if not set(opened.roles) & {*VIRTUAL_SCHOOL, str(Role.DATA_OFFICER)}:
        raise Refused("Only the virtual school adds words to an approved plan.")
    if not words.strip():
        raise Refused("Write what is to be added.")
    added = Addendum.objects.create(
        authority_id=plan.authority_id, child_id=plan.child_id, plan=plan, words=words.strip(), by_name=by.name
    )
    tell(plan, "addendum", by, role=opened.role)
    return added


def reopen(*, opened: OpenedPlan, reason: str, by: User) -> Plan:
    """As a new version. What was published before is kept as it was; everybody signs anew."""
    plan = held_for(opened, Step.REOPEN, reason)
    withdraw_signatures(plan, f"Opened again by {by.name} on {in_full(timezone.localdate())}")
    PlanSection.objects.filter(plan=plan).update(
        state=PlanSection.State.IN_PROGRESS, completed_at=None, completed_by_name="", is_named_in_return=False
    )
    plan.version += 1
    plan.submitted_on = plan.approved_on = plan.published_on = None
    plan.approved_by_name = plan.rating = ""
    plan.reviewer = None
    plan.returned_why, plan.returned_due_on = "", None
    return taken(
        opened, plan, Step.REOPEN, by, "version", "submitted_on", "approved_on", "published_on", "approved_by_name",
        "rating", "reviewer", "returned_why", "returned_due_on", why=reason,
    )  # fmt: skip


def close(*, opened: OpenedPlan, because: str, reason: str, by: User) -> Plan:
    """`because`: a key of CLOSED_BECAUSE. What is written stays to be read; nobody writes in it any more."""
    if because not in CLOSED_BECAUSE:
        raise Refused("Choose why the plan is closed.")
    step, _ = CLOSED_BECAUSE[because]
    return _over(opened, held_for(opened, step, reason), step, reason, by)


def cancel(*, opened: OpenedPlan, reason: str, by: User) -> Plan:
    return _over(opened, held_for(opened, Step.CANCEL, reason), Step.CANCEL, reason, by)


def _over(opened: OpenedPlan, plan: Plan, step: Step, reason: str, by: User) -> Plan:
    plan.closed_on, plan.closed_why = timezone.localdate(), reason.strip().rstrip(".")
    return taken(opened, plan, step, by, "closed_on", "closed_why", why=reason)


def closed_by_service(plan: Plan, state: State, why: str, *, by: User | None = None) -> None:
    """Where the records say that the plan cannot go on: nobody pressed a button."""
    step = {"closed_moved": Step.CLOSE_MOVED, "closed_left_care": Step.CLOSE_LEFT_CARE, "closed_18": Step.CLOSE_18}
    plan.state, plan.closed_on, plan.closed_why = str(state), timezone.localdate(), why
    note(plan, step[str(state)], by.name if by else "", why)
    plan.save(update_fields=["state", "closed_on", "closed_why", "clocks"])
    tell(plan, str(step[str(state)]), by)
