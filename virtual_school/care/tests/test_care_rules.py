from datetime import date
from typing import Any

import pytest

from virtual_school.authorities.rules import Policy, ReturnFact
from virtual_school.authorities.tests.rule_facts import a_child, an_authority
from virtual_school.care.facts import eligible_from, settled_placement_on
from virtual_school.care.rules import (
    CareFacts,
    CareLeaverFact,
    EpisodeFact,
    SdqFact,
    cohort,
    questionnaire_band,
    remanded_child_is_on_the_roll,
    sdq_band,
    social_worker_and_kinship_duty_in_force,
    strengths_and_difficulties,
    unaccompanied_child_has_the_same_entitlement,
)
from virtual_school.children.rules import SupportFact
from virtual_school.law.obligation import Obligation, State

DAY = date(2026, 11, 24)
LOADED = (ReturnFact(collection_year=2026, loaded_on=date(2026, 6, 1)),)


def episode(starts: date, ends: date | None = None, **facts: Any) -> EpisodeFact:
    usual: dict[str, Any] = {"new_reason": "S", "legal_status": "C2", "place": "U6"}
    return EpisodeFact(starts=starts, ends=ends, **{**usual, **facts})


def facts(*episodes: EpisodeFact, born: date | None = date(2012, 3, 10), **more: Any) -> CareFacts:
    policy = more.pop("policy", None)
    return CareFacts(
        **{**a_child(authority=an_authority(policy, returns=LOADED)), "born": born, "episodes": episodes, **more}
    )


def words(obligation: Obligation) -> str:
    return " ".join(step.words for step in obligation.reasons)


# Cohorts


@pytest.mark.parametrize("reason", ["E11", "E12", "E41", "E45", "E46", "E47", "E48"])
def test_who_left_care_by_adoption_or_an_order_was_previously_looked_after(reason: str) -> None:
    child = facts(episode(date(2020, 1, 6), date(2024, 5, 1), end_reason=reason))
    assert cohort(child, date(2024, 4, 30)) == "looked_after"
    assert cohort(child, date(2024, 5, 1)) == "previously_looked_after"


@pytest.mark.parametrize("reason", ["E4A", "E4B", "E3", "E2", "E8", "E13", "E14", "E16"])
def test_who_left_care_otherwise_as_a_younger_child_is_no_longer_on_the_roll(reason: str) -> None:
    assert cohort(facts(episode(date(2020, 1, 6), date(2024, 5, 1), end_reason=reason)), DAY) == ""


def test_being_previously_looked_after_ends_with_compulsory_school_age() -> None:
    child = facts(episode(date(2020, 1, 6), date(2024, 5, 1), end_reason="E11"), born=date(2010, 3, 10))
    assert cohort(child, date(2026, 6, 26)) == "previously_looked_after"
    assert cohort(child, date(2026, 6, 27)) == ""


def test_short_breaks_are_a_group_of_their_own_until_the_stay_ends() -> None:
    child = facts(episode(date(2026, 11, 20), date(2026, 11, 24), legal_status="V3", end_reason="E8"))
    assert cohort(child, date(2026, 11, 23)) == "short_breaks"
    assert cohort(child, DAY) == ""


def test_a_young_person_who_left_at_16_after_thirteen_weeks_is_a_care_leaver_until_25() -> None:
    child = facts(episode(date(2022, 1, 10), date(2026, 5, 1), end_reason="E5"), born=date(2009, 3, 10))
    assert cohort(child, date(2026, 5, 1)) == "care_leaver"
    assert cohort(child, date(2034, 3, 9)) == "care_leaver"
    assert cohort(child, date(2034, 3, 10)) == ""


@pytest.mark.parametrize("reason", ["E2", "E3", "E15"])
def test_who_died_went_to_another_authority_or_was_an_adult_is_no_care_leaver(reason: str) -> None:
    child = facts(episode(date(2022, 1, 10), date(2026, 5, 1), end_reason=reason), born=date(2009, 3, 10))
    assert cohort(child, DAY) == ""


@pytest.mark.parametrize(("in_touch", "group"), [("YES", "care_leaver"), ("DIED", ""), ("RHOM", "")])
def test_the_return_names_care_leavers_whose_care_is_not_held(in_touch: str, group: str) -> None:
    leaver = (CareLeaverFact(year=2026, in_touch=in_touch),)
    assert cohort(facts(born=date(2006, 5, 1), care_leaver=leaver), DAY) == group


