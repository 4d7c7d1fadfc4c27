"""Whom the authority appointed under the Children Act 1989, and what the register says about it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.authorities import appointing
from virtual_school.authorities.forms import AppointmentForm, EndAppointmentForm
from virtual_school.authorities.models import Appointment, Authority
from virtual_school.authorities.refreshing import work_out_again
from virtual_school.design.dates import in_full
from virtual_school.law.register import register
from virtual_school.plans.gather import authority_facts
from virtual_school.schools.undo import offer, offered, taken
from virtual_school.schools.views_changes import show_problem

from .rules import obligations_of_authority
from .whose import authority_of, may

ASKS = {
    Appointment.Kind.VIRTUAL_SCHOOL_HEAD: "Promotes the educational achievement of looked-after children.",
    Appointment.Kind.PREVIOUSLY_LOOKED_AFTER: "Gives advice and information for previously looked-after children.",
    Appointment.Kind.NOMINATED_OFFICER: "Approves moves that the regulations put before a senior officer.",
}
OF_APPOINTMENTS = ("VS-02", "VS-03")


def _groups(authority: Authority, on: date) -> list[dict[str, Any]]:
    held = list(Appointment.objects.filter(authority=authority).order_by("post", "-starts"))
    groups = []
    for kind in Appointment.Kind:
        mine = [one for one in held if one.kind == kind]
        groups.append(
            {
                "title": kind.label,
                "asks": ASKS[kind],
                "now": [one for one in mine if one.starts <= on and (one.ends is None or one.ends > on)],
                "planned": [one for one in mine if one.starts > on],
                "before": [one for one in mine if one.ends is not None and one.ends <= on],
                "shared": len({one.post for one in mine}) > 1,
            }
        )
    return groups


@require_GET
@requires(Permission.APPOINTMENT_READ)
def appointments(request: HttpRequest) -> HttpResponse:
    authority = authority_of(request, Permission.APPOINTMENT_READ)
    on = timezone.localdate()
    answers = [
        (register().duties[found.duty], found)
        for found in obligations_of_authority(authority_facts(authority, on), on)
        if found.duty in OF_APPOINTMENTS
    ]
    context = {
        "authority": authority,
        "groups": _groups(authority, on),
        "answers": answers,
        "may_write": may(request, Permission.APPOINTMENT_WRITE, authority),
        "undo": offered(request),
    }
    return render(request, "duties/appointments.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.APPOINTMENT_WRITE)
def add_appointment(request: HttpRequest) -> HttpResponse:
    authority = authority_of(request, Permission.APPOINTMENT_WRITE)
    form = AppointmentForm(request.POST or None, initial={"employer": authority.name, "post": 1})
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "last_day"}
        try:
            made = appointing.appoint(authority, ends=form.ends, by_id=request.user.pk, **given)
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            work_out_again(authority.code)
            words = (
                f"{made.name} is recorded as {made.get_kind_display().lower()} of {authority.name} from "
                f"{in_full(made.starts)}. What the register asks is worked out again now."
            )
            offer(request, words, "duties:undo_appointment", made.pk)
            return redirect("duties:appointments")
    return render(request, "duties/add_appointment.html", {"form": form, "authority": authority})


def _appointment(request: HttpRequest, pk: int) -> Appointment:
    authority = authority_of(request, Permission.APPOINTMENT_WRITE)
    return get_object_or_404(Appointment.objects.select_related("authority"), authority=authority, pk=pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.APPOINTMENT_WRITE)
def end_appointment(request: HttpRequest, pk: int) -> HttpResponse:
    appointment = _appointment(request, pk)
    form = EndAppointmentForm(request.POST or None, appointment=appointment)
    if request.method == "POST" and form.is_valid():
        before = appointment.ends and appointment.ends.isoformat()
        appointing.end_appointment(appointment, ends=form.ends, by_id=request.user.pk)
        work_out_again(appointment.authority_id)
        last = in_full(form.cleaned_data["last_day"])
        words = (
            f"{appointment.name} is {appointment.get_kind_display().lower()} to {last}. "
            "Record who follows, so that the office is not shown as vacant."
        )
        offer(request, words, "duties:reopen_appointment", pk, ends=before)
        return redirect("duties:appointments")
    return render(request, "duties/end_appointment.html", {"form": form, "appointment": appointment})


@require_POST
@requires(Permission.APPOINTMENT_WRITE)
def undo_appointment(request: HttpRequest, pk: int) -> HttpResponse:
    appointment = _appointment(request, pk)
    taken(request)
    appointing.take_back(appointment, by_id=request.user.pk)
    work_out_again(appointment.authority_id)
    messages.success(request, f"The appointment of {appointment.name} is taken back, as if it had not been recorded.")
    return redirect("duties:appointments")


@require_POST
@requires(Permission.APPOINTMENT_WRITE)
def reopen_appointment(request: HttpRequest, pk: int) -> HttpResponse:
    appointment = _appointment(request, pk)
    ends = taken(request)["ends"]
    try:
        appointing.set_end_back(appointment, ends=date.fromisoformat(ends) if ends else None, by_id=request.user.pk)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        work_out_again(appointment.authority_id)
        messages.success(request, f"The end of {appointment.name}'s appointment is taken back.")
    return redirect("duties:appointments")
