"""Terms by their key: 2026/27-autumn."""

from datetime import date

from virtual_school.dates.school_days import SchoolCalendar, Term


def term_words(key: str) -> str:
    """autumn term 2026; spring and summer fall in the second of the two years."""
    years, _, season = key.partition("-")
    if not years[:4].isdecimal():
        return key
    first = int(years[:4])
    return f"{season} term {first if season == 'autumn' else first + 1}"


def term_of_key(calendar: SchoolCalendar, key: str) -> Term | None:
    return next((term for term in calendar.terms if term.key == key), None)


def current_term(calendar: SchoolCalendar, day: date) -> Term:
    """In a holiday, the one that comes."""
    return calendar.term_or_next(day)
