"""How far the plan of a term has come, from its days."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from virtual_school.plans.workflow import State

JUST_SIGNED_DAYS = 14
S = State
FRESH: Mapping[State, int] = {S.SUBMITTED: 40, S.IN_QA: 24, S.RETURNED: 14, S.APPROVED: 22}
OLDER: Mapping[State, int] = {S.PUBLISHED: 82, S.APPROVED: 7, S.RETURNED: 6, S.IN_QA: 3, S.SUBMITTED: 2}
AFTER_SIGNING = (S.SUBMITTED, S.IN_QA, S.RETURNED, S.APPROVED, S.PUBLISHED)
WHOLE = (S.AWAITING_SIGNOFF, *AFTER_SIGNING)
"""Everything is written in these."""


class Days(NamedTuple):
    """Of one term's plan: begun, met, signed, and how it was rated."""

    begun: date | None = None
    met: date | None = None
    signed: date | None = None
    rating: str = ""


def state_of(rng: Random, days: Days, today: date) -> State:
    if days.signed is not None:
        table = FRESH if today - days.signed <= timedelta(days=JUST_SIGNED_DAYS) else OLDER
        return rng.choices(list(table), list(table.values()))[0]
    if days.met is not None and days.met <= today:
        return rng.choices((S.MEETING_HELD, S.AWAITING_SIGNOFF), (55, 45))[0]
    if days.met is not None:
        return rng.choices((S.IN_PROGRESS, S.READY_FOR_MEETING), (60, 40))[0]
    if days.begun is not None:
        return rng.choices((S.OPEN, S.IN_PROGRESS), (30, 70))[0]
    return S.OPEN
