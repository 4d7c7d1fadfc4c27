"""What was said of a plan, to whoever reads: the database gives each reader only what is theirs."""

from dataclasses import dataclass
from typing import Any

from virtual_school.plans.models import Plan
from virtual_school.plans.opened import OpenedPlan

from .models import Comment, Rating, Result, Side
from .rubric import Rubric
from .versions import rubric_of

SIDES_OF_ROLE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("virtual_school_head", "adviser", "data_officer", "nominated_officer", "inspector"),
        (Side.SCHOOL, Side.SOCIAL_WORK, Side.INTERNAL),
    ),
    **dict.fromkeys(("designated_teacher", "delegate"), (Side.SCHOOL,)),
    **dict.fromkeys(("social_worker", "social_work_manager", "personal_adviser"), (Side.SOCIAL_WORK,)),
}
"""The first floor; the policies of the database say the same again."""


def sides_of(opened: OpenedPlan) -> tuple[str, ...]:
    found = [side for role in opened.roles for side in SIDES_OF_ROLE.get(role, ())]
    return tuple(side for side in Side.values if side in found)


def said_to(rating: Rating, side: str) -> list[Comment]:
    """Praise first."""
    return list(rating.comments.filter(side=side).order_by("-is_praise", "id"))


@dataclass(frozen=True, slots=True)
class ToldSide:
    side: str
    name: str
    result: Result | None
    colour: str
    marks: list[dict[str, Any]]
    praise: list[Comment]
    said: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Told:
    """One rating, as one reader sees it."""

    rating: Rating
    sides: list[ToldSide]

    @property
    def is_empty(self) -> bool:
        return not any(one.result or one.praise or one.said for one in self.sides)


def told(rating: Rating, sides: tuple[str, ...]) -> Told:
    rubric = rubric_of(rating.rubric)
    labels = {one.key: one.label for one in rubric.criteria}
    found = []
    for side in sides:
        result = rating.results.filter(side=side).first()
        words = said_to(rating, side)
        found.append(
            ToldSide(
                side,
                Side(side).label,
                result,
                _colour(rubric, result),
                _marks(rubric, rating, side),
                [one for one in words if one.is_praise],
                [{"words": one.words, "about": labels.get(one.key, "")} for one in words if not one.is_praise],
            )
        )
    return Told(rating, found)


def _colour(rubric: Rubric, result: Result | None) -> str:
    level = rubric.result(result.level) if result else None
    return level.colour if level else "grey"


def _marks(rubric: Rubric, rating: Rating, side: str) -> list[dict[str, Any]]:
    marks = dict(rating.marks.filter(side=side).values_list("key", "level"))
    return [
        {"criterion": one, "level": level}
        for one in rubric.criteria
        if (level := rubric.level(marks.get(one.key, ""))) is not None
    ]


def checks_of(plan: Plan) -> list[Rating]:
    rows = Rating.objects.filter(plan=plan, kind=Rating.Kind.CHECK, finished_at__isnull=False)
    return list(rows.select_related("rubric").order_by("round"))


def feedback_before(opened: OpenedPlan) -> Told | None:
    """Of the plan before this one, whatever school it was at: what its last rating said to this reader."""
    sides = sides_of(opened)
    if not sides or opened.plan.previous is None:
        return None
    checks = checks_of(opened.plan.previous)
    found = told(checks[-1], sides) if checks else None
    return None if found is None or found.is_empty else found
