"""Question sets, answer scales and picture cards, read from `library/` and checked as they are read.

A scale or a card group is never edited: a changed one gets a new id, so that an old answer keeps its meaning.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

LIBRARY = Path(__file__).with_name("library")

KINDS = ("faces", "steps", "slider", "pick", "sort", "this_or_that", "draw", "photo", "say", "type", "list")
ASKED_AT_ONCE = 10
SLIDER_SCALE = "ZERO10.1"

LADDER = ("mat", "ey", "ks1", "ks2", "ks3", "ks4", "post16")
_EASIER = {"seeking": "post16", "new": "mat"}
_OLDER = {"new": "ks3"}


class BadLibrary(ValueError):
    """Says which file and entry is wrong, and why."""


@dataclass(frozen=True, slots=True)
class Point:
    key: str
    label: str
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """`is_bars`: drawn as filled bars, one more for each point; else each point has a picture."""

    id: str
    points: tuple[Point, ...]
    is_bars: bool = False

    def point(self, key: str) -> Point | None:
        return next((point for point in self.points if point.key == key), None)


@dataclass(frozen=True, slots=True)
class Card:
    key: str
    label: str
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class CardGroup:
    """`has_other`: a blank card "something else" ends the group."""

    key: str
    cards: tuple[Card, ...]
    has_other: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """`sections`: where in the plan the answer is used. `extra`: cards of this question alone, after its group's.

    `most`: how many cards may be picked, 0 for no limit. `trigger`: points (of a sort: the place a card is put in)
    which tell the safeguarding reader; `trigger_level` is "now" or "week".
    """

    key: str
    version: str
    text: str
    kind: str
    scale: str = ""
    cards: str = ""
    extra: tuple[str, ...] = ()
    most: int = 0
    sections: tuple[str, ...] = ()
    trigger: frozenset[str] = frozenset()
    trigger_level: str = ""
    hint: str = ""
    symbol: str = ""
    is_ask: bool = False
    also: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        return self.sections[0] if self.sections else ""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """`ages`: first and last age it is offered at, None where age does not choose it."""

    key: str
    version: str
    title: str
    ages: tuple[int, int] | None
    status: str
    questions: tuple[Question, ...]
    tested_with: str = ""
    tested_on: str = ""

    def question(self, key: str) -> Question | None:
        return next((question for question in self.questions if question.key == key), None)

    @property
    def asks(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.is_ask)


@dataclass(frozen=True, slots=True)
class Sitting:
    """At most ten questions; the rest stand under "more if you like"."""

    first: tuple[Question, ...]
    more: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Library:
    sets: Mapping[str, QuestionSet]
    scales: Mapping[str, Scale]
    groups: Mapping[str, CardGroup]
    cards: Mapping[str, Card]

    def cards_of(self, question: Question) -> tuple[Card, ...]:
        group = self.groups[question.cards].cards if question.cards else ()
        return group + tuple(self.cards[key] for key in question.extra)

    def question(self, key: str) -> Question | None:
        for question_set in self.sets.values():
            if found := question_set.question(key):
                return found
        return None


@cache
def library() -> Library:
    return read_library(LIBRARY)


def set_for(age: int | None, circumstances: Collection[str] = frozenset()) -> str:
    """The set offered first. Circumstances: "no_speech", "new_to_english", "seeking_work", "after_year_11".

    Stage, not age, decides in the end: helper or child may change it (`easier`, `older`).
    """
    if "no_speech" in circumstances:
        return "mat"
    if "new_to_english" in circumstances:
        return "new"
    if "seeking_work" in circumstances:
        return "seeking"
    if "after_year_11" in circumstances:
        return "post16"
    if age is None:
        return "ks2"
    for key in ("ey", "ks1", "ks2", "ks3", "ks4"):
        ages = library().sets[key].ages
        if ages and age <= ages[1]:
            return key
    return "post16"


def is_observed_first(age: int | None) -> bool:
    """Under three what an adult has seen is the main record; the questions only add to it."""
    return age is not None and age < 3


def easier(key: str) -> str:
    """The set below, "" at the bottom."""
    if key not in LADDER:
        return _EASIER.get(key, "")
    place = LADDER.index(key)
    return LADDER[place - 1] if place else ""


def older(key: str) -> str:
    """The set above, "" at the top."""
    if key not in LADDER:
        return _OLDER.get(key, "")
    place = LADDER.index(key)
    return LADDER[place + 1] if place + 1 < len(LADDER) else ""


def for_age(question_set: QuestionSet, age: int | None) -> QuestionSet:
    """Under four nothing is rated: rating questions go, and cards are chosen two at a time."""
    if age is None or age >= 4:
        return question_set
    kept = []
    for question in question_set.questions:
        if question.kind in {"faces", "steps", "slider", "sort"}:
            continue
        pairs = question.kind == "pick" and question.cards and question.cards != "PEOPLE"
        kept.append(replace(question, kind="this_or_that") if pairs else question)
    return replace(question_set, questions=tuple(kept))


def sitting(questions: Iterable[Question]) -> Sitting:
    """The first ten, the asks always among them and last."""
    everything = tuple(questions)
    asks = tuple(question for question in everything if question.is_ask)
    others = tuple(question for question in everything if not question.is_ask)
    room = max(0, ASKED_AT_ONCE - len(asks))
    return Sitting(others[:room] + asks, others[room:])


def read_library(folder: Path) -> Library:
    scales = _scales(_toml(folder / "scales.toml"))
    cards, groups = _cards(_toml(folder / "cards.toml"))
    sets: dict[str, QuestionSet] = {}
    for file in sorted((folder / "sets").glob("*.toml")):
        found = _set(file.name, _toml(file), scales, cards, groups)
        sets[found.key] = found
    return Library(sets, scales, groups, cards)


def read_question(where: str, row: Mapping[str, Any], library: Library) -> Question:
    """A question an authority adds, checked like ours."""
    return _question(where, row, library.scales, library.cards, library.groups)


def _toml(file: Path) -> dict[str, Any]:
    with file.open("rb") as opened:
        return tomllib.load(opened)


def _scales(content: Mapping[str, Any]) -> dict[str, Scale]:
    found = {}
    for id_, row in content["scale"].items():
        points = tuple(Point(point_key(label), label, symbol) for label, symbol in row["points"])
        found[id_] = Scale(id_, points, row.get("bars", False))
    return found


def point_key(label: str) -> str:
    return label.lower().replace(" ", "_")


def _cards(content: Mapping[str, Any]) -> tuple[dict[str, Card], dict[str, CardGroup]]:
    cards = {
        key: Card(key, row["label"], row.get("symbol", key if row.get("picture", True) else ""))
        for key, row in content["card"].items()
    }
    groups = {}
    for key, row in content["group"].items():
        missing = [card for card in row["cards"] if card not in cards]
        if missing:
            raise BadLibrary(f"cards.toml: group {key} names cards that are not there: {', '.join(missing)}.")
        groups[key] = CardGroup(key, tuple(cards[card] for card in row["cards"]), row.get("other", True))
    return cards, groups


def _set(
    name: str,
    content: Mapping[str, Any],
    scales: Mapping[str, Scale],
    cards: Mapping[str, Card],
    groups: Mapping[str, CardGroup],
) -> QuestionSet:
    questions = tuple(_question(name, row, scales, cards, groups) for row in content["question"])
    keys = [question.key for question in questions]
    if len(set(keys)) != len(keys):
        raise BadLibrary(f"{name}: a question's key stands twice.")
    ages = content.get("ages")
    return QuestionSet(
        content["key"],
        content["version"],
        content["title"],
        (ages[0], ages[1]) if ages else None,
        content["status"],
        questions,
        content.get("tested_with", ""),
        content.get("tested_on", ""),
    )


def _question(
    name: str,
    row: Mapping[str, Any],
    scales: Mapping[str, Scale],
    cards: Mapping[str, Card],
    groups: Mapping[str, CardGroup],
) -> Question:
    where = f"{name}: question {row.get('key', '?')}"
    unknown = set(row) - set(Question.__dataclass_fields__)
    if unknown:
        raise BadLibrary(f"{where}: unknown field {', '.join(sorted(unknown))}.")
    for name in ("key", "text", "kind"):
        if not row.get(name):
            raise BadLibrary(f"{where}: {name} is missing.")
    tuples = {name: tuple(row[name]) for name in ("extra", "sections", "also") if name in row}
    plain = {name: value for name, value in row.items() if name not in tuples and name != "trigger"}
    question = Question(**{"version": "1", **plain, **tuples, "trigger": frozenset(row.get("trigger", ()))})
    if question.kind not in KINDS:
        raise BadLibrary(f"{where}: the kind {question.kind!r} is not one of {', '.join(KINDS)}.")
    if wrong := [way for way in question.also if way not in KINDS]:
        raise BadLibrary(f"{where}: also names {', '.join(wrong)}, which is no way to answer.")
    if question.scale and question.scale not in scales:
        raise BadLibrary(f"{where}: there is no scale {question.scale}.")
    if question.kind in {"faces", "steps", "sort"} and not question.scale:
        raise BadLibrary(f"{where}: {question.kind} needs a scale.")
    if question.cards and question.cards not in groups:
        raise BadLibrary(f"{where}: there is no card group {question.cards}.")
    if question.kind in {"pick", "sort"} and not (question.cards or question.extra):
        raise BadLibrary(f"{where}: {question.kind} needs cards.")
    if wrong := [card for card in question.extra if card not in cards]:
        raise BadLibrary(f"{where}: there is no card {', '.join(wrong)}.")
    if question.trigger:
        points = {point.key for point in scales[question.scale].points} if question.scale else set()
        if not question.trigger <= points:
            raise BadLibrary(f"{where}: its trigger is not a point of {question.scale or 'a scale'}.")
        if question.trigger_level not in {"now", "week"}:
            raise BadLibrary(f'{where}: trigger_level must be "now" or "week".')
    if not question.sections:
        raise BadLibrary(f"{where}: it has no section of the plan, so nobody would read the answer.")
    return question
