"""Doing a termly review without a meeting, and holding one after all."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission

from .opened import plan_for
from .refused import Refused
from .views_closing import NoForm, ReasonForm, about, refuse_roles
from .without_meeting import (
    CHOOSERS,
    do_without_meeting,
    done_this_year,
    hold_one_after_all,
    refused_with,
    refused_without,
)


@require_http_methods(["GET", "POST"])
@requires(Permission.CHILD_READ)
def without_meeting(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    refuse_roles(opened, CHOOSERS)
    form = ReasonForm(request.POST if request.method == "POST" else None, auto_id="f_%s")
    if request.method == "POST" and form.is_valid():
        try:
            do_without_meeting(opened=opened, by=request.person.user, **form.cleaned_data)  # type: ignore[attr-defined]
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "This plan is a review by the school, without a meeting.")
            return redirect("plans:plan", opened.plan.public_id)
    context = {
        **about(opened),
        "form": form,
        "heading": "Review this plan without a meeting?",
        "button": "Review it without a meeting",
        "why_not": "" if request.method == "POST" else refused_without(opened),
        "used": done_this_year(opened.plan),
        "allowed": opened.policy.school_reviews_a_year,
    }
    return render(request, "plans/closing/without_meeting.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.CHILD_READ)
def with_meeting(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    refuse_roles(opened, CHOOSERS)
    form = NoForm(request.POST if request.method == "POST" else None, auto_id="f_%s")
    if request.method == "POST" and form.is_valid():
        try:
            hold_one_after_all(opened=opened, by=request.person.user)  # type: ignore[attr-defined]
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "This plan has a meeting again. Arrange it next.")
            return redirect("plans:meeting", opened.plan.public_id)
    context = {
        **about(opened),
        "form": form,
        "heading": "Hold a meeting after all?",
        "button": "Hold a meeting",
        "why_not": "" if request.method == "POST" else refused_with(opened),
        "is_back": True,
    }
    return render(request, "plans/closing/without_meeting.html", context)
