from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virtual_school.dates.ages import (
    academic_year_label,
    academic_year_start,
    add_months,
    age_on,
    birthday,
    collection_year,
    compulsory_school_age_from,
    compulsory_school_age_until,
    key_stage,
    of_compulsory_school_age,
    school_leaving_date,
    year_group,
)

births = st.dates(date(1995, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        pytest.param(date(2010, 6, 15), date(2026, 6, 14), 15, id="the day before"),
        pytest.param(date(2010, 6, 15), date(2026, 6, 15), 16, id="the birthday"),
        pytest.param(date(2010, 6, 15), date(2026, 6, 16), 16, id="the day after"),
        pytest.param(date(2010, 1, 1), date(2025, 12, 31), 15, id="the year's end"),
        pytest.param(date(2012, 2, 29), date(2026, 2, 28), 13, id="born 29 February, 28 February"),
        pytest.param(date(2012, 2, 29), date(2026, 3, 1), 14, id="born 29 February, 1 March"),
        pytest.param(date(2012, 2, 29), date(2028, 2, 29), 16, id="born 29 February, a leap year"),
        pytest.param(date(2026, 6, 15), date(2026, 6, 14), -1, id="not yet born"),
    ],
)
def test_age_is_in_completed_years(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


def test_a_birthday_on_29_february_falls_on_1_march_in_other_years() -> None:
    assert birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert birthday(date(2008, 2, 29), 16) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("day", "n", "later"),
    [
        pytest.param(date(2026, 6, 29), 3, date(2026, 9, 29), id="the same day-number"),
        pytest.param(date(2026, 11, 30), 3, date(2027, 2, 28), id="no such day"),
        pytest.param(date(2027, 11, 30), 3, date(2028, 2, 29), id="no such day, a leap year"),
        pytest.param(date(2026, 8, 31), 6, date(2027, 2, 28), id="over the year's end"),
        pytest.param(date(2026, 12, 31), 12, date(2027, 12, 31), id="a year"),
        pytest.param(date(2026, 3, 31), -1, date(2026, 2, 28), id="backwards"),
        pytest.param(date(2026, 1, 15), -1, date(2025, 12, 15), id="backwards over the year's end"),
    ],
)
def test_months_keep_the_day_number_or_take_the_last_day(day: date, n: int, later: date) -> None:
    assert add_months(day, n) == later


@pytest.mark.parametrize(
    ("born", "group"),
    [
        pytest.param(date(2023, 9, 1), -2, id="nursery, twos"),
        pytest.param(date(2022, 8, 31), 0, id="the youngest in Reception"),
        pytest.param(date(2022, 9, 1), -1, id="a day too young for Reception"),
        pytest.param(date(2021, 9, 1), 0, id="the oldest in Reception"),
        pytest.param(date(2021, 8, 31), 1, id="the youngest in year 1"),
        pytest.param(date(2015, 9, 1), 6, id="year 6"),
        pytest.param(date(2012, 2, 29), 10, id="born 29 February"),
        pytest.param(date(2010, 9, 1), 11, id="the oldest in year 11"),
        pytest.param(date(2008, 9, 1), 13, id="year 13"),
    ],
)
def test_year_group_in_2026_27_is_that_of_the_register(born: date, group: int) -> None:
    assert year_group(born, date(2026, 9, 1)) == group
    assert year_group(born, date(2027, 8, 31)) == group
    assert year_group(born, date(2026, 8, 31)) == group - 1


def test_key_stages() -> None:
    assert [key_stage(group) for group in range(-2, 15)] == (
        ["EYFS"] * 3 + ["KS1"] * 2 + ["KS2"] * 4 + ["KS3"] * 3 + ["KS4"] * 2 + ["KS5"] * 2 + ["post-16"]
    )


