"""Who is on roll where, and what the children are called: the statutory return says neither."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from virtual_school.authorities.models import Authority
from virtual_school.children import bulk
from virtual_school.children.actions import plain, refresh_search_text
from virtual_school.children.models import FormerName
from virtual_school.schools.models import School

from .changes import CHANGED, CREATED, ENDED, Changes, Entry, written
from .readers.dates import in_full
from .readers.sheets import Column, SheetRow
from .sheet_rows import CHILD, DOB, UPN, KnownChild, refuse, rows_of_children

Say = Callable[[str], None]
TABLE = "Enrolments"
COLUMNS = [
    CHILD,
    UPN,
    DOB,
    Column("Forename", aliases=("First name", "Given name", "Legal forename"), hint="Alex"),
    Column("Surname", aliases=("Last name", "Family name", "Legal surname"), hint="Example"),
    Column("Former surname", aliases=("Previous surname",), hint="Sample"),
    Column("School URN", aliases=("URN", "GIAS URN"), hint="100000"),
    Column("LAESTAB", aliases=("DfE number", "LA Estab"), hint="201/3614"),
    Column("Provision", aliases=("School", "School name", "Name of provision"), hint=""),
    Column("Start", "date", required=True, aliases=("Start date", "Entry date", "Enrolled"), hint="01/09/2025"),
    Column("End", "date", aliases=("End date", "Leaving date", "Left"), hint=""),
    Column("Year group", aliases=("Year", "NC year", "NCyearActual"), hint="7"),
    Column("Kind", aliases=("Registration", "Enrolment status", "Enrol status"), hint="Main"),
]
MAIN, SUBSIDIARY = "main", "subsidiary"
KINDS = {
    "": MAIN,
    "main": MAIN,
    "c": MAIN,
    "m": MAIN,
    "current": MAIN,
    "single": MAIN,
    "main registration": MAIN,
    "subsidiary": SUBSIDIARY,
    "s": SUBSIDIARY,
    "dual": SUBSIDIARY,
    "subsidiary registration": SUBSIDIARY,
}
YEAR = re.compile(r"(?:year|yr|y)?\s*(\d{1,2})")
OURS = ["school_id", "provision", "kind", "starts", "ends", "year_group"]
LABELS = {
    "school_id": "School URN",
    "provision": "Provision",
    "kind": "Kind",
    "starts": "Start",
    "ends": "End",
    "year_group": "Year group",
}


@dataclass
class Spell:
    """One enrolment of a child, held (`id`) or given (`row`), as it would be afterwards."""

    school_id: int | None
    provision: str
    kind: str
    starts: date
    ends: date | None
    year_group: int | None
    id: int | None = None
    row: SheetRow | None = None
    before: tuple[Any, ...] = ()
    reason: str = ""

    @property
    def values(self) -> tuple[Any, ...]:
        return (self.school_id, self.provision, self.kind, self.starts, self.ends, self.year_group)

    @property
    def place(self) -> Any:
        return self.school_id or plain(self.provision)

    def shares_a_day_with(self, other: "Spell") -> bool:
        a, b = self.ends or date.max, other.ends or date.max
        return self.starts < a and other.starts < b and self.starts < b and other.starts < a


@dataclass
class Plan:
    created: list[tuple[Any, ...]] = field(default_factory=list)
    changed: list[tuple[Any, ...]] = field(default_factory=list)
    moved: list[tuple[int, date]] = field(default_factory=list)
    names: list[tuple[int, str, str]] = field(default_factory=list)
    former: list[tuple[Any, ...]] = field(default_factory=list)
    children: set[int] = field(default_factory=set)


def look(authority: Authority, path: Path, today: date, say: Say = print) -> Changes:
    changes = Changes("enrolments", plan=Plan())
    say("Reading the file …")
    rows = list(rows_of_children(authority, path, COLUMNS, TABLE, changes))
    say("Comparing with what is held …")
    schools = Schools()
    of_child: dict[int, list[tuple[SheetRow, Spell]]] = defaultdict(list)
    known: dict[int, KnownChild] = {}
    for row, child in rows:
        spell = _spell(row, schools)
        if isinstance(spell, tuple):
            refuse(changes, TABLE, path.name, row, *spell, child.local_id)
            continue
        known[child.id] = child
        of_child[child.id].append((row, spell))
    held: dict[int, list[Spell]] = defaultdict(list)
    for pk, child_id, *values in bulk.select(
        "select id, child_id, school_id, provision, kind, starts, ends, year_group from schools_enrolment "
        "where authority_id = %s order by starts",
        [authority.code],
    ):
        held[child_id].append(Spell(*values, id=pk, before=tuple(values)))
    former = {(name.child_id, plain(name.surname)) for name in FormerName.objects.filter(authority=authority)}
    for child_id, given in of_child.items():
        names = _names(known[child_id], given, former, authority, changes.plan)
        _compare_child(authority, known[child_id], given, held[child_id], names, path.name, changes)
    return changes


class Schools:
    """The register by URN, and by authority and establishment number, open ones first."""

    def __init__(self) -> None:
        self.urns: set[int] = set()
        self.by_laestab: dict[str, int] = {}
        rows = School.objects.order_by("status_code", "-urn").values_list("urn", "la_code", "establishment_number")
        for urn, la_code, number in rows:
            self.urns.add(urn)
            if la_code and number:
                self.by_laestab.setdefault(f"{la_code}{number}", urn)


def _spell(row: SheetRow, schools: Schools) -> Spell | tuple[str, str, str]:
    """The row as an enrolment, or the column, reason and fix of a refusal."""
    values = row.values
    urn, laestab, provision = values["School URN"], values["LAESTAB"], str(values["Provision"] or "")
    school: int | None = None
    if urn:
        text = str(urn).removesuffix(".0")
        if not (text.isascii() and text.isdigit() and int(text) in schools.urns):
            return ("School URN", "no school with this URN is in the register held", "Check it, or load the register.")
        school = int(text)
    elif laestab:
        digits = re.sub(r"\D", "", str(laestab))
        school = schools.by_laestab.get(digits)
        if school is None:
            return ("LAESTAB", "no school with this number is in the register held", "Check it, or give the URN.")
    elif not provision:
        return ("School URN", "there is no school", "Give the URN, the LAESTAB or the name of the provision.")
    starts, ends = values["Start"], values["End"]
    if ends and ends < starts:
        return ("End", f"End ({in_full(ends)}) is before Start ({in_full(starts)})", "Correct one of the dates.")
    kind = KINDS.get(str(values["Kind"] or "").casefold())
    if kind is None:
        return ("Kind", "this is not a kind of registration", "Write Main or Subsidiary.")
    year: int | None = None
    if text := str(values["Year group"] or "").strip().casefold():
        found = YEAR.fullmatch(text)
        year = 0 if text in ("r", "reception", "year r") else int(found[1]) if found else None
        if year is None or year > 14:
            return ("Year group", "this is not a year group", "Write R for reception, or 1 to 14.")
    return Spell(school, "" if school else provision, kind, starts, ends, year, row=row)


def _compare_child(
    authority: Authority,
    child: KnownChild,
    given: list[tuple[SheetRow, Spell]],
    held: list[Spell],
    names: dict[int, dict[str, str]],
    file: str,
    changes: Changes,
) -> None:
    """The held spells are laid over by the file's; a child who moved leaves the school before on the day they start."""
    counts, plan = changes.counts[TABLE], changes.plan
    given = sorted(given, key=lambda pair: pair[1].starts)
    while True:
        spells, clash = _arrange(held, given)
        if clash is None:
            break
        bad, other = clash
        where = f"row {other.row.line}" if other.row else f"the enrolment held from {in_full(other.starts)}"
        given = [pair for pair in given if pair[0] is not bad.row]
        if bad.row is None:
            raise ValueError("only a row of the file can be in the way")
        names.pop(bad.row.line, None)
        refuse(
            changes,
            TABLE,
            file,
            bad.row,
            "Start",
            f"the child is on the roll of two schools: this and {where}",
            "Give the day on which the first of them ended, or say that one is Subsidiary.",
            child.local_id,
        )
    moved = [spell for spell in spells if spell.id is not None and spell.values[3:5] != spell.before[3:5]]
    if len(moved) > 1:
        plan.moved += [(spell.id, spell.before[3]) for spell in moved if spell.id is not None]
    for spell in spells:
        new_names = names.get(spell.row.line, {}) if spell.row else {}
        entry = Entry(
            CREATED,
            TABLE,
            child.local_id,
            file if spell.row else "",
            spell.row.line if spell.row else None,
            value=str(spell.school_id or spell.provision),
            reason=spell.reason,
        )
        if spell.id is None:
            counts.created += 1
            plan.created.append((authority.code, child.id, *spell.values, ""))
            entry.new = {LABELS[n]: t for n, v in zip(OURS, spell.values, strict=True) if (t := written(v))} | new_names
        elif spell.values != spell.before or new_names:
            has_ended = spell.before[4] is None and spell.ends is not None
            entry.kind = ENDED if has_ended else CHANGED
            counts.ended += has_ended
            counts.changed += not has_ended
            counts.removed += has_ended and spell.row is None
            if spell.values != spell.before:
                plan.changed.append((spell.id, *spell.values))
            differing = [(n, a, b) for n, a, b in zip(OURS, spell.before, spell.values, strict=True) if a != b]
            entry.now = {LABELS[n]: written(a) for n, a, _ in differing}
            entry.new = {LABELS[n]: written(b) for n, _, b in differing} | new_names
        else:
            counts.unchanged += spell.row is not None
            continue
        plan.children.add(child.id)
        changes.entries.append(entry)


