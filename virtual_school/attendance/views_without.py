"""Who has no full-time education today, and who does what about it by when."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import RIGHTS, Permission
from virtual_school.audit.actions import record
from virtual_school.design.components import Figure
from virtual_school.design.csv_download import csv_response
from virtual_school.design.pictures.svg import Picture

from .forms_provision import StepForm
from .models_provision import EducationStep
from .pictures import days_bar, squares
from .providing import set_step
from .seeing import child_seen
from .views_provision import hours_words
from .whose import advisers, owners_for, whose
from .without_education import BELOW, GROUPS, NOTHING, TUITION, Without, in_the_way, without_education
from .words import day_words, plural, year_words

LADDER = (
    ("Day 5, interim education begins", "local"),
    ("Day 10, virtual school head and service manager", "local"),
    ("Day 15, director and reviewing officer", "local"),
    ("Day 20, new education secured after an emergency move", "should"),
)
"""By whom it is known, and when: the council's own ladder, and what the guidance asks (SCH-04)."""


class AdviserFilter(forms.Form):
    marks_optional = False
    adviser = forms.ChoiceField(label="Adviser", required=False)


@requires(Permission.CHILD_READ)
def without(request: HttpRequest) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    today = timezone.localdate()
    of = whose(person, today)
    names = advisers(of, today) if of.is_staff else {}
    adviser = request.GET.get("adviser", "")
    adviser = adviser if adviser in names else ""
    rows = without_education(of, today, adviser)
    form = AdviserFilter({"adviser": adviser}, auto_id="f_%s")
    form.fields["adviser"].choices = [("", "All advisers"), *names.items()]
    ways = in_the_way(rows)
    return render(
        request,
        "attendance/without_education.html",
        {
            "total": plural(len(rows), "child", "children"),
            "day_line": f"{today:%A} {today.day} {today:%B %Y}",
            "figures": _figures(rows),
            "groups": [(GROUPS[group], group, _shown(rows, group, today)) for group in GROUPS],
            "has_rows": bool(rows),
            "has_limit": any(row.limit is not None for row in rows),
            "filter_form": form if of.is_staff and len(names) > 1 else None,
            "adviser": names.get(adviser, ""),
            "is_staff": of.is_staff,
            "arranges": of.is_staff and Permission.CHILD_WRITE in RIGHTS[of.role].permissions,
            "ways": _ways(ways, len(rows)),
            "finding": _finding(ways, len(rows)),
            "ladder": LADDER,
            "export_url": f"{reverse('attendance:without_education_download')}?{request.GET.urlencode()}",
        },
    )


def _figures(rows: list[Without]) -> list[Figure]:
    def of(group: str) -> list[Without]:
        return [row for row in rows if row.group == group]

    nothing, tuition, below = of(NOTHING), of(TUITION), of(BELOW)
    longest = max((row.days for row in nothing if row.days is not None), default=None)
    past = sum(row.is_past_its_end for row in below)
    late = sum(row.is_review_late for row in below)
    nearest = min(
        (row for row in tuition if row.limit is not None and row.days is not None and row.days <= row.limit),
        key=lambda row: (row.limit or 0) - (row.days or 0),
        default=None,
    )
    said = []
    if past:
        said.append(f"{plural(past, 'agreement')} past its end" if past == 1 else f"{past} agreements past their end")
    if late:
        said.append(f"{plural(late, 'review')} late")
    return [
        Figure(
            f"{len(nothing):,}", "have nothing" if len(nothing) != 1 else "has nothing",
            f"Longest {plural(longest, 'school day')}" if longest is not None else "Nobody is without any education",
            "#nothing" if nothing else "", alert=bool(nothing),
        ),
        Figure(
            f"{len(tuition):,}", "have tuition, no school" if len(tuition) != 1 else "has tuition, no school",
            f"Nearest to {nearest.limit} days: {nearest.child.name}, {nearest.limit - (nearest.days or 0)} left"
            if nearest and nearest.limit is not None else "None is within the 20 days" if tuition else "Nobody",
            "#tuition" if tuition else "", alert=any(row.is_over for row in tuition),
        ),
        Figure(
            f"{len(below):,}", "are on a roll, below full time" if len(below) != 1 else "is on a roll, below full time",
            ", ".join(said) or ("Every review is in time" if below else "Nobody"),
            "#below" if below else "", alert=bool(said),
        ),
    ]  # fmt: skip


def _shown(rows: list[Without], group: str, today: date) -> list[dict[str, Any]]:
    return [_one(row, today) for row in rows if row.group == group]


