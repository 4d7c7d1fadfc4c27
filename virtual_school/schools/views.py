"""Schools: the list of the national register, and one school."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.design.components import Cell, Chip, Column, SummaryRow, Table
from virtual_school.design.csv_download import csv_response
from virtual_school.design.dates import in_full

from .forms import FindForm
from .models import DesignatedTeacher, School
from .queries import (
    LISTED,
    Pupil,
    Sought,
    dates_of,
    filter_choices,
    find_schools,
    links_of,
    pupils_in_care,
    pupils_of,
    teachers_now,
)
from .undo import offered

A_PAGE = 50
SAYS_NOTHING = frozenset({"Not applicable", "Does not apply", "None"})
"""What the register writes where a field does not concern a school."""
EXPORTED = (
    "URN", "LAESTAB", "Name", "Area", "Phase", "Type", "Status", "Lowest age", "Highest age", "Town", "Postcode",
    "Website", "Designated teacher", "Our pupils in care",
)  # fmt: skip


def url_of_child(child: Any) -> str:
    """The child's page belongs to an app above this one; without it the name stands alone."""
    try:
        return reverse("caseload:child", args=[child.public_id])
    except NoReverseMatch:
        return ""


def _find(request: HttpRequest) -> tuple[FindForm, Sought, dict[int, int], date]:
    person: Person = request.person  # type: ignore[attr-defined]
    on = timezone.localdate()
    areas, phases, groups = filter_choices()
    has_pupils = bool(person.staff_of)
    form = FindForm(request.GET, areas=areas, phases=phases, groups=groups, has_pupils=has_pupils)
    return form, form.sought(), pupils_in_care(person, on), on


@require_GET
@requires(Permission.SCHOOL_READ)
def school_list(request: HttpRequest) -> HttpResponse:
    form, sought, pupils, on = _find(request)
    page = Paginator(find_schools(sought, pupils, on).only(*LISTED), A_PAGE).get_page(request.GET.get("page"))
    schools = list(page.object_list)
    teachers = teachers_now([school.urn for school in schools], on)
    rows = [
        [
            Cell(school.name, reverse("schools:school", args=[school.urn]), _where(school)),
            school.phase if school.phase not in ("", "Not applicable") else school.type_name,
            Cell(teachers.get(school.urn, "Not known"), small=school.status if school.status != "Open" else ""),
            pupils.get(school.urn, 0),
        ]
        for school in schools
    ]
    columns = ["School", "Phase or type", "Designated teacher", Column("Our pupils in care", number=True)]
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "filters": form,
        "page": page,
        "count": page.paginator.count,
        "table": Table("Schools", columns, rows),
        "chips": _chips(form, sought, request),
        "export_url": f"{reverse('schools:csv')}?{query.urlencode()}",
        "pupils_here": sum(pupils.values()),
        "schools_here": len(pupils),
        "sought": sought,
        "everywhere_url": _with(request, show="all", state="all"),
    }
    return render(request, "schools/list.html", context)


def _where(school: School) -> str:
    place = ", ".join(dict.fromkeys(part for part in (school.town or school.locality, school.la_name) if part))
    return f"{place} · URN {school.urn}" if place else f"URN {school.urn}"


