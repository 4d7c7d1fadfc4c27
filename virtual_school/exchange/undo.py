"""Taking an import back, as a whole, from the history that the database kept of it."""

import json
import uuid
from collections import defaultdict
from typing import Any

from django.apps import apps
from django.utils import timezone

from virtual_school.attendance import undoing
from virtual_school.audit.models import Change
from virtual_school.children import bulk
from virtual_school.schools.actions import BECAUSE_ON_ROLL

from .kinds import Say, follow, only_one_at_a_time, quiet
from .models import Import

FOLLOWS = "children_involvement"
"""What follows from rolls and histories is worked out again instead."""

FIRST = "children_child"
WORDS = {
    "children_child": ("child", "children"),
    "care_episode": ("episode", "episodes"),
    "schools_enrolment": ("enrolment", "enrolments"),
    "plans_recordedplan": ("plan", "plans"),
    "attendance_markedday": ("day of attendance", "days of attendance"),
    "attendance_sessiontotals": ("sum of attendance", "sums of attendance"),
    "children_evidence": ("piece of evidence", "pieces of evidence"),
    "children_involvement": ("person around a child", "people around children"),
}

CHANGED_SINCE = """
    with mine as (
        select table_name, row_id, max(id) as last from audit_change
        where context = %(mine)s and table_name <> %(follows)s group by table_name, row_id
    )
    select c.table_name, count(distinct c.row_id) from mine
    join audit_change c on c.table_name = mine.table_name and c.row_id = mine.row_id and c.id > mine.last
    where c.context is distinct from %(mine)s and (c.context is null or c.context <> all (%(undone)s::uuid[]))
    group by c.table_name
"""
ADDED_TO_NEW_CHILDREN = """
    with made as (
        select row_id as child, max(id) as last from audit_change
        where context = %(mine)s and table_name = 'children_child' and operation = 'insert' group by row_id
    )
    select c.table_name, count(distinct c.row_id) from made
    join audit_change c on c.child_id = made.child and c.id > made.last
    where c.context is distinct from %(mine)s and (c.context is null or c.context <> all (%(undone)s::uuid[]))
      and c.table_name <> 'children_child'
      and (c.table_name <> %(follows)s or exists (
          select from children_involvement i where i.id = c.row_id and i.why <> %(why)s))
    group by c.table_name
"""


MARKS_OF_NEW_CHILDREN = """
    select count(*) from attendance_markedday m
    where m.authority_id = %(authority)s and m.child_id in (
        select row_id from audit_change
        where context = %(mine)s and table_name = 'children_child' and operation = 'insert')
"""


def undo_context(public_id: uuid.UUID) -> uuid.UUID:
    """Under which the changes that take an import back are kept."""
    return uuid.uuid5(public_id, "undo")


class BuiltOn(ValueError):
    """The import cannot be taken back; the words say what was built on it."""


def what_is_built_on(imported: Import) -> str:
    """In words; "" when the import can be taken back."""
    if imported.kind == Import.Kind.ATTENDANCE:
        corrected = undoing.built_on(imported.public_id, imported.authority_id)
        if corrected:
            return f"Corrected since: {corrected:,} {'mark' if corrected == 1 else 'marks'}."
    later = imported.kind != Import.Kind.ATTENDANCE and (
        Import.objects.filter(
            authority_id=imported.authority_id, state=Import.State.APPLIED, applied_at__gt=imported.applied_at
        )
        .exclude(kind__in=[Import.Kind.SCHOOLS, Import.Kind.ATTENDANCE])
        .order_by("-applied_at")
        .first()
    )
    if later:
        when = timezone.localtime(later.applied_at)
        return (
            f"A later import was applied: {later.get_kind_display()}, {when.day} {when:%B %Y at %H:%M}. "
            "Take that back first."
        )
    # What was applied and taken back since is as if it had never been.
    undone = Import.objects.filter(authority_id=imported.authority_id, state=Import.State.UNDONE)
    contexts = [c for one in undone.values_list("public_id", flat=True) for c in (one, undo_context(one))]
    asked = {"mine": imported.public_id, "follows": FOLLOWS, "why": BECAUSE_ON_ROLL, "undone": contexts}
    found: dict[str, int] = defaultdict(int)
    marked = bulk.select(MARKS_OF_NEW_CHILDREN, {"mine": imported.public_id, "authority": imported.authority_id})
    if marked[0][0]:
        found["attendance_markedday"] = marked[0][0]
    for statement in (CHANGED_SINCE, ADDED_TO_NEW_CHILDREN):
        for table, count in bulk.select(statement, asked):
            found[table] = max(found[table], count)
    if not found:
        return ""
    told = ", ".join(f"{count:,} {_words(table, count)}" for table, count in sorted(found.items()))
    return f"Changed or added since, on top of this import: {told}. Correct them by a new import instead."


