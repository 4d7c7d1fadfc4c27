"""The list of children, and finding one."""

from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from virtual_school.access.models import Role
from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record
from virtual_school.children.actions import plain
from virtual_school.children.bulk import among
from virtual_school.children.models import Child, FormerName
from virtual_school.dates.ages import age_on
from virtual_school.design.addresses import address_of
from virtual_school.design.components import Cell, Link, Table
from virtual_school.design.csv_download import csv_response
from virtual_school.duties.queries import overdue

from . import words
from .asks import people_around
from .children_filters import ORDER_BY, ChildrenForm, cohort_counts, filtered, found_by, in_cohort
from .due_filters import choices_in
from .freshness import keep_fresh
from .scope import Scope, authorities_of, scope_of

PAGE = 50
LONGEST_SEARCH = 100


@requires(Permission.CHILD_READ)
def children(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    scope = scope_of(request.person, today)
    if not scope.is_staff:
        return _mine(request, scope, today)
    form = ChildrenForm(request.GET, choices_in(scope, today))
    rows = filtered(scope.children(), form.chosen, scope, today)
    counts = cohort_counts(rows)
    cohort = form.cleaned_data["cohort"]
    page = _page(
        in_cohort(rows, cohort).order_by(*ORDER_BY[form.cleaned_data["sort"]]), counts[cohort], request.GET.get("page")
    )
    [authority] = authorities_of(scope, request.person)
    narrowed = form.chips(request.GET)
    return render(
        request,
        "caseload/children.html",
        {
            "heading": "Children",
            "authority": authority,
            "cohorts": _cohorts(request, cohort, counts),
            "cohort_words": words.COHORTS[cohort],
            "filter_form": form,
            "chips": narrowed,
            "table": _table(page, scope, today),
            "page": page,
            "counted": words.plural(counts[cohort], "child", "children"),
            "total": counts[cohort],
            "has_children": bool(narrowed) or any(counts.values()),
            "can_import": request.person.can(Permission.IMPORT_RUN, authority.code),
            "export_url": f"{reverse('caseload:children_export')}?{request.GET.urlencode()}",
            "notes": keep_fresh([authority], today),
        },
    )


def _mine(request: HttpRequest, scope: Scope, today: date) -> HttpResponse:
    rows = scope.children().order_by(*ORDER_BY["name"])
    page = _page(rows, len(scope.child_ids or ()), request.GET.get("page"))
    at_school = scope.role in {Role.DESIGNATED_TEACHER, Role.DELEGATE}
    return render(
        request,
        "caseload/my_children.html",
        {
            "heading": "My pupils" if at_school else "My child" if scope.role == Role.CARER else "My children",
            "one": "pupil" if at_school else "child",
            "table": _table(page, scope, today),
            "page": page,
            "total": page.paginator.count,
        },
    )


@requires(Permission.CHILD_READ)
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """What is looked for comes in the body of the request and goes nowhere else: no address, session or log."""
    if request.method == "GET":
        return redirect("caseload:children")
    today = timezone.localdate()
    scope = scope_of(request.person, today)
    text = " ".join(request.POST.get("q", "").split())[:LONGEST_SEARCH]
    rows = found_by(scope.children(), text).order_by(*ORDER_BY["name"])
    page = _page(rows, rows.count() if text else 0, request.POST.get("page"))
    return render(
        request,
        "caseload/search.html",
        {
            "q": text,
            "table": _table(page, scope, today, looked_for=text),
            "page": page,
            "total": page.paginator.count,
            "counted": words.plural(page.paginator.count, "child", "children"),
        },
    )


@requires(Permission.CHILD_READ)
def children_export(request: HttpRequest) -> HttpResponse:
    """The list as filtered, for staff; that it was taken is recorded."""
    today = timezone.localdate()
    scope = scope_of(request.person, today)
    if not scope.is_staff:
        return redirect("caseload:children")
    form = ChildrenForm(request.GET, choices_in(scope, today))
    rows = in_cohort(filtered(scope.children(), form.chosen, scope, today), form.cleaned_data["cohort"])
    found = list(rows.select_related("on_roll").order_by(*ORDER_BY[form.cleaned_data["sort"]]))
    names = people_around(scope.authorities, [child.pk for child in found], today)
    table = []
    for child in found:
        entry = getattr(child, "on_roll", None)
        table.append(
            [
                child.name,
                child.local_id,
                child.born,
                words.year_words(entry.year_group if entry else None),
                entry.school_name if entry else "",
                entry.school_urn if entry else "",
                entry.looked_after_since if entry else "",
                entry.without_school_since if entry else "",
                names.get((child.pk, Role.ADVISER), ""),
                names.get((child.pk, Role.SOCIAL_WORKER), ""),
            ]
        )
    record(
        "children.exported",
        by=request.person.user.pk,
        role=request.person.role,
        authority=request.person.authority_code,
        rows=len(table),
        filters={name: value for name, value in form.chosen.items() if name != "sort"},
    )
    columns = [
        "Child",
        "Identifier",
        "Born",
        "Year group",
        "School",
        "School URN",
        "Looked after since",
        "Without a school place since",
        "Adviser",
        "Social worker",
    ]
    return csv_response(f"children-{today.isoformat()}.csv", columns, table)


def _page(rows: QuerySet[Child], total: int, number: str | None) -> Page:
    paginator = Paginator(rows.select_related("authority", "on_roll"), PAGE)
    paginator.count = total
    return paginator.get_page(number)


def _table(page: Page, scope: Scope, today: date, looked_for: str = "") -> Table:
    found = list(page.object_list)
    ids = [child.pk for child in found]
    names = people_around(scope.authorities, ids, today) if scope.is_staff else {}
    late = dict(
        overdue(scope.obligations(today), today)
        .filter(child__in=among(ids))
        .order_by()
        .values("child")
        .annotate(n=Count("id"))
        .values_list("child", "n")
    )
    former = _former_names(scope, ids, looked_for)
    columns = ["Child", "Age and year", "School", "On the roll", "Adviser" if scope.is_staff else "Council", "Overdue"]
    rows: list[list[Any]] = []
    for child in found:
        entry = getattr(child, "on_roll", None)
        small = [former[child.pk]] if child.pk in former else []
        if scope.is_staff:
            small.append(partly(child.upn))
        n = late.get(child.pk, 0)
        rows.append(
            [
                Cell(
                    child.name,
                    address_of("caseload:child", child.public_id),
                    " · ".join(part for part in small if part),
                ),
                _age_and_year(child, entry, today),
                _school(entry, today),
                _standing(entry, today),
                (names.get((child.pk, Role.ADVISER)) or "Nobody") if scope.is_staff else str(child.authority),
                Cell(f"{n} ", state="overdue") if n else "Nothing",
            ]
        )
    return Table("Children", columns, rows)


def _former_names(scope: Scope, ids: list[int], looked_for: str) -> dict[int, str]:
    """For a child who was found by a name they had before: that name."""
    parts = plain(looked_for).split()
    if not parts:
        return {}
    rows = FormerName.objects.filter(authority__in=scope.authorities, child__in=ids).values_list(
        "child", "forename", "surname"
    )
    return {
        child: f"formerly {forename} {surname}".strip()
        for child, forename, surname in rows
        if any(part in plain(f"{forename} {surname}") for part in parts)
    }


def partly(upn: str) -> str:
    """A list shows no whole number."""
    return f"UPN ends {upn[-4:]}" if upn else "no UPN"


def _age_and_year(child: Child, entry: Any, today: date) -> str:
    parts = [str(age_on(child.born, today))] if child.born else []
    if entry and entry.year_group is not None:
        parts.append(words.year_words(entry.year_group))
    return ", ".join(parts) or "Not known"


def _school(entry: Any, today: date) -> Cell:
    if entry is None:
        return Cell("Not worked out yet")
    if entry.school_name:
        return Cell(entry.school_name)
    if entry.without_school_since:
        return Cell(
            "No school place", small=f"since {words.date_words(entry.without_school_since, today)}", strong=True
        )
    return Cell("None held")


def _standing(entry: Any, today: date) -> Cell:
    if entry is None or not entry.cohort:
        return Cell("Not on the roll")
    if entry.looked_after_since:
        return Cell(
            words.capital(words.COHORT_OF_ONE[entry.cohort]), small=f"since {words.in_full(entry.looked_after_since)}"
        )
    left = f"left care {words.in_full(entry.left_care_on)}" if entry.left_care_on else ""
    return Cell(words.capital(words.COHORT_OF_ONE[entry.cohort]), small=left)


def _cohorts(request: HttpRequest, current: str, counts: dict[str, int]) -> list[Link]:
    links = []
    for cohort, label in words.COHORTS.items():
        query = request.GET.copy()
        query["cohort"] = cohort
        query.pop("page", None)
        links.append(Link(f"{label} ({counts[cohort]:,})", f"?{query.urlencode()}", cohort == current))
    return links
