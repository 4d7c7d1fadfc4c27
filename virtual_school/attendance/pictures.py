"""The drawings of the pages of provision: days as a bar, and what is in the way as squares."""

from virtual_school.design.pictures.svg import (
    DATA,
    RED,
    Picture,
    element,
    rect,
    text,
    width_of,
)

WIDTH, HEIGHT, A_DAY = 124.0, 16.0, 3.0
GROUND = "#eef0ed"
SQUARE, PITCH, ROW, LABEL = 22.0, 26.0, 25.0, 216.0
MOST_SQUARES = 5
"""More children than this are one long bar: a page holds no more squares."""


def days_bar(days: int, limit: int | None) -> str:
    """School days so far, with a mark at the limit; red only past it. The number stands beside it in words."""
    drawn = [
        rect(0, 0, WIDTH, HEIGHT, GROUND),
        rect(0, 0, min(days * A_DAY, WIDTH), HEIGHT, RED if limit is not None and days > limit else DATA),
    ]
    if limit is not None:
        drawn.append(element("path", d=f"M{limit * A_DAY:.1f} -1v18", stroke="#0b0c0c", stroke_width=2))
    return element(
        "svg",
        "".join(drawn),
        viewBox=f"0 0 {WIDTH:.0f} {HEIGHT:.0f}",
        width=WIDTH,
        height=HEIGHT,
        aria_hidden="true",
        focusable="false",
    )


def squares(counts: list[tuple[str, int]], description: str) -> Picture:
    """One square a child."""
    parts = []
    for place, (label, n) in enumerate(counts):
        y = place * ROW
        parts.append(text(label, 0, y + 16))
        shown = min(n, MOST_SQUARES)
        if n > MOST_SQUARES:
            parts.append(rect(LABEL, y + 2, PITCH * MOST_SQUARES - 4, 18, DATA))
        else:
            parts += [rect(LABEL + PITCH * one, y + 2, SQUARE, 18, DATA) for one in range(n)]
        parts.append(text(str(n), LABEL + PITCH * shown + 4, y + 16, bold=True))
    height = max(len(counts) * ROW, ROW)
    width = max([343.0, *(LABEL + PITCH * (min(n, MOST_SQUARES) + 1) + width_of(str(n)) for _, n in counts)])
    drawn = element("svg", "".join(parts), viewBox=f"0 0 {width:.0f} {height:.0f}", role="img", aria_label=description)
    rows = tuple((label, str(n)) for label, n in counts)
    return Picture(drawn, "", description, ("What is in the way", "Children"), rows)
