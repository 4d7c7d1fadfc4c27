"""The list of suspensions and exclusions, and a child's own page of them and of provision."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record
from virtual_school.design.components import Cell, Figure, Table
from virtual_school.design.list_links import choice_links, list_address
from virtual_school.design.workbook_download import Sheet
from virtual_school.design.workbook_download import download as as_file

from .alert_list import named
from .exclusion_codes import words_of
from .facts import in_days
from .models_exclusion import Suspension, SuspensionTold
from .suspension_list import STATES, SuspensionFilters, counts, filtered, in_state, lost
from .whose import advisers_of, whose
from .words import plural, state_words, what_words, where_words, year_of

PAGE = 50


@require_http_methods(["GET", "POST"])
@requires(Permission.CHILD_READ)
def suspensions(request: HttpRequest) -> HttpResponse:
    """A name that is looked for comes in the body of the request, and is looked for in every year and state."""
    person: Person = request.person  # type: ignore[attr-defined]
    today = timezone.localdate()
    of = whose(person, today)
    form = SuspensionFilters(request.GET, of, today)
    text = " ".join(request.POST.get("q", "").split())
    every = of.rows(Suspension.objects.all())
    rows = named(every, text) if text else filtered(every, form.chosen, today)
    counted = counts(rows, today, person.user.pk)
    state = "all" if text else form.cleaned_data["state"]
    shown = in_state(rows, state, today, person.user.pk).order_by("-starts", "-id")
    paginator = Paginator(shown.select_related("child__authority", "school"), counted[state] or 1 if text else PAGE)
    paginator.count = counted[state]
    page = paginator.get_page(request.GET.get("page"))
    found = list(page.object_list)
    return render(
        request,
        "attendance/suspensions.html",
        {
            "q": text,
            "filter_form": form,
            "chips": form.chips(request.GET),
            "states": [] if text else choice_links(request.GET, "state", STATES, state, counted, {"all"}),
            "table": _table(found, advisers_of(of, [one.child_id for one in found], today), today),
            "figures": _figures(request, lost(rows), counted),
            "page": page,
            "total": counted[state],
            "all": counted["all"],
            "is_staff": of.is_staff,
            "is_at_school": of.role in {"designated_teacher", "delegate"},
            "export_query": request.GET.urlencode(),
        },
    )


def _figures(request: HttpRequest, total: Any, counted: dict[str, int]) -> list[Figure]:
    out = list_address(request.GET, state="out")
    return [
        Figure(f"{counted['out']:,}", "out today", "suspended or permanently excluded", out),
        Figure(
            f"{total.suspensions:,}",
            "suspension" if total.suspensions == 1 else "suspensions",
            f"of {plural(total.children, 'child', 'children')}",
        ),
        Figure(in_days(total.sessions), "school days lost", "a lunchtime counts as half a day"),
        Figure(
            f"{total.permanent:,}",
            "permanent exclusion" if total.permanent == 1 else "permanent exclusions",
            "cancelled ones are left out",
        ),
    ]


def _table(found: list[Suspension], names: dict[int, str], today: date) -> Table:
    read = set(
        SuspensionTold.objects.filter(
            suspension__in=found, role="virtual_school_head", read_at__isnull=False
        ).values_list("suspension_id", flat=True)
    )
    rows = []
    for one in found:
        state, _ = state_words(one, today)
        rows.append(
            [
                Cell(
                    one.child.name,
                    reverse("attendance:suspension", args=[one.public_id]),
                    f"{year_of(one.child.born, today)}, {where_words(one)}",
                ),
                Cell(what_words(one, today), strong=state == "Out"),
                ", ".join(words_of(code) for code in one.reasons) or "Not held",
                "Read" if one.pk in read else "Not read yet",
                Cell(state, small=_left(one, today)),
                names.get(one.child_id, "Nobody"),
            ]
        )
    return Table("Suspensions and exclusions", ["Child", "What", "Why", "Virtual school head", "Now", "Adviser"], rows)


def _left(one: Suspension, today: date) -> str:
    if one.cancelled_on or one.checked_on:
        return ""
    return "not checked yet" if (today - one.starts).days >= 0 else ""


@require_GET
@requires(Permission.CHILD_READ)
def download(request: HttpRequest) -> HttpResponse:
    """The list as filtered, for those who see the whole authority; that it was taken is recorded."""
    person: Person = request.person  # type: ignore[attr-defined]
    today = timezone.localdate()
    of = whose(person, today)
    if not of.is_staff:
        return redirect("attendance:suspensions")
    form = SuspensionFilters(request.GET, of, today)
    rows = in_state(
        filtered(of.rows(Suspension.objects.all()), form.chosen, today), form.cleaned_data["state"], today,
        person.user.pk,
    )  # fmt: skip
    table = [
        [
            one.child.name, one.child.local_id, year_of(one.child.born, one.starts), where_words(one),
            one.school_id or "", one.get_category_display(), one.starts, one.back_on, in_days(one.sessions),
            *[words_of(code) for code in one.reasons], *[""] * (3 - len(one.reasons)), timezone.localdate(one.notified_at),
            one.governors_on, one.get_governors_decision_display(), one.cancelled_on, one.checked_on,
        ]
        for one in rows.select_related("child", "school").order_by("-starts", "-id")
    ]  # fmt: skip
    record(
        "suspensions.exported", by=person.user.pk, role=person.role, authority=person.authority_code,
        rows=len(table), filters=form.chosen,
    )  # fmt: skip
    columns = ["Child", "Identifier", "Year", "School", "URN", "What", "First day out", "First day back", "Days",
               "Reason", "Second reason", "Third reason", "Told us", "Governors met", "Decision", "Cancelled",
               "Checked"]  # fmt: skip
    sheet = Sheet("Suspensions", columns, table)
    return as_file(request.GET.get("form", ""), f"suspensions-{today.isoformat()}", sheet)
