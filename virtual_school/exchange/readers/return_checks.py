"""What shows only with the whole SSDA903 return in hand: repeats, children not listed, disagreements."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from virtual_school.children.identifiers import NOT_KNOWN
from virtual_school.exchange.readers.dates import in_full
from virtual_school.exchange.readers.faults import Caution, Rejection
from virtual_school.exchange.readers.return_cells import Value
from virtual_school.exchange.readers.return_rows import Mapped, Return, Row
from virtual_school.exchange.readers.return_tables import TABLES, Table

FOREVER = date.max
BORN_BEFORE = ("DECOM", "REVIEW", "MIS_START", "DATE_PLACED", "SW_DECOM", "DOLO_START")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two episodes of one child that are open on the same day."""

    child: str
    row_a: Row
    row_b: Row


def check(found: Return, today: date) -> None:
    """Takes out the rows that cannot stand beside the others, and notes those a person should look at."""
    for table in TABLES:
        if table.name in found.tables:
            _check_table(table, found, today)
    _same_upn(found)


def _check_table(table: Table, found: Return, today: date) -> None:
    header = {str(row.values["CHILD"]): row for row in found.tables.get("Header", ())}
    listed = "Header" in found.tables and table.name != "Header"
    seen: dict[tuple[Value, ...], Row] = {}
    good: list[Row] = []
    for row in found.tables[table.name]:
        values = row.values
        key = tuple([values[name] for name in table.key])
        person = header.get(str(values["CHILD"])) if listed else None
        fault: Rejection | None
        if key in seen:
            fault = _repeat(table, row, seen[key])
        elif listed and person is None:
            fault = _not_listed(row)
        else:
            fault = _dates_fault(table, row, person or row, today)
        if fault:
            found.rejected.append(fault)
            continue
        seen[key] = row
        good.append(row)
        if person:
            _disagreements(row, person, found)
        _doubts(table, row, person or row, today, found)
    found.tables[table.name] = good


def _fault(row: Row, column: str, reason: str, fix: str) -> Rejection:
    return Rejection(row.file, row.line, column, _written(row.values.get(column)), reason, fix)


def _doubt(row: Row, column: str, reason: str, fix: str) -> Caution:
    return Caution(row.file, row.line, column, _written(row.values.get(column)), reason, fix)


def _written(value: Value) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def _where(row: Row) -> str:
    return f"{row.file} row {row.line}"


def _repeat(table: Table, row: Row, first: Row) -> Rejection:
    again = "is the same as" if row.values == first.values else "is for the same " + " and ".join(table.key) + " as"
    return _fault(
        row,
        table.key[-1],
        f"row {row.line} {again} row {first.line}" + ("" if row.file == first.file else f" of {first.file}"),
        "Keep one of the two rows.",
    )


def _not_listed(row: Row) -> Rejection:
    return _fault(
        row,
        "CHILD",
        "the child is not in the Header table, or the child's row there was refused",
        "Add the child to Header, or correct that row.",
    )


def _dates_fault(table: Table, row: Row, person: Row, today: date) -> Rejection | None:
    values = row.values
    if table.name == "Header" and isinstance(born := values["DOB"], date) and born > today:
        return _fault(row, "DOB", f"the date of birth, {in_full(born)}, is in the future", "Correct the date of birth.")
    for start, end in table.spans:
        first, last = values[start], values[end]
        if isinstance(first, date) and isinstance(last, date) and last < first:
            return _fault(
                row,
                end,
                f"{end} ({in_full(last)}) is before {start} ({in_full(first)})",
                "Correct one of the dates.",
            )
    if table.name == "Episodes":
        born, began = person.values.get("DOB"), values["DECOM"]
        if isinstance(born, date) and isinstance(began, date) and began < born:
            return _fault(
                row,
                "DECOM",
                f"the episode begins on {in_full(began)}, before the child was born "
                f"({in_full(born)}, {_where(person)})",
                "Correct DECOM here or DOB in Header.",
            )
    return None


def _disagreements(row: Row, person: Row, found: Return) -> None:
    for column in ("DOB", "SEX"):
        here, there = row.values.get(column), person.values.get(column)
        if here is not None and there is not None and here != there:
            found.warnings.append(
                _doubt(
                    row,
                    column,
                    f"{column} is {_written(here)} here and {_written(there)} in Header ({_where(person)}). "
                    "Header was used",
                    "Correct the one that is wrong.",
                )
            )


