"""An invented authority with real bank holidays, for the tests of every app's rules."""

from datetime import date, timedelta
from typing import Any

from virtual_school.authorities.rules import AuthorityFacts, Policy
from virtual_school.dates.school_days import SchoolCalendar, Term
from virtual_school.dates.working_days import WorkingCalendar

HOLIDAYS = {
    date(2025, 1, 1): "New Year’s Day",
    date(2025, 4, 18): "Good Friday",
    date(2025, 4, 21): "Easter Monday",
    date(2025, 5, 5): "Early May bank holiday",
    date(2025, 5, 26): "Spring bank holiday",
    date(2025, 8, 25): "Summer bank holiday",
    date(2025, 12, 25): "Christmas Day",
    date(2025, 12, 26): "Boxing Day",
    date(2026, 1, 1): "New Year’s Day",
    date(2026, 4, 3): "Good Friday",
    date(2026, 4, 6): "Easter Monday",
    date(2026, 5, 4): "Early May bank holiday",
    date(2026, 5, 25): "Spring bank holiday",
    date(2026, 8, 31): "Summer bank holiday",
    date(2026, 12, 25): "Christmas Day",
    date(2026, 12, 28): "Boxing Day",
    date(2027, 1, 1): "New Year’s Day",
    date(2027, 3, 26): "Good Friday",
    date(2027, 3, 29): "Easter Monday",
    date(2027, 5, 3): "Early May bank holiday",
    date(2027, 5, 31): "Spring bank holiday",
    date(2027, 8, 30): "Summer bank holiday",
    date(2027, 12, 27): "Christmas Day",
    date(2027, 12, 28): "Boxing Day",
}
WORKING = WorkingCalendar(HOLIDAYS, date(2025, 1, 1), date(2027, 12, 31))

TERMS = (
    Term("2025/26", "autumn", date(2025, 9, 1), date(2025, 12, 19)),
    Term("2025/26", "spring", date(2026, 1, 5), date(2026, 3, 27)),
    Term("2025/26", "summer", date(2026, 4, 13), date(2026, 7, 21)),
    Term("2026/27", "autumn", date(2026, 9, 2), date(2026, 12, 18)),
    Term("2026/27", "spring", date(2027, 1, 4), date(2027, 3, 25)),
    Term("2026/27", "summer", date(2027, 4, 12), date(2027, 7, 22)),
)


def _closed() -> dict[date, str]:
    closed = dict(HOLIDAYS.items())
    for monday, label in (
        (date(2025, 10, 27), "autumn half term"),
        (date(2026, 2, 16), "spring half term"),
        (date(2026, 5, 25), "summer half term"),
        (date(2026, 10, 26), "autumn half term"),
        (date(2027, 2, 15), "spring half term"),
        (date(2027, 5, 31), "summer half term"),
    ):
        closed.update({monday + timedelta(days=n): label for n in range(5)})
    return closed


SCHOOL_DAYS = SchoolCalendar("Downshire", TERMS, _closed())


def an_authority(policy: Policy | None = None, **facts: Any) -> AuthorityFacts:
    return AuthorityFacts(
        code=999, name="Downshire", policy=policy or Policy(), working=WORKING, school_days=SCHOOL_DAYS, **facts
    )


def a_child(policy: Policy | None = None, authority: AuthorityFacts | None = None) -> dict[str, Any]:
    """What every child's facts hold of the authority."""
    authority = authority or an_authority(policy)
    return {"authority": authority, "school_calendar": authority.school_days}
