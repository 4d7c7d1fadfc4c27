from datetime import date
from typing import Any

import pytest

from virtual_school.authorities.rules import Policy
from virtual_school.authorities.tests.rule_facts import a_child, an_authority
from virtual_school.care.rules import EpisodeFact
from virtual_school.law.obligation import Obligation, State
from virtual_school.schools.rules import (
    EnrolmentFact,
    SchoolFacts,
    education_after_an_emergency_placement,
    education_for_an_unaccompanied_child,
    enrolment_on,
    liaison_out_of_area,
    previously_looked_after_child_is_covered,
    roll_is_up_to_date,
    year_group_on,
)

DAY = date(2026, 11, 24)
PLACED = date(2026, 9, 7)
"""A Monday. With the autumn half term still ahead, 20 school days end on Monday 5 October."""

DUE = date(2026, 10, 5)


def at(school: str, starts: date, ends: date | None = None, **more: Any) -> EnrolmentFact:
    return EnrolmentFact(school=school, starts=starts, ends=ends, **more)


def facts(*enrolments: EnrolmentFact, placed: date = PLACED, **more: Any) -> SchoolFacts:
    policy = more.pop("policy", None)
    episode = {"new_reason": "S", "legal_status": "C2", "place": "U6", "is_emergency": True, **more.pop("episode", {})}
    usual: dict[str, Any] = {
        **a_child(policy),
        "born": date(2014, 3, 10),
        "episodes": (EpisodeFact(starts=placed, **episode),),
        "enrolments": enrolments,
    }
    return SchoolFacts(**{**usual, **more})


def only(found: Any) -> Obligation:
    (obligation,) = found
    return obligation


def words(obligation: Obligation) -> str:
    return " ".join(step.words for step in obligation.reasons)


def test_the_main_registration_is_where_a_child_is_enrolled() -> None:
    both = (at("Hilltop unit", date(2026, 9, 1), kind="subsidiary"), at("Oakfield", date(2026, 9, 2)))
    found = enrolment_on(facts(*both), DAY)
    assert found is not None
    assert found.school == "Oakfield"


@pytest.mark.parametrize("day", [date(2026, 9, 1), date(2026, 10, 1)])
def test_a_place_runs_to_the_day_before_it_ends(day: date) -> None:
    place = at("Oakfield", date(2026, 9, 2), date(2026, 10, 1))
    assert enrolment_on(facts(place), day) is None
    assert enrolment_on(facts(place), date(2026, 9, 30)) is place


def test_the_year_group_as_taught_wins_over_the_sum() -> None:
    assert year_group_on(facts(), DAY) == 8
    assert year_group_on(facts(actual_year_group=7), DAY) == 7
    assert year_group_on(facts(born=None), DAY) is None


# Education after an emergency placement


@pytest.mark.parametrize(
    ("day", "state"),
    [
        pytest.param(PLACED, State.UPCOMING, id="the day of the placement"),
        pytest.param(date(2026, 10, 4), State.DUE_SOON, id="the day before it is due"),
        pytest.param(DUE, State.DUE_SOON, id="the day it is due"),
        pytest.param(date(2026, 10, 6), State.OVERDUE, id="the day after"),
    ],
)
def test_new_education_is_due_twenty_school_days_after_an_emergency_placement(day: date, state: State) -> None:
    found = only(education_after_an_emergency_placement(facts(), day))
    assert (found.trigger_on, found.due_on, found.state) == (PLACED, DUE, state)


@pytest.mark.parametrize(
    ("starts", "state"),
    [(PLACED, State.MET), (DUE, State.MET), (date(2026, 10, 6), State.MET_LATE)],
)
def test_starting_at_a_new_school_meets_it(starts: date, state: State) -> None:
    left = at("Oakfield", date(2024, 9, 2), PLACED)
    found = only(education_after_an_emergency_placement(facts(left, at("Beech", starts)), DAY))
    assert (found.state, found.met_on) == (state, starts)
    assert "The place at Oakfield ended on 7 September 2026." in words(found)


def test_half_term_and_inset_days_are_skipped_and_named() -> None:
    found = only(education_after_an_emergency_placement(facts(placed=date(2026, 10, 12)), DAY))
    assert found.due_on == date(2026, 11, 16)
    assert "Not school days: autumn half term (26 October 2026 to 30 October 2026)." in words(found)
    assert "by the calendar of Downshire" in words(found)