@pytest.mark.parametrize(
    ("born", "from_day"),
    [
        pytest.param(date(2021, 3, 31), date(2026, 3, 31), id="five on 31 March"),
        pytest.param(date(2021, 4, 1), date(2026, 8, 31), id="five on 1 April"),
        pytest.param(date(2021, 8, 31), date(2026, 8, 31), id="five on 31 August"),
        pytest.param(date(2021, 9, 1), date(2026, 12, 31), id="five on 1 September"),
        pytest.param(date(2021, 12, 31), date(2026, 12, 31), id="five on 31 December"),
        pytest.param(date(2022, 1, 1), date(2027, 3, 31), id="five on 1 January"),
        pytest.param(date(2020, 2, 29), date(2025, 3, 31), id="born 29 February"),
    ],
)
def test_compulsory_school_age_starts_on_one_of_three_days(born: date, from_day: date) -> None:
    assert compulsory_school_age_from(born) == from_day
    assert not of_compulsory_school_age(born, from_day - timedelta(1))
    assert of_compulsory_school_age(born, from_day)


@pytest.mark.parametrize(
    ("year", "friday"),
    [
        (2024, date(2024, 6, 28)),
        (2025, date(2025, 6, 27)),
        (2026, date(2026, 6, 26)),
        (2023, date(2023, 6, 30)),
    ],
)
def test_the_school_leaving_date_is_the_last_friday_in_june(year: int, friday: date) -> None:
    assert school_leaving_date(year) == friday


@pytest.mark.parametrize(
    ("born", "until"),
    [
        pytest.param(date(2009, 9, 1), date(2026, 6, 26), id="16 at the start of the school year"),
        pytest.param(date(2010, 6, 26), date(2026, 6, 26), id="16 on the leaving date"),
        pytest.param(date(2010, 8, 31), date(2026, 6, 26), id="16 after it, before the next school year"),
        pytest.param(date(2010, 9, 1), date(2027, 6, 25), id="16 in the next school year"),
    ],
)
def test_compulsory_school_age_ends_with_the_school_leaving_date(born: date, until: date) -> None:
    assert compulsory_school_age_until(born) == until
    assert of_compulsory_school_age(born, until)
    assert not of_compulsory_school_age(born, until + timedelta(1))


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 8, 31), 2025),
        (date(2026, 9, 1), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
    ],
)
def test_the_academic_year_starts_on_1_september(day: date, year: int) -> None:
    assert academic_year_start(day) == year


def test_an_academic_year_is_written_with_both_its_years() -> None:
    assert academic_year_label(2026) == "2026/27"
    assert academic_year_label(1999) == "1999/00"


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 3, 31), 2026), (date(2026, 4, 1), 2027), (date(2026, 12, 31), 2027)]
)
def test_a_collection_year_is_named_by_the_31_march_it_ends_on(day: date, year: int) -> None:
    assert collection_year(day) == year


@given(births, st.integers(0, 25))
def test_a_person_reaches_an_age_on_their_birthday_and_not_before(born: date, years: int) -> None:
    day = birthday(born, years)
    assert age_on(born, day) == years
    assert age_on(born, day - timedelta(1)) == years - 1


@given(births, st.dates(date(2015, 1, 1), date(2035, 12, 31)))
def test_the_year_group_steps_by_one_each_1_september_and_on_no_other_day(born: date, day: date) -> None:
    step = year_group(born, day) - year_group(born, day - timedelta(1))
    assert step == ((day.month, day.day) == (9, 1))


@given(births)
def test_compulsory_school_age_runs_from_five_to_sixteen(born: date) -> None:
    assert age_on(born, compulsory_school_age_from(born)) == 5
    assert 15 <= age_on(born, compulsory_school_age_until(born)) <= 16
    assert year_group(born, compulsory_school_age_until(born)) == 11


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 60), st.integers(0, 60))
def test_adding_months_is_monotone_and_lands_in_the_right_month(day: date, fewer: int, more: int) -> None:
    fewer, more = sorted((fewer, more))
    assert add_months(day, fewer) <= add_months(day, more)
    landed = add_months(day, more)
    assert (landed.year * 12 + landed.month) - (day.year * 12 + day.month) == more
    assert landed.day <= day.day