def _with(request: HttpRequest, **changed: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changed.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _chips(form: FindForm, sought: Sought, request: HttpRequest) -> list[Chip]:
    """What is on, in words; each can be taken off."""
    areas = dict(form.fields["area"].choices)
    on = [
        (bool(sought.words), f"Has “{sought.words}”", {"q": ""}),
        (sought.ours, "With our pupils", {"show": "all"}),
        (bool(sought.area), areas.get(sought.area, ""), {"area": ""}),
        (bool(sought.phase), sought.phase, {"phase": ""}),
        (bool(sought.group), sought.group, {"group": ""}),
        (sought.state != "all", "Open" if sought.state == "open" else "Closed", {"state": "all"}),
        (sought.without_teacher, "No designated teacher known", {"teacher": ""}),
    ]
    return [Chip(words, _with(request, **without)) for is_on, words, without in on if is_on]


@require_GET
@requires(Permission.SCHOOL_READ)
def school_csv(request: HttpRequest) -> HttpResponse:
    """The whole list as it is filtered, for a spreadsheet."""
    _, sought, pupils, on = _find(request)
    found = list(find_schools(sought, pupils, on))
    teachers = teachers_now([school.urn for school in found], on)
    rows = (_exported(school, teachers.get(school.urn, ""), pupils.get(school.urn, 0)) for school in found)
    return csv_response(f"schools-{on.isoformat()}.csv", EXPORTED, rows)


def _exported(school: School, teacher: str, pupils: int) -> tuple[Any, ...]:
    return (
        school.urn, school.laestab, school.name, school.la_name, school.phase, school.type_name, school.status,
        school.low_age, school.high_age, school.town, school.postcode, school.website, teacher, pupils,
    )  # fmt: skip


@require_GET
@requires(Permission.SCHOOL_READ)
def my_school(request: HttpRequest) -> HttpResponse:
    """The school of the role one is here in, else of any role, else the list."""
    person: Person = request.person  # type: ignore[attr-defined]
    roles = [person.chosen, *person.memberships] if person.chosen else []
    urn = next((role.urn for role in roles if role.urn), None)
    return redirect("schools:school", urn) if urn else redirect("schools:list")


@require_GET
@requires(Permission.SCHOOL_READ)
def school(request: HttpRequest, urn: int) -> HttpResponse:
    found = get_object_or_404(School, urn=urn)
    person: Person = request.person  # type: ignore[attr-defined]
    on = timezone.localdate()
    now, others = pupils_of(found, person, on)
    several = len({pupil.child.authority_id for pupil in (*now, *others)}) > 1
    dates = dates_of(found, on)
    teachers = list(DesignatedTeacher.objects.filter(school=found).select_related("person").order_by("-starts"))
    context = {
        "school": found,
        "sub": _sub(found),
        "facts": _facts(found),
        "website": _website(found),
        "links": links_of(found),
        "teacher": next((t for t in teachers if t.starts <= on and (t.ends is None or t.ends > on)), None),
        "teachers_to_come": [t for t in teachers if t.starts > on],
        "teachers_before": [t for t in teachers if t.ends is not None and t.ends <= on],
        "dates": dates,
        "now": now,
        "now_table": Table("On the roll and in care now", *_pupil_rows(now, several, now=True)),
        "others": others,
        "others_table": Table("Before, or not in care now", *_pupil_rows(others, several, now=False)),
        "may_write": person.can(Permission.SCHOOL_WRITE),
        "sees_pupils": person.can(Permission.CHILD_READ),
        "is_mine": any(role.urn == urn for role in person.memberships),
        "undo": offered(request),
    }
    context["sees_attendance"] = context["is_mine"] or bool(person.staff_of)
    return render(request, "schools/school.html", context)


def _sub(school: School) -> str:
    kind = school.type_name or school.phase
    ages = f"ages {school.low_age} to {school.high_age}" if school.low_age is not None and school.high_age else ""
    return " · ".join(part for part in (kind, ages, school.la_name, f"URN {school.urn}") if part)


def _facts(school: School) -> list[SummaryRow]:
    address = ", ".join(
        part for part in (school.street, school.locality, school.town, school.county, school.postcode) if part
    )
    about = (school.gender, school.religious_character, school.boarders)
    grade = school.last_overall_grade
    rows = [
        ("Phase", school.phase, ""),
        ("Type", school.type_name, ""),
        ("Pupils", " · ".join(part for part in about if part and part not in SAYS_NOTHING), ""),
        ("On roll, of capacity", _of(school.number_of_pupils, school.capacity), ""),
        ("Address", address, ""),
        ("Telephone", school.telephone, ""),
        ("LAESTAB", school.laestab, ""),
        ("Trust", school.trust, ""),
        ("Status", school.status, ""),
        ("Opened", _when(school.opened_on, school.opened_why), ""),
        ("Closed", _when(school.closed_on, school.closed_why), ""),
        ("Last inspected", in_full(school.last_inspected_on) if school.last_inspected_on else "", ""),
        ("Last overall grade", grade, "History: overall grades are no longer given since September 2024"),
    ]  # fmt: skip
    return [SummaryRow(key, value, source=source) for key, value, source in rows if value and value not in SAYS_NOTHING]


def _when(day: date | None, why: str) -> str:
    if day is None:
        return ""
    return f"{in_full(day)} ({why})" if why and why != "Not applicable" else in_full(day)


def _website(school: School) -> str:
    """Only as a link that leads to a site: the register holds whatever was typed."""
    address = school.website.strip()
    if not address or " " in address:
        return ""
    if not address.lower().startswith(("http://", "https://")):
        return "" if ":" in address else f"https://{address}"
    return address


def _of(number: int | None, capacity: int | None) -> str:
    if number is None:
        return ""
    return f"{number:,} of {capacity:,}" if capacity else f"{number:,}"


def _pupil_rows(pupils: list[Pupil], several: bool, *, now: bool) -> tuple[list[str], list[list[Any]]]:
    columns = ["Pupil", "Year", "On the roll", "In care"]
    rows = []
    for pupil in pupils:
        since = in_full(pupil.since)
        roll = f"since {since}" if pupil.until is None else f"{since} to {in_full(pupil.until)}"
        if pupil.is_subsidiary:
            roll += " (subsidiary registration)"
        care = "no time in care held"
        if pupil.in_care_since:
            care = f"since {in_full(pupil.in_care_since)}"
            if pupil.left_care_on:
                care = f"{in_full(pupil.in_care_since)} to {in_full(pupil.left_care_on)}"
        council = pupil.child.authority.name if several else ""
        rows.append([Cell(pupil.child.name, url_of_child(pupil.child), council), pupil.year if now else "", roll, care])
    if not now:
        return [columns[0], *columns[2:]], [[row[0], *row[2:]] for row in rows]
    return columns, rows
