"""What one question's fields need: its options with their words and pictures, and what is already chosen."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from virtual_school.voice import drawing
from virtual_school.voice.languages import language_cards
from virtual_school.voice.raw import SOMETHING_ELSE
from virtual_school.voice.sets import SLIDER_SCALE, Card, Question, library
from virtual_school.voice.symbols import Pack, Picture, symbol
from virtual_school.voice.words import Phrases, Words

IN_PLACE = ("type", "say")
"""Ways that are offered on the same page, folded away; the others take the place of the first way."""


@dataclass(frozen=True, slots=True)
class Option:
    """`bars`: how many of `of` bars are filled, where there is no picture."""

    key: str
    words: Words
    picture: Picture | None = None
    is_chosen: bool = False
    bars: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class SortCard:
    """One card and its points. `is_left_out`: put nowhere yet."""

    key: str
    words: Words
    picture: Picture | None
    points: tuple[Option, ...]
    is_left_out: bool


@dataclass(frozen=True, slots=True)
class Square:
    """A place on the sticker board."""

    key: str
    row: int
    column: int
    chosen: str
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class Packs:
    """The child's own pictures and the council's."""

    child: Pack | None = None
    council: Pack | None = None

    def picture(self, key: str) -> Picture | None:
        return symbol(key, self.child, self.council) if key else None


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that decides how a question looks, but the question and its answer."""

    phrases: Phrases
    packs: Packs = Packs()
    more_cards: tuple[Card, ...] = ()
    is_older: bool = False
    """From twelve on five points are words with filled bars, not faces."""


def ways(question: Question) -> tuple[str, ...]:
    """Every way this question may be answered in, its own first. Who may draw may photograph a drawing on paper."""
    paper = ("photo",) if "draw" in question.also else ()
    return tuple(dict.fromkeys((question.kind, *question.also, *paper)))


def way_shown(question: Question, answer: Mapping[str, Any] | None, asked: str = "") -> str:
    """The way asked for, else the way the kept answer was given in, else the question's own."""
    if asked in ways(question):
        return asked
    if answer:
        if "number" in answer and "slider" in question.also:
            return "slider"
        if ("strokes" in answer or "stickers" in answer) and question.kind != "draw":
            return "draw"
        if answer.get("cards") and question.kind == "type" and "pick" in question.also:
            return "pick"
    return question.kind


def context(question: Question, answer: Mapping[str, Any] | None, look: Look, way: str = "") -> dict[str, Any]:
    look = replace(look, more_cards=(*look.more_cards, *language_cards(question)))
    shown = way_shown(question, answer, way)
    kept = answer or {}
    others = [other for other in ways(question) if other != shown and other not in IN_PLACE]
    found: dict[str, Any] = {
        "question": question,
        "phrases": look.phrases,
        "way": shown,
        "is_first_way": shown == question.kind,
        "template": f"voice/widgets/{_template(question, shown, look)}.html",
        "text": kept.get("text", ""),
        "media": kept.get("media", ""),
        "other_ways": others,
        "offers_type": shown not in {"type", "photo", "draw"} and "type" in (*question.also, question.kind),
        "offers_say": shown != "say" and "say" in (*question.also, question.kind),
        "is_text_open": bool(kept.get("text")),
        "trigger_hint": trigger_hint(question, look.phrases),
    }
    found |= _FIELDS.get(shown, _no_fields)(question, kept, look)
    return found | {"order_shown": [option.key for option in (*found.get("options", ()), *found.get("sort_cards", ()))]}


def _template(question: Question, shown: str, look: Look) -> str:
    if shown == "faces" and _in_bars(question, look):
        return "steps"
    return "pick" if shown == "list" else shown


def _in_bars(question: Question, look: Look) -> bool:
    return look.is_older and question.scale == "HOW5.1"


def trigger_hint(question: Question, phrases: Phrases) -> Words | None:
    """What choosing a point that tells an adult will do, all of it in one language."""
    if not question.trigger:
        return None
    hint = phrases.said("safety.hint")
    points = [point for point in library().scales[question.scale].points if point.key in question.trigger]
    return hint.filled(point=" / ".join(Phrases(hint.language).point(point).text for point in points))


def _cards(question: Question, look: Look) -> tuple[Card, ...]:
    """Those shown for this child stand before ours: a photo of a person before a role."""
    cards = library().cards_of(question)
    group = library().groups[question.cards].cards if question.cards else ()
    return (*look.more_cards, *group, *cards[len(group) :])


def _words(card: Card, look: Look) -> Words:
    """A person's or a club's name is in no language of ours."""
    if card in look.more_cards:
        return Words(card.label, "", True, "auto", card.label)
    return look.phrases.card(card)


