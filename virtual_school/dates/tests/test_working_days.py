from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virtual_school.dates.tests.calendars import BANK_HOLIDAYS, WORKING
from virtual_school.dates.working_days import BeyondCalendar, WorkingCalendar, working_calendar

days_held = st.dates(WORKING.known_from, WORKING.known_to)
early_days = st.dates(WORKING.known_from, date(2027, 6, 30))


@pytest.mark.parametrize(
    ("day", "is_working_day"),
    [
        pytest.param(date(2026, 6, 5), True, id="a Friday"),
        pytest.param(date(2026, 6, 6), False, id="a Saturday"),
        pytest.param(date(2026, 6, 7), False, id="a Sunday"),
        pytest.param(date(2026, 6, 8), True, id="a Monday"),
        pytest.param(date(2026, 4, 2), True, id="the day before Good Friday"),
        pytest.param(date(2026, 4, 3), False, id="Good Friday"),
        pytest.param(date(2026, 4, 6), False, id="Easter Monday"),
        pytest.param(date(2026, 4, 7), True, id="the day after Easter Monday"),
        pytest.param(date(2026, 12, 24), True, id="Christmas Eve"),
        pytest.param(date(2026, 12, 25), False, id="Christmas Day"),
        pytest.param(date(2026, 12, 28), False, id="a bank holiday moved from a Saturday"),
        pytest.param(date(2026, 12, 31), True, id="New Year's Eve"),
    ],
)
def test_weekends_and_bank_holidays_are_no_working_days(day: date, is_working_day: bool) -> None:
    assert WORKING.is_working_day(day) is is_working_day


@pytest.mark.parametrize(
    ("day0", "n", "day"),
    [
        pytest.param(date(2026, 6, 1), 20, date(2026, 6, 29), id="no holidays in the way"),
        pytest.param(date(2026, 3, 16), 20, date(2026, 4, 15), id="over Easter"),
        pytest.param(date(2026, 6, 6), 20, date(2026, 7, 3), id="from a Saturday"),
        pytest.param(date(2026, 6, 5), 1, date(2026, 6, 8), id="from a Friday to the Monday"),
        pytest.param(date(2026, 6, 7), 1, date(2026, 6, 8), id="from a Sunday to the Monday"),
        pytest.param(date(2026, 12, 18), 10, date(2027, 1, 6), id="over Christmas and the year's end"),
        pytest.param(date(2026, 12, 24), 1, date(2026, 12, 29), id="from Christmas Eve"),
        pytest.param(date(2026, 4, 30), 1, date(2026, 5, 1), id="over a month's end"),
        pytest.param(date(2026, 8, 28), 1, date(2026, 9, 1), id="over the August bank holiday"),
        pytest.param(date(2026, 6, 1), 0, date(2026, 6, 1), id="no days at all"),
    ],
)
def test_the_nth_working_day_after_day_0(day0: date, n: int, day: date) -> None:
    assert WORKING.after(day0, n) == day


@pytest.mark.parametrize(
    ("day", "n", "earlier"),
    [
        pytest.param(date(2026, 6, 29), 10, date(2026, 6, 15), id="no holidays in the way"),
        pytest.param(date(2026, 4, 7), 1, date(2026, 4, 2), id="over Easter"),
        pytest.param(date(2026, 6, 7), 1, date(2026, 6, 5), id="from a Sunday"),
        pytest.param(date(2027, 1, 4), 2, date(2026, 12, 30), id="over the year's end"),
        pytest.param(date(2026, 6, 6), 0, date(2026, 6, 6), id="no days at all"),
    ],
)
def test_the_nth_working_day_before_a_day(day: date, n: int, earlier: date) -> None:
    assert WORKING.before(day, n) == earlier


@pytest.mark.parametrize(
    ("a", "b", "days"),
    [
        pytest.param(date(2026, 6, 1), date(2026, 6, 26), 19, id="the day before the twentieth"),
        pytest.param(date(2026, 6, 1), date(2026, 6, 29), 20, id="the twentieth day"),
        pytest.param(date(2026, 6, 1), date(2026, 6, 30), 21, id="the day after the twentieth"),
        pytest.param(date(2026, 6, 1), date(2026, 6, 1), 0, id="the same day"),
        pytest.param(date(2026, 6, 2), date(2026, 6, 1), 0, id="backwards"),
        pytest.param(date(2026, 4, 2), date(2026, 4, 6), 0, id="Easter alone"),
        pytest.param(date(2026, 12, 24), date(2027, 1, 4), 4, id="Christmas and New Year"),
    ],
)
def test_working_days_between_count_the_last_day_and_not_the_first(a: date, b: date, days: int) -> None:
    assert WORKING.between(a, b) == days


