"""The mat and the observation sheet: when a child is asked with cards, and when watching counts."""

from datetime import date

import pytest

from virtual_school.voice.mat import Practice, confirmed, may_go_on, to_repeat, turned
from virtual_school.voice.observation import Sheet, fields, gathered_on, missing
from virtual_school.voice.sets import library

LIKE = library().scales["LIKE3.1"]
WHOLE = {field.key: "words" for field in fields()} | {"sure": "It is likely"}


def test_cards_go_on_only_where_the_practice_was_understood() -> None:
    assert may_go_on(Practice("banana", "peas", "like", "do_not_like"), LIKE)
    assert not may_go_on(Practice("banana", "peas", "like", "like"), LIKE)
    assert not may_go_on(Practice("banana", "peas", "do_not_like", "like"), LIKE)


def test_the_row_is_turned_round_end_for_end() -> None:
    assert [point.key for point in turned(LIKE)] == ["do_not_like", "in_the_middle", "like"]


def test_three_cards_are_repeated_from_both_ends_and_the_middle() -> None:
    places = {"art": "like", "PE": "like", "maths": "in_the_middle", "toilet": "do_not_like"}
    assert to_repeat(places, LIKE) == ("art", "toilet", "maths")
    assert to_repeat({"art": "like", "PE": "like"}, LIKE) == ("art", "PE")
    assert to_repeat({}, LIKE) == ()


@pytest.mark.parametrize(
    ("repeated", "answer"),
    [
        ({"art": "like", "toilet": "do_not_like"}, "yes"),
        ({"art": "like", "toilet": "like"}, "partly"),
        ({"art": "do_not_like", "toilet": "like"}, "no"),
        ({}, "no"),
    ],
)
def test_an_answer_is_confirmed_when_it_keeps_its_meaning(repeated: dict[str, str], answer: str) -> None:
    assert confirmed({"art": "like", "toilet": "do_not_like"}, repeated) == answer


def test_the_sheet_has_the_seven_fields_and_says_which_are_empty() -> None:
    assert [field.key for field in fields()] == ["where", "saw", "means", "else", "sure", "agree", "told"]
    assert missing(WHOLE) == ()
    assert missing({**WHOLE, "else": " "}) == ("What else it could mean",)


def test_who_is_sure_says_why() -> None:
    assert missing({**WHOLE, "sure": "I am sure"}) == ("How sure I am: why",)
    assert missing({**WHOLE, "sure": "I am sure", "sure_because": "seen three times"}) == ()


def test_watching_counts_from_the_day_a_second_person_wrote_of_a_second_occasion() -> None:
    monday, tuesday, friday = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 27)
    assert gathered_on([Sheet(monday, 1, WHOLE, monday), Sheet(tuesday, 2, WHOLE, friday)]) == friday
    assert gathered_on([Sheet(monday, 1, WHOLE), Sheet(tuesday, 1, WHOLE)]) is None
    assert gathered_on([Sheet(monday, 1, WHOLE), Sheet(monday, 2, WHOLE)]) is None
    assert gathered_on([Sheet(monday, 1, WHOLE), Sheet(tuesday, 2, {**WHOLE, "saw": ""})]) is None
