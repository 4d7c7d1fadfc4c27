from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virtual_school.dates.school_days import (
    BeyondCalendar,
    SchoolCalendar,
    Term,
    fallback_calendar,
    fallback_terms,
)
from virtual_school.dates.tests.calendars import BANK_HOLIDAYS, CLOSED, EASTMARCH, TERMS

AUTUMN, SPRING, SUMMER = TERMS
days_held = st.dates(EASTMARCH.known_from, EASTMARCH.known_to)


@pytest.mark.parametrize(
    ("day", "is_school_day"),
    [
        pytest.param(date(2026, 9, 1), False, id="the day before term"),
        pytest.param(date(2026, 9, 2), True, id="the first day of term"),
        pytest.param(date(2026, 10, 23), True, id="the day before half term"),
        pytest.param(date(2026, 10, 24), False, id="a Saturday"),
        pytest.param(date(2026, 10, 26), False, id="half term"),
        pytest.param(date(2026, 11, 2), False, id="a staff training day"),
        pytest.param(date(2026, 11, 3), True, id="back from half term"),
        pytest.param(date(2026, 12, 18), True, id="the last day of term"),
        pytest.param(date(2026, 12, 21), False, id="the Christmas holiday"),
        pytest.param(date(2027, 5, 3), False, id="a bank holiday in term"),
        pytest.param(date(2027, 7, 22), False, id="the summer holiday"),
        pytest.param(date(2026, 8, 20), False, id="the summer before the first term held"),
    ],
)
def test_a_school_day_is_a_weekday_in_term_that_is_not_closed(day: date, is_school_day: bool) -> None:
    assert EASTMARCH.is_school_day(day) is is_school_day


@pytest.mark.parametrize(
    ("day0", "n", "day"),
    [
        pytest.param(date(2026, 10, 23), 20, date(2026, 11, 30), id="over half term and a training day"),
        pytest.param(date(2026, 12, 18), 1, date(2027, 1, 4), id="over Christmas"),
        pytest.param(date(2027, 3, 25), 1, date(2027, 4, 12), id="over Easter"),
        pytest.param(date(2026, 8, 20), 20, date(2026, 9, 29), id="from the summer holiday"),
        pytest.param(date(2026, 9, 2), 1, date(2026, 9, 3), id="from the first day of term"),
    ],
)
def test_the_nth_school_day_after_day_0(day0: date, n: int, day: date) -> None:
    assert EASTMARCH.after(day0, n) == day


def test_skipped_weekdays_stand_together_under_one_label() -> None:
    assert EASTMARCH.skipped_between(date(2026, 10, 23), date(2026, 11, 30)) == (
        (date(2026, 10, 26), date(2026, 10, 30), "half term"),
        (date(2026, 11, 2), date(2026, 11, 2), "staff training day"),
    )


def test_a_holiday_between_terms_is_one_span_over_its_weekends_and_bank_holidays() -> None:
    assert EASTMARCH.skipped_between(date(2026, 12, 17), date(2027, 1, 4)) == (
        (date(2026, 12, 21), date(2027, 1, 1), "Christmas holiday"),
    )


@pytest.mark.parametrize(
    ("day", "term"),
    [
        pytest.param(date(2026, 9, 1), None, id="before term"),
        pytest.param(date(2026, 9, 2), AUTUMN, id="the first day"),
        pytest.param(date(2026, 10, 28), AUTUMN, id="half term is in term"),
        pytest.param(date(2026, 12, 18), AUTUMN, id="the last day"),
        pytest.param(date(2026, 12, 19), None, id="the day after"),
        pytest.param(date(2027, 1, 4), SPRING, id="the next term"),
        pytest.param(date(2027, 8, 1), None, id="the summer holiday"),
    ],
)
def test_the_term_a_day_lies_in(day: date, term: Term | None) -> None:
    assert EASTMARCH.term_on(day) == term


def test_in_a_holiday_the_next_term_is_meant() -> None:
    assert EASTMARCH.term_or_next(date(2026, 12, 25)) == SPRING
    assert EASTMARCH.term_or_next(date(2026, 12, 18)) == AUTUMN
    with pytest.raises(BeyondCalendar, match="the term after 1 August 2027"):
        EASTMARCH.term_or_next(date(2027, 8, 1))


def test_terms_know_their_neighbours() -> None:
    assert EASTMARCH.previous_term(SPRING) == AUTUMN
    assert EASTMARCH.next_term(SPRING) == SUMMER
    assert EASTMARCH.previous_term(AUTUMN) is None
    assert EASTMARCH.next_term(SUMMER) is None


def test_terms_between_are_those_with_a_day_in_the_span() -> None:
    assert EASTMARCH.terms_between(date(2026, 12, 18), date(2027, 1, 4)) == (AUTUMN, SPRING)
    assert EASTMARCH.terms_between(date(2026, 12, 19), date(2027, 1, 3)) == ()


@pytest.mark.parametrize(
    ("day", "left"),
    [
        pytest.param(date(2026, 11, 24), 18, id="in November"),
        pytest.param(date(2026, 12, 17), 1, id="the day before the last"),
        pytest.param(date(2026, 12, 18), 0, id="the last day"),
        pytest.param(date(2026, 12, 22), 0, id="the holiday"),
    ],
)
def test_school_days_left_in_the_term(day: date, left: int) -> None:
    assert EASTMARCH.school_days_left(day) == left


