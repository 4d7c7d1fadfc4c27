"""The Header table: who the children are. A blank here never wipes what is held, for others know it too."""

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from virtual_school.authorities.models import Authority
from virtual_school.care.models import Adoption, Episode
from virtual_school.children import bulk
from virtual_school.children.actions import search_text
from virtual_school.children.identifiers import NOT_KNOWN
from virtual_school.children.models import Sensitivity

from .changes import CHANGED, CREATED, REJECTED, WARNING, Changes, Counts, Entry, written
from .compare import CREATED_SHOWN
from .readers.ssda903 import Return, Row
from .return_targets import CHILDREN, Target

COLUMNS = [*CHILDREN.own, "upn", "upn_missing_why"]
LABELS = {**CHILDREN.label, "upn": "UPN", "upn_missing_why": "UPN (reason for having none)", "received": "as received"}
ADOPTED = ("E11", "E12")
LONGEST_ID = 20
LONGEST_UPN = 13


@dataclass(slots=True)
class GivenChild:
    local_id: str
    values: tuple[Any, ...]


@dataclass
class ChildrenPlan:
    created: list[GivenChild] = field(default_factory=list)
    changed: list[tuple[int, GivenChild]] = field(default_factory=list)
    former_upns: list[tuple[int, str]] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)

    def renumbered_ids(self, ids: dict[str, int]) -> set[int]:
        return {ids[given.local_id] for _, given in self.changed}


@dataclass(slots=True)
class HeldChild:
    id: int
    values: tuple[Any, ...]


def with_json(target: Target, rows: Iterable[tuple[Any, ...]], before: int) -> Iterator[tuple[Any, ...]]:
    """Rows as the database gives them, with what was received as a dict. `before`: columns before the target's."""
    if not target.keeps_received:
        yield from rows
        return
    place = before + target.own.index("received")
    for row in rows:
        yield (*row[:place], json.loads(row[place]), *row[place + 1 :])


def held(authority: Authority) -> dict[str, HeldChild]:
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    rows = bulk.select(
        f"select id, local_id, {columns} from children_child where authority_id = %s",  # noqa: S608 (our own names)
        [authority.code],
    )
    return {row[1]: HeldChild(row[0], row[2:]) for row in with_json(CHILDREN, rows, 2)}


def compare(authority: Authority, found: Return, held: dict[str, HeldChild], changes: Changes) -> ChildrenPlan:
    plan = ChildrenPlan(ids={local_id: child.id for local_id, child in held.items()})
    rows = found.tables.get("Header")
    if rows is None:
        return plan
    counts = changes.counts.setdefault("Header", Counts())
    counts.rows_read += len(rows)
    closed = _not_to_be_linked(authority, found)
    for row in rows:
        local_id = str(row.values["CHILD"])
        if len(local_id) > LONGEST_ID:
            counts.rejected += 1
            changes.entries.append(
                Entry(
                    REJECTED,
                    "Header",
                    "",
                    row.file,
                    row.line,
                    "CHILD",
                    local_id[:80],
                    f"CHILD has {len(local_id)} characters; at most {LONGEST_ID} can be kept",
                    "Check the identifier.",
                )
            )
            continue
        values = _values(row, changes)
        child = held.get(local_id)
        if child is None:
            counts.created += 1
            plan.created.append(GivenChild(local_id, values))
            entry = Entry(CREATED, "Header", local_id, row.file, row.line)
            if counts.created <= CREATED_SHOWN:
                entry.new = {LABELS[n]: text for n, v in zip(COLUMNS, values, strict=True) if (text := written(v))}
            changes.entries.append(entry)
            continue
        new = _onto(child.values, values, row, local_id in closed, changes)
        if new == child.values:
            counts.unchanged += 1
            continue
        counts.changed += 1
        plan.changed.append((child.id, GivenChild(local_id, new)))
        if (before := child.values[-2]) and new[-2] != before:
            plan.former_upns.append((child.id, before))
        differing = [(n, a, b) for n, a, b in zip(COLUMNS, child.values, new, strict=True) if a != b]
        changes.entries.append(
            Entry(
                CHANGED,
                "Header",
                local_id,
                row.file,
                row.line,
                now={LABELS[n]: written(a) for n, a, _ in differing},
                new={LABELS[n]: written(b) for n, _, b in differing},
            )
        )
    return plan


