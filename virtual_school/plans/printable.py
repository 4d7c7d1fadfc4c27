"""Which characters the shipped fonts can print. PDF/UA-1 allows no missing glyph, so what cannot is marked."""

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "typst" / "fonts"
MARK = "\N{WHITE SQUARE}"
# Overrides could make a name read as another one on paper; joiners and variation selectors are needed.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_RIGHT = "\u200f"
BREAK = "\u200b"
_LONG_WORD = re.compile(r"\S{25,}")
_EMPTY_LINES = re.compile(r"\n\s*\n")
_KEPT = frozenset("\n\u200c\u200d\u200e\u200f\ufe0e\ufe0f")


def _characters(font: bytes) -> set[int]:
    """The code points in a font's cmap table (formats 4 and 12)."""
    count = struct.unpack_from(">H", font, 4)[0]
    tables = {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    start = tables[b"cmap"]
    found: set[int] = set()
    for index in range(struct.unpack_from(">H", font, start + 2)[0]):
        at = start + struct.unpack_from(">I", font, start + 8 + 8 * index)[0]
        form = struct.unpack_from(">H", font, at)[0]
        if form == 12:
            for group in range(struct.unpack_from(">I", font, at + 12)[0]):
                first, last, _ = struct.unpack_from(">III", font, at + 16 + 12 * group)
                found.update(range(first, last + 1))
        elif form == 4:
            found |= _format_4(font, at)
    return found


def _format_4(font: bytes, at: int) -> set[int]:
    size = struct.unpack_from(">H", font, at + 6)[0] // 2

    def column(place: int, kind: str = "H") -> tuple[int, ...]:
        return struct.unpack_from(f">{size}{kind}", font, at + place)

    last, first = column(14), column(16 + 2 * size)
    delta, offset = column(16 + 4 * size, "h"), column(16 + 6 * size)
    found: set[int] = set()
    for segment in range(size):
        for point in range(first[segment], last[segment] + 1):
            glyph = point
            if offset[segment]:
                place = at + 16 + 6 * size + 2 * segment + offset[segment] + 2 * (point - first[segment])
                glyph = struct.unpack_from(">H", font, place)[0]
                if not glyph:
                    continue
            if (glyph + delta[segment]) % 65536:
                found.add(point)
    return found


@cache
def covered() -> frozenset[str]:
    """Every character that at least one shipped font has."""
    points: set[int] = set()
    for file in FONTS.glob("*Regular.ttf"):
        points |= _characters(file.read_bytes())
    return frozenset(map(chr, points - set(range(32)) - {0xFFFF})) | _KEPT


@cache
def _latin() -> frozenset[str]:
    return frozenset(map(chr, _characters((FONTS / "Inter_400Regular.ttf").read_bytes()))) & covered()


def printable(text: str) -> str:
    """The text with what no font has marked as a square, and without controls and turning marks.

    Words longer than a column get U+200B where they may break; a line that starts right to left is led by U+200F.
    """
    if not (text.isascii() and text.isprintable()):
        composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
        have = covered()
        text = "".join(c if c in have and c not in _TURNING else "" if _is_silent(c) else MARK for c in composed)
        text = _EMPTY_LINES.sub("\n\n", text).strip()
        text = "\n".join(map(_led, text.split("\n")))
    return _LONG_WORD.sub(lambda found: BREAK.join(_clusters(found[0])), text)


def _led(line: str) -> str:
    strong = next((c for c in map(unicodedata.bidirectional, line) if c in ("L", "R", "AL")), "L")
    return f"{_RIGHT}{line.lstrip(_RIGHT)}" if strong != "L" else line.lstrip(_RIGHT)


def _clusters(word: str) -> list[str]:
    """Pieces between which a line may break: marks, joiners and what they join stay together."""
    found: list[str] = []
    for c in word:
        if found and (unicodedata.category(c)[0] == "M" or c in _KEPT or found[-1][-1] in _KEPT):
            found[-1] += c
        else:
            found.append(c)
    return found


def plainly(text: str) -> str:
    """For the rare text whose characters no one font can set together: letters only, one by one."""
    have = _latin()
    return "".join(
        c if c in have or c == BREAK else MARK
        for c in printable(text).replace("\n", " ")
        if c not in _KEPT and unicodedata.category(c)[0] != "M"
    )


def _is_silent(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf")
