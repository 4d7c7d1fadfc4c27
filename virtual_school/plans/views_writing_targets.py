"""One target at a time: what will be better, how, by whom, by when; and how last term's went."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.design.forms import Radios, Textarea

from .advice import advise_last_target, advise_target
from .answer_words import words_of
from .forms_writing import LONGEST, form_field, mark_of, to_answer, to_form
from .models import Target, TargetReview
from .opened import OpenedPlan, plan_for
from .section_page import section_of
from .targets import (
    WRITTEN,
    as_written,
    draft_of,
    judge_target,
    judged_here,
    of_before,
    of_plan,
    remove_target,
    save_target,
)
from .template import Field, Section
from .terms import term_words

SECTION, FIELD = "targets", "targets.targets"
LONG = frozenset({"outcome", "why", "success", "evidence", "childs_words", "need"})


def columns_written(opened: OpenedPlan) -> list[Field]:
    asked = opened.template.field(FIELD)
    return [column for column in asked.columns if column.key in WRITTEN] if asked else []


class TargetForm(forms.Form):
    marks_optional = False

    def __init__(self, columns: list[Field], target: Target | None, data: Any = None) -> None:
        held = as_written(target)
        super().__init__(data, auto_id="f_%s", initial={c.key: to_form(c, held.get(c.key)) for c in columns})
        self.columns = columns
        for column in columns:
            self.fields[column.key] = form_field(column)
            if column.key in LONG:
                self.fields[column.key].widget = Textarea(rows=2)
        self.fields["outcome"].required = True

    @property
    def values(self) -> dict[str, Any]:
        found = {c.key: to_answer(c, self.cleaned_data.get(c.key)) for c in self.columns}
        return found | {"due_on": self.cleaned_data.get("due_on")}


@requires(Permission.CHILD_READ)
def target(request: HttpRequest, public_id: object, target_id: object = None) -> HttpResponse:
    opened, section = _opened(request, public_id)
    if not opened.may_write(section):
        raise PermissionDenied
    held = get_object_or_404(of_plan(opened.plan), public_id=target_id) if target_id else None
    form = TargetForm(columns_written(opened), held, request.POST or None)
    now: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        if held is not None and request.POST.get("was") != mark_of(as_written(held)):
            now = _differs(form, held)
        else:
            saved = save_target(
                opened=opened, section=section, target=held, values=form.values, by=request.person.user  # type: ignore[attr-defined]
            )  # fmt: skip
            messages.success(request, f"Target {saved.number}: saved.")
            if request.POST.get("do") == "another":
                return redirect("plans:target_add", opened.plan.public_id)
            return redirect("plans:target", opened.plan.public_id, saved.public_id)
    before = list(of_before(opened.plan))
    reviews = judged_here(opened.plan, before)
    drafts = [draft_of(one, reviews.get(one.pk)) for one in before]
    advice = advise_target(draft_of(held), next_plan_on=opened.plan.due_on, last=drafts) if held else ()
    number = held.number if held else of_plan(opened.plan).count() + 1
    return render(
        request,
        "plans/writing/target.html",
        {
            **_common(opened, section),
            "target": held,
            "number": number,
            "form": form,
            "was": mark_of(as_written(held)),
            "now": now,
            "good": [one.says_good for one in advice if one.says_good],
            "says": [one.says for one in advice if one.says],
            "before": [(one, reviews.get(one.pk)) for one in before],
            "childs_words": _childs_words(opened),
        },
    )


def _opened(request: HttpRequest, public_id: object, key: str = SECTION) -> tuple[OpenedPlan, Section]:
    opened = plan_for(request, public_id)
    section = section_of(opened, key)
    if section is None:
        raise Http404
    return opened, section


def _common(opened: OpenedPlan, section: Section) -> dict[str, Any]:
    return {"plan": opened.plan, "child": opened.child, "section": section, "term": term_words(opened.plan.term)}


def _differs(form: TargetForm, held: Target) -> list[tuple[str, str]]:
    """What somebody else has saved meanwhile, where it is not what was typed here."""
    stands = as_written(held)
    typed = form.values
    return [
        (column.label, words_of(column, stands.get(column.key)) or "Nothing")
        for column in form.columns
        if mark_of(stands.get(column.key)) != mark_of(to_answer(column, typed.get(column.key)))
    ]


def _childs_words(opened: OpenedPlan) -> str:
    """What the child hopes for, to have in sight while writing."""
    answer = opened.answers.get("hopes.aim")
    return answer.value if answer and isinstance(answer.value, str) else ""


@require_POST
@requires(Permission.CHILD_READ)
def remove(request: HttpRequest, public_id: object, target_id: object) -> HttpResponse:
    opened, section = _opened(request, public_id)
    held = get_object_or_404(of_plan(opened.plan), public_id=target_id)
    remove_target(opened=opened, section=section, target=held, by=request.person.user)  # type: ignore[attr-defined]
    messages.success(request, f"Target {held.number} was taken out.")
    return redirect("plans:section", opened.plan.public_id, SECTION)


class JudgeForm(forms.Form):
    marks_optional = False
    judged = forms.ChoiceField(label="How did it go?", choices=Target.State.choices, widget=Radios(small=True))
    evidence = forms.CharField(
        label="What happened, and what shows it", widget=Textarea(rows=3), required=False, max_length=LONGEST
    )
    impact = forms.ChoiceField(
        label="How much did it help?",
        choices=[("significant", "A great deal"), ("moderate", "Somewhat"), ("minimal", "Hardly")],
        widget=Radios(inline=True, small=True),
        required=False,
    )


@requires(Permission.CHILD_READ)
def judge(request: HttpRequest, public_id: object, target_id: object) -> HttpResponse:
    opened, section = _opened(request, public_id, "last_targets")
    if not opened.may_write(section):
        raise PermissionDenied
    held = get_object_or_404(of_before(opened.plan), public_id=target_id)
    review = TargetReview.objects.filter(plan=opened.plan, target=held).first()
    initial = {"judged": review.judged, "evidence": review.evidence, "impact": review.impact} if review else {}
    form = JudgeForm(request.POST or None, initial=initial, auto_id="f_%s")
    if request.method == "POST" and form.is_valid():
        judge_target(
            opened=opened, section=section, target=held, by=request.person.user, **form.cleaned_data  # type: ignore[attr-defined]
        )  # fmt: skip
        messages.success(request, f"Target {held.number} of last time is judged.")
        return redirect("plans:section", opened.plan.public_id, "last_targets")
    advice = advise_last_target(draft_of(held, review)) if review else ()
    return render(
        request,
        "plans/writing/judge.html",
        {**_common(opened, section), "target": held, "form": form, "advice": advice},
    )
