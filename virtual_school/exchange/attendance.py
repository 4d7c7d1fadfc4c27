"""Registers: marks, or sums of a term where that is all a file holds. A file may tell of many pupils; only those
held here are read, and nothing is kept of the others."""

import contextlib
import gc
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from virtual_school.attendance.codes import codes, doubt
from virtual_school.attendance.comparing import Comparison, Given, compare
from virtual_school.attendance.models import ColumnLayout, Delivery
from virtual_school.attendance.writing import Sender, new_delivery
from virtual_school.attendance.writing import write as write_marks
from virtual_school.audit.actions import current_context
from virtual_school.authorities.models import Authority

from .attendance_totals import look_at_totals, write_totals
from .changes import CHANGED, CREATED, REJECTED, WARNING, Changes, Counts, Entry, fault_entries
from .pupils import Known, Pupils
from .readers.faults import Caution, Unreadable
from .readers.files import Source, sources
from .readers.registers import Pupil, Register, Row, open_register
from .readers.session_totals import is_census, is_transfer_file, read_census, read_transfer_file

Say = Callable[[str], None]
TABLE = "Attendance"
MOST_SHOWN = 5_000
SPECIAL = frozenset(code for code, found in codes().items() if found.until) | {"C2", "X"}
UNSEEN = object()
SESSION_WORDS = {"am": "Morning", "pm": "Afternoon"}


@dataclass
class Plan:
    sender: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    comparison: Comparison = field(default_factory=Comparison)
    totals_created: list[tuple[Any, ...]] = field(default_factory=list)
    totals_changed: list[tuple[Any, ...]] = field(default_factory=list)
    children: set[int] = field(default_factory=set)


def look(
    authority: Authority, paths: Sequence[Path], today: date, say: Say = print, options: dict[str, Any] | None = None
) -> Changes:
    """`options`: the `sender`, and `columns` where a person matched them. Raises Unreadable."""
    given = options or {}
    changes = Changes("attendance", plan=Plan(given.get("sender", ""), given.get("columns", {})))
    say("Reading the file …")
    held = sources(paths)
    pupils = Pupils(authority)
    beside = [Pupils(other) for other in Authority.objects.filter(code__in=given.get("beside", []))]
    if any(is_census(source) for source in held):
        look_at_totals(authority, read_census(held), pupils, changes, beside)
    elif len(held) != 1:
        raise Unreadable("Send one register at a time, or the tables of the school census together.")
    elif is_transfer_file(held[0].content):
        look_at_totals(authority, read_transfer_file(held[0]), pupils, changes, beside)
    else:
        _look_at_marks(authority, held[0], today, pupils, beside, changes, say)
    return changes


def _look_at_marks(
    authority: Authority,
    source: Source,
    today: date,
    pupils: Pupils,
    beside: Sequence[Pupils],
    changes: Changes,
    say: Say,
) -> None:
    plan: Plan = changes.plan
    layouts = list(
        ColumnLayout.objects.filter(authority=authority).order_by("-used_at").values_list("sender", "columns")
    )
    first = sorted(layouts, key=lambda layout: layout[0].casefold() != plan.sender.casefold())
    register = open_register(source, today, [columns for _, columns in first], plan.columns)
    plan.columns = plan.columns or next(
        (columns for _, columns in first if columns and columns.items() <= register.columns.items()), {}
    )
    gathered = _Gathered(pupils, register, beside)
    with without_collecting():
        gathered.take(register.rows, say)
        say("Comparing with what is held …")
        found = plan.comparison = compare(authority.code, Delivery.Source.FILE, gathered.given.values())
    plan.children |= found.children
    _tell(found, register, gathered, changes)


