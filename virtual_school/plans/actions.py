"""Recording the dates of a personal education plan that is kept elsewhere."""

from datetime import date

from django.db import transaction

from virtual_school.access.models import User
from virtual_school.audit.actions import record
from virtual_school.children.models import Child

from .models import RecordedPlan


@transaction.atomic
def record_plan(
    child: Child,
    *,
    term: str,
    initiated_on: date | None = None,
    meeting_on: date | None = None,
    signed_off_on: date | None = None,
    rating: str = "",
    by: User | None,
) -> RecordedPlan:
    """`term` is a key such as 2026/27-autumn. What was recorded for the term before is replaced."""
    plan, _ = RecordedPlan.objects.update_or_create(
        authority_id=child.authority_id,
        child=child,
        term=term,
        defaults={
            "initiated_on": initiated_on,
            "meeting_on": meeting_on,
            "signed_off_on": signed_off_on,
            "rating": rating,
        },
    )
    record("plan.recorded", by=by.pk if by else None, authority=child.authority_id, child=child.pk, term=term)
    return plan
