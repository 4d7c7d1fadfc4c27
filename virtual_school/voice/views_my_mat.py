"""The whole mat shown: is this how you feel? Then three cards again with the row turned round, to see what was meant."""

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

FELT = ("yes", "partly", "no")


def is_on_mat(my: My, asked: Question, answer: VoiceAnswer | None) -> bool:
    return bool(my.entry.set_used == "mat" and asked.kind == "sort" and answer and (answer.raw or {}).get("places"))


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
            return redirect(reverse("voice:question", args=[number]) if felt == "no" else f"{request.path}?turned")
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
    look = widgets.Look(my.phrases, more_cards=my.cards(asked))
    cards = widgets.context(asked, raw, look)["sort_cards"]
    points = cards[0].points
    columns = [(point, [card for card in cards if raw["places"].get(card.key) == point.key]) for point in points]
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
