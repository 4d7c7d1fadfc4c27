"""An authority's policy, calendars and appointments as the rules take them."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from functools import lru_cache
from typing import Any

from virtual_school import shipped
from virtual_school.dates.school_days import SchoolCalendar, fallback_calendar
from virtual_school.dates.term_dates import TermDates as PublishedDates
from virtual_school.dates.term_dates import school_calendar as calendar_of_dates
from virtual_school.dates.working_days import WorkingCalendar
from virtual_school.dates.working_days import working_calendar as calendar_of_holidays

from .models import Appointment, Authority, BankHoliday, PolicyVersion, TermDates
from .rules import AppointmentFact, Policy

FALLBACK_YEARS = range(2012, 2030)
"""Academic years for which usual terms stand in until real dates are held."""

Days = tuple[tuple[date, str], ...]
Dates = tuple[tuple[str, str, str, date, date], ...]


@lru_cache(maxsize=8)
def _working(holidays: Days) -> WorkingCalendar:
    return calendar_of_holidays(holidays)


@lru_cache(maxsize=512)
def _school_days(name: str, dates: Dates, holidays: Days) -> SchoolCalendar:
    if not dates:
        return fallback_calendar(name, FALLBACK_YEARS, dict(holidays))
    rows = [
        PublishedDates(year, "term" if kind == TermDates.Kind.TERM else "holiday", label, starts, ends)
        for year, kind, label, starts, ends in dates
    ]
    return calendar_of_dates(name, rows, dict(holidays), FALLBACK_YEARS)


def bank_holidays() -> Days:
    """Those shipped with the service, and newer ones somebody loaded."""
    return tuple(sorted({**shipped.bank_holidays(), **dict(BankHoliday.objects.values_list("on", "title"))}.items()))


def working_calendar(holidays: Days | None = None) -> WorkingCalendar:
    """`holidays` where a page has asked for them already."""
    return _working(bank_holidays() if holidays is None else holidays)


def school_calendars(
    la_code: int, name: str, urns: Iterable[int] = (), holidays: Days | None = None
) -> tuple[SchoolCalendar, dict[int, SchoolCalendar]]:
    """The authority's calendar, and those of the schools that keep their own."""
    holidays = bank_holidays() if holidays is None else holidays
    rows: dict[tuple[int | None, int | None], list[tuple[str, str, str, date, date]]] = {}
    held = TermDates.objects.filter(la_code=la_code) | TermDates.objects.filter(urn__in=list(urns))
    for la, urn, *dates in held.values_list("la_code", "urn", "academic_year", "kind", "label", "starts", "ends"):
        rows.setdefault((la, urn), []).append(tuple(dates))
    own = _school_days(name, tuple(rows.pop((la_code, None), [])), holidays)
    return own, {urn: _school_days(f"school {urn}", tuple(dates), holidays) for (_, urn), dates in rows.items() if urn}


def calendars_of(authorities: Iterable[Authority], holidays: Days | None = None) -> dict[int, SchoolCalendar]:
    """Each authority's own calendar by its code, in a fixed number of queries."""
    named = {one.code: one.name for one in authorities}
    holidays = bank_holidays() if holidays is None else holidays
    rows: dict[int | None, list[tuple[str, str, str, date, date]]] = {}
    held = TermDates.objects.filter(la_code__in=list(named))
    for la, *dates in held.values_list("la_code", "academic_year", "kind", "label", "starts", "ends"):
        rows.setdefault(la, []).append(tuple(dates))
    return {code: _school_days(name, tuple(rows.get(code, [])), holidays) for code, name in named.items()}


def calendars_of_schools(urns: Iterable[int]) -> dict[int, SchoolCalendar]:
    """Of the schools that keep their own."""
    holidays = bank_holidays()
    rows: dict[int, list[tuple[str, str, str, date, date]]] = {}
    held = TermDates.objects.filter(urn__in=list(urns))
    for urn, *dates in held.values_list("urn", "academic_year", "kind", "label", "starts", "ends"):
        rows.setdefault(urn, []).append(tuple(dates))
    return {urn: _school_days(f"school {urn}", tuple(dates), holidays) for urn, dates in rows.items()}


def policy_of(choices: dict[str, Any]) -> Policy:
    """The register's defaults with a council's choices laid over them. Dates stand as ISO text."""
    known = {f.name: f.type for f in fields(Policy)}
    chosen = {name: value for name, value in choices.items() if name in known}
    if isinstance(chosen.get("kin_start_date"), str):
        chosen["kin_start_date"] = date.fromisoformat(chosen["kin_start_date"])
    return replace(Policy(), **chosen)


def policy_on(authority: Authority, day: date) -> Policy:
    version = PolicyVersion.objects.filter(authority=authority, starts__lte=day).first()
    return policy_of(version.choices if version else {})


def appointment_facts(authority: Authority) -> tuple[AppointmentFact, ...]:
    return tuple(
        AppointmentFact(kind=kind, name=name, employer=employer, starts=starts, ends=ends)
        for kind, name, employer, starts, ends in Appointment.objects.filter(authority=authority).values_list(
            "kind", "name", "employer", "starts", "ends"
        )
    )
