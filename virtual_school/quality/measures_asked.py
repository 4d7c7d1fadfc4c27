"""What the page of measures is asked for: filters that stay in the address as ids, never as names."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import QueryDict

from virtual_school.access.models import User
from virtual_school.authorities.models import Authority
from virtual_school.dates.terms import in_time, term_words
from virtual_school.design.filters import ListFilters
from virtual_school.design.selects import PlainSelect
from virtual_school.plans.conditions import PHASES
from virtual_school.schools.models import School

from .groups import IN, NONE, NOT_KNOWN, ON_BOARD, OUT, groups_of
from .measured import TermFacts
from .models_measures import BY, BoardFigure, FrozenMeasure

AREA = {IN: "In the area", OUT: "Out of the area", NOT_KNOWN: "Not known where"}
NAMED = ("school", "adviser", "social_worker")
NO_ONE = {"school": "No school place", "adviser": "No adviser", "social_worker": "No social worker"}
GROUPINGS = tuple(by for by in BY if by)


def names_of(by: str, keys: set[str]) -> dict[str, str]:
    """Groups in words, in the order of their names."""
    if by == "phase":
        return {key: words for key, words in {**PHASES, NOT_KNOWN: "Not known"}.items() if key in keys}
    if by == "area":
        return {key: words for key, words in AREA.items() if key in keys}
    ids = [int(key) for key in keys if key.isdecimal()]
    if by == "school":
        rows = School.objects.filter(urn__in=ids).values_list("urn", "name")
    else:
        rows = User.objects.filter(pk__in=ids).values_list("pk", "name")
    found = {str(pk): name for pk, name in sorted(rows, key=lambda row: row[1])}
    return {**found, **({NONE: NO_ONE[by]} if NONE in keys else {})}


def keys_in(term: TermFacts) -> dict[str, set[str]]:
    return {by: {key for child in term.children for key in groups_of(child, by, term)} for by in GROUPINGS}


def frozen_keys(authority: Authority, term: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {by: set() for by in GROUPINGS}
    rows = FrozenMeasure.objects.filter(authority=authority, term=term).exclude(by="").order_by()
    for by, group in rows.values_list("by", "group").distinct():
        found[by].add(group)
    return found


def board_keys(authority: Authority, term: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {by: set() for by in ON_BOARD}
    rows = BoardFigure.objects.filter(authority=authority, term=term).exclude(by="").order_by()
    for by, group in rows.values_list("by", "group").distinct():
        found[by].add(group)
    return found


@dataclass(frozen=True, slots=True)
class TermChoice:
    """A term of the list. `is_frozen`: its figures were kept at the cut-off."""

    key: str
    is_frozen: bool


class MeasureFilters(ListFilters):
    term = forms.ChoiceField(label="Term", required=False, widget=PlainSelect)
    phase = forms.ChoiceField(label="Phase", required=False, widget=PlainSelect)
    area = forms.ChoiceField(label="Lives", required=False, widget=PlainSelect)
    school = forms.ChoiceField(label="School", required=False, widget=PlainSelect)
    adviser = forms.ChoiceField(label="Adviser", required=False, widget=PlainSelect)
    social_worker = forms.ChoiceField(label="Social worker", required=False, widget=PlainSelect)

    def __init__(self, given: QueryDict, terms: list[TermChoice], term: str, keys: dict[str, set[str]]) -> None:
        every: dict[str, dict[str, str]] = {"term": {one.key: _words(one) for one in terms}}
        every |= {by: names_of(by, held) for by, held in keys.items()}
        super().__init__(given, every, {"term": term})

    @property
    def groups(self) -> list[tuple[str, str]]:
        """The groups chosen, as breakdown and key."""
        return [(name, value) for name, value in self.chosen.items() if name != "term"]

    def chip_words(self, name: str, label: str) -> str:
        return f"{BY[name]}: {label}"

    def for_whom(self) -> str:
        """For whom the figures are, in words."""
        return "; ".join(self.chip_words(name, self.every[name][value]) for name, value in self.groups) or "Everyone"


def _words(one: TermChoice) -> str:
    words = term_words(one.key)
    return f"{words[0].upper()}{words[1:]}{'' if one.is_frozen else ', so far'}"


def terms_to_choose(frozen: set[str], current: str | None, day: date) -> list[TermChoice]:
    """The frozen terms and the present one, the newest first."""
    keys = {*frozen, *([current] if current else [])}
    return [TermChoice(key, key in frozen) for key in sorted(keys, key=in_time, reverse=True)]
