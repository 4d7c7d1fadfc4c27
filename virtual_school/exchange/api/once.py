"""A call with an Idempotency-Key is done once: the same call again gets the same answer, for a week."""

import hashlib
import zlib
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from virtual_school.exchange.models_api import ApiAnswer, ApiToken

from .problems import Problem

KEPT = timedelta(days=7)
LONGEST_KEY = 255

# A call with the same key that is being done now is waited for. One of more than a week ago gives its place up.
CLAIM = """
    insert into exchange_apianswer as held (token_id, key_hash, body_hash, answer, made_at)
    values (%(token)s, %(key)s, %(body)s, '', %(now)s)
    on conflict (token_id, key_hash) do update set
        body_hash = excluded.body_hash, answer = '', made_at = excluded.made_at
    where held.made_at < %(oldest)s
    returning id
"""


def claim(token: ApiToken, key: str, body: bytes) -> int | bytes:
    """Inside the call's own transaction: the id under which to keep the answer, or the answer given before. A call
    that fails takes its claim with it. Raises Problem."""
    if not 0 < len(key.strip()) <= LONGEST_KEY:
        raise Problem(400, f"An Idempotency-Key has 1 to {LONGEST_KEY} characters.")
    now = timezone.now()
    key_hash, body_hash = _hash(key.encode()), _hash(body)
    with connection.cursor() as cursor:
        asked = {"token": token.pk, "key": key_hash, "body": body_hash, "now": now, "oldest": now - KEPT}
        cursor.execute(CLAIM, asked)
        if claimed := cursor.fetchone():
            return claimed[0]
    held = ApiAnswer.objects.get(token=token, key_hash=key_hash)
    if held.body_hash != body_hash:
        raise Problem(409, "This Idempotency-Key came with another body before. Send a new key with a new body.")
    return zlib.decompress(bytes(held.answer))


def keep(claimed: int, answer: bytes) -> None:
    ApiAnswer.objects.filter(pk=claimed).update(answer=zlib.compress(answer))


def forget_answers() -> int:
    return ApiAnswer.objects.filter(made_at__lt=timezone.now() - KEPT).delete()[0]


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
