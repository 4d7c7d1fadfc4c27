from datetime import date

import pytest

from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.dates.term_dates import TermDates, school_calendar
from virtual_school.dates.tests.calendars import BANK_HOLIDAYS


def spans(calendar: SchoolCalendar) -> dict[str, tuple[date, date]]:
    return {term.key: (term.starts, term.ends) for term in calendar.terms}


TERMS_AND_HALF_TERMS = [
    TermDates("2025-26", "term", "Autumn term", date(2025, 9, 3), date(2025, 12, 19)),
    TermDates("2025-26", "term", "Spring term", date(2026, 1, 5), date(2026, 3, 27)),
    TermDates("2025-26", "term", "Summer term", date(2026, 4, 13), date(2026, 7, 22)),
    TermDates("2025-26", "holiday", "October half term", date(2025, 10, 27), date(2025, 10, 31)),
    TermDates("2025-26", "holiday", "May half term", date(2026, 5, 25), date(2026, 5, 29)),
]

HALF_TERMS_AS_TERMS = [
    TermDates("2017-18", "term", "Autumn term", date(2017, 9, 4), date(2017, 10, 20)),
    TermDates("2017-18", "holiday", "Half term", date(2017, 10, 21), date(2017, 10, 29)),
    TermDates("2017-18", "term", "Second half of autumn term", date(2017, 10, 30), date(2017, 12, 19)),
    TermDates("2017-18", "term", "Spring term", date(2018, 1, 2), date(2018, 2, 9)),
    TermDates("2017-18", "term", "Second half of spring term", date(2018, 2, 19), date(2018, 3, 29)),
    TermDates("2017-18", "term", "Summer term", date(2018, 4, 16), date(2018, 7, 20)),
]

HOLIDAYS_ONLY = [
    TermDates("2026-27", "holiday", "Summer holiday", date(2026, 8, 1), date(2026, 8, 31)),
    TermDates("2026-27", "holiday", "School holiday", date(2026, 10, 24), date(2026, 11, 1)),
    TermDates("2026-27", "holiday", "Christmas holiday", date(2026, 12, 19), date(2027, 1, 3)),
    TermDates("2026-27", "holiday", "February half-term", date(2027, 2, 13), date(2027, 2, 21)),
    TermDates("2026-27", "holiday", "Easter holiday", date(2027, 3, 26), date(2027, 4, 11)),
    TermDates("2026-27", "holiday", "May half-term", date(2027, 5, 29), date(2027, 6, 6)),
    TermDates("2026-27", "holiday", "Summer holiday", date(2027, 7, 22), date(2027, 7, 31)),
]


def test_terms_are_read_as_published_and_half_terms_close_them() -> None:
    calendar = school_calendar("Kent", TERMS_AND_HALF_TERMS, BANK_HOLIDAYS)
    assert spans(calendar) == {
        "2025/26-autumn": (date(2025, 9, 3), date(2025, 12, 19)),
        "2025/26-spring": (date(2026, 1, 5), date(2026, 3, 27)),
        "2025/26-summer": (date(2026, 4, 13), date(2026, 7, 22)),
    }
    assert not calendar.is_school_day(date(2025, 10, 27))
    assert not calendar.is_school_day(date(2026, 5, 4))
    assert calendar.skipped_between(date(2026, 5, 22), date(2026, 6, 1)) == (
        (date(2026, 5, 25), date(2026, 5, 29), "May half term"),
    )


def test_half_terms_published_as_terms_become_one_term_with_a_gap() -> None:
    calendar = school_calendar("Barnet", HALF_TERMS_AS_TERMS, {})
    assert spans(calendar)["2017/18-autumn"] == (date(2017, 9, 4), date(2017, 12, 19))
    assert calendar.skipped_between(date(2017, 9, 4), date(2017, 12, 19)) == (
        (date(2017, 10, 23), date(2017, 10, 27), "Half term"),
    )
    assert calendar.skipped_between(date(2018, 1, 2), date(2018, 3, 29)) == (
        (date(2018, 2, 12), date(2018, 2, 16), "half term"),
    )


