"""Plans opened in the background: for many children at once, and by night. Doing it again adds nothing."""

import contextlib
import logging

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from virtual_school.access.models import User
from virtual_school.access.person import person_of
from virtual_school.authorities.models import Authority
from virtual_school.authorities.queries import school_calendars
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.schools.actions import refresh_involvements

from . import moving, reminders
from .connecting import connect
from .delegating import take_up
from .models import Plan
from .opening import open_term
from .opening_due import open_what_is_due
from .terms import term_of_key

logger = logging.getLogger("virtual_school.plans")


@app.task(name="plans.open_term", retry=2)
def open_term_plans(authority: int, term_key: str, by_id: int) -> None:
    """As the person who asked, if they still may."""
    user = User.objects.get(pk=by_id)
    person = person_of(user)
    if authority not in person.writes_for:
        logger.warning("Plans of %s for %s were not opened: who asked may no longer.", authority, term_key)
        return
    with acting(person.claims, action="plans opened", role=person.role):
        held = Authority.objects.get(code=authority)
        calendar, _ = school_calendars(held.code, held.name)
        term = term_of_key(calendar, term_key)
        if term is not None:
            open_term(authority=held, term=term, by=user)


@app.periodic(cron="40 2 * * *")
@app.task(name="plans.every_night", queueing_lock="plans.every_night")
def every_night(timestamp: int) -> None:
    """One job an authority, so that a failure in one leaves the others done."""
    for code in Authority.objects.values_list("code", flat=True):
        open_due.configure(queueing_lock=f"plans.open_due.{code}", lock=f"authority.{code}").defer(code=code)


@app.task(name="plans.open_due", retry=2)
def open_due(code: int) -> None:
    with acting(service(code), action="plans opened by night"):
        open_what_is_due(Authority.objects.get(code=code), timezone.localdate())


@app.task(name="plans.follow_changes", retry=3)
def follow_changes(authority_code: int, child_ids: list[int] | None = None) -> None:
    """After somebody recorded a move, or that a child left care. By night `duties.refresh` does the same for all."""
    with acting(service(authority_code), action="plans followed the records"):
        refresh_involvements(authority_code, child_ids)
        moving.follow_changes(authority_code, child_ids)


@app.task(name="plans.delegation", retry=3)
def follow_delegation(code: int, delegation_id: int) -> None:
    """What a designated teacher may not write themselves: their colleague's role at the school and at the child."""
    with acting(service(code), action="delegation taken up"):
        take_up(delegation_id)


@app.task(name="plans.connect_meeting", retry=3)
def connect_meeting(code: int, meeting_id: int) -> None:
    """Who arranged it may not see who else is around the child: the service finds their address and invites them."""
    with acting(service(code), action="meeting invitations"):
        connect(meeting_id)


@app.periodic(cron="30 6 * * *")
@app.task(name="plans.remind_every_day", queueing_lock="plans.remind_every_day")
def remind_every_day(timestamp: int) -> None:
    """In the morning, one job an authority; the messages follow when all are done."""
    for code in Authority.objects.values_list("code", flat=True):
        with contextlib.suppress(AlreadyEnqueued):
            remind.configure(queueing_lock=f"plans.remind.{code}").defer(code=code)


@app.task(name="plans.remind", retry=2)
def remind(code: int) -> None:
    """Who is reminded is written down with the job that sends the message: neither is done without the other."""
    with acting(service(code), action="people reminded of plans"):
        for person in sorted(reminders.write_reminders(Authority.objects.get(code=code), timezone.localdate())):
            with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
                send_digest.configure(queueing_lock=f"plans.digest.{person}", schedule_in={"minutes": 45}).defer(
                    person_id=person
                )


@app.task(name="plans.send_digest", retry=3)
def send_digest(person_id: int) -> None:
    with transaction.atomic():
        reminders.digest(person_id)


@app.task(name="plans.tell_returned", retry=3)
def tell_returned(code: int, plan_id: int) -> None:
    with acting(service(code), action="people told of a returned plan"):
        plan = Plan.objects.filter(pk=plan_id).first()
        people = reminders.write_urgent(plan, timezone.localdate()) if plan else set()
        for person in sorted(people):
            send_urgent.defer(person_id=person)


@app.task(name="plans.send_urgent", retry=3)
def send_urgent(person_id: int) -> None:
    with transaction.atomic():
        reminders.mail(person_id)
