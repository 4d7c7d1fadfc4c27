"""The observation sheet: seven fields an adult fills in, and when such sheets count as views gathered. Pure."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from virtual_school.voice.sets import LIBRARY

OCCASIONS = PEOPLE = 2


@dataclass(frozen=True, slots=True)
class Field:
    """`because`: the choice needs a reason in words beside it when it is the last, the surest."""

    key: str
    label: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    because: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One that was filled in: of which day, by whom (an id), what stands in it, and when it was written down."""

    on: date
    by: int
    filled: Mapping[str, str]
    kept_on: date = date.min


@cache
def fields() -> tuple[Field, ...]:
    with (LIBRARY / "observation.toml").open("rb") as opened:
        content = tomllib.load(opened)
    return tuple(
        Field(row["key"], row["label"], row.get("hint", ""), tuple(row.get("choices", ())), row.get("because", False))
        for row in content["field"]
    )


def missing(filled: Mapping[str, str]) -> tuple[str, ...]:
    """Labels of the fields that are still empty. Who is sure also says why."""
    empty = [field.label for field in fields() if not filled.get(field.key, "").strip()]
    for field in fields():
        is_surest = bool(field.choices) and filled.get(field.key) == field.choices[-1]
        if field.because and is_surest and not filled.get(f"{field.key}_because", "").strip():
            empty.append(f"{field.label}: why")
    return tuple(empty)


def gathered_on(sheets: Iterable[Sheet]) -> date | None:
    """The day from which they count: two occasions and two people. One adult on one day is one adult's guess."""
    occasions: set[date] = set()
    people: set[int] = set()
    for sheet in sorted(sheets, key=lambda one: one.kept_on):
        if missing(sheet.filled):
            continue
        occasions.add(sheet.on)
        people.add(sheet.by)
        if len(occasions) >= OCCASIONS and len(people) >= PEOPLE:
            return sheet.kept_on
    return None


def lines(filled: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each field's label with what stands in it."""
    found = []
    for field in fields():
        said, why = filled.get(field.key, ""), filled.get(f"{field.key}_because", "")
        found.append((field.label, f"{said}, because: {why}" if why else said))
    return found
