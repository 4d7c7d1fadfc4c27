"""Telling the virtual school head, the social worker and the adviser of a suspension: at once, by a message that
says nothing of any child; and keeping when each was told and first read it."""

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.utils import timezone

from virtual_school.access.models import Membership, Role, User
from virtual_school.children.models import Involvement

from .models_exclusion import Suspension, SuspensionTold

TOLD_ROLES = (Role.VIRTUAL_SCHOOL_HEAD, Role.SOCIAL_WORKER, Role.ADVISER)
SUBJECT = "A school has told us something you need to read today"
BODY = """A school has told the virtual school something that concerns you, and the law asks that you know without delay.

Sign in to read it: {url}

This message says nothing of what or whom it is about.
"""


def whom_to_tell(suspension: Suspension) -> list[tuple[User, str]]:
    """Everybody who holds the virtual school head's role in the authority, a deputy too; and who is around the child.

    Each person once, in the first of these roles. As the service only: a school may not see who else is around.
    """
    today = timezone.localdate()
    open_today = Q(starts__lte=today) & (Q(ends__isnull=True) | Q(ends__gt=today))
    found: dict[int, tuple[User, str]] = {}
    heads = Membership.objects.filter(
        open_today, authority=suspension.authority_id, role=Role.VIRTUAL_SCHOOL_HEAD, user__is_active=True
    )
    for head in heads.select_related("user"):
        found.setdefault(head.user_id, (head.user, head.role))
    around = Involvement.objects.filter(
        open_today, authority=suspension.authority_id, child=suspension.child_id, person__is_active=True,
        role__in=TOLD_ROLES,
    )  # fmt: skip
    for one in sorted(around.select_related("person"), key=lambda row: (TOLD_ROLES.index(Role(row.role)), row.pk)):
        found.setdefault(one.person_id, (one.person, one.role))
    return list(found.values())


def tell_everybody(suspension: Suspension) -> list[SuspensionTold]:
    """Writes down whom the service tells. Told again, nobody is told twice. Who can have no message is told here
    all the same, on their first page."""
    told = set(SuspensionTold.objects.filter(suspension=suspension).values_list("person_id", flat=True))
    return [
        SuspensionTold.objects.create(
            authority_id=suspension.authority_id,
            child_id=suspension.child_id,
            suspension=suspension,
            role=role,
            person=person,
            name=person.name,
            read_at=timezone.now() if person.pk == suspension.by_id else None,
        )
        for person, role in whom_to_tell(suspension)
        if person.pk not in told
    ]


def mail(told: SuspensionTold, *, again: bool = False) -> bool:
    """Sent once; the time is kept. Again: that it was cancelled, without another time."""
    if told.person is None or not told.person.email or (told.mailed_at is not None and not again):
        return False
    send_mail(SUBJECT, BODY.format(url=settings.BASE_URL), None, [told.person.email])
    if told.mailed_at is not None:
        return True
    told.mailed_at = timezone.now()
    told.save(update_fields=["mailed_at"])
    return True


def note_reading(suspension: Suspension, reader: User) -> None:
    """The first time somebody who was told opens the page."""
    SuspensionTold.objects.filter(suspension=suspension, person=reader, read_at__isnull=True).update(
        read_at=timezone.now()
    )


def unread(person: User) -> int:
    """Of how many somebody was told and has not opened the page."""
    return SuspensionTold.objects.filter(person=person, read_at__isnull=True).count()
