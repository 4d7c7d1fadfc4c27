"""Freezing the measures by night, once the cut-off of a term has passed, and what a rater cannot count themselves.
Doing either again adds nothing."""

import contextlib

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from virtual_school.authorities.models import Authority
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from .middles import refresh_middles
from .snapshots import due_to_freeze, freeze


@app.periodic(cron="30 3 * * *")
@app.task(name="quality.freeze_every_night", queueing_lock="quality.freeze_every_night")
def freeze_every_night(timestamp: int) -> None:
    """One job an authority, so that a failure in one leaves the others done."""
    for code in Authority.objects.values_list("code", flat=True):
        with contextlib.suppress(AlreadyEnqueued):
            freeze_authority.configure(queueing_lock=f"quality.freeze.{code}", lock=f"authority.{code}").defer(
                code=code
            )


@app.task(name="quality.freeze", retry=3)
def freeze_authority(code: int) -> None:
    with acting(service(code), action="measures frozen at the cut-off"):
        authority = Authority.objects.get(code=code)
        day = timezone.localdate()
        for term in due_to_freeze(authority, day):
            freeze(authority=authority, term=term, by=None, on=day)


@app.task(name="quality.middles", retry=3)
def middles_of_term(code: int, term: str) -> None:
    with acting(service(code), action="middle marks worked out"):
        refresh_middles(code, term)
