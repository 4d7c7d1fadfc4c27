"""A school's own dates out of an iCalendar file: what was found is shown first, then kept."""

from datetime import date

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.authorities.models import TermDates
from virtual_school.authorities.term_dates import LARGEST_FILE, Dates, FaultyFile

from .dates_file import InFile, read_calendar
from .forms import CalendarFileForm
from .models import School
from .own_dates import load_own_dates
from .views_changes import AGAIN, with_area, work_out_for

SALT = "schools.dates_file"
AN_HOUR = 3600


@require_http_methods(["GET", "POST"])
@requires(Permission.SCHOOL_WRITE)
def dates_file(request: HttpRequest, urn: int) -> HttpResponse:
    """The file is not kept between the two steps: what was read of it stands in the page, signed."""
    school = get_object_or_404(School, urn=urn)
    if request.method == "POST" and "rows" in request.POST:
        return _keep(request, school)
    form = CalendarFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = read_calendar(file.read(LARGEST_FILE + 1))
        except FaultyFile as faulty:
            form.add_error("file", [f"{file.name}: {fault}" for fault in faulty.faults])
        else:
            return _shown(request, school, file.name, found)
    return render(request, "schools/dates_file.html", {"school": school, "form": form})


def _shown(request: HttpRequest, school: School, name: str, found: InFile) -> HttpResponse:
    told = [[row.kind, row.label, row.starts.isoformat(), row.ends.isoformat()] for row in found.rows]
    held = set(TermDates.objects.filter(urn=school.urn).values_list("kind", "starts"))
    rows = [(row, TermDates.Kind(row.kind).label, (row.kind, row.starts) in held) for row in found.rows]
    context = {
        "school": school, "name": name, "rows": rows, "left_out": found.left_out, "has_own": bool(held),
        "signed": signing.dumps([school.urn, told], salt=SALT),
    }  # fmt: skip
    return render(request, "schools/dates_found.html", context)


def _keep(request: HttpRequest, school: School) -> HttpResponse:
    again = redirect("schools:dates_file", school.urn)
    try:
        urn, told = signing.loads(request.POST["rows"], salt=SALT, max_age=AN_HOUR)
    except signing.BadSignature:
        urn, told = 0, []
    if urn != school.urn:
        messages.error(request, "This page was open for too long. Choose the file again.")
        return again
    wanted = set(request.POST.getlist("keep"))
    rows = [
        Dates(kind, label, date.fromisoformat(starts), date.fromisoformat(ends))
        for n, (kind, label, starts, ends) in enumerate(told)
        if str(n) in wanted
    ]
    if not rows:
        messages.error(request, "Nothing was kept: no dates were chosen.")
        return again
    try:
        from_area, added, changed = load_own_dates(school, rows, by=request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return again
    work_out_for(request)
    same = len(rows) - added - changed
    words = f"Dates of {school.name}: {added} added, {changed} changed, {same} as they were."
    messages.success(request, f"{words}{with_area(school, from_area)} {AGAIN}")
    return redirect("schools:school", school.urn)
