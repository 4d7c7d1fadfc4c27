"""Signing in for the first time or as somebody invented, the second step, and one's own account."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import actions
from .colours import is_usable, stylesheet
from .demo_mode import may_be_played
from .forms import AcceptInvitationForm
from .frame import whose
from .middleware import idle_seconds, is_demo_session
from .models import User
from .person import Person, person_of
from .roles import Permission


@login_not_required
@require_GET
def colours(request: HttpRequest, colour: str) -> HttpResponse:
    if not is_usable(f"#{colour}"):
        raise Http404
    response = HttpResponse(stylesheet(f"#{colour}"), content_type="text/css")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@require_GET
def second_factor(request: HttpRequest) -> HttpResponse:
    """For those who need a second step and have not shown one: somebody who has one was asked at sign-in."""
    person: Person | None = request.person  # type: ignore[attr-defined]
    if person is None:
        return redirect("account_login")
    if person.is_second_factor_given or not person.needs_second_factor:
        return redirect("/")
    return render(request, "access/second_factor.html")


@require_http_methods(["GET", "POST"])
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    if request.user.is_authenticated:
        return render(request, "access/invitation_signed_in.html", status=409)
    invitation = actions.open_invitation(token)
    if invitation is None:
        return render(request, "access/invitation_closed.html", status=404)
    user = invitation.user
    form = AcceptInvitationForm(request.POST or None, user=user, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        accepted = actions.accept_invitation(token=token, name=given["name"], password=given["password1"])
        if accepted is None:
            return render(request, "access/invitation_closed.html", status=404)
        # They have just chosen the password, so setting up the second step need not ask for it again.
        record_authentication(request, accepted, method="password", reauthenticated=True)
        return perform_login(request, accepted, email=accepted.email, redirect_url="/")
    roles = [f"{one.get_role_display()}, {_place(one)}" for one in person_of(user).memberships]
    return render(request, "access/accept_invitation.html", {"form": form, "email": user.email, "roles": roles})


def _place(membership: object) -> str:
    return whose(Person(membership.user, (membership,), membership))  # type: ignore[attr-defined]


@require_POST
def demo_sign_in(request: HttpRequest, public_id: object) -> HttpResponse:
    user = User.objects.filter(public_id=public_id).first()
    if user is None or not may_be_played(user):
        raise Http404
    request.session.flush()
    response = perform_login(request, user, email_verification="none", redirect_url="/")
    request.session["demo"] = True
    return response


@require_http_methods(["GET", "POST"])
def roles(request: HttpRequest) -> HttpResponse:
    """Which of one's roles the pages are shown for. It takes no right away: those follow from all roles."""
    person: Person = request.person  # type: ignore[attr-defined]
    if request.method == "POST":
        chosen = next((one for one in person.memberships if str(one.pk) == request.POST.get("role")), None)
        if chosen is None:
            raise Http404
        request.session["membership"] = chosen.pk
        messages.success(request, f"You now see the pages of: {chosen.get_role_display()}, {_place(chosen)}.")
        return redirect("/")
    shown = [(one, _place(one)) for one in person.memberships]
    return render(request, "access/roles.html", {"roles": shown, "chosen": person.chosen})


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    mine = list(Authenticator.objects.filter(user=person.user).values_list("type", flat=True))
    context = {
        "user": person.user,
        "roles": [(one, _place(one)) for one in person.memberships],
        "app": mine.count(Authenticator.Type.TOTP),
        "passkeys": mine.count(Authenticator.Type.WEBAUTHN),
        "codes": mine.count(Authenticator.Type.RECOVERY_CODES),
        "sessions": UserSession.objects.filter(user=person.user).count(),
        "is_demo_session": is_demo_session(request),
        "minutes": idle_seconds(person) // 60,
        "has_alerts": not person.is_at_home and person.can(Permission.CHILD_READ),
    }
    return render(request, "access/account.html", context)


@login_not_required
@require_GET
def address_is_fixed(request: HttpRequest) -> HttpResponse:
    """In place of allauth's page for changing one's e-mail address: it is what an invitation was bound to."""
    return redirect("access:account" if request.user.is_authenticated else "account_login")
