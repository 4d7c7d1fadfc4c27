"""Whose row of a sheet it is: by the authority's own identifier, or by UPN and date of birth."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from virtual_school.authorities.models import Authority
from virtual_school.children import bulk
from virtual_school.children.identifiers import clean_upn

from .changes import REJECTED, WARNING, Changes, Counts, Entry, fault_entries
from .readers.sheets import Column, SheetRow, read_sheet

CHILD = Column("CHILD", aliases=("Child ID", "Local ID", "Identifier"), hint="100123")
UPN = Column("UPN", aliases=("Unique pupil number",), hint="B801200005001")
DOB = Column("Date of birth", "date", aliases=("DOB", "Born"), hint="27/03/2012")


@dataclass(frozen=True, slots=True)
class KnownChild:
    id: int
    local_id: str
    forename: str
    surname: str


class Children:
    """Those held of an authority, found as a sheet names them."""

    def __init__(self, authority: Authority) -> None:
        rows = bulk.select(
            "select id, local_id, forename, surname, upn, born from children_child where authority_id = %s",
            [authority.code],
        )
        self.by_local_id = {row[1]: KnownChild(*row[:4]) for row in rows}
        self.by_upn: dict[tuple[str, Any], list[KnownChild]] = {}
        for row in rows:
            if row[4]:
                self.by_upn.setdefault((row[4], row[5]), []).append(KnownChild(*row[:4]))

    def find(self, values: dict[str, Any]) -> KnownChild | tuple[str, str, str]:
        """The child, or the column, reason and fix of a refusal."""
        if local_id := values["CHILD"]:
            child = self.by_local_id.get(local_id)
            return child or ("CHILD", "no child with this identifier is held", "Check it, or load the return first.")
        if not values["UPN"] or not values["Date of birth"]:
            return ("CHILD", "CHILD is blank", "Give CHILD, or UPN and date of birth together.")
        found = self.by_upn.get((clean_upn(values["UPN"]), values["Date of birth"]), [])
        if len(found) == 1:
            return found[0]
        why = "no child" if not found else f"{len(found)} children"
        return ("UPN", f"{why} with this UPN and date of birth", "Give CHILD, the authority's own identifier.")


def rows_of_children(
    authority: Authority, path: Path, columns: list[Column], table: str, changes: Changes
) -> Iterator[tuple[SheetRow, KnownChild]]:
    """The rows whose child is known; the others are told in the changes. Raises Unreadable."""
    found = read_sheet(path, columns)
    changes.notes += found.notes
    changes.files[path.name] = table
    counts = changes.counts.setdefault(table, Counts())
    counts.rows_read += len(found.rows) + len(found.rejected)
    counts.rejected += len(found.rejected)
    changes.entries += fault_entries(REJECTED, table, found.rejected)
    changes.entries += fault_entries(WARNING, table, found.warnings)
    children = Children(authority)
    for row in found.rows:
        child = children.find(row.values)
        if isinstance(child, tuple):
            column, reason, fix = child
            refuse(changes, table, path.name, row, column, reason, fix)
        else:
            yield row, child


def refuse(
    changes: Changes, table: str, file: str, row: SheetRow, column: str, reason: str, fix: str, local_id: str = ""
) -> None:
    changes.counts[table].rejected += 1
    value = row.values.get(column)
    told = f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value or "")
    changes.entries.append(Entry(REJECTED, table, local_id, file, row.line, column, told[:80], reason, fix))
