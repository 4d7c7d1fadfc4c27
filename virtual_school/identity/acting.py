"""The only way to reach children's data: inside `acting`, for the length of one transaction."""

import contextlib
import json
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from .seal import Claims, sealed

SET = "select set_config('app.claims', %s, true), set_config('app.seal', %s, true), set_config('app.context', %s, true)"


@contextlib.contextmanager
def acting(
    claims: Claims, *, context: uuid.UUID | None = None, action: str = "", role: str = ""
) -> Iterator[uuid.UUID]:
    """One transaction on behalf of somebody. Its changes carry `context`, so that they can be found as one."""
    inside = connection.in_atomic_block  # true only within a test's own transaction
    context = context or uuid.uuid4()
    told: dict[str, Any] = {"id": str(context), "action": action, "role": role}
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute(SET, [*sealed(claims), json.dumps(told)])
        yield context
        if inside and not connection.needs_rollback:
            # A released savepoint keeps what SET LOCAL set.
            with connection.cursor() as cursor:
                cursor.execute(SET, ["", "", ""])


def stream_as(claims: Claims, rows: Iterator[Any]) -> Iterator[Any]:
    """For a StreamingHttpResponse, whose body is made after the request's own transaction has ended."""
    with acting(claims):
        yield from rows
