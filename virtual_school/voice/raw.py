"""A posted answer, read and checked, and an answer kept, put into words as it is printed.

Leaving blank is never an error: it reads as None. Field names: `value` (a point or cards), `order` (cards in the order
picked), `place.CARD` (sorting), `pair`, `once`, `again` (this or that), `number` (slider), `strokes`, `square.A1`
(sticker board), `other`, `text`, `media`, `via` (the way used, and "aac" where it came from the child's own device).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from virtual_school.voice import drawing
from virtual_school.voice.languages import language_cards
from virtual_school.voice.sets import SLIDER_SCALE, Card, Question, library
from virtual_school.voice.words import Phrases

Posted = Mapping[str, list[str]]
Raw = dict[str, Any]

LONGEST_TEXT = 20_000
SOMETHING_ELSE = "something_else"
ALWAYS_OFFERED = ("type", "say", "draw", "photo")


class BadAnswer(ValueError):
    """What a page sent could not be what a child chose. `key` names the words that say so, `values` fill them."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(f"{key} {values}" if values else key)
        self.key = key
        self.values = values


def read_answer(question: Question, posted: Posted, more_cards: Sequence[Card] = ()) -> Raw | None:
    """`more_cards`: people, clubs or languages shown with this question besides the library's cards."""
    way = way_used(question, posted)
    shown = (*library().cards_of(question), *language_cards(question), *more_cards)
    cards = {card.key: card for card in shown}
    found = _READERS[way](question, posted, cards)
    text = _text(posted, "text")
    if text:
        found["text"] = text
    media = [value for value in posted.get("media", []) if value]
    if media:
        found["media"] = media[0] if len(media) == 1 else media
    return found or None


def way_used(question: Question, posted: Posted) -> str:
    for way in posted.get("via", []):
        if way in _READERS:
            if way not in {question.kind, *question.also, *ALWAYS_OFFERED}:
                raise BadAnswer("error.way")
            return way
    return question.kind


def words_of(question: Question, raw: Mapping[str, Any], language: str) -> str:
    """As printed. The child's own text is given exactly as typed, last."""
    phrases = Phrases(language)
    parts: list[str] = []
    if "point" in raw:
        scale = library().scales[raw["scale"]]
        point = scale.point(raw["point"])
        parts.append(phrases.point(point).text if point else raw["point"])
    if "number" in raw:
        parts.append(phrases.said("slider.out_of_ten").filled(number=raw["number"]).text)
    if raw.get("cards"):
        parts.append(", ".join(_label(key, raw, phrases) for key in raw["cards"]))
    if "places" in raw:
        parts += _sorted_words(raw, phrases)
    if raw.get("rounds"):
        parts.append(", ".join(_label(each["picked"], raw, phrases) for each in raw["rounds"] if each["picked"]))
    if raw.get("stickers"):
        parts.append(", ".join(f"{_label(key, raw, phrases)} ({square})" for square, key in raw["stickers"].items()))
    parts += [raw[name] for name in ("other", "text") if raw.get(name)]
    return "\n".join(parts)


def _sorted_words(raw: Mapping[str, Any], phrases: Phrases) -> list[str]:
    lines = []
    for point in library().scales[raw["scale"]].points:
        there = [_label(card, raw, phrases) for card, chosen in raw["places"].items() if chosen == point.key]
        if there:
            lines.append(f"{phrases.point(point).text}: {', '.join(there)}")
    return lines


def _label(key: str, raw: Mapping[str, Any], phrases: Phrases) -> str:
    if key in raw.get("labels", {}):
        return str(raw["labels"][key])
    card = library().cards.get(key)
    return phrases.card(card).text if card else key


def _text(posted: Posted, name: str) -> str:
    """Exactly as typed, but for line ends; "" when there is nothing but blanks."""
    text = "\n".join(posted.get(name, [])).replace("\r\n", "\n")
    if len(text) > LONGEST_TEXT:
        raise BadAnswer("error.too_long", most=LONGEST_TEXT)
    return text if text.strip() else ""


def _one_of(values: Sequence[str], allowed: Mapping[str, object]) -> str:
    chosen = [value for value in values if value]
    if not chosen:
        return ""
    if len(chosen) > 1:
        raise BadAnswer("error.one")
    if chosen[0] not in allowed:
        raise BadAnswer("error.choice")
    return chosen[0]


def _points(question: Question) -> dict[str, object]:
    return {point.key: point for point in library().scales[question.scale].points}


