"""The attendance of a school's pupils in care, and of a cohort, with its trend and what is published."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import RIGHTS, Permission
from virtual_school.audit.actions import record
from virtual_school.authorities.models import Authority
from virtual_school.dates.ages import academic_year_label, academic_year_start
from virtual_school.design.components import Cell, Column, Figure, Table
from virtual_school.design.workbook_download import Sheet
from virtual_school.design.workbook_download import download as as_file
from virtual_school.schools.models import Enrolment, School

from .calendars import Calendars
from .cohort_page import (
    Stretch,
    beside_published,
    half_terms,
    of_children,
    sums_by,
    trend_picture,
    twelve_months_at,
    weight,
)
from .comparators import DEFINITION, SOURCE
from .figures import Months, children_sums, cohort, days_without_provision_of, together
from .pictures_day import day_bar
from .queries import Today, in_force
from .sharing import WHY, shared_row
from .sums import Cohort, Sums, cohort_of
from .views_today import AREAS, TodayFilters
from .who_is_where import GROUPS, Day, children_of, finding, narrowed, parts, the_day
from .whose import Whose, advisers, whose
from .words import year_of

WITHOUT = "Days without any provision"
COLUMNS = ("Possible", "Attended", "Authorised", "Unauthorised", "Late", "Attended %", "Absent %")


def _months(today: date) -> Months:
    return Months(date(academic_year_start(today), 9, 1), today.replace(day=1))


def _rate(value: Any) -> str:
    return "–" if value is None else f"{value:.1f}"


def _sums_cells(one: Sums) -> list[Any]:
    return [
        one.possible,
        one.present,
        one.authorised,
        one.unauthorised,
        one.late,
        _rate(one.attendance_pct),
        _rate(one.absence_pct),
    ]


def _figures(of: Cohort, n: int, today: date) -> list[Figure]:
    year = f"school year {academic_year_label(academic_year_start(today))} to date"
    return (
        [
            Figure(
                f"{n:,}",
                "child in care" if n == 1 else "children in care",
                f"{of.pupils:,} with marks this school year",
            ),
            Figure(
                f"{_rate(of.sums.attendance_pct)}%",
                "attended",
                f"{of.sums.present:,} of {of.sums.possible:,} half days, {year}",
            ),
            Figure(
                f"{of.persistent:,}",
                "persistently absent",
                f"{_rate(of.persistent_pct)}% missed 10% or more; {weight(of.pupils)}",
            ),
            Figure(f"{of.severe:,}", "severely absent", f"{_rate(of.severe_pct)}% missed half or more"),
        ]
        if of.pupils
        else [
            Figure(f"{n:,}", "child in care" if n == 1 else "children in care", "No marks are held of this school year")
        ]
    )


class HalfTerms:
    """Of this school year and the one before, by the school's own calendar where it keeps one."""

    def __init__(self, of: Whose, urn: int | None, today: date) -> None:
        self.of, self.today = of, today
        self.first = date(academic_year_start(today) - 1, 9, 1)
        self.kept = None
        self.stretches: list[Stretch] = []
        if of.authorities:
            self.kept = Calendars(Authority.objects.get(code=of.authorities[0]), [urn] if urn else []).of(urn)
            self.stretches = half_terms(self.kept.calendar, self.first, today)

    def trend(self, ids: Sequence[int], held: dict[date, Sums] | None = None) -> Any:
        if self.kept is None:
            return None, ""
        sums = sums_by(self.of.authorities, ids, self.stretches, held)
        return trend_picture(self.stretches, sums, self.today, "tr"), self.kept.words(self.first, self.today)


def _rows_of(day: Day) -> list[tuple[str, Today]]:
    return sorted(((group, row) for group, rows in day.groups.items() for row in rows), key=lambda pair: pair[1].name)


def _group_at(request: HttpRequest, urn: int) -> tuple[School, Whose, Day, dict[int, Sums], date]:
    person: Person = request.person  # type: ignore[attr-defined]
    today = timezone.localdate()
    of = whose(person, today)
    if not of.is_staff and urn not in {m.urn for m in person.memberships}:
        raise Http404
    school = get_object_or_404(School, urn=urn)
    on_roll = Enrolment.objects.filter(in_force(today), authority__in=of.authorities, school=urn, kind="main")
    day = narrowed(the_day(of, today, children_of(of, today).filter(id__in=on_roll.values("child_id"))), urn)
    ids = [row.child for _, row in _rows_of(day)]
    return school, of, day, children_sums(of.authorities, _months(today), ids) if ids else {}, today


