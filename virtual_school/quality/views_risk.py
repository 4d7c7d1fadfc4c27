"""What makes a plan come first in the queue: for everybody who reads the queue, and for the council to change."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.authorities.policy import history_of_part, part_on, set_part
from virtual_school.design.components import Column, Table

from .forms_risk import LEVEL_LABELS, RiskForm
from .risk import CAUSES, USUAL, RiskPolicy, risk_policy
from .whose import may_change, person_of, settings_authority, staff_authority

PART = "quality"
"""Of `PolicyVersion.choices`."""


@requires(Permission.CHILD_READ)
def first(request: HttpRequest) -> HttpResponse:
    authority, today = staff_authority(request), timezone.localdate()
    now = risk_policy(part_on(authority, PART, today))
    may = may_change(request, authority)
    form = RiskForm(now, request.POST or None) if may else None
    if request.method == "POST":
        settings_authority(request)
        if form is not None and form.is_valid():
            by = person_of(request).user
            set_part(
                authority, PART, starts=today, choices=form.choices, why=form.cleaned_data["why"], by_id=by.pk,
                by_name=by.name,
            )  # fmt: skip
            messages.success(request, "Saved. The queue stands in the new order from now on.")
            return redirect("quality:first")
    rows = [[one.title, _weight(now.weights[key]), _weight(one.usual)] for key, one in CAUSES.items()]
    rows += [[LEVEL_LABELS[name], str(getattr(now, name)), str(getattr(USUAL, name))] for name in LEVEL_LABELS]
    context = {
        "current": "queue",
        "table": Table("What counts, and how much", ["What", Column("Now", True), Column("Usual", True)], rows),
        "form": form,
        "weights": [form[key] for key in CAUSES] if form else [],
        "levels": [form[name] for name in LEVEL_LABELS] if form else [],
        "changes": [
            {"version": version, "lines": changed(risk_policy(before), risk_policy(after))}
            for version, before, after in history_of_part(authority, PART)
        ],
    }
    return render(request, "quality/first.html", context)


def _weight(n: int) -> str:
    return str(n) if n else "not counted"


def changed(before: RiskPolicy, after: RiskPolicy) -> list[str]:
    pairs: list[tuple[str, Any, Any]] = [
        (one.title, before.weights[key], after.weights[key]) for key, one in CAUSES.items()
    ]
    pairs += [(words, getattr(before, name), getattr(after, name)) for name, words in LEVEL_LABELS.items()]
    return [f"{what}: {_weight(now)}, before: {_weight(was)}" for what, was, now in pairs if was != now]
