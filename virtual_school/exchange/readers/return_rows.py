"""Rows of one table of the SSDA903 return, and the answer that they go into."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from virtual_school.exchange.readers.faults import Caution, Rejection
from virtual_school.exchange.readers.return_cells import Cells, Oddity, Value
from virtual_school.exchange.readers.return_tables import Table, canonical
from virtual_school.exchange.readers.text import Line

NOTHING: Mapping[str, str] = MappingProxyType({})
SHOWN = 80


@dataclass(slots=True)
class Row:
    """`values` holds every column of the table, None when blank.

    `received` holds the text as it came where `values` no longer shows it: retired codes, unreadable values.
    """

    file: str
    line: int
    values: dict[str, Value]
    received: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Mapped:
    table: str
    column: str
    from_code: str
    to_code: str
    count: int


@dataclass(frozen=True, slots=True)
class UnrecognisedFile:
    file: str
    reason: str


@dataclass
class Return:
    """What was read. A table that was not in the files is in `missing_tables` and not in `tables`."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    columns: dict[str, frozenset[str]] = field(default_factory=dict)  # those that came; the rest are None throughout
    rejected: list[Rejection] = field(default_factory=list)  # one for each row left out
    warnings: list[Caution] = field(default_factory=list)
    mapped: list[Mapped] = field(default_factory=list)
    unrecognised_files: list[UnrecognisedFile] = field(default_factory=list)
    missing_tables: list[str] = field(default_factory=list)
    collection_year: str | None = None  # "2025-26"
    notes: list[str] = field(default_factory=list)


def read_rows(table: Table, file: str, header: Sequence[str], lines: Iterable[Line], into: Return) -> None:
    """Adds the good rows of one file to the answer, and says what is wrong with the others."""
    places = _places(table, file, header, into)
    present = frozenset(places)
    into.columns[table.name] = into.columns.get(table.name, present) & present
    plan = [(column.name, places[column.name], Cells(column)) for column in table.columns if column.name in places]
    blank: dict[str, Value] = {
        column.name: None for column in table.columns if not column.optional and column.name not in places
    }
    needed = table.needed
    width = len(header)
    rows = into.tables.setdefault(table.name, [])
    for line in lines:
        cells = line.cells
        if wrong := line.wrong or _shape_fault(line, width):
            into.rejected.append(Rejection(file, line.number, "", _shown(",".join(cells)), wrong, "Correct the row."))
            continue
        if len(cells) < width:
            cells = cells + [""] * (width - len(cells))
        values = blank.copy()
        odd: list[tuple[str, str, Oddity]] = []
        for name, place, known in plan:
            values[name], oddity = known[cells[place]]
            if oddity is not None:
                odd.append((name, cells[place], oddity))
        row = Row(file, line.number, values, NOTHING)
        if odd and not _keep(row, odd, into):
            continue
        absent = next((name for name in needed if values[name] is None), None)
        if absent:
            into.rejected.append(Rejection(file, line.number, absent, "", f"{absent} is blank", f"Fill in {absent}."))
            continue
        rows.append(row)


def _places(table: Table, file: str, header: Sequence[str], into: Return) -> dict[str, int]:
    names = {column.name for column in table.columns}
    places: dict[str, int] = {}
    extra = []
    for place, heading in enumerate(header):
        name = canonical(heading)
        if name not in names:
            if name:
                extra.append(heading.strip())
        elif name in places:
            into.notes.append(f"{file} has the column {name} twice. The first was read.")
        else:
            places[name] = place
    if extra:
        into.notes.append(f"{file}: columns that are not in the return were ignored: {', '.join(extra)}.")
    absent = [column.name for column in table.columns if not column.optional and column.name not in places]
    if absent:
        into.notes.append(f"{file} ({table.name}) has no column {', '.join(absent)}.")
    return places


def _shape_fault(line: Line, width: int) -> str:
    cells = line.cells
    if line.last > line.number:
        return f"the row runs on to line {line.last}: a quotation mark may not be closed"
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        return f"the row has {len(cells)} values for {width} columns: a value may hold a comma without quotation marks"
    return ""


def _keep(row: Row, odd: list[tuple[str, str, Oddity]], into: Return) -> bool:
    """Notes the oddities of a row. False when one of them refuses it."""
    refusals = [found for found in odd if found[2].refuses]
    if refusals:
        name, text, first = refusals[0]
        reason = "; also ".join(found[2].reason for found in refusals)
        into.rejected.append(Rejection(row.file, row.line, name, _shown(text), reason, first.fix))
        return False
    for name, text, oddity in odd:
        if oddity.reason:
            into.warnings.append(Caution(row.file, row.line, name, _shown(text), oddity.reason, oddity.fix))
    received = {name: oddity.received for name, _, oddity in odd if oddity.received}
    if received:
        row.received = received
    return True


def _shown(text: str) -> str:
    text = text.strip().replace("\0", "")
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