def test_a_school_that_is_kept_raises_nothing() -> None:
    kept = at("Oakfield", date(2024, 9, 2))
    assert list(education_after_an_emergency_placement(facts(kept), DAY)) == []


def test_a_school_lost_within_the_twenty_days_counts_as_not_kept_from_the_day_it_is_lost() -> None:
    lost = facts(at("Oakfield", date(2024, 9, 2), date(2026, 9, 21)))
    assert list(education_after_an_emergency_placement(lost, date(2026, 9, 20))) == []
    assert only(education_after_an_emergency_placement(lost, date(2026, 9, 21))).due_on == DUE


def test_a_school_lost_long_after_was_kept() -> None:
    later = facts(at("Oakfield", date(2024, 9, 2), date(2026, 11, 2)))
    assert list(education_after_an_emergency_placement(later, DAY)) == []


def test_a_planned_placement_raises_nothing() -> None:
    assert list(education_after_an_emergency_placement(facts(episode={"is_emergency": False}), DAY)) == []


def test_a_placement_not_known_to_be_planned_is_counted_by_council_policy() -> None:
    unsaid = {"is_emergency": None}
    found = only(education_after_an_emergency_placement(facts(episode=unsaid), DAY))
    assert "Council policy counts it as an emergency." in words(found)
    planned = facts(episode=unsaid, policy=Policy(entry_when_unknown="planned"))
    assert list(education_after_an_emergency_placement(planned, DAY)) == []


@pytest.mark.parametrize(
    ("born", "asked"),
    [
        pytest.param(date(2021, 8, 31), True, id="compulsory school age from 31 August 2026"),
        pytest.param(date(2021, 9, 1), False, id="compulsory school age from 31 December 2026"),
        pytest.param(date(2008, 11, 25), True, id="17"),
        pytest.param(date(2008, 11, 24), False, id="18 that day"),
    ],
)
def test_new_education_is_asked_from_compulsory_school_age_to_18(born: date, asked: bool) -> None:
    assert bool(list(education_after_an_emergency_placement(facts(born=born), DAY))) is asked


def test_missing_enrolments_or_birth_date_leave_it_not_known() -> None:
    for missing in ({"enrolments_known": False}, {"born": None}):
        found = only(education_after_an_emergency_placement(facts(**missing), DAY))
        assert (found.state, found.due_on) == (State.NOT_KNOWN, DUE)
    before = facts(at("Beech", date(2026, 11, 2)), enrolments_from=date(2026, 11, 1))
    assert list(education_after_an_emergency_placement(before, DAY)) == []
    assert only(education_after_an_emergency_placement(facts(enrolments_from=date(2026, 11, 1)), DAY)).state is (
        State.NOT_KNOWN
    )


def test_without_term_dates_no_day_is_guessed() -> None:
    found = only(education_after_an_emergency_placement(facts(placed=date(2024, 1, 8)), DAY))
    assert (found.state, found.due_on) == (State.NOT_KNOWN, None)
    assert "term dates" in words(found)


# Unaccompanied children


def test_an_unaccompanied_child_has_the_same_twenty_days_from_coming_into_care() -> None:
    child = facts(is_uasc=True, episode={"is_emergency": None})
    assert only(education_for_an_unaccompanied_child(child, DAY)).due_on == DUE
    assert list(education_after_an_emergency_placement(child, DAY)) == []
    assert list(education_for_an_unaccompanied_child(facts(), DAY)) == []


def test_where_an_unaccompanied_childs_care_began_is_not_held_the_day_is_not_known() -> None:
    found = only(education_for_an_unaccompanied_child(facts(is_uasc=True, episode={"new_reason": "P"}), DAY))
    assert (found.state, found.due_on) == (State.NOT_KNOWN, None)


# Out of area


def out_of_area(evidence: tuple[date, ...] = (), since: date | None = date(2026, 1, 1)) -> SchoolFacts:
    authority = an_authority(evidence_from={"SCH-10": since} if since else {})
    return facts(**a_child(authority=authority), episode={"in_area": False}, evidence={"SCH-10": evidence})


