"""The term an entry belongs to."""

from datetime import date

from virtual_school.authorities.queries import school_calendars
from virtual_school.children.models import Child
from virtual_school.dates.counted_days import BeyondCalendar


def current_cycle(child: Child, on: date) -> str:
    """The key of the term in which, or before which, a day falls; "" where no term dates reach."""
    calendar, _ = school_calendars(child.authority_id, child.authority.name)
    try:
        return calendar.term_or_next(on).key
    except BeyondCalendar:
        return ""
