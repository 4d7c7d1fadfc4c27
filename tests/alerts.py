"""An alert for each child of the cast, given to the designated teacher, and what the social worker does about it."""

from typing import Any

from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.attendance.models_alerts import AttendanceAction, AttendanceAlert
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from .cast import Arguments, Cast


def alert_of(cast: Cast, relation: str) -> tuple[AttendanceAlert, AttendanceAction]:
    """Made when a page first asks for it."""
    child = cast.children[relation]
    if ("attendance alert", child.pk) not in cast.records:
        with acting(service(child.authority_id)):
            cast.records["attendance alert", child.pk] = _made(cast, relation)
    return cast.records["attendance alert", child.pk]


def _made(cast: Cast, relation: str) -> tuple[AttendanceAlert, AttendanceAction]:
    child, today = cast.children[relation], timezone.localdate()
    of: dict[str, Any] = {"authority_id": child.authority_id, "child": child}
    alert = AttendanceAlert.objects.create(
        rule="first_day", occasion=today.isoformat(), as_of=today, reasons=["Absent."], to_role="designated_teacher",
        **of,
    )  # fmt: skip
    worker = cast.users[Role.SOCIAL_WORKER]
    action = AttendanceAction.objects.create(
        alert=alert, what="Ring home", owner=worker, owner_name=worker.name, by_on=today, **of
    )
    return alert, action


def _alert(cast: Cast, relation: str) -> dict[str, Any]:
    return {"public_id": alert_of(cast, relation)[0].public_id}


ARGUMENTS: dict[str, Arguments] = {
    **{f"attendance:{name}": _alert for name in ("alert", "alert_close", "alert_action_add")},
    "attendance:alert_step": lambda cast, relation: {**_alert(cast, relation), "kind": "acknowledge"},
    "attendance:alert_action_done": lambda cast, relation: {"public_id": alert_of(cast, relation)[1].public_id},
    "attendance:alert_rule": lambda cast, relation: {"rule": "run"},
}
