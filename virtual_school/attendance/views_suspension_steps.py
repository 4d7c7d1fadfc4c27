"""What follows a notice, a form a step: who was told, the governors, a review, the check, education, the return."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.children.file_checks import RefusedFile
from virtual_school.dates.ages import year_group

from . import forms_suspension as forms
from .gather import facts_of
from .models_exclusion import Suspension
from .providing import full_time_hours, record_provision
from .seeing import child_seen, suspension_seen
from .suspending import (
    Notice,
    Refused,
    cancel,
    half_days_out,
    keep_letter,
    note,
    record_risk_meeting,
    told_another_way,
)
from .tasks import tell_cancelled, work_out
from .views_suspension import calendar_of, enrolments_now
from .words import what_words

Done = Callable[[Suspension, forms.StepForm, User], str]


def _governors(found: Suspension, form: forms.StepForm, by: User) -> str:
    note(found, by=by, what="governors", **form.cleaned_data)
    return "The governors’ meeting is written down."


def _review(found: Suspension, form: forms.StepForm, by: User) -> str:
    note(found, by=by, what="review", **form.cleaned_data)
    return "The independent review is written down."


def _cancel(found: Suspension, form: forms.StepForm, by: User) -> str:
    given = form.cleaned_data
    facts = facts_of(found.child.authority, form.today, [found.child_id])[found.child_id]
    cancel(
        found, facts, on=given["cancelled_on"], why=given["cancelled_why"], told_on=given["cancellation_told_on"],
        returned_on=given["returned_on"], by=by,
    )  # fmt: skip
    tell_cancelled.defer(code=found.authority_id, suspension_id=found.pk)
    return "It is cancelled, and the totals no longer count it. Those who were told of it have another message."


def _check(found: Suspension, form: forms.StepForm, by: User) -> str:
    note(found, by=by, what="checked", checked_by_name=by.name, **form.cleaned_data)
    return "The check is written down. Bring what it means into the plan."


def _back(found: Suspension, form: forms.StepForm, by: User) -> str:
    given = form.cleaned_data
    if found.category == Suspension.Category.PERMANENT:
        note(found, by=by, what="back", returned_on=given["back_on"])
        return "It is written down when the child was back."
    at = next(iter(enrolments_now(found.child, form.today)), None)
    told = Notice(
        category=found.category, decided_on=found.decided_on, starts=found.starts, back_on=given["back_on"],
        half_days=given["half_days"] or (found.sessions if found.category == Suspension.Category.LUNCHTIME else None),
    )  # fmt: skip
    sessions = half_days_out(told, calendar_of(found.child, at))
    note(found, by=by, what="back", back_on=given["back_on"], sessions=sessions)
    return "It is written down when the child is back, and the days are counted again."


def _told(found: Suspension, form: forms.StepForm, by: User) -> str:
    given = form.cleaned_data
    at = timezone.now()
    if given["on"] < form.today:
        at = timezone.make_aware(datetime.combine(given["on"], time(12)))
    told_another_way(found, role=given["role"], name=given["name"], at=at, by=by)
    return "It is written down that they were told."


def _work(found: Suspension, form: forms.StepForm, by: User) -> str:
    note(found, by=by, what="work", work_set_on=form.cleaned_data["work_set_on"])
    return "It is written down from when work was set."


def _letter(found: Suspension, form: forms.StepForm, by: User) -> str:
    keep_letter(found, kind=form.cleaned_data["kind"], sent=form.cleaned_data["letter"], by=by)
    return "The letter is kept."


def _education(found: Suspension, form: forms.StepForm, by: User) -> str:
    born = found.child.born
    record_provision(
        child=found.child, by=by, suspension=found, hours_due=full_time_hours(
            year_group(born, form.cleaned_data["starts"]) if born else None
        ), end_planned=None, reason="Suspended or excluded", **form.cleaned_data,
    )  # fmt: skip
    return "The education is written down."


STEPS: dict[str, tuple[type[forms.StepForm], Done, bool]] = {
    "governors": (forms.GovernorsForm, _governors, False),
    "review": (forms.ReviewForm, _review, False),
    "cancel": (forms.CancelForm, _cancel, False),
    "check": (forms.CheckForm, _check, True),
    "back": (forms.BackForm, _back, False),
    "told": (forms.ToldForm, _told, False),
    "work": (forms.WorkForm, _work, False),
    "letter": (forms.LetterForm, _letter, False),
    "education": (forms.EducationForm, _education, False),
}
"""By its name in the address: the form, what is done, and whether it is the virtual school's alone."""


@requires(Permission.CHILD_READ)
def step(request: HttpRequest, public_id: object, step: str) -> HttpResponse:
    found, sight = suspension_seen(request, public_id)
    if step not in STEPS:
        raise Http404
    form_class, done, is_staffs = STEPS[step]
    if not (sight.arranges if is_staffs else sight.records):
        raise PermissionDenied
    today = timezone.localdate()
    person: Person = request.person  # type: ignore[attr-defined]
    form = form_class(found, today, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = done(found, form, person.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        except RefusedFile as refused_file:
            form.add_error("letter", f"The letter was not taken: {refused_file}")
        else:
            work_out(found.authority_id, found.child_id)
            messages.success(request, said)
            return redirect("attendance:suspension", found.public_id)
    context: dict[str, Any] = {
        "form": form,
        "child": found.child,
        "suspension": found,
        "what": what_words(found, today),
    }
    return render(request, "attendance/suspension_step.html", context)


@requires(Permission.CHILD_READ)
def risk_meeting(request: HttpRequest, public_id: object) -> HttpResponse:
    child, sight = child_seen(request, public_id)
    if not sight.records:
        raise PermissionDenied
    today = timezone.localdate()
    person: Person = request.person  # type: ignore[attr-defined]
    form = forms.RiskMeetingForm(today, request.POST or None)
    if request.method == "POST" and form.is_valid():
        record_risk_meeting(child=child, by=person.user, **form.cleaned_data)
        work_out(child.authority_id, child.pk)
        messages.success(request, "The meeting about the risk of exclusion is written down.")
        return redirect("attendance:of_child", child.public_id)
    return render(request, "attendance/risk_meeting.html", {"form": form, "child": child})
