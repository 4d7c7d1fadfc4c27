"""Who is invited to a meeting: adding, apologies with what they would have said, taking out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission

from .around import people_around
from .forms_meeting import ApologiesForm, InviteForm
from .meeting import apologise, comes_after_all, invite, may_run, uninvite
from .models import Attendee, Meeting
from .opened import OpenedPlan, plan_for
from .refused import Refused
from .views_meeting import common, connect_later, the_meeting, to_run


@requires(Permission.CHILD_READ)
def people(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = to_run(request, public_id)
    found = the_meeting(opened, Meeting.State.PLANNED)
    invited = {name.casefold() for name in found.attendees.values_list("name", flat=True)}
    around = [one for one in people_around(opened, timezone.localdate()) if one.name.casefold() not in invited]
    form = InviteForm(around, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = invite(opened=opened, meeting=found, people=form.invited, by=request.person.user)  # type: ignore[attr-defined]
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            connect_later(found)
            names = ", ".join(one.name for one in made)
            messages.success(request, f"Invited: {names}." if made else "They were invited already.")
            return redirect("plans:meeting", opened.plan.public_id)
    return render(request, "plans/meeting/people.html", {**common(opened), "form": form, "meeting": found})


def _one(request: HttpRequest, public_id: object, pk: int) -> tuple[OpenedPlan, Attendee]:
    """An attendee of the plan's present meeting, for who runs it and for that person."""
    opened = plan_for(request, public_id)
    attendee = get_object_or_404(Attendee, pk=pk, plan=opened.plan, meeting=the_meeting(opened))
    if not may_run(opened) and attendee.person_id != request.person.user.pk:  # type: ignore[attr-defined]
        raise PermissionDenied
    return opened, attendee


@requires(Permission.CHILD_READ)
def apologies(request: HttpRequest, public_id: object, pk: int) -> HttpResponse:
    opened, attendee = _one(request, public_id, pk)
    form = ApologiesForm(request.POST or None, initial={"contribution": attendee.contribution})
    if request.method == "POST" and form.is_valid():
        try:
            apologise(
                opened=opened, attendee=attendee, contribution=form.cleaned_data["contribution"],
                by=request.person.user,  # type: ignore[attr-defined]
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Apologies of {attendee.name} are noted.")
            return redirect("plans:meeting", opened.plan.public_id)
    return render(request, "plans/meeting/apologies.html", {**common(opened), "form": form, "attendee": attendee})


@require_POST
@requires(Permission.CHILD_READ)
def coming(request: HttpRequest, public_id: object, pk: int) -> HttpResponse:
    opened, attendee = _one(request, public_id, pk)
    comes_after_all(opened=opened, attendee=attendee, by=request.person.user)  # type: ignore[attr-defined]
    messages.success(request, f"{attendee.name} comes after all.")
    return redirect("plans:meeting", opened.plan.public_id)


@require_POST
@requires(Permission.CHILD_READ)
def remove(request: HttpRequest, public_id: object, pk: int) -> HttpResponse:
    opened = to_run(request, public_id)
    found = the_meeting(opened)
    attendee = get_object_or_404(Attendee, pk=pk, plan=opened.plan, meeting=found)
    try:
        uninvite(opened=opened, meeting=found, attendee=attendee, by=request.person.user)  # type: ignore[attr-defined]
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        told = " They are told by e-mail." if attendee.email else ""
        messages.success(request, f"{attendee.name} is no longer invited.{told}")
    return redirect("plans:meeting", opened.plan.public_id)