def _doubts(table: Table, row: Row, person: Row, today: date, found: Return) -> None:
    values = row.values
    if table.name == "Episodes":
        found.warnings += _episode_doubts(row, today)
        return
    born = person.values.get("DOB")
    for column in BORN_BEFORE:
        day = values.get(column)
        if isinstance(day, date) and isinstance(born, date) and day < born:
            found.warnings.append(
                _doubt(
                    row,
                    column,
                    f"{column} is before the child was born ({in_full(born)})",
                    "Correct the date.",
                )
            )


def _episode_doubts(row: Row, today: date) -> Iterable[Caution]:
    values = row.values
    began, ended, reason = values["DECOM"], values["DEC"], values["REC"]
    if reason is not None and ended is None:
        yield _doubt(row, "REC", "REC is filled but DEC is blank, so the episode is open", "Fill in DEC, or clear REC.")
    if ended is not None and reason is None:
        yield _doubt(row, "DEC", "DEC is filled but REC is blank", "Fill in REC.")
    if ended is not None and ended == began:
        yield _doubt(row, "DEC", "the episode ends on the day it begins, so it is open on no day", "Check the dates.")
    if isinstance(began, date) and began > today:
        yield _doubt(row, "DECOM", f"the episode begins in the future, on {in_full(began)}", "Check the date.")
    if values["PLACE"] is None:
        yield _doubt(row, "PLACE", "PLACE is blank, so where the child lives is not known", "Fill in PLACE.")


def _same_upn(found: Return) -> None:
    first: dict[Value, Row] = {}
    for row in found.tables.get("Header", ()):
        upn = row.values["UPN"]
        if upn is None or upn in NOT_KNOWN:
            continue
        other = first.setdefault(upn, row)
        if other is not row:
            found.warnings.append(
                _doubt(row, "UPN", f"the same UPN is on row {other.line} for another child", "Check both UPNs.")
            )


def count_mapped(found: Return) -> list[Mapped]:
    """The retired codes that were mapped in the rows kept, most frequent first."""
    counted = Counter(
        (table, column, code, str(row.values[column]))
        for table, rows in found.tables.items()
        for row in rows
        for column, code in row.received.items()
        if row.values[column] is not None
    )
    return [Mapped(*what, count) for what, count in counted.most_common()]


def guess_year(found: Return) -> str | None:
    """The collection year in which most episodes end, or failing that the last in which one begins."""
    episodes = found.tables.get("Episodes", [])
    ends = Counter(collection_year(day) for row in episodes if isinstance(day := row.values["DEC"], date))
    if ends:
        return max(ends, key=lambda year: (ends[year], year))
    return max(
        (collection_year(day) for row in episodes if isinstance(day := row.values["DECOM"], date)),
        default=None,
    )


def collection_year(day: date) -> str:
    """2025-26 for 1 April 2025 to 31 March 2026."""
    first = day.year if (day.month, day.day) >= (4, 1) else day.year - 1
    return f"{first}-{(first + 1) % 100:02}"


def overlapping(episodes: Iterable[Row]) -> list[Overlap]:
    """Pairs of one child's episodes that share a day, every legal status included.

    An episode covers DECOM up to the day before DEC; with DEC blank it never ends. So one that begins on the
    day another ends does not overlap it, and one that ends on the day it begins overlaps nothing.
    """
    by_child: dict[str, list[tuple[date, date, Row]]] = defaultdict(list)
    for row in episodes:
        began, ended = row.values["DECOM"], row.values["DEC"]
        last = ended if isinstance(ended, date) else FOREVER
        if isinstance(began, date) and began < last:
            by_child[str(row.values["CHILD"])].append((began, last, row))
    found = []
    for child, spells in by_child.items():
        spells.sort(key=lambda spell: spell[0])
        for place, (_, end, row) in enumerate(spells):
            for began, _, later in spells[place + 1 :]:
                if began >= end:
                    break
                found.append(Overlap(child, row, later))
    return found


def set_aside(episodes: Iterable[Row]) -> tuple[list[Row], list[Row], list[Overlap]]:
    """Episodes to load, episodes set aside (all those of a child with an overlap), and the overlaps."""
    rows = list(episodes)
    overlaps = overlapping(rows)
    children = {overlap.child for overlap in overlaps}
    keep = [row for row in rows if row.values["CHILD"] not in children]
    aside = [row for row in rows if row.values["CHILD"] in children]
    return keep, aside, overlaps
