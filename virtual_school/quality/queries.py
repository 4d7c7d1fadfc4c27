"""Ratings as others count them: by plan, first and final."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .models import Rating, Result, Side


@dataclass(frozen=True, slots=True)
class ResultFact:
    level: str
    label: str
    is_good: bool
    on: date


@dataclass(frozen=True, slots=True)
class RatedPlan:
    """`returned`: how often it was sent back. A plan approved as first rated has the same first and final result."""

    plan: int
    child: int
    term: str
    school: int | None
    rater: int
    first: ResultFact
    final: ResultFact
    returned: int
    social_work: ResultFact | None = None
    """Of the final rating."""


def rated_plans(
    authority_id: int, terms: Sequence[str] = (), child_ids: Sequence[int] | None = None
) -> dict[int, RatedPlan]:
    """By plan, the finished checks of an authority's plans of these terms (none named: of all), in one query."""
    rows = Result.objects.filter(
        authority=authority_id, rating__kind=Rating.Kind.CHECK, rating__finished_at__isnull=False
    )
    if terms:
        rows = rows.filter(rating__term__in=list(terms))
    if child_ids is not None:
        rows = rows.filter(child__in=list(child_ids))
    fields = ("rating__plan", "child", "rating__term", "rating__school", "rating__rater", "rating__outcome", "side",
              "level", "label", "is_good", "rating__finished_on")  # fmt: skip
    found: dict[int, RatedPlan] = {}
    for plan, child, term, school, rater, outcome, side, level, label, is_good, on in rows.order_by(
        "rating__plan", "rating__round", "side"
    ).values_list(*fields):
        told = ResultFact(level, label, is_good, on)
        held = found.get(plan)
        if side == Side.SOCIAL_WORK:
            if held is not None:
                found[plan] = RatedPlan(
                    plan, child, term, school, held.rater, held.first, held.final, held.returned, told
                )
            continue
        found[plan] = RatedPlan(
            plan=plan,
            child=child,
            term=term,
            school=school,
            rater=rater,
            first=held.first if held else told,
            final=told,
            returned=(held.returned if held else 0) + (outcome == Rating.Outcome.RETURNED),
        )
    return found
