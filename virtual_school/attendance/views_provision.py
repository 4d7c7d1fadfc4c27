"""Education that is not simply a full-time place: recorded, changed, reviewed and ended."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.dates.ages import year_group
from virtual_school.design.components import Cell, SummaryRow, Table
from virtual_school.design.dates import in_full

from .forms_provision import UNREGISTERED_WARNING, EndForm, ProvisionForm, ReviewForm, initial_of
from .models_provision import Provision
from .providing import change_provision, end_provision, full_time_hours, record_provision, review_provision
from .seeing import child_seen, provision_seen
from .tasks import work_out
from .words import date_words, day_words


def hours_words(hours: Any) -> str:
    """12; 23.5."""
    return f"{hours:.1f}".removesuffix(".0")


def where_words(one: Provision) -> str:
    return one.provider or (one.school.name if one.school else "")


def standing(one: Provision, today: date) -> str:
    """How it stands, in words: what is late is said first."""
    if one.ends is not None and one.ends <= today:
        return f"Ended {date_words(one.ends - timedelta(days=1), today)}"
    late = []
    if one.review_on is not None and one.review_on < today:
        late.append(f"Review was due {date_words(one.review_on, today)}")
    if one.end_planned is not None and one.end_planned < today:
        late.append(f"Past its end date, {date_words(one.end_planned, today)}")
    if late:
        return ". ".join(late)
    if one.review_on is not None:
        return f"Review on {day_words(one.review_on, today)}"
    return f"Ends {date_words(one.end_planned, today)}" if one.end_planned else "No review or end date"


def is_late(one: Provision, today: date) -> bool:
    if one.ends is not None and one.ends <= today:
        return False
    return any(on is not None and on < today for on in (one.review_on, one.end_planned))


def provision_rows(found: list[Provision], today: date) -> Table:
    return Table(
        "Education besides a full-time place",
        ["What", "Hours a week", "From", "How it stands"],
        [
            [
                Cell(
                    one.get_kind_display(),
                    reverse("attendance:provision", args=[one.public_id]),
                    where_words(one),
                ),
                f"{hours_words(one.hours)} of {hours_words(one.hours_due)}",
                date_words(one.starts, today),
                Cell(standing(one, today), state="overdue" if is_late(one, today) else ""),
            ]
            for one in found
        ],
    )


@requires(Permission.CHILD_READ)
def add(request: HttpRequest, public_id: object) -> HttpResponse:
    child, sight = child_seen(request, public_id)
    if not sight.records:
        raise PermissionDenied
    today = timezone.localdate()
    person: Person = request.person  # type: ignore[attr-defined]
    due = full_time_hours(year_group(child.born, today) if child.born else None)
    initial = {"starts": today, "hours_due": due, "registered": "", "kind": request.GET.get("kind", "")}
    form = ProvisionForm(today, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = record_provision(child=child, by=person.user, **form.values())
        work_out(child.authority_id, child.pk)
        messages.success(request, f"Recorded: {made.get_kind_display().lower()}.")
        if form.is_unlawful:
            messages.warning(request, UNREGISTERED_WARNING)
        return redirect("attendance:provision", made.public_id)
    return render(request, "attendance/provision_form.html", {"form": form, "child": child, "is_new": True})


@requires(Permission.CHILD_READ)
def change(request: HttpRequest, public_id: object) -> HttpResponse:
    found, sight = provision_seen(request, public_id)
    if not sight.records:
        raise PermissionDenied
    today = timezone.localdate()
    person: Person = request.person  # type: ignore[attr-defined]
    form = ProvisionForm(today, request.POST or None, initial=initial_of(found))
    if request.method == "POST" and form.is_valid():
        change_provision(found, by=person.user, **form.values())
        work_out(found.authority_id, found.child_id)
        messages.success(request, f"What is held of {found.child.first_name}’s {_named(found)} is changed.")
        if form.is_unlawful:
            messages.warning(request, UNREGISTERED_WARNING)
        return redirect("attendance:provision", found.public_id)
    context = {"form": form, "child": found.child, "provision": found, "is_new": False}
    return render(request, "attendance/provision_form.html", context)


@requires(Permission.CHILD_READ)
def provision(request: HttpRequest, public_id: object) -> HttpResponse:
    found, sight = provision_seen(request, public_id)
    today = timezone.localdate()
    return render(
        request,
        "attendance/provision.html",
        {
            "provision": found,
            "child": found.child,
            "sight": sight,
            "is_open": found.ends is None or found.ends > today,
            "stands": standing(found, today),
            "is_late": is_late(found, today),
            "rows": _rows(found, today),
            "reviews": list(found.reviews.all()),
            "is_unregistered_and_full": found.is_registered is False and found.hours >= found.hours_due,
            "warning": UNREGISTERED_WARNING,
        },
    )


def _rows(one: Provision, today: date) -> list[SummaryRow]:
    def on(day: date | None) -> str:
        return date_words(day, today) if day else "Not held"

    def by(name: str, day: date | None) -> str:
        return f"{name}, {date_words(day, today)}" if name and day else name or "Not recorded"

    rows = [
        SummaryRow("Hours a week", f"{hours_words(one.hours)} of {hours_words(one.hours_due)}"),
        SummaryRow("From", on(one.starts)),
        SummaryRow("Last day agreed", on(one.end_planned)),
        SummaryRow("Next review", on(one.review_on)),
        SummaryRow("Why", one.reason or "Not recorded"),
        SummaryRow("What fills the other hours", one.fills_the_gap or "Not recorded"),
        SummaryRow("Agreed for the child by", by(one.agreed_by, one.agreed_on)),
        SummaryRow("Agreed at the virtual school by", by(one.head_agreed_by, one.head_agreed_on)),
    ]
    if one.provider:
        registered = {True: "Registered as a school", False: "Not registered as a school", None: "Not known"}
        rows.insert(0, SummaryRow("Where", one.provider, source=registered[one.is_registered]))
        rows.append(SummaryRow("Provider checked", on(one.checked_on)))
    if one.tried:
        rows.append(SummaryRow("Tried before", one.tried))
    if one.outcome:
        rows.append(SummaryRow("What came of it", f"{one.get_outcome_display()}. {one.outcome_words}".strip()))
    return rows


def _named(one: Provision) -> str:
    return "reduced timetable" if one.kind == Provision.Kind.REDUCED else "provision"


@requires(Permission.CHILD_READ)
def review(request: HttpRequest, public_id: object) -> HttpResponse:
    found, sight = provision_seen(request, public_id)
    if not sight.records:
        raise PermissionDenied
    today = timezone.localdate()
    person: Person = request.person  # type: ignore[attr-defined]
    form = ReviewForm(found, today, request.POST or None)
    if request.method == "POST" and form.is_valid():
        review_provision(found, by=person.user, **form.cleaned_data)
        work_out(found.authority_id, found.child_id)
        messages.success(request, f"The review of {found.child.first_name}’s {_named(found)} is written down.")
        return redirect("attendance:provision", found.public_id)
    context = {"form": form, "child": found.child, "provision": found, "title": "Write down a review", "button": "Save"}
    return render(request, "attendance/provision_step.html", context)


@requires(Permission.CHILD_READ)
def end(request: HttpRequest, public_id: object) -> HttpResponse:
    found, sight = provision_seen(request, public_id)
    if not sight.records:
        raise PermissionDenied
    today = timezone.localdate()
    person: Person = request.person  # type: ignore[attr-defined]
    form = EndForm(found, today, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        end_provision(
            found, ends=given["last_day"] + timedelta(days=1), outcome=given["outcome"], words=given["words"],
            by=person.user,
        )  # fmt: skip
        work_out(found.authority_id, found.child_id)
        messages.success(
            request, f"The last day of {found.child.first_name}’s {_named(found)} is {in_full(given['last_day'])}."
        )
        return redirect("attendance:provision", found.public_id)
    title = f"End the {_named(found)}"
    context = {"form": form, "child": found.child, "provision": found, "title": title, "button": title}
    return render(request, "attendance/provision_step.html", context)
