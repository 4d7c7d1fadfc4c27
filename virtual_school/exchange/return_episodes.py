"""The Episodes table: histories that overlap are set aside whole, and who would leave care is told."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from virtual_school.authorities.models import Authority
from virtual_school.care.facts import LEFT_CARE_BY_ORDER
from virtual_school.care.history import END_WORDS, NEXT_EPISODE_SAME_DAY, SHORT_BREAKS

from .changes import ENDED, MISSING, REJECTED, Changes, Counts, Entry, written
from .compare import NO_LONGER, Given, Held, TablePlan
from .compare import compare as compare_rows
from .readers.dates import in_full
from .readers.ssda903 import Overlap, Row, set_aside
from .return_reading import Reading, given_rows
from .return_targets import EPISODES

STARTS = EPISODES.own.index("starts")
ENDS = EPISODES.own.index("ends")
LEGAL = EPISODES.own.index("legal_status")
REASON = EPISODES.own.index("end_reason")
ASIDE_FIX = "Correct the dates in the case system. What was held of this child's history is untouched."


def compare(authority: Authority, reading: Reading, held: list[Held], changes: Changes) -> TablePlan:
    rows = reading.found.tables["Episodes"]
    counts = changes.counts.setdefault("Episodes", Counts())
    counts.rows_read += len(rows)
    keep, aside, overlaps = set_aside(rows)
    _set_aside(aside, overlaps, counts, changes)
    by_child: dict[str, list[Held]] = defaultdict(list)
    for row in held:
        by_child[row.local_id].append(row)
    given = given_rows(EPISODES, keep, reading.year, changes)
    given = _beside_history(given, by_child, reading, counts, changes)
    listed = {one.local_id for one in given}
    refused = reading.refused["Episodes"]
    can_tell = "Episodes" not in reading.unclear
    plan = compare_rows(
        EPISODES,
        given,
        held,
        reading.found.columns["Episodes"],
        lambda row: can_tell and row.local_id in listed and row.local_id not in refused and _in_year(row, reading.year),
    )
    counts.add(plan.counts)
    _say_who_leaves(plan, by_child, given, changes)
    changes.entries += plan.entries
    present = {str(row.values["CHILD"]) for row in rows} | refused
    changes.entries += _missing(by_child, present, reading.listed)
    return plan


def _in_year(row: Held, year: int) -> bool:
    """History that ended before the year began, or began after it ended, is not for this return to take out."""
    ends = row.values[ENDS]
    return row.values[STARTS] <= date(year, 3, 31) and (ends is None or ends >= date(year - 1, 4, 1))


def _set_aside(aside: list[Row], overlaps: list[Overlap], counts: Counts, changes: Changes) -> None:
    pairs: dict[int, str] = {}
    of_child: dict[str, str] = {}
    for overlap in overlaps:
        both = f"rows {overlap.row_a.line} and {overlap.row_b.line} are both open on {_day(overlap.row_b)}"
        pairs.setdefault(id(overlap.row_a), both)
        pairs.setdefault(id(overlap.row_b), both)
        of_child.setdefault(overlap.child, both)
    for row in aside:
        child = str(row.values["CHILD"])
        reason = pairs.get(id(row)) or f"set aside with the child's other episodes: {of_child[child]}"
        changes.entries.append(_refusal(row, child, reason))
    counts.rejected += len(aside)


def _refusal(row: Row, child: str, reason: str) -> Entry:
    return Entry(
        REJECTED, "Episodes", child, row.file, row.line, "DECOM", written(row.values["DECOM"]), reason, ASIDE_FIX
    )


def _day(row: Row) -> str:
    day = row.values["DECOM"]
    return in_full(day) if isinstance(day, date) else ""


def _beside_history(
    given: list[Given], by_child: dict[str, list[Held]], reading: Reading, counts: Counts, changes: Changes
) -> list[Given]:
    """Leaves out the children whose rows would overlap history that stays: earlier years, or a later return."""
    of_child: dict[str, list[Given]] = defaultdict(list)
    for one in given:
        of_child[one.local_id].append(one)
    refused = reading.refused["Episodes"]
    good: list[Given] = []
    for child, rows in of_child.items():
        starts = {one.values[STARTS] for one in rows}
        staying = [
            row
            for row in by_child.get(child, ())
            if row.values[STARTS] not in starts and (child in refused or not _in_year(row, reading.year))
        ]
        clash = _clash(rows, staying) if staying else None
        if clash is None:
            good += rows
            continue
        counts.rejected += len(rows)
        changes.entries += [_refusal(one.row, child, clash) for one in rows]
    return good


def _clash(rows: Iterable[Given], staying: Iterable[Held]) -> str | None:
    for one in rows:
        for row in staying:
            if _share_a_day(one.values[STARTS], one.values[ENDS], row.values[STARTS], row.values[ENDS]):
                began = in_full(row.values[STARTS])
                return f"row {one.row.line} overlaps the episode held from {began}, which this return does not cover"
    return None


def _share_a_day(a: date, a_end: date | None, b: date, b_end: date | None) -> bool:
    last_a, last_b = a_end or date.max, b_end or date.max
    return a < last_a and b < last_b and a < last_b and b < last_a


def _in_care(values: tuple) -> bool:
    return values[ENDS] is None and values[LEGAL] not in SHORT_BREAKS


def _say_who_leaves(plan: TablePlan, by_child: dict[str, list[Held]], given: list[Given], changes: Changes) -> None:
    """Of each ended episode, whether the child leaves care with it, and what follows."""
    ended = {entry.local_id for entry in plan.entries if entry.kind == ENDED}
    staying = {one.local_id for one in given if one.local_id in ended and _in_care(one.values)}
    untouched = {row.id for row in plan.removed} | {pk for pk, _ in plan.changed}
    leaving = {
        child
        for child in ended - staying
        if any(_in_care(row.values) for row in by_child[child])
        and not any(row.id not in untouched and _in_care(row.values) for row in by_child[child])
    }
    changes.leaving = len(leaving)
    for entry in plan.entries:
        if entry.kind != ENDED:
            continue
        reason = entry.new.get("REC") or ""
        if entry.reason == NO_LONGER:
            entry.fix = "Leaves care" if entry.local_id in leaving else "See this child's other rows"
            continue
        entry.reason = f"{reason}, {END_WORDS[reason].lower()}" if reason in END_WORDS else reason
        if entry.local_id not in leaving:
            entry.fix = "Another episode goes on from that day"
            if reason == NEXT_EPISODE_SAME_DAY:
                entry.reason = "X1, another episode begins that day"
        elif reason in LEFT_CARE_BY_ORDER:
            entry.fix = "Leaves care and becomes previously looked-after"
        else:
            entry.fix = "Leaves care"


def _missing(by_child: dict[str, list[Held]], present: set[str], listed: frozenset[str]) -> Iterable[Entry]:
    """Children in care by what is held, of whom the file has no episode. Nothing is done about them."""
    for child, rows in by_child.items():
        current = [row for row in rows if _in_care(row.values)]
        if not current or child in present:
            continue
        where = "is in Header but has no episode" if child in listed else "is not in the file"
        yield Entry(
            MISSING,
            "Episodes",
            child,
            reason=f"in care by what is held, but {where}: has this child left care?",
            fix="If so, send a return with the end of the episode. Until then the child stays in care here.",
            now={"DECOM": written(max(row.values[STARTS] for row in current))},
        )
