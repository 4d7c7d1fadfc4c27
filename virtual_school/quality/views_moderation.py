"""Moderation sessions: the list, calling one, the plans side by side, and the record of what was decided."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.dates.terms import term_words
from virtual_school.design.components import Table
from virtual_school.design.forms import Checkboxes, DateField, Textarea
from virtual_school.plans.refused import Refused

from .models import ModeratedPlan, Moderation, Result, SecondMark, Side
from .moderating import agree, call, close, ratings_seen, rubric_for
from .rubric import Rubric
from .whose import is_rater, person_of, rating_authority, staff_authority

MOST_OFFERED = 60


@requires(Permission.CHILD_READ)
def moderations(request: HttpRequest) -> HttpResponse:
    authority = staff_authority(request)
    rows = list(Moderation.objects.filter(authority=authority).prefetch_related("plans"))
    context = {
        "current": "moderations",
        "rows": [
            {"one": one, "n": len(plans), "done": sum(p.discussed_at is not None for p in plans)}
            for one in rows
            for plans in [list(one.plans.all())]
        ],
        "may_call": is_rater(person_of(request), authority.code),
    }
    return render(request, "quality/moderations.html", context)


class CallForm(forms.Form):
    name = forms.CharField(label="What is it called?", max_length=100, initial="Moderation of plans")
    on = DateField(label="On which day?")
    people = forms.CharField(
        label="Who is there?", help_text="One name a line. People of other authorities or schools can be among them",
        widget=Textarea(rows=4), max_length=2000,
    )  # fmt: skip
    plans = forms.MultipleChoiceField(
        label="Which plans?", widget=Checkboxes(small=True), error_messages={"required": "Choose plans to look at"},
        help_text="Those marked a second time come first, then the latest ones rated",
    )  # fmt: skip


def offered(authority_id: int) -> list[tuple[str, str]]:
    """Rated plans to choose from: with a second mark first, then the latest."""
    again = dict(
        SecondMark.objects.filter(authority=authority_id, finished_at__isnull=False).values_list("plan", "marker_name")
    )
    rows = (
        Result.objects.filter(authority=authority_id, side=Side.SCHOOL, rating__is_last=True)
        .select_related("rating__plan__child", "rating__school")
        .order_by("-rating__finished_at")
    )
    latest = list(rows[:MOST_OFFERED]) + list(rows.filter(rating__plan__in=again))
    by_plan = {one.rating.plan_id: one for one in latest}
    order = sorted(by_plan.values(), key=lambda one: (one.rating.plan_id not in again, -one.rating.pk))
    return [
        (str(one.rating.plan_id), _offer_words(one, again.get(one.rating.plan_id, ""))) for one in order[:MOST_OFFERED]
    ]


def _offer_words(one: Result, again: str) -> str:
    rating = one.rating
    at = rating.school.name if rating.school else "no school place"
    more = f", marked again by {again}" if again else ""
    return f"{rating.plan.child.name}, {at}, {term_words(rating.term)}: {one.label.lower()} ({rating.rater_name}{more})"


@requires(Permission.CHILD_READ)
def call_page(request: HttpRequest) -> HttpResponse:
    authority, person = rating_authority(request), person_of(request)
    choices = offered(authority.code)
    form = CallForm(
        request.POST or None, auto_id="f_%s", initial={"on": timezone.localdate(), "people": person.user.name}
    )
    form.fields["plans"].choices = choices  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = call(
                authority=authority, name=told["name"], on=told["on"], people=told["people"].splitlines(),
                plans=[int(pk) for pk in told["plans"]], by=person.user,
            )  # fmt: skip
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "The session is called. Open a plan to write down what is agreed.")
            return redirect("quality:moderation", made.public_id)
    return render(request, "quality/call.html", {"form": form, "any": bool(choices)})


class CloseForm(forms.Form):
    decided = forms.CharField(
        label="What was decided", help_text="How you will rate from now on, and who tells whom",
        widget=Textarea(rows=4), max_length=5000,
    )  # fmt: skip
    rubric_notes = forms.CharField(
        label="What should change in how plans are rated", required=False, widget=Textarea(rows=3), max_length=5000,
        help_text="Kept for whoever prepares the next version",
    )  # fmt: skip


def _session(request: HttpRequest, public_id: object) -> Moderation:
    held = Moderation.objects.filter(authority=staff_authority(request), public_id=public_id).first()
    if held is None:
        raise Http404
    return held


@requires(Permission.CHILD_READ)
def moderation(request: HttpRequest, public_id: object) -> HttpResponse:
    held, person = _session(request, public_id), person_of(request)
    may_write = is_rater(person, held.authority_id) and held.closed_on is None
    form = CloseForm(request.POST or None, auto_id="f_%s") if may_write else None
    if request.method == "POST":
        rating_authority(request)
        if form is None:
            messages.warning(request, "This session is closed.")
            return redirect("quality:moderation", held.public_id)
        if form.is_valid():
            try:
                close(moderation=held, by=person.user, **form.cleaned_data)
            except Refused as why:
                form.add_error(None, str(why))
            else:
                messages.success(request, "The session is closed. Its record stands.")
                return redirect("quality:moderation", held.public_id)
    plans = list(held.plans.select_related("plan__child", "plan__school"))
    context = {
        "current": "moderations",
        "moderation": held,
        "plans": plans,
        "done": sum(one.discussed_at is not None for one in plans),
        "form": form,
    }
    return render(request, "quality/moderation.html", context)


class AgreeForm(forms.Form):
    marks_optional = False

    def __init__(self, rubric: Rubric, row: ModeratedPlan, *args: Any, **kwargs: Any) -> None:
        initial = {**{f"m_{key}": level for key, level in row.agreed.items()}, "said": row.said}
        super().__init__(*args, auto_id="f_%s", initial=initial, **kwargs)
        self.criteria = rubric.of_side("school")
        for one in self.criteria:
            self.fields[f"m_{one.key}"] = forms.ChoiceField(
                label=one.label, required=False,
                choices=[("", "Not agreed, or not rated"), *[(level.key, level.label) for level in rubric.scale]],
            )  # fmt: skip
        self.fields["said"] = forms.CharField(
            label="What was said", required=False, max_length=5000, widget=Textarea(rows=4)
        )

    @property
    def marks(self) -> dict[str, str]:
        return {one.key: level for one in self.criteria if (level := self.cleaned_data.get(f"m_{one.key}"))}

    @property
    def levels(self) -> list[forms.BoundField]:
        return [self[f"m_{one.key}"] for one in self.criteria]


@requires(Permission.CHILD_READ)
def moderated(request: HttpRequest, public_id: object, pk: int) -> HttpResponse:
    held, person = _session(request, public_id), person_of(request)
    row = held.plans.filter(pk=pk).select_related("plan__child", "plan__school").first()
    if row is None:
        raise Http404
    rubric = rubric_for(row)
    if rubric is None:
        raise Http404
    seen = ratings_seen(row)
    may_write = is_rater(person, held.authority_id) and held.closed_on is None
    form = AgreeForm(rubric, row, request.POST or None) if may_write else None
    if request.method == "POST":
        rating_authority(request)
        if form is not None and form.is_valid():
            try:
                agree(row=row, marks=form.marks, said=form.cleaned_data["said"], by=person.user)
            except Refused as why:
                form.add_error(None, str(why))
            else:
                messages.success(request, f"Written down for {row.plan.child.name}.")
                return redirect("quality:moderation", held.public_id)
    context = {
        "moderation": held,
        "row": row,
        "term": term_words(row.plan.term),
        "seen": seen,
        "table": side_by_side(rubric, row, seen),
        "form": form,
    }
    return render(request, "quality/moderated.html", context)


def side_by_side(rubric: Rubric, row: ModeratedPlan, seen: list[Any]) -> Table:
    def label(key: str) -> str:
        level = rubric.level(key)
        return level.label if level else "–"

    rows = [
        [one.label, *[label(each.marks.get(one.key, "")) for each in seen], label(row.agreed.get(one.key, ""))]
        for one in rubric.of_side("school")
        if any(one.key in each.marks for each in seen)
    ]
    rows.append(["The plan", *[each.result for each in seen], row.label or "–"])
    return Table(
        "Ratings side by side", ["Criterion", *[f"{each.who}, {each.kind.lower()}" for each in seen], "Agreed"], rows
    )
