"""What follows from signing in and from a change of second factor: the session's standing, and the log."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY, record_authentication
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_login_failed
from django.db import connection
from django.db.models.functions import Lower
from django.http import HttpRequest
from psycopg.types.json import Jsonb

from virtual_school.audit.actions import current_context

from .allauth import authority_of
from .models import Membership, User


def end_sessions(user: User, *, but: str | None = None) -> int:
    """Signs the person out everywhere, from the next request on. `but` is the key of a session that stays."""
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=but or ""))
    for session in sessions:
        session.end()
    return len(sessions)


def _acting_for() -> int | None:
    """Nobody yet while somebody signs in, and nobody any more after the transaction: a log entry must agree."""
    with connection.cursor() as cursor:
        cursor.execute("select identity.person()", [])
        return cursor.fetchone()[0]


def log(action: str, user: User, **details: Any) -> None:
    _insert(action, authority_of(user), person=user.pk, **details)


def _insert(action: str, authority: int | None, **details: Any) -> None:
    """Without RETURNING, which `audit.actions.record` needs: that asks for the right to read the row as well,
    and somebody who is only signing in may read nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into audit_event (authority_id, person_id, role, action, details, context, at)"
            " values (%s, %s, '', %s, %s, %s, clock_timestamp())",
            [authority, _acting_for(), action, Jsonb(details), current_context()],
        )


def on_signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    log("account.signed_in", user, demo=bool(user.is_invented))


def on_sign_in_failed(credentials: dict[str, Any], **kwargs: Any) -> None:
    """One query whether or not there is such an account, so that the time tells nothing."""
    email = str(credentials.get("email", "")).lower()
    found = (
        Membership.objects.annotate(address=Lower("user__email"))
        .filter(address=email)
        .values_list("user_id", "authority_id")
        .first()
    )
    person, authority = found or (None, None)
    _insert("account.sign_in_failed", authority, person=person)


def on_second_factor_failed(user: User, **kwargs: Any) -> None:
    log("account.second_factor_failed", user)


def on_second_factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Whoever has just shown that they hold the new factor need not show it again in this session."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
    end_sessions(user, but=request.session.session_key)
    log("account.second_factor_added", user, kind=authenticator.type)


def on_second_factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """What was shown with a factor that is no longer theirs counts no more."""
    theirs = set(Authenticator.objects.filter(user=user).values_list("pk", flat=True))
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        one for one in records if one.get("method") != "mfa" or one.get("id") in theirs
    ]
    end_sessions(user, but=request.session.session_key)
    log("account.second_factor_removed", user, kind=authenticator.type)


def on_codes_printed(user: User, **kwargs: Any) -> None:
    log("account.codes_made", user)


def on_password_changed(user: User, **kwargs: Any) -> None:
    """Other sessions end by themselves: Django keeps a hash of the password in each."""
    log("account.password_changed", user)


def connect() -> None:
    account_signals.user_logged_in.connect(on_signed_in)
    account_signals.password_changed.connect(on_password_changed)
    account_signals.password_reset.connect(on_password_changed)
    user_login_failed.connect(on_sign_in_failed)
    mfa_signals.authentication_failed.connect(on_second_factor_failed)
    mfa_signals.authenticator_added.connect(on_second_factor_added)
    mfa_signals.authenticator_removed.connect(on_second_factor_removed)
    mfa_signals.authenticator_reset.connect(on_codes_printed)