@pytest.mark.parametrize(
    ("day", "week"),
    [
        pytest.param(date(2026, 9, 2), 1, id="the first day"),
        pytest.param(date(2026, 9, 7), 2, id="the first Monday"),
        pytest.param(date(2026, 10, 28), 8, id="half term is no school week"),
        pytest.param(date(2026, 11, 24), 12, id="after half term"),
        pytest.param(date(2026, 12, 22), None, id="the holiday"),
    ],
)
def test_school_weeks_are_counted_from_monday(day: date, week: int | None) -> None:
    assert EASTMARCH.week_of_term(day) == week


def test_a_term_has_a_key_for_records_and_words_for_people() -> None:
    assert (AUTUMN.key, AUTUMN.words) == ("2026/27-autumn", "autumn term 2026")
    assert (SPRING.key, SPRING.words) == ("2026/27-spring", "spring term 2027")


def test_the_calendar_refuses_days_it_does_not_hold() -> None:
    assert (EASTMARCH.known_from, EASTMARCH.known_to) == (date(2026, 8, 1), date(2027, 8, 31))
    for day in (date(2026, 7, 31), date(2027, 9, 1)):
        with pytest.raises(BeyondCalendar, match="The calendar of Eastmarch holds 1 August 2026 to 31 August 2027"):
            EASTMARCH.is_school_day(day)
        with pytest.raises(BeyondCalendar):
            EASTMARCH.term_on(day)
        with pytest.raises(BeyondCalendar):
            EASTMARCH.school_days_left(day)
    with pytest.raises(BeyondCalendar, match="5 school days after 21 July 2027"):
        EASTMARCH.after(date(2027, 7, 21), 5)


def test_a_calendar_that_starts_in_spring_claims_nothing_about_the_christmas_before() -> None:
    calendar = SchoolCalendar("Eastmarch", TERMS[1:], CLOSED)
    assert calendar.known_from == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("terms", "complaint"),
    [
        pytest.param([], "holds no terms", id="none"),
        pytest.param([AUTUMN, SUMMER], "no term between the autumn term 2026 and the summer term 2027", id="a gap"),
        pytest.param(
            [AUTUMN, Term("2026/27", "spring", date(2026, 12, 18), date(2027, 3, 25))],
            "the spring term 2027 starts on 18 December 2026, before the autumn term 2026 ends",
            id="an overlap",
        ),
    ],
)
def test_faulty_terms_are_refused_by_name(terms: list[Term], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        SchoolCalendar("Eastmarch", terms, {})


@pytest.mark.parametrize(
    ("academic_year", "season", "starts", "ends", "complaint"),
    [
        ("2026-27", "autumn", date(2026, 9, 1), date(2026, 12, 18), "written 2026/27"),
        ("next", "autumn", date(2026, 9, 1), date(2026, 12, 18), "written 2026/27"),
        ("2026/27", "winter", date(2026, 9, 1), date(2026, 12, 18), "autumn, spring or summer"),
        ("2026/27", "autumn", date(2026, 9, 2), date(2026, 9, 1), "before it starts"),
    ],
)
def test_a_faulty_term_is_refused(academic_year: str, season: str, starts: date, ends: date, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Term(academic_year, season, starts, ends)  # type: ignore[arg-type]


def test_terms_by_convention_say_that_they_are() -> None:
    autumn, spring, summer = fallback_terms(2026)
    assert (autumn.starts, autumn.ends) == (date(2026, 9, 1), date(2026, 12, 31))
    assert (spring.starts, spring.ends) == (date(2027, 1, 1), date(2027, 3, 31))
    assert (summer.starts, summer.ends) == (date(2027, 4, 1), date(2027, 8, 31))
    calendar = fallback_calendar("Eastmarch", [2025, 2026], BANK_HOLIDAYS)
    assert calendar.uses_fallback(date(2026, 10, 1), date(2026, 10, 2))
    assert not EASTMARCH.uses_fallback(date(2026, 10, 1), date(2026, 10, 2))
    assert calendar.known_from == date(2025, 9, 1)
    assert not calendar.is_school_day(date(2026, 12, 25))


@given(days_held, st.integers(1, 60))
def test_between_undoes_after(day0: date, n: int) -> None:
    if EASTMARCH.between(day0, EASTMARCH.known_to) >= n:
        assert EASTMARCH.between(day0, EASTMARCH.after(day0, n)) == n


@given(days_held)
def test_a_school_day_is_never_closed_and_always_in_a_term(day: date) -> None:
    if EASTMARCH.is_school_day(day):
        assert day not in CLOSED
        assert day.weekday() < 5
        assert EASTMARCH.term_on(day) is not None


@given(days_held, days_held)
def test_every_weekday_is_a_school_day_or_lies_in_one_skipped_span(a: date, b: date) -> None:
    first, second = sorted((a, b))
    skipped = [
        start + timedelta(n)
        for start, end, _ in EASTMARCH.skipped_between(first, second)
        for n in range((end - start).days + 1)
        if (start + timedelta(n)).weekday() < 5
    ]
    weekdays = sum((first + timedelta(n)).weekday() < 5 for n in range(1, (second - first).days + 1))
    assert len(skipped) == len(set(skipped))
    assert not any(EASTMARCH.is_school_day(day) for day in skipped)
    assert len(skipped) + EASTMARCH.between(first, second) == weekdays


@given(days_held, days_held, st.integers(1, 20))
def test_a_later_start_never_ends_sooner(a: date, b: date, n: int) -> None:
    first, second = sorted((a, b))
    if EASTMARCH.between(second, EASTMARCH.known_to) >= n:
        assert EASTMARCH.after(first, n) <= EASTMARCH.after(second, n)


@given(days_held)
def test_the_days_left_in_a_term_never_grow_within_it(day: date) -> None:
    term = EASTMARCH.term_on(day)
    if term and day < term.ends:
        assert EASTMARCH.school_days_left(day + timedelta(1)) <= EASTMARCH.school_days_left(day)
