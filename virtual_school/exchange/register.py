"""The national register of establishments and the links between old and new ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from virtual_school.children import bulk
from virtual_school.children.actions import plain

from .changes import CHANGED, CREATED, REJECTED, WARNING, Changes, Counts, Entry, fault_entries, written
from .compare import CREATED_SHOWN
from .readers.dates import read_date
from .readers.schools import DATES, NUMBERS, TEXT, Links, SchoolRow, read_links, read_schools

Say = Callable[[str], None]
WORDS = {"Schools": "Establishments", "Links": "Links between establishments"}
THEIRS = {  # our column: the reader's
    "name": "name",
    "la_code": "la_code",
    "la_name": "la_name",
    "establishment_number": "establishment_number",
    "type_code": "type_code",
    "type_name": "type_name",
    "type_group": "group_name",
    "status": "status_name",
    "status_code": "status_code",
    "opened_on": "open_date",
    "opened_why": "reason_opened",
    "closed_on": "close_date",
    "closed_why": "reason_closed",
    "phase_code": "phase_code",
    "phase": "phase_name",
    "low_age": "low_age",
    "high_age": "high_age",
    "gender": "gender",
    "religious_character": "religious_character",
    "boarders": "boarders",
    "sixth_form": "sixth_form",
    "capacity": "capacity",
    "number_of_pupils": "number_of_pupils",
    "trust": "trust",
    "ukprn": "ukprn",
    "last_inspected_on": "last_inspection",
    "last_overall_grade": "last_rating",
    "street": "street",
    "locality": "locality",
    "town": "town",
    "county": "county",
    "postcode": "postcode",
    "website": "website",
    "telephone": "telephone",
    "easting": "easting",
    "northing": "northing",
    "source_as_at": "source_as_at",
}
HEADINGS = {**TEXT, **NUMBERS, **DATES}
LONGEST = {
    "establishment_number": 4,
    "type_code": 3,
    "status_code": 1,
    "phase_code": 1,
    "ukprn": 8,
    "postcode": 8,
}
NAMED = {"type_code": "type_name", "status_code": "status", "phase_code": "phase"}
"""Codes that the reader fills from the name where a file gives names only."""

LARGEST_SMALL = 32_767
OURS = [*THEIRS, "search_text"]


@dataclass
class Plan:
    created: list[tuple[Any, ...]] = field(default_factory=list)
    changed: list[tuple[Any, ...]] = field(default_factory=list)
    new_links: list[tuple[Any, ...]] = field(default_factory=list)
    changed_links: list[tuple[Any, ...]] = field(default_factory=list)


def look(path: Path, links: Path | None = None, say: Say = print) -> Changes:
    """Schools that are no longer in the register stay: children were on their rolls. Raises Unreadable."""
    changes = Changes("schools", plan=Plan())
    say("Reading the register …")
    found = read_schools(path)
    changes.notes += found.notes
    counts = changes.counts["Schools"] = Counts(rows_read=len(found.rows) + len(found.rejected))
    counts.rejected = len(found.rejected)
    changes.entries += fault_entries(REJECTED, "Schools", found.rejected)
    changes.entries += fault_entries(WARNING, "Schools", found.warnings)
    absent = [name for name, theirs in THEIRS.items() if HEADINGS[theirs] in found.missing_columns]
    absent = [name for name in absent if name not in NAMED or NAMED[name] in absent]
    if absent:
        changes.notes.append(
            f"{path.name} has no column {', '.join(HEADINGS[THEIRS[name]] for name in absent)}: what is held stays."
        )
    if found.rows and not any(row.source_as_at for row in found.rows) and "source_as_at" not in absent:
        absent.append("source_as_at")
    _compare_schools(path.name, found.rows, absent, counts, changes, say)
    if links:
        _compare_links(read_links(links), links.name, changes)
    return changes


def _values(row: SchoolRow) -> dict[str, Any]:
    values = {ours: getattr(row, theirs) for ours, theirs in THEIRS.items()}
    values["la_code"] = int(row.la_code) if row.la_code.isdigit() and len(row.la_code) <= 4 else None
    values["source_as_at"] = read_date(row.source_as_at)[0] if row.source_as_at else None
    for name, longest in LONGEST.items():
        if len(values[name]) > longest:
            values[name] = ""
    for name in ("low_age", "high_age"):
        if values[name] is not None and values[name] > LARGEST_SMALL:
            values[name] = None
    return values


def search_text(values: dict[str, Any], urn: int) -> str:
    number = values["establishment_number"]
    laestab = [f"{values['la_code']}/{number}", f"{values['la_code']}{number}"] if values["la_code"] and number else []
    return plain(" ".join([values["name"], values["town"], values["postcode"], str(urn), *laestab]))


def _compare_schools(
    file: str, rows: Sequence[SchoolRow], absent: Sequence[str], counts: Counts, changes: Changes, say: Say
) -> None:
    say("Comparing with the register held …")
    columns = ", ".join(f'"{name}"' for name in OURS)
    held = {
        row[0]: dict(zip(OURS, row[1:], strict=True))
        for row in bulk.select(f"select urn, {columns} from schools_school", [])  # noqa: S608 (our own names)
    }
    plan: Plan = changes.plan
    for row in rows:
        values = _values(row)
        before = held.get(row.urn)
        if before:
            values |= {name: before[name] for name in absent}
        values["search_text"] = search_text(values, row.urn)
        if before is None:
            counts.created += 1
            plan.created.append((row.urn, *values.values()))
            if counts.created <= CREATED_SHOWN:
                new = {HEADINGS[THEIRS[name]]: values[name] for name in ("name", "town") if values[name]}
                changes.entries.append(Entry(CREATED, "Schools", "", file, row.line, value=str(row.urn), new=new))
        elif values != before:
            counts.changed += 1
            plan.changed.append((row.urn, *values.values()))
            differing = [name for name in THEIRS if values[name] != before[name]]
            changes.entries.append(
                Entry(
                    CHANGED,
                    "Schools",
                    "",
                    file,
                    row.line,
                    value=str(row.urn),
                    reason=values["name"],
                    now={HEADINGS[THEIRS[name]]: written(before[name]) for name in differing},
                    new={HEADINGS[THEIRS[name]]: written(values[name]) for name in differing},
                )
            )
        else:
            counts.unchanged += 1


def _compare_links(found: Links, file: str, changes: Changes) -> None:
    counts = changes.counts["Links"] = Counts(rows_read=len(found.rows) + len(found.rejected))
    counts.rejected = len(found.rejected)
    changes.notes += found.notes
    changes.entries += fault_entries(REJECTED, "Links", found.rejected)
    changes.entries += fault_entries(WARNING, "Links", found.warnings)
    held = {
        (urn, other, kind): (pk, on)
        for pk, urn, other, kind, on in bulk.select('select id, urn, other_urn, kind, "on" from schools_schoollink', [])
    }
    plan: Plan = changes.plan
    seen: set[tuple[int, int, str]] = set()
    for row in found.rows:
        key = (row.urn, row.link_urn, row.link_type)
        if key in seen:
            counts.rejected += 1
            changes.entries.append(
                Entry(
                    REJECTED,
                    "Links",
                    "",
                    file,
                    row.line,
                    "LinkURN",
                    str(row.link_urn),
                    "this link is in the file twice",
                    "Nothing: the first was read.",
                )
            )
            continue
        seen.add(key)
        before = held.get(key)
        if before is None:
            counts.created += 1
            plan.new_links.append((*key, row.established))
        elif before[1] != row.established and row.established is not None:
            counts.changed += 1
            plan.changed_links.append((before[0], row.established))
        else:
            counts.unchanged += 1


def write(changes: Changes, today: date, say: Say = print) -> None:
    plan: Plan = changes.plan
    say("Writing establishments …")
    bulk.update("schools_school", OURS, plan.changed, key="urn")
    bulk.insert("schools_school", ["urn", *OURS], plan.created)
    if plan.new_links or plan.changed_links:
        say("Writing links …")
    bulk.insert("schools_schoollink", ["urn", "other_urn", "kind", "on"], plan.new_links)
    bulk.update("schools_schoollink", ["on"], plan.changed_links)