def _values(row: Row, changes: Changes) -> tuple[Any, ...]:
    too_long: list[str] = []
    values = CHILDREN.values(row, None, too_long)
    upn = str(row.values.get("UPN") or "")
    why = upn if upn in NOT_KNOWN else ""
    if len(upn) > LONGEST_UPN:
        too_long.append("UPN")
        upn = ""
    for column in too_long:
        changes.entries.append(
            Entry(
                WARNING,
                "Header",
                str(row.values["CHILD"]),
                row.file,
                row.line,
                column,
                str(row.values[column])[:80],
                f"{column} is longer than can be kept, so it was left out",
                "Check the value.",
            )
        )
    sex = values[0] or "U"
    return (sex, *values[1:], "" if why else upn, why)


def _onto(
    held: tuple[Any, ...], given: tuple[Any, ...], row: Row, is_closed: bool, changes: Changes
) -> tuple[Any, ...]:
    """The row laid over what is held: blanks change nothing."""
    new = [now if value in (None, "", {}) else value for now, value in zip(held, given, strict=True)]
    if row.values["SEX"] is None:
        new[0] = held[0]
    upn_held, upn = held[-2], given[-2]
    if upn_held and not upn:
        new[-1] = held[-1]  # a reason for having no number does not take away the one that is held
    if upn:
        new[-1] = ""
    if is_closed and upn_held and upn and upn != upn_held:
        new[-2:] = held[-2:]
        changes.entries.append(
            Entry(
                WARNING,
                "Header",
                str(row.values["CHILD"]),
                row.file,
                row.line,
                "UPN",
                "",
                "the UPN differs from the one held, and the child was adopted: the new one was not taken, so that the "
                "two are never linked",
                "Nothing, unless you have authority to link them.",
            )
        )
    return tuple(new)


def _not_to_be_linked(authority: Authority, found: Return) -> set[str]:
    """Children adopted: a new UPN is never joined to the old record."""
    held = set(
        Sensitivity.objects.filter(authority=authority, kind="adoption").values_list("child__local_id", flat=True)
    )
    held |= set(Adoption.objects.filter(authority=authority).values_list("child__local_id", flat=True))
    held |= set(
        Episode.objects.filter(authority=authority, end_reason__in=ADOPTED).values_list("child__local_id", flat=True)
    )
    held |= {str(row.values["CHILD"]) for row in found.tables.get("AD1", ())}
    return held | {str(row.values["CHILD"]) for row in found.tables.get("Episodes", ()) if row.values["REC"] in ADOPTED}


def write(authority: Authority, plan: ChildrenPlan, today: date) -> tuple[dict[str, int], set[int]]:
    """Gives the id of every child by the authority's own identifier, and the children changed."""
    fixed = {"forename": "", "surname": "", "preferred_name": "", "uln": ""}
    made = bulk.insert(
        "children_child",
        ["authority_id", "public_id", "local_id", *COLUMNS, *fixed, "search_text"],
        [
            (
                authority.code,
                uuid.uuid4(),
                given.local_id,
                *given.values,
                *fixed.values(),
                search_text([], [given.values[-2], given.local_id]),
            )
            for given in plan.created
        ],
        returning="local_id, id",
    )
    bulk.update("children_child", COLUMNS, [(pk, *given.values) for pk, given in plan.changed])
    sensitive = set(Sensitivity.objects.filter(authority=authority).values_list("child_id", flat=True))
    bulk.insert(
        "children_formeridentifier",
        ["authority_id", "child_id", "kind", "value", "until"],
        [(authority.code, child, "upn", upn, today) for child, upn in plan.former_upns if child not in sensitive],
    )
    ids = {**plan.ids, **dict(made)}
    return ids, {ids[given.local_id] for given in plan.created} | {pk for pk, _ in plan.changed}
