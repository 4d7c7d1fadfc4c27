"""A group's attendance as it may leave the council: counts of 1 to 5 hidden, and what would tell them (data 9). Pure."""

from collections.abc import Sequence
from typing import Any

from virtual_school.design.suppression import is_small, of_one_whole

from .sums import Cohort

HIDDEN = "c"
WHY = (
    "c: hidden, since it is a count of 1 to 5, or would tell one. Percentages are of the exact figures.",
    "Every child in a hidden row or cell is counted in the others where these are shown.",
)


def shared_row(of: Cohort) -> list[Any]:
    """In the order of the page's columns: pupils; possible, attended, authorised, unauthorised and late sessions; the
    rates; persistently and severely absent, each with its share."""
    if is_small(of.pupils):
        return [HIDDEN] * 12
    sums = of.sums
    present, authorised, unauthorised = of_one_whole((sums.present, sums.authorised, sums.unauthorised), sums.possible)
    severe, _, others = of_one_whole((of.severe, of.persistent - of.severe, of.pupils - of.persistent), of.pupils)
    persistent = None if others is None else of.persistent
    rates = (None, None) if present is None else (sums.attendance_pct, sums.absence_pct)
    return [
        of.pupils,
        sums.possible,
        *_shown((present, authorised, unauthorised)),
        HIDDEN if is_small(sums.late) else sums.late,
        *([HIDDEN] * 2 if present is None else map(_rate, rates)),
        *_with_share(persistent, of.persistent_pct),
        *_with_share(severe, of.severe_pct),
    ]


def _shown(counts: Sequence[int | None]) -> list[Any]:
    return [HIDDEN if count is None else count for count in counts]


def _with_share(count: int | None, share: Any) -> list[Any]:
    return [HIDDEN, HIDDEN] if count is None else [count, _rate(share)]


def _rate(value: Any) -> str:
    return "z" if value is None else f"{value:.1f}"
