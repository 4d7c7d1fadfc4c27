"""Appointing a school's designated teacher by name and address, and taking back what was done by mistake."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from virtual_school.access.models import User
from virtual_school.audit.actions import record
from virtual_school.design.dates import in_full

from .actions import appoint_designated_teacher, end_designated_teacher, refresh_around
from .models import DesignatedTeacher, School


def holders_from(school: School, starts: date) -> list[DesignatedTeacher]:
    """Whoever holds the post on the day or on a later one."""
    held = DesignatedTeacher.objects.filter(school=school).filter(Q(ends__isnull=True) | Q(ends__gt=starts))
    return list(held.select_related("person").order_by("starts"))


def person_at(email: str, name: str) -> User:
    """The person with this address, else a new one who cannot sign in before they are invited."""
    found = User.objects.filter(email__iexact=email).first()
    if found is None:
        return User.objects.create_user(email.lower(), name)
    if found.name.casefold().split() != name.casefold().split():
        raise ValidationError({"email": "This address is known under another name. Check the name and the address"})
    if not found.is_active:
        raise ValidationError({"email": "The account with this address has been closed"})
    return found


@transaction.atomic
def appoint_by_address(
    school: School,
    *,
    name: str,
    email: str,
    telephone: str,
    starts: date,
    replaces: bool,
    authorities: Sequence[int],
    by: User,
) -> tuple[DesignatedTeacher, dict[int, date | None]]:
    """`replaces` ends the appointment in force when this one starts. Raises ValidationError in words otherwise.

    The second value holds the appointments ended for it, with the ends they had before.
    """
    ended: dict[int, date | None] = {}
    for held in holders_from(school, starts):
        if replaces and held.starts < starts:
            ended[held.pk] = held.ends
            end_designated_teacher(held, ends=starts, authorities=authorities, by=by)
            continue
        until = f"to {in_full(held.ends - timedelta(days=1))}" if held.ends else "with no last day recorded"
        raise ValidationError(
            {
                "starts": f"{held.person.name} is designated teacher from {in_full(held.starts)}, {until}. "
                "End that appointment first, or choose a day outside it"
            }
        )
    person = person_at(email, name)
    made = appoint_designated_teacher(
        school, person=person, starts=starts, telephone=telephone, authorities=authorities, by=by
    )
    return made, ended


@transaction.atomic
def take_back_appointment(
    appointment: DesignatedTeacher, *, ended: Mapping[int, date | None], authorities: Sequence[int], by: User
) -> None:
    """As if it had not been made: those `ended` for it have the ends they had before."""
    school, person_id = appointment.school, appointment.person_id
    appointment.delete()
    for held, ends in ended.items():
        DesignatedTeacher.objects.filter(pk=held, school=school).update(ends=ends)
    refresh_around(school, authorities)
    record("designated_teacher.taken_back", by=by.pk, urn=school.urn, person=person_id)


@transaction.atomic
def reopen_appointment(appointment: DesignatedTeacher, *, authorities: Sequence[int], by: User) -> None:
    if holders_from(appointment.school, appointment.ends or appointment.starts):
        raise ValidationError("Somebody else has been appointed since, so the end cannot be taken back.")
    appointment.ends = None
    appointment.save(update_fields=["ends"])
    refresh_around(appointment.school, authorities)
    record("designated_teacher.reopened", by=by.pk, urn=appointment.school_id, person=appointment.person_id)
