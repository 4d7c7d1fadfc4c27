"""Promises made to children: one's own, and how each one stands, in the words the child reads."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from virtual_school.access.models import Role
from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record_read
from virtual_school.children.queries import visible_to

from .came_of_it import Refused, close_with_evidence, set_state
from .forms import PromiseForm
from .models import Promise
from .rights import STARTS, roles_of
from .rules import standing_of

TAGS = {"late": "red", "broken": "red", "done": "green", "under_way": "blue", "changed": "purple", "made": ""}
LABELS = {**{state.value: state.label for state in Promise.State}, "late": "Late"}


@requires(Permission.CHILD_READ)
def promises(request: HttpRequest) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    today = timezone.localdate()
    rows = Promise.objects.filter(person=person.user, child__in=visible_to(person)).select_related("child__authority")
    open_first = sorted(rows, key=lambda one: (one.closed_on is not None or one.state == "done", one.due_on, one.pk))
    return render(request, "voice/adults/promises.html", {"rows": [_row(one, today) for one in open_first]})


def _row(one: Promise, today: object) -> dict[str, object]:
    standing = standing_of(one.state, one.due_on, today)  # type: ignore[arg-type]
    return {"promise": one, "label": LABELS[standing], "colour": TAGS.get(standing, "")}


def _one(request: HttpRequest, promise_id: object) -> tuple[Promise, tuple[str, ...]]:
    person: Person = request.person  # type: ignore[attr-defined]
    found = (
        Promise.objects.filter(public_id=promise_id, child__in=visible_to(person))
        .select_related("child__authority", "ask")
        .first()
    )
    if found is None:
        raise Http404
    match = request.resolver_match
    record_read(
        child=found.child_id, authority=found.authority_id, by=person.user.pk, role=person.role,
        page=match.view_name if match else "",
    )  # fmt: skip
    return found, roles_of(person, found.child)


def may_change(person: Person, promise: Promise, roles: tuple[str, ...]) -> bool:
    return promise.person_id == person.user.pk or bool(set(roles) & (STARTS - {Role.REVIEWING_OFFICER}))


@requires(Permission.CHILD_READ)
def promise(request: HttpRequest, promise_id: object) -> HttpResponse:
    found, roles = _one(request, promise_id)
    person: Person = request.person  # type: ignore[attr-defined]
    changes = may_change(person, found, roles)
    if request.method == "POST" and not changes:
        raise PermissionDenied
    form = PromiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            set_state(promise=found, state=given["state"], words=given["words"], due_on=given["due_on"], by=person.user)
        except Refused as refused:
            form.add_error("words", str(refused))
        else:
            messages.success(request, f"Kept. {found.child.first_name} reads it on their own page.")
            return redirect("voice:promise", promise_id=found.public_id)
    return render(
        request, "voice/adults/promise.html",
        {**_row(found, timezone.localdate()), "child": found.child, "form": form if changes and not found.closed_on else None,
         "steps": found.steps.all(), "judgements": found.judgements.all(), "labels": LABELS, "changes": changes},
    )  # fmt: skip


@requires(Permission.CHILD_READ)
@require_POST
def close(request: HttpRequest, promise_id: object) -> HttpResponse:
    found, roles = _one(request, promise_id)
    person: Person = request.person  # type: ignore[attr-defined]
    if not may_change(person, found, roles):
        raise PermissionDenied
    try:
        close_with_evidence(promise=found, evidence=request.POST.get("evidence", ""), by=person.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Closed.")
    return redirect("voice:promise", promise_id=found.public_id)
