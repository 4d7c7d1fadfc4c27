"""Words, pictures and answer fields of the voice pages: `{% load voice_tags %}`."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from virtual_school.voice import widgets
from virtual_school.voice.languages import ENGLISH, LANGUAGES
from virtual_school.voice.sets import Card, Question
from virtual_school.voice.symbols import Picture
from virtual_school.voice.words import Phrases, Words

register = template.Library()


def phrases_of(context: Context) -> Phrases:
    return context.get("phrases") or Phrases(ENGLISH)


@register.simple_tag(takes_context=True)
def said(context: Context, key: str, **values: object) -> SafeString:
    """A string of ours: in the page's language, English beside it while it is unchecked. Names stand in a <bdi>."""
    page = phrases_of(context)
    return in_page(page, page.said(key), values)


@register.simple_tag(takes_context=True)
def said_plain(context: Context, key: str, **values: object) -> str:
    """Without markup, for attributes and titles."""
    return phrases_of(context).said(key).text.format(**values)


@register.simple_tag(takes_context=True)
def shown(context: Context, words: Words) -> SafeString:
    """Words made elsewhere: a question, a card, a point."""
    return in_page(phrases_of(context), words, {})


@register.simple_tag(takes_context=True)
def question_words(context: Context, question: Question) -> SafeString:
    page = phrases_of(context)
    return in_page(page, page.question(question), {})


@register.simple_tag(takes_context=True)
def hint_words(context: Context, question: Question) -> SafeString:
    page = phrases_of(context)
    return in_page(page, page.hint(question), {})


def in_page(page: Phrases, words: Words, values: Mapping[str, object]) -> SafeString:
    filled = {name: format_html("<bdi>{}</bdi>", _unbroken(str(value))) for name, value in values.items()}
    text = _filled(words.text, filled)
    if words.language and words.language != page.language:
        return format_html('<span lang="{}" dir="{}">{}</span>', words.language, words.direction, text)
    if not words.language:
        return format_html("<bdi>{}</bdi>", text)
    if not words.needs_english:
        return text
    english = _filled(words.english, filled)
    return format_html('{} <span class="app-english" lang="en" dir="ltr">{}</span>', text, english)


def _unbroken(value: str) -> str:
    """A phone number or a date does not break at the end of a line."""
    return re.sub(r"(?<=\d) (?=\w)", "\N{NO-BREAK SPACE}", value)


def _filled(text: str, values: Mapping[str, SafeString]) -> SafeString:
    escaped = conditional_escape(text)
    return mark_safe(escaped.format(**values)) if values else SafeString(escaped)  # noqa: S308 (both parts are escaped)


@register.simple_tag(takes_context=True)
def symbol(context: Context, key: str, size: int = 72) -> SafeString:
    """The picture of a key, by the child's pack, the council's or ours; nothing where there is none."""
    packs: widgets.Packs = context.get("packs") or widgets.Packs()
    return picture(packs.picture(key), size)


@register.simple_tag
def picture(found: Picture | None, size: int = 72) -> SafeString:
    if not found:
        return SafeString("")
    return format_html(
        '<img class="app-symbol" src="{}" alt="{}" width="{}" height="{}">', found.url, found.alt, size, size
    )


@register.simple_tag
def bars(filled: int, of: int) -> SafeString:
    """Bars of growing height, so many of them filled: more is taller as well as darker."""
    step = 28 / of
    boxes = []
    for place in range(of):
        height = round(step * (place + 1))
        kind = "app-bars__on" if place < filled else "app-bars__off"
        boxes.append((kind, place * 15, 30 - height, height))
    rects = format_html_join(
        "", '<rect class="{}" x="{}" y="{}" width="12" height="{}" rx="2"/>', (tuple(box) for box in boxes)
    )
    return format_html(
        '<svg class="app-bars" viewBox="-1 -1 {} 33" aria-hidden="true" focusable="false">{}</svg>', of * 15, rects
    )


@register.simple_tag(takes_context=True)
def font_of(context: Context) -> str:
    """The family of fonts the page's language needs, "" where the system's own does."""
    found = LANGUAGES.get(phrases_of(context).language)
    return found.font if found else ""


@register.simple_tag(takes_context=True)
def way_url(context: Context, way: str) -> str:
    """This page with another way to answer."""
    query: QueryDict = context["query"].copy()
    query["way"] = way
    return f"?{query.urlencode()}"


@register.inclusion_tag("voice/widgets/answer.html", takes_context=True)
def answer_widget(
    context: Context,
    question: Question,
    answer: Mapping[str, Any] | None = None,
    way: str = "",
    more_cards: Sequence[Card] = (),
) -> dict[str, Any]:
    """The fields of one question. The page has an element with the id "question" that holds its words."""
    packs: widgets.Packs = context.get("packs") or widgets.Packs()
    look = widgets.Look(phrases_of(context), packs, tuple(more_cards), bool(context.get("is_older")))
    request = context.get("request")
    query = request.GET if request else QueryDict()
    return {**widgets.context(question, answer, look, way), "packs": look.packs, "query": query}


@register.simple_tag(takes_context=True)
def keep(context: Context, name: str) -> SafeString:
    """Attributes of a form whose answer stays on the device until the server has it. `name` names no person."""
    page = phrases_of(context)
    words = ("saving", "saved", "waiting", "again", "failed", "found")
    said_words = format_html_join(" ", 'data-{}="{}"', ((word, page.said(f"kept.{word}").text) for word in words))
    return format_html('data-keep="{}" {}', name, said_words)
