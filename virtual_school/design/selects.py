"""A select that a list with hundreds of schools and workers can afford: one string, not a template an option."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.choices import BaseChoiceIterator
from django.utils.safestring import SafeString, mark_safe


class Options(BaseChoiceIterator):
    """Choices that are pairs of texts already: Django looks into a plain list for groups, option by option, twice."""

    def __init__(self, *parts: Iterable[tuple[str, str]]) -> None:
        self.pairs = [pair for part in parts for pair in part]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)


class NarrowSelect(forms.Select):
    """As wide as its longest choice."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        shown = flatatt({**self.build_attrs(self.attrs, attrs), "name": name})
        chosen = str(value or "")
        options = "".join(
            f'<option value="{escape(str(key))}"{" selected" if str(key) == chosen else ""}>{escape(str(label))}</option>'
            for key, label in self.choices
        )
        return mark_safe(f"<select{shown}>{options}</select>")  # noqa: S308 (every part is escaped)


class PlainSelect(NarrowSelect):
    """As wide as there is room, so that a long name does not widen the page."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"class": "govuk-!-width-full", **(attrs or {})}, choices)
