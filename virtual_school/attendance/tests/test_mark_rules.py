from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virtual_school.attendance.mark_rules import (
    attendance_is_monitored,
    is_persistent,
    is_severe,
    long_absence_is_returned,
    long_illness_is_returned,
    penalty_notice_comes_to_the_virtual_school,
    persistent_absence_has_a_plan,
    severe_absence_has_a_joint_plan,
    unexplained_absence_is_told,
    unknown_reason_is_settled,
)
from virtual_school.attendance.rules import RULES_FOR_CHILD
from virtual_school.law.obligation import State

from .exclusion_facts import DAY, asked, facts, marked, only, words


def test_a_child_of_whom_no_mark_is_held_is_asked_nothing() -> None:
    assert [one for rule in RULES_FOR_CHILD for one in rule(facts(marks=None), DAY)] == []


def test_an_unexplained_absence_is_told_by_the_next_school_day_a_local_target() -> None:
    found = only(unexplained_absence_is_told, marked(unexplained_or_unauthorised=(date(2026, 11, 20),)))
    assert (found.state, found.due_on, found.is_local) == (State.OVERDUE, date(2026, 11, 23), True)
    old = marked(unexplained_or_unauthorised=(date(2026, 10, 1),))
    assert asked(unexplained_absence_is_told, old) == [], "nobody is told of it now"


def test_code_n_gives_way_within_five_school_days_of_the_first() -> None:
    found = only(unknown_reason_is_settled, marked(unexplained=(date(2026, 11, 17), date(2026, 11, 23))))
    assert (found.state, found.due_on, found.is_local) == (State.DUE_SOON, DAY, False)
    assert "2 days are still coded N" in words(found)


@pytest.mark.parametrize(
    ("absent", "possible", "persistent", "severe"),
    [
        (9, 100, False, False),
        (10, 100, True, False),
        (50, 100, True, True),
        (49, 100, True, False),
        (0, 0, False, False),
    ],
)
def test_a_tenth_is_persistent_and_a_half_severe_in_whole_numbers(
    absent: int, possible: int, persistent: bool, severe: bool
) -> None:
    assert (is_persistent(possible, absent), is_severe(possible, absent)) == (persistent, severe)


@given(st.integers(1, 380), st.data())
def test_who_is_severely_absent_is_persistently_absent(possible: int, data: st.DataObject) -> None:
    absent = data.draw(st.integers(0, possible))
    assert is_persistent(possible, absent) or not is_severe(possible, absent)


def test_persistent_absence_asks_for_a_plan_and_severe_absence_for_a_joint_one() -> None:
    some = marked(possible=100, absent=10)
    assert only(persistent_absence_has_a_plan, some).state is State.NOT_KNOWN
    assert asked(severe_absence_has_a_joint_plan, some) == []
    half = marked(possible=100, absent=50)
    assert asked(persistent_absence_has_a_plan, half) == []
    assert only(severe_absence_has_a_joint_plan, half).occasion == "2026/27-autumn"


def test_very_few_sessions_are_not_judged() -> None:
    assert asked(persistent_absence_has_a_plan, marked(possible=10, absent=8)) == []


def test_a_plan_recorded_this_term_meets_it_and_one_of_last_year_does_not() -> None:
    held = facts(marks=marked(possible=100, absent=12).marks, evidence={"ATT-05": (date(2026, 10, 1),)})
    assert only(persistent_absence_has_a_plan, held).state is State.MET
    old = facts(marks=marked(possible=100, absent=12).marks, evidence={"ATT-05": (date(2026, 6, 1),)})
    assert only(persistent_absence_has_a_plan, old).state is State.NOT_KNOWN


def test_old_marks_are_late_by_the_councils_own_measure() -> None:
    found = only(attendance_is_monitored, marked(last=date(2026, 11, 13)))
    assert (found.state, found.due_on, found.is_local) == (State.OVERDUE, date(2026, 11, 20), True)
    assert asked(attendance_is_monitored, marked(last=date(2026, 11, 23))) == [], "nothing to do while they come"


def test_ten_days_running_without_leave_and_fifteen_of_sickness_are_returned() -> None:
    assert asked(long_absence_is_returned, marked(unauthorised_run=9, unauthorised_run_from=date(2026, 11, 12))) == []
    found = only(long_absence_is_returned, marked(unauthorised_run=10, unauthorised_run_from=date(2026, 11, 11)))
    assert found.missing == ("return",)
    assert asked(long_illness_is_returned, marked(ill_run=14, ill_sessions=29)) == []
    assert only(long_illness_is_returned, marked(ill_sessions=30)).occasion == "2026/27"
    assert only(long_illness_is_returned, marked(ill_run=15, ill_run_from=date(2026, 11, 3))).occasion == "2026-11-03"


def test_a_penalty_notice_is_never_due_by_itself() -> None:
    found = only(
        penalty_notice_comes_to_the_virtual_school, marked(penalty_sessions=10, penalty_reached_on=date(2026, 11, 20))
    )
    assert (found.state, found.due_on, found.is_local) == (State.NOT_KNOWN, None, True)
    assert asked(penalty_notice_comes_to_the_virtual_school, marked(penalty_sessions=9)) == []


def test_marks_of_a_child_under_or_over_school_age_ask_nothing() -> None:
    young = facts(marks=marked(possible=100, absent=60).marks, born=date(2023, 1, 1))
    assert [one for rule in RULES_FOR_CHILD for one in rule(young, DAY)] == []
