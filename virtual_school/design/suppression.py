"""Hiding small numbers before anything leaves those who may see the children (data.md, section 9). Pure.

Counts of 1 to 5 are hidden, and with them what would tell them: the percentage, how many were not counted, a total
beside all but one of its parts. Nought is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SMALLEST_SHOWN = 6


def is_small(count: int | None) -> bool:
    return count is not None and 0 < count < SMALLEST_SHOWN


@dataclass(frozen=True, slots=True)
class Cell:
    """A count out of a whole, or none of either where it is not known. `value` is its percentage or median."""

    numerator: int | None
    denominator: int | None
    value: float | None = None
    is_hidden: bool = False

    @property
    def misses(self) -> int | None:
        return None if self.numerator is None or self.denominator is None else self.denominator - self.numerator

    @property
    def must_hide(self) -> bool:
        return any(is_small(count) for count in (self.numerator, self.misses, self.denominator))

    @property
    def hidden(self) -> "Cell":
        """Nothing of it is shown: its size would help to work it out."""
        return Cell(None, None, None, is_hidden=True)


def suppressed(total: Cell, parts: Mapping[str, Cell]) -> tuple[Cell, dict[str, Cell]]:
    """A total and the parts it falls into, each child in one part at most, with all that must be hidden, hidden.

    The parts hidden together must not be found by taking the others from the total: as long as they come to a small
    number, or there is only one of them, the next smallest is hidden too.
    """
    if total.must_hide:
        return total.hidden, {name: cell if _tells_nothing(cell) else cell.hidden for name, cell in parts.items()}
    hide = {name for name, cell in parts.items() if cell.must_hide}
    rest = sorted((n for n in parts if n not in hide and not _tells_nothing(parts[n])), key=lambda n: _size(parts[n]))
    while hide and rest and _can_be_found(total, parts, hide):
        hide.add(rest.pop(0))
    return total, {name: cell.hidden if name in hide else cell for name, cell in parts.items()}


def _tells_nothing(cell: Cell) -> bool:
    return not cell.denominator


def _size(cell: Cell) -> int:
    return cell.denominator or 0


def _can_be_found(total: Cell, parts: Mapping[str, Cell], hide: set[str]) -> bool:
    """From the total and the parts shown: of the hidden ones together, and of whoever is in no part."""
    if len(hide) == 1:
        return True
    shown = [cell for name, cell in parts.items() if name not in hide]
    left = (
        (total.numerator or 0) - sum(cell.numerator or 0 for cell in shown),
        (total.misses or 0) - sum(cell.misses or 0 for cell in shown),
        (total.denominator or 0) - sum(cell.denominator or 0 for cell in shown),
    )
    return any(is_small(count) for count in left)


def of_one_whole(counts: Sequence[int], whole: int) -> list[int | None]:
    """Counts that are parts of one whole shown beside them; None where hidden. What is in no part counts as one."""
    rest = whole - sum(counts)
    cells = {str(n): Cell(count, count) for n, count in enumerate(counts)}
    if rest:
        cells["rest"] = Cell(rest, rest)
    total, parts = suppressed(Cell(whole, whole), cells)
    found = [parts[str(n)] for n in range(len(counts))]
    return [None if cell.is_hidden or total.is_hidden else cell.numerator for cell in found]


def differs_little(before: Cell, after: Cell) -> bool:
    """Whether two versions of one figure, side by side, would show that it was about a few."""
    pairs = (
        (before.numerator, after.numerator),
        (before.denominator, after.denominator),
        (before.misses, after.misses),
    )
    return any(a is not None and b is not None and is_small(abs(a - b)) for a, b in pairs)
