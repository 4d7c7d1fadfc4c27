"""Drawing plans by chance to be marked a second time, and who marks them. Pure: the same seed draws the same.

Each stratum (a rater's plans, or a school's) gives its share, and at least one plan, so that nobody is left out.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from random import Random


@dataclass(frozen=True, slots=True)
class Drawable:
    """A rated plan. `not_by`: those who may not mark it again: its rater, and whoever wrote in it."""

    plan: int
    rater: int
    school: int
    not_by: frozenset[int]


def draw(rated: Sequence[Drawable], *, percent: int, strata: str, seed: str) -> list[Drawable]:
    """`strata`: rater or school. At least `percent` of each, rounded up."""
    if not 1 <= percent <= 100:
        raise ValueError("A sample is between 1% and 100%.")
    groups: dict[int, list[Drawable]] = defaultdict(list)
    for one in sorted(rated, key=lambda one: one.plan):
        groups[one.rater if strata == "rater" else one.school].append(one)
    found: list[Drawable] = []
    for stratum in sorted(groups):
        rng = Random(f"{seed}:{strata}:{stratum}")
        found += rng.sample(groups[stratum], ceil(len(groups[stratum]) * percent / 100))
    return sorted(found, key=lambda one: one.plan)


def shared_out(drawn: Sequence[Drawable], markers: Sequence[int], *, seed: str) -> Mapping[int, int | None]:
    """By plan, its marker: as evenly as can be, never the rater or a writer. None where nobody is left."""
    rng, load = Random(f"{seed}:markers"), dict.fromkeys(markers, 0)
    found: dict[int, int | None] = {}
    for one in sorted(drawn, key=lambda one: (len(set(markers) - one.not_by), one.plan)):
        free = [marker for marker in markers if marker not in one.not_by]
        if not free:
            found[one.plan] = None
            continue
        least = min(load[marker] for marker in free)
        marker = rng.choice([marker for marker in free if load[marker] == least])
        load[marker] += 1
        found[one.plan] = marker
    return found
