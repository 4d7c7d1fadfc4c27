from datetime import date
from typing import Any

import pytest

from virtual_school.authorities.rules import Policy
from virtual_school.authorities.tests.rule_facts import a_child
from virtual_school.care.rules import EpisodeFact, ReviewFact
from virtual_school.law.obligation import Obligation, State
from virtual_school.plans.rules import (
    PlanFact,
    PlanFacts,
    has_a_plan,
    plan_begun_on_entry,
    plan_is_expected_at_this_age,
    plan_ready_for_the_first_review,
    plan_without_a_school_place,
)
from virtual_school.schools.rules import EnrolmentFact

CAME = date(2026, 9, 7)
DAY = date(2026, 11, 24)
TEN_DAYS = date(2026, 9, 21)
FIRST_REVIEW = date(2026, 10, 5)


def plan(begun: date | None = None, met: date | None = None, signed: date | None = None, term: str = "") -> PlanFact:
    return PlanFact(term_key=term, initiated_on=begun, meeting_on=met, signed_off_on=signed)


def facts(*plans: PlanFact, came: date = CAME, **more: Any) -> PlanFacts:
    policy = more.pop("policy", None)
    episode = {"new_reason": "S", "legal_status": "C2", "place": "U6", "is_emergency": True, **more.pop("episode", {})}
    usual: dict[str, Any] = {
        **a_child(policy),
        "born": date(2014, 3, 10),
        "episodes": (EpisodeFact(starts=came, **episode),),
        "plans": plans,
    }
    return PlanFacts(**{**usual, **more})


def only(found: Any) -> Obligation:
    (obligation,) = found
    return obligation


def words(obligation: Obligation) -> str:
    return " ".join(step.words for step in obligation.reasons)


# Begun on entry


@pytest.mark.parametrize(
    ("begun", "day", "state"),
    [
        (TEN_DAYS, DAY, State.MET),
        (date(2026, 9, 22), DAY, State.MET_LATE),
        (None, TEN_DAYS, State.DUE_SOON),
        (None, date(2026, 9, 22), State.OVERDUE),
    ],
)
def test_after_an_emergency_the_plan_is_begun_within_ten_working_days(
    begun: date | None, day: date, state: State
) -> None:
    found = only(plan_begun_on_entry(facts(*[plan(begun)] if begun else []), day))
    assert (found.trigger_on, found.due_on, found.state) == (CAME, TEN_DAYS, state)


@pytest.mark.parametrize(
    ("begun", "state"),
    [
        (date(2026, 9, 1), State.MET),
        (CAME, State.MET),
        (date(2026, 9, 8), State.MET_LATE),
    ],
)
def test_for_a_planned_entry_the_plan_is_begun_by_the_day_itself(begun: date, state: State) -> None:
    found = only(plan_begun_on_entry(facts(plan(begun), episode={"is_emergency": False}), DAY))
    assert (found.due_on, found.state) == (CAME, state)


@pytest.mark.parametrize(("policy", "due"), [("emergency", TEN_DAYS), ("planned", CAME)])
def test_an_entry_not_known_to_be_planned_is_counted_by_council_policy_and_said_so(policy: Any, due: date) -> None:
    found = only(
        plan_begun_on_entry(facts(episode={"is_emergency": None}, policy=Policy(entry_when_unknown=policy)), DAY)
    )
    assert found.due_on == due
    assert "It is not recorded whether this was planned. Council policy counts it as" in words(found)


def test_the_reasons_of_an_emergency_over_easter_name_the_holidays() -> None:
    found = only(plan_begun_on_entry(facts(came=date(2026, 3, 30)), date(2026, 4, 1)))
    assert found.due_on == date(2026, 4, 15)
    assert "Good Friday (3 April 2026) and Easter Monday (6 April 2026)" in words(found)


def test_a_plan_of_an_earlier_time_in_care_or_long_before_does_not_count() -> None:
    assert only(plan_begun_on_entry(facts(plan(date(2026, 3, 2))), DAY)).state is State.OVERDUE
    earlier = EpisodeFact(
        starts=date(2026, 1, 5), ends=date(2026, 8, 1), new_reason="S", legal_status="C2", end_reason="E4A"
    )
    again = EpisodeFact(starts=CAME, new_reason="S", legal_status="C2", is_emergency=True)
    child = facts(plan(date(2026, 7, 20)), episodes=(earlier, again))
    assert only(plan_begun_on_entry(child, DAY)).state is State.OVERDUE


