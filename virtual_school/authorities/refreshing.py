"""Asking for all duties of an authority to be worked out again, after a change that touches every child."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def work_out_again(code: int) -> None:
    """The task belongs to an app above this one, so it is asked for by name. One that waits already will do."""
    task = app.configure_task(
        "duties.refresh", queueing_lock=f"duties.refresh.{code}", lock=f"authority.{code}", allow_unknown=True
    )
    try:
        with transaction.atomic():
            task.defer(code=code)
    except AlreadyEnqueued:
        return
