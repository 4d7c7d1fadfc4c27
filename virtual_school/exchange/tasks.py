"""Imports in the background. A job knows the id of its import and nothing else; doing it again does nothing twice."""

import logging
from collections.abc import Callable

from django.utils import timezone
from procrastinate.contrib.django import app

from virtual_school.identity.acting import acting
from virtual_school.identity.seal import Claims, service

from . import actions
from .api import calls, once
from .models import Import
from .progress import saying
from .undo import BuiltOn, undo_context

logger = logging.getLogger("virtual_school.exchange")

FAULT = "A fault in this service stopped it, and nothing was changed. It has been recorded; try again or ask for help."
State = Import.State


@app.task(name="exchange.read_import")
def read_import(import_id: int) -> None:
    def read(imported: Import) -> None:
        actions.read_files(imported, timezone.localdate(), saying(imported))

    _step(import_id, State.READING, read, "read", if_it_fails=State.REFUSED)


@app.task(name="exchange.apply_import")
def apply_import(import_id: int) -> None:
    def apply(imported: Import) -> None:
        actions.apply(imported, timezone.localdate(), saying(imported))

    _step(import_id, State.APPLYING, apply, "import", if_it_fails=State.READY)


@app.task(name="exchange.undo_import")
def undo_import(import_id: int) -> None:
    def undo(imported: Import) -> None:
        actions.undo(imported, saying(imported))

    _step(import_id, State.UNDOING, undo, "import undo", if_it_fails=State.APPLIED)


def _step(import_id: int, state: str, do: Callable[[Import], None], action: str, if_it_fails: str) -> None:
    """One transaction, as the person who asked. A refusal or a fault puts the import back and says why."""
    found = _who(import_id, state)
    if found is None:
        return
    imported, claims = found
    context = {"import": imported.public_id, "import undo": undo_context(imported.public_id)}.get(action)
    try:
        with acting(claims, context=context, action=f"{action} {imported.kind}"):
            locked = actions.locked(import_id, state)
            if locked is not None:
                do(locked)
    except BuiltOn as why:
        _put_back(imported, if_it_fails, str(why))
    except Exception:
        _put_back(imported, if_it_fails, FAULT)
        logger.exception("Import %s: %s failed.", imported.public_id, action)
        raise


def _who(import_id: int, state: str) -> tuple[Import, Claims] | None:
    """The import, and the claims of whoever asked. Without the right to it any more, nothing is done and it says so."""
    with acting(_everyone(), action="import look up"):
        imported = Import.objects.select_related("authority").filter(pk=import_id, state=state).first()
        if imported is None:
            return None
        try:
            return imported, actions.claims_for(imported)
        except actions.NoLongerAllowed as why:
            to = State.APPLIED if state == State.UNDOING else State.REFUSED
            Import.objects.filter(pk=import_id).update(state=to, refusal=str(why))
            return None


def _everyone() -> Claims:
    from virtual_school.authorities.models import Authority

    return service(*Authority.objects.values_list("code", flat=True))


def _put_back(imported: Import, state: str, why: str) -> None:
    with acting(service(imported.authority_id), action="import put back"):
        Import.objects.filter(pk=imported.pk).update(state=state, refusal=why)


@app.periodic(cron="50 3 * * *")
@app.task(name="exchange.forget_calls", queueing_lock="exchange.forget_calls")
def forget_api_calls(timestamp: int) -> None:
    """What programs were answered is kept a week, how often they called an hour."""
    once.forget_answers()
    calls.forget_calls()
