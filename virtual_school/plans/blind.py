"""Plans that the person acting is to judge again without knowing how they were judged. No page shows them the
rating of such a plan, or what follows from it. Apps above this one put a function into `BLIND` when they are ready."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from .facts import PlanFacts

BLIND: list[Callable[[], QuerySet[Any]]] = []
"""Each answers with rows that have a `plan` and a `child`, of the person who acts; of a task, which acts for nobody,
none."""

NOT_SHOWN = "Not shown: you are to mark it again"
TOLD_BY = ("VS-12",)
"""The duties whose standing tells whether a plan was rated good."""


def unseen_plans() -> frozenset[int]:
    return frozenset(plan for of in BLIND for plan in of().values_list("plan", flat=True))


def is_blind_to(child: int) -> bool:
    return any(of().filter(child=child).exists() for of in BLIND)


def without_unseen(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of kept answers of duties, without those that tell such a rating. No query of its own."""
    for of in BLIND:
        rows = rows.exclude(duty__in=TOLD_BY, child__in=of().values("child"))
    return rows


def as_seen(facts: PlanFacts, child: int) -> PlanFacts:
    """For a page about the child: without the ratings this person is not to see. Never for what is kept."""
    terms = {term for of in BLIND for term in of().filter(child=child).values_list("plan__term", flat=True)}
    if not terms:
        return facts
    plans = tuple(
        replace(plan, rating="", is_good=None, is_rating_hidden=True)
        if plan.term_key in terms and plan.rating
        else plan
        for plan in facts.plans
    )
    return replace(facts, plans=plans)
