"""The calendars the tests count in, small enough to check against a wall calendar."""

from datetime import date

from virtual_school.dates.school_days import SchoolCalendar, Term
from virtual_school.dates.working_days import WorkingCalendar

BANK_HOLIDAYS = {
    date(2025, 12, 25): "Christmas Day",
    date(2025, 12, 26): "Boxing Day",
    date(2026, 1, 1): "New Year’s Day",
    date(2026, 4, 3): "Good Friday",
    date(2026, 4, 6): "Easter Monday",
    date(2026, 5, 4): "Early May bank holiday",
    date(2026, 5, 25): "Spring bank holiday",
    date(2026, 8, 31): "Summer bank holiday",
    date(2026, 12, 25): "Christmas Day",
    date(2026, 12, 26): "Boxing Day",
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

WORKING = WorkingCalendar(BANK_HOLIDAYS, date(2025, 12, 1), date(2027, 12, 31))

TERMS = (
    Term("2026/27", "autumn", date(2026, 9, 2), date(2026, 12, 18)),
    Term("2026/27", "spring", date(2027, 1, 4), date(2027, 3, 25)),
    Term("2026/27", "summer", date(2027, 4, 12), date(2027, 7, 21)),
)

CLOSED = {
    **BANK_HOLIDAYS,
    **{date(2026, 10, day): "half term" for day in range(26, 31)},
    date(2026, 11, 2): "staff training day",
    **{date(2027, 2, day): "half term" for day in range(15, 20)},
    **{date(2027, 5, 31): "half term"},
    **{date(2027, 6, day): "half term" for day in range(1, 5)},
}

EASTMARCH = SchoolCalendar("Eastmarch", TERMS, CLOSED)