@pytest.mark.parametrize(
    ("evidence", "day", "state"),
    [
        ((date(2026, 9, 14),), DAY, State.MET),
        ((date(2026, 9, 15),), DAY, State.MET_LATE),
        ((date(2026, 9, 4),), DAY, State.OVERDUE),
        ((), date(2026, 9, 14), State.DUE_SOON),
        ((), date(2026, 9, 15), State.OVERDUE),
    ],
)
def test_liaison_after_a_placement_elsewhere_has_a_local_target(
    evidence: tuple[date, ...], day: date, state: State
) -> None:
    found = only(liaison_out_of_area(out_of_area(evidence), day))
    assert (found.state, found.due_on, found.is_local) == (state, date(2026, 9, 14), True)


def test_where_no_liaison_was_ever_recorded_here_its_absence_is_not_known() -> None:
    assert only(liaison_out_of_area(out_of_area(since=None), DAY)).state is State.NOT_KNOWN
    assert only(liaison_out_of_area(out_of_area(since=date(2026, 10, 1)), DAY)).state is State.NOT_KNOWN


def test_a_placement_in_the_area_raises_nothing_and_one_not_known_is_said_to_be_so() -> None:
    assert list(liaison_out_of_area(facts(episode={"in_area": True}), DAY)) == []
    assert only(liaison_out_of_area(facts(), DAY)).missing == ("area of the placement",)


# The roll


def test_a_roll_entry_nobody_checked_is_not_known() -> None:
    found = only(roll_is_up_to_date(facts(), DAY))
    assert (found.state, found.missing, found.is_local) == (
        State.NOT_KNOWN,
        ("school or college", "check of the roll"),
        True,
    )


@pytest.mark.parametrize(
    ("day", "state"),
    [(date(2026, 11, 29), State.DUE_SOON), (date(2026, 11, 30), State.DUE_SOON), (date(2026, 12, 1), State.OVERDUE)],
)
def test_the_next_check_of_the_roll_has_a_local_target(day: date, state: State) -> None:
    child = facts(at("Oakfield", date(2026, 9, 14)), roll_checked_on=date(2026, 9, 1))
    found = only(roll_is_up_to_date(child, day))
    assert (found.state, found.due_on) == (state, date(2026, 11, 30))
    assert "The school has changed since then." in words(found)


# Previously looked-after children


def left_care(*enrolments: EnrolmentFact, born: date | None = date(2014, 3, 10), reason: str = "E11") -> SchoolFacts:
    ended = {"ends": date(2025, 5, 1), "end_reason": reason}
    return facts(*enrolments, placed=date(2022, 1, 4), episode=ended, born=born)


@pytest.mark.parametrize(
    ("enrolments", "born", "state"),
    [
        pytest.param((at("Oakfield", date(2025, 9, 1), la_code=999),), date(2014, 3, 10), State.MET, id="here"),
        pytest.param((at("Elm", date(2025, 9, 1), la_code=998),), date(2014, 3, 10), State.NOT_APPLICABLE, id="there"),
        pytest.param((at("Elm", date(2025, 9, 1)),), date(2014, 3, 10), State.NOT_KNOWN, id="area not held"),
        pytest.param((), date(2014, 3, 10), State.NOT_KNOWN, id="school not held"),
        pytest.param((), None, State.NOT_KNOWN, id="date of birth not held"),
        pytest.param((), date(2010, 3, 10), State.NOT_APPLICABLE, id="past compulsory school age"),
        pytest.param(
            (at("Acorns", date(2025, 9, 1), la_code=999, is_early_years=True),),
            date(2023, 3, 10),
            State.MET,
            id="in early years provision",
        ),
    ],
)
def test_advice_is_owed_by_age_and_by_where_the_child_is_educated(
    enrolments: tuple[EnrolmentFact, ...], born: date | None, state: State
) -> None:
    assert only(previously_looked_after_child_is_covered(left_care(*enrolments, born=born), DAY)).state is state


@pytest.mark.parametrize("reason", ["E4A", "E3", "E8"])
def test_who_went_home_or_to_another_authority_is_not_covered(reason: str) -> None:
    assert list(previously_looked_after_child_is_covered(left_care(reason=reason), DAY)) == []


def test_a_child_still_in_care_is_not_asked_about() -> None:
    assert list(previously_looked_after_child_is_covered(left_care(), date(2025, 4, 30))) == []
