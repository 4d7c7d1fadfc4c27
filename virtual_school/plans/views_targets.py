"""Targets within a plan: the list with advice, writing one, judging those of before, breaking one smaller."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.dates.ages import add_months

from .advice import Advice
from .forms_targets import JudgeForm, SmallerForm, TargetForm, initial_of
from .meeting import may_run
from .models import Target, TargetReview
from .opened import OpenedPlan, plan_for
from .refused import Refused
from .room_page import ASKS
from .targets import (
    JUDGED,
    SMALLER_FROM,
    add_target,
    advice_on,
    advice_on_last,
    break_smaller,
    change_target,
    columns,
    judge,
    last_targets,
    may_write,
    remove_target,
    section_of_targets,
    seen_by,
    targets_of,
)
from .views_meeting import common

MONTHS_TO_REACH = 3


def base(request: HttpRequest, opened: OpenedPlan) -> dict[str, Any]:
    """`from=meeting` leads back into the meeting view."""
    in_meeting = (request.GET.get("from") or request.POST.get("from")) == "meeting" and may_run(opened)
    return {
        **common(opened),
        "from_meeting": in_meeting,
        "list_url": reverse("plans:targets", args=[opened.plan.public_id]) + ("?from=meeting" if in_meeting else ""),
        "writes": may_write(opened),
    }


def to_write(request: HttpRequest, public_id: object) -> OpenedPlan:
    opened = plan_for(request, public_id)
    if section_of_targets(opened) is None:
        raise Http404
    if not may_write(opened):
        raise PermissionDenied
    return opened


def the_target(opened: OpenedPlan, target_id: object) -> Target:
    return get_object_or_404(Target, public_id=target_id, child=opened.child, first_plan__lte=opened.plan.pk)


def by_target(advice: list[Advice]) -> dict[int | None, list[Advice]]:
    found: dict[int | None, list[Advice]] = defaultdict(list)
    for one in advice:
        found[one.target].append(one)
    return found


@requires(Permission.CHILD_READ)
def targets(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    if section_of_targets(opened) is None:
        raise Http404
    seen, writes = seen_by(opened), may_write(opened)
    found, last = targets_of(opened.plan), last_targets(opened.plan)
    advice = by_target(advice_on(opened, found, last, money=seen.money)) if writes else {}
    rows = [_row(opened, one, seen, advice) for one in found]
    context = {
        **base(request, opened),
        "rows": rows,
        "of_all": advice.get(None, []),
        "seen": seen,
        "last": [
            (one, review, [a for a in advice_on_last(one, review) if writes], _may_break(one, review))
            for one, review in last
        ],
        "not_judged": sum(review is None for _, review in last),
        "total": sum(cost.amount_pence for row in rows for cost in row["costs"]),
    }
    return render(request, "plans/targets/targets.html", context)


def _row(opened: OpenedPlan, one: Target, seen: Any, advice: dict[int | None, list[Advice]]) -> dict[str, Any]:
    labels = columns(opened)
    is_own = one.first_plan_id == opened.plan.pk
    hidden = {"outcome", "due_on"} | (set() if seen.need else {"need"}) | (set() if seen.voice else {"childs_words"})
    told = []
    for name, column in labels.items():
        value = getattr(one, name, "") if name not in hidden else ""
        if value and isinstance(value, str) and name not in {"status", "cost_lines"}:
            words = next((choice.label for choice in column.choices if choice.value == value), value)
            told.append((column.label, words))
    return {
        "target": one,
        "is_own": is_own,
        "rows": told,
        "costs": list(one.cost_lines.all()) if seen.money else [],
        "advice": advice.get(one.number, []) if is_own else [],
        "from": one.broken_from,
    }


def _may_break(one: Target, review: TargetReview | None) -> bool:
    return review is not None and one.state in SMALLER_FROM


def _beside(opened: OpenedPlan) -> list[tuple[str, str]]:
    """The child's needs and words, to be taken up by a target."""
    seen, found = seen_by(opened), []
    for field in opened.template.fields():
        wanted = (field.key.startswith("needs.") and seen.need) or (field.key in ASKS and seen.voice)
        answer = opened.answers.get(field.key)
        if wanted and answer and isinstance(answer.value, str) and answer.value.strip():
            found.append((field.label, answer.value))
    return found


def _form_page(
    request: HttpRequest, opened: OpenedPlan, form: TargetForm, target: Target | None = None
) -> HttpResponse:
    advice: list[Advice] = []
    if target is not None:
        every = advice_on(opened, [target], last_targets(opened.plan), money=False)
        advice = [one for one in every if one.target is not None]
    by_field = defaultdict(list)
    for one in advice:
        by_field[one.field_key.rpartition(".")[2]].append(one)
    context = {
        **base(request, opened),
        "form": form,
        "target": target,
        "fields": [(form[name], by_field.get(name, [])) for name in form.fields],
        "beside": _beside(opened),
        "costs": list(target.cost_lines.all()) if target is not None else [],
    }
    return render(request, "plans/targets/target.html", context)


