"""Links of a list to itself."""

from django.http import QueryDict

from virtual_school.design.list_links import choice_links, list_address

HERE = QueryDict("year=2026&state=open&page=3")


def test_another_choice_keeps_the_others_and_begins_at_the_first_page() -> None:
    assert list_address(HERE, state="late") == "?year=2026&state=late"
    assert list_address(HERE, state="") == "?year=2026"
    assert HERE.urlencode() == "year=2026&state=open&page=3"


def test_a_choice_of_none_is_there_only_if_chosen_or_always() -> None:
    options = {"": "All", "open": "Open", "late": "Late", "done": "Done"}
    counted = {"": 0, "open": 0, "late": 1204, "done": 0}
    links = choice_links(HERE, "state", options, "open", counted, {""})
    assert [(one.label, one.current) for one in links] == [
        ("All (0)", False),
        ("Open (0)", True),
        ("Late (1,204)", False),
    ]
    assert links[0].url == "?year=2026"


def test_what_is_not_counted_is_all_there() -> None:
    assert [one.label for one in choice_links(HERE, "kind", {"": "All", "a": "One"}, "")] == ["All", "One"]