def test_numbered_terms_are_halves_of_the_three() -> None:
    rows = [
        TermDates("2025/26", "term", "Term 1", date(2025, 9, 1), date(2025, 10, 17)),
        TermDates("2025/26", "term", "Term 2", date(2025, 11, 3), date(2025, 12, 19)),
        TermDates("2025/26", "term", "Term 3", date(2026, 1, 5), date(2026, 2, 13)),
        TermDates("2025/26", "term", "Term 4", date(2026, 2, 23), date(2026, 3, 27)),
        TermDates("2025/26", "term", "Term 5", date(2026, 4, 13), date(2026, 5, 22)),
        TermDates("2025/26", "term", "Term 6", date(2026, 6, 1), date(2026, 7, 17)),
    ]
    assert spans(school_calendar("Medway", rows, {})) == {
        "2025/26-autumn": (date(2025, 9, 1), date(2025, 12, 19)),
        "2025/26-spring": (date(2026, 1, 5), date(2026, 3, 27)),
        "2025/26-summer": (date(2026, 4, 13), date(2026, 7, 17)),
    }


def test_terms_are_found_between_holidays_where_only_holidays_are_published() -> None:
    calendar = school_calendar("Sheffield", HOLIDAYS_ONLY, BANK_HOLIDAYS)
    assert spans(calendar) == {
        "2026/27-autumn": (date(2026, 9, 1), date(2026, 12, 18)),
        "2026/27-spring": (date(2027, 1, 4), date(2027, 3, 25)),
        "2026/27-summer": (date(2027, 4, 12), date(2027, 7, 21)),
    }
    assert not any(term.is_fallback for term in calendar.terms)
    assert not calendar.is_school_day(date(2026, 10, 26))


def test_a_lone_easter_monday_in_term_is_a_closed_day_and_not_the_holiday() -> None:
    rows = [
        TermDates("2025-26", "holiday", "Christmas holiday", date(2025, 12, 22), date(2026, 1, 2)),
        TermDates("2025-26", "holiday", "Spring break", date(2026, 3, 16), date(2026, 3, 27)),
        TermDates("2025-26", "holiday", "Easter Monday", date(2026, 4, 6), date(2026, 4, 6)),
        TermDates("2025-26", "holiday", "Summer holiday", date(2026, 7, 23), date(2026, 7, 31)),
        TermDates("2025-26", "holiday", "Summer holiday", date(2026, 8, 1), date(2026, 8, 31)),
    ]
    calendar = school_calendar("Eastmarch", rows, {})
    assert spans(calendar)["2025/26-summer"] == (date(2026, 3, 30), date(2026, 7, 22))
    assert not calendar.is_school_day(date(2026, 4, 6))


def test_a_term_with_a_side_no_holiday_tells_is_marked_as_convention() -> None:
    autumn, spring, summer = school_calendar("Cornwall", HOLIDAYS_ONLY[1:], {}).terms
    assert (autumn.starts, autumn.is_fallback) == (date(2026, 9, 1), True)
    assert not spring.is_fallback
    assert not summer.is_fallback


def test_years_without_dates_are_filled_by_convention_without_overlap() -> None:
    calendar = school_calendar("Kent", TERMS_AND_HALF_TERMS, BANK_HOLIDAYS, fallback_years=[2024, 2026])
    assert [term.is_fallback for term in calendar.terms] == [True] * 3 + [False] * 3 + [True] * 3
    assert calendar.uses_fallback(date(2025, 8, 1), date(2025, 10, 1))
    assert not calendar.uses_fallback(date(2025, 10, 1), date(2026, 7, 1))


def test_a_conventional_summer_ends_where_a_real_autumn_starts_in_august() -> None:
    rows = [TermDates("2025-26", "term", "Autumn term", date(2025, 8, 27), date(2025, 12, 19))]
    calendar = school_calendar("Leicestershire", rows, {}, fallback_years=[2024])
    assert spans(calendar)["2024/25-summer"] == (date(2025, 4, 1), date(2025, 8, 26))


def test_faulty_rows_are_refused_by_label() -> None:
    with pytest.raises(ValueError, match="May half term ends on 1 May 2026, before it starts on 2 May 2026"):
        TermDates("2025-26", "holiday", "May half term", date(2026, 5, 2), date(2026, 5, 1))
    with pytest.raises(ValueError, match="INSET is a term or a holiday, not 'inset'"):
        TermDates("2025-26", "inset", "INSET", date(2026, 5, 1), date(2026, 5, 1))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="Autumn term is in the academic year 'next'"):
        school_calendar("Kent", [TermDates("next", "term", "Autumn term", date(2026, 9, 1), date(2026, 9, 2))], {})
    with pytest.raises(ValueError, match="no term dates to build the calendar of Kent"):
        school_calendar("Kent", [], {})
