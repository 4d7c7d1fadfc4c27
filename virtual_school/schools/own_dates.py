"""A school's own term dates."""

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
    taken = 0
    if school.la_code and dates.kind != TermDates.Kind.TERM and not calendar.rows().exists():
        taken = term_dates.take_over(calendar, school.la_code, source=f"dates of {school.la_name}", by_id=by.pk)
    term_dates.add(calendar, dates, source=f"entered by {by.name}", by_id=by.pk)
    return taken
