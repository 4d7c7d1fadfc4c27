"""What a file would do to what is held: counted by table, and said row by row."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from .readers.faults import Fault

CREATED, CHANGED, ENDED = "created", "changed", "ended"
REJECTED, MISSING, WARNING = "rejected", "missing", "warning"
NOTHING: dict[str, str] = {}


@dataclass
class Counts:
    """Of the rows read, each is created, changed, ended, unchanged or rejected. `removed` are held rows that the
    file no longer has; they are counted among `ended` too."""

    rows_read: int = 0
    created: int = 0
    changed: int = 0
    ended: int = 0
    unchanged: int = 0
    rejected: int = 0
    removed: int = 0

    def add(self, other: "Counts") -> None:
        for name, value in asdict(other).items():
            setattr(self, name, getattr(self, name) + value)

    @property
    def changes(self) -> int:
        return self.created + self.changed + self.ended


@dataclass(slots=True)
class Entry:
    """One row to show. `reason` says why it is left out, asked about or what follows; `fix` what to do about it."""

    kind: str
    table: str
    local_id: str = ""
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    reason: str = ""
    fix: str = ""
    now: dict[str, str] = field(default_factory=lambda: NOTHING)
    new: dict[str, str] = field(default_factory=lambda: NOTHING)

    def as_fault(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "reason": self.reason,
            "fix": self.fix,
            "child": self.local_id,
        }


@dataclass
class Changes:
    """`plan` is what the kind of import needs to write it all down."""

    kind: str
    plan: Any = None
    counts: dict[str, Counts] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    mapped: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    collection_year: int | None = None
    leaving: int = 0
    digest: str = ""
    """Of what is too much to be told row by row."""

    @property
    def total(self) -> Counts:
        total = Counts()
        for counts in self.counts.values():
            total.add(counts)
        return total

    def of(self, *kinds: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind in kinds]

    @property
    def children(self) -> int:
        """How many children something would change for."""
        return len({entry.local_id for entry in self.of(CREATED, CHANGED, ENDED)} - {""})

    @property
    def fingerprint(self) -> str:
        """Of what would be changed, so that what is applied is what was looked at."""
        digest = hashlib.sha256(self.digest.encode())
        for entry in self.of(CREATED, CHANGED, ENDED, REJECTED):
            told = (entry.kind, entry.table, entry.local_id, entry.file, entry.row, entry.now, entry.new)
            digest.update(repr(told).encode())
        return digest.hexdigest()

    def counts_as_json(self) -> dict[str, dict[str, int]]:
        summary = {**asdict(self.total), "children": self.children, "leaving": self.leaving}
        return {"all": summary, **{table: asdict(counts) for table, counts in self.counts.items()}}

    def as_document(self, **more: Any) -> dict[str, Any]:
        return {
            "kind": self.kind,
            **more,
            **asdict(self.total),
            "rejected": [entry.as_fault() for entry in self.of(REJECTED)],
            "warnings": [entry.as_fault() for entry in self.of(WARNING)],
            "missing": [
                {"child": entry.local_id, "looked_after_since": entry.now.get("DECOM", ""), "reason": entry.reason}
                for entry in self.of(MISSING)
            ],
            "tables": {table: asdict(counts) for table, counts in self.counts.items()},
            "mapped": self.mapped,
            "notes": self.notes,
        }


def written(value: Any) -> str:
    """A value as a person would write it in the file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True) if value else ""
    return str(value)


def fault_entries(kind: str, table: str, faults: Iterable[Fault], local_id: str = "") -> Iterator[Entry]:
    for fault in faults:
        yield Entry(kind, table, local_id, fault.file, fault.row, fault.column, fault.value, fault.reason, fault.fix)
