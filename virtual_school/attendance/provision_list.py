"""How provision stands: running, a review late, past its end, over."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from .models_provision import Provision

STATES = {
    "now": "Now",
    "review_late": "Review late",
    "past_end": "Past its end date",
    "no_agreement": "Nobody’s agreement held",
    "over": "Over",
    "all": "All",
}


def _in_state(state: str, day: date) -> Q:
    running = Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gt=day))
    return {
        "now": running,
        "review_late": running & Q(review_on__lt=day),
        "past_end": running & Q(end_planned__lt=day),
        "no_agreement": running & Q(agreed_on__isnull=True, suspension__isnull=True),
        "over": Q(ends__lte=day),
        "all": Q(),
    }[state]


def in_state(rows: QuerySet[Provision], state: str, day: date) -> QuerySet[Provision]:
    return rows.filter(_in_state(state, day))


def counts(rows: QuerySet[Provision], day: date) -> dict[str, int]:
    """By state, in one query."""
    asked = {state: Count("id", filter=_in_state(state, day)) for state in STATES if state != "all"}
    return rows.order_by().aggregate(**asked, all=Count("id"))
