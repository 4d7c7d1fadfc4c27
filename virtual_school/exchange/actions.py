"""An import from being sent to being applied, taken back or discarded. Each step locks its row, so that a step done
again (a button pressed twice, a worker killed) does nothing twice."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.access.person import person_of
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record
from virtual_school.authorities.models import Authority
from virtual_school.children import bulk
from virtual_school.duties.tasks import refresh
from virtual_school.identity.seal import Claims

from . import uploads
from .changes import CREATED, Changes, Entry
from .kinds import Say, look, only_one_at_a_time, quiet, write
from .models import Import
from .readers.faults import Unreadable
from .readers.registers import UnknownColumns
from .undo import take_back

S = Import.State
FEW = 500
"""Up to so many children are named in the job that works out their duties; of more, everybody's are worked out."""

STAGED = ["kind", "table", "local_id", "file", "row", "column", "value", "reason", "fix", "now", "new"]


class NotNow(ValueError):
    """The import is not in a state for this; the words say so."""


class NoLongerAllowed(PermissionError):
    """Whoever sent the import may not run imports of this authority any more."""


def start(
    kind: str,
    *,
    authority: Authority,
    files: Sequence[UploadedFile],
    by: User,
    options: dict[str, Any] | None = None,
    upload: uuid.UUID | None = None,
) -> Import:
    """Keeps the files and asks for them to be read. The worker does the rest."""
    from .tasks import read_import

    public_id = uuid.uuid4()
    imported = Import.objects.create(
        authority=authority,
        public_id=public_id,
        kind=kind,
        files=uploads.keep(public_id, files),
        by_id=by.pk,
        by_name=by.name,
        options=options or {},
        upload=upload,
    )
    record("import.sent", by=by.pk, authority=authority.code, import_id=str(public_id), kind=kind)
    read_import.configure(lock=f"authority.{authority.code}").defer(import_id=imported.pk)
    return imported


@transaction.atomic
def start_several(
    kind: str, *, authorities: Sequence[Authority], files: Sequence[UploadedFile], by: User
) -> list[Import]:
    """One import for each authority, of the same files: each takes its own pupils and passes over the others'."""
    upload = uuid.uuid4()
    return [
        start(
            kind,
            authority=one,
            files=files,
            by=by,
            options={"beside": [other.code for other in authorities if other != one]},
            upload=upload,
        )
        for one in authorities
    ]


def ask_to_apply(imported: Import, *, by: User) -> None:
    from .tasks import apply_import

    _move(imported, {S.READY}, S.APPLYING, by_id=by.pk, by_name=by.name)
    apply_import.configure(lock=f"authority.{imported.authority_id}").defer(import_id=imported.pk)


def ask_to_undo(imported: Import, *, by: User) -> None:
    from .tasks import undo_import

    if imported.kind == Import.Kind.SCHOOLS:
        raise NotNow("A register cannot be taken back. Load the right one instead.")
    _move(imported, {S.APPLIED}, S.UNDOING, by_id=by.pk, by_name=by.name, refusal="")
    undo_import.configure(lock=f"authority.{imported.authority_id}").defer(import_id=imported.pk)


def ask_again(imported: Import, *, by: User) -> None:
    """For a step that has stood still: its worker may have been lost. A step that is done already does nothing."""
    from . import tasks

    step = {S.READING: tasks.read_import, S.APPLYING: tasks.apply_import, S.UNDOING: tasks.undo_import}.get(
        imported.state
    )
    if step is None:
        raise NotNow("This import is not waiting for anything.")
    step.configure(lock=f"authority.{imported.authority_id}").defer(import_id=imported.pk)


@transaction.atomic
def match_columns(imported: Import, *, sender: str, columns: dict[str, str], by: User) -> None:
    """Has the file read again with its columns matched. They are remembered once it is applied."""
    from .tasks import read_import

    options = {**imported.options, "sender": sender, "columns": columns}
    _move(imported, {S.REFUSED}, S.READING, options=options, refusal="", by_id=by.pk, by_name=by.name)
    read_import.configure(lock=f"authority.{imported.authority_id}").defer(import_id=imported.pk)


@transaction.atomic
def discard(imported: Import, *, by: User) -> None:
    _move(imported, {S.READY, S.REFUSED}, S.DISCARDED)
    imported.rows.all().delete()
    transaction.on_commit(lambda: uploads.throw_away(imported))
    record("import.discarded", by=by.pk, authority=imported.authority_id, import_id=str(imported.public_id))


def _move(imported: Import, from_states: set[str], to: str, **more: object) -> None:
    """One of two who press the button at once gets NotNow."""
    if not Import.objects.filter(pk=imported.pk, state__in=from_states).update(state=to, **more):
        imported.refresh_from_db()
        raise NotNow(f"This import is no longer waiting for that. It is now: {imported.get_state_display().lower()}.")
    imported.refresh_from_db()


