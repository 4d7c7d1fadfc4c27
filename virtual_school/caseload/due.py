"""Everything the law asks and the council has set itself, as one list."""

from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record
from virtual_school.design.components import DutyRow, Link
from virtual_school.design.csv_download import csv_response
from virtual_school.duties.models import StandingObligation

from . import words
from .asks import (
    Days,
    days_of,
    duty_of,
    people_around,
    register_url,
    row_of,
    strength_of,
    who_is_to,
    with_children,
)
from .due_filters import (
    KEYS,
    OPEN,
    STATES,
    DueForm,
    choices_in,
    filtered,
    groups_of,
    in_groups,
    in_order,
    in_state,
    keyed,
)
from .freshness import keep_fresh
from .scope import authorities_of, scope_of

PAGE = 50
NOBODY = {"adviser": "No adviser", "sw": "No social worker", "school": "No school"}
IN = {"child": "for", "adviser": "with", "school": "at", "sw": "with", "duty": "of"}
ONE = {"child": "child", "adviser": "adviser", "school": "school", "sw": "social worker", "duty": "kind"}
MANY = {"child": "children", "adviser": "advisers", "school": "schools", "sw": "social workers", "duty": "kinds"}


@dataclass(frozen=True, slots=True)
class Group:
    heading: str
    about: str
    url: str
    strength: str
    citation: str
    rows: list[DutyRow]


@requires(Permission.CHILD_READ)
def due(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    scope = scope_of(request.person, today)
    form = DueForm(request.GET, choices_in(scope, today), scope.is_staff)
    rows = filtered(scope.obligations(today), form.chosen, today)
    counts = dict(rows.order_by().values("standing").annotate(n=Count("id")).values_list("standing", "n"))
    counts["open"] = sum(counts.get(state, 0) for state in OPEN)
    state, group = form.cleaned_data["state"], form.cleaned_data["group"]
    keys, sort = KEYS[group], form.cleaned_data["sort"]
    rows = in_state(rows, state, today)
    in_it = {one: n for one, n in counts.items() if one == state or (state == "open" and one in OPEN)}
    groups = groups_of(rows, group, sort, in_it, scope, today)
    total = sum(groups.counts.values()) if keys else counts.get(state, 0)
    page = Paginator(range(total), PAGE).get_page(request.GET.get("page"))
    on_page, places = groups.covering(page.object_list)
    found = in_groups(keyed(rows, group, today), group, groups, on_page, today)
    found = with_children(in_order(found, group, sort, today))
    shown = [(tuple(getattr(row, key) for key in keys), row) for row in found[places.start : places.stop]]
    authorities = authorities_of(scope, request.person)
    children = [row.child_id for _, row in shown if row.child_id]
    names = people_around(scope.authorities, children, today)
    days = days_of(authorities, today)
    return render(
        request,
        "caseload/due.html",
        {
            "filter_form": form,
            "chips": form.chips(request.GET),
            "states": _states(request, state, counts),
            "groups": _groups(group, shown, groups.counts, names, days) if keys else [],
            "rows": [row_of(row, names, days) for _, row in shown] if not keys else [],
            "page": page,
            "total": total,
            "counted": words.plural(total, "duty", "duties"),
            "groups_counted": f"{IN[group]} {words.plural(len(groups.counts), ONE[group], MANY[group])}"
            if keys
            else "",
            "is_narrowed": bool(form.chips(request.GET)),
            "has_any": any(counts.values()),
            "export_url": f"{reverse('caseload:due_export')}?{request.GET.urlencode()}",
            "can_export": scope.is_staff,
            "notes": keep_fresh(authorities, today),
        },
    )


@requires(Permission.CHILD_READ)
def due_export(request: HttpRequest) -> HttpResponse:
    """The whole list as filtered, for those who see the whole authority; that it was taken is recorded."""
    today = timezone.localdate()
    scope = scope_of(request.person, today)
    if not scope.is_staff:
        return redirect("caseload:due")
    form = DueForm(request.GET, choices_in(scope, today), scope.is_staff)
    rows = in_state(filtered(scope.obligations(today), form.chosen, today), form.cleaned_data["state"], today)
    found = list(with_children(in_order(rows, "none", form.cleaned_data["sort"], today)))
    names = people_around(scope.authorities, [row.child_id for row in found if row.child_id], today)
    table = [
        [
            row.child.name if row.child_id else row.authority.name,
            row.child.local_id if row.child_id else "",
            row.duty,
            duty_of(row.duty).title,
            strength_of(row.duty, row.is_local),
            who_is_to(row, names),
            row.due_on,
            row.met_on,
            STATES[row.standing],
        ]
        for row in found
    ]
    record(
        "due.exported",
        by=request.person.user.pk,
        role=request.person.role,
        authority=request.person.authority_code,
        rows=len(table),
        filters={name: value for name, value in form.chosen.items() if name != "sort"},
    )
    columns = ["Child", "Identifier", "Duty", "Title", "Strength", "Who does what", "Due", "Met", "State"]
    return csv_response(f"due-{today.isoformat()}.csv", columns, table)


def _states(request: HttpRequest, current: str, counts: dict[str, int]) -> list[Link]:
    links = []
    for state, label in STATES.items():
        query = request.GET.copy()
        query["state"] = state
        query.pop("page", None)
        if counts.get(state) or state in {"open", current}:
            links.append(Link(f"{label} ({counts.get(state, 0):,})", f"?{query.urlencode()}", state == current))
    return links


def _groups(
    group: str,
    shown: list[tuple[tuple[Any, ...], StandingObligation]],
    counts: dict[tuple[Any, ...], int],
    names: dict[tuple[int, str], str],
    days: Days,
) -> list[Group]:
    return [
        _group(group, of, [row for _, row in part], counts[of], names, days)
        for of, part in groupby(shown, key=lambda one: one[0])
    ]


def _group(
    group: str,
    of: tuple[Any, ...],
    rows: list[StandingObligation],
    n: int,
    names: dict[tuple[int, str], str],
    days: Days,
) -> Group:
    first = rows[0]
    part = f"{len(rows)} of {n:,} shown here" if n > len(rows) else ""
    if group == "duty":
        duty = duty_of(first.duty)
        return Group(
            heading=duty.title,
            about=part or words.plural(n, "child", "children"),
            url=register_url(first.duty),
            strength=strength_of(first.duty, first.is_local),
            citation=duty.citation,
            rows=[row_of(row, names, days) for row in rows],
        )
    about = part or words.plural(n, "duty", "duties")
    if group == "child":
        named = row_of(first, names, days)
        shown = [row_of(row, names, days, by_duty=True) for row in rows]
        return Group(named.name, about, named.url, "", named.about, shown)
    shown = [replace(row_of(row, names, days), strength=strength_of(row.duty, row.is_local)) for row in rows]
    return Group(of[1] or NOBODY[group], about, "", "", "", shown)