@require_GET
@requires(Permission.CHILD_READ)
def school(request: HttpRequest, urn: int) -> HttpResponse:
    """Of its pupils in care today whom this person works with, of every authority."""
    at, of, day, sums, today = _group_at(request, urn)
    rows = _rows_of(day)
    ids = [row.child for _, row in rows]
    names = {authority.code: authority.name for authority in of.held()}
    without = days_without_provision_of(of.authorities, ids, _months(today).first, today)
    table = Table(
        "Pupils in care, this school year in half days",
        [
            "Pupil",
            "Today",
            *(["Authority"] if len(names) > 1 else []),
            *(Column(name, number=True) for name in (*COLUMNS, WITHOUT)),
        ],
        [
            [
                Cell(row.name, reverse("attendance:of_child", args=[row.public_id]), year_of(row.born, today)),
                Cell(GROUPS[group], small=row.mark.words if row.mark else ""),
                *([names[row.authority]] if len(names) > 1 else []),
                *_sums_cells(sums.get(row.child, Sums())),
                without.get(row.child, 0),
            ]
            for group, row in rows
        ],
    )
    drawn, calendar = HalfTerms(of, urn, today).trend(ids)
    person: Person = request.person  # type: ignore[attr-defined]
    context = {
        "title": f"Attendance at {at.name}", "school": at, "day": today, "figures": _figures(cohort_of(sums.values()), len(ids), today),
        "bar": day_bar(parts(day), prefix="day", finding=finding(day)) if ids else None, "finding": finding(day),
        "table": table if ids else None, "trend": drawn, "calendar": calendar, "weight": weight(len(ids)),
        "can_type": Permission.ATTENDANCE_WRITE in _permissions(person),
        "download_url": reverse("attendance:school_download", args=[urn]),
    }  # fmt: skip
    return render(request, "attendance/school.html", context)


def _permissions(person: Person) -> frozenset[Permission]:
    return RIGHTS[person.role].permissions if person.role else frozenset()


@require_GET
@requires(Permission.CHILD_READ)
def school_download(request: HttpRequest, urn: int) -> HttpResponse:
    at, of, day, sums, today = _group_at(request, urn)
    found = _rows_of(day)
    without = days_without_provision_of(of.authorities, [row.child for _, row in found], _months(today).first, today)
    rows = [
        [row.name, year_of(row.born, today), GROUPS[group], row.am, row.pm, *_sums_cells(sums.get(row.child, Sums())),
         without.get(row.child, 0)]
        for group, row in found
    ]  # fmt: skip
    _record(request, len(rows), urn=urn)
    columns = ("Pupil", "Year", "Today", "Morning", "Afternoon", *COLUMNS, WITHOUT)
    sheet = Sheet("Attendance", columns, rows, [f"{at.name}. School year to date, in half days."])
    return as_file(request.GET.get("form", ""), f"attendance-{urn}-{today.isoformat()}", sheet)


def _record(request: HttpRequest, rows: int, **told: Any) -> None:
    person: Person = request.person  # type: ignore[attr-defined]
    record(
        "attendance.exported", by=person.user.pk, role=person.role, authority=person.authority_code, rows=rows, **told
    )


class Group:
    """The children the address asks for."""

    def __init__(self, request: HttpRequest) -> None:
        self.today = timezone.localdate()
        self.of = whose(request.person, self.today)  # type: ignore[attr-defined]
        given = request.GET
        self.names = advisers(self.of, self.today) if self.of.is_staff else {}
        adviser, area = given.get("adviser", ""), given.get("area", "")
        self.adviser = adviser if adviser in self.names else ""
        self.area = area if area in AREAS else ""
        self.ids = list(children_of(self.of, self.today, self.adviser, self.area).values_list("id", flat=True))
        self.chosen = {name: value for name, value in (("adviser", self.adviser), ("area", self.area)) if value}

    def years(self) -> list[tuple[int, Cohort]]:
        year = academic_year_start(self.today)
        return [
            (one, cohort(self.of.authorities, Months(date(one, 9, 1), date(one + 1, 8, 1)), self.ids))
            for one in (year, year - 1)
        ]


