from datetime import date
from typing import Any

import pytest

from virtual_school.authorities.rules import Policy, ReturnFact
from virtual_school.authorities.tests.rule_facts import a_child, an_authority
from virtual_school.care.rules import CareFacts, EpisodeFact, ReviewFact, first_review, later_reviews, second_review
from virtual_school.law.obligation import Obligation, State, Unit

CAME = date(2026, 6, 1)


def in_care(came: date = CAME, *reviews: date, policy: Policy | None = None, **facts: Any) -> CareFacts:
    status = facts.pop("legal_status", "C2")
    reason = facts.pop("new_reason", "S")
    place = facts.pop("place", "U6")
    usual: dict[str, Any] = {
        **a_child(policy),
        "born": date(2015, 3, 10),
        "episodes": (EpisodeFact(starts=came, new_reason=reason, legal_status=status, place=place),),
        "reviews": tuple(ReviewFact(on=on) for on in reviews),
    }
    return CareFacts(**{**usual, **facts})


def only(found: Any) -> Obligation:
    (obligation,) = found
    return obligation


def words(obligation: Obligation) -> str:
    return " ".join(step.words for step in obligation.reasons)


@pytest.mark.parametrize(
    ("came", "due"),
    [
        pytest.param(date(2026, 6, 1), date(2026, 6, 29), id="no holidays in the way"),
        pytest.param(date(2026, 3, 16), date(2026, 4, 15), id="over Easter"),
        pytest.param(date(2026, 6, 6), date(2026, 7, 3), id="came into care on a Saturday"),
        pytest.param(date(2025, 12, 10), date(2026, 1, 12), id="over Christmas and the year end"),
        pytest.param(date(2026, 5, 22), date(2026, 6, 22), id="over the spring bank holiday"),
    ],
)
def test_the_first_review_is_due_twenty_working_days_after_coming_into_care(came: date, due: date) -> None:
    found = only(first_review(in_care(came), came))
    assert (found.trigger_on, found.due_on, found.occasion) == (came, due, came.isoformat())
    assert found.clock is not None
    assert (found.clock.unit, found.clock.starts_on, found.clock.limit) == (Unit.WORKING_DAYS, came, 20)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        pytest.param(date(2026, 6, 1), State.UPCOMING, id="the day of coming into care"),
        pytest.param(date(2026, 6, 28), State.DUE_SOON, id="the day before it is due"),
        pytest.param(date(2026, 6, 29), State.DUE_SOON, id="the day it is due"),
        pytest.param(date(2026, 6, 30), State.OVERDUE, id="the day after"),
    ],
)
def test_a_first_review_not_held_goes_overdue_the_day_after_it_was_due(day: date, state: State) -> None:
    assert only(first_review(in_care(), day)).state is state


@pytest.mark.parametrize(
    ("held", "state"),
    [
        pytest.param(date(2026, 6, 28), State.MET, id="the day before it is due"),
        pytest.param(date(2026, 6, 29), State.MET, id="the day it is due"),
        pytest.param(date(2026, 6, 30), State.MET_LATE, id="the day after"),
    ],
)
def test_a_first_review_held_is_in_time_or_late(held: date, state: State) -> None:
    found = only(first_review(in_care(CAME, held), date(2026, 9, 1)))
    assert (found.state, found.met_on) == (state, held)


def test_the_reasons_tell_the_event_the_count_the_holidays_and_what_is_missing() -> None:
    assert words(only(first_review(in_care(date(2026, 3, 16)), date(2026, 4, 16)))) == (
        "Came into care on 16 March 2026 (day 0). 20 working days from then end on 15 April 2026. "
        "Bank holidays not counted: Good Friday (3 April 2026) and Easter Monday (6 April 2026). "
        "21 working days have passed by 16 April 2026. No review is recorded since 16 March 2026."
    )


