from typing import Any

from django import forms
from django.http import QueryDict

from virtual_school.design.filters import ListFilters

EVERY = {
    "school": {"1": "Calder High", "2": "Fellside"},
    "adviser": {"7": "Priya Nair"},
    "sort": {"name": "Name", "due": "Due"},
}


class Schools(ListFilters):
    unsaid = ("sort",)
    school = forms.ChoiceField(label="School", required=False)
    adviser = forms.ChoiceField(label="Adviser", required=False)
    sort = forms.ChoiceField(label="In order of", required=False)
    area = forms.ChoiceField(label="Lives", required=False)


def asked(query: str = "", **more: Any) -> Schools:
    return Schools(QueryDict(query), EVERY, {"sort": "name"}, **more)


def test_a_value_that_is_no_choice_is_as_good_as_none() -> None:
    assert asked("school=3&adviser=x&sort=x").chosen == {"sort": "name"}
    assert asked("school=2&sort=due").chosen == {"school": "2", "sort": "due"}


def test_a_filter_begins_with_all_and_one_that_always_has_a_value_does_not() -> None:
    fields: Any = asked().fields
    assert list(fields["school"].choices) == [("", "All"), ("1", "Calder High"), ("2", "Fellside")]
    assert list(fields["sort"].choices) == [("name", "Name"), ("due", "Due")]


def test_a_filter_without_choices_or_left_out_is_not_there_and_narrows_nothing() -> None:
    form = asked("adviser=7&school=1", left_out=("adviser",))
    assert set(form.fields) == {"school", "sort"}
    assert form.chosen == {"school": "1", "sort": "name"}


def test_each_chip_says_what_is_on_and_leads_to_the_list_without_it_from_its_first_page() -> None:
    query = QueryDict("school=2&adviser=7&sort=due&page=4")
    chips = Schools(query, EVERY, {"sort": "name"}).chips(query)
    assert [(one.text, one.url) for one in chips] == [
        ("Fellside", "?adviser=7&sort=due"),
        ("Adviser: Priya Nair", "?school=2&sort=due"),
    ]
