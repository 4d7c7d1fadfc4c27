"""One table of a file beside the rows that are held: what is new, what differs, what is no longer there."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .changes import CHANGED, CREATED, ENDED, Counts, Entry, written
from .readers.ssda903 import Row
from .return_targets import Target

Values = tuple[Any, ...]
CREATED_SHOWN = 5_000
"""Of more new rows than these in a table, only whose they are is told."""

NO_LONGER = "No longer in the return: taken out here too. History keeps it."
MOVED = "The row's first date was corrected."


@dataclass(slots=True)
class Given:
    """A row of the file as we would keep it."""

    local_id: str
    values: Values
    row: Row


@dataclass(slots=True)
class Held:
    id: int
    local_id: str
    values: Values


@dataclass
class TablePlan:
    """What to write: whole rows to make, rows to change by id, ids to take out."""

    target: Target
    created: list[Given] = field(default_factory=list)
    changed: list[tuple[int, Given]] = field(default_factory=list)
    removed: list[Held] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    entries: list[Entry] = field(default_factory=list)


def compare(
    target: Target,
    given: Sequence[Given],
    held: Iterable[Held],
    columns: frozenset[str],
    is_gone: Callable[[Held], bool],
) -> TablePlan:
    """`columns` are those the file has: what it does not have stays as it is held. `is_gone` says of a held row that
    the file does not have whether the file should have had it."""
    plan = TablePlan(target)
    place = target.own.index(target.key_column) if target.key_column else None
    absent = [n for n, name in enumerate(target.own) if name in target.label and target.label[name] not in columns]
    by_key = {(row.local_id, row.values[place] if place is not None else None): row for row in held}
    new: list[Given] = []
    for one in given:
        found = by_key.pop((one.local_id, one.values[place] if place is not None else None), None)
        if found is None:
            new.append(one)
            continue
        _change(plan, found, one, absent)
    gone = [row for row in by_key.values() if is_gone(row)]
    gone, new = _pair_moved(plan, gone, new, absent)
    for one in new:
        _create(plan, one)
    for row in gone:
        _remove(plan, row)
    return plan


def _keeping(held: Held, given: Given, absent: list[int]) -> Values:
    if not absent:
        return given.values
    values = list(given.values)
    for n in absent:
        values[n] = held.values[n]
    return tuple(values)


def _change(plan: TablePlan, held: Held, given: Given, absent: list[int], reason: str = "") -> None:
    target = plan.target
    values = _keeping(held, given, absent)
    if values == held.values:
        plan.counts.unchanged += 1
        return
    ends = target.own.index(target.ends) if target.ends else None
    has_ended = ends is not None and held.values[ends] is None and values[ends] is not None
    kind = ENDED if has_ended else CHANGED
    if has_ended:
        plan.counts.ended += 1
    else:
        plan.counts.changed += 1
    plan.changed.append((held.id, Given(given.local_id, values, given.row)))
    plan.entries.append(
        Entry(
            kind,
            target.name,
            given.local_id,
            given.row.file,
            given.row.line,
            reason=reason,
            value=_key(target, values),
            **_difference(target, held.values, values),
        )
    )


def _create(plan: TablePlan, given: Given) -> None:
    target = plan.target
    plan.counts.created += 1
    plan.created.append(given)
    entry = Entry(
        CREATED, target.name, given.local_id, given.row.file, given.row.line, value=_key(target, given.values)
    )
    if plan.counts.created <= CREATED_SHOWN:
        entry.new = _told(target, given.values)
    plan.entries.append(entry)


def _remove(plan: TablePlan, held: Held) -> None:
    plan.counts.ended += 1
    plan.counts.removed += 1
    plan.removed.append(held)
    plan.entries.append(
        Entry(
            ENDED,
            plan.target.name,
            held.local_id,
            reason=NO_LONGER,
            value=_key(plan.target, held.values),
            now=_told(plan.target, held.values),
        )
    )


def _pair_moved(
    plan: TablePlan, gone: list[Held], new: list[Given], absent: list[int]
) -> tuple[list[Held], list[Given]]:
    """A child's row that is gone and a new one that says the same but for its first date are one row, corrected."""
    if not gone or not new or plan.target.key == "":
        return gone, new
    place = plan.target.own.index(plan.target.key)
    waiting: dict[str, list[Given]] = defaultdict(list)
    missed = {row.local_id for row in gone}
    for one in new:
        if one.local_id in missed:
            waiting[one.local_id].append(one)
    left, taken = [], set()
    for row in gone:
        for one in waiting[row.local_id]:
            values = _keeping(row, one, absent)
            if id(one) not in taken and all(
                theirs == ours for n, (theirs, ours) in enumerate(zip(values, row.values, strict=True)) if n != place
            ):
                taken.add(id(one))
                _change(plan, row, one, absent, MOVED)
                break
        else:
            left.append(row)
    return left, [one for one in new if id(one) not in taken]


def _key(target: Target, values: Values) -> str:
    return written(values[target.own.index(target.key_column)]) if target.key_column else ""


def _difference(target: Target, held: Values, new: Values) -> dict[str, dict[str, str]]:
    differing = [
        (target.label.get(name, name), before, after)
        for name, before, after in zip(target.own, held, new, strict=True)
        if before != after
    ]
    return {
        "now": {label: written(before) for label, before, _ in differing},
        "new": {label: written(after) for label, _, after in differing},
    }


def _told(target: Target, values: Values) -> dict[str, str]:
    return {
        target.label.get(name, name): text
        for name, value in zip(target.own, values, strict=True)
        if (text := written(value))
    }
