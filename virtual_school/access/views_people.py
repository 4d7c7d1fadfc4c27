"""People and roles: who is let in, as what, until when."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virtual_school.design.components import Chip

from . import actions
from .forms import InviteForm, PeopleFilter, RoleForm
from .frame import school_name
from .models import Membership, Role, User
from .people import STATES, PersonListed, group, memberships_in, people_in
from .person import Person, requires
from .roles import Permission

A_PAGE = 50


def _read_in(request: HttpRequest) -> tuple[int, ...]:
    person: Person = request.person  # type: ignore[attr-defined]
    return person.authorities_where(Permission.PEOPLE_READ)


def _write_in(request: HttpRequest) -> tuple[int, ...]:
    person: Person = request.person  # type: ignore[attr-defined]
    return person.authorities_where(Permission.PEOPLE_WRITE)


@require_http_methods(["GET", "POST"])
@requires(Permission.PEOPLE_READ)
def people(request: HttpRequest) -> HttpResponse:
    """A search for a name comes by POST, so that it stays out of addresses and logs."""
    chosen = PeopleFilter(request.GET)
    on = chosen.cleaned_data if chosen.is_valid() else {}
    words = request.POST.get("q", "").strip()
    role, state = on.get("role", ""), on.get("state", "")
    found = people_in(_read_in(request), role=role, state=state, words=words)
    page = Paginator(found, A_PAGE if not words else 500).get_page(request.GET.get("page"))
    context = {
        "form": PeopleFilter(initial=on),
        "people": page,
        "count": len(found),
        "words": words,
        "chips": _chips(role, state, words),
        "may_invite": bool(_write_in(request)),
    }
    return render(request, "access/people.html", context)


def _chips(role: str, state: str, words: str) -> list[Chip]:
    chips = [Chip(f"Name or address has “{words}”", "?")] if words else []
    if role:
        chips.append(Chip(Role(role).label, f"?state={state}"))
    if state:
        chips.append(Chip(STATES[state][0], f"?role={role}"))
    return chips


@require_http_methods(["GET", "POST"])
@requires(Permission.PEOPLE_WRITE)
def invite_person(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None, authorities=_write_in(request))
    if request.method == "POST" and form.is_valid():
        try:
            membership, link = actions.invite(by=request.user, **form.given)
        except ValidationError as problem:
            _show(form, problem)
        else:
            messages.success(request, _invited(membership, link))
            return redirect("access:person_detail", membership.user.public_id)
    return render(request, "access/invite.html", {"form": form})


def _show(form: RoleForm, problem: ValidationError) -> None:
    """Beside the field it is about, where the form has that field."""
    by_field = getattr(problem, "error_dict", {"": [problem]})
    for name, errors in by_field.items():
        form.add_error(name if name in form.fields else None, [words for one in errors for words in one.messages])


def _invited(membership: Membership, link: str) -> str:
    name, role = membership.user.name, membership.get_role_display().lower()
    if link:
        return f"{name} is invited as {role}. The link in their mail works once, for {actions.INVITATION_DAYS} days."
    return f"{name} is now {role}. They have an account, so they sign in as before; a mail tells them."


@require_GET
@requires(Permission.PEOPLE_READ)
def person_detail(request: HttpRequest, public_id: object) -> HttpResponse:
    listed = _listed(request, public_id)
    managed = set(_write_in(request))
    is_self = listed.user.pk == request.user.pk
    undo = request.session.pop("role_ended", None)
    rows = [
        {
            "role": role,
            "school": school_name(role.membership.urn) if role.membership.urn else "",
            "may_end": not is_self and role.state != "ended" and role.membership.authority_id in managed,
        }
        for role in listed.roles
    ]
    context = {
        "listed": listed,
        "rows": rows,
        "is_self": is_self,
        "may_write": not is_self and bool(managed & {one.membership.authority_id for one in listed.roles}),
        "is_invited": any(role.state == "invited" for role in listed.roles),
        "undo": next((one.membership for one in listed.roles if one.membership.pk == undo), None),
    }
    return render(request, "access/person_detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.PEOPLE_WRITE)
def give_role(request: HttpRequest, public_id: object) -> HttpResponse:
    user = _listed(request, public_id).user
    if user.pk == request.user.pk:
        raise PermissionDenied
    form = RoleForm(request.POST or None, authorities=_write_in(request))
    if request.method == "POST" and form.is_valid():
        try:
            membership, link = actions.invite(by=request.user, name=user.name, email=user.email or "", **form.given)
        except ValidationError as problem:
            _show(form, problem)
        else:
            messages.success(request, _invited(membership, link))
            return redirect("access:person_detail", user.public_id)
    return render(request, "access/give_role.html", {"form": form, "user_listed": user})


@require_POST
@requires(Permission.PEOPLE_WRITE)
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    if _try(request, actions.end_role, by=request.user, membership=membership):
        request.session["role_ended"] = membership.pk
    return redirect("access:person_detail", membership.user.public_id)


@require_POST
@requires(Permission.PEOPLE_WRITE)
def give_back_role(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    if _try(request, actions.give_back_role, by=request.user, membership=membership):
        messages.success(request, f"{membership.user.name} is {membership.get_role_display().lower()} again.")
    return redirect("access:person_detail", membership.user.public_id)


@require_POST
@requires(Permission.PEOPLE_WRITE)
def end_sessions(request: HttpRequest, public_id: object) -> HttpResponse:
    user, authority = _person_to_change(request, public_id)
    ended = actions.end_all_sessions(by=request.user, user=user, authority=authority)
    many = "1 session" if ended == 1 else f"{ended} sessions"
    messages.success(request, f"{user.name} is signed out everywhere: {many} ended.")
    return redirect("access:person_detail", user.public_id)


@require_http_methods(["GET", "POST"])
@requires(Permission.PEOPLE_WRITE)
@reauthentication_required
def start_afresh(request: HttpRequest, public_id: object) -> HttpResponse:
    user, authority = _person_to_change(request, public_id)
    if request.method == "POST":
        if _try(request, actions.start_afresh, by=request.user, user=user, authority=authority):
            messages.success(request, f"{user.name} is signed out everywhere, and an invitation is on its way to them.")
        return redirect("access:person_detail", user.public_id)
    return render(request, "access/start_afresh.html", {"user_listed": user})


@require_POST
@requires(Permission.PEOPLE_WRITE)
def invite_again(request: HttpRequest, public_id: object) -> HttpResponse:
    user, authority = _person_to_change(request, public_id)
    if _try(request, actions.send_invitation, by=request.user, user=user, authority=authority):
        messages.success(request, f"A new invitation is on its way to {user.name}. Links sent before no longer work.")
    return redirect("access:person_detail", user.public_id)


@require_POST
@requires(Permission.PEOPLE_WRITE)
def cancel_invitation(request: HttpRequest, public_id: object) -> HttpResponse:
    user, authority = _person_to_change(request, public_id)
    if _try(request, actions.cancel_invitation, by=request.user, user=user, authority=authority):
        messages.success(request, f"The invitation of {user.name} is withdrawn, and the role with it.")
    return redirect("access:person_detail", user.public_id)


def _listed(request: HttpRequest, public_id: object) -> PersonListed:
    """404 for somebody with no role in an authority whose people the reader may see."""
    found = memberships_in(_read_in(request)).filter(user__public_id=public_id).order_by("-starts", "pk")
    people_found = group(found)
    if not people_found:
        raise Http404
    return people_found[0]


def _membership(request: HttpRequest, pk: int) -> Membership:
    found = memberships_in(_write_in(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _person_to_change(request: HttpRequest, public_id: object) -> tuple[User, int]:
    found = memberships_in(_write_in(request)).filter(user__public_id=public_id).order_by("-starts").first()
    if found is None:
        raise Http404
    return found.user, found.authority_id or 0


def _try(request: HttpRequest, action: Any, **arguments: Any) -> bool:
    """A refusal for what somebody may not do; a message for what cannot be done."""
    try:
        action(**arguments)
    except actions.NotAllowed as problem:
        raise PermissionDenied(problem.messages[0]) from problem
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return False
    return True
