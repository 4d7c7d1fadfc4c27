"""Obligations as the lists show them: a duty's box, a row's four columns, who is meant to act."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch

from virtual_school.access.models import Role
from virtual_school.authorities.models import Authority
from virtual_school.authorities.queries import bank_holidays, calendars_of, working_calendar
from virtual_school.children.bulk import among
from virtual_school.children.models import Involvement
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.dates.working_days import WorkingCalendar
from virtual_school.design.addresses import address, address_of
from virtual_school.design.components import DutyRow
from virtual_school.duties.models import RollEntry, StandingObligation
from virtual_school.law.register import STRENGTH_WORDS, Duty, register

from . import words

WEIGHT = {"must": 0, "should": 1, "grant": 2, "good": 3, "power": 4, "none": 5, "local": 6}
"""In which order strengths stand: law before guidance before what the council chose for itself."""

STRENGTHS = {**STRENGTH_WORDS, "local": "Local target"}


@dataclass(frozen=True, slots=True)
class Days:
    """The calendars with which a list tells days to go and days late."""

    today: date
    working: WorkingCalendar
    school: dict[int, SchoolCalendar]

    def words(self, row: StandingObligation) -> str:
        if row.due_on is None or row.standing not in {"overdue", "due_soon", "upcoming"}:
            return ""
        return words.days_words(row.due_on, self.today, row.duty, self.working, self.school[row.authority_id])


def days_of(authorities: Iterable[Authority], today: date) -> Days:
    holidays = bank_holidays()
    return Days(today, working_calendar(holidays), calendars_of(authorities, holidays))


def duty_of(duty_id: str) -> Duty:
    return register().duties[duty_id]


def strength_of(duty_id: str, is_local: bool) -> str:
    return "local" if is_local else duty_of(duty_id).strength


def register_url(duty_id: str) -> str:
    """The entry of the register, where this service shows it."""
    try:
        return address("duties:duty", duty_id)
    except NoReverseMatch:
        return ""


def open_on(day: date, prefix: str = "") -> Q:
    """Involvements in force on a day."""
    ends = f"{prefix}ends"
    return Q(**{f"{prefix}starts__lte": day}) & (Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gt": day}))


def people_around(authorities: Sequence[int], child_ids: Iterable[int], day: date) -> dict[tuple[int, str], str]:
    """By child and role, the name of who is around them; the first of several."""
    rows = (
        Involvement.objects.filter(open_on(day), authority__in=authorities, child__in=among(set(child_ids)))
        .order_by("starts", "id")
        .values_list("child_id", "role", "person__name")
    )
    found: dict[tuple[int, str], str] = {}
    for child, role, name in rows:
        found.setdefault((child, role), name)
    return found


def who_is_to(row: StandingObligation, around: dict[tuple[int, str], str]) -> str:
    """The virtual school head's duties are the adviser's to see to, where the child has one."""
    name = around.get((row.child_id, row.who), "")
    if not name and row.who == Role.VIRTUAL_SCHOOL_HEAD and (adviser := around.get((row.child_id, Role.ADVISER))):
        return words.sentence(adviser, Role.ADVISER, row.act)
    return words.sentence(name, row.who, row.act)


def entry_of(row: StandingObligation) -> RollEntry | None:
    return getattr(row.child, "on_roll", None) if row.child_id else None


def about(entry: RollEntry | None, today: date) -> str:
    """Year 5 · in care since 26 October."""
    if entry is None:
        return ""
    parts = [words.year_words(entry.year_group)] if entry.year_group is not None else []
    if entry.looked_after_since:
        parts.append(f"in care since {words.date_words(entry.looked_after_since, today)}")
    elif entry.cohort:
        parts.append(words.COHORT_OF_ONE[entry.cohort])
    return " · ".join(parts)


def due_words(row: StandingObligation, today: date) -> str:
    if row.standing in {"met", "met_late"} and row.met_on:
        return f"met {words.day_words(row.met_on, today)}"
    return words.day_words(row.due_on, today) if row.due_on else "no day set"


def row_of(
    row: StandingObligation, around: dict[tuple[int, str], str], days: Days, *, by_duty: bool = False
) -> DutyRow:
    """Named by its child; with `by_duty` (under the child's own heading) by its duty."""
    told = {
        "what": who_is_to(row, around),
        "due": due_words(row, days.today),
        "state": row.standing,
        "days": days.words(row),
    }
    if by_duty:
        duty = duty_of(row.duty)
        strength = strength_of(row.duty, row.is_local)
        return DutyRow(name=duty.title, url=register_url(row.duty), strength=strength, **told)
    if row.child_id is None:
        return DutyRow(name=row.authority.name, about="the authority itself", **told)
    url = address_of("caseload:child", row.child.public_id)
    return DutyRow(name=row.child.name, about=about(entry_of(row), days.today), url=url, **told)


def with_children(rows: QuerySet[StandingObligation]) -> QuerySet[StandingObligation]:
    return rows.select_related("authority", "child", "child__on_roll")
