"""The marks of a timeline that stand on one day: plans, reviews, suspensions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from virtual_school.design.pictures.svg import DATA, MUTED, RED, SMALLEST, WHITE, element, rect, text

DotKind = Literal["good", "needs", "review", "suspended"]
HALF = {"good": 11.0, "needs": 11.0, "review": 7.0, "suspended": 13.0}
LEVEL = 26.0
MOST_LEVELS = 3


@dataclass(frozen=True, slots=True)
class Dot:
    """`good` and `needs` are plans (G, N), `review` a square, `suspended` a diamond with its days.

    `words` say it in the table; a planned one is dashed and has no letter.
    """

    day: date
    letter: str
    kind: DotKind
    planned: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class DotLane:
    name: str
    dots: Sequence[Dot] = ()


class Days(Protocol):
    left: float
    right: float

    def x(self, day: date) -> float: ...

    def shows(self, day: date) -> bool: ...


@dataclass(slots=True)
class Mark:
    dot: Dot
    x: float
    others: int = 0


def place_dots(dots: Sequence[Dot], top: float, scale: Days) -> tuple[list[str], float]:
    """The marks and the lane's height. Marks that would touch stand on up to three levels; more than that, and the
    last says how many it stands for ("+4"). The table has each."""
    levels: list[list[Mark]] = [[]]
    for dot in sorted((d for d in dots if scale.shows(d.day)), key=lambda d: d.day):
        half = HALF[dot.kind]
        mark = Mark(dot, min(max(scale.x(dot.day), scale.left + half), scale.right - half))
        free = next((level for level in levels if not level or _clear(level[-1], mark)), None)
        if free is not None:
            free.append(mark)
        elif len(levels) < MOST_LEVELS:
            levels.append([mark])
        else:
            levels[-1][-1].others += 1
    drawn = [part for n, level in enumerate(levels) for mark in level for part in _draw(mark, top + 13 + n * LEVEL)]
    return drawn, len(levels) * LEVEL


def _clear(before: Mark, mark: Mark) -> bool:
    return mark.x - before.x >= HALF[before.dot.kind] + HALF[mark.dot.kind]


def _draw(mark: Mark, y: float) -> list[str]:
    dot, x = mark.dot, mark.x
    dashes = "3 2" if dot.planned else None
    letter = f"+{mark.others + 1}" if mark.others else "" if dot.planned else dot.letter
    if dot.kind == "suspended":
        fill, shape = WHITE, element("path", d=f"M{x:.1f} {y - 13:.1f}l13 13l-13 13l-13 -13z", fill=RED)
    elif dot.kind == "review":
        fill = MUTED
        shape = rect(x - 6, y - 6, 12, 12, WHITE, stroke=MUTED, stroke_width=2, stroke_dasharray=dashes)
    else:
        is_filled = dot.kind == "good" and not dot.planned
        fill = WHITE if is_filled else DATA
        shape = element(
            "circle",
            cx=x,
            cy=y,
            r=10,
            fill=DATA if is_filled else WHITE,
            stroke=DATA,
            stroke_width=2,
            stroke_dasharray=dashes,
        )
    if dot.kind == "review" and not mark.others:
        return [shape]
    return (
        [shape, text(letter, x, y + 4.5, size=SMALLEST, bold=True, fill=fill, anchor="middle")] if letter else [shape]
    )
