from collections.abc import Iterator
from datetime import date

import pytest

from virtual_school.law.obligation import RULES, Obligation, State, duty, in_words, state_of, step

DUE = date(2026, 6, 29)
SOON = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("day", "met_on", "state"),
    [
        pytest.param(date(2026, 6, 14), None, State.UPCOMING, id="before it is due soon"),
        pytest.param(date(2026, 6, 15), None, State.DUE_SOON, id="the first day of due soon"),
        pytest.param(date(2026, 6, 29), None, State.DUE_SOON, id="the last day"),
        pytest.param(date(2026, 6, 30), None, State.OVERDUE, id="the day after"),
        pytest.param(date(2026, 6, 30), date(2026, 6, 29), State.MET, id="met on the last day"),
        pytest.param(date(2026, 6, 30), date(2026, 6, 30), State.MET_LATE, id="met the day after"),
        pytest.param(date(2026, 6, 28), date(2026, 6, 29), State.DUE_SOON, id="not yet met that day"),
    ],
)
def test_how_an_obligation_stands_on_a_day(day: date, met_on: date | None, state: State) -> None:
    assert state_of(day, DUE, met_on, SOON) == state


def test_without_a_due_day_nothing_is_known_until_it_is_met() -> None:
    assert state_of(date(2026, 6, 29), None, None, None) == State.NOT_KNOWN
    assert state_of(date(2026, 6, 29), None, date(2026, 6, 1), None) == State.MET


def test_a_step_is_put_together_with_dates_in_full() -> None:
    reason = step(
        "Placed on {placed_on}. Skipped: {skipped}.",
        placed_on=date(2026, 10, 23),
        skipped=("half term", "2 November"),
    )
    assert reason.words == "Placed on 23 October 2026. Skipped: half term and 2 November."


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ((), "none"),
        (("a",), "a"),
        (["a", "b", "c"], "a, b and c"),
        (20, "20"),
        (date(2026, 1, 5), "5 January 2026"),
    ],
)
def test_facts_read_as_words(value: object, words: str) -> None:
    assert in_words(value) == words


def test_two_rules_cannot_claim_one_duty() -> None:
    def first(facts: object, day: date) -> Iterator[Obligation]:
        yield Obligation("TST-01", "local_authority", "test", State.MET)

    def second(facts: object, day: date) -> Iterator[Obligation]:
        yield Obligation("TST-01", "local_authority", "test", State.MET)

    try:
        assert duty("TST-01")(first) is first
        assert duty("TST-01")(first) is first
        with pytest.raises(ValueError, match="Two rules claim the duty TST-01"):
            duty("TST-01")(second)
    finally:
        RULES.pop("TST-01", None)
