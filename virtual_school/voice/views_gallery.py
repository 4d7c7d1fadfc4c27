"""Every question of every set as a child sees it, for those who choose, check and translate them. Nothing is kept."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from virtual_school.voice.languages import ENGLISH, LANGUAGES
from virtual_school.voice.raw import BadAnswer, read_answer, words_of
from virtual_school.voice.saved import kept, with_media
from virtual_school.voice.sets import Card, Question, library
from virtual_school.voice.words import Phrases, translations

INVENTED = (Card("mrs_iqbal", "Mrs Iqbal"), Card("mr_okafor", "Mr Okafor"))
CLUBS = (Card("chess", "Chess club"), Card("choir", "Choir"), Card("cooking_club", "Cooking club"))
YOUNG = frozenset({"mat", "ey", "ks1", "ks2"})


def gallery(request: HttpRequest) -> HttpResponse:
    return _question(request, request.GET["question"]) if "question" in request.GET else _index(request)


def _index(request: HttpRequest) -> HttpResponse:
    shown = [language for language in LANGUAGES.values() if language.code == ENGLISH or translations(language.code)]
    return render(request, "voice/gallery.html", {"sets": library().sets.values(), "languages": shown})


@with_media
def _question(request: HttpRequest, key: str) -> HttpResponse:
    question = library().question(key)
    if question is None:
        raise Http404
    cards = more_cards(question)
    language = request.GET.get("language", ENGLISH)
    phrases = Phrases(language if language in LANGUAGES else ENGLISH)
    wrong = None
    if request.method == "POST":
        posted = {name: list(values) for name, values in request.POST.lists()}
        try:
            answer = read_answer(question, posted, cards)
        except BadAnswer as error:
            wrong = phrases.said(error.key).filled(**error.values)
        else:
            words = words_of(question, answer, language) if answer else ""
            return kept(request, f"{reverse('voice:gallery')}?{urlencode({'said': words})}")
    in_set = next(held for held in library().sets.values() if held.question(key))
    return render(
        request,
        "voice/gallery_question.html",
        {
            "question": question,
            "question_picture": question.symbol,
            "phrases": phrases,
            "way": request.GET.get("way", ""),
            "more_cards": cards,
            "is_young": in_set.key in YOUNG,
            "wrong": wrong,
        },
    )


def more_cards(question: Question) -> tuple[Card, ...]:
    """Invented people or clubs, where a child would see their own."""
    if question.cards == "CLUBS":
        return CLUBS
    return INVENTED if question.cards == "PEOPLE" else ()
