"""The statutory return: read, compared with the history held, and written down as a whole."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from virtual_school.authorities.models import Authority
from virtual_school.care.models import StatutoryReturn
from virtual_school.children import bulk
from virtual_school.children.actions import refresh_search_text

from . import return_children, return_episodes
from .changes import REJECTED, Changes, Counts, Entry
from .compare import Held, TablePlan, compare
from .readers.ssda903 import read
from .return_children import ChildrenPlan
from .return_reading import Reading, given_rows, reading_of
from .return_targets import EPISODES, TARGETS, Target

Say = Callable[[str], None]


@dataclass
class Plan:
    children: ChildrenPlan
    tables: list[TablePlan] = field(default_factory=list)


def look(authority: Authority, paths: Sequence[Path], today: date, say: Say = print) -> Changes:
    """What the files would change. Raises Unreadable."""
    say("Reading the files …")
    found = read(paths, today)
    changes = Changes("ssda903", notes=list(found.notes), mapped=[asdict(mapped) for mapped in found.mapped])
    changes.notes += [file.reason for file in found.unrecognised_files]
    reading = reading_of(found, paths, today, changes)
    changes.collection_year = reading.year
    say("Comparing with what is held …")
    held_children = return_children.held(authority)
    names = {child.id: local_id for local_id, child in held_children.items()}
    plan = Plan(return_children.compare(authority, found, held_children, changes))
    for target in TARGETS:
        if target.name not in found.tables:
            continue
        say(f"Comparing {target.words.lower()} …")
        held = _held(authority, target, names)
        if target is EPISODES:
            table = return_episodes.compare(authority, reading, held, changes)
        else:
            given = given_rows(target, found.tables[target.name], reading.year, changes)
            table = compare(target, given, held, found.columns[target.name], _gone(target, reading))
            _count(changes, table, len(given))
        plan.tables.append(table)
    _without_header(plan, held_children, changes)
    changes.plan = plan
    return changes


def _held(authority: Authority, target: Target, names: dict[int, str]) -> list[Held]:
    """`names`: the children's identifiers. A join for them would be a nested loop right after an import."""
    columns = ", ".join(f'"{name}"' for name in target.own)
    rows = bulk.select(
        f'select id, child_id, {columns} from "{target.table}" where authority_id = %s',  # noqa: S608 (our own names)
        [authority.code],
    )
    return [Held(row[0], names[row[1]], row[2:]) for row in return_children.with_json(target, rows, 2)]


def _gone(target: Target, reading: Reading) -> Callable[[Held], bool]:
    """Rows of the year that the file should have had. What is once a child (unaccompanied, adopted) stays held
    after the child has dropped out of the return."""
    if not target.key_column or target.name in reading.unclear:
        return lambda row: False
    place = target.own.index(target.key_column)
    refused = reading.refused[target.name]
    first, last = date(reading.year - 1, 4, 1), date(reading.year, 3, 31)

    def is_gone(row: Held) -> bool:
        if row.local_id not in reading.listed or row.local_id in refused:
            return False
        value = row.values[place]
        return value == reading.year if target.yearly else first <= value <= last

    return is_gone


def _count(changes: Changes, table: TablePlan, rows: int) -> None:
    counts = changes.counts.setdefault(table.target.name, Counts())
    table.counts.rows_read = rows
    counts.add(table.counts)
    changes.entries += table.entries


def _without_header(plan: Plan, held: dict[str, Any], changes: Changes) -> None:
    """Rows of children who are neither held nor made by this return cannot go in."""
    known = held.keys() | {given.local_id for given in plan.children.created}
    for table in plan.tables:
        strangers = {id(given) for given in table.created if given.local_id not in known}
        if not strangers:
            continue
        counts = changes.counts[table.target.name]
        for given in table.created:
            if id(given) in strangers:
                counts.created -= 1
                counts.rejected += 1
                changes.entries.append(
                    Entry(
                        REJECTED,
                        table.target.name,
                        given.local_id,
                        given.row.file,
                        given.row.line,
                        "CHILD",
                        given.local_id,
                        "no child with this identifier is held or could be read from the Header table",
                        "Send the child's row of the Header table with it.",
                    )
                )
        table.created = [given for given in table.created if id(given) not in strangers]
        gone = {(given.row.file, given.row.line) for given in table.created}
        changes.entries = [
            entry
            for entry in changes.entries
            if entry.kind != "created" or entry.table != table.target.name or (entry.file, entry.row) in gone
        ]


def write(authority: Authority, changes: Changes, today: date, say: Say = print) -> set[int]:
    """Inside one transaction. Gives the children for whom something changed."""
    plan: Plan = changes.plan
    say("Writing children …")
    ids, touched = return_children.write(authority, plan.children, today)
    for table in plan.tables:
        target = table.target
        say(f"Writing {target.words.lower()} …")
        bulk.delete(target.table, [row.id for row in table.removed])
        bulk.update(target.table, target.own, [(pk, *given.values) for pk, given in table.changed])
        fixed = ("is_emergency",) if target is EPISODES else ()
        bulk.insert(
            target.table,
            ["authority_id", "child_id", *target.own, *fixed],
            [(authority.code, ids[one.local_id], *one.values, *(None for _ in fixed)) for one in table.created],
        )
        touched |= {ids[row.local_id] for row in table.removed}
        touched |= {ids[one.local_id] for _, one in table.changed} | {ids[one.local_id] for one in table.created}
    refresh_search_text(authority.code, sorted(plan.children.renumbered_ids(ids)))
    if changes.total.rows_read:
        StatutoryReturn.objects.get_or_create(
            authority=authority, collection_year=changes.collection_year, defaults={"loaded_on": today}
        )
    return touched
