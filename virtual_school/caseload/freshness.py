"""Saying when the duties were last worked out, and having it done when that was before today."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.timezone import localdate
from procrastinate.exceptions import AlreadyEnqueued

from virtual_school.authorities.models import Authority
from virtual_school.duties.tasks import refresh

from . import words


def keep_fresh(authorities: Iterable[Authority], day: date) -> list[str]:
    """What a page says above a list that is not of today; the work is asked for once."""
    notes = []
    for authority in authorities:
        if authority.duties_worked_out_at and localdate(authority.duties_worked_out_at) >= day:
            continue
        ask_for_refresh(authority.code)
        if authority.duties_worked_out_at is None:
            notes.append(
                f"The duties of {authority.name} are being worked out for the first time. Look again in a minute."
            )
        else:
            on = words.in_full(localdate(authority.duties_worked_out_at))
            notes.append(
                f"The duties of {authority.name} were last worked out on {on}. They are being worked out again now; "
                "look again in a minute."
            )
    return notes


def ask_for_refresh(code: int) -> None:
    try:
        with transaction.atomic():
            refresh.configure(queueing_lock=f"duties.refresh.{code}", lock=f"authority.{code}").defer(code=code)
    except AlreadyEnqueued:
        pass
