"""The council's policy for plans: what counts, since when, and changing it. None of it is law."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.authorities.models import Authority, PolicyVersion
from virtual_school.authorities.policy import history_of_part, part_on
from virtual_school.authorities.queries import school_calendars
from virtual_school.dates.school_days import Term
from virtual_school.design.dates import in_full
from virtual_school.schools.undo import offer, offered, taken

from .forms_settings_policy import MOST_TERMS, PARTS, PartForm, RightsForm, role_label
from .models import Plan
from .policy import CLOCKS, LADDER, FaultyPolicy, PlanPolicy, plan_policy
from .rights import DEFAULT, access
from .settings_actions import PART, set_plan_policy, withdraw_plan_policy
from .settings_policy import (
    ACCESS_WORDS,
    CLOCK_DUTIES,
    MEASURED_WORDS,
    PLAIN,
    PLAIN_DUTIES,
    PLAIN_WORDS,
    ROLES,
    RUNG_WORDS,
    SHORT,
    changes_between,
    measured_words,
    must_come_words,
    plain_words,
    rung_words,
    signer_words,
    variants_of,
    warnings,
)
from .settings_policy import clock_words as words_of_clock
from .views_settings import authority_of, may_change, person_of
from .workflow import NOT_DONE, WORDS, State


@require_GET
@requires(Permission.REGISTER_READ)
def plan_policy_page(request: HttpRequest) -> HttpResponse:
    authority = authority_of(request, Permission.REGISTER_READ)
    today = timezone.localdate()
    held = part_on(authority, PART, today)
    policy, usual = plan_policy(held), PlanPolicy()
    versions = [
        {
            "version": version,
            "changes": changes_between(plan_policy(before), plan_policy(after)),
            "to_come": version.starts > today,
        }
        for version, before, after in history_of_part(authority, PART)
    ]
    context = {
        "authority": authority,
        "clocks": _clocks(policy),
        "signing": _signing(policy, usual),
        "measures": _measures(policy, usual),
        "cutoffs": _cutoffs(policy, _terms(authority, today)),
        "ladder": _ladder(policy),
        "rights": _rights(policy),
        "short": [(SHORT[right], words) for right, words in ACCESS_WORDS.items()],
        "versions": versions,
        "in_force": next((one["version"].pk for one in versions if not one["to_come"]), None),
        "warnings": warnings(policy, _terms(authority, today)),
        "may_write": may_change(request, authority),
        "undo": offered(request),
    }
    return render(request, "plans/settings/policy.html", context)


def _clocks(policy: PlanPolicy) -> list[dict[str, Any]]:
    return [
        {
            "title": rule.title,
            "now": policy.clocks[rule.key].words,
            "usual": rule.words,
            "is_own": policy.clocks[rule.key].words != rule.words,
            "seen": [
                f"{words_of_clock(rule, limit, unit)}: {who}"
                for limit, unit, who in variants_of(rule)
                if who != "usual"
            ],
            "duties": CLOCK_DUTIES.get(rule.key, ()),
        }
        for rule in CLOCKS
    ]


def _signing(policy: PlanPolicy, usual: PlanPolicy) -> list[dict[str, Any]]:
    now = signer_words(policy.signers)
    rows: list[dict[str, Any]] = [
        {"title": "Who signs", "now": now, "usual": signer_words(usual.signers), "duties": ("PEP-12",)}
    ]
    rows.append(
        {
            "title": "Who is at every meeting",
            "now": must_come_words(policy.must_come),
            "usual": must_come_words(usual.must_come),
            "duties": ("PEP-08",),
        }
    )
    rows += [
        {
            "title": PLAIN_WORDS[name],
            "now": plain_words(name, getattr(policy, name)),
            "usual": plain_words(name, getattr(usual, name)),
            "duties": PLAIN_DUTIES[name],
        }
        for name in PLAIN
    ]
    return [{**row, "is_own": row["now"] != row["usual"]} for row in rows]


def _measures(policy: PlanPolicy, usual: PlanPolicy) -> list[dict[str, Any]]:
    rows = [
        {"title": what, "now": measured_words(name, getattr(policy, name)),
         "usual": measured_words(name, getattr(usual, name))}
        for name, what in MEASURED_WORDS.items()
    ]  # fmt: skip
    return [{**row, "is_own": row["now"] != row["usual"]} for row in rows]


def _cutoffs(policy: PlanPolicy, terms: list[Term]) -> list[dict[str, Any]]:
    return [
        {
            "title": term.words.capitalize(),
            "runs": f"{in_full(term.starts)} to {in_full(term.ends)}",
            "day": policy.cutoffs.get(term.key),
        }
        for term in terms
    ]


def _ladder(policy: PlanPolicy) -> list[dict[str, Any]]:
    held = {rung.key: rung_words(rung) for rung in policy.ladder}
    return [
        {
            "title": RUNG_WORDS[rung.key],
            "says": rung.says,
            "now": held.get(rung.key, "Not sent"),
            "usual": rung_words(rung),
            "is_own": held.get(rung.key) != rung_words(rung),
        }
        for rung in LADDER
    ]


GROUPS: tuple[tuple[str, tuple[State, ...]], ...] = (
    ("Due", (State.DUE,)),
    ("Being written", (State.OPEN, State.IN_PROGRESS, State.READY_FOR_MEETING)),
    ("After the meeting", (State.MEETING_HELD, State.AWAITING_SIGNOFF)),
    ("Sent in", (State.SUBMITTED, State.IN_QA)),
    ("Returned", (State.RETURNED,)),
    ("Approved", (State.APPROVED, State.PUBLISHED, State.SUPERSEDED)),
    ("Closed", (State.CLOSED_MOVED, State.CLOSED_LEFT_CARE, State.CLOSED_18)),
    ("In error", (State.CLOSED_ERROR, State.CANCELLED)),
)
"""States shown in one column of the table; where they differ, each is named."""


def _rights(policy: PlanPolicy) -> dict[str, Any]:
    rows = []
    for role in ROLES:
        cells = []
        for _, states in GROUPS:
            found = [access(state, role, policy.rights) for state in states]
            own = any(access(state, role, DEFAULT) != right for state, right in zip(states, found, strict=True))
            same = len(set(found)) == 1
            words = (
                SHORT[found[0]]
                if same
                else "; ".join(f"{SHORT[right]} ({WORDS[state]})" for state, right in zip(states, found, strict=True))
            )
            cells.append({"words": words, "full": ACCESS_WORDS[found[0]] if same else "", "is_own": own})
        rows.append({"role": role, "label": role_label(role), "cells": cells})
    return {"columns": [title for title, _ in GROUPS], "rows": rows}


def _terms(authority: Authority, today: date) -> list[Term]:
    calendar, _ = school_calendars(authority.code, authority.name)
    return [term for term in calendar.terms if term.ends >= today][:MOST_TERMS]


@require_http_methods(["GET", "POST"])
@requires(Permission.POLICY_WRITE)
def change(request: HttpRequest, part: str) -> HttpResponse:
    if part not in PARTS:
        raise Http404
    authority = authority_of(request, Permission.POLICY_WRITE)
    today = timezone.localdate()
    make, title = PARTS[part]
    held = part_on(authority, PART, today)
    more: dict[str, Any] = {"terms": _terms(authority, today)} if part == "cut-offs" else {}
    form = make(plan_policy(held), held, today, request.POST or None, **more)
    return _changed(request, authority, form, title, {"part": part}, f"plans/settings/policy_{part}.html")


@require_http_methods(["GET", "POST"])
@requires(Permission.POLICY_WRITE)
def change_rights(request: HttpRequest, role: str) -> HttpResponse:
    if role not in ROLES:
        raise Http404
    authority = authority_of(request, Permission.POLICY_WRITE)
    today = timezone.localdate()
    held = part_on(authority, PART, today)
    form = RightsForm(plan_policy(held), held, today, request.POST or None, role=role)
    label = role_label(role)
    return _changed(request, authority, form, f"Rights: {label}", {"label": label}, "plans/settings/policy_rights.html")


def _changed(
    request: HttpRequest, authority: Authority, form: PartForm, title: str, more: Mapping[str, Any], page: str
) -> HttpResponse:
    """Shows in words what would change before anything does; the button on that page saves."""
    changes, told = None, []
    if request.method == "POST" and form.is_valid():
        starts = form.cleaned_data["starts"]
        then = part_on(authority, PART, starts)
        # What this part says, on top of what the others hold on that day.
        form.held, form.now = then, plan_policy(then)
        choices = form.choices
        try:
            after = plan_policy(choices)
        except FaultyPolicy as fault:
            form.add_error(None, str(fault).rstrip("."))
        else:
            changes = changes_between(form.now, after)
            told = warnings(after, _terms(authority, timezone.localdate()))
            if not changes:
                form.add_error(None, f"Nothing differs from the policy in force on {in_full(starts)}")
            elif "confirmed" in request.POST:
                return _saved(request, authority, starts, choices, form.cleaned_data["why"], len(changes))
    context = {
        "form": form,
        "authority": authority,
        "title": title,
        "changes": changes if not form.errors else None,
        "warnings": told,
        "open_plans": _open_plans(authority) if changes else 0,
        **more,
    }
    return render(request, page, context)


def _saved(
    request: HttpRequest, authority: Authority, starts: date, choices: Mapping[str, Any], why: str, n: int
) -> HttpResponse:
    same_day = PolicyVersion.objects.filter(authority=authority, starts=starts).first()
    before = {"choices": same_day.choices.get(PART, {}), "why": same_day.why} if same_day else None
    if same_day and same_day.why and same_day.why != why:
        why = f"{same_day.why}\n{why}"
    version = set_plan_policy(authority=authority, starts=starts, choices=choices, why=why, by=person_of(request).user)
    many = "1 choice is" if n == 1 else f"{n} choices are"
    words = f"{many} changed for the plans of {authority.name} from {in_full(starts)}."
    offer(request, words, "plans:policy_undo", version.pk, before=before)
    return redirect("plans:policy")


def _open_plans(authority: Authority) -> int:
    return Plan.objects.filter(authority=authority, state__in=[str(state) for state in NOT_DONE]).count()


@require_POST
@requires(Permission.POLICY_WRITE)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back a change made a moment ago; what counted before it counts again."""
    authority = authority_of(request, Permission.POLICY_WRITE)
    version = get_object_or_404(PolicyVersion, authority=authority, pk=pk)
    before = taken(request)["before"]
    by = person_of(request).user
    if before:
        set_plan_policy(authority=authority, starts=version.starts, by=by, **before)
    else:
        withdraw_plan_policy(version=version, by=by)
    messages.success(request, "The change of policy is taken back.")
    return redirect("plans:policy")


@require_POST
@requires(Permission.POLICY_WRITE)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """A change whose day has not come. One in force is changed by a later one, so that its history stays."""
    authority = authority_of(request, Permission.POLICY_WRITE)
    version = get_object_or_404(PolicyVersion, authority=authority, pk=pk, starts__gt=timezone.localdate())
    withdraw_plan_policy(version=version, by=person_of(request).user)
    messages.success(request, "The change of policy is taken back.")
    return redirect("plans:policy")