def _same(spell: Spell, spells: list[Spell], taken: set[int]) -> Spell | None:
    """The held spell that the row is about: the same place and kind, with the same start, else one it overlaps."""
    likely = [
        one
        for one in spells
        if one.id is not None and one.id not in taken and one.place == spell.place and one.kind == spell.kind
    ]
    exact = next((one for one in likely if one.starts == spell.starts), None)
    return exact or next((one for one in likely if one.shares_a_day_with(spell)), None)


def _end_held(found: Spell, given: Spell) -> date | None:
    """A blank end does not reopen an enrolment that ended."""
    return found.ends if found.ends and found.ends >= given.starts else None


def _arrange(held: list[Spell], given: list[tuple[SheetRow, Spell]]) -> tuple[list[Spell], tuple[Spell, Spell] | None]:
    """The child's spells with the file's laid over those held: an open main one ends on the day the next begins.
    Also a row of the file that cannot stand, and the spell it clashes with."""
    spells = [Spell(*spell.values, id=spell.id, before=spell.before) for spell in held]
    laid: list[Spell] = []
    taken: set[int] = set()
    for row, spell in given:
        found = _same(spell, spells, taken)
        one = Spell(*spell.values, row=row)
        if found is not None and found.id is not None:
            taken.add(found.id)
            one.id, one.before = found.id, found.before
            one.ends = spell.ends or _end_held(found, spell)
            one.year_group = found.year_group if spell.year_group is None else spell.year_group
            spells = [one if other is found else other for other in spells]
        else:
            spells.append(one)
        laid.append(one)
    new = {id(one) for one in laid}
    for one in laid:
        for other in spells:
            if other is one or one.kind != MAIN or other.kind != MAIN or not one.shares_a_day_with(other):
                continue
            earlier, later = sorted((one, other), key=lambda spell: spell.starts)
            if earlier.ends is None and earlier.starts < later.starts and id(later) in new:
                earlier.ends = later.starts
                earlier.reason = f"on the roll of another school from {in_full(later.starts)}"
            else:
                return spells, (later, earlier) if id(later) in new else (earlier, later)
    return spells, None


