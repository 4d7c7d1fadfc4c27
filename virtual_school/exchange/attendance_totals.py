"""Sums of attendance that came without marks: compared with those held, and kept apart from what marks add up to."""

import json
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from virtual_school.authorities.models import Authority
from virtual_school.children import bulk

from .changes import CHANGED, CREATED, REJECTED, WARNING, Changes, Counts, Entry, fault_entries
from .pupils import Known, Pupils
from .readers.faults import Caution, Fault, Rejection
from .readers.session_totals import TotalsFile

TOTALS = "AttendanceTotals"
COLUMNS = ["possible", "authorised", "unauthorised", "counts", "doubt", "received_at"]


def look_at_totals(
    authority: Authority, found: TotalsFile, pupils: Pupils, changes: Changes, beside: Sequence[Pupils] = ()
) -> None:
    """`beside` are the pupils of other authorities, whose own imports read the same file."""
    counts = changes.counts.setdefault(TOTALS, Counts())
    changes.notes += found.notes
    counts.rows_read = len(found.rows)
    changes.entries += fault_entries(REJECTED, TOTALS, [one for one in found.faults if isinstance(one, Rejection)])
    cautions: dict[tuple[str, int], Fault] = {
        (one.file, one.row): one for one in found.faults if isinstance(one, Caution)
    }
    held = {
        tuple(row[1:4]): (row[0], tuple(row[4:]))
        for row in bulk.select(
            "select id, child_id, period, urn, possible, authorised, unauthorised, counts::text "
            "from attendance_sessiontotals where authority_id = %s and source = %s",
            [authority.code, found.source],
        )
    }
    seen: dict[tuple[Any, ...], int] = {}
    for row in found.rows:
        child = pupils.find("", row.upn, row.born)
        if isinstance(child, tuple):
            if any(isinstance(other.find("", row.upn, row.born), Known) for other in beside):
                counts.rows_read -= 1
                continue
            column, reason, fix = child
            _refuse(changes, row.file, row.line, column, reason, fix)
            continue
        urn = pupils.school(row.urn, row.laestab) or 0
        key = (child.id, row.period, urn)
        if first := seen.get(key):
            _refuse(changes, row.file, row.line, "UPN", f"row {first} is of the same pupil", "Keep one of the two.")
            continue
        seen[key] = row.line
        if caution := cautions.get((row.file, row.line)):
            changes.entries += fault_entries(WARNING, TOTALS, [caution], child.local_id)
        _compare_totals(authority, found.source, key, row, held.get(key), child.local_id, changes)


def _refuse(changes: Changes, file: str, line: int, column: str, reason: str, fix: str) -> None:
    changes.counts[TOTALS].rejected += 1
    changes.entries.append(Entry(REJECTED, TOTALS, "", file, line, column, "", reason, fix))


def _compare_totals(
    authority: Authority, source: str, key: tuple[Any, ...], row: Any, before: Any, local_id: str, changes: Changes
) -> None:
    counts, plan = changes.counts[TOTALS], changes.plan
    values = (row.possible, row.authorised, row.unauthorised)
    named = {"Possible": row.possible, "Authorised": row.authorised, "Unauthorised": row.unauthorised}
    told = {name: str(value) for name, value in named.items() if value is not None}
    entry = Entry(CREATED, TOTALS, local_id, row.file, row.line, value=row.period, new=told)
    now = timezone.now()
    if before is None:
        counts.created += 1
        plan.totals_created.append((authority.code, key[0], source, *key[1:], *values, row.counts, row.doubt, now))
    elif (*before[1][:3], json.loads(before[1][3])) == (*values, row.counts):
        counts.unchanged += 1
        return
    else:
        counts.changed += 1
        entry.kind = CHANGED
        entry.now = {name: str(value) for name, value in zip(named, before[1][:3], strict=True) if value is not None}
        plan.totals_changed.append((before[0], *values, row.counts, row.doubt, now))
    changes.entries.append(entry)


def write_totals(created: list[tuple[Any, ...]], changed: list[tuple[Any, ...]]) -> None:
    bulk.update("attendance_sessiontotals", COLUMNS, changed)
    keys = ["authority_id", "child_id", "source", "period", "urn"]
    bulk.insert("attendance_sessiontotals", [*keys, *COLUMNS], created)
