"""The mat: one card at a time under the same row of three; the whole mat shown; then three cards with the row turned."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from . import mat, widgets
from .models import VoiceAnswer
from .my import My, my_page, show
from .raw import read_answer
from .saying import Said, keep, latest_answers
from .sets import Question, library
from .widgets import SortCard

FELT = ("yes", "partly", "no")


def is_on_mat(my: My, asked: Question, answer: VoiceAnswer | None) -> bool:
    return bool(my.entry.set_used == "mat" and asked.kind == "sort" and answer and (answer.raw or {}).get("places"))


def is_asked_by_card(my: My, asked: Question, answer: VoiceAnswer | None) -> bool:
    """But where it was answered in another way: with a photograph of a mat on a table, or from a talker."""
    if my.entry.set_used != "mat" or asked.kind != "sort":
        return False
    return answer is None or not answer.raw or "places" in answer.raw


def cards_of(my: My, asked: Question, raw: dict[str, Any]) -> tuple[SortCard, ...]:
    look = widgets.Look(my.phrases, my.packs, my.cards(asked))
    cards: tuple[SortCard, ...] = widgets.context(asked, raw, look)["sort_cards"]
    return cards


def next_card(my: My, asked: Question, answer: VoiceAnswer | None) -> int:
    """The card after the last one that was put down; 0 where that was the last of all."""
    raw = dict(answer.raw or {}) if answer else {}
    places = [place for place, card in enumerate(cards_of(my, asked, raw), 1) if not card.is_left_out]
    last = places[-1] if places else 0
    return 0 if last == len(cards_of(my, asked, raw)) else last + 1


def is_to_show(my: My, asked: Question, answer: VoiceAnswer | None) -> bool:
    """The cards are on the mat, and the child has not been asked yet whether this is how they feel."""
    return is_on_mat(my, asked, answer) and "felt" not in (answer.raw or {})  # type: ignore[union-attr]


def with_what_was_confirmed(raw: dict[str, Any] | None, before: dict[str, Any] | None) -> dict[str, Any] | None:
    """Cards that lie where they lay need no second asking."""
    if raw is None or before is None or raw.get("places") != before.get("places"):
        return raw
    return {**{name: before[name] for name in ("felt", "repeated", "confirmed") if name in before}, **raw}


@my_page
def whole_mat(request: HttpRequest, my: My, number: int) -> HttpResponse:
    if not 0 < number <= len(my.questions):
        raise Http404
    asked = my.questions[number - 1]
    held = latest_answers(my.entry).get(asked.key)
    if not is_on_mat(my, asked, held):
        return redirect("voice:question", number=number)
    raw: dict[str, Any] = dict(held.raw or {})  # type: ignore[union-attr]
    scale = library().scales[asked.scale]
    again = mat.to_repeat(raw["places"], scale)
    is_turned = "felt" in raw and "turned" in request.GET
    if request.method == "POST":
        felt = request.POST.get("felt", "")
        if felt in FELT:
            _keep(my, asked, held, {**raw, "felt": felt})
            return redirect(reverse("voice:card", args=[number, 1]) if felt == "no" else f"{request.path}?turned")
        posted = {name: values for name, values in request.POST.lists() if name.removeprefix("place.") in again}
        if is_turned and (put := read_answer(asked, posted, my.cards(asked))):
            _keep(
                my,
                asked,
                held,
                {**raw, "repeated": put["places"], "confirmed": mat.confirmed(raw["places"], put["places"])},
            )
        return (
            redirect("voice:share")
            if number in {my.first, len(my.questions)}
            else redirect("voice:question", number + 1)
        )
    cards = cards_of(my, asked, raw)
    placed = [(place, card, raw["places"].get(card.key)) for place, card in enumerate(cards, 1)]
    columns = [(point, [(place, card) for place, card, put in placed if put == point.key]) for point in cards[0].points]
    turned = [
        replace(card, points=tuple(replace(one, is_chosen=False) for one in card.points[::-1]), is_left_out=True)
        for card in cards if card.key in again
    ]  # fmt: skip
    return show(
        request, "turned" if is_turned else "mat", my, number=number, question=asked, columns=columns, sort_cards=turned
    )


def _keep(my: My, asked: Question, held: VoiceAnswer | None, raw: dict[str, Any]) -> None:
    """A version of its own, with all that was said with the cards."""
    if held is not None:
        keep(entry=my.entry, question=asked, number=held.number, said=Said(raw=raw, media=held.media, via=held.via,
             was_read_back=held.was_read_back, order=tuple(held.order_shown)))  # fmt: skip
