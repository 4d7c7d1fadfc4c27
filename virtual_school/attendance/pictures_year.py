"""The drawing of a child's year: a small month each, a square a day, its left half the morning, its right half the
afternoon. What was attended is pale, so that absence is what one sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from virtual_school.design.pictures import svg
from virtual_school.design.pictures.svg import DATA, MUTED, RED, SHADE, SMALL, WHITE, Textures, element, rect, text

WIDTH, TOP, ROW, TALL = 170.0, 24.0, 22.5, 20.0
LEFT, PITCH, HALF = 22.0, 29.0, 12.75
DAY = timedelta(days=1)
PALE, NOTHING_DUE, EDGE = "#cfdeea", "#eef0ed", "#c4c8c6"
IN, ILL, LEAVE, TRUANT, SUSPENDED, NO_PLACE, TUITION, NOT_DUE, NO_MARK, TO_COME, CLOSED = (
    "in", "ill", "leave", "truant", "suspended", "no_place", "tuition", "not_due", "no_mark", "to_come", "closed",
)  # fmt: skip
KEY = {
    IN: "Attended",
    ILL: "Ill",
    LEAVE: "Away with leave",
    TRUANT: "Without leave, or not known",
    SUSPENDED: "Suspended or excluded",
    NO_PLACE: "No school place",
    TUITION: "No place, other education",
    NOT_DUE: "Not expected",
    NO_MARK: "No mark held",
    TO_COME: "Still to come",
}


@dataclass(frozen=True, slots=True)
class Square:
    """How the morning and the afternoon of one weekday look."""

    am: str
    pm: str


def month_name(month: date, *, year: bool) -> str:
    return f"{month:%B} {month.year}" if year else f"{month:%B}"


def month_picture(month: date, days: Mapping[date, Square], name: str, said: str, prefix: str) -> str:
    """`said` tells the month in words, for who cannot see it."""
    textures = Textures(prefix)
    drawn = [text(name, 0, 14, size=15, bold=True)]
    weekdays = [day for n in range(31) if (day := month + n * DAY).month == month.month and day.weekday() < 5]
    monday = weekdays[0] - weekdays[0].weekday() * DAY
    for day in weekdays:
        y = TOP + (day - monday).days // 7 * ROW
        if day == weekdays[0] or day.weekday() == 0:
            drawn.append(text(str(day.day), 16, y + 15, size=SMALL, anchor="end", fill=MUTED))
        if square := days.get(day):
            drawn += _square(square, LEFT + day.weekday() * PITCH, y, textures)
    return svg.drawing(drawn, WIDTH, 164, f"{name}: {said}", textures)


def _square(square: Square, x: float, y: float, textures: Textures) -> list[str]:
    if square.am == square.pm == CLOSED:
        return [element("circle", cx=x + 13, cy=y + 10, r=1.8, fill="#8a9196")]
    return [*_half(square.am, x, y, textures), *_half(square.pm, x + HALF + 0.5, y, textures)]


def _half(look: str, x: float, y: float, textures: Textures) -> list[str]:
    def edged(fill: str, edge: str, **more: str) -> str:
        return rect(x + 0.5, y + 0.5, HALF - 1, TALL - 1, fill, stroke=edge, **more)

    plain = {IN: PALE, LEAVE: SHADE, TRUANT: DATA, NOT_DUE: NOTHING_DUE}
    if look in plain:
        return [rect(x, y, HALF, TALL, plain[look])]
    if look == ILL:
        return [rect(x, y, HALF, TALL, SHADE), rect(x, y + 8.5, HALF, 3, WHITE)]
    if look == SUSPENDED:
        cross = f"M{x + 2.5:.1f} {y + 5:.1f}l8 10m0 -10l-8 10"
        return [rect(x, y, HALF, TALL, RED), element("path", d=cross, stroke=WHITE, stroke_width=1.6)]
    if look == NO_PLACE:
        return [edged(textures.none, RED)]
    if look == TUITION:
        return [edged(textures.temporary, SHADE)]
    if look == NO_MARK:
        return [edged(WHITE, "#6f777b", stroke_dasharray="3 2")]
    return [edged(WHITE, EDGE)] if look == TO_COME else []


@dataclass(frozen=True, slots=True)
class KeyEntry:
    drawing: str
    words: str


def key(looks: Sequence[str]) -> list[KeyEntry]:
    """Of those that are drawn."""
    return [
        KeyEntry(_swatch(look, f"key{place}"), words)
        for place, (look, words) in enumerate(KEY.items())
        if look in looks
    ]


def _swatch(look: str, prefix: str) -> str:
    textures = Textures(prefix)
    drawn = "".join([*_half(look, 0, 0, textures), *_half(look, HALF + 0.5, 0, textures)])
    return element(
        "svg", textures.definitions(drawn) + drawn, viewBox="0 0 26.5 20", aria_hidden="true", focusable="false"
    )
