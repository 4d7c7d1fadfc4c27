"""Writing down education that is not simply a full-time place, its reviews and its end; and who does what next."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from virtual_school.access.models import User
from virtual_school.audit.actions import record
from virtual_school.children.models import Child

from .models_exclusion import Suspension
from .models_provision import EducationStep, Provision, ProvisionReview

TEACHING_HOURS: tuple[tuple[int, Decimal], ...] = (
    (2, Decimal("21")),
    (6, Decimal("23.5")),
    (10, Decimal("24")),
    (11, Decimal("25")),
    (14, Decimal("15")),
)
"""Up to which year group how many hours a week count as full time. Councils' yardstick, not law: taught hours as the
Ombudsman is quoted, and 15 after 16. Each child's own can be written down instead."""


def full_time_hours(year_group: int | None) -> Decimal:
    if year_group is None:
        return Decimal("25")
    return next((hours for last, hours in TEACHING_HOURS if year_group <= last), Decimal("15"))


@transaction.atomic
def record_provision(*, child: Child, by: User, suspension: Suspension | None = None, **values: Any) -> Provision:
    made = Provision.objects.create(
        authority_id=child.authority_id, child=child, suspension=suspension, by_name=by.name, **values
    )
    _log("provision.recorded", made, by, kind=made.kind)
    return made


def _log(action: str, provision: Provision, by: User, **labels: Any) -> None:
    record(
        action,
        by=by.pk,
        authority=provision.authority_id,
        child=provision.child_id,
        provision=str(provision.public_id),
        **labels,
    )


@transaction.atomic
def change_provision(provision: Provision, *, by: User, **values: Any) -> None:
    for name, value in values.items():
        setattr(provision, name, value)
    provision.save(update_fields=list(values))
    _log("provision.changed", provision, by)


@transaction.atomic
def review_provision(
    provision: Provision, *, on: date, hours: Decimal, words: str, next_on: date | None, by: User
) -> ProvisionReview:
    """From a review on, the hours are those it agreed, and the next review is the one it set."""
    made = ProvisionReview.objects.create(
        authority_id=provision.authority_id,
        child_id=provision.child_id,
        provision=provision,
        on=on,
        hours=hours,
        words=words,
        next_on=next_on,
        by_name=by.name,
    )
    provision.hours, provision.review_on = hours, next_on
    provision.save(update_fields=["hours", "review_on"])
    _log("provision.reviewed", provision, by)
    return made


@transaction.atomic
def end_provision(provision: Provision, *, ends: date, outcome: str, words: str, by: User) -> None:
    provision.ends, provision.outcome, provision.outcome_words = ends, outcome, words
    provision.save(update_fields=["ends", "outcome", "outcome_words"])
    _log("provision.ended", provision, by, outcome=outcome)


@transaction.atomic
def set_step(
    *, child: Child, blocker: str, blocker_words: str, owner: User | None, owner_name: str, step: str, by_on: date,
    on: date, by: User,
) -> EducationStep:  # fmt: skip
    """The step before is taken as done on this day: one is open at a time, and those before it are kept."""
    EducationStep.objects.filter(authority=child.authority_id, child=child, done_on__isnull=True).update(done_on=on)
    made = EducationStep.objects.create(
        authority_id=child.authority_id,
        child=child,
        blocker=blocker,
        blocker_words=blocker_words,
        owner=owner,
        owner_name=owner.name if owner else owner_name,
        step=step,
        by_on=by_on,
        by_name=by.name,
    )
    record("education_step.set", by=by.pk, authority=child.authority_id, child=child.pk, blocker=blocker)
    return made