def _words(table: str, count: int) -> str:
    if table in WORDS:
        return WORDS[table][count != 1]
    meta = _models()[table]._meta
    return str(meta.verbose_name if count == 1 else meta.verbose_name_plural)


def _models() -> dict[str, Any]:
    return {model._meta.db_table: model for model in apps.get_models()}


def take_back(imported: Import, say: Say = quiet) -> set[int]:
    """Inside one transaction of its own context. Gives the children it touched. Raises BuiltOn."""
    only_one_at_a_time(imported.authority)
    if why := what_is_built_on(imported):
        raise BuiltOn(why)
    say("Reading what was changed …")
    before, children = _before(imported.public_id)
    tables = sorted(before, key=lambda table: table != FIRST)
    for table in reversed(tables):
        say(f"Restoring {_words(table, 2)} …")
        bulk.delete(table, sorted(pk for pk, (now, state) in before[table].items() if now and state is None))
        _restore_changed(table, before[table])
    for table in tables:
        _put_back(table, [state for now, state in before[table].values() if not now and state is not None])
    remaining = bulk.select(
        "select id from children_child where authority_id = %s and id = any(%s::bigint[])",
        [imported.authority_id, sorted(children)],
    )
    touched = {row[0] for row in remaining}
    if imported.kind == Import.Kind.ATTENDANCE:
        return undoing.take_back(imported.public_id, imported.authority_id, undo_context(imported.public_id), say)
    follow(imported.authority, touched, say)
    return touched


State = dict[str, Any] | None


def _before(context: uuid.UUID) -> tuple[dict[str, dict[int, tuple[bool, State]]], set[int]]:
    """By table and row: whether it is there now, and what it said before (an update: only what changed; None: it
    was not there)."""
    rows: dict[str, dict[int, tuple[bool, State]]] = defaultdict(dict)
    children: set[int] = set()
    changes = Change.objects.filter(context=context).exclude(table_name=FOLLOWS).order_by("-id")
    for table, pk, operation, before, child in changes.values_list(
        "table_name", "row_id", "operation", "before", "child_id"
    ).iterator(chunk_size=5_000):
        if child:
            children.add(child)
        held = rows[table].get(pk)
        is_there = held[0] if held else operation != "delete"
        if operation == "insert":
            state: State = None
        elif operation == "delete":
            state = before
        else:
            state = {**(held[1] or {} if held else {}), **(before or {})}
        rows[table][pk] = (is_there, state)
    return rows, children


def _restore_changed(table: str, rows: dict[int, tuple[bool, State]]) -> None:
    """Through empty spells, so that no two of a child's are ever in each other's way."""
    changed = [{"id": pk, "before": state} for pk, (now, state) in rows.items() if now and state is not None]
    if not changed:
        return
    full = bulk.select(
        f'select to_jsonb(jsonb_populate_record(held, x.before)) from "{table}" held '  # noqa: S608 (a table of ours)
        "join jsonb_to_recordset(%s::jsonb) as x(id bigint, before jsonb) using (id)",
        [json.dumps(changed, default=str)],
    )
    if len(full) != len(changed):
        raise bulk.NotWritten(f"{len(changed) - len(full)} rows are no longer there.")
    states = [json.loads(row[0]) for row in full]
    columns = [column for column in states[0] if column != "id"]
    if table == "schools_enrolment":
        empty = 'update schools_enrolment set "ends" = "starts" where id = any(%s::bigint[]) returning id'
        bulk.select(empty, [[state["id"] for state in states]])
    bulk.update(table, columns, [(state["id"], *(state[column] for column in columns)) for state in states])


def _put_back(table: str, states: list[dict[str, Any]]) -> None:
    if states:
        columns = list(states[0])
        bulk.insert(table, columns, [tuple(state[column] for column in columns) for state in states])
