"""Ways for tests to be somebody. The real journey is in test_signing_in.py; the others take a short cut."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from virtual_school.access.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(user: User, client: Client | None = None) -> Client:
    """A client in which this person has signed in and shown a second factor."""
    client = client or Client()
    client.force_login(user, backend=BACKEND)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True},
        {"method": "mfa", "at": time.time(), "id": 0, "type": "totp", "reauthenticated": True},
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def code_now(secret: str, at: float | None = None) -> str:
    """What an authenticator app with this key shows."""
    return format_hotp_value(hotp_value(secret, int((time.time() if at is None else at) // 30)))
