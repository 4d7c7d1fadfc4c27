"""The sums of attendance, from whole numbers (data 5.2 and 6).

possible = marks that count; present = attended, approved educational activity and lateness before the register
closed among them; absent = authorised + unauthorised. A rate of several children is their sums divided, not the
mean of their rates. Without a possible session there is no rate.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from .codes import ABSENT, ATTENDED, LATE_AFTER_CLOSE, LATE_BEFORE_CLOSE, Counts, codes

PERSISTENT_TENTHS, SEVERE_TENTHS = 1, 5
PLACES = 4

Session = Literal["am", "pm"]


@dataclass(frozen=True, slots=True)
class Sums:
    """`approved` is counted in `present`, `late_before_close` too; `late_after_close` in `unauthorised`."""

    possible: int = 0
    present: int = 0
    approved: int = 0
    authorised: int = 0
    unauthorised: int = 0
    late_before_close: int = 0
    late_after_close: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def absent(self) -> int:
        return self.authorised + self.unauthorised

    @property
    def late(self) -> int:
        return self.late_before_close + self.late_after_close

    @property
    def absence_pct(self) -> Decimal | None:
        return percentage(self.absent, self.possible)

    @property
    def attendance_pct(self) -> Decimal | None:
        return percentage(self.present, self.possible)

    @property
    def unauthorised_pct(self) -> Decimal | None:
        return percentage(self.unauthorised, self.possible)

    @property
    def is_persistent(self) -> bool:
        return self.possible > 0 and 10 * self.absent >= PERSISTENT_TENTHS * self.possible

    @property
    def is_severe(self) -> bool:
        return self.possible > 0 and 10 * self.absent >= SEVERE_TENTHS * self.possible


def percentage(part: int, whole: int, places: int = PLACES) -> Decimal | None:
    """100 x part / whole, halves up; None of nothing."""
    if whole == 0:
        return None
    scale = 100 * 10**places
    return Decimal((2 * part * scale + whole) // (2 * whole)).scaleb(-places)


def sums_of_counts(counts: Mapping[str, int]) -> Sums:
    """Of how many sessions have each code. Raises KeyError for what is not a code."""
    found: Counter[str] = Counter()
    for code, number in counts.items():
        found[codes()[code].counts] += number
    attended = sum(found[one] for one in ATTENDED)
    return Sums(
        possible=attended + sum(found[one] for one in ABSENT),
        present=attended,
        approved=found[Counts.APPROVED],
        authorised=found[Counts.AUTHORISED],
        unauthorised=found[Counts.UNAUTHORISED],
        late_before_close=counts.get(LATE_BEFORE_CLOSE, 0),
        late_after_close=counts.get(LATE_AFTER_CLOSE, 0),
    )


def sums_of(marks: Iterable[str]) -> Sums:
    """Of marks, one a session; a session without a mark is left out."""
    return sums_of_counts(Counter(mark for mark in marks if mark))


@dataclass(frozen=True, slots=True)
class Cohort:
    """Several children together. `pupils` are those with at least one possible session."""

    pupils: int = 0
    sums: Sums = Sums()
    persistent: int = 0
    severe: int = 0

    @property
    def persistent_pct(self) -> Decimal | None:
        return percentage(self.persistent, self.pupils)

    @property
    def severe_pct(self) -> Decimal | None:
        return percentage(self.severe, self.pupils)


def cohort_of(children: Iterable[Sums]) -> Cohort:
    counted = [one for one in children if one.possible]
    total = Sums(*(sum(getattr(one, field.name) for one in counted) for field in fields(Sums)))
    return Cohort(len(counted), total, sum(one.is_persistent for one in counted), sum(one.is_severe for one in counted))


class Mark(NamedTuple):
    """One session's mark at one school. `urn` 0: a place that is not on the register. `is_main` is whether that
    was the child's main registration on the day (enrolment status C or M), None when it was on no roll held."""

    day: date
    session: Session
    code: str
    urn: int = 0
    is_main: bool | None = None


class Counted(NamedTuple):
    """`clashes` are sessions for which more than one school gave a mark that counts; the first of each counts."""

    marks: tuple[Mark, ...]
    clashes: tuple[tuple[Mark, ...], ...]


WEIGHT = {True: 0, False: 1, None: 2}


def count_once(marks: Iterable[Mark]) -> Counted:
    """Each session once, whichever schools marked it (data 5.2, dual registration)."""
    by_session: dict[tuple[date, Session], list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.code:
            by_session[mark.day, mark.session].append(mark)
    counted, clashes = [], []
    for key in sorted(by_session):
        held = sorted(by_session[key], key=lambda mark: (WEIGHT[mark.is_main], mark.urn))
        possible = [mark for mark in held if codes()[mark.code].is_possible]
        counted.append((possible or held)[0])
        if len(possible) > 1:
            clashes.append(tuple(possible))
    return Counted(tuple(counted), tuple(clashes))


def by_code(marks: Iterable[Mark]) -> Counter[str]:
    return Counter(mark.code for mark in marks if mark.code)


def between(marks: Iterable[Mark], first: date, last: date) -> list[Mark]:
    """Of a week, a term, the year to date or the days up to one: both ends included."""
    return [mark for mark in marks if first <= mark.day <= last]


def days_without_provision(marks: Iterable[Mark]) -> int:
    """Days with a mark on which the child was nowhere: no session attended and at least one that was possible."""
    attended: set[date] = set()
    possible: set[date] = set()
    for mark in marks:
        if not mark.code:
            continue
        counts = codes()[mark.code].counts
        if counts in ATTENDED:
            attended.add(mark.day)
        if counts is not Counts.NOT_POSSIBLE:
            possible.add(mark.day)
    return len(possible - attended)
