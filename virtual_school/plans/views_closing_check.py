"""Sending a plan back: which sections, what is to be mended in each, and by when."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.design.forms import DateField, Textarea

from .checking import mended_by, return_plan
from .opened import OpenedPlan, plan_for
from .refused import Refused
from .tasks import tell_returned
from .template import OWNERS
from .views_closing import about, refuse_roles
from .workflow import VIRTUAL_SCHOOL, Step


class ReturnForm(forms.Form):
    """One box a section: an empty one means that the section is fine as it is."""

    def __init__(self, opened: OpenedPlan, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.fields["reason"] = forms.CharField(
            label="What is this about, in a sentence or two?",
            help_text="Begin with what is good. The school and the social worker read this first",
            widget=Textarea(rows=3),
            max_length=2000,
            error_messages={"required": "Say what this is about"},
        )
        for section in opened.sections:
            self.fields[f"s_{section.key}"] = forms.CharField(
                label=f"What is to be mended in “{section.title}”?",
                required=False,
                max_length=2000,
                widget=Textarea(rows=2),
            )
        self.fields["due_on"] = DateField(label="Mended by", required=False)
        self.titles = {section.key: section.title for section in opened.sections}
        self.owners = {section.key: OWNERS[section.owner] for section in opened.sections}

    @property
    def sections(self) -> dict[str, str]:
        return {key: words for key in self.titles if (words := self.cleaned_data.get(f"s_{key}", "").strip())}

    @property
    def boxes(self) -> list[dict[str, Any]]:
        found = []
        for key, title in self.titles.items():
            bound = self[f"s_{key}"]
            found.append({"key": key, "title": title, "owner": self.owners[key], "field": bound,
                          "open": bool(bound.value() or bound.errors)})  # fmt: skip
        return found


@requires(Permission.CHILD_READ)
def send_back(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    refuse_roles(opened, VIRTUAL_SCHOOL)
    due_on = mended_by(opened, timezone.localdate())
    form = ReturnForm(opened, request.POST or None, initial={"due_on": due_on})
    if request.method == "POST" and form.is_valid():
        try:
            plan = return_plan(
                opened=opened,
                reason=form.cleaned_data["reason"],
                sections=form.sections,
                due_on=form.cleaned_data["due_on"],
                by=request.person.user,  # type: ignore[attr-defined]
            )
        except Refused as why:
            form.add_error(None, str(why))
        else:
            tell_returned.defer(code=plan.authority_id, plan_id=plan.pk)
            messages.success(request, "The plan is sent back. Those who mend it are told now.")
            return redirect("plans:plan", opened.plan.public_id)
    why_not = "" if request.method == "POST" else opened.refusal(Step.RETURN, "-")
    return render(request, "plans/closing/return.html", {**about(opened), "form": form, "why_not": why_not})