@contextlib.contextmanager
def without_collecting() -> Iterator[None]:
    """Python's collector looks through all that is kept again and again as it grows: a third of the time, for
    nothing, since a file's rows hold no circles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Gathered:
    """Each child's day at a school once, from however many rows tell of it."""

    def __init__(self, pupils: Pupils, register: Register, beside: Sequence[Pupils] = ()) -> None:
        """`beside` are those of other authorities, whose own imports read the same file."""
        self.pupils, self.register, self.beside = pupils, register, beside
        self.elsewhere: set[Pupil] = set()
        self.given: dict[tuple[int, date, int], Given] = {}
        self.known: dict[int, Any] = {}
        """By the identity of the reader's own pupil, who is the same object row after row."""
        self.local_ids: dict[int, str] = {}
        self.not_held: dict[Pupil, tuple[int, tuple[str, str, str]]] = {}
        self.passed_over: Counter[Pupil] = Counter()
        self.at: dict[tuple[int, date], int] = {}
        self.cautions: dict[tuple[str, int], tuple[Caution, int]] = {}

    def take(self, rows: Iterator[Row], say: Say) -> None:
        """The loop is long, and goes round a million times."""
        given, known, register = self.given, self.known, self.register
        make = partial(tuple.__new__, Given)
        for line, pupil, day, am, pm, am_minutes, pm_minutes in rows:
            if register.read % 200_000 == 0:
                say(f"Read {register.read:,} {register.unit} …")
            found = known.get(id(pupil), UNSEEN)
            if found is UNSEEN:
                found = self._find(line, pupil)
            if found is None:
                self.passed_over[pupil] += 1
                continue
            child, urn, born = found
            if urn is None:
                urn = self._school_on(child, day)
            if born and day < born:
                register.refuse(line, "Date", f"{day:%d/%m/%Y}", "it is before the child was born", "Check the day.")
                continue
            if am in SPECIAL or pm in SPECIAL or day.weekday() > 4:
                self._doubt(line, child, born, day, am, pm)
            key = (child, day, urn)
            if key in given:
                self._again(line, Given(child, day, urn, am, pm, am_minutes, pm_minutes))
            else:
                given[key] = make((child, day, urn, am, pm, am_minutes, pm_minutes))

    def _again(self, line: int, new: Given) -> None:
        """Another row about a child's day at a school: a session that was told already must be told alike."""
        before = self.given[new[:3]]
        for column, said, told in (("AM", new.am, before.am), ("PM", new.pm, before.pm)):
            if said and told not in ("", said):
                self.register.refuse(
                    line, column, said, "another row of the file says otherwise of the same session", "Keep one of the two.",
                )  # fmt: skip
                return
        self.given[new[:3]] = before._replace(
            am=before.am or new.am, pm=before.pm or new.pm,
            am_minutes=before.am_minutes or new.am_minutes, pm_minutes=before.pm_minutes or new.pm_minutes,
        )  # fmt: skip

    def _find(self, line: int, pupil: Pupil) -> tuple[int, int | None, date | None] | None:
        # Two authorities may use the same identifier: where the file is read for several, it tells nothing.
        child = self.pupils.find("" if self.beside else pupil.child, pupil.upn, pupil.born)
        if isinstance(child, tuple):
            self.known[id(pupil)] = None
            if any(isinstance(other.find("", pupil.upn, pupil.born), Known) for other in self.beside):
                self.elsewhere.add(pupil)
            else:
                self.not_held[pupil] = (line, child)
            return None
        self.local_ids[child.id] = child.local_id
        found = self.known[id(pupil)] = (child.id, self.pupils.school(pupil.urn, pupil.laestab), child.born)
        return found

    def _school_on(self, child: int, day: date) -> int:
        found = self.at.get((child, day))
        if found is None:
            found = self.at[child, day] = self.pupils.main_school(child, day)
        return found

    def _doubt(self, line: int, child: int, born: date | None, day: date, am: str, pm: str) -> None:
        """Of one kind of doubt about one child, once."""
        file = self.register.file
        doubts = [(column, mark, doubt(mark, day, born)) for column, mark in (("AM", am), ("PM", pm)) if mark]
        if day.weekday() > 4 and (am or pm):
            doubts.append(("Date", f"{day:%d/%m/%Y}", f"this is a {day:%A}"))
        for column, value, words in doubts:
            if not words:
                continue
            first, count = self.cautions.get(
                (words, child),
                (Caution(file, line, column, value, words, "It was kept as it was sent. Check it."), 0),
            )
            self.cautions[words, child] = (first, count + 1)


