"""The drawing of a day: everyone on one bar, true to scale."""

from collections.abc import Sequence
from dataclasses import dataclass

from virtual_school.design.pictures import svg
from virtual_school.design.pictures.svg import BOLD, INK, Picture, Textures, element, fits, rect, text, width_of

WIDE, TALL, NARROW = 1100.0, 40.0, 343.0
LABEL, BAR_LEFT, BAR_MOST, ROW = 15.0, 154.0, 148.0, 28.0
GAP = 2.0
"""Of white between two parts."""

LEAST = 3.0
"""A part is never thinner: one child is seen."""

LEVEL = 5.0
EDGE = "#6f777b"


@dataclass(frozen=True, slots=True)
class Part:
    """So many children. `short` names them on the picture, `words` in the table."""

    look: str
    n: int
    short: str
    words: str


@dataclass(frozen=True, slots=True)
class Look:
    fill: str
    edge: str | None = None
    ink: str = INK


LOOKS = {
    "in": Look("#cfdeea"),
    "known": Look(svg.SHADE),
    "not_known": Look(svg.DATA, ink=svg.WHITE),
    "suspended": Look(svg.RED, ink=svg.WHITE),
    "no_school": Look("none", svg.RED),
    "not_due": Look("#eef0ed", "#8a9196"),
    "unknown": Look(svg.WHITE, EDGE),
}


@dataclass(frozen=True, slots=True)
class Placed:
    part: Part
    x: float
    width: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


def day_bar(parts: Sequence[Part], *, prefix: str, finding: str) -> Picture:
    parts = [part for part in parts if part.n]
    total = sum(part.n for part in parts)
    said = ", ".join(f"{part.n:,} {part.short}" for part in parts)
    description = f"Of {total:,} children: {said}. {finding}. The same numbers are in the table below."
    return Picture(
        _wide(parts, total, description, Textures(f"{prefix}w")),
        _narrow(parts, total, description, Textures(f"{prefix}n")),
        description,
        ("Where", "Children"),
        tuple((part.words, f"{part.n:,}") for part in parts),
    )


def _filled(look: str, textures: Textures) -> str:
    return textures.none if look == "no_school" else LOOKS[look].fill


def _place(parts: Sequence[Part], total: int) -> list[Placed]:
    room = WIDE - 1 - GAP * max(len(parts) - 1, 0)
    widths = [max(part.n / total * room, LEAST) for part in parts]
    over = sum(widths) - room
    if over > 0:
        widest = widths.index(max(widths))
        widths[widest] -= over
    found, x = [], 0.5
    for part, width in zip(parts, widths, strict=True):
        found.append(Placed(part, x, width))
        x += width + GAP
    return found


def _wide(parts: Sequence[Part], total: int, description: str, textures: Textures) -> str:
    drawn, outside = [], []
    for one in _place(parts, total):
        look = LOOKS[one.part.look]
        drawn.append(rect(one.x, 1, one.width, TALL, _filled(one.part.look, textures), stroke=look.edge))
        words = f"{one.part.n:,} {one.part.short}"
        if one.part.look != "no_school" and fits(words, one.width, LABEL, BOLD):
            drawn.append(text(words, one.x + 10, 26, size=int(LABEL), bold=True, fill=look.ink))
        else:
            outside.append((one, words))
    drawn += _labels(outside)
    height = 94.0 if outside else 44.0
    return svg.drawing(drawn, WIDE, height, description, textures, "app-pic__wide")


def _labels(outside: Sequence[tuple[Placed, str]]) -> list[str]:
    """Beneath, each joined to its part; none over another, and no line across another."""
    widths = [width_of(words, svg.SIZE) + 14 for _, words in outside]
    centres = [one.middle for one, _ in outside]
    for n, width in enumerate(widths):
        least = centres[n - 1] + (widths[n - 1] + width) / 2 if n else width / 2
        centres[n] = max(centres[n], least)
    for n in reversed(range(len(widths))):
        most = centres[n + 1] - (widths[n + 1] + widths[n]) / 2 if n + 1 < len(widths) else WIDE - widths[n] / 2
        centres[n] = min(centres[n], most)
    to_the_left = sum(centre < one.middle for (one, _), centre in zip(outside, centres, strict=True))
    drawn, left, right = [], 0, len(outside) - to_the_left
    for (one, words), centre in zip(outside, centres, strict=True):
        if centre < one.middle:
            level, left = left, left + 1
        else:
            right -= 1
            level = right
        turn = TALL + 7 + level * LEVEL
        path = f"M{one.middle:.1f} {TALL + 1:.0f}V{turn:.1f}H{centre:.1f}V73"
        drawn.append(element("path", d=path, fill="none", stroke=EDGE))
        drawn.append(text(words, centre, 86, anchor="middle"))
    return drawn


def _narrow(parts: Sequence[Part], total: int, description: str, textures: Textures) -> str:
    drawn = []
    for place, part in enumerate(parts):
        y = 2 + place * ROW
        width = max(part.n / total * BAR_MOST, LEAST)
        drawn.append(text(part.short[:1].upper() + part.short[1:], 0, y + 16))
        look = LOOKS[part.look]
        drawn.append(rect(BAR_LEFT, y, width, 22, _filled(part.look, textures), stroke=look.edge))
        drawn.append(text(f"{part.n:,}", BAR_LEFT + width + 6, y + 16, bold=True))
    return svg.drawing(drawn, NARROW, max(len(parts) * ROW, 1), description, textures, "app-pic__narrow")