@require_GET
@requires(Permission.CHILD_READ)
def group(request: HttpRequest) -> HttpResponse:
    """Of the children in care now whom this person works with."""
    asked = Group(request)
    half_terms_of, year = HalfTerms(asked.of, None, asked.today), academic_year_start(asked.today)
    is_beside = asked.of.is_staff and bool(asked.ids) and not asked.chosen
    twelve = twelve_months_at(asked.of, year, asked.ids) if is_beside else []
    starts = [one.first.replace(day=1) for one in half_terms_of.stretches]
    held = (
        together(asked.of.authorities, asked.ids, year, min(starts, default=asked.today), twelve) if asked.ids else None
    )
    years = [(one, held.every[one]) for one in (year, year - 1)] if held else []
    drawn, calendar = half_terms_of.trend(asked.ids, held.by_month if held else {})
    form = TodayFilters(asked.chosen, asked.names, {})
    del form.fields["day"], form.fields["show"]
    beside = []
    if is_beside and held:
        beside = beside_published(asked.of, asked.ids, [year - 1, year - 2], {year - 1: held.some[year - 1]})
    context = {
        "figures": _figures(years[0][1], len(asked.ids), asked.today) if years else [],
        "n": of_children(len(asked.ids)), "is_staff": asked.of.is_staff, "day": asked.today, "filter_form": form,
        "trend": drawn, "calendar": calendar, "weight": weight(len(asked.ids)),
        "table": Table("By school year, in half days", ["School year", *(Column(name, number=True) for name in GROUP_COLUMNS)], _year_rows(years)),
        "beside": [(one, _beside(one)) for one in beside], "source": SOURCE, "definition": DEFINITION,
        "narrowed": bool(asked.chosen), "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "attendance/group.html", context)


GROUP_COLUMNS = ("Pupils with marks", *COLUMNS, "Persistent", "Persistent %", "Severe", "Severe %")


def _year_rows(years: Sequence[tuple[int, Cohort]]) -> list[list[Any]]:
    return [
        [
            academic_year_label(year),
            of.pupils,
            *_sums_cells(of.sums),
            of.persistent,
            _rate(of.persistent_pct),
            of.severe,
            _rate(of.severe_pct),
        ]
        for year, of in years
    ]


def _beside(one: Any) -> Table:
    columns = ("Pupils", "Absent %", "Unauthorised %", "Persistent %", "Severe %")
    rows = [[x.who, x.pupils, x.absence, x.unauthorised, x.persistent, x.severe] for x in one.lines]
    return Table(
        f"{one.label} beside what is published", ["Who", *(Column(name, number=True) for name in columns)], rows
    )


@require_GET
@requires(Permission.CHILD_READ)
def group_download(request: HttpRequest) -> HttpResponse:
    """Exact, or to give on with small numbers hidden: then of everybody, since parts would tell one another's."""
    asked = Group(request)
    is_shared = request.GET.get("share") == "yes"
    if is_shared and asked.chosen:
        return redirect("attendance:group")
    years = asked.years() if asked.ids else []
    _record(request, len(years), small_numbers_hidden=is_shared)
    name = f"attendance-group-{asked.today.isoformat()}"
    if is_shared:
        shared = [[academic_year_label(year), *shared_row(of)] for year, of in years]
        sheet = Sheet("Attendance", ("School year", *GROUP_COLUMNS), shared, WHY)
        return as_file(request.GET.get("form", ""), f"{name}-to-share", sheet)
    rows = _year_rows(years)
    said = [f"{of_children(len(asked.ids))} in care on {asked.today.isoformat()}.",
            "Exact figures. Hide counts of 1 to 5, and what would tell them, before this leaves the council."]  # fmt: skip
    sheet = Sheet("Attendance", ("School year", *GROUP_COLUMNS), rows, said)
    return as_file(request.GET.get("form", ""), name, sheet)
