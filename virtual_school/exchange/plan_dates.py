"""Dates of personal education plans, from a council's spreadsheet."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from virtual_school.authorities.models import Authority
from virtual_school.children import bulk
from virtual_school.dates.ages import academic_year_label

from .changes import CHANGED, CREATED, Changes, Entry, written
from .readers.sheets import Column
from .sheet_rows import CHILD, DOB, UPN, refuse, rows_of_children

Say = Callable[[str], None]
TABLE = "Plans"
COLUMNS = [
    CHILD,
    UPN,
    DOB,
    Column("Term", required=True, aliases=("PEP term",), hint="2026/27-autumn"),
    Column("Initiated", "date", aliases=("Initiated on", "Started", "Start date"), hint="07/09/2026"),
    Column("Meeting", "date", aliases=("Meeting date", "PEP meeting", "PEP date", "Meeting on"), hint="15/10/2026"),
    Column("Signed off", "date", aliases=("Signed off on", "Sign off date", "Approved"), hint="02/11/2026"),
    Column("Rating", aliases=("Quality", "RAG", "Quality rating"), hint="Good"),
]
DATES = {"Initiated": "initiated_on", "Meeting": "meeting_on", "Signed off": "signed_off_on"}
DONE = ("Initiated", "Signed off")  # a meeting may lie ahead
LABELS = {**{ours: theirs for theirs, ours in DATES.items()}, "rating": "Rating"}
OURS = [*DATES.values(), "rating"]
ACADEMIC_YEAR = re.compile(r"(20\d\d)\s*[/-]\s*(?:20)?(\d\d)")
CALENDAR_YEAR = re.compile(r"\b(20\d\d)\b")


@dataclass
class Plan:
    created: list[tuple[Any, ...]] = field(default_factory=list)
    changed: list[tuple[Any, ...]] = field(default_factory=list)
    children: set[int] = field(default_factory=set)


def term_key(text: str) -> str | None:
    """2026/27-autumn from "2026/27-autumn", "Autumn 2026", "spring term 2027", "2026/27 Summer"."""
    words = text.casefold()
    seasons = [season for season in ("autumn", "spring", "summer") if season in words]
    if len(seasons) != 1:
        return None
    if found := ACADEMIC_YEAR.search(words):
        first = int(found[1])
        return f"{academic_year_label(first)}-{seasons[0]}" if (first + 1) % 100 == int(found[2]) else None
    if found := CALENDAR_YEAR.search(words):
        first = int(found[1]) - (seasons[0] != "autumn")
        return f"{academic_year_label(first)}-{seasons[0]}"
    return None


def look(authority: Authority, path: Path, today: date, say: Say = print) -> Changes:
    """A blank leaves what is held."""
    changes = Changes("plans", plan=Plan())
    say("Reading the file …")
    rows = list(rows_of_children(authority, path, COLUMNS, TABLE, changes))
    held = {
        (child, term): (pk, tuple(values))
        for pk, child, term, *values in bulk.select(
            "select id, child_id, term, initiated_on, meeting_on, signed_off_on, rating from plans_recordedplan "
            "where authority_id = %s",
            [authority.code],
        )
    }
    plan: Plan = changes.plan
    counts = changes.counts[TABLE]
    seen: dict[tuple[int, str], int] = {}
    for row, child in rows:
        term = term_key(str(row.values["Term"]))
        if term is None:
            refuse(
                changes,
                TABLE,
                path.name,
                row,
                "Term",
                "this does not say which term it is",
                "Write 2026/27-autumn or Autumn 2026.",
                child.local_id,
            )
            continue
        first = seen.setdefault((child.id, term), row.line)
        if first != row.line:
            refuse(
                changes,
                TABLE,
                path.name,
                row,
                "Term",
                f"row {first} is for the same child and term",
                "Keep one of the two rows.",
                child.local_id,
            )
            continue
        given = (*(row.values[name] for name in DATES), str(row.values["Rating"] or ""))
        late = next((name for name in DONE if row.values[name] and row.values[name] > today), None)
        if late:
            refuse(
                changes, TABLE, path.name, row, late, f"{late} is in the future", "Correct the date.", child.local_id
            )
            continue
        before = held.get((child.id, term))
        entry = Entry(CREATED, TABLE, child.local_id, path.name, row.line, value=term)
        if before is None:
            counts.created += 1
            plan.created.append((authority.code, child.id, term, *given))
            entry.new = {LABELS[n]: written(v) for n, v in zip(OURS, given, strict=True) if v}
        else:
            new = tuple(value or now for value, now in zip(given, before[1], strict=True))
            if new == before[1]:
                counts.unchanged += 1
                continue
            counts.changed += 1
            plan.changed.append((before[0], *new))
            differing = [(n, a, b) for n, a, b in zip(OURS, before[1], new, strict=True) if a != b]
            entry.kind = CHANGED
            entry.now = {LABELS[n]: written(a) for n, a, _ in differing}
            entry.new = {LABELS[n]: written(b) for n, _, b in differing}
        plan.children.add(child.id)
        changes.entries.append(entry)
    return changes


def write(authority: Authority, changes: Changes, today: date, say: Say = print) -> set[int]:
    plan: Plan = changes.plan
    say("Writing plans …")
    bulk.update("plans_recordedplan", OURS, plan.changed)
    bulk.insert("plans_recordedplan", ["authority_id", "child_id", "term", *OURS], plan.created)
    return plan.children
