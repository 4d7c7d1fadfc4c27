"""What people promised: a list for oneself and for a child, and what came of each."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record_read
from virtual_school.children.queries import child_for
from virtual_school.dates.terms import term_words
from virtual_school.design.forms import DateField, Radios, Textarea
from virtual_school.design.list_links import choice_links

from .followup import STATES, Told, actions_for, counted, finish, in_state, may_mark, reopen_action
from .meeting_words import who_words
from .models import Action
from .presenting import date_words
from .refused import Refused

PAGE = 50


class FinishForm(forms.Form):
    state = forms.ChoiceField(
        label="What came of it?", choices=[("done", "It is done"), ("not_done", "It will not be done")], widget=Radios()
    )
    done_on = DateField(label="On which day?", required=False)
    outcome = forms.CharField(
        label="What came of it, or why not and what happens instead?", required=False, max_length=5_000,
        widget=Textarea(rows=3),
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.fields["done_on"].latest = today


@requires(Permission.CHILD_READ)
def actions(request: HttpRequest) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    mine = request.GET.get("show") != "all"
    context = _listed(request, actions_for(person, mine=mine))
    context |= {"mine": mine, "other_url": "?show=all" if mine else "?"}
    return render(request, "plans/meeting/actions.html", context)


@requires(Permission.CHILD_READ)
def of_child(request: HttpRequest, public_id: object) -> HttpResponse:
    child = child_for(request, public_id)
    person: Person = request.person  # type: ignore[attr-defined]
    rows = actions_for(person, mine=False).filter(child=child)
    return render(request, "plans/meeting/actions.html", {**_listed(request, rows), "child": child})


def _listed(request: HttpRequest, rows: QuerySet[Action]) -> dict[str, Any]:
    today = timezone.localdate()
    counts = counted(rows, today)
    state = request.GET.get("state", "")
    if state not in STATES:
        state = "open"
    shown = in_state(rows, state, today).select_related("child__authority", "owner", "plan").order_by("due_on", "id")
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    return {
        "links": choice_links(request.GET, "state", STATES, state, counts, {"open"}),
        "page": page,
        "rows": [_row(one, today) for one in page.object_list],
        "counts": counts,
        "state": state,
    }


def _row(one: Action, today: date) -> dict[str, Any]:
    is_open = one.state == Action.State.OPEN
    late = bool(is_open and one.due_on and one.due_on < today)
    days = (one.due_on - today).days if is_open and one.due_on else None
    told = ""
    if days is not None:
        n = abs(days)
        counted_days = f"{n} day{'' if n == 1 else 's'}"
        told = "today" if days == 0 else f"{counted_days} late" if days < 0 else f"in {counted_days}"
    colour = {"done": "green", "not_done": "grey"}.get(one.state, "red" if late else "")
    return {
        "action": one,
        "who": who_words(one),
        "due": date_words(one.due_on, today),
        "days": told,
        "state": "Overdue" if late else one.get_state_display(),
        "colour": colour,
        "term": term_words(one.plan.term) if one.plan else "",
    }


def _one(request: HttpRequest, action_id: object) -> Action:
    """404 unless the person may see the child and read the plan; looking is logged."""
    person: Person = request.person  # type: ignore[attr-defined]
    found = (
        actions_for(person, mine=False)
        .filter(public_id=action_id)
        .select_related("child__authority", "plan", "owner")
        .first()
    )
    if found is None:
        raise Http404
    match = request.resolver_match
    record_read(
        child=found.child_id, authority=found.authority_id, by=person.user.pk, role=person.role,
        page=match.view_name if match else "",
    )  # fmt: skip
    return found


@requires(Permission.CHILD_READ)
def action(request: HttpRequest, action_id: object) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    found = _one(request, action_id)
    today = timezone.localdate()
    marks = may_mark(person, found.child, found)
    if request.method == "POST" and not marks:
        raise PermissionDenied
    form = FinishForm(request.POST or None, today=today, initial={"outcome": found.outcome})
    if request.method == "POST" and form.is_valid():
        told = Told(form.cleaned_data["state"], form.cleaned_data["outcome"], form.cleaned_data["done_on"])
        try:
            finish(action=found, child=found.child, person=person, told=told, by=person.user)
        except Refused as refused:
            form.add_error("outcome" if told.state == "not_done" and marks else None, str(refused))
        else:
            messages.success(request, "Noted. Thank you.")
            return redirect("plans:child_actions", found.child.public_id)
    context = {
        "action": found,
        "child": found.child,
        "row": _row(found, today),
        "form": form if marks and found.state == Action.State.OPEN else None,
        "may_reopen": marks and found.state != Action.State.OPEN,
    }
    return render(request, "plans/meeting/action.html", context)


@require_POST
@requires(Permission.CHILD_READ)
def reopen(request: HttpRequest, action_id: object) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    found = _one(request, action_id)
    if not may_mark(person, found.child, found):
        raise PermissionDenied
    try:
        reopen_action(action=found, child=found.child, person=person, by=person.user)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "It is to do again.")
    return redirect("plans:action", found.public_id)
