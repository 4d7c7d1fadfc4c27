"""Reminders of promises: before, on the day, then weekly, with the adviser told; and passing them on to a successor."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q

from virtual_school.access.models import Role, User
from virtual_school.authorities.models import Authority
from virtual_school.authorities.queries import school_calendars
from virtual_school.children.models import Involvement

from .came_of_it import step
from .models import Promise, PromiseReminder
from .policy import VoicePolicy
from .rules import reminder_due
from .settings_of import policy_for

SUBJECT = "You have something to read in Virtual School"
BODY = """You have something to read in Virtual School.

Sign in to see it: {url}

This message says nothing of what it is about.
"""
OPEN = (Promise.State.MADE, Promise.State.UNDER_WAY, Promise.State.CHANGED)
SUCCEEDED = {
    "designated teacher": Role.DESIGNATED_TEACHER,
    "social worker": Role.SOCIAL_WORKER,
    "carer": Role.CARER,
    "personal adviser": Role.PERSONAL_ADVISER,
}


def mail(person_id: int) -> bool:
    user = User.objects.filter(pk=person_id, is_active=True).exclude(email=None).first()
    if user is None:
        return False
    send_mail(SUBJECT, BODY.format(url=settings.BASE_URL), None, [user.email])
    return True


def write_reminders(code: int, today: date) -> set[int]:
    """Whom to write to today. The same reminder is written to nobody twice."""
    authority, policy = Authority.objects.get(code=code), policy_for(code, today)
    calendar, _ = school_calendars(code, authority.name)
    found: set[int] = set()
    for promise in Promise.objects.filter(authority=code, state__in=OPEN).select_related("child"):
        rung = reminder_due(promise.due_on, today, calendar, policy.remind_school_days_before)
        if not rung:
            continue
        for person in _people(promise, rung, today, policy):
            _, is_new = PromiseReminder.objects.get_or_create(
                authority_id=promise.authority_id, child_id=promise.child_id, entry_id=promise.entry_id,
                promise=promise, person_id=person, rung=rung, defaults={"sent_on": today},
            )  # fmt: skip
            if is_new:
                found.add(person)
    return found


def _people(promise: Promise, rung: str, today: date, policy: VoicePolicy) -> Iterable[int]:
    """Weekly with copy to the manager of a social worker; ten days late, the adviser is told too."""
    if promise.person_id:
        yield promise.person_id
    if not rung.startswith("weekly"):
        return
    roles = [Role.SOCIAL_WORK_MANAGER] if promise.person_role.lower() == "social worker" else []
    if (today - promise.due_on).days >= policy.chair_told_after_days:
        roles.append(Role.ADVISER)
    yield from _current(promise.child_id, roles, today)


def _current(child: int, roles: list[Role], on: date) -> list[int]:
    rows = Involvement.objects.filter(child=child, role__in=roles, starts__lte=on).filter(
        Q(ends__isnull=True) | Q(ends__gt=on)
    )
    return list(rows.order_by("-starts").values_list("person_id", flat=True))


def pass_on(code: int, today: date) -> int:
    """A promise goes to whoever follows in the role when its owner is around the child no more; the child reads the
    new name."""
    count = 0
    for promise in Promise.objects.filter(authority=code, state__in=OPEN, person__isnull=False):
        role = SUCCEEDED.get(promise.person_role.lower())
        if role is None:
            continue
        now = _current(promise.child_id, [role], today)
        if not now or promise.person_id in now:
            continue
        successor, before = User.objects.get(pk=now[0]), promise.person_name
        Promise.objects.filter(pk=promise.pk).update(person=successor, person_name=successor.name)
        step(promise, "passed_on", f"{before} has left. {successor.name} will do it now.", "Virtual School")
        count += 1
    return count
