"""How marks come to a result. Pure. A better mark never makes the result worse (proven in the tests).

Marks are keys of the rubric's scale by criterion; a criterion without a mark is left out, as is one that does not
count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .rubric import Band, Cap, Criterion, Level, Rubric

Marks = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reached:
    """A result, with the reasons for it in words."""

    level: Level
    why: tuple[str, ...]


def counted(rubric: Rubric, marks: Marks, side: str = "school") -> list[tuple[Criterion, int]]:
    """What counts for a side, with its points."""
    scale = {one.key for one in rubric.scale}
    return [
        (one, rubric.points(marks[one.key]))
        for one in rubric.of_side(side)
        if one.counts and one.weight and marks.get(one.key) in scale
    ]


def roll_up(rubric: Rubric, marks: Marks, side: str = "school") -> Reached | None:
    """None where nothing that counts was rated."""
    found = counted(rubric, marks, side)
    if not found:
        return None
    rule = rubric.rule
    rank, why = rubric.rank(rule.otherwise), ["No better result is reached."]
    if rule.kind == "best_fit":
        for band in rule.bands:
            if rubric.rank(band.to) > rank and _fits(rubric, band, found):
                rank, why = rubric.rank(band.to), [_band_words(rubric, band, found)]
    else:
        got, most = points(rubric, found)
        why = [f"{got} of {most} points, {got * 100 // most}%."]
        for one in rule.shares:
            if rubric.rank(one.to) > rank and got * 100 >= one.percent * most:
                rank = rubric.rank(one.to)
    for cap in rule.caps:
        if rubric.rank(cap.to) < rank and _holds_down(rubric, cap, found):
            rank = rubric.rank(cap.to)
            why.append(_cap_words(rubric, cap))
    return Reached(rubric.results[rank], tuple(why))


def points(rubric: Rubric, found: list[tuple[Criterion, int]]) -> tuple[int, int]:
    """Those reached and those there are, each as often as its criterion counts."""
    return sum(one.weight * n for one, n in found), sum(one.weight * rubric.most for one, _ in found)


def _fits(rubric: Rubric, band: Band, found: list[tuple[Criterion, int]]) -> bool:
    need = rubric.points(band.at_least)
    short = sum(points < need for _, points in found)
    floor = rubric.points(band.others) if band.others else 0
    return short <= band.all_but and all(points >= floor for _, points in found)


def _holds_down(rubric: Rubric, cap: Cap, found: list[tuple[Criterion, int]]) -> bool:
    if cap.criterion:
        found = [pair for pair in found if pair[0].key == cap.criterion]
    low = sum(points <= rubric.points(cap.at) for _, points in found)
    return low > {"any": 0, "more_than_one": 1, "majority": len(found) / 2}[cap.when]


def _band_words(rubric: Rubric, band: Band, found: list[tuple[Criterion, int]]) -> str:
    need = rubric.points(band.at_least)
    step = rubric.scale[need].label.lower()
    n = sum(points >= need for _, points in found)
    return f"{n} of {len(found)} marks are {step} or better."


def _cap_words(rubric: Rubric, cap: Cap) -> str:
    one = rubric.criterion(cap.criterion) if cap.criterion else None
    low = rubric.scale[rubric.points(cap.at)].label.lower()
    result = rubric.results[rubric.rank(cap.to)].label.lower()
    if one is not None:
        return f"Held at {result}: “{one.label}” is {low}."
    few = {"any": "a mark is", "more_than_one": "more than one mark is", "majority": "more than half of the marks are"}
    return f"Held at {result}: {few[cap.when]} {low}{' or lower' if rubric.points(cap.at) else ''}."


@dataclass(frozen=True, slots=True)
class Rated:
    """A plan as it was rated: for trying another rule on it."""

    id: int
    marks: Marks
    was: str
    """The label of the result it was given."""


@dataclass(frozen=True, slots=True)
class Moved:
    id: int
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Trial:
    """`cannot`: those whose marks the new rubric does not know."""

    tried: int
    moved: tuple[Moved, ...]
    counts: tuple[tuple[str, int, int], ...]
    """By result, how many had it and how many would."""

    cannot: tuple[int, ...]


def try_on(rubric: Rubric, rated: Iterable[Rated]) -> Trial:
    """What the results of plans already rated would be by another rubric, or another rule."""
    moved, cannot, n = [], [], 0
    was: dict[str, int] = {}
    now: dict[str, int] = {one.label: 0 for one in reversed(rubric.results)}
    for one in rated:
        reached = roll_up(rubric, one.marks)
        if reached is None:
            cannot.append(one.id)
            continue
        n += 1
        was[one.was] = was.get(one.was, 0) + 1
        now[reached.level.label] += 1
        if reached.level.label != one.was:
            moved.append(Moved(one.id, one.was, reached.level.label))
    labels = [*now, *sorted(set(was) - set(now))]
    counts = tuple((label, was.get(label, 0), now.get(label, 0)) for label in labels)
    return Trial(n, tuple(moved), counts, tuple(cannot))