def test_without_a_date_begun_the_meeting_shows_that_it_had_been_begun() -> None:
    found = only(plan_begun_on_entry(facts(plan(met=date(2026, 9, 18))), DAY))
    assert (found.state, found.met_on) == (State.MET, date(2026, 9, 18))
    assert "The plan had been begun by 18 September 2026." in words(found)


def test_a_council_that_loaded_no_plans_is_neither_fine_nor_overdue() -> None:
    for rule in (has_a_plan, plan_begun_on_entry, plan_ready_for_the_first_review):
        found = only(rule(facts(plans_known=False), DAY))
        assert found.state is State.NOT_KNOWN
        assert "No plan dates have been loaded." in words(found)


def test_plans_held_only_from_a_later_day_do_not_make_the_first_one_late() -> None:
    child = facts(plan(date(2026, 11, 2)), plans_from=date(2026, 11, 1))
    assert only(plan_begun_on_entry(child, DAY)).state is State.NOT_KNOWN
    assert only(has_a_plan(child, DAY)).state is State.MET


def test_where_the_start_of_care_is_not_held_the_entry_is_not_known_but_a_plan_is_still_owed() -> None:
    child = facts(episode={"new_reason": "L"})
    assert only(plan_begun_on_entry(child, DAY)).state is State.NOT_KNOWN
    assert only(has_a_plan(child, DAY)).state is State.OVERDUE
    assert only(has_a_plan(facts(plan(date(2026, 11, 2)), episode={"new_reason": "L"}), DAY)).state is State.MET
    assert list(plan_ready_for_the_first_review(child, DAY)) == []


# Ready for the first review


@pytest.mark.parametrize(
    ("signed", "state"),
    [(date(2026, 10, 4), State.MET), (FIRST_REVIEW, State.MET), (date(2026, 10, 6), State.MET_LATE)],
)
def test_the_plan_is_signed_off_by_the_day_the_first_review_is_due(signed: date, state: State) -> None:
    found = only(plan_ready_for_the_first_review(facts(plan(CAME, signed=signed)), DAY))
    assert (found.due_on, found.state) == (FIRST_REVIEW, state)


@pytest.mark.parametrize(
    ("review", "due", "says"),
    [
        (date(2026, 9, 28), date(2026, 9, 28), "The first review was held on 28 September 2026."),
        (date(2026, 10, 30), FIRST_REVIEW, "The first review was due by 5 October 2026."),
    ],
)
def test_an_early_review_brings_it_forward_and_a_late_one_does_not_put_it_off(
    review: date, due: date, says: str
) -> None:
    found = only(plan_ready_for_the_first_review(facts(reviews=(ReviewFact(on=review),)), DAY))
    assert found.due_on == due
    assert says in words(found)


def test_a_booked_review_is_said_to_be_booked() -> None:
    child = facts(reviews=(ReviewFact(on=date(2026, 9, 28)),))
    assert "is booked for 28 September 2026" in words(only(plan_ready_for_the_first_review(child, date(2026, 9, 10))))


# Who is expected to have one


@pytest.mark.parametrize("status", ["V3", "V4"])
def test_in_short_breaks_no_plan_is_required_and_the_reason_is_given(status: str) -> None:
    child = facts(episode={"legal_status": status})
    found = only(has_a_plan(child, DAY))
    assert found.state is State.NOT_APPLICABLE
    assert "regulation 48" in words(found)
    for rule in (plan_begun_on_entry, plan_ready_for_the_first_review, plan_without_a_school_place):
        assert list(rule(child, DAY)) == []


@pytest.mark.parametrize(
    ("day", "state"),
    [(date(2026, 11, 23), State.NOT_APPLICABLE), (DAY, State.MET)],
    ids=["the day before the third birthday", "the third birthday"],
)
def test_a_plan_is_expected_from_the_councils_age(day: date, state: State) -> None:
    found = only(plan_is_expected_at_this_age(facts(born=date(2023, 11, 24)), day))
    assert (found.state, found.is_local) == (state, True)


def test_a_child_who_reaches_the_age_in_care_has_the_plan_from_that_day() -> None:
    child = facts(born=date(2023, 11, 20))
    assert only(has_a_plan(child, DAY)).due_on == date(2026, 11, 20)
    assert list(plan_begun_on_entry(child, DAY)) == []