def _one(row: Without, today: date) -> dict[str, Any]:
    limit = f"of {row.limit}" if row.limit is not None else ", no limit"
    step = row.step
    return {
        "row": row,
        "about": f"{year_words(row.year)}, {row.where}",
        "url": reverse("attendance:of_child", args=[row.child.public_id]),
        "step_url": reverse("attendance:education_step", args=[row.child.public_id]),
        "days": row.days,
        "limit": limit,
        "bar": _safe(days_bar(row.days, row.limit)) if row.days is not None else "",
        "hours": f"{hours_words(row.hours)} of {hours_words(row.hours_due)} hours",
        "owner": step.owner_name if step else "",
        "what": f"{step.step}, by {day_words(step.by_on, today)}".replace(", by today", ", today") if step else "",
        "is_step_late": row.is_step_late(today),
        "review": _review(row, today),
    }


def _review(row: Without, today: date) -> str:
    if row.provision is None or row.provision.review_on is None:
        return ""
    said = day_words(row.provision.review_on, today)
    return f"Review was due {said}" if row.is_review_late else f"Review {said}"


def _safe(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 -- made of our own numbers


def _ways(ways: list[tuple[str, int]], total: int) -> Picture | None:
    if not total:
        return None
    said = ", ".join(f"{label} {n}" for label, n in ways)
    return squares(ways, f"What is in the way: {said}. The same numbers are in the table below.")


def _finding(ways: list[tuple[str, int]], total: int) -> str:
    if not ways:
        return ""
    label, n = ways[0]
    if label == "Not recorded":
        return f"What is in the way is not written down for {n} of {total}"
    return f"{label}: {n} of {total}"


@requires(Permission.CHILD_READ)
def download(request: HttpRequest) -> HttpResponse:
    """For a panel, by those who see the whole authority; that it was taken is recorded."""
    person: Person = request.person  # type: ignore[attr-defined]
    today = timezone.localdate()
    of = whose(person, today)
    if not of.is_staff:
        return redirect("attendance:without_education")
    names = advisers(of, today)
    adviser = request.GET.get("adviser", "")
    rows = without_education(of, today, adviser if adviser in names else "")
    table = [
        [
            row.child.name, row.child.local_id, year_words(row.year), row.where, GROUPS[row.group],
            "" if row.days is None else row.days, row.limit or "", row.now, hours_words(row.hours),
            hours_words(row.hours_due), row.way, row.step.owner_name if row.step else "",
            row.step.step if row.step else "", row.step.by_on if row.step else None,
        ]
        for row in rows
    ]  # fmt: skip
    record(
        "without_education.exported", by=person.user.pk, role=person.role, authority=person.authority_code,
        rows=len(table),
    )  # fmt: skip
    columns = ["Child", "Identifier", "Year", "Where", "Group", "School days", "Of", "Now", "Hours", "Hours due",
               "What is in the way", "Who", "Does what", "By"]  # fmt: skip
    return csv_response(f"without-education-{today.isoformat()}.csv", columns, table)


@requires(Permission.CHILD_READ)
def education_step(request: HttpRequest, public_id: object) -> HttpResponse:
    child, sight = child_seen(request, public_id)
    if not sight.arranges:
        raise PermissionDenied
    today = timezone.localdate()
    person: Person = request.person  # type: ignore[attr-defined]
    held = EducationStep.objects.filter(authority=child.authority_id, child=child, done_on__isnull=True).first()
    form = StepForm(owners_for(child, today), today, request.POST or None, initial=_initial(held, today))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        set_step(
            child=child, blocker=given["blocker"], blocker_words=given["blocker_words"], owner=form.chosen,
            owner_name=given["owner_name"], step=given["step"], by_on=given["by_on"], on=today, by=person.user,
        )  # fmt: skip
        messages.success(request, f"It is {form.chosen.name if form.chosen else given['owner_name']}’s to do.")
        return redirect("attendance:without_education")
    before = EducationStep.objects.filter(authority=child.authority_id, child=child, done_on__isnull=False)
    context = {"form": form, "child": child, "held": held, "before": before}
    return render(request, "attendance/education_step.html", context)


def _initial(held: EducationStep | None, today: date) -> dict[str, Any]:
    if held is None:
        return {}
    return {
        "blocker": held.blocker,
        "blocker_words": held.blocker_words,
        "owner": str(held.owner_id) if held.owner_id else "other",
        "owner_name": "" if held.owner_id else held.owner_name,
        "step": held.step,
        "by_on": held.by_on if held.by_on >= today else None,
    }
