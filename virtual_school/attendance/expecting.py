"""Of whom marks are expected, and the days on which a school owes none although its calendar says it is open."""

from collections.abc import Sequence
from datetime import date

from virtual_school.dates.ages import of_compulsory_school_age

from .models_calls import DayNotExpected


def not_expected(authorities: Sequence[int], first: date, last: date) -> dict[tuple[int, int | str, date], str]:
    """Why, by authority, URN (or key of a place that is not on the register) and day. Staff of the authority see it,
    nobody else."""
    rows = DayNotExpected.objects.filter(authority__in=authorities, day__range=(first, last)).order_by()
    return {
        (authority, urn or key, day): why
        for authority, urn, key, day, why in rows.values_list("authority_id", "school_id", "place__key", "day", "why")
    }


def is_of_age(born: date | None, day: date) -> bool:
    """Of compulsory school age, or not known to be of another. Colleges and nurseries keep no such registers."""
    return born is None or of_compulsory_school_age(born, day)
