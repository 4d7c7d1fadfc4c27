"""The kinds of file taken in, and how each is looked at and written down."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from virtual_school.attendance.recounting import enrolments_changed
from virtual_school.authorities.models import Authority
from virtual_school.care.actions import work_out_history
from virtual_school.children import bulk
from virtual_school.schools.actions import refresh_involvements

from . import attendance, enrolments, plan_dates, register, ssda903
from .attendance_totals import TOTALS
from .changes import Changes
from .readers.faults import Unreadable
from .readers.registers import COLUMNS as REGISTER_COLUMNS
from .readers.sheets import Column
from .return_targets import WORDS as RETURN_WORDS

Say = Callable[[str], None]
SHEETS: dict[str, list[Column]] = {
    "enrolments": enrolments.COLUMNS,
    "plans": plan_dates.COLUMNS,
    "attendance": REGISTER_COLUMNS[:10],
}
TABLE_WORDS = {
    **RETURN_WORDS,
    **register.WORDS,
    enrolments.TABLE: "Enrolments",
    plan_dates.TABLE: "Plans",
    attendance.TABLE: "Attendance",
    TOTALS: "Attendance of a term, without marks",
}


def quiet(words: str) -> None:
    """Nobody is looking."""


def look(
    kind: str,
    authority: Authority | None,
    paths: Sequence[Path],
    today: date,
    say: Say = quiet,
    links: Path | None = None,
    options: dict[str, Any] | None = None,
) -> Changes:
    """What the files would change; nothing is written. Raises Unreadable."""
    if kind not in ("ssda903", "attendance") and len(paths) != 1:
        raise Unreadable("Send one file at a time.")
    if kind == "schools":
        return register.look(paths[0], links, say)
    if authority is None:
        raise ValueError("Only the register of establishments is of no authority.")
    if kind == "ssda903":
        return ssda903.look(authority, paths, today, say)
    if kind == "attendance":
        return attendance.look(authority, paths, today, say, options)
    return {"enrolments": enrolments, "plans": plan_dates}[kind].look(authority, paths[0], today, say)


def write(authority: Authority | None, changes: Changes, today: date, say: Say = quiet) -> set[int]:
    """All of it, inside the caller's transaction; then what follows from it. Gives the children it touched."""
    if changes.kind == "schools":
        register.write(changes, today, say)
        return set()
    if authority is None:
        raise ValueError("Only the register of establishments is of no authority.")
    if changes.kind == "attendance":
        return attendance.write(authority, changes, today, say)
    module = {"ssda903": ssda903, "enrolments": enrolments, "plans": plan_dates}[changes.kind]
    touched = module.write(authority, changes, today, say)
    follow(authority, touched, say)
    if changes.kind == "enrolments":
        enrolments_changed(authority.code, touched)
    return touched


def follow(authority: Authority, child_ids: set[int], say: Say = quiet) -> None:
    """Care periods and placements from the episodes, and who is around the child from the rolls."""
    say("Working out care histories …")
    work_out_history(authority.code, sorted(child_ids))
    say("Working out who is around them …")
    refresh_involvements(authority.code, sorted(child_ids))


def only_one_at_a_time(authority: Authority | None) -> None:
    """Until the transaction ends, no other import of this authority (or of the register) writes."""
    code = authority.code if authority else 0
    bulk.select("select pg_advisory_xact_lock(hashtext('virtual school: import'), %s)", [code])
