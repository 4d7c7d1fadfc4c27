"""A school's own term dates."""

from collections.abc import Sequence

from django.db import transaction

from virtual_school.access.models import User
from virtual_school.authorities import term_dates
from virtual_school.authorities.models import TermDates
from virtual_school.authorities.term_dates import Calendar, Dates

from .models import School


@transaction.atomic
def add_own_dates(school: School, dates: Dates, *, by: User) -> int:
    """How many dates of its area became the school's own with it.

    A school with dates of its own is counted by them alone, so its first training day would otherwise put usual
    terms in the place of the area's. Raises ValidationError.
    """
    calendar = Calendar(school.name, urn=school.urn)
    taken = 0 if dates.kind == TermDates.Kind.TERM else _from_area(school, calendar, by)
    term_dates.add(calendar, dates, source=f"entered by {by.name}", by_id=by.pk)
    return taken


@transaction.atomic
def load_own_dates(school: School, rows: Sequence[Dates], *, by: User) -> tuple[int, int, int]:
    """How many dates of its area became the school's own, how many of these were added, and how many changed.

    Raises ValidationError, and then nothing is kept.
    """
    calendar = Calendar(school.name, urn=school.urn)
    has_term = any(row.kind == TermDates.Kind.TERM for row in rows)
    taken = 0 if has_term else _from_area(school, calendar, by)
    source = f"calendar file loaded by {by.name}"
    return taken, *term_dates.load(calendar, rows, source=source, by_id=by.pk)


def _from_area(school: School, calendar: Calendar, by: User) -> int:
    if not school.la_code or calendar.rows().exists():
        return 0
    return term_dates.take_over(calendar, school.la_code, source=f"dates of {school.la_name}", by_id=by.pk)
