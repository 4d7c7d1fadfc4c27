"""The pages of a plan's steps: what the step is, what happens next, and the button that takes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.dates.terms import term_words
from virtual_school.design.forms import Radios, Textarea

from . import checking, closing, publishing, signing
from .opened import OpenedPlan, plan_for
from .presenting import contents, url_if
from .refused import Refused
from .without_meeting import refused_with, refused_without
from .workflow import DONE, MOVES, NOT_DONE, VIRTUAL_SCHOOL, WORDS, State, Step


class NoForm(forms.Form):
    """A step that asks nothing."""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Why?",
        help_text="Everyone who reads the plan sees this",
        widget=Textarea(rows=3),
        max_length=2000,
        error_messages={"required": "Say why"},
    )


class CloseForm(ReasonForm):
    because = forms.ChoiceField(
        label="What happened?",
        choices=[(key, words) for key, (_, words) in closing.CLOSED_BECAUSE.items()],
        widget=Radios(),
    )
    field_order = ["because", "reason"]


class ApproveForm(forms.Form):
    rating = forms.CharField(
        label="Your judgement, in a word or two", required=False, max_length=60,
        help_text="As your council words it. It stands on the plan for those who write it, not for home",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepPage:
    """`next_lines`: what happens once the button is pressed. `{}` takes the child's first name."""

    step: Step
    heading: str
    button: str
    next_lines: Sequence[str]
    done: str
    action: Callable[..., Any]
    form: type[forms.Form] = NoForm
    warns: bool = False


PAGES: dict[str, StepPage] = {
    page.step: page
    for page in (
        StepPage(
            Step.READY, "Is everything ready for the meeting?", "Yes, everything is ready",
            ("Those invited see that the sections for the meeting are written.", "Everyone can still write in them."),
            "Everything is ready for the meeting.", signing.ready,
        ),
        StepPage(
            Step.ASK_TO_SIGN, "Put the plan forward to be signed", "Put it forward",
            ("Those who sign are asked to read it and sign.",
             "Whoever changes it after that takes the signatures away."),
            "The plan is waiting to be signed.", signing.ask_to_sign,
        ),
        StepPage(
            Step.SUBMIT, "Send the plan to the virtual school", "Send it",
            ("The virtual school checks it.", "Nobody can change it meanwhile.",
             "You can take it back until they begin."),
            "The plan is sent to the virtual school.", signing.submit,
        ),
        StepPage(
            Step.RECALL, "Take the plan back", "Take it back",
            ("You can change it again.", "It counts as not sent until you send it again."),
            "The plan is back with you.", signing.recall, ReasonForm,
        ),
        StepPage(
            Step.TAKE, "Start checking this plan", "Start checking",
            ("The school can no longer take it back.", "You send it back to be mended, or approve it."),
            "You are checking this plan.", checking.take,
        ),
        StepPage(
            Step.APPROVE, "Approve the plan", "Approve it",
            ("Nobody can change it any more; you can add words to it.", "Then you share it with {} and others."),
            "The plan is approved. Share it with everyone next.", checking.approve, ApproveForm,
        ),
        StepPage(
            Step.PUBLISH, "Share the plan with everyone", "Share it",
            ("Everyone below reads their own copy here: each sees what is meant for them.",
             "The files of this version are kept as they are.", "The plan before this one is marked as replaced."),
            "The plan is shared.", publishing.publish,
        ),
        StepPage(
            Step.REOPEN, "Open the plan again", "Open it again",
            ("It becomes a new version, and is written, signed and checked again.",
             "What was shared before is kept as it was."),
            "The plan is open again, as a new version.", closing.reopen, ReasonForm, warns=True,
        ),
        StepPage(
            Step.CANCEL, "Cancel the plan", "Cancel it",
            ("Nobody can write in it any more.", "It stays in the list as cancelled."),
            "The plan is cancelled.", closing.cancel, ReasonForm, warns=True,
        ),
    )
}  # fmt: skip


def step_view(step: Step) -> Callable[..., HttpResponse]:
    page = PAGES[step]

    @requires(Permission.CHILD_READ)
    def view(request: HttpRequest, public_id: object) -> HttpResponse:
        return _step(request, public_id, page)

    return view


