from datetime import date
from typing import Any

import pytest

from virtual_school.attendance.facts import ProvisionFact
from virtual_school.attendance.provision_rules import part_time_is_agreed_and_temporary
from virtual_school.law.obligation import State

from .exclusion_facts import DAY, asked, facts, words


def reduced(**more: Any) -> ProvisionFact:
    usual: dict[str, Any] = {"kind": "reduced", "starts": date(2026, 11, 2), "hours": 12.5, "hours_due": 24}
    return ProvisionFact(**{**usual, **more})


@pytest.mark.parametrize(
    ("one", "state"),
    [
        (reduced(), State.NOT_KNOWN),
        (reduced(agreed_on=date(2026, 10, 30)), State.NOT_KNOWN),
        (reduced(agreed_on=date(2026, 10, 30), end_planned=date(2026, 12, 4)), State.MET),
        (reduced(agreed_on=date(2026, 10, 30), end_planned=date(2026, 11, 20)), State.OVERDUE),
    ],
    ids=["nobody agreed", "no last day", "agreed and for a time", "past its end"],
)
def test_a_reduced_timetable_is_agreed_and_for_a_time(one: ProvisionFact, state: State) -> None:
    (found,) = asked(part_time_is_agreed_and_temporary, facts(provisions=(one,)))
    assert (found.state, found.is_local) == (state, False)
    assert "12.5 of 24 hours" in words(found)


def test_a_late_review_is_a_local_matter() -> None:
    one = reduced(agreed_on=date(2026, 10, 30), end_planned=date(2026, 12, 4), review_on=date(2026, 11, 20))
    _, review = asked(part_time_is_agreed_and_temporary, facts(provisions=(one,)))
    assert (review.state, review.is_local) == (State.OVERDUE, True)


@pytest.mark.parametrize(
    "one",
    [reduced(ends=DAY), reduced(starts=date(2026, 12, 1)), reduced(kind="alternative")],
    ids=["over", "to come", "another kind"],
)
def test_what_is_over_to_come_or_no_timetable_asks_nothing(one: ProvisionFact) -> None:
    assert asked(part_time_is_agreed_and_temporary, facts(provisions=(one,))) == []