@requires(Permission.CHILD_READ)
def add(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = to_write(request, public_id)
    initial = {"due_on": add_months(timezone.localdate(), MONTHS_TO_REACH)}
    form = TargetForm(columns(opened), request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_target(opened=opened, values=form.values, by=request.person.user)  # type: ignore[attr-defined]
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _after(request, opened, made, f"Target {made.number} is written.")
    return _form_page(request, opened, form)


@requires(Permission.CHILD_READ)
def change(request: HttpRequest, public_id: object, target_id: object) -> HttpResponse:
    opened = to_write(request, public_id)
    target = the_target(opened, target_id)
    if target.first_plan_id != opened.plan.pk:
        return redirect("plans:target_judge", opened.plan.public_id, target.public_id)
    form = TargetForm(columns(opened), request.POST or None, initial=initial_of(target))
    if request.method == "POST" and form.is_valid():
        try:
            change_target(opened=opened, target=target, values=form.values, by=request.person.user)  # type: ignore[attr-defined]
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _after(request, opened, target, f"Target {target.number} is saved.")
    return _form_page(request, opened, form, target)


def _after(request: HttpRequest, opened: OpenedPlan, target: Target, words: str) -> HttpResponse:
    ending = "?from=meeting" if base(request, opened)["from_meeting"] else ""
    if request.POST.get("do") == "advice":
        messages.success(request, f"{words} The advice stands under each field.")
        return redirect(reverse("plans:target", args=[opened.plan.public_id, target.public_id]) + ending)
    if request.POST.get("do") == "cost":
        return redirect(reverse("plans:cost_add", args=[opened.plan.public_id, target.public_id]) + ending)
    messages.success(request, words)
    if ending and request.POST.get("do") == "meeting":
        return redirect("plans:meeting_step", opened.plan.public_id, "targets")
    return redirect(reverse("plans:targets", args=[opened.plan.public_id]) + ending)


@requires(Permission.CHILD_READ)
def judge_target(request: HttpRequest, public_id: object, target_id: object) -> HttpResponse:
    opened = to_write(request, public_id)
    target = the_target(opened, target_id)
    if target.first_plan_id == opened.plan.pk:
        raise Http404
    review = TargetReview.objects.filter(plan=opened.plan, target=target).first()
    initial = {"judged": review.judged, "evidence": review.evidence, "impact": review.impact} if review else {}
    form = JudgeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            judge(opened=opened, target=target, by=request.person.user, **form.cleaned_data)  # type: ignore[attr-defined]
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _judged(request, opened, target)
    context = {**base(request, opened), "form": form, "target": target}
    return render(request, "plans/targets/judge.html", context)


def _judged(request: HttpRequest, opened: OpenedPlan, target: Target) -> HttpResponse:
    in_meeting = base(request, opened)["from_meeting"]
    words = JUDGED[Target.State(target.state)].partition(":")[0].lower()
    messages.success(request, f"Noted: {words}.")
    if target.state in SMALLER_FROM:
        url = reverse("plans:target_smaller", args=[opened.plan.public_id, target.public_id])
        return redirect(url + ("?from=meeting" if in_meeting else ""))
    if in_meeting:
        return redirect("plans:meeting_step", opened.plan.public_id, "last")
    return redirect("plans:targets", opened.plan.public_id)


@requires(Permission.CHILD_READ)
def smaller(request: HttpRequest, public_id: object, target_id: object) -> HttpResponse:
    opened = to_write(request, public_id)
    target = the_target(opened, target_id)
    if target.first_plan_id == opened.plan.pk:
        raise Http404
    form = SmallerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = break_smaller(
                opened=opened, target=target, outcomes=form.outcomes, by=request.person.user,  # type: ignore[attr-defined]
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            n = len(made)
            messages.success(
                request, f"{n} smaller target{'s' if n != 1 else ''} written. Add how, who and the measure."
            )
            return redirect(base(request, opened)["list_url"])
    review = TargetReview.objects.filter(plan=opened.plan, target=target).first()
    context = {
        **base(request, opened), "form": form, "target": target, "advice": advice_on_last(target, review),
    }  # fmt: skip
    return render(request, "plans/targets/smaller.html", context)


@require_POST
@requires(Permission.CHILD_READ)
def remove(request: HttpRequest, public_id: object, target_id: object) -> HttpResponse:
    opened = to_write(request, public_id)
    target = the_target(opened, target_id)
    try:
        remove_target(opened=opened, target=target, by=request.person.user)  # type: ignore[attr-defined]
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "The target is taken out.")
    return redirect(base(request, opened)["list_url"])
