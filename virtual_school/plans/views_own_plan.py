"""My plan: a young person reads their own plan in plain words, on a page and as a file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record_read
from virtual_school.dates.terms import term_words

from .models import Plan
from .opened import WRITTEN
from .own_plan import READY, in_plain_words, opened_by_its_child, own_child, own_plans, shown_first
from .publishing import copy_file, current_file
from .refused import Refused
from .views_closing_copies import sent_as_file


def _read(request: HttpRequest, plan: Plan) -> None:
    person: Person = request.person  # type: ignore[attr-defined]
    match = request.resolver_match
    record_read(
        child=plan.child_id, authority=plan.authority_id, by=person.user.pk, role=person.role,
        page=match.view_name if match else "",
    )  # fmt: skip


def _own(request: HttpRequest, public_id: object) -> tuple[Plan, list[Plan]]:
    """404 for a plan that is not their own, or that they may not read."""
    person: Person = request.person  # type: ignore[attr-defined]
    today = timezone.localdate()
    child = own_child(person, today)
    plans = own_plans(child, today) if child else []
    plan = next((one for one in plans if str(one.public_id) == str(public_id)), None)
    if plan is None:
        raise Http404
    _read(request, plan)
    return _whole(plan), plans


def _whole(plan: Plan) -> Plan:
    rows = Plan.objects.select_related("template", "school", "child__authority", "reviewer", "previous")
    return rows.prefetch_related(*WRITTEN).get(pk=plan.pk)


@require_GET
@requires(Permission.OWN_PLAN_READ)
def my_plan(request: HttpRequest) -> HttpResponse:
    """Names nobody in its address: whoever has signed in sees their own."""
    person: Person = request.person  # type: ignore[attr-defined]
    today = timezone.localdate()
    child = own_child(person, today)
    plans = own_plans(child, today) if child else []
    first = shown_first(plans)
    if first is None:
        return render(request, "plans/own/none.html", {"child": child})
    _read(request, first)
    return _shown(request, _whole(first), plans)


@require_GET
@requires(Permission.OWN_PLAN_READ)
def my_plan_of(request: HttpRequest, public_id: object) -> HttpResponse:
    plan, plans = _own(request, public_id)
    return _shown(request, plan, plans)


def _shown(request: HttpRequest, plan: Plan, plans: list[Plan]) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    mine = in_plain_words(plan, person, timezone.localdate())
    others: list[dict[str, Any]] = [
        {"plan": one, "term": term_words(one.term), "is_new": one.state not in READY}
        for one in plans
        if one.pk != plan.pk
    ]
    context = {"mine": mine, "child": plan.child, "term": term_words(plan.term), "others": others}
    return render(request, "plans/own/plan.html", context)


@require_GET
@requires(Permission.OWN_PLAN_READ)
def my_plan_file(request: HttpRequest, public_id: object) -> HttpResponse:
    """The same words on paper."""
    plan, _ = _own(request, public_id)
    person: Person = request.person  # type: ignore[attr-defined]
    mine = opened_by_its_child(plan, person)
    try:
        if plan.state in READY:
            found = copy_file(opened=mine, version=plan.version, form="plain", by=person.user)
        else:
            found = current_file(opened=mine, form="plain", by=person.user)
    except Refused as why:
        raise Http404(str(why)) from why
    return sent_as_file(found)
