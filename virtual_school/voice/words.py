"""Every string a child, carer or parent sees, in English and as far as translated, each marked as checked or not.

A translation belongs to one English text: when the English changes it no longer counts. Words of privacy and safety
are shown in another language only once a second qualified person has checked them; until then the English is shown
and an interpreter is asked for.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from virtual_school.voice.languages import ENGLISH, direction
from virtual_school.voice.sets import LIBRARY, Card, Library, Point, Question, Scale, library

ONLY_WHEN_REVIEWED = ("privacy.", "safety.")
SOURCES = ("machine", "volunteer", "professional")


class BadWords(ValueError):
    """Says which file and key is wrong, and why."""


@dataclass(frozen=True, slots=True)
class Words:
    """`text` is in `language`, which is English where there is no translation that may be shown.

    `is_reviewed` is true of English. `english` is what stands beside an unreviewed translation.
    """

    text: str
    language: str
    is_reviewed: bool
    direction: str
    english: str

    @property
    def needs_english(self) -> bool:
        return self.language != ENGLISH and not self.is_reviewed

    def filled(self, **values: object) -> "Words":
        """With its places ({name}, {day}) filled, in both languages."""
        return Words(
            self.text.format(**values),
            self.language,
            self.is_reviewed,
            self.direction,
            self.english.format(**values),
        )

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Translation:
    """`of`: the fingerprint of the English it translates."""

    text: str
    of: str
    source: str
    is_reviewed: bool
    reviewed_by: str = ""
    role: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of one language: `phrases.said("bar.next")`."""

    language: str

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def has_unchecked(self) -> bool:
        return any(not found.is_reviewed for found in translations(self.language).values())

    def said(self, key: str) -> Words:
        return said(key, self.language)

    def question(self, question: Question) -> Words:
        """A question an authority has reworded has no translation of ours any more."""
        return translated(question.key, question.text, self.language)

    def hint(self, question: Question) -> Words:
        return translated(f"hint.{question.key}", question.hint, self.language)

    def point(self, point: Point) -> Words:
        return translated(f"point.{point.key}", point.label, self.language)

    def card(self, card: Card) -> Words:
        return translated(f"card.{card.key}", card.label, self.language)


def said(key: str, language: str) -> Words:
    """A string of ours by its key. An unknown key is a KeyError."""
    return translated(key, english()[key], language)


def translated(key: str, text: str, language: str) -> Words:
    """This English in the language, if there is a translation of just this English that may be shown."""
    in_english = Words(text, ENGLISH, True, direction(ENGLISH), text)
    if language == ENGLISH:
        return in_english
    found = translations(language).get(key)
    if found is None or found.of != fingerprint(text):
        return in_english
    if not found.is_reviewed and key.startswith(ONLY_WHEN_REVIEWED):
        return in_english
    return Words(found.text, language, found.is_reviewed, direction(language), text)


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def places(text: str) -> frozenset[str]:
    """The names of the places to fill in a text."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


@cache
def english() -> Mapping[str, str]:
    """Key to English: our own strings, and every question, hint, point and card of the library."""
    return {**_own_english(LIBRARY), **of_library(library())}


def of_library(held: Library) -> dict[str, str]:
    found: dict[str, str] = {}
    for question_set in held.sets.values():
        for question in question_set.questions:
            found[question.key] = question.text
            if question.hint:
                found[f"hint.{question.key}"] = question.hint
    scales: tuple[Scale, ...] = tuple(held.scales.values())
    found |= {f"point.{point.key}": point.label for scale in scales for point in scale.points}
    return found | {f"card.{card.key}": card.label for card in held.cards.values()}


@cache
def translations(language: str) -> Mapping[str, Translation]:
    file = LIBRARY / f"words_{language.replace('-', '_')}.toml"
    if language == ENGLISH or not file.is_file():
        return {}
    with file.open("rb") as opened:
        return read_translations(file.name, tomllib.load(opened))


def read_translations(name: str, content: Mapping[str, Any]) -> dict[str, Translation]:
    """A file of translations: its source once, each text with the fingerprint of its English.

    An entry is `key = ["fingerprint", "text"]`; one that was checked stands under [reviewed] as well, with who
    checked it, in what role and when.
    """
    source = content.get("source", "")
    if source not in SOURCES:
        raise BadWords(f"{name}: source must be one of {', '.join(SOURCES)}.")
    checked: Mapping[str, Mapping[str, str]] = content.get("reviewed", {})
    found = {}
    for key, entry in content["words"].items():
        if not (isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, str) for part in entry)):
            raise BadWords(f'{name}: {key} must be ["fingerprint", "text"].')
        review = checked.get(key, {})
        if review and not all(review.get(field) for field in ("by", "role", "on")):
            raise BadWords(f"{name}: the review of {key} must say by whom, in what role and on what day.")
        found[key] = Translation(
            entry[1],
            entry[0],
            source,
            bool(review),
            review.get("by", ""),
            review.get("role", ""),
            str(review.get("on", "")),
        )
    if strangers := [key for key in checked if key not in found]:
        raise BadWords(f"{name}: reviewed names words that are not there: {', '.join(strangers)}.")
    return found


def _own_english(folder: Path) -> dict[str, str]:
    with (folder / "words_en.toml").open("rb") as opened:
        content: dict[str, dict[str, str]] = tomllib.load(opened)
    return {f"{group}.{name}": text for group, rows in content.items() for name, text in rows.items()}
