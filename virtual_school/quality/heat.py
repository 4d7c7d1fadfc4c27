"""Marks by school and criterion: how strong, of how many plans, what is good and what comes up again. Pure.

A mark is a share of the best one, 0 to 1, so that scales of different lengths stand side by side.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

FEW = 5
"""A cell of fewer plans than this says little; shown to people without a right to the children it would say whose."""

STEPS = (0.4, 0.6, 0.8)
"""Where the shades of a picture change: ours."""

STRONG, WEAK = 0.8, 0.55


@dataclass(frozen=True, slots=True)
class Marked:
    plan: int
    place: int
    """A school's number; 0 where there is none."""

    key: str
    share: float


@dataclass(frozen=True, slots=True)
class HeatCell:
    mean: float
    plans: int

    @property
    def step(self) -> int:
        return sum(self.mean >= step for step in STEPS)

    @property
    def is_few(self) -> bool:
        return self.plans < FEW


def heat(marks: Iterable[Marked], *, hide_few: bool = False) -> dict[int, dict[str, HeatCell]]:
    """By place and criterion. `hide_few` leaves out what comes from fewer than five plans."""
    told: dict[int, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in marks:
        told[one.place][one.key].append(one.share)
    found: dict[int, dict[str, HeatCell]] = {}
    for place, keys in told.items():
        cells = {key: HeatCell(fmean(shares), len(shares)) for key, shares in keys.items()}
        cells = {key: cell for key, cell in cells.items() if not (hide_few and cell.is_few)}
        if cells:
            found[place] = cells
    return found


def across(marks: Iterable[Marked]) -> dict[str, HeatCell]:
    """By criterion, of all places together."""
    return heat([Marked(one.plan, 0, one.key, one.share) for one in marks]).get(0, {})


def strengths(cells: Mapping[str, HeatCell]) -> list[str]:
    """The strongest first."""
    return sorted((key for key, cell in cells.items() if cell.mean >= STRONG), key=lambda key: -cells[key].mean)


def weaknesses(cells: Mapping[str, HeatCell]) -> list[str]:
    """The weakest first."""
    return sorted((key for key, cell in cells.items() if cell.mean < WEAK), key=lambda key: cells[key].mean)


def themes(told: Sequence[tuple[str, bool]]) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """`told`: each theme with whether it was praise. Praise and the rest, the most frequent first."""
    praise = Counter(theme for theme, is_praise in told if theme and is_praise)
    rest = Counter(theme for theme, is_praise in told if theme and not is_praise)
    return praise.most_common(), rest.most_common()


@dataclass(frozen=True, slots=True)
class Change:
    """How a criterion's mean moved between two times."""

    key: str
    before: float
    after: float

    @property
    def by(self) -> float:
        return self.after - self.before


def changes(before: Mapping[str, HeatCell], after: Mapping[str, HeatCell], *, least: float = 0.15) -> list[Change]:
    """Those that moved by `least` or more, the greatest rise first."""
    found = [Change(key, before[key].mean, after[key].mean) for key in before if key in after]
    return sorted((one for one in found if abs(one.by) >= least), key=lambda one: -one.by)
