from datetime import date
from typing import Any

import pytest

from virtual_school.authorities.tests.rule_facts import a_child, an_authority
from virtual_school.care.rules import CareLeaverFact, EpisodeFact
from virtual_school.law.obligation import Obligation, State
from virtual_school.pathways.rules import (
    activity_is_known,
    is_an_eligible_child,
    needs_assessed_for_the_pathway_plan,
    pathway_plan_reviewed,
    relevant_child_is_assessed,
)
from virtual_school.schools.rules import EnrolmentFact, SchoolFacts

DAY = date(2026, 11, 24)
KEPT = {"P16-02": date(2024, 1, 1), "P16-04": date(2024, 1, 1), "P16-05": date(2024, 1, 1)}
"""The authority has recorded pathway work here since January 2024."""


def facts(
    came: date = date(2022, 1, 10), left: date | None = None, born: date | None = date(2010, 6, 1), **more: Any
) -> SchoolFacts:
    reason = more.pop("reason", "E8")
    kept = more.pop("evidence_from", KEPT)
    episode = EpisodeFact(
        starts=came,
        ends=left,
        new_reason="S",
        legal_status=more.pop("legal_status", "C2"),
        end_reason=reason if left else "",
    )
    return SchoolFacts(
        **{**a_child(authority=an_authority(evidence_from=kept)), "born": born, "episodes": (episode,), **more}
    )


def only(found: Any) -> Obligation:
    (obligation,) = found
    return obligation


def words(obligation: Obligation) -> str:
    return " ".join(step.words for step in obligation.reasons)


@pytest.mark.parametrize(
    ("day", "states"),
    [
        pytest.param(date(2026, 5, 31), [], id="the day before the 16th birthday"),
        pytest.param(date(2026, 6, 1), [State.MET], id="the 16th birthday"),
        pytest.param(date(2028, 5, 31), [State.MET], id="the day before the 18th birthday"),
        pytest.param(date(2028, 6, 1), [], id="the 18th birthday"),
    ],
)
def test_a_child_long_in_care_is_an_eligible_child_at_16_and_17(day: date, states: list[State]) -> None:
    assert [found.state for found in is_an_eligible_child(facts(), day)] == states


def test_a_newcomer_of_16_becomes_eligible_on_day_91() -> None:
    child = facts(date(2026, 9, 1))
    before, on = only(is_an_eligible_child(child, DAY)), only(is_an_eligible_child(child, date(2026, 11, 30)))
    assert (before.state, before.due_on) == (State.DUE_SOON, date(2026, 11, 30))
    assert "If care goes on" in words(before)
    assert (on.state, on.met_on) == (State.MET, date(2026, 11, 30))


def test_one_who_comes_too_late_to_reach_thirteen_weeks_is_told_why() -> None:
    found = only(is_an_eligible_child(facts(date(2026, 11, 2), born=date(2008, 12, 24)), DAY))
    assert found.state is State.NOT_APPLICABLE
    assert "cannot be reached before the 18th birthday, on 24 December 2026" in words(found)


def test_short_breaks_make_nobody_eligible_and_a_missing_birth_date_is_said() -> None:
    assert list(is_an_eligible_child(facts(legal_status="V4"), DAY)) == []
    assert only(is_an_eligible_child(facts(born=None), DAY)).state is State.NOT_KNOWN


@pytest.mark.parametrize(
    ("evidence", "day", "state"),
    [
        ((), date(2026, 9, 1), State.DUE_SOON),
        ((), date(2026, 9, 2), State.OVERDUE),
        ((date(2026, 9, 1),), DAY, State.MET),
        ((date(2026, 9, 2),), DAY, State.MET_LATE),
        ((date(2026, 5, 20),), DAY, State.MET),
    ],
)
def test_needs_are_assessed_within_three_months_of_becoming_eligible(
    evidence: tuple[date, ...], day: date, state: State
) -> None:
    found = only(needs_assessed_for_the_pathway_plan(facts(evidence={"P16-02": evidence}), day))
    assert (found.trigger_on, found.due_on, found.state) == (date(2026, 6, 1), date(2026, 9, 1), state)


def test_where_no_assessment_was_ever_recorded_here_its_absence_is_not_known() -> None:
    found = only(needs_assessed_for_the_pathway_plan(facts(evidence_from={}), DAY))
    assert (found.state, found.due_on) == (State.NOT_KNOWN, date(2026, 9, 1))


# Relevant children


@pytest.mark.parametrize(("day", "state"), [(date(2026, 12, 1), State.DUE_SOON), (date(2026, 12, 2), State.OVERDUE)])
def test_a_relevant_child_is_assessed_within_three_months_of_leaving(day: date, state: State) -> None:
    found = only(relevant_child_is_assessed(facts(left=date(2026, 9, 1)), day))
    assert (found.trigger_on, found.due_on, found.state) == (date(2026, 9, 1), date(2026, 12, 1), state)


