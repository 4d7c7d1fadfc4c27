"""Systems that send marks: which are let in, a token for a new one, and switching them off."""

from datetime import timedelta
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.authorities.models import Authority
from virtual_school.design.components import Cell, Table
from virtual_school.schools.models import School

from . import tokens as actions
from .forms_tokens import TokenForm
from .models_api import ApiToken, Verb
from .pages import moment
from .readers.dates import in_full

ENDED_SHOWN = 50
EXPIRES_SOON = timedelta(days=30)


def _person(request: HttpRequest) -> Person:
    return request.person  # type: ignore[attr-defined]


@require_GET
@requires(Permission.PEOPLE_WRITE)
def tokens(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    found = list(actions.tokens_seen_by(_person(request)))
    names = dict(School.objects.filter(urn__in={one.urn for one in found if one.urn}).values_list("urn", "name"))
    in_force = [one for one in found if one.is_open(today)]
    ended = [one for one in found if not one.is_open(today)]
    managed = _person(request).authorities_where(Permission.PEOPLE_WRITE)
    context = {
        "in_force": _in_force(in_force, names, managed) if in_force else None,
        "ended": _ended(ended[:ENDED_SHOWN], names) if ended else None,
        "ended_count": len(ended),
        "may_switch_off": any(one.authority_id in managed for one in in_force),
    }
    return render(request, "exchange/tokens.html", context)


def whose(token: ApiToken, names: dict[int, str]) -> str:
    """For whom it may send, in words."""
    if token.urn is None:
        return f"Children of {token.authority.name}"
    return f"Pupils of {names.get(token.urn, f'school {token.urn}')}"


def does(token: ApiToken) -> str:
    words = "Sends what schools said" if token.told == ApiToken.Told.CALLS else "Sends marks"
    return f"{words}, reads sums" if Verb.READ in token.verbs else words


def _in_force(found: list[ApiToken], names: dict[int, str], managed: tuple[int, ...]) -> Table:
    soon = timezone.localdate() + EXPIRES_SOON
    rows = []
    for one in found:
        made = f"Made by {one.made_by_name} on {in_full(timezone.localdate(one.made_at))}"
        rows.append(
            [
                Cell(one.name, small=made if one.authority_id in managed else f"Made by {one.authority.name}"),
                Cell(whose(one, names), small=does(one)),
                f"{one.begins}…",
                moment(one.last_used_at).capitalize() if one.last_used_at else "Not yet",
                Cell(
                    in_full(one.expires_on - timedelta(days=1)), small="soon: make a new one" if one.expires_on <= soon else ""
                ),
                Cell("Withdraw", reverse("exchange:withdraw_token", args=[one.public_id]), small=""),
            ]
        )  # fmt: skip
    columns = ["System", "For", "Token begins", "Last used", "Last day", "Switch off"]
    return Table("Systems let in", columns, rows)


def _ended(found: list[ApiToken], names: dict[int, str]) -> Table:
    rows = [
        [
            one.name,
            whose(one, names),
            f"Withdrawn by {one.withdrawn_by_name} {moment(one.withdrawn_at)}"
            if one.withdrawn_at
            else f"Ran out after {in_full(one.expires_on - timedelta(days=1))}",
        ]
        for one in found
    ]
    return Table("Systems no longer let in", ["System", "For", "How it ended"], rows)


@require_http_methods(["GET", "POST"])
@requires(Permission.PEOPLE_WRITE)
@reauthentication_required
def new(request: HttpRequest) -> HttpResponse:
    """The secret stands in the answer to the form, once, and nowhere else."""
    person = _person(request)
    managed = person.authorities_where(Permission.PEOPLE_WRITE)
    readable = tuple(code for code in managed if code in person.authorities_where(Permission.CHILD_READ))
    form = TokenForm(request.POST or None, authorities=managed, readable=readable)
    if request.method == "POST" and form.is_valid():
        token, secret = actions.make_token(by=request.user, **form.given)  # type: ignore[arg-type]
        return render(request, "exchange/token_made.html", _made(token, secret))
    return render(request, "exchange/token_new.html", {"form": form})


def _made(token: ApiToken, secret: str) -> dict[str, Any]:
    names = dict(School.objects.filter(urn=token.urn).values_list("urn", "name"))
    return {
        "token": token,
        "secret": secret,
        "whose": whose(token, names),
        "last_day": in_full(token.expires_on - timedelta(days=1)),
        "address": settings.BASE_URL.rstrip("/") + reverse("api:attendance"),
    }


@require_http_methods(["GET", "POST"])
@requires(Permission.PEOPLE_WRITE)
def withdraw(request: HttpRequest, public_id: object) -> HttpResponse:
    token = actions.tokens_seen_by(_person(request)).filter(public_id=public_id).first()
    if token is None:
        raise Http404
    if request.method == "POST":
        if actions.withdraw_token(by=request.user, token=token):  # type: ignore[arg-type]
            messages.success(request, f"{token.name} is no longer let in.")
        return redirect("exchange:tokens")
    names = dict(School.objects.filter(urn=token.urn).values_list("urn", "name"))
    context = {"token": token, "whose": whose(token, names), "is_open": token.is_open(timezone.localdate())}
    return render(request, "exchange/token_withdraw.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.PEOPLE_WRITE)
def withdraw_all(request: HttpRequest) -> HttpResponse:
    """Of the authorities whose people the reader manages; schools' tokens that others made stay theirs."""
    managed = Authority.objects.filter(code__in=_person(request).authorities_where(Permission.PEOPLE_WRITE))
    if request.method == "POST":
        ended = sum(actions.withdraw_all(by=request.user, authority=one) for one in managed)  # type: ignore[arg-type]
        messages.success(request, "1 system was switched off." if ended == 1 else f"{ended} systems were switched off.")
        return redirect("exchange:tokens")
    open_now = list(actions.open_tokens().filter(authority__in=managed))
    return render(request, "exchange/tokens_switch_off.html", {"open_now": open_now})
