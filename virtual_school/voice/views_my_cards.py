"""One card at a time: two to practise with, whose places an adult knows beforehand; then the cards of the mat itself.

Where the two are not put as expected the row is not understood: the cards stop, and adults watch instead.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from .mat import Practice, may_go_on
from .models import Entry
from .my import My, my_page, show
from .saved import kept
from .saying import Said, begin, keep, latest_answers
from .sets import Card, Question, library
from .symbols import Picture
from .views_my_answers import SKIPS, after, go_on
from .views_my_mat import cards_of, is_asked_by_card, with_what_was_confirmed
from .widgets import Option
from .words import Words

SCALE = "LIKE3.1"
GROUP = "TRY"
LONGEST = 40


@my_page
def practice(request: HttpRequest, my: My) -> HttpResponse:
    """For the adult: a food or toy they know the child likes, and one they know the child does not."""
    if not my.needs_practice:
        return redirect("voice:questions")
    choices = library().groups[GROUP].cards
    error = ""
    if request.method == "POST":
        liked, disliked = (_thing(request, name, choices) for name in ("liked", "disliked"))
        if liked and disliked and liked != disliked:
            begin(my.entry)
            _remember(my.entry, {"liked": liked, "disliked": disliked})
            return redirect("voice:practice_card", 1)
        error = "helper.practise_different"
    things = (("liked", "helper.practise_liked"), ("disliked", "helper.practise_disliked"))
    return show(request, "practice", my, choices=choices, error=error, things=things)


def _thing(request: HttpRequest, name: str, choices: tuple[Card, ...]) -> str:
    """The key of a card, or the adult's own words."""
    written = request.POST.get(f"{name}_other", "").strip()[:LONGEST]
    chosen = request.POST.get(name, "")
    return written or (chosen if chosen in {card.key for card in choices} else "")


def _remember(entry: Entry, held: dict[str, str]) -> None:
    entry.shown = {**entry.shown, "practice": held}
    entry.save(update_fields=["shown"])


@my_page
def practice_card(request: HttpRequest, my: My, place: int) -> HttpResponse:
    held: dict[str, str] = my.entry.shown.get("practice", {})
    if not my.needs_practice:
        return redirect("voice:questions")
    if "liked" not in held or place not in {1, 2}:
        return redirect("voice:practice")
    name = ("liked", "disliked")[place - 1]
    if request.method == "POST":
        return _tried(request, my, held, place, name)
    known = next((one for one in library().groups[GROUP].cards if one.key == held[name]), None)
    words = my.phrases.card(known) if known else Words(held[name], "", True, "auto", held[name])
    return _card(
        request, my, words=words, picture=my.packs.picture(known.symbol) if known else None,
        chosen=held.get(f"{name}_put", ""), is_practice=True, keep_key=f"{my.entry.public_id}.practice.{place}",
    )  # fmt: skip


def _tried(request: HttpRequest, my: My, held: dict[str, str], place: int, name: str) -> HttpResponse:
    do, put = request.POST.get("do", "next"), request.POST.get("value", "")
    if do == "next" and not put:
        return kept(request, request.path)
    if put and do not in SKIPS:
        held = {**held, f"{name}_put": put}
        _remember(my.entry, held)
    if do in {"stop", "not_safe"}:
        return kept(request, go_on(my, my.questions[0], 1, None, do))
    if do == "back":
        return kept(request, reverse("voice:practice_card", args=[1]) if place == 2 else reverse("voice:practice"))
    if place == 1 and do not in SKIPS:
        return kept(request, reverse("voice:practice_card", args=[2]))
    tried = Practice(held["liked"], held["disliked"], held.get("liked_put", ""), held.get("disliked_put", ""))
    is_understood = do not in SKIPS and may_go_on(tried, library().scales[SCALE])
    my.entry.practised = Entry.Practised.UNDERSTOOD if is_understood else Entry.Practised.NOT_UNDERSTOOD
    my.entry.practised_on = timezone.localdate()
    my.entry.shown = {key: value for key, value in my.entry.shown.items() if key != "practice"}
    my.entry.save(update_fields=["practised", "practised_on", "shown"])
    return kept(request, reverse("voice:questions" if is_understood else "voice:practice_over"))