def test_an_assessment_made_in_care_stands() -> None:
    child = facts(left=date(2026, 9, 1), evidence={"P16-02": (date(2026, 8, 3),)})
    found = only(relevant_child_is_assessed(child, DAY))
    assert (found.state, found.met_on) == (State.MET, date(2026, 8, 3))
    assert "made while the young person was in care" in words(found)


@pytest.mark.parametrize(
    ("day", "state"), [(date(2027, 2, 28), State.OVERDUE), (date(2027, 3, 1), State.NOT_APPLICABLE)]
)
@pytest.mark.parametrize("reason", ["E4A", "E4B", "E45"])
def test_after_six_months_with_a_parent_a_child_is_no_longer_relevant(reason: str, day: date, state: State) -> None:
    assert only(relevant_child_is_assessed(facts(left=date(2026, 9, 1), reason=reason), day)).state is state


@pytest.mark.parametrize(
    "child",
    [
        pytest.param(facts(left=date(2026, 9, 1), reason="E3"), id="another authority took over"),
        pytest.param(facts(left=date(2026, 9, 1), reason="E2"), id="died"),
        pytest.param(facts(date(2026, 8, 3), left=date(2026, 9, 1)), id="not thirteen weeks in care"),
        pytest.param(facts(left=date(2026, 5, 1)), id="left before 16"),
        pytest.param(facts(), id="still in care"),
        pytest.param(facts(left=date(2026, 9, 1), born=date(2008, 11, 24)), id="18 that day"),
    ],
)
def test_nobody_else_is_a_relevant_child(child: SchoolFacts) -> None:
    assert list(relevant_child_is_assessed(child, DAY)) == []


# Former relevant children


def leaver(*reviews: date, **more: Any) -> SchoolFacts:
    usual: dict[str, Any] = {"left": date(2026, 3, 10), "born": date(2008, 3, 10), "reason": "E17"}
    return facts(**{**usual, "evidence": {"P16-05": reviews}, **more})


@pytest.mark.parametrize(
    ("day", "state"),
    [(date(2026, 9, 10), State.DUE_SOON), (date(2026, 9, 11), State.OVERDUE)],
)
def test_the_pathway_plan_is_reviewed_within_six_months_of_18(day: date, state: State) -> None:
    found = only(pathway_plan_reviewed(leaver(), day))
    assert (found.trigger_on, found.due_on, found.state) == (date(2026, 3, 10), date(2026, 9, 10), state)
    assert "Where the council provides the accommodation" in words(found)


def test_each_review_starts_the_next_six_months() -> None:
    last, following = pathway_plan_reviewed(leaver(date(2026, 9, 1)), DAY)
    assert (last.occasion, last.state, last.met_on) == ("2026-03-10", State.MET, date(2026, 9, 1))
    assert (following.occasion, following.due_on) == ("2026-09-01", date(2027, 3, 1))


def test_reviews_of_the_pathway_plan_run_to_21_and_not_where_the_family_home_was_returned_to() -> None:
    assert list(pathway_plan_reviewed(leaver(), date(2029, 3, 9)))
    assert list(pathway_plan_reviewed(leaver(), date(2029, 3, 10))) == []
    home = (CareLeaverFact(year=2026, in_touch="RHOM"),)
    assert list(pathway_plan_reviewed(leaver(care_leaver=home), DAY)) == []


# Taking part in education


def test_the_activity_is_asked_from_the_end_of_compulsory_school_age_to_18() -> None:
    child = facts(born=date(2010, 3, 10))
    assert list(activity_is_known(child, date(2026, 6, 26))) == []
    assert only(activity_is_known(child, date(2026, 6, 27))).state is State.NOT_KNOWN
    assert list(activity_is_known(child, date(2028, 3, 10))) == []


def test_a_college_place_or_the_return_make_the_activity_known() -> None:
    born = date(2010, 3, 10)
    college = EnrolmentFact(school="Downshire College", starts=date(2026, 9, 7))
    assert only(activity_is_known(facts(born=born, enrolments=(college,)), DAY)).state is State.MET
    neet = (CareLeaverFact(year=2027, in_touch="YES", activity="G5"),)
    found = only(activity_is_known(facts(born=born, care_leaver=neet), DAY))
    assert found.state is State.MET
    assert "not in education, employment or training" in words(found)


@pytest.mark.parametrize(
    "record",
    [CareLeaverFact(year=2027, activity="0"), CareLeaverFact(year=2027), CareLeaverFact(year=2025, activity="F2")],
    ids=["not known", "blank", "two years old"],
)
def test_an_activity_not_known_or_long_ago_leaves_it_not_known(record: CareLeaverFact) -> None:
    assert only(activity_is_known(facts(born=date(2010, 3, 10), care_leaver=(record,)), DAY)).state is State.NOT_KNOWN
