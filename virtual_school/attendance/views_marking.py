"""Typing marks: a school's pupils in care, of every authority, on one page."""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.children.queries import visible_to
from virtual_school.design.dates import in_full
from virtual_school.schools.models import Enrolment, School

from .codes import in_force as codes_in_force
from .marking import Grid, fill, grid, monday_of, save, take
from .models_calls import Site, key_of
from .places import places, site_or_404, site_url
from .queries import in_care, in_force
from .school_filters import caller

NOON = 12


@require_GET
@requires(Permission.ATTENDANCE_WRITE)
def registers(request: HttpRequest) -> HttpResponse:
    """The schools whose marks this person may type: their own, or all with a child in care of their authority."""
    person: Person = request.person  # type: ignore[attr-defined]
    today = timezone.localdate()
    urns = {m.urn for m in person.memberships if m.urn}
    if not person.staff_of and len(urns) == 1:
        return redirect("attendance:marks", urns.pop())
    children = in_care(person, today) if person.staff_of else visible_to(person)
    rolls = Enrolment.objects.filter(in_force(today), school__isnull=False, child__in=children)
    counts: dict[int, int] = {}
    for urn in rolls.values_list("school_id", flat=True):
        counts[urn] = counts.get(urn, 0) + 1
    schools = School.objects.filter(urn__in=set(counts) | urns).order_by("name").only("urn", "name", "town", "la_name")
    rows = [(school, counts.get(school.urn, 0)) for school in schools]
    return render(request, "attendance/registers.html", {"rows": rows, "places": _places(request, today)})


def _places(request: HttpRequest, today: date) -> list[tuple[Site, int]]:
    """Off the register, for those of the virtual school who take their marks; with how many pupils in care."""
    person: Person = request.person  # type: ignore[attr-defined]
    if not person.authority_code or person.authority_code not in person.staff_of:
        return []
    rolls = Enrolment.objects.filter(
        in_force(today), authority=person.authority_code, school__isnull=True, child__in=in_care(person, today)
    )
    names = list(rolls.values_list("provision", flat=True))
    counts = Counter(key_of(name) for name in names)
    found = places(person.authority_code, names)
    return sorted(((found[key], n) for key, n in counts.items()), key=lambda row: row[0].name)


@require_http_methods(["GET", "POST"])
@requires(Permission.ATTENDANCE_WRITE)
def marks(request: HttpRequest, urn: int) -> HttpResponse:
    """This week's, or one day's (`day`), or those of another week (`week`)."""
    person: Person = request.person  # type: ignore[attr-defined]
    if not person.staff_of and urn not in {m.urn for m in person.memberships}:
        raise Http404
    return _marks(request, person, get_object_or_404(School, urn=urn))


@require_http_methods(["GET", "POST"])
@requires(Permission.ATTENDANCE_WRITE)
def marks_at_place(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Of a place off the register, as it tells them: nobody there signs in."""
    person, of = caller(request)
    return _marks(request, person, site_or_404(of, None, public_id))


def _marks(request: HttpRequest, person: Person, site: Site) -> HttpResponse:
    today = timezone.localdate()
    day, week = _day(request, "day"), _day(request, "week")
    shown = min(day or week or today, today)
    if day is None and week is None and shown.weekday() < 5:
        day = shown
    of = grid(person, site, monday_of(shown), today, min(day, today) if day else None)
    if request.method == "POST":
        take(of, request.POST)
        if filled := request.POST.get("fill"):
            _fill(request, of, filled, today)
        elif not of.problems:
            number = save(of, person)
            messages.success(request, _saved(number))
            return redirect(request.get_full_path())
    return render(request, "attendance/marks.html", _context(of, day, today, person))


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def _fill(request: HttpRequest, of: Grid, day: str, today: date) -> None:
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        return
    is_morning = wanted == today and timezone.localtime().hour < NOON
    number = fill(of, wanted, is_morning)
    part = "the morning of " if is_morning else ""
    messages.info(request, f"{number} blank marks of {part}{in_full(wanted)} are filled in. Correct them, then save.")


def _saved(number: int) -> str:
    if not number:
        return "Nothing was changed."
    return f"{number} {'mark' if number == 1 else 'marks'} saved."


def _context(of: Grid, day: date | None, today: date, person: Person) -> dict[str, object]:
    here = site_url("marks", of.site)
    monday = of.monday
    last_open = max((head.day for head in of.days if not head.closed), default=None)
    return {
        "grid": of,
        "site": of.site,
        "what": "school" if of.site.urn else "place",
        "day": day,
        "monday": monday,
        "friday": monday + timedelta(days=4),
        "fill_day": day or last_open,
        "codes": codes_in_force(of.days[-1].day if of.days else today),
        "authorities": sorted({row.pupil.child.authority.name for row in of.rows}),
        "week_url": f"{here}?week={monday}",
        "before_url": f"{here}?week={monday - timedelta(days=7)}",
        "after_url": f"{here}?week={monday + timedelta(days=7)}" if monday + timedelta(days=7) <= today else "",
        "today_url": here,
        "is_told": bool(person.staff_of),
    }