def _names(
    child: KnownChild,
    given: list[tuple[SheetRow, Spell]],
    former: set[tuple[int, str]],
    authority: Authority,
    plan: Plan,
) -> dict[int, dict[str, str]]:
    """By line, the names that the row adds: only to a child who has none yet."""
    added: dict[int, dict[str, str]] = {}
    forename, surname = child.forename, child.surname
    for row, _ in given:
        new: dict[str, str] = {}
        if not forename and not surname and (row.values["Forename"] or row.values["Surname"]):
            forename, surname = str(row.values["Forename"] or ""), str(row.values["Surname"] or "")
            plan.names.append((child.id, forename, surname))
            new |= {"Forename": forename, "Surname": surname}
        before = str(row.values["Former surname"] or "")
        if before and (child.id, plain(before)) not in former and plain(before) != plain(surname):
            former.add((child.id, plain(before)))
            plan.former.append((authority.code, child.id, "", before, None))
            new["Former surname"] = before
        if new:
            added[row.line] = new
    return added


def write(authority: Authority, changes: Changes, today: date, say: Say = print) -> set[int]:
    plan: Plan = changes.plan
    say("Writing enrolments …")
    # Where several of a child's dates move at once, none may be in the way of another meanwhile.
    bulk.update("schools_enrolment", ["ends"], plan.moved)
    bulk.update("schools_enrolment", OURS, plan.changed)
    bulk.insert("schools_enrolment", ["authority_id", "child_id", *OURS, "left_why"], plan.created)
    bulk.update("children_child", ["forename", "surname"], plan.names)
    bulk.insert("children_formername", ["authority_id", "child_id", "forename", "surname", "until"], plan.former)
    named = {row[0] for row in plan.names} | {row[1] for row in plan.former}
    refresh_search_text(authority.code, sorted(named))
    return plan.children | named