def test_holidays_between_are_those_that_cost_a_working_day() -> None:
    assert WORKING.holidays_between(date(2026, 12, 24), date(2027, 1, 1)) == (
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 28), "Boxing Day"),
        (date(2027, 1, 1), "New Year’s Day"),
    )


def test_the_holiday_on_day_0_is_not_between() -> None:
    assert WORKING.holidays_between(date(2026, 4, 3), date(2026, 4, 6)) == ((date(2026, 4, 6), "Easter Monday"),)


@pytest.mark.parametrize("day", [date(2025, 11, 30), date(2028, 1, 1)])
def test_a_day_beyond_what_is_held_is_refused_and_never_guessed(day: date) -> None:
    with pytest.raises(BeyondCalendar, match="1 December 2025 to 31 December 2027"):
        WORKING.is_working_day(day)
    with pytest.raises(BeyondCalendar):
        WORKING.between(date(2026, 6, 1), day)
    with pytest.raises(BeyondCalendar):
        WORKING.holidays_between(day, date(2026, 6, 1))


def test_a_count_that_runs_past_what_is_held_is_refused() -> None:
    assert WORKING.after(date(2027, 12, 29), 2) == date(2027, 12, 31)
    with pytest.raises(BeyondCalendar, match="3 working days after 29 December 2027"):
        WORKING.after(date(2027, 12, 29), 3)
    with pytest.raises(BeyondCalendar, match="1 working days before 1 December 2025"):
        WORKING.before(date(2025, 12, 1), 1)


def test_counting_a_negative_number_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="Cannot count -1"):
        WORKING.after(date(2026, 6, 1), -1)
    with pytest.raises(ValueError, match="Cannot count -1"):
        WORKING.before(date(2026, 6, 1), -1)


def test_a_calendar_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        WorkingCalendar({}, date(2026, 1, 2), date(2026, 1, 1))


def test_a_calendar_is_built_for_the_whole_years_the_bank_holidays_cover() -> None:
    of_2026 = {day: title for day, title in BANK_HOLIDAYS.items() if day.year == 2026}
    calendar = working_calendar(of_2026.items())
    assert (calendar.known_from, calendar.known_to) == (date(2026, 1, 1), date(2026, 12, 31))
    assert calendar.after(date(2026, 3, 16), 20) == date(2026, 4, 15)


def test_bank_holidays_without_good_friday_are_refused_by_year() -> None:
    with pytest.raises(ValueError, match="2026 do not hold Good Friday"):
        working_calendar([(date(2026, 12, 25), "Christmas Day")])
    with pytest.raises(ValueError, match="no bank holidays"):
        working_calendar([])


@given(early_days, st.integers(1, 100))
def test_between_undoes_after(day0: date, n: int) -> None:
    assert WORKING.between(day0, WORKING.after(day0, n)) == n


@given(st.dates(date(2026, 6, 1), WORKING.known_to), st.integers(1, 100))
def test_counting_back_undoes_counting_on_from_a_working_day(day: date, n: int) -> None:
    earlier = WORKING.before(day, n)
    assert WORKING.is_working_day(earlier)
    if WORKING.is_working_day(day):
        assert WORKING.after(earlier, n) == day


@given(early_days, early_days, st.integers(1, 60))
def test_a_later_start_never_ends_sooner(a: date, b: date, n: int) -> None:
    first, second = sorted((a, b))
    assert WORKING.after(first, n) <= WORKING.after(second, n)


@given(days_held, days_held, days_held)
def test_a_span_is_the_sum_of_its_parts(a: date, b: date, c: date) -> None:
    first, second, third = sorted((a, b, c))
    assert WORKING.between(first, third) == WORKING.between(first, second) + WORKING.between(second, third)


@given(early_days, st.integers(1, 60))
def test_a_deadline_is_always_a_working_day(day0: date, n: int) -> None:
    due = WORKING.after(day0, n)
    assert due.weekday() < 5
    assert due not in BANK_HOLIDAYS


@given(days_held, days_held)
def test_weekdays_are_working_days_or_named_holidays(a: date, b: date) -> None:
    first, second = sorted((a, b))
    weekdays = sum((first + timedelta(n)).weekday() < 5 for n in range(1, (second - first).days + 1))
    assert weekdays == WORKING.between(first, second) + len(WORKING.holidays_between(first, second))
