"""Keeping the answers fresh."""

from collections.abc import Sequence
from dataclasses import astuple, fields
from datetime import date, timedelta
from functools import lru_cache

from django.utils import timezone

from virtual_school.authorities.models import Authority
from virtual_school.authorities.rules import AuthorityFacts
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.law.obligation import Obligation, State
from virtual_school.plans.gather import authority_facts, child_facts

from .models import RollEntry, StandingObligation
from .roll import RollFacts, on_roll
from .rules import obligations_of_authority, obligations_of_child

OPEN = {State.UPCOMING, State.DUE_SOON, State.OVERDUE}
KEPT = ("who", "act", "state", "trigger_on", "due_on", "soon_from", "met_on", "is_local")
BATCH = 2_000
"""Children worked out at a time, so that memory does not grow with the authority."""


def refresh_children(authority_code: int, child_ids: Sequence[int] | None = None, on: date | None = None) -> int:
    """Works out and keeps the obligations of these children (None: everybody, and the authority itself).

    Writes only what differs. Runs within the caller's `acting`; returns how many rows were written.
    """
    on = on or timezone.localdate()
    authority = Authority.objects.get(pk=authority_code)
    of = authority_facts(authority, on)
    written = 0
    if child_ids is None:
        written += _keep(authority, [None], {None: obligations_of_authority(of, on)}, of)
        child_ids = list(authority.children.order_by("id").values_list("id", flat=True))
        Authority.objects.filter(pk=authority_code).update(duties_worked_out_at=timezone.now())
    for start in range(0, len(child_ids), BATCH):
        batch = list(child_ids[start : start + BATCH])
        facts = child_facts(authority, on, batch, of)
        worked_out = {child: obligations_of_child(fact, on) for child, fact in facts.items()}
        written += _keep(authority, batch, worked_out, of)
        written += _keep_roll(authority, {child: astuple(on_roll(fact, on)) for child, fact in facts.items()})
    return written


def _keep_roll(authority: Authority, now: dict[int, tuple]) -> int:
    names = [field.name for field in fields(RollFacts)]
    held = {
        child: tuple(values)
        for child, *values in RollEntry.objects.filter(authority=authority, child__in=list(now)).values_list(
            "child_id", *names
        )
    }
    differ = [
        RollEntry(authority=authority, child_id=child, **dict(zip(names, values, strict=True)))
        for child, values in now.items()
        if held.get(child) != values
    ]
    RollEntry.objects.bulk_create(
        differ, batch_size=BATCH, update_conflicts=True, unique_fields=["child"], update_fields=names
    )
    return len(differ)


def _soon_from(of: AuthorityFacts, due_on: date | None) -> date | None:
    return _days_before(of.working, due_on, of.policy.soon_working_days) if due_on else None


@lru_cache(maxsize=4096)
def _days_before(working: object, due_on: date, days: int) -> date:
    try:
        return working.before(due_on, days)  # type: ignore[attr-defined]
    except BeyondCalendar:
        return due_on - timedelta(days=days)


def _values(obligation: Obligation, of: AuthorityFacts) -> tuple:
    state = "open" if obligation.state in OPEN else str(obligation.state)
    return (
        obligation.who,
        obligation.act,
        state,
        obligation.trigger_on,
        obligation.due_on,
        _soon_from(of, obligation.due_on) if state == "open" else None,
        obligation.met_on,
        obligation.is_local,
    )


def _keep(
    authority: Authority,
    child_ids: Sequence[int | None],
    worked_out: dict[int | None, list[Obligation]],
    of: AuthorityFacts,
) -> int:
    held_rows = StandingObligation.objects.filter(authority=authority)
    held_rows = held_rows.filter(child__isnull=True) if child_ids == [None] else held_rows.filter(child__in=child_ids)
    held = {
        (child, duty, occasion): (pk, tuple(values))
        for pk, child, duty, occasion, *values in held_rows.values_list("id", "child_id", "duty", "occasion", *KEPT)
    }
    now = {
        (child, obligation.duty, obligation.occasion): _values(obligation, of)
        for child, obligations in worked_out.items()
        for obligation in obligations
    }
    gone = [pk for key, (pk, values) in held.items() if now.get(key) != values]
    new = [
        StandingObligation(
            authority=authority, child_id=child, duty=duty, occasion=occasion, **dict(zip(KEPT, values, strict=True))
        )
        for (child, duty, occasion), values in now.items()
        if (child, duty, occasion) not in held or held[child, duty, occasion][1] != values
    ]
    for start in range(0, len(gone), BATCH):
        StandingObligation.objects.filter(authority=authority, id__in=gone[start : start + BATCH]).delete()
    StandingObligation.objects.bulk_create(new, batch_size=BATCH)
    return len(gone) + len(new)
