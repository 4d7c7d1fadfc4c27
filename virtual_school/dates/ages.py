"""Ages, school year groups, compulsory school age, and the years the field counts in."""

from calendar import monthrange
from datetime import date, timedelta

FIRST_MONTH_OF_ACADEMIC_YEAR = 9
"""The academic year runs from 1 September to 31 August for age and year group (convention, duties 1.1)."""

FIRST_MONTH_OF_COLLECTION_YEAR = 4
"""The looked-after children return and the financial year run from 1 April to 31 March."""

RECEPTION_AGE = 4
COMPULSORY_SCHOOL_AGE_STARTS = 5
COMPULSORY_SCHOOL_AGE_ENDS = 16
FRIDAY = 4


def birthday(born: date, years: int) -> date:
    """The day a person reaches an age. Born on 29 February: 1 March in other years (our convention)."""
    year = born.year + years
    if (born.month, born.day) == (2, 29) and monthrange(year, 2)[1] == 28:
        return date(year, 3, 1)
    return born.replace(year=year)


def age_on(born: date, day: date) -> int:
    """Completed years of age; below zero before birth."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def add_months(day: date, n: int) -> date:
    """The same day-number n months later, else the last day of that month (convention, duties 1.1)."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def academic_year_start(day: date) -> int:
    """The year in which the academic year of a day started: 2026 from 1 September 2026 to 31 August 2027."""
    return day.year if day.month >= FIRST_MONTH_OF_ACADEMIC_YEAR else day.year - 1


def academic_year_label(year: int) -> str:
    """The academic year that starts in September of a year, in words: 2026 is "2026/27"."""
    return f"{year}/{(year + 1) % 100:02d}"


def year_group(born: date, day: date) -> int:
    """Year group by age: age at 31 August before the academic year, less 4 (duties 22.2).

    0 is Reception; below 0 is before Reception. A child can be taught out of year: what the school says wins.
    """
    return age_on(born, date(academic_year_start(day), 8, 31)) - RECEPTION_AGE


def key_stage(year_group: int) -> str:
    if year_group <= 0:
        return "EYFS"
    if year_group <= 2:
        return "KS1"
    if year_group <= 6:
        return "KS2"
    if year_group <= 9:
        return "KS3"
    if year_group <= 11:
        return "KS4"
    return "KS5" if year_group <= 13 else "post-16"


def compulsory_school_age_from(born: date) -> date:
    """The 31 August, 31 December or 31 March on or after the fifth birthday (Education Act 1996 s8(2))."""
    fifth = birthday(born, COMPULSORY_SCHOOL_AGE_STARTS)
    return next(
        day for day in (date(fifth.year, 3, 31), date(fifth.year, 8, 31), date(fifth.year, 12, 31)) if fifth <= day
    )


def school_leaving_date(year: int) -> date:
    """The last Friday in June, set by order (Education Act 1996 s8(3))."""
    last = date(year, 6, 30)
    return last - timedelta(days=(last.weekday() - FRIDAY) % 7)


def compulsory_school_age_until(born: date) -> date:
    """The school leaving date of the school year in which they turn 16 (Education Act 1996 s8(3))."""
    return school_leaving_date(academic_year_start(birthday(born, COMPULSORY_SCHOOL_AGE_ENDS)) + 1)


def of_compulsory_school_age(born: date, day: date) -> bool:
    return compulsory_school_age_from(born) <= day <= compulsory_school_age_until(born)


def collection_year(day: date) -> int:
    """The year in which the collection year (1 April to 31 March) of a day ends."""
    return day.year + 1 if day.month >= FIRST_MONTH_OF_COLLECTION_YEAR else day.year
