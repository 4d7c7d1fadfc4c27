"""What every picture shares: colours, textures, text that is measured and escaped, the two sizes.

Units are CSS pixels. Only presentation attributes are used, since the content policy allows no style.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

INK = "#0b0c0c"
MUTED = "#484949"
WHITE = "#fff"
DATA = "#12436d"
MID = "#b7cde0"
SOFT = "#e3ecf3"
SHADE = "#5b86ab"
RED = "#b3262c"
RED_WORDS = "#8f1d22"
LATE_EDGE = "#0b4144"

SIZE = 14
SMALL = 13
SMALLEST = 12

REGULAR = 0.53
BOLD = 0.57
"""The average width of a letter, as a part of the text's size."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in its two sizes (the second may be empty), in words, and as a table."""

    wide: str
    narrow: str
    description: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def width_of(words: str, size: float = SIZE, letter: float = REGULAR) -> float:
    return letter * size * len(words)


def fits(words: str, width: float, size: float = SIZE, letter: float = REGULAR) -> bool:
    return bool(words) and width_of(words, size, letter) + 12 <= width


def first_that_fits(texts: Iterable[str], width: float, size: float = SIZE, letter: float = REGULAR) -> str:
    return next((words for words in texts if fits(words, width, size, letter)), "")


def number(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value:.1f}".removesuffix(".0")


def element(name: str, content: str | None = None, **attributes: float | str | None) -> str:
    """An element from attributes written with underscores; `content` is markup or escaped text already."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(number(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}/>" if content is None else f"<{name}{written}>{content}</{name}>"


def text(
    words: str,
    x: float,
    y: float,
    *,
    size: int = SIZE,
    bold: bool = False,
    fill: str = INK,
    anchor: str | None = None,
) -> str:
    weight = "700" if bold else None
    return element("text", escape(words), x=x, y=y, font_size=size, font_weight=weight, text_anchor=anchor, fill=fill)


def rect(x: float, y: float, width: float, height: float, fill: str, **attributes: float | str | None) -> str:
    return element("rect", x=x, y=y, width=max(width, 0), height=height, fill=fill, **attributes)


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, **attributes: float | str | None) -> str:
    return element("line", x1=x1, x2=x2, y1=y1, y2=y2, stroke=stroke, **attributes)


@dataclass(frozen=True, slots=True)
class Textures:
    """The patterns of one picture, by an id prefix no other picture on the page has."""

    prefix: str

    @property
    def none(self) -> str:
        return f"url(#{self.prefix}a)"

    @property
    def temporary(self) -> str:
        return f"url(#{self.prefix}b)"

    @property
    def met_late(self) -> str:
        return f"url(#{self.prefix}c)"

    def definitions(self, used: str) -> str:
        """The patterns that a drawing refers to."""
        stripes = {"a": (WHITE, 3, RED), "b": (SOFT, 2, SHADE)}
        parts = [
            element(
                "pattern",
                element("rect", width=8, height=8, fill=ground) + element("rect", width=stripe, height=8, fill=colour),
                id=f"{self.prefix}{letter}",
                width=8,
                height=8,
                patternUnits="userSpaceOnUse",
                patternTransform="rotate(45)",
            )
            for letter, (ground, stripe, colour) in stripes.items()
            if f"url(#{self.prefix}{letter})" in used
        ]
        if self.met_late in used:
            parts.append(
                element(
                    "pattern",
                    element("rect", width=6, height=6, fill="#6fb7b3")
                    + element("circle", cx=3, cy=3, r=1.2, fill=LATE_EDGE),
                    id=f"{self.prefix}c",
                    width=6,
                    height=6,
                    patternUnits="userSpaceOnUse",
                )
            )
        return element("defs", "".join(parts)) if parts else ""


def drawing(
    parts: Sequence[str], width: float, height: float, description: str, textures: Textures, class_: str = ""
) -> str:
    drawn = "".join(parts)
    return element(
        "svg",
        textures.definitions(drawn) + drawn,
        class_=class_ or None,
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        aria_label=description,
    )
