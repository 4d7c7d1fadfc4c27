"""Bars by week: how many fall due in each, by state."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from virtual_school.design.pictures import svg
from virtual_school.design.pictures.svg import BOLD, INK, SIZE, Picture, Textures, element, fits, rect, text, width_of

WIDE, NARROW = 690.0, 343.0
GUTTER = 92.0
BAR, GAP, BETWEEN = 30.0, 7.0, 2.0
LINE = 18.0
WORDS_GAP = 9.5


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A week and what falls due in it. `full_label` names it in the table."""

    label: str
    is_now: bool
    met: int = 0
    met_late: int = 0
    due_soon: int = 0
    upcoming: int = 0
    overdue: int = 0
    full_label: str = ""

    @property
    def total(self) -> int:
        return sum(getattr(self, state) for state in STATES)


@dataclass(frozen=True, slots=True)
class Look:
    name: str
    fill: str
    edge: str
    words: str
    textured: bool = False


STATES = {
    "met": Look("met", "#2f7d5b", "#2f7d5b", "#fff"),
    "met_late": Look("met late", "", svg.LATE_EDGE, svg.LATE_EDGE, textured=True),
    "due_soon": Look("due soon", "#e8833a", "#9c4a12", INK),
    "upcoming": Look("upcoming", "#c4c8c6", "#6f777b", INK),
    "overdue": Look("overdue", "", svg.RED, svg.RED_WORDS, textured=True),
}
SMALL_PARTS = (1 + BETWEEN) * len(STATES)
"""Kept free of a bar's width, since a part too small for its count is drawn wider than it is."""
AT_END_COLOUR = {"overdue": svg.RED_WORDS, "met_late": svg.LATE_EDGE}


@dataclass(frozen=True, slots=True)
class Layout:
    """How wide one is drawn, which states can be named in a bar, and each row's parts written at its end."""

    unit: float
    named_in: dict[str, int]
    at_end: list[list[str]]


def bars(rows: Sequence[WeekRow], *, prefix: str, what: str, point: str = "", place: str = "") -> Picture:
    """`what` falls due ("Plans"), `point` is the finding in a sentence, `place` where and when."""
    first, last = (rows[0], rows[-1]) if rows else (None, None)
    span = f" from {first.full_label or first.label} to {last.full_label or last.label}" if first and last else ""
    description = " ".join(
        part
        for part in (
            f"Stacked bars: {what} by week due and state{span}{', ' + place if place else ''}.",
            point,
            "The table below has every number.",
        )
        if part
    )
    return Picture(
        wide=_wide(rows, description, Textures(f"{prefix}w")),
        narrow=_narrow(rows, description, Textures(f"{prefix}n")),
        description=description,
        columns=("Week beginning", "Met", "Met late", "Due soon", "Upcoming", "Overdue", "All"),
        rows=tuple(
            (
                row.full_label or row.label,
                *(str(getattr(row, state)) for state in STATES),
                str(row.total),
            )
            for row in rows
        ),
    )


def _end_words(row: WeekRow, states: Sequence[str]) -> str:
    return ", ".join(f"{getattr(row, state)} {STATES[state].name}" for state in states) if row.total else "none"


def _layout(rows: Sequence[WeekRow], unit: float, room: float | None) -> Layout:
    """The widest drawing in which no words leave the picture. `room` is None where the words have a line of their
    own; otherwise it is what a bar and the words at its end share, and each part written at an end may shrink it."""
    while True:
        named_in = {}
        for state, look in STATES.items():
            for place, row in enumerate(rows):
                count = getattr(row, state)
                words = f"{count} {look.name}"
                if count and not look.textured and fits(words, count * unit - BETWEEN, letter=BOLD):
                    named_in[state] = place
                    break
        at_end = [
            [
                state
                for state in STATES
                if (count := getattr(row, state))
                and (state not in named_in or not fits(str(count), count * unit - BETWEEN, letter=BOLD))
            ]
            for row in rows
        ]
        if room is None:
            return Layout(unit, named_in, at_end)
        smaller = min(
            [unit]
            + [
                (room - SMALL_PARTS - WORDS_GAP - width_of(_end_words(row, states), letter=BOLD)) / row.total
                for row, states in zip(rows, at_end, strict=True)
                if row.total and states
            ]
        )
        if smaller >= unit:
            return Layout(unit, named_in, at_end)
        unit = max(smaller, 0.01)


