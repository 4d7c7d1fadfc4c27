"""The small marks of the house style, the same words, colours and shapes everywhere."""

from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

from virtual_school.law.register import STRENGTH_WORDS

STATES = {
    "overdue": ("Overdue", "red"),
    "due_soon": ("Due soon", "orange"),
    "upcoming": ("Upcoming", "grey"),
    "met": ("Met", "green"),
    "met_late": ("Met late", "turquoise"),
    "not_known": ("Not known", "purple"),
}
NO_TAG = {"not_applicable": "Does not apply", "does_not_apply": "Does not apply"}
STRENGTHS = {**STRENGTH_WORDS, "local": "Local target"}


def tag(words: str, colour: str = "") -> SafeString:
    return format_html('<strong class="govuk-tag{}">{}</strong>', f" govuk-tag--{colour}" if colour else "", words)


@cache
def state_tag(state: str) -> SafeString:
    """The state of a duty."""
    if str(state) in NO_TAG:
        return format_html('<span class="app-na">{}</span>', NO_TAG[str(state)])
    return tag(*STATES[str(state)])


@cache
def _strength(kind: str) -> SafeString:
    return format_html('<span class="app-strength app-strength--{}">{}</span>', kind, STRENGTHS[kind])


def strength(kind: str, words: str = "") -> SafeString:
    """Law, guidance, condition of grant, good practice or local target, each with a shape of its own."""
    if words:
        return format_html('<span class="app-strength app-strength--{}">{}</span>', str(kind), words)
    return _strength(str(kind))
