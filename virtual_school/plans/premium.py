"""Who is of the age for the pupil premium plus, by the financial year. Pure."""

from datetime import date

from virtual_school.care.facts import looked_after_on
from virtual_school.dates.ages import age_on, collection_year
from virtual_school.law import constants
from virtual_school.schools.rules import SchoolFacts, enrolment_on


def financial_year(day: date) -> tuple[date, str]:
    """The first day of the financial year of a day, and its label: "2026-27"."""
    year = collection_year(day)
    return date(year - 1, 4, 1), f"{year - 1}-{year % 100:02d}"


def age_for_premium(born: date, day: date) -> tuple[int, date]:
    """The age that decides in the financial year of a day, and the day it is taken: 31 August before the year."""
    first_day, _ = financial_year(day)
    on = date(first_day.year - 1, 8, 31)
    return age_on(born, on), on


def is_of_premium_age(born: date, day: date) -> bool:
    age, _ = age_for_premium(born, day)
    return constants.PUPIL_PREMIUM_FROM_AGE <= age <= constants.PUPIL_PREMIUM_TO_AGE


def premium_words(facts: SchoolFacts, day: date) -> str:
    """Which premium a child in care counts for; empty where none is known."""
    if facts.born is None or looked_after_on(facts, day) is None:
        return ""
    _, label = financial_year(day)
    if is_of_premium_age(facts.born, day):
        return f"Pupil premium plus ({label})"
    enrolment = enrolment_on(facts, day)
    age, _ = age_for_premium(facts.born, day)
    if age < constants.PUPIL_PREMIUM_FROM_AGE and enrolment is not None and enrolment.is_early_years:
        return f"Early years pupil premium, for funded hours ({label})"
    return ""
