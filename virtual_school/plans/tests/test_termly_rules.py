from datetime import date
from typing import Any

import pytest

from virtual_school.authorities.rules import Policy
from virtual_school.authorities.tests.rule_facts import HOLIDAYS, a_child
from virtual_school.care.rules import EpisodeFact
from virtual_school.dates.school_days import fallback_calendar
from virtual_school.law.obligation import Obligation, State
from virtual_school.plans.rules import PlanFact, PlanFacts
from virtual_school.plans.termly_rules import plan_reviewed_each_term

DAY = date(2026, 11, 24)


def facts(*plans: PlanFact, came: date = date(2024, 1, 8), policy: Policy | None = None, **more: Any) -> PlanFacts:
    usual: dict[str, Any] = {
        **a_child(policy),
        "born": date(2014, 3, 10),
        "episodes": (EpisodeFact(starts=came, new_reason="S", legal_status="C2", place="U6"),),
        "plans": plans,
    }
    return PlanFacts(**{**usual, **more})


def met(on: date, term: str = "") -> PlanFact:
    return PlanFact(term_key=term, meeting_on=on)


def by_term(child: PlanFacts, day: date = DAY) -> dict[str, Obligation]:
    return {found.occasion: found for found in plan_reviewed_each_term(child, day)}


def words(obligation: Obligation) -> str:
    return " ".join(step.words for step in obligation.reasons)


def test_a_review_is_due_by_the_last_school_day_of_the_term() -> None:
    found = by_term(facts())
    assert list(found) == ["2026/27-autumn"]
    assert (found["2026/27-autumn"].due_on, found["2026/27-autumn"].state) == (date(2026, 12, 18), State.UPCOMING)
    assert not found["2026/27-autumn"].is_local


@pytest.mark.parametrize(
    ("day", "term", "state"),
    [
        pytest.param(date(2026, 12, 18), "2026/27-autumn", State.DUE_SOON, id="the last school day"),
        pytest.param(date(2026, 12, 19), "2026/27-autumn", State.OVERDUE, id="the first day of the holiday"),
        pytest.param(date(2027, 1, 3), "2026/27-autumn", State.OVERDUE, id="the last day of the holiday"),
        pytest.param(date(2027, 1, 4), "2026/27-spring", State.UPCOMING, id="the first day of the next term"),
        pytest.param(date(2027, 7, 30), "2026/27-summer", State.OVERDUE, id="in the summer holiday"),
    ],
)
def test_a_term_without_a_review_is_overdue_until_the_next_term_begins(day: date, term: str, state: State) -> None:
    found = by_term(facts(), day)
    assert {key: obligation.state for key, obligation in found.items()} == {term: state}


def test_a_term_that_was_reviewed_is_still_shown_in_the_next_one() -> None:
    found = by_term(facts(met(date(2026, 11, 2))), date(2027, 1, 11))
    assert (found["2026/27-autumn"].state, found["2026/27-spring"].state) == (State.MET, State.UPCOMING)


@pytest.mark.parametrize(
    ("on", "term", "state"),
    [
        pytest.param(date(2026, 12, 18), "2026/27-autumn", State.MET, id="on the last school day"),
        pytest.param(date(2026, 12, 21), "2026/27-autumn", State.MET_LATE, id="the autumn plan met in the holiday"),
        pytest.param(date(2026, 8, 28), "2026/27-autumn", State.MET, id="the autumn plan met before term"),
        pytest.param(date(2026, 11, 2), "2025/26-summer", State.OVERDUE, id="a plan of another term"),
        pytest.param(date(2026, 12, 21), "", State.OVERDUE, id="in the holiday, of no named term"),
    ],
)
def test_a_meeting_counts_for_the_term_of_its_plan_else_for_the_term_it_lies_in(
    on: date, term: str, state: State
) -> None:
    assert by_term(facts(met(on, term)), date(2026, 12, 28))["2026/27-autumn"].state is state


def test_a_meeting_after_the_day_is_not_held_yet() -> None:
    assert by_term(facts(met(date(2026, 11, 25))))["2026/27-autumn"].state is State.UPCOMING


def test_a_plan_begun_but_without_a_meeting_is_not_reviewed_and_a_sign_off_stands_for_one() -> None:
    begun = PlanFact(term_key="2026/27-autumn", initiated_on=date(2026, 9, 10))
    signed = PlanFact(term_key="2026/27-autumn", signed_off_on=date(2026, 10, 10))
    assert by_term(facts(begun))["2026/27-autumn"].met_on is None
    assert by_term(facts(signed))["2026/27-autumn"].met_on == date(2026, 10, 10)


@pytest.mark.parametrize(
    ("came", "state"),
    [
        pytest.param(date(2026, 11, 20), State.UPCOMING, id="four weeks before the end"),
        pytest.param(date(2026, 11, 21), State.NOT_APPLICABLE, id="a day later"),
    ],
)
def test_a_child_who_comes_late_in_a_term_is_carried_into_the_next_by_council_policy(came: date, state: State) -> None:
    found = by_term(facts(came=came))["2026/27-autumn"]
    assert found.state is state
    if state is State.NOT_APPLICABLE:
        assert found.is_local
        assert "Council policy carries the review into the next term." in words(found)
        assert by_term(facts(came=came), date(2027, 1, 11))["2026/27-spring"].due_on == date(2027, 3, 25)


def test_a_review_of_a_child_who_came_late_still_counts() -> None:
    assert by_term(facts(met(DAY), came=date(2026, 11, 23)))["2026/27-autumn"].state is State.MET


def test_a_child_who_came_in_the_holiday_has_no_review_in_the_term_before() -> None:
    assert by_term(facts(came=date(2026, 12, 21)), date(2026, 12, 28)) == {}


def test_the_councils_own_date_is_local_and_the_guidance_is_told_beside_it() -> None:
    found = by_term(facts(policy=Policy(pep_cutoff_school_days_before_term_end=14)), date(2026, 12, 1))
    autumn = found["2026/27-autumn"]
    assert (autumn.due_on, autumn.state, autumn.is_local) == (date(2026, 11, 30), State.OVERDUE, True)
    assert "Council policy: reviewed by 30 November 2026, 14 school days before the term ends." in words(autumn)
    assert "The guidance asks for a review within the term, so by 18 December 2026." in words(autumn)


def test_usual_term_dates_are_said_to_be_usual_and_end_on_a_school_day() -> None:
    usual = fallback_calendar("Downshire", range(2024, 2028), HOLIDAYS)
    found = by_term(facts(school_calendar=usual), date(2027, 8, 2))["2026/27-summer"]
    assert found.due_on == date(2027, 8, 31)
    assert "the real dates of this term are not held" in words(found)


def test_without_term_dates_the_review_is_not_known() -> None:
    (found,) = plan_reviewed_each_term(facts(), date(2029, 1, 8))
    assert (found.state, found.due_on) == (State.NOT_KNOWN, None)


def test_where_no_plans_were_loaded_the_review_is_not_known() -> None:
    assert by_term(facts(plans_known=False))["2026/27-autumn"].state is State.NOT_KNOWN
    later = facts(plans_from=date(2026, 12, 21))
    assert by_term(later)["2026/27-autumn"].state is State.NOT_KNOWN


def test_a_child_below_the_councils_age_is_not_asked_about() -> None:
    assert by_term(facts(born=date(2024, 3, 10))) == {}
