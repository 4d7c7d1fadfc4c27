"""How values of a plan stand on paper, and the council's colour."""

import re
from collections.abc import Iterable
from datetime import date, time
from typing import Any, NamedTuple

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
NOT_GIVEN = "Not given"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_PER = {"once": "once", "week": "a week", "term": "a term", "session": "a session", "month": "a month",
        "year": "a year", "hour": "an hour", "day": "a day", "unit": "each"}  # fmt: skip
MODES = {"in_person": "In person", "online": "Online", "mixed": "In person and online"}


class Look(NamedTuple):
    """Colours as #rrggbb: the council's, what is written on it, a pale tint, and one dark enough for text."""

    colour: str
    on_colour: str
    tint: str
    deep: str

    @classmethod
    def of(cls, colour: str) -> "Look":
        if not re.fullmatch(r"#[0-9A-Fa-f]{6}", colour):
            raise ValueError(f"{colour!r} is no colour: it must be as #0d4a52")
        channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        deep = channels
        while _contrast_with_white(deep) < 7:
            deep = [int(each * 0.85) for each in deep]
        on_colour = "#ffffff" if _contrast_with_white(channels) >= 4.5 else "#0b0c0c"
        return cls(colour, on_colour, _hex([255 - (255 - each) * 9 // 100 for each in channels]), _hex(deep))


def _hex(channels: list[int]) -> str:
    return "#" + "".join(f"{each:02x}" for each in channels)


def _contrast_with_white(channels: list[int]) -> float:
    """WCAG 2.2 contrast ratio."""
    linear = [
        each / 255 / 12.92 if each / 255 <= 0.04045 else ((each / 255 + 0.055) / 1.055) ** 2.4 for each in channels
    ]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def in_words(day: date | None) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day else ""


def clock(at: time | None) -> str:
    return f"{at.hour}:{at.minute:02}" if at else ""


def money(pence: int, per: str = "") -> str:
    sign = "-" if pence < 0 else ""
    pounds, rest = divmod(abs(pence), 100)
    amount = f"{sign}£{pounds:,}" + (f".{rest:02}" if rest else "")
    return f"{amount} {_PER.get(per, per)}" if per else amount


def spoken(key: str) -> str:
    """A code as words: key_stage_4 is Key stage 4."""
    words = key.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def year_words(year_group: int | None) -> str:
    if year_group is None:
        return ""
    return f"Year {year_group}" if year_group > 0 else "Reception" if year_group == 0 else "Before Reception"


def value_words(value: Any, kind: str = "") -> str:
    """Any JSON value on paper, where nobody gave words for it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, str):
        if _DAY.match(value):
            try:
                return in_words(date.fromisoformat(value))
            except ValueError:
                return value
        return value
    if isinstance(value, int) and kind == "money":
        return money(value)
    if isinstance(value, int | float):
        return f"{value:g}%" if kind == "percent" else f"{value:,}" if isinstance(value, int) else f"{value:g}"
    if isinstance(value, list):
        return "\n".join(filter(None, (value_words(each) for each in value)))
    if isinstance(value, dict):
        return "; ".join(
            f"{spoken(str(name))}: {words}" for name, each in value.items() if (words := value_words(each))
        )
    return str(value)


def breaks(texts: Iterable[str], a_line: int, most: int) -> bool:
    """Whether texts are too long to be kept together on a page: more than `most` lines of `a_line` letters."""
    lines = sum(1 + len(line) // a_line for text in texts for line in text.split("\n"))
    return lines > most
