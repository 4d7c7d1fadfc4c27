"""A child moves to another home: where the council's policy asks for it, the plan is done anew.

A plan still being written comes forward to the council's clock; where the last one is done, or its meeting was held
before the move, one more follows.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from virtual_school.authorities.models import Authority
from virtual_school.authorities.queries import school_calendars, working_calendar
from virtual_school.care.facts import settled_placement
from virtual_school.care.history import PlacementFact
from virtual_school.care.models import Placement
from virtual_school.design.dates import in_full

from .models import Plan
from .part_clocks import BEFORE_MEETING
from .refused import note, tell
from .whose_turn import as_opened

MOVED_HOME = "Moved to another home"
CLOCK = "after_placement_change"


def moved_home_on(authority: Authority, care: Mapping[int, date], on: date) -> dict[int, date]:
    """By child who has moved while in care, the day they came to the home they live in now. `care`: since when each
    is in care. Respite and hospital are no move."""
    held: dict[int, list[PlacementFact]] = {}
    rows = Placement.objects.filter(authority=authority, child__in=list(care)).order_by("starts")
    for row in rows.values("child_id", "starts", "ends", "place", "provider", "postcode", "home_urn"):
        held.setdefault(row.pop("child_id"), []).append(PlacementFact(**row))
    found = {}
    for child, placements in held.items():
        settled = settled_placement(placements, care[child], on)
        if settled is not None and settled.starts > care[child]:
            found[child] = settled.starts
    return found


def written_by(plan: Plan) -> date:
    """The day up to which a plan that is done tells of the child."""
    return plan.meeting_on or plan.submitted_on or plan.opened_on or date.min


def bring_forward(authority: Authority, plans: Sequence[Plan], moved: Mapping[int, date]) -> int:
    """Plans whose meeting is still to come: never later than they were due before."""
    forward = [plan for plan in plans if plan.child_id in moved and _is_before(plan, moved[plan.child_id])]
    if not forward:
        return 0
    calendar, own = school_calendars(
        authority.code, authority.name, {plan.school_id for plan in forward if plan.school_id}
    )
    for plan in forward:
        on = moved[plan.child_id]
        school = own.get(plan.school_id, calendar) if plan.school_id else calendar
        due = as_opened(plan).counted(CLOCK, on, working_calendar(), school)
        if due is not None and (plan.due_on is None or due < plan.due_on):
            plan.due_on = due
            plan.meeting_due_on = min(due, plan.meeting_due_on or due)
        plan.clocks = {**plan.clocks, "moved_home": on.isoformat()}
        note(plan, "moved home", "", f"Moved to another home on {in_full(on)}")
        plan.save(update_fields=["due_on", "meeting_due_on", "clocks"])
        tell(plan, "moved_home", None)
    return len(forward)


def _is_before(plan: Plan, moved_on: date) -> bool:
    """Opened before the move, with the meeting still to come, and not brought forward for this move already."""
    if plan.state not in BEFORE_MEETING or plan.opened_on is None or plan.opened_on >= moved_on:
        return False
    return plan.clocks.get("moved_home", "") < moved_on.isoformat()