@pytest.mark.parametrize(
    ("kind", "group"),
    [("child_in_need", "social_worker"), ("child_protection", "social_worker"), ("kinship", "kinship")],
)
def test_support_without_care_is_a_group_while_it_lasts_and_under_18(kind: str, group: str) -> None:
    support = (SupportFact(kind=kind, starts=date(2026, 1, 5), ends=date(2026, 11, 25)),)
    assert cohort(facts(support=support), DAY) == group
    assert cohort(facts(support=support), date(2026, 11, 25)) == ""
    assert cohort(facts(support=support, born=date(2008, 11, 24)), DAY) == ""


def test_being_looked_after_comes_before_every_other_group() -> None:
    support = (SupportFact(kind="child_protection", starts=date(2026, 1, 5)),)
    assert cohort(facts(episode(date(2026, 10, 1)), support=support), DAY) == "looked_after"


def test_a_child_who_came_back_into_care_after_adoption_is_looked_after() -> None:
    child = facts(episode(date(2016, 1, 4), date(2018, 5, 1), end_reason="E11"), episode(date(2026, 10, 1)))
    assert cohort(child, DAY) == "looked_after"


# Eligible children


@pytest.mark.parametrize(
    ("came", "eligible"),
    [
        pytest.param(date(2026, 1, 5), date(2026, 4, 5), id="day 91 of care, after 16"),
        pytest.param(date(2024, 1, 1), date(2025, 5, 1), id="the 16th birthday, long in care"),
        pytest.param(date(2025, 3, 1), date(2025, 5, 30), id="care that began before 16 and ran past it"),
    ],
)
def test_thirteen_weeks_since_14_with_some_after_16_make_an_eligible_child(came: date, eligible: date) -> None:
    assert eligible_from(facts(episode(came), born=date(2009, 5, 1)), DAY) == eligible


def test_several_times_in_care_are_added_and_short_breaks_are_not() -> None:
    born = date(2009, 5, 1)
    sixty_days = episode(date(2024, 1, 1), date(2024, 3, 1), end_reason="E4A")
    again = episode(date(2026, 1, 1))
    assert eligible_from(facts(sixty_days, again, born=born), DAY) == date(2026, 1, 31)
    breaks = episode(date(2024, 1, 1), date(2024, 3, 1), legal_status="V4", end_reason="E8")
    assert eligible_from(facts(breaks, again, born=born), DAY) == date(2026, 4, 1)


def test_care_before_14_does_not_count_and_care_that_ended_before_16_is_not_enough() -> None:
    born = date(2009, 5, 1)
    assert eligible_from(facts(episode(date(2015, 1, 1), date(2023, 5, 1), end_reason="E4A"), born=born), DAY) is None
    assert eligible_from(facts(episode(date(2023, 6, 1), date(2025, 5, 1), end_reason="E4A"), born=born), DAY) is None


def test_back_from_hospital_in_the_same_home_is_no_new_placement() -> None:
    child = facts(
        episode(date(2026, 1, 5), date(2026, 3, 1), place_postcode="AB1 2CD"),
        episode(date(2026, 3, 1), date(2026, 3, 9), place="T1", new_reason="T"),
        episode(date(2026, 3, 9), place_postcode="AB1 2CD", new_reason="T"),
    )
    for day in (date(2026, 3, 5), DAY):
        settled = settled_placement_on(child, child.periods[0], day)
        assert settled is not None
        assert settled.starts == date(2026, 1, 5)


# Health


def by_year(child: CareFacts, day: date = DAY) -> dict[str, Obligation]:
    return {found.occasion: found for found in strengths_and_difficulties(child, day)}


def test_a_questionnaire_is_due_by_31_march_for_a_child_then_twelve_months_in_care() -> None:
    found = by_year(facts(episode(date(2025, 3, 3)), sdq=(SdqFact(year=2026, score=15),)))
    assert (found["2025-26"].state, found["2025-26"].due_on) == (State.MET, date(2026, 3, 31))
    assert (found["2026-27"].state, found["2026-27"].due_on) == (State.UPCOMING, date(2027, 3, 31))


@pytest.mark.parametrize(
    ("came", "years"),
    [
        (date(2025, 4, 1), {"2025-26", "2026-27"}),
        (date(2025, 4, 2), {"2026-27"}),
        (date(2026, 4, 1), {"2026-27"}),
        (date(2026, 4, 2), set()),
    ],
)
def test_twelve_months_are_counted_to_each_31_march(came: date, years: set[str]) -> None:
    assert set(by_year(facts(episode(came)))) == years


