"""What a year of marks says in words: the finding, and what one might ask about it. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from .codes import ABSENT, EXCLUDED, LATE_BEFORE_CLOSE, Counts, codes
from .sums import Session, Sums, percentage, sums_of

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
PARTS: dict[Session, str] = {"am": "mornings", "pm": "afternoons"}
ILL = "I"
ENOUGH = 6
"""Fewer half days than this make no pattern."""

MUCH, MUCH_OF_A_DAY = 4, 5
"""A tenth of half days fall on each morning or afternoon of the week, a fifth on each weekday: four tenths on the one
or five tenths on the other are a pattern."""

MOVED = 3
"""Points of attendance between two terms that are worth a word."""

SOON = timedelta(days=5)


class Marked(NamedTuple):
    day: date
    session: Session
    code: str


@dataclass(frozen=True, slots=True)
class Term:
    words: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class Pattern:
    title: str
    sentences: tuple[str, ...]


def pattern(
    marks: Sequence[Marked], *, days_without_place: int = 0, this_term: Term | None = None,
    last_term: Term | None = None, year_to_date: Sums | None = None,
) -> Pattern:  # fmt: skip
    """Of marks that count, in the order of time."""
    if not marks:
        title = (
            f"No school place for {_days(days_without_place)}"
            if days_without_place
            else "No marks are held for these months"
        )
        return Pattern(title, ())
    truant = [one for one in marks if codes()[one.code].counts is Counts.UNAUTHORISED]
    ill = [one for one in marks if one.code == ILL]
    late = [one for one in marks if one.code == LATE_BEFORE_CLOSE]
    said = [
        _when(truant, "without leave, or the reason not known", "Worth asking what happens then: the lessons, the journey, the evening before."),
        _when(ill, "ill", "Worth asking whether something about that day lies behind it."),
        _late(late),
        _suspended(marks, truant),
        _terms(this_term, last_term),
        _standing(year_to_date),
    ]  # fmt: skip
    return Pattern(_title(marks, truant, ill, days_without_place, this_term, last_term), tuple(filter(None, said)))


def _title(
    marks: Sequence[Marked], truant: Sequence[Marked], ill: Sequence[Marked], days_without_place: int,
    this_term: Term | None, last_term: Term | None,
) -> str:  # fmt: skip
    after = f", then no school place for {_days(days_without_place)}" if days_without_place else ""
    absent = [one for one in marks if codes()[one.code].counts in ABSENT]
    if not absent:
        return f"Every half day that is held was attended{after}"
    if found := (_most(truant) or _most(ill)):
        verb = "are missed most" if _most(truant) else "are when illness falls"
        return f"{found[0]} {verb}{after}"
    if this_term and last_term and (change := _change(this_term, last_term)) and abs(change[2]) >= MOVED:
        now, before, moved = change
        return f"Attendance {'rose' if moved > 0 else 'fell'} from {before:.1f}% in the {last_term.words} to {now:.1f}% in the {this_term.words}{after}"
    if len(absent) >= ENOUGH and 2 * len(ill) > len(absent):
        return f"Most of what was missed is illness: {len(ill)} of {_half_days(len(absent))}{after}"
    if len(absent) >= ENOUGH and 2 * len(truant) > len(absent):
        return f"Most of what was missed is without leave: {len(truant)} of {_half_days(len(absent))}{after}"
    return f"{sums_of(one.code for one in marks).attendance_pct or 0:.1f}% attended, with no pattern by weekday or term{after}"


def _most(marks: Sequence[Marked]) -> tuple[str, int] | None:
    """Friday afternoons, or Mondays, where that many fall there."""
    if len(marks) < ENOUGH:
        return None
    (weekday, session), n = _first(Counter((one.day.weekday(), one.session) for one in marks))
    if weekday < len(WEEKDAYS) and 10 * n >= MUCH * len(marks):
        return f"{WEEKDAYS[weekday]} {PARTS[session]}", n
    day, n = _first(Counter(one.day.weekday() for one in marks))
    return (f"{WEEKDAYS[day]}s", n) if day < len(WEEKDAYS) and 10 * n >= MUCH_OF_A_DAY * len(marks) else None


def _first(counts: Counter[Any]) -> tuple[Any, int]:
    """The greatest; of several, the first in order."""
    return min(counts.items(), key=lambda entry: (-entry[1], str(entry[0])))


def _when(marks: Sequence[Marked], what: str, ask: str) -> str:
    if not marks:
        return ""
    n = len(marks)
    if found := _most(marks):
        return f"{found[1]} of {_half_days(n)} {what} were {found[0]}. {ask}"
    return f"{_half_days(n)[:1].upper()}{_half_days(n)[1:]} {what}" + (
        ", spread over the week." if n >= ENOUGH else "."
    )


def _late(late: Sequence[Marked]) -> str:
    if len(late) < ENOUGH:
        return ""
    day, n = _first(Counter(one.day.weekday() for one in late))
    most = f", {n} of them on {WEEKDAYS[day]}s" if day < len(WEEKDAYS) and 10 * n >= 4 * len(late) else ""
    return f"Late before the register closed {len(late)} times{most}. Each counts as attended."


def _suspended(marks: Iterable[Marked], truant: Sequence[Marked]) -> str:
    starts: list[date] = []
    last: date | None = None
    for one in marks:
        if one.code == EXCLUDED:
            if last is None or one.day - last > SOON:
                starts.append(one.day)
            last = one.day
    if not starts:
        return ""
    soon = sum(any(timedelta(0) < start - one.day <= SOON for one in truant) for start in starts)
    said = f"Suspended or excluded {'once' if len(starts) == 1 else f'{len(starts)} times'}"
    if not soon:
        return f"{said}."
    which = "it" if len(starts) == 1 else "each" if soon == len(starts) else f"{soon} of them"
    return f"{said}: {which} came within five days of an absence without leave."


def _change(this: Term, last: Term) -> tuple[float, float, float] | None:
    if this.sums.possible < ENOUGH or last.sums.possible < ENOUGH:
        return None
    now, before = (float(percentage(one.sums.present, one.sums.possible) or 0) for one in (this, last))
    return now, before, now - before


def _terms(this: Term | None, last: Term | None) -> str:
    if this is None or last is None or not (change := _change(this, last)):
        return ""
    return f"{change[0]:.1f}% attended in the {this.words}, {change[1]:.1f}% in the {last.words}."


def _standing(year: Sums | None) -> str:
    if year is None or not year.possible:
        return ""
    missed = f"{year.absent} of {_half_days(year.possible)} missed this school year ({year.absence_pct or 0:.1f}%)"
    if year.is_severe:
        return f"{missed}: half or more counts as severe absence."
    return f"{missed}: 10% or more counts as persistent absence." if year.is_persistent else f"{missed}."


def _half_days(n: int) -> str:
    return f"{n:,} half {'day' if n == 1 else 'days'}"


def _days(n: int) -> str:
    return f"{n:,} school {'day' if n == 1 else 'days'}"
