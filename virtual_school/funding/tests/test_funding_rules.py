from datetime import date
from typing import Any

import pytest

from virtual_school.authorities.tests.rule_facts import a_child
from virtual_school.care.rules import EpisodeFact
from virtual_school.funding.rules import counts_for_pupil_premium, qualifies_for_pupil_premium
from virtual_school.law.obligation import Obligation, State
from virtual_school.schools.rules import EnrolmentFact, SchoolFacts

DAY = date(2026, 11, 24)


def facts(came: date = date(2024, 1, 8), left: date | None = None, **more: Any) -> SchoolFacts:
    episode = EpisodeFact(
        starts=came,
        ends=left,
        new_reason="S",
        legal_status=more.pop("legal_status", "C2"),
        end_reason="E4A" if left else "",
    )
    return SchoolFacts(**{**a_child(), "born": date(2014, 3, 10), "episodes": (episode,), **more})


def words(obligation: Obligation) -> str:
    return " ".join(step.words for step in obligation.reasons)


@pytest.mark.parametrize(
    ("born", "state"),
    [
        pytest.param(date(2021, 8, 31), State.MET, id="4 on 31 August 2025"),
        pytest.param(date(2021, 9, 1), State.NOT_APPLICABLE, id="3 on 31 August 2025"),
        pytest.param(date(2009, 9, 1), State.MET, id="15 on 31 August 2025"),
        pytest.param(date(2009, 8, 31), State.NOT_APPLICABLE, id="16 on 31 August 2025"),
        pytest.param(None, State.NOT_KNOWN, id="date of birth not held"),
    ],
)
def test_the_premium_is_for_children_aged_4_to_15_on_31_august_before_the_year(born: date | None, state: State) -> None:
    (found,) = qualifies_for_pupil_premium(facts(born=born), DAY)
    assert (found.state, found.occasion) == (state, "2026-27")
    counted = list(counts_for_pupil_premium(facts(born=born), DAY))
    assert [c.state for c in counted] == ([] if state is State.NOT_APPLICABLE else [state])


def test_the_year_turns_on_1_april() -> None:
    child = facts(born=date(2021, 9, 1))
    assert [o.state for o in qualifies_for_pupil_premium(child, date(2027, 3, 31))] == [State.NOT_APPLICABLE]
    assert [o.state for o in qualifies_for_pupil_premium(child, date(2027, 4, 1))] == [State.MET]


@pytest.mark.parametrize(
    ("came", "left", "counts"),
    [
        pytest.param(date(2024, 1, 8), date(2026, 4, 1), False, id="last day in care was 31 March"),
        pytest.param(date(2024, 1, 8), date(2026, 4, 2), True, id="in care on 1 April"),
        pytest.param(date(2026, 6, 1), date(2026, 6, 2), True, id="one day in the year"),
        pytest.param(DAY, None, True, id="came into care that day"),
        pytest.param(date(2026, 11, 25), None, False, id="comes tomorrow"),
    ],
)
def test_one_day_looked_after_in_the_financial_year_is_enough(came: date, left: date | None, counts: bool) -> None:
    assert bool(list(counts_for_pupil_premium(facts(came, left), DAY))) is counts


def test_a_child_who_left_counts_for_the_year_and_no_longer_qualifies_for_more() -> None:
    child = facts(left=date(2026, 5, 1))
    (found,) = counts_for_pupil_premium(child, DAY)
    assert (found.state, found.met_on) == (State.MET, date(2026, 4, 1))
    assert list(qualifies_for_pupil_premium(child, DAY)) == []


def test_short_breaks_do_not_count() -> None:
    child = facts(legal_status="V4")
    assert list(counts_for_pupil_premium(child, DAY)) == []
    assert list(qualifies_for_pupil_premium(child, DAY)) == []


def test_a_younger_child_in_an_early_years_place_qualifies_for_the_early_years_premium() -> None:
    nursery = EnrolmentFact(school="Acorns", starts=date(2026, 9, 1), is_early_years=True)
    (found,) = qualifies_for_pupil_premium(facts(born=date(2023, 5, 1), enrolments=(nursery,)), DAY)
    assert (found.state, found.met_on) == (State.MET, date(2026, 9, 1))
    assert "early years pupil premium" in words(found)
