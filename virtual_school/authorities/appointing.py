"""Recording whom an authority appointed under the Children Act 1989, and taking back what was done by mistake."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from virtual_school.audit.actions import record
from virtual_school.design.dates import in_full

from .models import Appointment, Authority


@transaction.atomic
def appoint(
    authority: Authority,
    *,
    kind: str,
    name: str,
    employer: str,
    email: str = "",
    telephone: str = "",
    starts: date,
    ends: date | None = None,
    post: int = 1,
    by_id: int | None,
) -> Appointment:
    """`ends` is the first day no longer in the office. Raises ValidationError when somebody else holds the post."""
    held = Appointment.objects.filter(authority=authority, kind=kind, post=post)
    held = held.filter(Q(ends__isnull=True) | Q(ends__gt=starts))
    if ends:
        held = held.filter(starts__lt=ends)
    if other := held.order_by("starts").first():
        until = f"to {in_full(other.ends - timedelta(days=1))}" if other.ends else "with no last day recorded"
        raise ValidationError(
            {
                "starts": f"{other.name} holds post {post} of this office from {in_full(other.starts)}, {until}. "
                "Record their last day first, or give another post number for a job share"
            }
        )
    made = Appointment.objects.create(
        authority=authority,
        kind=kind,
        post=post,
        name=name,
        email=email,
        telephone=telephone,
        employer=employer,
        starts=starts,
        ends=ends,
    )
    _record("appointment recorded", made, by_id)
    return made


@transaction.atomic
def end_appointment(appointment: Appointment, *, ends: date, by_id: int | None) -> None:
    if ends <= appointment.starts:
        raise ValidationError({"last_day": "The last day must not be before the first."})
    appointment.ends = ends
    appointment.save(update_fields=["ends"])
    _record("appointment ended", appointment, by_id)


@transaction.atomic
def set_end_back(appointment: Appointment, *, ends: date | None, by_id: int | None) -> None:
    """The end it had before. Raises ValidationError when somebody else has taken the post since."""
    appointment.ends = ends
    appointment.full_clean()
    appointment.save(update_fields=["ends"])
    _record("appointment end taken back", appointment, by_id)


@transaction.atomic
def take_back(appointment: Appointment, *, by_id: int | None) -> None:
    """As if it had not been recorded."""
    _record("appointment taken back", appointment, by_id)
    appointment.delete()


def _record(action: str, appointment: Appointment, by_id: int | None) -> None:
    record(
        action,
        by=by_id,
        authority=appointment.authority_id,
        appointment=appointment.pk,
        kind=appointment.kind,
        post=appointment.post,
    )
