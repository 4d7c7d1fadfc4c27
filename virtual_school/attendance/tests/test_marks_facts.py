from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from virtual_school.attendance.facts import MarksFact
from virtual_school.attendance.marks_facts import AbsentDay, marks_fact
from virtual_school.authorities.tests.rule_facts import SCHOOL_DAYS

LAST = date(2026, 11, 24)


def days_before(n: int) -> list[date]:
    """The last n school days up to the last one marked, the oldest first."""
    return [LAST if back == 0 else SCHOOL_DAYS.before(LAST, back) for back in reversed(range(n))]


def told(*absent: AbsentDay) -> MarksFact:
    return marks_fact(
        absent, last_marked_on=LAST, possible=100, missed=10, year_starts=date(2026, 9, 1), calendar=SCHOOL_DAYS
    )


def all_day(days: list[date], code: str) -> list[AbsentDay]:
    return [AbsentDay(day, (code, code)) for day in days]


def test_a_run_goes_over_weekends_and_half_term_and_ends_with_a_day_that_was_attended() -> None:
    found = told(*all_day(days_before(20), "O"))
    assert (found.unauthorised_run, found.unauthorised_run_from) == (20, date(2026, 10, 21))
    days = days_before(12)
    del days[4]
    assert told(*all_day(days, "O")).unauthorised_run == 7


def test_a_day_with_another_code_for_one_session_is_no_day_of_the_run() -> None:
    mixed = [*all_day(days_before(3)[:2], "O"), AbsentDay(LAST, ("O", "I"))]
    found = told(*mixed)
    assert (found.unauthorised_run, found.ill_run) == (0, 0)
    assert found.ill_sessions == 1


def test_a_run_of_which_the_last_marked_day_is_no_part_is_over() -> None:
    assert told(*all_day(days_before(12)[:-1], "O")).unauthorised_run == 0


def test_code_n_is_told_by_its_days_and_an_old_o_is_not_told_again() -> None:
    found = told(AbsentDay(date(2026, 9, 8), ("O", "O")), AbsentDay(date(2026, 11, 20), ("N",)))
    assert found.unexplained == (date(2026, 11, 20),)
    assert found.unexplained_or_unauthorised == (date(2026, 11, 20),)


def test_ten_sessions_in_ten_school_weeks_reach_the_threshold_on_the_tenth() -> None:
    found = told(*all_day(days_before(6), "G"))
    assert (found.penalty_sessions, found.penalty_reached_on) == (12, days_before(2)[0])
    assert told(*all_day(days_before(4), "G")).penalty_sessions == 0


def test_half_term_is_no_school_week() -> None:
    # The tenth school week before that of 24 November begins on 14 September, as half term is passed over.
    inside = all_day([date(2026, 9, 14) + timedelta(days=n) for n in range(5)], "O")
    assert told(*inside).penalty_sessions == 10
    outside = all_day([date(2026, 9, 7) + timedelta(days=n) for n in range(5)], "O")
    assert told(*outside).penalty_sessions == 0


@given(st.lists(st.sampled_from([("O", "O"), ("I", "I"), ("N", "/"), ("U",), ("G", "I")]), max_size=40))
def test_no_count_is_more_than_the_sessions_it_counts(codes: list[tuple[str, ...]]) -> None:
    absent = [AbsentDay(day, marks) for day, marks in zip(days_before(len(codes)), codes, strict=True)]
    found = told(*absent)
    assert found.penalty_sessions <= sum(mark in "GNOU" for marks in codes for mark in marks)
    assert found.ill_sessions == sum(mark == "I" for marks in codes for mark in marks)
    assert found.unauthorised_run <= len(codes)
    assert min(found.unauthorised_run, found.ill_run) == 0
