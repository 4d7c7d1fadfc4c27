"""VS-04: a dated record of the child's wishes from before the decision, or why there is none."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from virtual_school.law.obligation import State
from virtual_school.plans.content_rules import wishes_heard_before_the_decision
from virtual_school.plans.facts import PlanFact, SentIn

from .test_plan_rules import facts

OPENED, MET, SENT, TODAY = date(2026, 9, 14), date(2026, 10, 12), date(2026, 10, 20), date(2026, 11, 24)


def judged(held: dict[str, Any] | None = None, **plan: Any) -> Any:
    fact = PlanFact(
        term_key="2026/27-autumn", initiated_on=OPENED, opened_on=OPENED, meeting_on=MET, signed_off_on=SENT,
        sent_in=SentIn(on=SENT, **(held or {})), **plan,
    )  # fmt: skip
    known = replace(facts(fact, came=date(2026, 9, 1)), written_from=OPENED)
    (found,) = wishes_heard_before_the_decision(known, TODAY)
    return found


@pytest.mark.parametrize(
    ("plan", "held", "state"),
    [
        ({"heard_on": date(2026, 10, 5)}, {}, State.MET),
        ({"heard_on": date(2026, 10, 5), "not_heard_why": "refused"}, {}, State.MET),
        ({"heard_on": date(2026, 10, 13)}, {}, State.OVERDUE),
        ({"watched_on": date(2026, 10, 9)}, {}, State.MET),
        ({"watched_on": date(2026, 10, 13)}, {}, State.OVERDUE),
        ({}, {"came": frozenset({"young_person"})}, State.MET),
        ({}, {"child": "reason"}, State.MET),
        ({}, {"child": "said"}, State.NOT_KNOWN),
        ({}, {}, State.OVERDUE),
    ],
)
def test_wishes_count_when_they_are_dated_before_the_meeting(
    plan: dict[str, Any], held: dict[str, Any], state: State
) -> None:
    assert judged(held, **plan).state == state


def test_a_refusal_is_named_as_such() -> None:
    assert "gave no views" in str(judged(heard_on=date(2026, 10, 5), not_heard_why="refused").reasons[0])


def test_what_adults_saw_is_never_called_the_childs_words() -> None:
    why = str(judged(watched_on=date(2026, 10, 9)).reasons[0])
    assert "two adults saw" in why and "own words" not in why
