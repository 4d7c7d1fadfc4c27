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


def words_of_cycle(key: str) -> str:
    """2026/27-autumn as "autumn term 2026"."""
    year, _, season = key.partition("-")
    if not year[:4].isdecimal():
        return key
    return f"{season} term {int(year[:4]) + (season != 'autumn')}"
