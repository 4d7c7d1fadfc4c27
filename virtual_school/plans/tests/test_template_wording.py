import pytest
from hypothesis import given
from hypothesis import strategies as st

from virtual_school.plans.wording import (
    adult_found,
    changed_words,
    measure_found,
    strategy_found,
    unchanged,
)

TEXTS = st.text(st.sampled_from("ab .\n"), max_size=60)


@given(TEXTS, TEXTS)
def test_the_pieces_that_stayed_and_came_make_up_the_new_text(last: str, now: str) -> None:
    pieces = changed_words(last, now)
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == now


@given(TEXTS, TEXTS)
def test_the_pieces_that_stayed_and_went_are_the_words_of_the_old_text(last: str, now: str) -> None:
    pieces = changed_words(last, now)
    assert "".join(piece.text for piece in pieces if piece.kind != "added").split() == last.split()


@given(st.text(max_size=80))
def test_a_text_set_beside_itself_has_no_change(text: str) -> None:
    assert all(piece.kind == "same" for piece in changed_words(text, text))


def test_a_change_is_shown_word_by_word() -> None:
    pieces = [
        (piece.kind, piece.text) for piece in changed_words("She reads ten words alone", "She reads 30 words alone")
    ]
    assert pieces == [("same", "She reads "), ("removed", "ten "), ("added", "30 "), ("same", "words alone")]


@pytest.mark.parametrize(
    ("last", "now", "same"),
    [
        ("Works well with her tutor", "Works well with her tutor", True),
        ("Works well with her tutor", "works well,  with her tutor.", True),
        ("a b c d e f g h i j", "a b c d e f g h i k", True),
        ("a b c d e f g h i j", "a b c d e f g h x y", False),
        ("", "", False),
        ("Works well", "", False),
        ("", "Works well", False),
        ("Works well with her tutor", "Reads to the younger class on Fridays", False),
    ],
)
def test_nine_words_in_ten_the_same_is_last_terms_text(last: str, now: str, same: bool) -> None:
    assert unchanged(last, now) is same


@pytest.mark.parametrize(
    ("how", "missing"),
    [
        ("Reading with Mrs Patel in the library every Tuesday before lunch", ()),
        ("10 tuition sessions, weekly, at home with the tutor at 4.30pm", ()),
        ("TA to check in each morning in the hub", ()),
        ("Asha will play lego therapy on Fridays", ("where",)),
        ("Phonics 3 times a week", ("when", "where", "who")),
        ("Reading with her carer at bedtime", ("where", "how_often")),
        ("Improve behaviour", ("what", "when", "where", "who", "how_often")),
        ("Support from staff", ("what", "when", "where", "who", "how_often")),
        ("", ("what", "when", "where", "who", "how_often")),
    ],
)
def test_a_strategy_is_found_by_its_everyday_words(how: str, missing: tuple[str, ...]) -> None:
    found = strategy_found(how)
    assert found.missing == missing
    assert len(found.found) + len(found.missing) == 5


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mr Khan", "Mr Khan"),
        ("Ask the class teacher", "class teacher"),
        ("Jo Bell leads it", "Jo Bell"),
        ("It is Jo", "Jo"),
        ("Asha", "Asha"),
        ("somebody kind", ""),
        ("None", ""),
        ("Not decided yet", ""),
        ("In the hub on Tuesdays", ""),
    ],
)
def test_an_adult_is_found_by_name_or_role(text: str, found: str) -> None:
    assert adult_found(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [("12 of 100 words", "12 of 100"), ("93.5% of sessions", "93.5%"), ("at least twice", "at least"), ("better", "")],
)
def test_a_measure_is_found_by_a_number_or_a_word_of_measure(text: str, found: str) -> None:
    assert measure_found(text) == found
