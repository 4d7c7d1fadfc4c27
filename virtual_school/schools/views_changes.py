"""Changing what is held of a school: its designated teacher and its own term dates."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.authorities import term_dates
from virtual_school.authorities.models import TermDates
from virtual_school.authorities.refreshing import work_out_again
from virtual_school.authorities.term_dates import Calendar
from virtual_school.design.dates import in_full

from .actions import end_designated_teacher
from .appointing import appoint_by_address, holders_from, reopen_appointment, take_back_appointment
from .forms import EndTeacherForm, SchoolDatesForm, TeacherForm
from .models import DesignatedTeacher, School
from .own_dates import add_own_dates
from .undo import offer, taken

AGAIN = "The duties of its pupils are worked out again now; pupils of other authorities follow overnight."


def _writes_for(request: HttpRequest) -> tuple[int, ...]:
    person: Person = request.person  # type: ignore[attr-defined]
    return person.writes_for


def work_out_for(request: HttpRequest) -> None:
    for code in _writes_for(request):
        work_out_again(code)


def show_problem(form: Any, problem: ValidationError) -> None:
    """Beside the field the problem is about, where the form has it, else above the form."""
    by_field = getattr(problem, "error_dict", {"__all__": [problem]})
    for name, errors in by_field.items():
        form.add_error(name if name in form.fields else None, [one for error in errors for one in error.messages])


@require_http_methods(["GET", "POST"])
@requires(Permission.SCHOOL_WRITE)
def appoint(request: HttpRequest, urn: int) -> HttpResponse:
    school = get_object_or_404(School, urn=urn)
    holder = next(iter(holders_from(school, timezone.localdate())), None)
    form = TeacherForm(request.POST or None, holder=holder)
    if request.method == "POST" and form.is_valid():
        given = {"replaces": False, **form.cleaned_data}
        try:
            made, ended = appoint_by_address(school, authorities=_writes_for(request), by=request.user, **given)
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            before = {str(pk): ends and ends.isoformat() for pk, ends in ended.items()}
            offer(request, _appointed(made), "schools:undo_appointment", urn, made.pk, ended=before)
            return redirect("schools:school", urn)
    return render(request, "schools/appoint.html", {"form": form, "school": school, "holder": holder})


def _appointed(made: DesignatedTeacher) -> str:
    words = f"{made.person.name} is designated teacher of {made.school.name} from {in_full(made.starts)}."
    if made.person.memberships.filter(urn=made.school_id, ends=None).exists():
        return f"{words} They see its pupils in care from that day."
    return (
        f"{words} They are shown to everyone who works with its pupils. To let them sign in, invite them under "
        "People and roles."
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.SCHOOL_WRITE)
def end_appointment(request: HttpRequest, urn: int, pk: int) -> HttpResponse:
    appointment = _appointment(urn, pk)
    form = EndTeacherForm(request.POST or None, appointment=appointment)
    if request.method == "POST" and form.is_valid():
        try:
            end_designated_teacher(appointment, ends=form.ends, authorities=_writes_for(request), by=request.user)
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            last = form.cleaned_data["last_day"]
            words = (
                f"{appointment.person.name} is designated teacher of {appointment.school.name} to {in_full(last)}. "
                "After that day none is known until you appoint one."
            )
            offer(request, words, "schools:reopen", urn, pk)
            return redirect("schools:school", urn)
    context = {"form": form, "school": appointment.school, "appointment": appointment}
    return render(request, "schools/end_appointment.html", context)


def _appointment(urn: int, pk: int) -> DesignatedTeacher:
    held = DesignatedTeacher.objects.select_related("person", "school")
    return get_object_or_404(held, school=urn, pk=pk)


@require_POST
@requires(Permission.SCHOOL_WRITE)
def undo_appointment(request: HttpRequest, urn: int, pk: int) -> HttpResponse:
    """Takes back an appointment made a moment ago, and gives those ended for it the ends they had."""
    appointment = _appointment(urn, pk)
    ended = {int(held): date.fromisoformat(ends) if ends else None for held, ends in taken(request)["ended"].items()}
    try:
        take_back_appointment(appointment, ended=ended, authorities=_writes_for(request), by=request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        name = appointment.person.name
        messages.success(request, f"The appointment of {name} is taken back, as if it had not been made.")
    return redirect("schools:school", urn)


@require_POST
@requires(Permission.SCHOOL_WRITE)
def reopen(request: HttpRequest, urn: int, pk: int) -> HttpResponse:
    appointment = _appointment(urn, pk)
    taken(request)
    try:
        reopen_appointment(appointment, authorities=_writes_for(request), by=request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, f"{appointment.person.name} is designated teacher again, with no last day recorded.")
    return redirect("schools:school", urn)


def with_area(school: School, taken: int) -> str:
    """That dates of the area became the school's own."""
    many = f"1 date of {school.la_name} is" if taken == 1 else f"{taken} dates of {school.la_name} are"
    return f" {many} now its own as well." if taken else ""


@require_http_methods(["GET", "POST"])
@requires(Permission.SCHOOL_WRITE)
def add_dates(request: HttpRequest, urn: int) -> HttpResponse:
    school = get_object_or_404(School, urn=urn)
    has_own = TermDates.objects.filter(urn=urn).exists()
    form = SchoolDatesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            from_area = add_own_dates(school, form.dates, by=request.user)
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            work_out_for(request)
            words = f"{form.dates.label} is added to the dates of {school.name}."
            messages.success(request, f"{words}{with_area(school, from_area)} {AGAIN}")
            return redirect("schools:school", urn)
    context = {"form": form, "school": school, "has_own": has_own}
    return render(request, "schools/add_dates.html", context)


@require_POST
@requires(Permission.SCHOOL_WRITE)
def remove_dates(request: HttpRequest, urn: int, pk: int) -> HttpResponse:
    school = get_object_or_404(School, urn=urn)
    row = get_object_or_404(TermDates, urn=urn, pk=pk)
    try:
        term_dates.remove(Calendar(school.name, urn=urn), row, by_id=request.user.pk)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        work_out_for(request)
        what = f"{row.label} ({in_full(row.starts)})"
        messages.success(request, f"{what} is removed from the dates of {school.name}. {AGAIN}")
    return redirect("schools:school", urn)


@require_POST
@requires(Permission.SCHOOL_WRITE)
def drop_own_dates(request: HttpRequest, urn: int) -> HttpResponse:
    school = get_object_or_404(School, urn=urn)
    removed = term_dates.remove_all(Calendar(school.name, urn=urn), by_id=request.user.pk)
    work_out_for(request)
    messages.success(request, f"{school.name} has no dates of its own any more: {removed} removed. {AGAIN}")
    return redirect("schools:school", urn)