def test_a_review_after_the_day_is_booked_and_meets_nothing_yet() -> None:
    found = only(first_review(in_care(CAME, date(2026, 6, 25)), date(2026, 6, 24)))
    assert (found.state, found.met_on) == (State.DUE_SOON, None)
    assert words(found).endswith("A review is booked for 25 June 2026.")


def test_a_review_of_an_earlier_time_in_care_does_not_count() -> None:
    facts = in_care(CAME, date(2026, 5, 20))
    assert only(first_review(facts, date(2026, 7, 1))).state is State.OVERDUE


def test_where_the_start_of_care_is_not_held_the_first_review_is_not_known() -> None:
    found = only(first_review(in_care(new_reason="P"), date(2026, 9, 1)))
    assert (found.state, found.due_on, found.trigger_on) == (State.NOT_KNOWN, None, None)
    assert "was not the start of care" in words(found)


def test_where_no_reviews_were_loaded_for_anyone_the_answer_is_not_known_with_the_day_due() -> None:
    found = only(first_review(in_care(reviews_known=False), date(2026, 9, 1)))
    assert (found.state, found.due_on) == (State.NOT_KNOWN, date(2026, 6, 29))
    assert "No reviews have been loaded." in words(found)


def test_reviews_before_the_first_return_loaded_are_not_known_to_be_missing() -> None:
    authority = an_authority(returns=(ReturnFact(collection_year=2027, loaded_on=date(2026, 10, 1)),))
    facts = in_care(date(2025, 6, 2), date(2026, 5, 4), **a_child(authority=authority))
    found = only(first_review(facts, date(2026, 11, 24)))
    assert (found.state, found.due_on, found.met_on) == (State.NOT_KNOWN, date(2025, 6, 30), None)
    assert "Reviews before 1 April 2026 are not held here." in words(found)


def test_reviews_held_only_up_to_a_day_before_the_one_due_leave_it_not_known() -> None:
    facts = in_care(CAME, reviews_to=date(2026, 6, 15))
    assert only(first_review(facts, date(2026, 6, 29))).state is State.DUE_SOON
    assert only(first_review(facts, date(2026, 6, 30))).state is State.NOT_KNOWN


def test_without_bank_holidays_the_day_is_not_guessed() -> None:
    found = only(first_review(in_care(date(2019, 6, 3), born=date(2012, 1, 1)), date(2026, 6, 1)))
    assert (found.state, found.due_on, found.clock) == (State.NOT_KNOWN, None, None)


@pytest.mark.parametrize(
    ("first", "due"),
    [
        pytest.param(date(2026, 6, 25), date(2026, 9, 25), id="the same day-number"),
        pytest.param(date(2026, 11, 30), date(2027, 2, 28), id="the last day of a shorter month"),
    ],
)
def test_the_second_review_is_due_within_three_months_of_the_first(first: date, due: date) -> None:
    found = only(second_review(in_care(first, first), first))
    assert (found.trigger_on, found.due_on) == (first, due)


def test_there_is_no_second_review_before_the_first_is_held() -> None:
    assert list(second_review(in_care(), date(2026, 9, 1))) == []
    assert list(second_review(in_care(CAME, date(2026, 9, 2)), date(2026, 9, 1))) == []


@pytest.mark.parametrize(
    ("second", "day", "state"),
    [
        (date(2026, 9, 25), date(2026, 12, 1), State.MET),
        (date(2026, 9, 26), date(2026, 12, 1), State.MET_LATE),
        (None, date(2026, 9, 25), State.DUE_SOON),
        (None, date(2026, 9, 26), State.OVERDUE),
    ],
)
def test_the_second_review_stands_by_its_day(second: date | None, day: date, state: State) -> None:
    reviews = [date(2026, 6, 25), *([second] if second else [])]
    assert only(second_review(in_care(CAME, *reviews), day)).state is state


