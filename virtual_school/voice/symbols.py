"""Which picture a key is drawn with: the child's own pack, else the council's, else OpenMoji's, else none."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.templatetags.static import static

from virtual_school.voice.sets import LIBRARY

OPENMOJI_LICENCE = "OpenMoji, CC BY-SA 4.0"


@dataclass(frozen=True, slots=True)
class Picture:
    """`alt` is "": the words always stand beside it. `licence` is what a print must name."""

    url: str
    alt: str = ""
    licence: str = ""


class Pack(Protocol):
    """A child's or a council's own pictures: the address of a key's picture, "" without one, and its licence."""

    def url(self, key: str) -> str: ...

    def licence_of(self, key: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Symbol:
    """`mulberry` is the name of the same thing in a pack of Mulberry's form."""

    key: str
    file: str
    meaning: str
    mulberry: str = ""
    caution: str = ""


@cache
def symbols() -> Mapping[str, Symbol]:
    with (LIBRARY / "symbols.toml").open("rb") as opened:
        content = tomllib.load(opened)
    return {
        key: Symbol(key, row["openmoji"], row["meaning"], row.get("mulberry", ""), row.get("caution", ""))
        for key, row in content.items()
    }


def symbol(key: str, child_pack: Pack | None = None, council_pack: Pack | None = None) -> Picture | None:
    for pack in (child_pack, council_pack):
        if pack and (url := pack.url(key)):
            return Picture(url, licence=pack.licence_of(key))
    found = symbols().get(key)
    if found is None or not found.file:
        return None
    return Picture(static(f"voice/symbols/{found.file}.svg"), licence=OPENMOJI_LICENCE)
