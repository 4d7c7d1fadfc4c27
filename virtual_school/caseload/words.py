"""Words the pages of the caseload share: days, years, roles, how many."""

from datetime import date

from virtual_school.access.models import Role
from virtual_school.dates.counted_days import BeyondCalendar, CountedDays
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.dates.working_days import WorkingCalendar

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
IN_SCHOOL_DAYS = frozenset(
    {
        "SCH-04",
        "UAS-02",
        "PEP-08",
        "EXC-01",
        "EXC-02",
        "EXC-03",
        "EXC-04",
        "EXC-06",
        "EXC-08",
        "ATT-03",
        "ATT-04",
        "ATT-07",
    }
)
"""Duties whose days to go or late are told in school days; all others in working days."""

COHORTS = {
    "looked_after": "Looked after",
    "short_breaks": "Short breaks",
    "previously_looked_after": "Previously looked after",
    "care_leaver": "Care leavers",
    "social_worker": "With a social worker",
    "kinship": "In kinship care",
    "other": "Others",
}
COHORT_OF_ONE = {
    "looked_after": "looked after",
    "short_breaks": "in short breaks",
    "previously_looked_after": "previously looked after",
    "care_leaver": "care leaver",
    "social_worker": "with a social worker",
    "kinship": "in kinship care",
}
ROLE_WORDS = {
    Role.VIRTUAL_SCHOOL_HEAD: "virtual school head",
    Role.ADVISER: "adviser",
    Role.DATA_OFFICER: "data officer",
    Role.SOCIAL_WORKER: "social worker",
    Role.REVIEWING_OFFICER: "reviewing officer",
    Role.DESIGNATED_TEACHER: "designated teacher",
    Role.PERSONAL_ADVISER: "personal adviser",
    Role.NOMINATED_OFFICER: "nominated officer",
    Role.SOCIAL_WORK_MANAGER: "social work manager",
    Role.DELEGATE: "colleague of the designated teacher",
    Role.CARER: "carer",
    "headteacher": "head teacher",
    "governing_board": "governing board",
    "arranging_authority": "authority that arranges the review",
    "director": "director of children’s services",
}
KEY_STAGES = {
    "EYFS": "Early years",
    "KS1": "Key Stage 1",
    "KS2": "Key Stage 2",
    "KS3": "Key Stage 3",
    "KS4": "Key Stage 4",
    "KS5": "Key Stage 5",
    "post-16": "After Year 13",
}


def in_full(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def day_words(day: date, today: date) -> str:
    """Mon 23 November, with the year where it is not this one."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{WEEKDAYS[day.weekday()]} {day.day} {day:%B}{year}"


def date_words(day: date, today: date) -> str:
    """23 November, with the year where it is not this one."""
    return f"{day.day} {day:%B}" if day.year == today.year else in_full(day)


def plural(n: int, one: str, many: str = "") -> str:
    """3 children; 1 child."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def in_letters(n: int, one: str, many: str = "") -> str:
    """three children; beyond ten, 11 children."""
    if n >= len(NUMBERS):
        return plural(n, one, many)
    return f"{NUMBERS[n]} {one if n == 1 else many or one + 's'}"


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def year_words(year: int | None) -> str:
    if year is None:
        return "Year not known"
    if year < 0:
        return "Before reception"
    if year == 0:
        return "Reception"
    return f"Year {year}" if year <= 13 else "After Year 13"


def role_words(role: str) -> str:
    return ROLE_WORDS.get(role, role.replace("_", " "))


def sentence(name: str, role: str, act: str) -> str:
    """Ruth Ellery (reviewing officer) to hold the first review."""
    who = f"{name} ({role_words(role)})" if name else f"The {role_words(role)}"
    return f"{who} to {act}"


def days_words(due_on: date, today: date, duty: str, working: WorkingCalendar, school_days: SchoolCalendar) -> str:
    """today; in 4 school days; 1 working day late."""
    if due_on == today:
        return "today"
    calendar: CountedDays = school_days if duty in IN_SCHOOL_DAYS else working
    unit = "school day" if duty in IN_SCHOOL_DAYS else "working day"
    first, last = (due_on, today) if due_on < today else (today, due_on)
    try:
        n = calendar.between(first, last)
    except BeyondCalendar:
        n = 0
    if n == 0:
        n, unit = (last - first).days, "day"
    return f"{plural(n, unit)} late" if due_on < today else f"in {plural(n, unit)}"


def term_words(today: date, calendar: SchoolCalendar) -> str:
    """Tuesday 24 November 2026 · week 12 of the autumn term · 18 school days left before the holiday."""
    parts = [f"{today:%A} {in_full(today)}"]
    try:
        term = calendar.term_on(today)
        if term is None:
            following = calendar.term_or_next(today)
            parts.append(f"holiday; the {following.words} starts on {in_full(following.starts)}")
        elif term.is_fallback:
            parts.append(f"{term.season} term by usual dates: the real ones are not held")
        else:
            parts.append(f"week {calendar.week_of_term(today)} of the {term.season} term")
            parts.append(f"{plural(calendar.school_days_left(today), 'school day')} left before the holiday")
    except BeyondCalendar:
        parts.append("no term dates are held for today")
    return " · ".join(parts)