def test_the_plan_stops_at_the_18th_birthday_unless_the_council_goes_on_to_the_end_of_year_13() -> None:
    born = date(2008, 11, 24)
    ended = {"ends": DAY, "end_reason": "E17"}
    assert list(has_a_plan(facts(born=born, episode=ended), DAY)) == []
    on = facts(born=born, episode=ended, policy=Policy(pep_until="end of year 13"))
    assert only(has_a_plan(on, DAY)).is_local
    assert only(has_a_plan(on, date(2027, 8, 31))).is_local
    assert list(has_a_plan(on, date(2027, 9, 1))) == []


@pytest.mark.parametrize(
    ("episode", "policy", "says"),
    [
        ({"place": "A5"}, Policy(pep_when_placed_for_adoption=False), "regulation 3"),
        ({"legal_status": "J1", "place": "R5"}, Policy(pep_for_remand_only=False), "regulation 47B"),
    ],
    ids=["placed for adoption", "remanded only"],
)
def test_outside_the_regulations_the_council_decides_and_it_is_shown_as_local(
    episode: dict[str, str], policy: Policy, says: str
) -> None:
    expected = only(has_a_plan(facts(episode=episode), DAY))
    assert (expected.state, expected.is_local) == (State.OVERDUE, True)
    assert says in words(expected)
    assert only(has_a_plan(facts(episode=episode, policy=policy), DAY)).state is State.NOT_APPLICABLE


def test_a_child_in_care_before_the_remand_keeps_the_plan_by_law() -> None:
    child = facts(
        episodes=(
            EpisodeFact(starts=CAME, ends=date(2026, 10, 5), new_reason="S", legal_status="C2", end_reason="X1"),
            EpisodeFact(starts=date(2026, 10, 5), new_reason="B", legal_status="J1", place="R5"),
        )
    )
    assert not only(has_a_plan(child, DAY)).is_local


def test_a_child_remanded_to_local_authority_accommodation_has_a_plan_by_law() -> None:
    assert not only(has_a_plan(facts(episode={"legal_status": "J1", "place": "U6"}), DAY)).is_local


def test_without_a_date_of_birth_whether_a_plan_is_expected_is_not_known() -> None:
    for rule in (has_a_plan, plan_is_expected_at_this_age):
        assert only(rule(facts(born=None), DAY)).state is State.NOT_KNOWN


@pytest.mark.parametrize("day", [date(2026, 9, 6), date(2026, 11, 2)])
def test_out_of_care_no_plan_is_asked_for(day: date) -> None:
    child = facts(episode={"ends": date(2026, 11, 2), "end_reason": "E4A"})
    assert list(has_a_plan(child, day)) == []


# Without a school place


def test_a_child_at_school_is_not_asked_about() -> None:
    child = facts(enrolments=(EnrolmentFact(school="Oakfield", starts=date(2024, 9, 2)),))
    assert list(plan_without_a_school_place(child, DAY)) == []


def test_a_child_who_came_without_a_school_has_the_plan_by_the_same_clock() -> None:
    found = only(plan_without_a_school_place(facts(), DAY))
    assert (found.due_on, found.state) == (TEN_DAYS, State.OVERDUE)
    assert found.missing == ("school place", "plan")
    assert only(plan_without_a_school_place(facts(plan(TEN_DAYS)), DAY)).state is State.MET


def test_a_child_who_lost_the_school_in_care_has_the_plan_reviewed_by_the_end_of_that_term() -> None:
    lost = (EnrolmentFact(school="Oakfield", starts=date(2024, 9, 2), ends=date(2026, 11, 2)),)
    found = only(plan_without_a_school_place(facts(plan(CAME, date(2026, 9, 20)), enrolments=lost), DAY))
    assert (found.trigger_on, found.due_on, found.state) == (date(2026, 11, 2), date(2026, 12, 18), State.UPCOMING)
    recorded = facts(enrolments=lost, evidence={"PEP-04": (date(2026, 11, 10),)})
    assert only(plan_without_a_school_place(recorded, DAY)).met_on == date(2026, 11, 10)


def test_where_no_enrolments_were_loaded_nobody_is_taken_to_be_without_a_school() -> None:
    assert list(plan_without_a_school_place(facts(enrolments_known=False), DAY)) == []
