"""What happens around every request: headers, who it is, how long they have been away, and one transaction."""

import uuid
from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from virtual_school.audit.actions import record
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import NOBODY

from .matrix import verbs_of
from .person import Person, person_of

Next = Callable[[HttpRequest], HttpResponse]
SIGN_IN_PAGES = ("/accounts/", "/static/", "/healthz", "/readyz")


class Headers:
    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = uuid.uuid4()
        response = self.get_response(request)
        response["X-Robots-Tag"] = "noindex"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        microphone = "(self)" if getattr(response, "uses_microphone", False) else "()"
        response["Permissions-Policy"] = (
            "publickey-credentials-get=(self), publickey-credentials-create=(self), camera=(), geolocation=(), "
            f"microphone={microphone}, payment=(), usb=()"
        )
        response.setdefault("Cache-Control", "no-store")
        if getattr(request, "person", None) and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class FetchMetadata:
    """A browser says where a request comes from: other sites may link to us, and do nothing else."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        site = request.headers.get("Sec-Fetch-Site", "none")
        is_link = request.headers.get("Sec-Fetch-Mode") == "navigate" and request.method in {"GET", "HEAD"}
        if site in {"cross-site", "same-site"} and not is_link:
            return HttpResponseForbidden("This request came from another site.", content_type="text/plain")
        return self.get_response(request)


class SessionLimits:
    """Signs out whoever has been away too long. The absolute limit is the age of the session itself."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.person = None
        if request.user.is_authenticated:
            now = timezone.now().timestamp()
            began = request.session.setdefault("began", now)
            last = request.session.get("last", now)
            person = _person(request)
            limit = idle_seconds(person)
            if now - last > limit:
                self.end(request, f"You were signed out because nothing was done for {limit // 60} minutes.")
            elif now - began > settings.SESSION_COOKIE_AGE:
                hours = settings.SESSION_COOKIE_AGE // 3600
                self.end(request, f"You were signed out after {hours} hours. Sign in again to go on.")
            else:
                request.person = person
                if now - last > 30 or "last" not in request.session:
                    request.session["last"] = now
        return self.get_response(request)

    def end(self, request: HttpRequest, why: str) -> None:
        logout(request)
        messages.warning(request, why)


def _person(request: HttpRequest) -> Person:
    """allauth notes each method used in the session; `sign_ins` adds the one set up in it."""
    records = get_authentication_records(request, request.user)
    given = any(record.get("method") == "mfa" for record in records) or is_demo_session(request)
    return person_of(request.user, chosen_id=request.session.get("membership"), is_second_factor_given=given)


def idle_seconds(person: Person) -> int:
    return settings.SESSION_IDLE_SECONDS_AT_HOME if person.is_at_home else settings.SESSION_IDLE_SECONDS


def is_demo_session(request: HttpRequest) -> bool:
    return settings.DEMO and request.user.is_invented and request.session.get("demo") is True


class SignInRequired:
    """Every page asks for signing in, and of most people a second factor, unless it says otherwise. It takes the
    methods its row in the access matrix lists, and no others."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if (verbs := verbs_of(_view_name(request))) and request.method not in verbs:
            return HttpResponseNotAllowed(sorted(verbs))
        if not getattr(view, "login_required", True) or request.path.startswith(SIGN_IN_PAGES):
            return None
        person = request.person
        if person is None:
            where = request.get_full_path() if request.method == "GET" else "/"
            query = f"?{urlencode({'next': where})}" if where != "/" else ""
            return redirect(reverse("account_login") + query)
        if person.needs_second_factor and not person.is_second_factor_given:
            return redirect("access:second_factor")
        return None


class Acting:
    """One transaction a request, on behalf of the person, or with the narrow right of a code (`request.capability`).
    An error or a refusal leaves nothing behind but a note."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.person
        claims = getattr(request, "capability", None) or (person.claims if person else NOBODY)
        role = person.role if person else ""
        with acting(claims, context=request.id, action=f"{request.method} {_view_name(request)}", role=role):
            response = self.get_response(request)
            if response.status_code >= 400 or getattr(request, "failed", False):
                transaction.set_rollback(True)
        if response.status_code == 403 and person:
            with acting(claims, context=request.id, action="refused", role=role):
                record(
                    "access.refused",
                    by=person.user.pk,
                    role=role,
                    authority=person.authority_code,
                    page=_view_name(request),
                )
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        request.failed = True


def _view_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match else ""
