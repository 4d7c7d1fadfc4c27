"""Marks of a call: read row by row, matched, delivered in one transaction, and each row answered."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from virtual_school.attendance.codes import doubt
from virtual_school.attendance.comparing import Comparison, Given
from virtual_school.attendance.models import Delivery
from virtual_school.attendance.writing import Sender, deliver
from virtual_school.audit.actions import record
from virtual_school.exchange.models_api import ApiToken

from .reading_rows import Refused, Told, read_row
from .whose_rows import Whose, finder

SOURCES = {ApiToken.Told.REGISTER: Delivery.Source.API, ApiToken.Told.CALLS: Delivery.Source.PHONE}
ORDER = ("kept_beside", "corrected", "created", "unchanged")
"""Of a row that is about a child of two authorities, or of two sessions: the first that holds is said."""
Key = tuple[int, int, date, int]
Answers = list[dict[str, Any]]


class NothingKept(Exception):
    """All or nothing was asked, and these rows were refused."""

    def __init__(self, rows: Answers) -> None:
        super().__init__(len(rows))
        self.rows = rows


@dataclass
class _Gathered:
    """Each child's day at a school once, however many rows tell of it."""

    given: dict[Key, Given] = field(default_factory=dict)
    keys: dict[int, list[Key]] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    notes: dict[int, str] = field(default_factory=dict)

    def add(self, row: Told, whose: Sequence[Whose]) -> None:
        merged = {}
        for code, child, urn in whose:
            key = (code, child.id, row.day, urn)
            before = self.given.get(key)
            for session in ("am", "pm"):
                mark = getattr(row, session)
                if before and mark and getattr(before, session) not in ("", mark):
                    other = "another row of this call says otherwise of the same session"
                    self.refused.append(Refused(row.number, session, other))
                    return
            merged[key] = Given(
                child.id, row.day, urn, row.am or (before.am if before else ""), row.pm or (before.pm if before else ""),
                row.am_minutes or (before.am_minutes if before else 0),
                row.pm_minutes or (before.pm_minutes if before else 0),
            )  # fmt: skip
            self._look(row, child.born)
        self.given |= merged
        self.keys[row.number] = list(merged)

    def _look(self, row: Told, born: date | None) -> None:
        doubts = [words for mark in (row.am, row.pm) if mark and (words := doubt(mark, row.day, born))]
        if row.day.weekday() > 4:
            doubts.append(f"this is a {row.day:%A}")
        if doubts:
            self.notes[row.number] = doubts[0]


def take(token: ApiToken, marks: Sequence[Any], today: date, *, all_or_nothing: bool = False) -> Answers:
    """Raises NothingKept."""
    read = [read_row(number, one, today) for number, one in enumerate(marks, start=1)]
    rows = [one for one in read if isinstance(one, Told)]
    gathered = _Gathered(refused=[one for one in read if isinstance(one, Refused)])
    if rows:
        of = finder(token, rows)
        for row in rows:
            whose = of.find(row)
            if isinstance(whose, Refused):
                gathered.refused.append(whose)
            else:
                gathered.add(row, whose)
    refused = {one.number: one for one in gathered.refused}
    if refused and all_or_nothing:
        raise NothingKept([_told(number, "refused", refused[number]) for number in sorted(refused)])
    results = _deliver(token, gathered.given)
    return [
        _told(number, "refused", refused[number])
        if number in refused
        else _told(number, _first(results, gathered.keys[number]), note=gathered.notes.get(number, ""))
        for number in range(1, len(marks) + 1)
    ]


def _deliver(token: ApiToken, given: dict[Key, Given]) -> dict[Key, str]:
    by_authority: dict[int, list[Given]] = {}
    for key, one in given.items():
        by_authority.setdefault(key[0], []).append(one)
    results = {}
    for code, found in deliver(Sender(SOURCES[ApiToken.Told(token.told)], token.name), by_authority).items():
        results |= {(code, *key): said for key, said in _results(found).items()}
        record(
            "attendance.sent", by=None, authority=code, token=str(token.public_id), urn=token.urn,
            days=len(by_authority[code]),
        )  # fmt: skip
    return {key: results.get(key, "unchanged") for key in given}


def _results(found: Comparison) -> dict[tuple[int, date, int], str]:
    results = {(one.child, one.day, one.urn): "created" for one in found.created}
    for held, now in found.changed:
        was_marked = any(getattr(held, s) not in ("", getattr(now, s)) for s in ("am", "pm"))
        results[held.child, held.day, held.urn] = "corrected" if was_marked else "created"
    return results | dict.fromkeys(found.giving_way, "kept_beside")


def _first(results: dict[Key, str], keys: Sequence[Key]) -> str:
    said = {results[key] for key in keys}
    return next(one for one in ORDER if one in said)


def _told(number: int, result: str, refused: Refused | None = None, note: str = "") -> dict[str, Any]:
    told: dict[str, Any] = {"row": number, "result": result}
    if refused:
        told |= {"field": refused.field, "reason": refused.reason}
    if note:
        told["note"] = note
    return told


def counts(rows: Answers) -> dict[str, int]:
    counted = Counter(row["result"] for row in rows)
    return {result: counted[result] for result in ("created", "unchanged", "corrected", "kept_beside", "refused")}
