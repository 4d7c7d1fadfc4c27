"""What the comparison of every table needs to know of the return as a whole."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from virtual_school.dates.ages import collection_year as year_it_ends

from .changes import REJECTED, WARNING, Changes, Counts, Entry, fault_entries
from .compare import Given
from .readers.ssda903 import Return, Row
from .rejected_rows import named
from .return_targets import WORDS, Target


@dataclass
class Reading:
    """The return with what every table's comparison needs to know of it."""

    found: Return
    year: int
    listed: frozenset[str]
    refused: dict[str, set[str]]
    """By table, the children one of whose rows there was left out: nothing of theirs is taken out."""

    unclear: set[str]
    """Tables with rows left out of which it is not known whose they were."""


def reading_of(found: Return, paths: Sequence[Path], today: date, changes: Changes) -> Reading:
    year = int(found.collection_year[:4]) + 1 if found.collection_year else year_it_ends(today) - 1
    if not found.collection_year:
        words = f"{year - 1}-{year % 100:02}"
        changes.notes.append(f"No episode says which year the return is for. It was taken as {words}.")
    changes.counts = {name: Counts() for name in WORDS if name in found.tables}
    refused: dict[str, set[str]] = defaultdict(set)
    unclear: set[str] = set()
    for fault, table, child in named(found.rejected, paths):
        changes.counts.setdefault(table, Counts()).rejected += 1
        changes.counts[table].rows_read += 1
        changes.entries += fault_entries(REJECTED, table, [fault], child)
        if child:
            refused[table].add(child)
        else:
            unclear.add(table)
    for fault, table, child in named(found.warnings, paths, found.tables):
        changes.entries += fault_entries(WARNING, table, [fault], child)
    for name, rows in found.tables.items():
        changes.files |= dict.fromkeys({row.file for row in rows}, name)
    return Reading(
        found, year, frozenset(str(row.values["CHILD"]) for row in found.tables.get("Header", ())), refused, unclear
    )


def given_rows(target: Target, rows: Iterable[Row], year: int, changes: Changes) -> list[Given]:
    given = []
    for row in rows:
        too_long: list[str] = []
        values = target.values(row, year, too_long)
        local_id = str(row.values["CHILD"])
        for column in too_long:
            changes.entries.append(
                Entry(
                    WARNING,
                    target.name,
                    local_id,
                    row.file,
                    row.line,
                    column,
                    str(row.values[column])[:80],
                    f"{column} is longer than can be kept, so it was left out",
                    "Check the value.",
                )
            )
        given.append(Given(local_id, values, row))
    return given