def test_later_reviews_are_counted_from_the_one_before() -> None:
    facts = in_care(date(2025, 6, 2), date(2025, 6, 20), date(2025, 9, 15), date(2026, 3, 10))
    last, following = later_reviews(facts, date(2026, 6, 1))
    assert (last.occasion, last.state, last.met_on, last.due_on) == (
        "2025-09-15",
        State.MET,
        date(2026, 3, 10),
        date(2026, 3, 15),
    )
    assert (following.occasion, following.state, following.due_on) == ("2026-03-10", State.UPCOMING, date(2026, 9, 10))


def test_a_later_review_not_held_goes_overdue_after_six_months() -> None:
    facts = in_care(date(2025, 6, 2), date(2025, 6, 20), date(2025, 9, 15))
    assert only(later_reviews(facts, date(2026, 3, 15))).state is State.DUE_SOON
    found = only(later_reviews(facts, date(2026, 3, 16)))
    assert found.state is State.OVERDUE
    assert words(found).endswith("No review is recorded since 15 September 2025.")


def test_with_care_begun_earlier_the_next_review_follows_the_last_one_held() -> None:
    facts = in_care(date(2025, 6, 2), date(2026, 2, 2), new_reason="L")
    assert list(second_review(facts, date(2026, 3, 1))) == []
    found = only(later_reviews(facts, date(2026, 3, 1)))
    assert (found.state, found.due_on) == (State.UPCOMING, date(2026, 8, 2))


def test_with_care_begun_earlier_and_no_review_held_one_is_due_at_the_latest_six_months_on() -> None:
    facts = in_care(date(2025, 6, 2), new_reason="L")
    assert only(later_reviews(facts, date(2025, 7, 1))).state is State.UPCOMING
    found = only(later_reviews(facts, date(2026, 3, 1)))
    assert (found.state, found.due_on) == (State.OVERDUE, date(2025, 12, 2))


@pytest.mark.parametrize("status", ["V3", "V4"])
def test_short_breaks_are_reviewed_at_three_months_and_then_every_six(status: str) -> None:
    facts = in_care(date(2026, 1, 12), date(2026, 4, 12), date(2026, 10, 12), legal_status=status)
    day = date(2026, 11, 24)
    first, second = only(first_review(facts, day)), only(second_review(facts, day))
    assert (first.due_on, first.state) == (date(2026, 4, 12), State.MET)
    assert (second.due_on, second.state) == (date(2026, 10, 12), State.MET)
    assert only(later_reviews(facts, day)).due_on == date(2027, 4, 12)


def test_stays_of_one_series_are_counted_from_the_first_stay() -> None:
    stays = tuple(
        EpisodeFact(starts=starts, ends=ends, new_reason="S", legal_status="V3", end_reason="E8" if ends else "")
        for starts, ends in (
            (date(2024, 1, 5), date(2024, 1, 8)),
            (date(2026, 2, 6), date(2026, 2, 9)),
            (date(2026, 5, 1), date(2026, 5, 4)),
            (date(2026, 7, 3), None),
        )
    )
    found = only(first_review(in_care(episodes=stays), date(2026, 7, 4)))
    assert (found.trigger_on, found.due_on, found.state) == (date(2026, 2, 6), date(2026, 5, 6), State.OVERDUE)


def test_for_a_child_placed_for_adoption_the_reasons_say_that_these_regulations_do_not_apply() -> None:
    found = only(first_review(in_care(place="A5"), date(2026, 6, 2)))
    assert "placed for adoption, so these regulations do not apply" in words(found)


@pytest.mark.parametrize("rule", [first_review, second_review, later_reviews])
def test_nobody_is_asked_for_reviews_before_or_after_care_or_from_18(rule: Any) -> None:
    left = in_care(
        episodes=(EpisodeFact(starts=CAME, ends=date(2026, 9, 1), new_reason="S", legal_status="C2", end_reason="E4A"),)
    )
    adult = in_care(CAME, date(2026, 6, 20), born=date(2008, 7, 1))
    assert list(rule(left, date(2026, 5, 31))) == []
    assert list(rule(left, date(2026, 9, 1))) == []
    assert list(rule(adult, date(2026, 7, 1))) == []
