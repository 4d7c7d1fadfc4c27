"""The middle of an authority's marks: worked out when a plan is rated, shown to schools beside their own."""

from collections import defaultdict
from statistics import median

from .models import Mark, Middle, Rating, Side

FEWEST = 5
"""Of fewer plans than these no middle is told to a school: it would be somebody's own."""


def shares(authority_id: int, term: str) -> dict[tuple[str, bool], dict[int, float]]:
    """By criterion and whether of first ratings: the share of the best mark, by plan."""
    rows = Mark.objects.filter(
        authority=authority_id,
        side=Side.SCHOOL,
        rating__term=term,
        rating__kind=Rating.Kind.CHECK,
        rating__finished_at__isnull=False,
    )
    found: dict[tuple[str, bool], dict[int, float]] = defaultdict(dict)
    fields = ("rating__plan", "rating__round", "rating__is_last", "key", "points", "most")
    for plan, number, is_last, key, points, most in rows.values_list(*fields):
        share = points / most
        if number == 1:
            found[key, True][plan] = share
        if is_last:
            found[key, False][plan] = share
    return found


def refresh_middles(authority_id: int, term: str) -> None:
    rows = [
        Middle(
            authority_id=authority_id,
            term=term,
            key=key,
            is_first=is_first,
            value=median(told.values()),
            plans=len(told),
        )
        for (key, is_first), told in shares(authority_id, term).items()
        if len(told) >= FEWEST
    ]
    Middle.objects.filter(authority=authority_id, term=term).delete()
    Middle.objects.bulk_create(rows)
