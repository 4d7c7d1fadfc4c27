"""Where our rules differ from allauth's defaults: nobody signs up, people are invited."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address the outermost trusted proxy saw; a forged header counts for nothing."""
        from django.conf import settings

        if settings.TRUSTED_PROXIES:
            hops = [
                hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()
            ]
            if len(hops) >= settings.TRUSTED_PROXIES:
                return hops[-settings.TRUSTED_PROXIES]
        return request.META["REMOTE_ADDR"]
