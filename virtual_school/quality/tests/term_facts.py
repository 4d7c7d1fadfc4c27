"""Children and plans of one autumn term, for the tests of the measures."""

from datetime import date
from typing import Any

from virtual_school.authorities.tests.rule_facts import TERMS, a_child, an_authority
from virtual_school.care.rules import EpisodeFact
from virtual_school.plans.facts import PlanFacts
from virtual_school.plans.policy import PlanPolicy
from virtual_school.quality.measured import MeasuredChild, MeasuredPlan, TermFacts

AUTUMN = TERMS[3]
CUT_OFF = date(2026, 12, 4)
SINCE = date(2026, 7, 22)
LONG_AGO = date(2024, 1, 8)
BORN = date(2014, 3, 10)


def care(came: date = LONG_AGO, left: date | None = None, **episode: Any) -> EpisodeFact:
    usual: dict[str, Any] = {"new_reason": "S", "legal_status": "C2", "place": "U6", "is_emergency": True}
    return EpisodeFact(**{**usual, "starts": came, "ends": left, "end_reason": "E4A" if left else "", **episode})


def child(pk: int, *plans: MeasuredPlan, came: date = LONG_AGO, left: date | None = None, **more: Any) -> MeasuredChild:
    """`more`: of the child's facts; of the measured child where it has such a thing."""
    own = {name: more.pop(name) for name in ("phase", "school", "advisers", "transition_on") if name in more}
    episodes = more.pop("episodes", (care(came, left),))
    facts = PlanFacts(**{**a_child(), "born": BORN, "episodes": episodes, **more})
    return MeasuredChild(child=pk, facts=facts, plans=plans, **own)


def term(*children: MeasuredChild, **more: Any) -> TermFacts:
    usual: dict[str, Any] = {
        "authority": an_authority(), "policy": PlanPolicy(), "term": AUTUMN, "since": SINCE, "cut_off": CUT_OFF,
        "on": CUT_OFF, "spring_ends": TERMS[4].ends,
    }  # fmt: skip
    return TermFacts(**{**usual, **more, "children": children})


def plan(*way: tuple[str, date], **more: Any) -> MeasuredPlan:
    return MeasuredPlan(way=way, **more)


def sent(on: date = date(2026, 11, 20), **more: Any) -> MeasuredPlan:
    return plan(("submit", on), **{"state": "submitted", "submitted_on": on, **more})


def approved(on: date = date(2026, 11, 27), *, sent_on: date = date(2026, 11, 20), **more: Any) -> MeasuredPlan:
    usual = {"state": "approved", "submitted_on": sent_on, "approved_on": on, "rating": "Good", "is_good": True}
    return plan(("submit", sent_on), ("approve", on), **{**usual, **more})
