"""Where our rules differ from allauth's defaults: nobody signs up, people are invited."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from .models import Membership, User

KNOWN_DEVICE = "__Host-device" if settings.IS_HTTPS else "device"
KNOWN_DEVICE_DAYS = 365


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address or the password is not right",
        "too_many_login_attempts": "Too many tries. Wait five minutes, then try again",
        "rate_limited": "Too many tries. Wait a few minutes, then try again",
        "incorrect_password": "The password is not right",
        "enter_current_password": "The present password is not right",
        "account_inactive": "This account has been closed",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address the outermost trusted proxy saw; a forged header counts for nothing."""
        if settings.TRUSTED_PROXIES:
            hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
            if len(hops) >= settings.TRUSTED_PROXIES:
                return hops[-settings.TRUSTED_PROXIES]
        return request.META["REMOTE_ADDR"]

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Only to people who accepted an invitation: otherwise a reset would be a way round it, and those who
        are merely named as being around a child could let themselves in."""
        if EmailAddress.objects.filter(user=user, verified=True).exists():
            super().send_password_reset_mail(user, email, context)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        known = request.get_signed_cookie(KNOWN_DEVICE, "", max_age=KNOWN_DEVICE_DAYS * 86_400).split()
        if str(user.public_id) not in known and not user.is_invented:
            if EmailAddress.objects.filter(user=user, verified=True).exists():
                self.send_notification_mail("account/email/new_device", user)
            response.set_signed_cookie(
                KNOWN_DEVICE,
                " ".join([*known[-9:], str(user.public_id)]),
                max_age=KNOWN_DEVICE_DAYS * 86_400,
                httponly=True,
                secure=settings.IS_HTTPS,
                samesite="Lax",
            )
        return response


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps and printed codes are kept encrypted: a backup alone gives none away."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "The code is not right, or has been used already. Codes change every 30 seconds",
        "unverified_email": "Ask your virtual school for a new invitation: your e-mail address is not confirmed",
        "cannot_delete_authenticator": ("You need at least one second step. Add another before you take this one away"),
    }

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        if authenticator.type == authenticator.Type.RECOVERY_CODES:
            return True
        others = type(authenticator).objects.filter(user_id=authenticator.user_id)
        others = others.exclude(pk=authenticator.pk).exclude(type=authenticator.Type.RECOVERY_CODES)
        return others.exists() or not needs_second_factor(authenticator.user)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}


def needs_second_factor(user: User) -> bool:
    from .person import person_of

    return person_of(user).needs_second_factor


def _fernet() -> Fernet:
    key = hashlib.sha256(b"second factors:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def authority_of(user: User) -> int | None:
    """One authority in which the person works, for the log of sign-ins."""
    today = timezone.localdate()
    found = Membership.objects.filter(user=user, starts__lte=today, authority__isnull=False).order_by("-starts")
    return found.values_list("authority_id", flat=True).first()
