"""Words the pages of suspension and provision share."""

from datetime import date

from virtual_school.dates.ages import year_group
from virtual_school.design.dates import in_full

from .facts import in_days
from .models_exclusion import Suspension

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ROLES = {
    "virtual_school_head": "Virtual school head",
    "social_worker": "Social worker",
    "adviser": "Education adviser",
    "parent": "Parents",
    "governors": "Governors",
}
DUTY_ROLES = {
    "headteacher": "The head teacher",
    "governing_board": "The governing board",
    "arranging_authority": "Whoever arranges the review",
    "virtual_school_head": "The virtual school",
    "designated_teacher": "The designated teacher",
}


def plural(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def date_words(day: date, today: date) -> str:
    """4 December, with the year where it is not this one."""
    return f"{day.day} {day:%B}" if day.year == today.year else in_full(day)


def day_words(day: date, today: date) -> str:
    """Wed 25 November; today."""
    return "today" if day == today else f"{WEEKDAYS[day.weekday()]} {date_words(day, today)}"


def year_words(year: int | None) -> str:
    if year is None:
        return "Year not known"
    return f"Year {year}" if year > 0 else "Reception" if year == 0 else "Before reception"


def year_of(born: date | None, day: date) -> str:
    return year_words(year_group(born, day)) if born else "Year not known"


def days_out(sessions: int) -> str:
    """1 school day; 2.5 school days."""
    said = in_days(sessions)
    return f"{said} school day" if sessions == 2 else f"{said} school days"


def what_words(suspension: Suspension, today: date) -> str:
    """Suspended for 8 school days from 19 November, back on 1 December."""
    starts = date_words(suspension.starts, today)
    if suspension.category == Suspension.Category.PERMANENT:
        return f"Permanently excluded on {starts}"
    if suspension.category == Suspension.Category.LUNCHTIME:
        return f"Suspended for {plural(suspension.sessions, 'lunchtime')} from {starts}"
    back = f", back on {date_words(suspension.back_on, today)}" if suspension.back_on else ""
    return f"Suspended for {days_out(suspension.sessions)} from {starts}{back}"


def where_words(suspension: Suspension) -> str:
    return suspension.school.name if suspension.school else suspension.provision


def state_words(suspension: Suspension, today: date) -> tuple[str, str]:
    """How it stands, and the colour of its tag: only what needs work has one."""
    if suspension.cancelled_on:
        return "Cancelled", ""
    if suspension.governors_decision == Suspension.Decision.REINSTATED or suspension.returned_on:
        return "Taken back", ""
    if suspension.category == Suspension.Category.PERMANENT:
        return "Out", "red"
    if suspension.starts > today:
        return f"From {date_words(suspension.starts, today)}", "orange"
    if suspension.back_on and suspension.back_on > today:
        return "Out", "red"
    return "Back", ""
