"""Which criteria are asked of one plan."""

from virtual_school.plans.models import Plan
from virtual_school.plans.opened import OpenedPlan

from .rubric import Criterion, Rubric


def is_move_near(opened: OpenedPlan) -> bool:
    """In spring and summer before a change of school or stage, and in a plan for a move."""
    told = opened.circumstances
    return opened.plan.kind == Plan.Kind.TRANSITION or (told.is_transition_year and told.season in {"spring", "summer"})


def asked(rubric: Rubric, opened: OpenedPlan) -> tuple[Criterion, ...]:
    """A school without a plan's school is rated all the same: the virtual school wrote its part."""
    near = is_move_near(opened)
    return tuple(one for one in rubric.criteria if one.is_on and (one.when != "transition" or near))
