"""What follows in the background from a notice, from marks, and from asking a school for them. Doing any of it again
adds nothing."""

import contextlib
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from virtual_school.authorities.models import Authority
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from .alert_mail import people_to_tell, send_once
from .alerting import look
from .chasing import mail as mail_asking
from .models_calls import MarksAsked
from .models_exclusion import Suspension, SuspensionTold
from .recounting import enrolments_changed_since
from .telling import mail, tell_everybody


@app.task(name="attendance.tell", retry=5)
def tell(code: int, suspension_id: int) -> None:
    """The school that recorded it may not see whom else it concerns: the service finds and tells them."""
    with acting(service(code), action="people told of a suspension"):
        suspension = Suspension.objects.filter(pk=suspension_id).first()
        if suspension is None:
            return
        for told in tell_everybody(suspension):
            send.defer(code=code, told_id=told.pk)
        work_out(code, suspension.child_id)


@app.task(name="attendance.tell_cancelled", retry=3)
def tell_cancelled(code: int, suspension_id: int) -> None:
    """Those who were told of it have another message, now that it is cancelled (EXC-04)."""
    with acting(service(code), action="people told of a cancelled suspension"):
        rows = SuspensionTold.objects.filter(suspension=suspension_id, person__isnull=False)
        for told_id in rows.values_list("id", flat=True):
            send.defer(code=code, told_id=told_id, again=True)


@app.task(name="attendance.send", retry=5)
def send(code: int, told_id: int, again: bool = False) -> None:
    with acting(service(code), action="message of a suspension"):
        told = SuspensionTold.objects.select_related("person").filter(pk=told_id).first()
        if told is not None:
            mail(told, again=again)


def tell_of(suspension: Suspension) -> None:
    """Within the caller's transaction: the notice is kept and the job is there, or neither."""
    tell.configure(lock=f"suspension.{suspension.pk}").defer(code=suspension.authority_id, suspension_id=suspension.pk)


def work_out(code: int, child_id: int) -> None:
    """The child's duties again. The task belongs to an app above this one, so it is asked for by name."""
    with transaction.atomic():
        app.configure_task("duties.refresh", lock=f"authority.{code}", allow_unknown=True).defer(
            code=code, child_ids=[child_id]
        )


@app.periodic(cron="50 4 * * *")
@app.task(name="attendance.every_night", queueing_lock="attendance.every_night")
def every_night(timestamp: int) -> None:
    """One job an authority, so that a failure in one leaves the others done."""
    for code in Authority.objects.values_list("code", flat=True):
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            count_again.configure(queueing_lock=f"attendance.count.{code}").defer(code=code)
        look_again(code)


@app.task(name="attendance.count_again", retry=3)
def count_again(code: int) -> None:
    """Whose registration was changed: another school's marks may count now. Two days, so that a night may be missed."""
    with acting(service(code), action="attendance counted again"):
        enrolments_changed_since(code, timezone.now() - timedelta(days=2))


def look_again(code: int, child_ids: Iterable[int] | None = None) -> None:
    """Within the caller's transaction. All of an authority's children are asked for once until it is done."""
    wanted = None if child_ids is None else sorted(child_ids)
    lock = {"queueing_lock": f"attendance.look.{code}"} if wanted is None else {}
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        look_at.configure(lock=f"attendance.alerts.{code}", **lock).defer(code=code, child_ids=wanted)


@app.task(name="attendance.look", retry=3)
def look_at(code: int, child_ids: list[int] | None = None) -> None:
    with acting(service(code), action="attendance alerts"):
        look(Authority.objects.get(code=code), timezone.localdate(), child_ids)


@app.periodic(cron="55 7-16 * * 1-5")
@app.task(name="attendance.tell_of_alerts", queueing_lock="attendance.tell_of_alerts")
def tell_of_alerts(timestamp: int) -> None:
    """Every hour of a working day: whoever has something new gets the day's one message in the hour it came up."""
    for code in Authority.objects.values_list("code", flat=True):
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            tell_people.configure(queueing_lock=f"attendance.tell_people.{code}").defer(code=code)


@app.task(name="attendance.tell_people", retry=2)
def tell_people(code: int) -> None:
    with acting(service(code), action="people told of attendance alerts"):
        for person in sorted(people_to_tell(Authority.objects.get(code=code), timezone.localdate())):
            with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
                send_digest.configure(queueing_lock=f"attendance.digest.{person}").defer(person_id=person)


@app.task(name="attendance.send_digest", retry=3)
def send_digest(person_id: int) -> None:
    send_once(person_id, timezone.localdate())


@app.task(name="attendance.ask_for_marks", retry=5)
def ask_for_marks(code: int, asked_id: int) -> None:
    with acting(service(code), action="school asked for missing marks"):
        asked = MarksAsked.objects.filter(pk=asked_id).first()
        if asked is not None:
            mail_asking(asked)


def send_asking(asked: MarksAsked) -> None:
    """Within the caller's transaction: that the school was asked is kept and the job is there, or neither."""
    ask_for_marks.configure(lock=f"marks_asked.{asked.pk}").defer(code=asked.authority_id, asked_id=asked.pk)