def _point(question: Question, posted: Posted, cards: Mapping[str, Card]) -> Raw:
    chosen = _one_of(posted.get("value", []), _points(question))
    return {"scale": question.scale, "point": chosen} if chosen else {}


def _number(question: Question, posted: Posted, cards: Mapping[str, Card]) -> Raw:
    given = [value.strip() for value in posted.get("number", []) if value.strip()]
    if not given:
        return {}
    if len(given) > 1 or given[0] not in {str(number) for number in range(11)}:
        raise BadAnswer("error.number")
    return {"scale": SLIDER_SCALE, "number": int(given[0])}


def _picked(question: Question, posted: Posted, cards: Mapping[str, Card]) -> Raw:
    chosen = list(dict.fromkeys(value for value in posted.get("value", []) if value))
    other = _text(posted, "other")
    wrong = [key for key in chosen if key not in cards and key != SOMETHING_ELSE]
    if wrong:
        raise BadAnswer("error.choice")
    order = [key for key in ",".join(posted.get("order", [])).split(",") if key in chosen]
    ordered = list(dict.fromkeys([*order, *chosen]))
    kept = [key for key in ordered if key != SOMETHING_ELSE]
    count = len(kept) + bool(other or SOMETHING_ELSE in chosen)
    if question.most and count > question.most:
        raise BadAnswer("error.too_many", most=question.most)
    if not kept and not other:
        return {}
    found: Raw = {"cards": kept, "other": other}
    return _with_labels(found, kept, cards)


def _with_labels(found: Raw, keys: Sequence[str], cards: Mapping[str, Card]) -> Raw:
    """A name or a club is kept as it was shown: it is in no library."""
    labels = {key: cards[key].label for key in keys if key not in library().cards}
    return {**found, "labels": labels} if labels else found


def _sorted(question: Question, posted: Posted, cards: Mapping[str, Card]) -> Raw:
    points = _points(question)
    places = {}
    for name, values in posted.items():
        if not name.startswith("place."):
            continue
        card = name.removeprefix("place.")
        if card not in cards:
            raise BadAnswer("error.choice")
        if chosen := _one_of(values, points):
            places[card] = chosen
    if not places:
        return {}
    found: Raw = {"scale": question.scale, "places": places, "order": list(points)}
    return _with_labels(found, list(places), cards)


def _this_or_that(question: Question, posted: Posted, cards: Mapping[str, Card]) -> Raw:
    """Two goes, sides swapped: a choice that moves with the side is seen to be no choice."""
    pair = ",".join(posted.get("pair", [])).split(",")
    if pair == [""]:
        return {}
    if len(pair) != 2 or any(key not in cards for key in pair):
        raise BadAnswer("error.choice")
    allowed: dict[str, object] = dict.fromkeys(pair)
    once, again = (_one_of(posted.get(name, []), allowed) for name in ("once", "again"))
    if not once and not again:
        return {}
    rounds = [{"shown": pair, "picked": once}, {"shown": pair[::-1], "picked": again}]
    return _with_labels({"rounds": rounds}, pair, cards)


def _drawn(question: Question, posted: Posted, cards: Mapping[str, Card]) -> Raw:
    found: Raw = {}
    given = next((value for value in posted.get("strokes", []) if value.strip()), "")
    if given:
        try:
            strokes = drawing.read_strokes(given)
        except drawing.BadDrawing as error:
            raise BadAnswer("error.drawing") from error
        if strokes:
            found["strokes"] = drawing.kept(strokes)
    stickers = {}
    for name, values in posted.items():
        if name.startswith("square.") and any(values):
            square = name.removeprefix("square.")
            if square not in drawing.SQUARES:
                raise BadAnswer("error.choice")
            stickers[square] = _one_of(values, dict.fromkeys(drawing.STICKERS))
    if stickers:
        found["stickers"] = stickers
    return found


def _nothing_more(question: Question, posted: Posted, cards: Mapping[str, Card]) -> Raw:
    """Text and media are read for every way."""
    return {}


_READERS: Mapping[str, Callable[[Question, Posted, Mapping[str, Card]], Raw]] = {
    "faces": _point,
    "steps": _point,
    "slider": _number,
    "pick": _picked,
    "list": _picked,
    "sort": _sorted,
    "this_or_that": _this_or_that,
    "draw": _drawn,
    "photo": _nothing_more,
    "say": _nothing_more,
    "type": _nothing_more,
}
