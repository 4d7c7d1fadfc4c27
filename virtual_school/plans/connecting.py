"""Invitations to those around a child whom the arranger knows by name only: the service finds their account."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from virtual_school.children.models import Involvement

from .around import LABELS, involved_today
from .calendar_file import mail_of, send
from .exporting import as_service
from .meeting import invitation_to
from .models import Attendee, Meeting


def connect(meeting_id: int) -> list[Attendee]:
    """Gives attendees without an address the account of who holds their role for the child, and invites them."""
    meeting = Meeting.objects.select_for_update().select_related("plan__child__authority").get(pk=meeting_id)
    waiting = [one for one in meeting.attendees.filter(person__isnull=True, email="") if one.role in LABELS]
    if not waiting or meeting.state != Meeting.State.PLANNED:
        return []
    around = list(involved_today(meeting.child_id, timezone.localdate()))
    opened = as_service(meeting.plan)
    found = []
    for attendee in waiting:
        held = _held_by(attendee, around)
        if held is None:
            continue
        attendee.person, attendee.email = held.person, held.person.email
        attendee.save(update_fields=["person", "email"])
        message = mail_of(invitation_to(opened, meeting, attendee), stamp=timezone.now())
        transaction.on_commit(partial(send, message))
        found.append(attendee)
    return found


def _held_by(attendee: Attendee, around: list[Involvement]) -> Involvement | None:
    """By role and name; a name written otherwise still fits where only one person holds the role."""
    of_role = [one for one in around if one.role == LABELS[attendee.role]]
    named = [one for one in of_role if one.person.name.casefold() == attendee.name.casefold()]
    if named:
        return named[0]
    return of_role[0] if len(of_role) == 1 else None
