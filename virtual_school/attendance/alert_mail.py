"""One message a person a day at most, which says only that there is something to read."""

from collections import defaultdict
from datetime import date, datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from virtual_school.access.models import Membership, User
from virtual_school.authorities.models import Authority
from virtual_school.children.models import Involvement

from .alerting import OF_THE_AUTHORITY, STANDS, State
from .models_alerts import AlertMail, AttendanceAction, AttendanceAlert
from .whose import open_on

SUBJECT = "You have something to read in Virtual School"
BODY = """You have something to read in Virtual School.

Sign in to see it: {url}

This message says nothing of what or whom it is about. You get at most one like it a day.
You can switch it off: {switch}
"""


def people_to_tell(authority: Authority, today: date) -> set[int]:
    """Those with an alert that became theirs since their last message, or something to do today."""
    given = _given(authority, today)
    due = AttendanceAction.objects.filter(
        authority=authority, done_on__isnull=True, by_on=today, owner__isnull=False, alert__state__in=STANDS
    )
    owing = set(due.values_list("owner", flat=True))
    people = given.keys() | owing
    mails = {one.person_id: one for one in AlertMail.objects.filter(person__in=people)}
    found = set()
    for person in people:
        mail = mails.get(person)
        last = mail.sent_at if mail else None
        if mail is not None and (not mail.is_wanted or _is_today(last, today)):
            continue
        if person in owing or last is None or (person in given and given[person] > last):
            found.add(person)
    return found


def _is_today(at: datetime | None, today: date) -> bool:
    return at is not None and timezone.localdate(at) == today


def _given(authority: Authority, today: date) -> dict[int, datetime]:
    """By person, when the latest alert that nobody has taken became theirs."""
    rows = AttendanceAlert.objects.filter(authority=authority, state=State.OPEN)
    around: dict[tuple[int, str], list[int]] = defaultdict(list)
    children = rows.values("child_id")
    involved = Involvement.objects.filter(open_on(today), authority=authority, child__in=children)
    for child, role, person in involved.values_list("child_id", "role", "person_id"):
        around[child, role].append(person)
    holders: dict[str, list[int]] = defaultdict(list)
    held = Membership.objects.filter(open_on(today), authority=authority, role__in=OF_THE_AUTHORITY)
    for role, person in held.values_list("role", "user_id"):
        holders[role].append(person)
    found: dict[int, datetime] = {}
    for child, role, raised, escalated in rows.values_list("child_id", "to_role", "raised_at", "escalated_at"):
        for person in holders[role] if role in OF_THE_AUTHORITY else around[child, role]:
            at = escalated or raised
            found[person] = max(found.get(person, at), at)
    return found


def send_once(person_id: int, today: date) -> bool:
    """Written down before it is sent, so that a retry after a crash sends none; what could not be sent is taken back."""
    user = User.objects.filter(pk=person_id, is_active=True).exclude(email=None).first()
    if user is None or not user.email:
        return False
    with transaction.atomic():
        held, _ = AlertMail.objects.select_for_update().get_or_create(person=user)
        before = held.sent_at
        if not held.is_wanted or _is_today(before, today):
            return False
        held.sent_at = timezone.now()
        held.save(update_fields=["sent_at"])
    try:
        send_mail(
            SUBJECT,
            BODY.format(url=settings.BASE_URL, switch=settings.BASE_URL + reverse("attendance:mail")),
            None,
            [user.email],
        )
    except OSError:
        AlertMail.objects.filter(pk=held.pk).update(sent_at=before)
        raise
    return True
