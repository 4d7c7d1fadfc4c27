"""Terms of a calendar."""

from virtual_school.dates.school_days import SchoolCalendar, Term


def term_of_key(calendar: SchoolCalendar, key: str) -> Term | None:
    return next((term for term in calendar.terms if term.key == key), None)
