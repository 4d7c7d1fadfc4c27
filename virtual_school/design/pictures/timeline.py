"""A child's timeline: bars, dots and a band of attendance in lanes under the school years."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from virtual_school.design.pictures import svg
from virtual_school.design.pictures.marks import Dot, DotLane, place_dots
from virtual_school.design.pictures.svg import BOLD, INK, MUTED, SMALL, WHITE, Picture, Textures, width_of

Kind = Literal["care", "mid", "soft", "temporary", "none", "planned"]
BAR, BAR_GAP = 28.0, 1.5
HATCHED = ("temporary", "none")
PLAIN = {"care": (svg.DATA, WHITE), "mid": (svg.MID, INK), "soft": (svg.SOFT, INK), "planned": (WHITE, INK)}
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """A spell with its words from the fullest to the shortest; no end means it goes on."""

    start: date
    end: date | None
    texts: tuple[str, ...]
    kind: Kind = "mid"


@dataclass(frozen=True, slots=True)
class Lane:
    name: str
    bars: Sequence[Bar] = ()


@dataclass(frozen=True, slots=True)
class Attendance:
    """Attendance of one half term in per cent, or None where there was no school to attend."""

    start: date
    end: date
    percent: float | None


@dataclass(frozen=True, slots=True)
class Facts:
    lanes: Sequence[Lane]
    dots: Sequence[DotLane]
    attendance: Sequence[Attendance]
    school_years: Sequence[tuple[str, date, date]]
    today: date


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a day lies between the left and the right edge of a picture."""

    start: date
    end: date
    left: float
    right: float

    def x(self, day: date) -> float:
        share = (day - self.start).days / (self.end - self.start).days
        return self.left + min(max(share, 0), 1) * (self.right - self.left)

    def shows(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(slots=True)
class Drawn:
    """A bar as placed: its edges, and how far to the right its own label may go."""

    bar: Bar
    x1: float
    x2: float
    label_to: float = field(default=0.0)

    @property
    def width(self) -> float:
        return self.x2 - self.x1


def timeline(
    lanes: Sequence[Lane],
    dots: Sequence[DotLane],
    *,
    prefix: str,
    today: date,
    start: date,
    end: date,
    school_years: Sequence[tuple[str, date, date]],
    attendance: Sequence[Attendance] = (),
    point: str = "",
) -> Picture:
    """From `start` to `end`. `point` is what there is to see, in sentences.

    The wide picture shows all of it; the narrow one no more than this school year and the last.
    """
    if end <= start:
        raise ValueError(f"A timeline cannot end on {end} and start on {start}.")
    facts = Facts(lanes, dots, attendance, school_years, today)
    narrow_start = _last_school_year(facts, start, end)
    return Picture(
        wide=_draw(facts, Scale(start, end, 112, 1096), Textures(f"{prefix}w"), point, is_wide=True),
        narrow=_draw(facts, Scale(narrow_start, end, 4, 339), Textures(f"{prefix}n"), point, is_wide=False),
        description=_description(facts, start, end, point),
        columns=("Lane", "From", "To", "What"),
        rows=_rows(facts),
    )


def in_full(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _last_school_year(facts: Facts, start: date, end: date) -> date:
    at = min(facts.today, end)
    begun = sorted(first for _, first, _ in facts.school_years if first <= at)
    return max(start, begun[-2]) if len(begun) > 1 else start


def _description(facts: Facts, start: date, end: date, point: str) -> str:
    now = [
        f"{lane.name} today: {' and '.join(bar.texts[0] for bar in current)}."
        for lane in facts.lanes
        if (current := [b for b in lane.bars if b.texts and b.start <= facts.today <= (b.end or facts.today)])
    ]
    span = f"{MONTHS[start.month - 1]} {start.year} to {MONTHS[end.month - 1]} {end.year}"
    said = [f"Timeline from {span}.", *([point] if point else now), "The same facts are in the table below."]
    return " ".join(said)


def _rows(facts: Facts) -> tuple[tuple[str, ...], ...]:
    def until(bar: Bar) -> str:
        return in_full(bar.end) if bar.end else "now" if bar.start <= facts.today else ""

    rows = [
        (lane.name, in_full(bar.start), until(bar), (bar.texts or ("",))[0] + _planned(bar.kind == "planned"))
        for lane in facts.lanes
        for bar in lane.bars
    ]
    rows += [
        (lane.name, in_full(dot.day), "", (dot.words or dot.letter) + _planned(dot.planned))
        for lane in facts.dots
        for dot in lane.dots
    ]
    rows += [
        (
            "Attendance",
            in_full(spell.start),
            in_full(spell.end),
            "no school to attend" if spell.percent is None else f"{svg.number(spell.percent)}%",
        )
        for spell in facts.attendance
    ]
    return tuple(rows)


def _planned(is_planned: bool) -> str:
    return " (planned)" if is_planned else ""


def _draw(facts: Facts, scale: Scale, textures: Textures, point: str, *, is_wide: bool) -> str:
    parts: list[str] = []
    y = 34.0 if is_wide else 52.0
    name_drop = 0 if is_wide else 24
    for lane in facts.lanes:
        parts.append(_name(lane.name, y, is_wide))
        rows = _in_rows(lane.bars, scale, facts.today)
        for n, row in enumerate(rows):
            parts += _bars(row, y + n * (BAR + 4), scale, textures)
        y += max(len(rows), 1) * (BAR + 4) + (6 if is_wide else name_drop)
    for dot_lane in facts.dots:
        marks, height = place_dots(dot_lane.dots, y, scale)
        parts.append(_name(dot_lane.name, y, is_wide))
        parts += marks
        y += height + (6 if is_wide else name_drop)
    if facts.attendance:
        parts.append(_name("Attendance", y - 3 if is_wide else y, is_wide))
        parts += _attendance(facts.attendance, y, scale, textures)
        y += 22 + (0 if is_wide else name_drop)
    bottom = y if is_wide else y - name_drop
    ground = _school_years(facts.school_years, scale, bottom)
    height = bottom + (22 if scale.shows(facts.today) else 4)
    return svg.drawing(
        [*ground, *parts, *_today(facts.today, scale, bottom)],
        1100 if is_wide else 343,
        height,
        _description(facts, scale.start, scale.end, point),
        textures,
        "app-pic__wide" if is_wide else "app-pic__narrow",
    )


def _name(name: str, y: float, is_wide: bool) -> str:
    if is_wide:
        return svg.text(name, 0, y + 19, bold=True)
    return svg.text(name, 4, y - 5, size=SMALL, fill=MUTED)


def _school_years(years: Sequence[tuple[str, date, date]], scale: Scale, bottom: float) -> list[str]:
    """Striped columns. A label is the whole of its words, or what follows the dot ("Year 10"), or none."""
    drawn = []
    for n, (label, first, last) in enumerate(years):
        if last < scale.start or first > scale.end:
            continue
        x1, x2 = scale.x(first), scale.x(last + timedelta(days=1))
        if n % 2 == 0:
            drawn.append(svg.rect(x1, 0, x2 - x1, bottom, "#f5f6f3"))
        words = svg.first_that_fits((label, label.rpartition(" · ")[2]), x2 - x1)
        if words:
            drawn.append(svg.text(words, x1 + 6, 18, bold=True))
        if first > scale.start:
            drawn.append(svg.line(x1, 0, x1, bottom, "#c9cdc8"))
    return drawn


def _today(today: date, scale: Scale, bottom: float) -> list[str]:
    if not scale.shows(today):
        return []
    x = scale.x(today)
    anchor = "end" if x - scale.left > 40 else None
    return [
        svg.line(x, 26, x, bottom, INK, stroke_width=1.5, stroke_dasharray="4 3"),
        svg.text("Today", x, bottom + 16, size=SMALL, bold=True, anchor=anchor),
    ]


def _in_rows(bars: Sequence[Bar], scale: Scale, today: date) -> list[list[Drawn]]:
    """The bars that show, in as many rows as overlap needs (two schools at once, two orders at once)."""
    rows: list[list[Drawn]] = []
    for bar in sorted(bars, key=lambda b: b.start):
        end = bar.end or (today if bar.start <= today and bar.kind != "planned" else scale.end)
        if end < scale.start or bar.start > scale.end or end < bar.start:
            continue
        x1 = scale.x(bar.start)
        drawn = Drawn(bar, x1, max(scale.x(end) - BAR_GAP, x1 + 2))
        row = next((row for row in rows if row[-1].x2 <= x1 + 2), None)
        if row is None:
            rows.append([drawn])
        else:
            row.append(drawn)
    for row in rows:
        for one in row:
            one.label_to = one.x2
        for before, after in pairwise(row):
            before.x2 = before.label_to = min(before.x2, max(after.x1 - 0.5, before.x1))
    return rows


def _bars(row: list[Drawn], y: float, scale: Scale, textures: Textures) -> list[str]:
    """All the shapes, then the labels over them: inside, else for the last one if hatched on a plate to its left."""
    shapes = [_shape(one, y, textures) for one in row]
    labels: list[str] = []
    last = row[-1]
    if last.bar.kind in HATCHED and not svg.first_that_fits(last.bar.texts, last.width):
        labels += _plate(row, y, scale)
    for one in row:
        labels += _inside(one, y)
    return shapes + labels


def _shape(one: Drawn, y: float, textures: Textures) -> str:
    kind = one.bar.kind
    if kind == "none":
        return svg.rect(one.x1, y, one.width, BAR, textures.none, rx=3, stroke=svg.RED)
    if kind == "temporary":
        return svg.rect(one.x1, y, one.width, BAR, textures.temporary, rx=3, stroke=svg.SHADE)
    if kind == "planned":
        return svg.rect(one.x1, y, one.width, BAR, WHITE, rx=3, stroke=svg.DATA, stroke_dasharray="3 2")
    return svg.rect(one.x1, y, one.width, BAR, PLAIN[kind][0], rx=3)


def _inside(one: Drawn, y: float) -> list[str]:
    words = svg.first_that_fits(one.bar.texts, min(one.label_to, one.x2) - one.x1)
    if not words:
        return []
    if one.bar.kind in HATCHED:
        plate = svg.rect(one.x1 + 4, y + 5, width_of(words) + 6, 18, WHITE, rx=2)
        return [plate, svg.text(words, one.x1 + 7, y + 19)]
    return [svg.text(words, one.x1 + 7, y + 19, fill=PLAIN[one.bar.kind][1])]


def _plate(row: list[Drawn], y: float, scale: Scale) -> list[str]:
    """The last bar's words to its left, with a leader. It may lie over the one before, which stays in sight, but
    never over a hatched one; that one's own label then has so much less room."""
    last = row[-1]
    before = row[-2] if len(row) > 1 else None
    right = last.x1 - 6
    furthest = scale.left
    if before:
        furthest = before.x2 if before.bar.kind in HATCHED else before.x1 + 24
    for words in last.bar.texts:
        width = width_of(words, letter=BOLD) + 10
        if words and right - width >= furthest:
            if before:
                before.label_to = min(before.label_to, right - width - 4)
            return [
                svg.rect(right - width, y + 4, width, 20, WHITE, rx=2),
                svg.text(words, right - 5, y + 19, bold=True, anchor="end"),
                svg.line(right, y + 14, last.x1, y + 14, INK),
            ]
    return []


def _attendance(spells: Sequence[Attendance], y: float, scale: Scale, textures: Textures) -> list[str]:
    """One cell a half term: under 90 navy, 90 to 94 mid, 95 and over soft, hatched where there was no school."""
    drawn = []
    for spell in spells:
        if spell.end < scale.start or spell.start > scale.end or spell.end < spell.start:
            continue
        x1 = scale.x(spell.start)
        width = max(scale.x(spell.end) - x1, 2)
        if spell.percent is None:
            drawn.append(svg.rect(x1, y, width, 22, textures.none, stroke=svg.RED))
            continue
        shown = round(spell.percent)
        low = shown < 90
        drawn.append(svg.rect(x1, y, width, 22, svg.DATA if low else svg.MID if shown < 95 else svg.SOFT))
        if width_of(str(shown), SMALL) + 2 <= width:
            middle = x1 + width / 2
            drawn.append(svg.text(str(shown), middle, y + 16, size=SMALL, anchor="middle", fill=WHITE if low else INK))
    return drawn


__all__ = ["Attendance", "Bar", "Dot", "DotLane", "Lane", "timeline"]
