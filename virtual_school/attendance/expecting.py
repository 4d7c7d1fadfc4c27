"""Days on which a school owes no marks although its calendar says it is a school day."""

from collections.abc import Sequence
from datetime import date

from .models_calls import DayNotExpected


def not_expected(authorities: Sequence[int], first: date, last: date) -> dict[tuple[int, int, date], str]:
    """Why, by authority, URN and day. Staff of the authority see it, nobody else."""
    rows = DayNotExpected.objects.filter(authority__in=authorities, day__range=(first, last)).order_by()
    return {
        (authority, urn, day): why
        for authority, urn, day, why in rows.values_list("authority_id", "school_id", "day", "why")
    }
