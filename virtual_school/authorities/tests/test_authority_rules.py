from datetime import date

import pytest

from virtual_school.authorities.rules import (
    AppointmentFact,
    AuthorityFacts,
    NamedDay,
    Policy,
    ReturnFact,
    due_in_school_days,
    due_in_working_days,
    holidays_skipped,
    return_loaded,
    standing,
    virtual_school_head_appointed,
    virtual_school_head_is_an_officer,
)
from virtual_school.law.obligation import Obligation, State

from .rule_facts import SCHOOL_DAYS, an_authority

DAY = date(2026, 11, 24)


def head(starts: date, ends: date | None = None, employer: str = "Downshire County Council") -> AppointmentFact:
    return AppointmentFact(kind="virtual_school_head", name="Ada Example", employer=employer, starts=starts, ends=ends)


def words(obligation: Obligation) -> str:
    return " ".join(step.words for step in obligation.reasons)


def test_an_appointed_head_meets_the_duty_from_the_day_of_appointment() -> None:
    (found,) = virtual_school_head_appointed(an_authority(appointments=(head(date(2024, 9, 1)),)), DAY)
    assert (found.state, found.met_on) == (State.MET, date(2024, 9, 1))
    assert words(found) == "Ada Example was appointed from 1 September 2024."


def test_no_appointment_recorded_is_not_known_rather_than_fine() -> None:
    (found,) = virtual_school_head_appointed(an_authority(), DAY)
    assert (found.state, found.due_on) == (State.NOT_KNOWN, None)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        pytest.param(date(2026, 8, 31), State.MET, id="the last day in post"),
        pytest.param(date(2026, 9, 1), State.OVERDUE, id="the day after"),
    ],
)
def test_a_vacancy_is_overdue_from_its_first_day(day: date, state: State) -> None:
    authority = an_authority(appointments=(head(date(2024, 9, 1), ends=date(2026, 9, 1)),))
    (found,) = virtual_school_head_appointed(authority, day)
    assert found.state is state
    if state is State.OVERDUE:
        assert "the last day was 31 August 2026" in words(found)


def test_a_future_appointment_does_not_fill_the_post_yet() -> None:
    (found,) = virtual_school_head_appointed(an_authority(appointments=(head(date(2027, 1, 1)),)), DAY)
    assert found.state is State.NOT_KNOWN


def test_the_head_must_be_an_officer_of_an_authority_and_the_employer_is_recorded() -> None:
    (known,) = virtual_school_head_is_an_officer(an_authority(appointments=(head(date(2024, 9, 1)),)), DAY)
    (unknown,) = virtual_school_head_is_an_officer(
        an_authority(appointments=(head(date(2024, 9, 1), employer=" "),)), DAY
    )
    assert (known.state, unknown.state) == (State.MET, State.NOT_KNOWN)
    assert unknown.missing == ("employer",)


def test_former_heads_and_other_officers_are_not_asked_about() -> None:
    nominated = AppointmentFact(kind="nominated_officer", name="Bo", starts=date(2024, 1, 1))
    former = head(date(2020, 1, 1), ends=date(2024, 1, 1))
    assert list(virtual_school_head_is_an_officer(an_authority(appointments=(nominated, former)), DAY)) == []


@pytest.mark.parametrize(
    ("day", "loaded_on", "state"),
    [
        pytest.param(date(2026, 4, 1), None, State.UPCOMING, id="the year has just ended"),
        pytest.param(date(2026, 6, 30), None, State.DUE_SOON, id="on the day of the local target"),
        pytest.param(date(2026, 7, 1), None, State.OVERDUE, id="the day after"),
        pytest.param(date(2026, 7, 1), date(2026, 6, 30), State.MET, id="loaded on the last day"),
        pytest.param(date(2026, 7, 9), date(2026, 7, 1), State.MET_LATE, id="loaded a day late"),
        pytest.param(date(2026, 6, 1), date(2026, 6, 2), State.UPCOMING, id="loaded tomorrow"),
    ],
)
def test_the_return_of_the_year_that_ended_is_loaded_by_a_local_target(
    day: date, loaded_on: date | None, state: State
) -> None:
    returns = (ReturnFact(collection_year=2026, loaded_on=loaded_on),) if loaded_on else ()
    (found,) = return_loaded(an_authority(returns=returns), day)
    assert (found.state, found.due_on, found.is_local) == (state, date(2026, 6, 30), True)
    assert "The law fixes no such day." in words(found)


def test_last_years_return_does_not_stand_for_this_years() -> None:
    authority = an_authority(returns=(ReturnFact(collection_year=2025, loaded_on=date(2025, 5, 1)),))
    (found,) = return_loaded(authority, DAY)
    assert found.state is State.OVERDUE


def test_the_day_of_an_event_is_day_nought_unless_the_council_says_it_is_day_one() -> None:
    monday = date(2026, 6, 1)
    assert due_in_working_days(an_authority(), monday, 20) == date(2026, 6, 29)
    assert due_in_working_days(an_authority(Policy(event_day_counts=True)), monday, 20) == date(2026, 6, 26)


def test_without_the_bank_holidays_or_term_dates_no_day_is_guessed() -> None:
    assert due_in_working_days(an_authority(), date(2027, 12, 20), 20) is None
    assert due_in_working_days(an_authority(), date(2019, 6, 3), 20) is None
    assert due_in_school_days(an_authority(), SCHOOL_DAYS, date(2030, 1, 1), 20) is None


def test_the_bank_holidays_passed_over_are_named() -> None:
    (step,) = holidays_skipped(an_authority(), date(2026, 3, 16), date(2026, 4, 15))
    assert step.words == "Bank holidays not counted: Good Friday (3 April 2026) and Easter Monday (6 April 2026)."
    assert holidays_skipped(an_authority(), date(2026, 6, 1), date(2026, 6, 29)) == ()


def test_a_closure_of_several_days_is_named_once() -> None:
    assert str(NamedDay("half term", date(2026, 10, 26), date(2026, 10, 30))) == (
        "half term (26 October 2026 to 30 October 2026)"
    )


@pytest.mark.parametrize(
    ("day", "state"),
    [
        pytest.param(date(2026, 6, 14), State.UPCOMING, id="eleven working days before"),
        pytest.param(date(2026, 6, 15), State.DUE_SOON, id="ten working days before"),
        pytest.param(date(2026, 6, 29), State.DUE_SOON, id="the day it is due"),
        pytest.param(date(2026, 6, 30), State.OVERDUE, id="the day after"),
    ],
)
def test_due_soon_is_counted_in_the_councils_working_days(day: date, state: State) -> None:
    authority: AuthorityFacts = an_authority(Policy(soon_working_days=10))
    assert standing(authority, day, date(2026, 6, 29), None) is state