def claims_for(imported: Import) -> Claims:
    """Of the person who asked, as their roles are now. An import is of the whole authority, sensitive children too. Of
    the other authorities that the same file was sent for, it may see who their pupils are."""
    user = User.objects.filter(pk=imported.by_id, is_active=True).first()
    allowed = person_of(user).authorities_where(Permission.IMPORT_RUN) if user else ()
    if user is None or imported.authority_id not in allowed:
        raise NoLongerAllowed(f"{imported.by_name or 'Whoever sent it'} may no longer run imports of this authority.")
    beside = sorted(set(imported.options.get("beside", [])) & set(allowed))
    return Claims(user.pk, (imported.authority_id, *beside), (imported.authority_id,), True)


def stage(imported: Import, changes: Changes) -> None:
    """Keeps what would happen, for the page. Of very many new rows only the first thousands are kept to look at."""
    imported.rows.all().delete()
    entries = [entry for entry in changes.entries if entry.kind != CREATED or entry.new]
    bulk.insert(
        "exchange_stagedrow",
        ["authority_id", "of_import_id", *STAGED],
        [(imported.authority_id, imported.pk, *_staged(imported, entry)) for entry in entries],
    )
    imported.counts = changes.counts_as_json()
    imported.notes = [uploads.as_sent(imported, note) for note in changes.notes] + [
        f"{one['table']}: the code {one['from_code']} of {one['column']} was read as {one['to_code']} "
        f"({one['count']:,} times)."
        for one in changes.mapped
    ]
    imported.fingerprint = changes.fingerprint
    imported.collection_year = changes.collection_year


def _staged(imported: Import, entry: Entry) -> tuple:
    return (
        entry.kind,
        entry.table,
        entry.local_id[:20],
        uploads.as_sent(imported, entry.file),
        entry.row,
        entry.column,
        entry.value,
        uploads.as_sent(imported, entry.reason),
        entry.fix,
        entry.now,
        entry.new,
    )


def locked(import_id: int, state: str) -> Import | None:
    """The import, for this transaction alone; None when it is no longer in that state."""
    return (
        Import.objects.select_for_update(of=("self",))
        .select_related("authority")
        .filter(pk=import_id, state=state)
        .first()
    )


def read_files(imported: Import, today: date, say: Say = quiet) -> None:
    try:
        changes = _look(imported, today, say)
    except UnknownColumns as problem:
        imported.options["headings"] = problem.headings
        imported.state, imported.refusal = S.REFUSED, uploads.as_sent(imported, str(problem))
    except Unreadable as problem:
        imported.state, imported.refusal = S.REFUSED, uploads.as_sent(imported, str(problem))
    else:
        stage(imported, changes)
        imported.state = S.READY
    imported.read_at = timezone.now()
    imported.save()


def _look(imported: Import, today: date, say: Say) -> Changes:
    files, options = uploads.paths(imported), imported.options
    return look(imported.kind, imported.authority, files, today, say, options=options)


def apply(imported: Import, today: date, say: Say = quiet) -> None:
    """Reads and compares again, so that what is applied is what is true now. When that is no longer what was looked
    at, nothing is applied and it waits to be looked at again."""
    only_one_at_a_time(imported.authority)
    changes = _look(imported, today, say)
    if changes.fingerprint != imported.fingerprint:
        stage(imported, changes)
        imported.state = S.READY
        imported.refusal = "What is held has changed since you looked, so nothing was applied. Please look again."
        imported.save()
        return
    finish(imported, changes, write(imported.authority, changes, today, say))
    transaction.on_commit(lambda: uploads.throw_away(imported))


def finish(imported: Import, changes: Changes, touched: set[int]) -> None:
    imported.state, imported.applied_at, imported.refusal = S.APPLIED, timezone.now(), ""
    imported.save()
    total = changes.total
    record(
        "import.applied",
        by=imported.by_id,
        authority=imported.authority_id,
        import_id=str(imported.public_id),
        kind=imported.kind,
        created=total.created,
        changed=total.changed,
        ended=total.ended,
    )
    work_out_duties(imported.authority_id, touched)


def work_out_duties(code: int, touched: set[int]) -> None:
    """By the worker, soon: the job is kept with the change itself."""
    if touched:
        children = sorted(touched) if len(touched) <= FEW else None
        refresh.configure(lock=f"authority.{code}").defer(code=code, child_ids=children)


def apply_now(
    authority: Authority, changes: Changes, names: Sequence[str], context: uuid.UUID, today: date, say: Say = quiet
) -> Import:
    """For the command: what was looked at in this very transaction. The import bears the id of its changes."""
    imported = Import(
        authority=authority,
        public_id=context,
        kind=changes.kind,
        by_name="Command line",
        files=[{"name": name, "stored": name} for name in names],
    )
    imported.read_at = timezone.now()
    imported.save()
    stage(imported, changes)
    finish(imported, changes, write(authority, changes, today, say))
    return imported


def undo(imported: Import, say: Say = quiet) -> set[int]:
    """Raises BuiltOn."""
    touched = take_back(imported, say)
    imported.state, imported.undone_at = S.UNDONE, timezone.now()
    imported.save()
    record(
        "import.undone",
        by=imported.by_id,
        authority=imported.authority_id,
        import_id=str(imported.public_id),
        kind=imported.kind,
    )
    work_out_duties(imported.authority_id, touched)
    return touched