def _tell(found: Comparison, register: Register, gathered: _Gathered, changes: Changes) -> None:
    counts = changes.counts.setdefault(TABLE, Counts())
    changes.files[register.file] = TABLE
    changes.notes += register.notes
    changes.notes.append(f"{register.file}: counted in {register.unit}.")
    is_day = register.unit == "days"
    filled, replaced = _sessions(found)
    elsewhere = sum(gathered.passed_over[pupil] for pupil in gathered.elsewhere)
    counts.rows_read = register.read - elsewhere
    if elsewhere:
        changes.notes.append(f"{register.file}: {elsewhere:,} {register.unit} are of pupils of your other authorities.")
    counts.created = len(found.created) if is_day else sum(bool(x.am) + bool(x.pm) for x in found.created) + filled
    counts.changed = len(found.changed) if is_day else replaced
    counts.rejected = register.refused + gathered.passed_over.total() - elsewhere
    counts.unchanged = counts.rows_read - counts.created - counts.changed - counts.rejected
    _tell_created(found, gathered, register, changes)
    for held, new in found.changed[:MOST_SHOWN]:
        differing = [
            (s, getattr(held, s), getattr(new, s)) for s in ("am", "pm") if getattr(held, s) != getattr(new, s)
        ]
        changes.entries.append(
            Entry(
                CHANGED, TABLE, gathered.local_ids.get(held.child, ""), register.file, None, value=f"{held.day:%d/%m/%Y}",
                now={SESSION_WORDS[s]: before for s, before, _ in differing},
                new={SESSION_WORDS[s]: after for s, _, after in differing},
            )
        )  # fmt: skip
    changes.entries += fault_entries(REJECTED, TABLE, register.faults)
    if register.more_faults:
        changes.notes.append(f"{register.file}: {register.more_faults:,} more rows were left out for like reasons.")
    for pupil, (line, (column, reason, fix)) in gathered.not_held.items():
        rows = gathered.passed_over[pupil]
        more = f" ({rows:,} {register.unit})" if rows > 1 else ""
        changes.entries.append(Entry(REJECTED, TABLE, "", register.file, line, column, "", reason + more, fix))
    for (_, child), (caution, number) in gathered.cautions.items():
        entry = next(fault_entries(WARNING, TABLE, [caution], gathered.local_ids.get(child, "")))
        if number > 1:
            entry.value += f" ({number:,} times)"
        changes.entries.append(entry)
    changes.digest = hashlib.sha256(
        repr((register.digest, len(found.created), [tuple(new) for _, new in found.changed], found.gave_way)).encode()
    ).hexdigest()


def _sessions(found: Comparison) -> tuple[int, int]:
    """Of rows that change: sessions that had no mark before, and sessions that had another."""
    filled = replaced = 0
    for held, new in found.changed:
        for session in ("am", "pm"):
            if getattr(held, session) != getattr(new, session):
                filled += not getattr(held, session)
                replaced += bool(getattr(held, session))
    return filled, replaced


def _tell_created(found: Comparison, gathered: _Gathered, register: Register, changes: Changes) -> None:
    by_child: dict[int, list[date]] = defaultdict(list)
    for row in found.created:
        by_child[row.child].append(row.day)
    for child, days in by_child.items():
        changes.entries.append(
            Entry(
                CREATED, TABLE, gathered.local_ids[child], register.file, None,
                new={
                    "Days": f"{len(days):,}", "First day": f"{min(days):%d/%m/%Y}", "Last day": f"{max(days):%d/%m/%Y}",
                },
            )
        )  # fmt: skip


def write(authority: Authority, changes: Changes, today: date, say: Say = print) -> set[int]:
    plan: Plan = changes.plan
    if not plan.comparison.is_empty:
        say("Writing marks …")
        delivery = new_delivery(Sender(Delivery.Source.FILE, plan.sender), current_context())
        write_marks(authority.code, delivery, plan.comparison, say)
    write_totals(plan.totals_created, plan.totals_changed)
    if plan.sender and plan.columns:
        ColumnLayout.objects.update_or_create(
            authority=authority, sender=plan.sender, defaults={"columns": plan.columns}
        )
    return plan.children
