"""A child's drawing: strokes as numbers, checked, and drawn again as a picture; and the sticker board."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1000, 700
MOST_STROKES = 2_000
MOST_POINTS = 60_000
COLOUR_NAMES = {
    "black": "#0b0c0c",
    "red": "#b3262c",
    "blue": "#12436d",
    "green": "#2f7d5b",
    "orange": "#e8833a",
    "brown": "#7a4a12",
    "yellow": "#ffd166",
    "white": "#ffffff",
}
WIDTH_NAMES = {"thin": 3, "middle": 8, "thick": 18}
COLOURS = frozenset(COLOUR_NAMES.values())
WIDTHS = frozenset(WIDTH_NAMES.values())

SQUARES = tuple(f"{row}{column}" for row in "abc" for column in range(1, 5))
STICKERS = (
    "school", "home", "friends", "teacher", "play_area", "football", "book_shelf", "art", "music", "computer",
    "lunch_time", "outside", "face_very_good", "face_good", "face_middle", "face_bad", "face_very_bad", "star",
    "magic", "quiet", "noisy",
)  # fmt: skip


class BadDrawing(ValueError):
    """What was sent is no drawing of ours."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """Points on a sheet of 1000 by 700."""

    colour: str
    width: int
    points: tuple[tuple[int, int], ...]


def read_strokes(text: str) -> tuple[Stroke, ...]:
    """From the page: [{"colour": "#…", "width": 8, "points": [x, y, x, y, …]}, …]. Raises BadDrawing."""
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise BadDrawing("The drawing could not be read.") from error
    if not isinstance(rows, list) or len(rows) > MOST_STROKES:
        raise BadDrawing("A drawing is a list of at most 2,000 strokes.")
    strokes = tuple(_stroke(row) for row in rows)
    if sum(len(stroke.points) for stroke in strokes) > MOST_POINTS:
        raise BadDrawing("A drawing has at most 60,000 points.")
    return tuple(stroke for stroke in strokes if stroke.points)


def _stroke(row: Any) -> Stroke:
    if not isinstance(row, dict):
        raise BadDrawing("A stroke has a colour, a width and points.")
    numbers = row.get("points")
    if row.get("colour") not in COLOURS or row.get("width") not in WIDTHS or not isinstance(numbers, list):
        raise BadDrawing("A stroke has one of our colours, one of our widths, and points.")
    if len(numbers) % 2 or not all(isinstance(number, int) and -50 <= number <= 1050 for number in numbers):
        raise BadDrawing("A stroke's points are pairs of whole numbers on the sheet.")
    return Stroke(row["colour"], row["width"], tuple(zip(numbers[::2], numbers[1::2], strict=True)))


def kept(strokes: Sequence[Stroke]) -> list[dict[str, Any]]:
    """As stored in an answer, and as the page reads it back."""
    return [
        {
            "colour": stroke.colour,
            "width": stroke.width,
            "points": [number for point in stroke.points for number in point],
        }
        for stroke in strokes
    ]


def as_png(strokes: Sequence[Stroke]) -> bytes:
    image = Image.new("RGB", (WIDTH, HEIGHT), "#ffffff")
    pen = ImageDraw.Draw(image)
    for stroke in strokes:
        radius = stroke.width / 2
        if len(stroke.points) > 1:
            pen.line(stroke.points, fill=stroke.colour, width=stroke.width, joint="curve")
        for x, y in (stroke.points[0], stroke.points[-1]):
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=stroke.colour)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