@pytest.mark.parametrize(
    ("born", "asked"),
    [
        pytest.param(date(2022, 3, 31), True, id="4 on 31 March 2026"),
        pytest.param(date(2022, 4, 1), False, id="3 on 31 March 2026"),
        pytest.param(date(2009, 4, 1), True, id="16 on 31 March 2026"),
        pytest.param(date(2009, 3, 31), False, id="17 on 31 March 2026"),
    ],
)
def test_the_questionnaire_is_for_ages_4_to_16(born: date, asked: bool) -> None:
    assert ("2025-26" in by_year(facts(episode(date(2023, 1, 9)), born=born))) is asked


def test_a_council_that_asks_at_17_does_so_by_its_own_policy() -> None:
    child = facts(episode(date(2023, 1, 9)), born=date(2009, 3, 31), policy=Policy(sdq_to_age=17))
    assert by_year(child)["2025-26"].is_local


def test_a_missing_score_is_overdue_only_once_the_return_is_loaded() -> None:
    child = facts(episode(date(2023, 1, 9)))
    assert by_year(child, date(2026, 3, 31))["2025-26"].state is State.DUE_SOON
    assert by_year(child, date(2026, 4, 1))["2025-26"].state is State.NOT_KNOWN
    assert by_year(child, date(2026, 6, 1))["2025-26"].state is State.OVERDUE
    unloaded = facts(episode(date(2023, 1, 9)), sdq_known=False)
    assert by_year(unloaded)["2025-26"].state is State.NOT_KNOWN


def test_a_reason_instead_of_a_score_is_told_in_words() -> None:
    found = by_year(facts(episode(date(2023, 1, 9)), sdq=(SdqFact(year=2026, reason="SDQ2"),)))["2025-26"]
    assert found.state is State.NOT_APPLICABLE
    assert "the carer declined (SDQ2)" in words(found)


def test_without_a_date_of_birth_the_questionnaire_is_not_known() -> None:
    (found,) = strengths_and_difficulties(facts(episode(date(2023, 1, 9)), born=None), DAY)
    assert (found.state, found.missing) == (State.NOT_KNOWN, ("date of birth",))


def test_no_questionnaire_is_asked_for_in_short_breaks() -> None:
    assert by_year(facts(episode(date(2023, 1, 9), legal_status="V4"))) == {}


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (0, "normal"),
        (13, "normal"),
        (14, "borderline"),
        (16, "borderline"),
        (17, "cause for concern"),
        (40, "cause for concern"),
    ],
)
def test_a_score_falls_in_a_band(score: int, band: str) -> None:
    assert sdq_band(score) == band


def test_the_latest_score_held_gives_the_band() -> None:
    scores = (SdqFact(year=2025, score=20), SdqFact(year=2026, score=0), SdqFact(year=2028, score=30))
    (found,) = questionnaire_band(facts(episode(date(2023, 1, 9)), sdq=scores), DAY)
    assert (found.occasion, found.state) == ("2025-26", State.MET)
    assert "“normal”" in words(found)


# Status


def test_an_unaccompanied_child_is_on_the_roll_until_that_status_ends() -> None:
    child = facts(episode(date(2026, 9, 1)), is_uasc=True, uasc_until=date(2026, 11, 25))
    (found,) = unaccompanied_child_has_the_same_entitlement(child, DAY)
    assert (found.state, found.met_on) == (State.MET, date(2026, 9, 1))
    assert list(unaccompanied_child_has_the_same_entitlement(child, date(2026, 11, 25))) == []


def test_remand_makes_a_child_looked_after_the_same_day() -> None:
    child = facts(episode(date(2026, 11, 2), legal_status="J1", place="R5"))
    (found,) = remanded_child_is_on_the_roll(child, DAY)
    assert (found.state, found.due_on, found.met_on) == (State.MET, date(2026, 11, 2), date(2026, 11, 2))
    assert cohort(child, date(2026, 11, 2)) == "looked_after"


def test_a_child_already_in_care_when_remanded_stays_so() -> None:
    child = facts(
        episode(date(2024, 1, 8), date(2026, 11, 2), end_reason="X1"),
        episode(date(2026, 11, 2), new_reason="B", legal_status="J1", place="R5"),
    )
    (found,) = remanded_child_is_on_the_roll(child, DAY)
    assert "Already looked after since 8 January 2024." in words(found)


@pytest.mark.parametrize(
    ("starts", "state"),
    [(None, State.NOT_APPLICABLE), (date(2026, 11, 25), State.NOT_APPLICABLE), (DAY, State.MET)],
)
def test_the_duty_to_the_wider_group_waits_for_its_start_date(starts: date | None, state: State) -> None:
    child = facts(support=(SupportFact(kind="kinship", starts=date(2026, 1, 5)),), policy=Policy(kin_start_date=starts))
    (found,) = social_worker_and_kinship_duty_in_force(child, DAY)
    assert found.state is state
    assert "asks for no particular step for this child" in words(found)
