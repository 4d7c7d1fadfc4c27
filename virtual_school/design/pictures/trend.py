"""One measure over the terms: a line, with its values written on it, and a gap where there is no figure."""

from collections.abc import Sequence
from dataclasses import dataclass

from virtual_school.design.pictures import svg
from virtual_school.design.pictures.svg import INK, MUTED, SMALL, Picture, Textures, element, line, number, text

WIDE, NARROW = 690.0, 343.0
TALL, TOP, BOTTOM = 190.0, 28.0, 30.0
GRID = "#c9cdc8"
SPARK_WIDE, SPARK_TALL = 230.0, 46.0
MOST = {WIDE: 9, NARROW: 5}
"""The picture shows so many of the latest terms; the table has them all."""


@dataclass(frozen=True, slots=True)
class Point:
    """One term. `value` is None where there is no figure; `mark` is what stands beside the dot, `shown` the value in
    words; `why` says of what it is, or why there is none. `is_open` marks a figure that still moves."""

    label: str
    full_label: str
    value: float | None
    mark: str
    shown: str = ""
    why: str = ""
    is_open: bool = False


def trend(
    points: Sequence[Point], *, prefix: str, what: str, finding: str = "", top: float | None = None,
    columns: tuple[str, ...] = ("Term", "Figure", "Counted"),
) -> Picture:  # fmt: skip
    """`what` is the measure's name, `top` the greatest value there can be (100 for a share)."""
    values = [point.value for point in points if point.value is not None]
    most = top if top is not None else max([*values, 1.0])
    span = f" from {points[0].full_label} to {points[-1].full_label}" if points else ""
    description = " ".join(
        part for part in (f"Line: {what}{span}.", finding, "The table below has every number.") if part
    )
    return Picture(
        wide=_draw(points, most, WIDE, description, Textures(f"{prefix}w"), "app-pic__wide"),
        narrow=_draw(points, most, NARROW, description, Textures(f"{prefix}n"), "app-pic__narrow"),
        description=description,
        columns=columns,
        rows=tuple((point.full_label, point.shown or point.mark, point.why) for point in points),
    )


def _draw(points: Sequence[Point], most: float, width: float, description: str, textures: Textures, class_: str) -> str:
    points = points[-MOST[width] :]
    left, right = 24.0, width - 24.0
    room = TALL - TOP - BOTTOM
    step = (right - left) / max(len(points) - 1, 1)
    places = [
        (left + step * n, None if point.value is None else TOP + room * (1 - min(point.value / most, 1)))
        for n, point in enumerate(points)
    ]
    drawn = [line(0, TALL - BOTTOM, width, TALL - BOTTOM, GRID)]
    drawn += [_stretch(run) for run in _runs(places)]
    last = len(points) - 1
    for n, (point, (x, y)) in enumerate(zip(points, places, strict=True)):
        anchor = None if n == 0 else "end" if n == last else "middle"
        at = x - 20 if anchor is None else x + 20 if anchor == "end" else x
        drawn.append(text(point.label, at, TALL - 8, size=SMALL, anchor=anchor, bold=point.is_open))
        if y is None:
            drawn.append(text("no figure", at, TALL - BOTTOM - 10, size=SMALL, anchor=anchor, fill=MUTED))
            continue
        fill = svg.WHITE if point.is_open else svg.DATA
        drawn.append(element("circle", cx=x, cy=y, r=5, fill=fill, stroke=svg.DATA, stroke_width=2))
        drawn.append(text(point.mark, at, y - 11, bold=n == last, anchor=anchor, fill=INK))
    return svg.drawing(drawn, width, TALL, description, textures, class_)


def _runs(places: Sequence[tuple[float, float | None]]) -> list[list[tuple[float, float]]]:
    """The stretches without a gap."""
    runs: list[list[tuple[float, float]]] = [[]]
    for x, y in places:
        if y is None:
            runs.append([])
        else:
            runs[-1].append((x, y))
    return [run for run in runs if len(run) > 1]


def _stretch(run: Sequence[tuple[float, float]]) -> str:
    along = " ".join(f"{number(x)},{number(y)}" for x, y in run)
    return element("polyline", fill="none", stroke=svg.DATA, stroke_width=2.5, stroke_linejoin="round", points=along)


def spark(values: Sequence[float | None]) -> str:
    """The same line, small and without words, for a tile that says everything in its own words."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    spread = (high - low) or 1.0
    step = (SPARK_WIDE - 12) / max(len(values) - 1, 1)
    places = [
        (4 + step * n, None if value is None else 8 + (SPARK_TALL - 14) * (1 - (value - low) / spread))
        for n, value in enumerate(values)
    ]
    parts = [_stretch(run) for run in _runs(places)]
    x, y = next((x, y) for x, y in reversed(places) if y is not None)
    parts.append(element("circle", cx=x, cy=y, r=4, fill=svg.DATA))
    return element(
        "svg", "".join(parts), viewBox=f"0 0 {number(SPARK_WIDE)} {number(SPARK_TALL)}", aria_hidden="true",
        focusable="false",
    )  # fmt: skip
