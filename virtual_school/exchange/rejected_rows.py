"""Whose row it was that a reader refused, and of which table: a refusal itself names only its file and line."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from .readers.faults import Fault, Unreadable
from .readers.files import Source, sources
from .readers.return_cells import plain_text
from .readers.return_rows import Row
from .readers.return_tables import TABLES, canonical, recognise
from .readers.text import open_csv

Where = tuple[str, int]
COLUMNS = {table.name: frozenset(column.name for column in table.columns) for table in TABLES}


def named(
    faults: Sequence[Fault], paths: Sequence[Path], tables: Mapping[str, Sequence[Row]] | None = None
) -> Iterator[tuple[Fault, str, str]]:
    """Each fault with its table and its child, "" where that cannot be known. `tables` hold the rows that were read:
    a caution is about one of those, a refusal about a line that has to be looked up in the files."""
    if not faults:
        return
    children = _among(faults, tables) if tables is not None else _found_again(faults, paths)
    for fault in faults:
        likely = [*children.get((fault.file, fault.row), ()), ("", "")]
        table, child = next((one for one in likely if one[0] and fault.column in COLUMNS[one[0]]), likely[0])
        yield fault, table or _table_of_column(fault.column), child or _told(fault)


def _among(faults: Sequence[Fault], tables: Mapping[str, Sequence[Row]]) -> dict[Where, list[tuple[str, str]]]:
    """In XML the same number is that of an element of each kind."""
    wanted = {(fault.file, fault.row) for fault in faults}
    found: dict[Where, list[tuple[str, str]]] = defaultdict(list)
    for name, rows in tables.items():
        for row in rows:
            if (row.file, row.line) in wanted:
                found[row.file, row.line].append((name, str(row.values["CHILD"])))
    return found


def _told(fault: Fault) -> str:
    return fault.value if fault.column == "CHILD" and len(fault.value) <= 20 else ""


def _table_of_column(column: str) -> str:
    return next((table for table, columns in COLUMNS.items() if column in columns), "Header")


def _found_again(faults: Sequence[Fault], paths: Sequence[Path]) -> dict[Where, list[tuple[str, str]]]:
    lines: dict[str, set[int]] = defaultdict(set)
    for fault in faults:
        lines[fault.file].add(fault.row)
    found: dict[Where, list[tuple[str, str]]] = {}
    for source in sources(paths):
        if source.name in lines:
            found |= _cells(source, lines[source.name])
    return found


def _cells(source: Source, wanted: set[int]) -> dict[Where, list[tuple[str, str]]]:
    try:
        csv = open_csv(source.content, source.name)
    except Unreadable:
        return {}
    names = [canonical(heading) for heading in csv.header]
    table = recognise(names)
    if table is None or "CHILD" not in names:
        return {}
    place = names.index("CHILD")
    return {
        (source.name, line.number): [
            (table.name, plain_text(line.cells[place])[:20] if place < len(line.cells) else "")
        ]
        for line in csv.lines
        if line.number in wanted
    }
