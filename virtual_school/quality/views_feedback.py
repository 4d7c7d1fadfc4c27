"""What was said of a plan, to each reader their own; the school's note that it does not agree; asking the head."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from virtual_school.access.models import Role
from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.design.forms import Textarea
from virtual_school.plans.opened import OpenedPlan, plan_for
from virtual_school.plans.refused import Refused
from virtual_school.plans.views_closing import refuse_roles
from virtual_school.plans.workflow import VIRTUAL_SCHOOL, State

from .actions import TO_RATE, open_check
from .asking import AT_SCHOOL, answer_appeal, answer_opinion, appeal, appeal_open, ask_head
from .models import Appeal, OpinionAsked, Side
from .told import Told, checks_of, feedback_before, sides_of, told
from .views_rate import about
from .whose import person_of


class WordsForm(forms.Form):
    def __init__(self, label: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.fields["words"] = forms.CharField(label=label, max_length=3000, widget=Textarea(rows=4))


@dataclass(frozen=True, slots=True)
class Round:
    rating: Any
    sides: list[Any]
    appeals: list[Appeal]


@requires(Permission.CHILD_READ)
def feedback(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    sides = sides_of(opened)
    if not sides:
        raise PermissionDenied
    roles, person = set(opened.roles), person_of(request)
    checks = checks_of(opened.plan)
    form: WordsForm | None = None
    is_answer = bool(roles & set(VIRTUAL_SCHOOL))
    waits = appeal_open(opened) is not None
    if is_answer and waits:
        form = WordsForm("Your answer to the school", request.POST or None)
    elif roles & set(AT_SCHOOL) and checks and not waits:
        form = WordsForm("What do you not agree with, and why?", request.POST or None)
    if request.method == "POST" and form is None:
        messages.warning(request, "Nothing waits for words here.")
        return redirect("quality:feedback", opened.plan.public_id)
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            if is_answer:
                answer_appeal(opened=opened, answer=form.cleaned_data["words"], by=person.user)
            else:
                appeal(opened=opened, words=form.cleaned_data["words"], by=person.user)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "Your answer stands here." if is_answer else "The virtual school is told here.")
            return redirect("quality:feedback", opened.plan.public_id)
    appeals = list(Appeal.objects.filter(plan=opened.plan).order_by("at")) if Side.SCHOOL in sides else []
    rounds = [
        Round(one, told(one, sides).sides, [a for a in appeals if a.rating_id == one.pk]) for one in reversed(checks)
    ]
    context = {
        **about(opened),
        "rounds": rounds,
        "opinions": _opinions(opened) if Side.INTERNAL in sides else [],
        "form": form,
        "is_answer": is_answer,
        "is_rater": is_answer and opened.plan.state in TO_RATE,
    }
    return render(request, "quality/feedback.html", context)


def _opinions(opened: OpenedPlan) -> list[OpinionAsked]:
    return list(OpinionAsked.objects.filter(plan=opened.plan).order_by("asked_at"))


@requires(Permission.CHILD_READ)
def ask(request: HttpRequest, public_id: object) -> HttpResponse:
    """For an adviser to ask, for the head to answer."""
    opened = plan_for(request, public_id)
    refuse_roles(opened, VIRTUAL_SCHOOL)
    person, opinions = person_of(request), _opinions(opened)
    waits = any(one.answered_at is None for one in opinions)
    is_head = Role.VIRTUAL_SCHOOL_HEAD in opened.roles
    form: WordsForm | None = None
    if waits and is_head:
        form = WordsForm("Your answer", request.POST or None)
    elif not waits and not is_head:
        form = WordsForm("What would you like to know?", request.POST or None)
    if request.method == "POST" and form is None:
        messages.warning(request, "Nothing waits for words here.")
        return redirect("quality:ask", opened.plan.public_id)
    if form is not None and request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        try:
            if waits:
                answer_opinion(opened=opened, answer=words, by=person.user)
            else:
                ask_head(opened=opened, question=words, by=person.user)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(
                request, "Your answer is kept with the plan." if waits else "The head sees it in the queue."
            )
            return redirect("quality:ask", opened.plan.public_id)
    context = {**about(opened), "opinions": opinions, "form": form, "is_answer": waits}
    return render(request, "quality/ask.html", context)


@dataclass(frozen=True, slots=True)
class BesidePlan:
    """What stands on top of a plan's own page."""

    template: str
    before: Told | None
    now: Told | None
    may_rate: bool
    is_begun: bool
    may_appeal: bool


SHOWN_NOW = (State.RETURNED, State.APPROVED, State.PUBLISHED, State.SUPERSEDED, State.SUBMITTED, State.IN_QA)


def beside_plan(opened: OpenedPlan) -> BesidePlan | None:
    """Last term's feedback while the plan is written, this term's once it is there."""
    sides = sides_of(opened)
    if not sides:
        return None
    checks = checks_of(opened.plan)
    now = told(checks[-1], sides) if checks and opened.plan.state in SHOWN_NOW else None
    before = None if now else feedback_before(opened)
    roles = set(opened.roles)
    may_rate = bool(roles & set(VIRTUAL_SCHOOL)) and opened.plan.state in TO_RATE
    is_begun = may_rate and open_check(opened) is not None
    now = None if now is None or now.is_empty else now
    if not (now or before or may_rate):
        return None
    return BesidePlan("quality/beside.html", before, now, may_rate, is_begun, bool(roles & set(AT_SCHOOL)))
