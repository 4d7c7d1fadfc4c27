"""Working out duties in the background: by night for everyone, at once for children whose facts changed."""

import contextlib

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from virtual_school.authorities.models import Authority
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.plans.moving import follow_changes
from virtual_school.schools.actions import refresh_involvements

from .actions import refresh_children


@app.periodic(cron="10 1 * * *")
@app.task(name="duties.every_night", queueing_lock="duties.every_night")
def every_night(timestamp: int) -> None:
    """One job an authority, so that a failure in one leaves the others done."""
    for code in Authority.objects.values_list("code", flat=True):
        with contextlib.suppress(AlreadyEnqueued):
            refresh.configure(queueing_lock=f"duties.refresh.{code}", lock=f"authority.{code}").defer(code=code)


@app.task(name="duties.refresh", retry=3)
def refresh(code: int, child_ids: list[int] | None = None) -> None:
    """Doing it again changes nothing: what is kept is what the facts say."""
    with acting(service(code), action="duties worked out"):
        refresh_involvements(code, child_ids)
        follow_changes(code, child_ids)
        refresh_children(code, child_ids)
