"""How often a program may call. Counted in the database, so that every process counts the same."""

import hashlib
import hmac
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from virtual_school.exchange.models_api import ApiCalls, ApiToken

CALLS_A_MINUTE = 60
WRONG_TOKENS_A_MINUTE = 30
"""Of one address."""
KEPT = timedelta(hours=1)

COUNT = """
    insert into exchange_apicalls as held (key, minute, calls)
    values (%(key)s, date_trunc('minute', %(now)s::timestamptz), 1)
    on conflict (key) do update set
        calls = case when held.minute = excluded.minute then held.calls + 1 else 1 end, minute = excluded.minute
    returning calls
"""
USED = "update exchange_apitoken set last_used_at = %s where id = %s"


def counted(token: ApiToken) -> bool:
    """False when it has called too often in this minute. Outside the call's own transaction, so that a refused call
    counts as well."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(USED, [now, token.pk])
    return _count(f"token:{token.pk}") <= CALLS_A_MINUTE


def counted_wrong(request: HttpRequest) -> bool:
    """False when too many tokens that are not known came from this address. The address is kept as a keyed hash."""
    address = get_adapter().get_client_ip(request)
    kept = hmac.new(settings.SECRET_KEY.encode(), f"api.address:{address}".encode(), hashlib.sha256).hexdigest()
    return _count(f"address:{kept}") <= WRONG_TOKENS_A_MINUTE


def _count(key: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": key, "now": timezone.now()})
        return cursor.fetchone()[0]


def forget_calls() -> int:
    return ApiCalls.objects.filter(minute__lt=timezone.now() - KEPT).delete()[0]