def _bar(row: WeekRow, place: int, layout: Layout, x: float, y: float, textures: Textures) -> tuple[list[str], float]:
    """The parts of one bar and where it ends."""
    drawn = []
    for state, look in STATES.items():
        count = getattr(row, state)
        if not count:
            continue
        width = max(count * layout.unit - BETWEEN, 1)
        fill = look.fill or (textures.none if state == "overdue" else textures.met_late)
        drawn.append(rect(x + 0.5, y, width, BAR, fill, stroke=look.edge))
        if state in layout.named_in and state not in layout.at_end[place]:
            words = f"{count} {look.name}" if layout.named_in[state] == place else str(count)
            drawn.append(text(words, x + 10, y + 20, bold=True, fill=look.words))
        x += max(count * layout.unit, 1 + BETWEEN)
    return drawn, x


def _spans(row: WeekRow, states: Sequence[str]) -> str:
    if not row.total:
        return element("tspan", "none", fill=svg.MUTED)
    return "".join(
        element(
            "tspan",
            escape(f"{', ' if place else ''}{getattr(row, state)} {STATES[state].name}"),
            fill=AT_END_COLOUR.get(state, INK),
            font_weight="700" if state == "overdue" else None,
        )
        for place, state in enumerate(states)
    )


def _wide(rows: Sequence[WeekRow], description: str, textures: Textures) -> str:
    most = max((row.total for row in rows), default=0)
    room = WIDE - GUTTER - 1
    layout = _layout(rows, (room - SMALL_PARTS) / most if most else 1, room)
    drawn = []
    for place, row in enumerate(rows):
        y = 4 + place * (BAR + GAP)
        drawn.append(text(row.label, 0, y + 20, bold=row.is_now))
        parts, end = _bar(row, place, layout, GUTTER, y, textures)
        if spans := _spans(row, layout.at_end[place]):
            drawn.append(element("text", spans, x=end + WORDS_GAP - BETWEEN, y=y + 20, font_size=SIZE))
        drawn += parts
    height = 4 + len(rows) * (BAR + GAP)
    return svg.drawing(drawn, WIDE, height, description, textures, "app-pic__wide")


def _lines(row: WeekRow, states: Sequence[str]) -> list[list[str]]:
    """The words above a narrow bar: beside the week's name while they fit, then on lines of their own."""
    room = NARROW - width_of(row.label, letter=BOLD) - 14
    lines: list[list[str]] = [[]]
    for state in states:
        if width_of(_end_words(row, [*lines[-1], state]), letter=BOLD) > room:
            lines.append([])
            room = NARROW
        lines[-1].append(state)
    return lines


def _narrow(rows: Sequence[WeekRow], description: str, textures: Textures) -> str:
    most = max((row.total for row in rows), default=0)
    layout = _layout(rows, (NARROW - 3 - SMALL_PARTS) / most if most else 1, None)
    drawn = []
    y = 18.0
    for place, row in enumerate(rows):
        drawn.append(text(row.label, 0, y, bold=row.is_now))
        for n, states in enumerate(_lines(row, layout.at_end[place])):
            y += LINE if n else 0
            if spans := _spans(row, states):
                drawn.append(element("text", spans, x=NARROW, y=y, font_size=SIZE, text_anchor="end"))
        parts, _ = _bar(row, place, layout, 0, y + 6, textures)
        drawn += parts
        y += 58 if row.total else 24
    return svg.drawing(drawn, NARROW, max(y - 14, 1), description, textures, "app-pic__narrow")