def _step(request: HttpRequest, public_id: object, page: StepPage) -> HttpResponse:
    opened = plan_for(request, public_id)
    refuse_roles(opened, MOVES[page.step].roles)
    form = page.form(request.POST if request.method == "POST" else None, auto_id="f_%s")
    if request.method == "POST" and form.is_valid():
        try:
            page.action(opened=opened, by=request.person.user, **form.cleaned_data)  # type: ignore[attr-defined]
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, page.done)
            return redirect("plans:plan", opened.plan.public_id)
    why_not = "" if request.method == "POST" else opened.refusal(page.step, "-")
    if page.step == Step.APPROVE and opened.policy.rated_before_approval and not why_not:
        why_not = checking.RATE_FIRST
    return render(request, "plans/closing/step.html", _context(opened, page, form, why_not))


def _context(opened: OpenedPlan, page: StepPage, form: forms.Form, why_not: str) -> dict[str, Any]:
    rows, line = contents(opened) if page.step == Step.APPROVE else ([], "")
    return {
        **about(opened),
        "page": page,
        "form": form,
        "why_not": why_not,
        "next_lines": [words.replace("{}", opened.child.first_name) for words in page.next_lines],
        "contents_line": line,
        "missing": [row for row in rows if row.state == "missing"],
        "people": publishing.recipients(opened) if page.step == Step.PUBLISH else [],
        "signatures": signing_lines(opened) if page.step in {Step.SUBMIT, Step.APPROVE} else [],
        "rate_url": url_if("quality:rate", opened.plan.public_id) if why_not == checking.RATE_FIRST else "",
        "return_url": reverse("plans:return", args=[opened.plan.public_id]) if page.step == Step.APPROVE else "",
    }


def about(opened: OpenedPlan) -> dict[str, Any]:
    return {"opened": opened, "plan": opened.plan, "child": opened.child, "term": term_words(opened.plan.term)}


def signing_lines(opened: OpenedPlan) -> list[Any]:
    return list(opened.plan.signatures.filter(withdrawn_at__isnull=True).order_by("at"))


def refuse_roles(opened: OpenedPlan, roles: Sequence[str]) -> None:
    """A page of a step is for those who ever take it. Where it is not the time yet, the page says so."""
    if not set(opened.roles) & set(roles):
        raise PermissionDenied


CLOSERS = (*VIRTUAL_SCHOOL, "data_officer")


@requires(Permission.CHILD_READ)
def close(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    refuse_roles(opened, CLOSERS)
    form = CloseForm(request.POST if request.method == "POST" else None, auto_id="f_%s")
    if request.method == "POST" and form.is_valid():
        try:
            closing.close(opened=opened, by=request.person.user, **form.cleaned_data)  # type: ignore[attr-defined]
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "The plan is closed. What is written stays to be read.")
            return redirect("plans:plan", opened.plan.public_id)
    why_not = ""
    if opened.plan.state not in NOT_DONE and request.method != "POST":
        why_not = f"This plan is {WORDS[State(opened.plan.state)]}: only one that is not done can be closed early."
    return render(request, "plans/closing/close.html", {**about(opened), "form": form, "why_not": why_not})


class AddendumForm(forms.Form):
    words = forms.CharField(label="What is to be added?", max_length=5000, widget=Textarea(rows=6))


@requires(Permission.CHILD_READ)
def addendum(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    refuse_roles(opened, CLOSERS)
    form = AddendumForm(request.POST if request.method == "POST" else None, auto_id="f_%s")
    if request.method == "POST" and form.is_valid():
        try:
            closing.add_addendum(opened=opened, words=form.cleaned_data["words"], by=request.person.user)  # type: ignore[attr-defined]
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "Your words stand beside the plan.")
            return redirect("plans:plan", opened.plan.public_id)
    why_not = "" if opened.plan.state in DONE or request.method == "POST" else "This plan can still be changed itself."
    context = {**about(opened), "form": form, "why_not": why_not, "added": opened.plan.addendums.order_by("at")}
    return render(request, "plans/closing/addendum.html", context)


@dataclass(frozen=True, slots=True)
class MoreLink:
    words: str
    url: str


def more_links(opened: OpenedPlan) -> list[MoreLink]:
    """What else may be done with a plan besides its next step, for the plan's own page."""
    plan, roles = opened.plan, set(opened.roles)
    found = []
    if not refused_without(opened):
        found.append(("Review it without a meeting", "plans:without_meeting"))
    if not refused_with(opened):
        found.append(("Hold a meeting after all", "plans:with_meeting"))
    if roles & set(CLOSERS):
        if plan.state in DONE:
            found.append(("Add words to this plan", "plans:addendum"))
        if plan.state in {State.DUE, State.OPEN}:
            found.append(("Cancel this plan", "plans:cancel"))
        if plan.state in NOT_DONE:
            found.append(("Close this plan early", "plans:close"))
    return [MoreLink(words, reverse(name, args=[plan.public_id])) for words, name in found]