@my_page
def practice_over(request: HttpRequest, my: My) -> HttpResponse:
    """The cards stop here. Two other things may be tried: the adult may have known the first ones wrong."""
    if my.entry.practised != Entry.Practised.NOT_UNDERSTOOD:
        return redirect("voice:questions")
    return show(request, "practice_over", my)


@my_page
def card(request: HttpRequest, my: My, number: int, place: int) -> HttpResponse:
    if not 0 < number <= len(my.questions):
        raise Http404
    asked = my.questions[number - 1]
    begin(my.entry)
    if my.needs_practice:
        return redirect("voice:practice")
    held = latest_answers(my.entry).get(asked.key)
    if not is_asked_by_card(my, asked, held):
        return redirect("voice:question", number)
    raw: dict[str, Any] = dict(held.raw or {}) if held else {}
    cards = cards_of(my, asked, raw)
    if not 0 < place <= len(cards):
        raise Http404
    now = cards[place - 1]
    if request.method == "POST":
        return kept(request, _put(request, my, asked, number, place, raw))
    return _card(
        request, my, words=now.words, picture=now.picture, chosen=raw.get("places", {}).get(now.key, ""),
        question=asked, number=number, keep_key=f"{my.entry.public_id}.{asked.key}.{now.key}",
    )  # fmt: skip


def _put(request: HttpRequest, my: My, asked: Question, number: int, place: int, raw: dict[str, Any]) -> str:
    """The card is put down, left out or taken back; then the next one, and after the last the whole mat."""
    do, put = request.POST.get("do", "next"), request.POST.get("value", "")
    cards = cards_of(my, asked, raw)
    now, places = cards[place - 1], dict(raw.get("places", {}))
    if do in {*SKIPS, "take_back"}:
        places.pop(now.key, None)
    elif put in {point.key for point in now.points}:
        places[now.key] = put
    _lay(my, asked, number, raw, places, now.key)
    if do == "take_back":
        return reverse("voice:card", args=[number, place])
    if do in {"stop", "not_safe"}:
        return go_on(my, asked, number, None, do)
    if do == "back" and place > 1:
        return reverse("voice:card", args=[number, place - 1])
    if do == "back":
        return go_on(my, asked, number, None, do)
    is_last = place == len(cards) or do == "talk_instead" or "mat" in request.GET
    if not is_last:
        return reverse("voice:card", args=[number, place + 1])
    if not places:
        keep(entry=my.entry, question=asked, number=number, said=Said(skip=do if do in SKIPS else "skip"))
        return after(my, number)
    if "mat" in request.GET:
        return reverse("voice:mat", args=[number])
    return go_on(my, asked, number, None, "next")


def _lay(my: My, asked: Question, number: int, raw: dict[str, Any], places: dict[str, str], key: str) -> None:
    if places == raw.get("places", {}):
        return
    if not places:
        keep(entry=my.entry, question=asked, number=number, said=Said(skip="skip"))
        return
    named = {one.key: one.label for one in my.cards(asked)}
    labels = {card: named.get(card, raw.get("labels", {}).get(card, "")) for card in places}
    labels = {card: label for card, label in labels.items() if label}
    made = {
        "scale": asked.scale, "places": places, "order": [one.key for one in library().scales[asked.scale].points],
        **({"labels": labels} if labels else {}),
    }  # fmt: skip
    shown = tuple(one.key for one in cards_of(my, asked, raw))
    via = "aac" if my.entry.mode == Entry.Mode.AAC else ""
    said = Said(raw=with_what_was_confirmed(made, raw), via=via, order=shown)
    keep(entry=my.entry, question=asked, number=number, said=said)


def _card(
    request: HttpRequest, my: My, *, words: Words, picture: Picture | None, chosen: str, **more: Any
) -> HttpResponse:
    """The row of three is always in the same place."""
    options = [
        Option(point.key, my.phrases.point(point), my.packs.picture(point.symbol), point.key == chosen)
        for point in library().scales[SCALE].points
    ]
    return show(request, "card", my, words=words, card_picture=picture, options=options, chosen=chosen, **more)
