"""Writing the logs. They are written in the same transaction as what they tell of."""

import json
import uuid
from typing import Any

from django.db import connection

from .models import Event, Read


def current_context() -> uuid.UUID | None:
    """The id under which this transaction's changes are kept."""
    with connection.cursor() as cursor:
        cursor.execute("select nullif(current_setting('app.context', true), '')", [])
        told = cursor.fetchone()[0]
    return uuid.UUID(json.loads(told)["id"]) if told else None


def record(
    action: str,
    *,
    by: int | None,
    authority: int | None = None,
    child: int | None = None,
    role: str = "",
    **details: Any,
) -> Event:
    """`details` are ids, counts and labels; never the data itself."""
    return Event.objects.create(
        action=action,
        person_id=by,
        authority_id=authority,
        child_id=child,
        role=role,
        details=details,
        context=current_context(),
    )


def record_read(*, child: int, authority: int, by: int, page: str, role: str = "", why: str = "") -> None:
    Read.objects.create(
        child_id=child,
        authority_id=authority,
        person_id=by,
        page=page,
        role=role,
        why=why,
        context=current_context(),
    )
