"""How far two raters agree on the same plans: the percentage, and Cohen's kappa, which takes chance out. Pure.

Kappa is worked out by NLTK. It says nothing where both only ever gave one and the same level: then it is None.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

K = TypeVar("K")
FEWEST = 5
"""Of fewer pairs than these no kappa is told."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One plan under one criterion: the first rater's level and that of the second."""

    plan: int
    key: str
    rater: int
    term: str
    first: str
    second: str
    step: int
    """How many steps of the scale the second is above the first; below is negative."""


@dataclass(frozen=True, slots=True)
class Agreement:
    pairs: int
    same: int
    near: int
    """The same or one step apart."""

    kappa: float | None
    lean: float
    """The steps the second stands above the first, on average: over 0, the first rater is stricter."""

    @property
    def percent(self) -> int:
        return round(100 * self.same / self.pairs)


def agreement(pairs: Sequence[Pair]) -> Agreement | None:
    """None for no pairs."""
    if not pairs:
        return None
    return Agreement(
        pairs=len(pairs),
        same=sum(one.first == one.second for one in pairs),
        near=sum(abs(one.step) <= 1 for one in pairs),
        kappa=cohens_kappa([(one.first, one.second) for one in pairs]),
        lean=sum(one.step for one in pairs) / len(pairs),
    )


def cohens_kappa(levels: Sequence[tuple[str, str]]) -> float | None:
    if len(levels) < FEWEST or len({level for pair in levels for level in pair}) < 2:
        return None
    from nltk.metrics.agreement import AnnotationTask  # not above: it takes a third of a second

    data = [("first", n, first) for n, (first, _) in enumerate(levels)]
    data += [("second", n, second) for n, (_, second) in enumerate(levels)]
    return float(AnnotationTask(data=data).kappa())


def kappa_words(kappa: float | None) -> str:
    """The bands of Landis and Koch (1977), in plain words: a custom, not a rule."""
    if kappa is None:
        return "too few, or all alike"
    for least, words in (
        (0.8, "almost always"),
        (0.6, "mostly"),
        (0.4, "half-way"),
        (0.2, "a little"),
        (0.0, "hardly"),
    ):
        if kappa > least:
            return words
    return "no more than by chance"


def by_key(pairs: Iterable[Pair]) -> dict[str, Agreement]:
    return grouped((one.key, one) for one in pairs)


def by_rater(pairs: Iterable[Pair]) -> dict[int, Agreement]:
    """By whoever gave the first rating."""
    return grouped((one.rater, one) for one in pairs)


def drift(pairs: Iterable[Pair]) -> dict[tuple[int, str], Agreement]:
    """By first rater and term."""
    return grouped(((one.rater, one.term), one) for one in pairs)


def grouped(pairs: Iterable[tuple[K, Pair]]) -> dict[K, Agreement]:
    found: dict[K, list[Pair]] = defaultdict(list)
    for key, one in pairs:
        found[key].append(one)
    return {key: told for key, rows in found.items() if (told := agreement(rows)) is not None}
