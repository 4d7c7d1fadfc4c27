"""What the pages of an import are given: figures, tables, sentences."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from virtual_school.children.models import Child
from virtual_school.design.components import Cell, Column, Figure, Table

from . import words
from .models import Import, StagedRow
from .readers.dates import in_full

FIRST = 20
STATE_TAGS = {
    "reading": "grey",
    "applying": "grey",
    "undoing": "grey",
    "ready": "orange",
    "applied": "green",
    "refused": "red",
    "undone": "purple",
    "discarded": "grey",
}
NUMBERS = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def plural(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def in_words(count: int, one: str, many: str = "") -> str:
    number = NUMBERS[count - 1] if 1 <= count <= len(NUMBERS) else f"{count:,}"
    return f"{number} {one if count == 1 else many or one + 's'}"


def moment(when: Any) -> str:
    local = timezone.localtime(when)
    today = timezone.localdate()
    day = "today" if local.date() == today else f"on {in_full(local.date())}"
    return f"{day} at {local:%H:%M}"


def rows_url(imported: Import, **on: str) -> str:
    chosen = {name: value for name, value in on.items() if value}
    return reverse("exchange:rows", args=[imported.public_id]) + (f"?{urlencode(chosen)}" if chosen else "")


def total(imported: Import) -> dict[str, int]:
    return {name: imported.counts.get("all", {}).get(name, 0) for name in ALL}


ALL = ("rows_read", "created", "changed", "ended", "unchanged", "rejected", "removed", "children", "leaving")


def figures(imported: Import, found: dict[str, dict[str, int]]) -> list[Figure]:
    count = total(imported)
    done = imported.state != Import.State.READY

    def figure(kind: str, meaning: str, alert: bool = False) -> Figure:
        url = rows_url(imported, kind=kind) if found.get(kind) else ""
        return Figure(f"{count[kind]:,}", "left out" if kind == "rejected" else kind, meaning, url, alert)

    left = plural(count["leaving"], "care period")
    return [
        figure("created", _by_table(found.get("created", {}), imported)),
        figure("changed", _by_table(found.get("changed", {}), imported) if count["changed"] else "Nothing"),
        figure("ended", f"{left} among them" if count["leaving"] else "No care period"),
        Figure(f"{count['unchanged']:,}", "unchanged", "Nothing to do"),
        figure(
            "rejected",
            ("The rest went in" if done else "The rest can go in") if count["rejected"] else "Nothing",
            alert=count["rejected"] > 0,
        ),
    ]


def _by_table(found: dict[str, int], imported: Import) -> str:
    """New children, and rows about the others; the whole counts are those of the import."""
    made = imported.counts.get("Header", {}).get("created", 0)
    if "created" in imported.counts.get("all", {}) and made:
        return f"{plural(made, 'child', 'children')} among them"
    tables = ", ".join(words.table(name).lower() for name in words.in_order(found)[:3])
    return tables[:1].upper() + tables[1:] if tables else "Nothing"


def leaving_warning(imported: Import) -> str:
    count = total(imported)["leaving"]
    if not count:
        return ""
    those = "that child" if count == 1 else "those children"
    return (
        f"{in_words(count, 'care period')} would end. The designated teachers of {those} lose sight of them from "
        "that day on."
    )


def child_cell(row: StagedRow, children: dict[str, Child]) -> Cell:
    child = children.get(row.local_id)
    if child is None:
        return Cell(row.local_id or "Not known")
    try:
        url = reverse("caseload:child", args=[child.public_id])
    except NoReverseMatch:
        url = ""
    return Cell(child.name, url, row.local_id if child.forename or child.surname else "")


def where(row: StagedRow) -> str:
    return f"{row.file}, row {row.row}" if row.row else row.file or words.table(row.table)


def ended_table(rows: Sequence[StagedRow], children: dict[str, Child]) -> Table:
    return Table(
        "Rows that end",
        ["Child", "What", "Ends on", "Reason in the file", "Then"],
        [
            [
                child_cell(row, children),
                words.what(row.table, row.value),
                _end(row),
                (row.reason or "Not said")[:1].upper() + row.reason[1:],
                row.fix or "Nothing else",
            ]
            for row in rows
        ],
    )


def _end(row: StagedRow) -> str:
    for name in ("DEC", "End", "DATE_PLACED_CEASED", "MIS_END", "SW_DEC", "DOLO_END"):
        if text := row.new.get(name):
            return words.value(name, text)
    return "Taken out"


def rejected_table(rows: Sequence[StagedRow], children: dict[str, Child]) -> Table:
    return Table(
        "Rows left out",
        ["File and row", "Child", "Column", "What it says", "Why it is left out", "What to do"],
        [
            [where(row), child_cell(row, children), row.column or "The row", row.value or "blank", row.reason, row.fix]
            for row in rows
        ],
    )


def changed_table(rows: Sequence[StagedRow], children: dict[str, Child]) -> Table:
    return Table(
        "Rows that change",
        ["Child", "What", "Now", "In the file"],
        [
            [
                child_cell(row, children) if row.local_id else Cell(row.reason or row.value),
                Cell(words.what(row.table, row.value), small=row.reason if row.local_id else ""),
                words.values(row.now, row.new),
                words.values(row.new),
            ]
            for row in rows
        ],
    )


def created_table(rows: Sequence[StagedRow], children: dict[str, Child]) -> Table:
    return Table(
        "Rows that are new",
        ["Child", "What", "In the file"],
        [
            [
                child_cell(row, children) if row.local_id else Cell(row.value),
                words.what(row.table, row.value),
                words.values(row.new) or "Nothing else",
            ]
            for row in rows
        ],
    )


def missing_table(rows: Sequence[StagedRow], children: dict[str, Child]) -> Table:
    return Table(
        "Children in care who are not in the file",
        ["Child", "In care since", "Question", "What to do"],
        [
            [
                child_cell(row, children),
                words.value("DECOM", row.now.get("DECOM", "")),
                row.reason[:1].upper() + row.reason[1:],
                row.fix,
            ]
            for row in rows
        ],
    )


def warning_table(rows: Sequence[StagedRow], children: dict[str, Child]) -> Table:
    return Table(
        "Rows that went in and should be looked at",
        ["File and row", "Child", "Column", "What it says", "Why", "What to do"],
        [
            [where(row), child_cell(row, children), row.column, row.value or "blank", row.reason, row.fix]
            for row in rows
        ],
    )


def warnings_by_reason(counted: Sequence[dict[str, Any]]) -> Table:
    """Thousands of rows often have one and the same fault."""
    return Table(
        "What is odd, most frequent first",
        ["What is odd", "Table and column", Column("Rows", number=True), "What to do"],
        [
            [one["reason"], f"{words.table(one['table'])}, {one['column']}", f"{one['n']:,}", one["fix"]]
            for one in counted
        ],
    )


TABLES = {
    "ended": ended_table,
    "rejected": rejected_table,
    "changed": changed_table,
    "created": created_table,
    "missing": missing_table,
    "warning": warning_table,
}


def mixed_table(rows: Sequence[StagedRow], children: dict[str, Child]) -> Table:
    return Table(
        "Rows of this import",
        ["Child", "What would happen", "What", "Now", "In the file", "Why"],
        [_mixed(row, children) for row in rows],
    )


def _mixed(row: StagedRow, children: dict[str, Child]) -> list[Any]:
    is_about_a_cell = row.kind in ("rejected", "warning")
    if is_about_a_cell:
        what = f"{words.ROWS.get(row.table, row.table)}: {row.column or 'the row'}"
    else:
        what = words.what(row.table, row.value)
    return [
        child_cell(row, children),
        words.KINDS[row.kind],
        Cell(what, small=where(row)),
        words.values(row.now) or "Nothing",
        (row.value or "blank") if is_about_a_cell else words.values(row.new) or "Nothing",
        row.reason[:1].upper() + row.reason[1:] or "The file says so",
    ]


def by_file(imported: Import) -> Table:
    names = ("rows_read", "created", "changed", "ended", "unchanged", "rejected")
    counts = {table: imported.counts[table] for table in words.in_order(set(imported.counts) - {"all"})}
    rows: list[list[Any]] = [
        [words.table(table), *(f"{count[name]:,}" for name in names)] for table, count in counts.items()
    ]
    if len(rows) > 1:
        every = total(imported)
        rows.append([Cell(f"All {len(rows)}", strong=True), *(Cell(f"{every[name]:,}", strong=True) for name in names)])
    heads = ["Rows read", "Created", "Changed", "Ended", "Unchanged", "Left out"]
    return Table("Rows by table and what would happen", ["Table", *(Column(name, number=True) for name in heads)], rows)
