"""What follows a notice in the background. Doing any of it again adds nothing."""

from django.db import transaction
from procrastinate.contrib.django import app

from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from .models_exclusion import Suspension, SuspensionTold
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