def _points(question: Question, kept: Mapping[str, Any], look: Look) -> dict[str, Any]:
    scale = library().scales[question.scale]
    is_bars = scale.is_bars or _in_bars(question, look)
    return {
        "is_bars": is_bars,
        "options": tuple(
            Option(
                point.key,
                look.phrases.point(point),
                None if is_bars else look.packs.picture(point.symbol),
                kept.get("scale") == scale.id and kept.get("point") == point.key,
                _bars(scale.id, place, len(scale.points)) if is_bars else 0,
                len(scale.points),
            )
            for place, point in enumerate(scale.points)
        ),
    }


def _bars(scale_id: str, place: int, count: int) -> int:
    """More bars for more. Most of our scales start with the most; two start with the least."""
    return place + 1 if scale_id.startswith(("SURE", "HOW5")) else count - place


def _number(question: Question, kept: Mapping[str, Any], look: Look) -> dict[str, Any]:
    return {"numbers": range(11), "number": kept.get("number") if kept.get("scale") == SLIDER_SCALE else None}


def _picks(question: Question, kept: Mapping[str, Any], look: Look) -> dict[str, Any]:
    chosen = kept.get("cards", [])
    has_group = bool(question.cards)
    return {
        "is_one": question.most == 1,
        "most": question.most,
        "options": tuple(
            Option(card.key, _words(card, look), look.packs.picture(card.symbol), card.key in chosen)
            for card in _cards(question, look)
        ),
        "order": ",".join(chosen),
        "other": kept.get("other", ""),
        "offers_other": library().groups[question.cards].has_other if has_group else True,
        "something_else": SOMETHING_ELSE,
    }


def _sorts(question: Question, kept: Mapping[str, Any], look: Look) -> dict[str, Any]:
    scale = library().scales[question.scale]
    places = kept.get("places", {})
    cards = tuple(
        SortCard(
            card.key,
            _words(card, look),
            look.packs.picture(card.symbol),
            tuple(
                Option(
                    point.key,
                    look.phrases.point(point),
                    None if scale.is_bars else look.packs.picture(point.symbol),
                    places.get(card.key) == point.key,
                    _bars(scale.id, place, len(scale.points)) if scale.is_bars else 0,
                    len(scale.points),
                )
                for place, point in enumerate(scale.points)
            ),
            card.key not in places,
        )
        for card in _cards(question, look)
    )
    return {"sort_cards": cards}


def _pair(question: Question, kept: Mapping[str, Any], look: Look) -> dict[str, Any]:
    cards = {card.key: card for card in _cards(question, look)}
    rounds = kept.get("rounds", [])
    pair = rounds[0]["shown"] if rounds else random.sample(sorted(cards), 2)
    goes = []
    for place, (name, order) in enumerate((("once", pair), ("again", pair[::-1]))):
        picked = rounds[place]["picked"] if len(rounds) > place else ""
        options = tuple(
            Option(key, _words(cards[key], look), look.packs.picture(cards[key].symbol), picked == key)
            for key in order
            if key in cards
        )
        goes.append((name, look.phrases.said(f"this.{name}"), options))
    return {"pair": ",".join(pair), "goes": goes}


def _drawing(question: Question, kept: Mapping[str, Any], look: Look) -> dict[str, Any]:
    stickers = kept.get("stickers", {})
    cards = library().cards
    return {
        "strokes": json.dumps(kept["strokes"]) if kept.get("strokes") else "",
        "is_board_open": bool(stickers),
        "colours": drawing.COLOUR_NAMES,
        "widths": drawing.WIDTH_NAMES,
        "stickers": tuple(
            Option(key, look.phrases.card(cards[key]) if key in cards else _face(key, look), look.packs.picture(key))
            for key in drawing.STICKERS
        ),
        "squares": tuple(
            Square(
                key,
                "abc".index(key[0]) + 1,
                int(key[1]),
                stickers.get(key, ""),
                look.packs.picture(stickers.get(key, "")),
            )
            for key in drawing.SQUARES
        ),
    }


def _face(key: str, look: Look) -> Words:
    """A face, a star or a wand is a picture without a card: it has words among our own strings."""
    return look.phrases.said(f"sticker.{key}")


def _no_fields(question: Question, kept: Mapping[str, Any], look: Look) -> dict[str, Any]:
    return {}


_FIELDS = {
    "faces": _points,
    "steps": _points,
    "slider": _number,
    "pick": _picks,
    "list": _picks,
    "sort": _sorts,
    "this_or_that": _pair,
    "draw": _drawing,
}
