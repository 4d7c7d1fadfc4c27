"""What a list is narrowed to, as its address says, and the same in words."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from .components import Chip
from .list_links import list_address
from .selects import Options


class ListFilters(forms.Form):
    """An unknown value is as good as none: an old link still shows a list.

    `every` has each field's choices, value to words; a field without choices goes, and so do those `left_out`. A field in
    `usual` has always a value, that one unless another is chosen; the others begin with "All". `unsaid` are told by the
    page elsewhere, so nothing is said of them in words.
    """

    marks_optional = False
    unsaid: ClassVar[Collection[str]] = ()

    def __init__(
        self,
        given: QueryDict,
        every: Mapping[str, Mapping[str, str]],
        usual: Mapping[str, str] | None = None,
        left_out: Collection[str] = (),
    ) -> None:
        self.every, self.usual = every, usual or {}
        chosen = {name: given.get(name, "") for name in every}
        data = {name: value if value in every[name] else "" for name, value in chosen.items()}
        super().__init__({name: value or self.usual.get(name, "") for name, value in data.items()}, auto_id="f_%s")
        for name, options in every.items():
            first = [] if name in self.usual or "" in options else [("", "All")]
            field: Any = self.fields[name]
            field.choices = Options(first, options.items())
        for name in {*left_out, *(self.fields.keys() - every.keys())}:
            del self.fields[name]
        self.is_valid()

    @property
    def chosen(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    def chip_words(self, name: str, label: str) -> str:
        """Of one choice, where nothing beside it says which filter it is of."""
        return f"{self.fields[name].label}: {label}" if name == "adviser" else label

    def chips(self, query: QueryDict) -> list[Chip]:
        """What is on, in words; each with the list without it."""
        found = []
        for name, value in self.chosen.items():
            if name in self.unsaid or value == self.usual.get(name):
                continue
            found.append(Chip(self.chip_words(name, self.every[name][value]), list_address(query, **{name: ""})))
        return found
