"""A posted answer read, and an answer kept put into words."""

import json
from typing import Any

import pytest

from virtual_school.voice.drawing import as_png, read_strokes
from virtual_school.voice.raw import BadAnswer, read_answer, words_of
from virtual_school.voice.sets import Card, Question, library

STROKE = {"colour": "#b3262c", "width": 8, "points": [10, 10, 200, 300]}
PEOPLE = (Card("mrs_iqbal", "Mrs Iqbal"),)
SLIDING = "k3.now"


def question(key: str) -> Question:
    found = library().question(key)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("key", "posted", "raw", "printed"),
    [
        ("k1.play", {"value": ["bad"]}, {"scale": "HOW3.1", "point": "bad"}, "bad"),
        ("k2.safe", {"value": ["not_safe"]}, {"scale": "SAFE4.1", "point": "not_safe"}, "not safe"),
        (
            "k2.helps",
            {"value": ["quiet", "help"], "order": ["help,quiet"]},
            {"cards": ["help", "quiet"], "other": ""},
            "someone to help me, quiet",
        ),
        (
            "k2.break",
            {"value": ["mrs_iqbal", "on_my_own"], "other": ["the cook"]},
            {"cards": ["mrs_iqbal", "on_my_own"], "other": "the cook", "labels": {"mrs_iqbal": "Mrs Iqbal"}},
            "Mrs Iqbal, on my own\nthe cook",
        ),
        (
            "k2.like",
            {"place.art": ["like"], "place.maths": ["do_not_like"], "place.music": [""]},
            {
                "scale": "LIKE3.1",
                "places": {"art": "like", "maths": "do_not_like"},
                "order": ["like", "in_the_middle", "do_not_like"],
            },
            "like: art\ndo not like: maths",
        ),
        (SLIDING, {"via": ["slider"], "number": ["0"]}, {"scale": "ZERO10.1", "number": 0}, "0 out of 10"),
        ("k2.ask", {"text": ["Can I  do art?\r\nIts fun"]}, {"text": "Can I  do art?\nIts fun"}, "Can I  do art?\nIts fun"),
        ("k2.now", {"value": ["good"], "text": ["but lunch"]}, {"scale": "HOW5.1", "point": "good", "text": "but lunch"}, "good\nbut lunch"),
        ("k2.ask", {"via": ["say"], "media": ["7"]}, {"media": "7"}, ""),
        ("k2.ask", {"via": ["aac"], "text": ["more art"]}, {"text": "more art"}, "more art"),
        (
            "k1.best",
            {"via": ["draw"], "strokes": [json.dumps([STROKE])], "square.a1": ["home"], "text": ["my house"]},
            {"strokes": [STROKE], "stickers": {"a1": "home"}, "text": "my house"},
            "where I live (a1)\nmy house",
        ),
    ],
)  # fmt: skip
def test_an_answer_is_kept_as_given_and_printed_in_words(
    key: str, posted: dict[str, list[str]], raw: dict[str, Any], printed: str
) -> None:
    found = read_answer(question(key), posted, PEOPLE)
    assert found == raw
    assert words_of(question(key), raw, "en") == printed


def test_a_language_is_picked_in_its_own_name_and_kept_as_it_was_shown() -> None:
    found = read_answer(question("n.speak"), {"value": ["language_ti", "language_ar"], "other": ["Nara"]})
    assert found is not None
    assert found["cards"] == ["language_ti", "language_ar"]
    assert words_of(question("n.speak"), found, "ar") == "ትግርኛ · Tigrinya, العربية · Arabic\nNara"


def test_this_or_that_keeps_both_choices_and_both_orders() -> None:
    asked = Question("t", "1", "Which one?", "this_or_that", cards="DO", sections=("8.1",))
    found = read_answer(asked, {"pair": ["swing,read"], "once": ["swing"], "again": ["read"]})
    assert found == {
        "rounds": [{"shown": ["swing", "read"], "picked": "swing"}, {"shown": ["read", "swing"], "picked": "read"}]
    }
    assert words_of(asked, found, "en") == "swings, reading"


@pytest.mark.parametrize("key", [question.key for held in library().sets.values() for question in held.questions])
def test_leaving_blank_is_never_an_error(key: str) -> None:
    assert read_answer(question(key), {}) is None
    blank = {"value": [""], "text": ["  \r\n"], "other": [""], "order": [""], "strokes": [""], "media": [""]}
    assert read_answer(question(key), blank) is None


def test_not_answered_is_not_nought() -> None:
    assert read_answer(question(SLIDING), {"via": ["slider"], "number": [""]}) is None


@pytest.mark.parametrize(
    ("key", "posted", "error"),
    [
        ("k1.play", {"value": ["great"]}, "error.choice"),
        ("k1.play", {"value": ["good", "bad"]}, "error.one"),
        ("k2.helps", {"value": ["quiet", "help", "rest", "walk"]}, "error.too_many"),
        ("k2.helps", {"value": ["quiet", "help", "rest"], "other": ["a dog"]}, "error.too_many"),
        ("k2.break", {"value": ["someone_unknown"]}, "error.choice"),
        ("k2.like", {"place.zebra": ["like"]}, "error.choice"),
        ("k2.like", {"place.art": ["lovely"]}, "error.choice"),
        (SLIDING, {"via": ["slider"], "number": ["11"]}, "error.number"),
        (SLIDING, {"via": ["slider"], "number": ["3.5"]}, "error.number"),
        ("k2.now", {"via": ["slider"], "number": ["3"]}, "error.way"),
        ("k2.ask", {"text": ["a" * 20_001]}, "error.too_long"),
        ("k2.ask", {"via": ["draw"], "strokes": ["not json"]}, "error.drawing"),
        ("k2.ask", {"via": ["draw"], "strokes": ['[{"colour": "url(x)", "width": 8, "points": [1, 2]}]']}, "error.drawing"),
        ("k2.ask", {"via": ["draw"], "square.z9": ["home"]}, "error.choice"),
        ("k2.ask", {"via": ["draw"], "square.a1": ["bomb"]}, "error.choice"),
    ],
)  # fmt: skip
def test_what_no_page_of_ours_could_send_is_refused_in_words_a_child_can_read(
    key: str, posted: dict[str, list[str]], error: str
) -> None:
    with pytest.raises(BadAnswer) as refused:
        read_answer(question(key), posted)
    assert refused.value.key == error


def test_an_answer_is_printed_in_the_language_it_was_asked_in() -> None:
    raw = {"scale": "HOW5.1", "point": "good", "text": "أحب الرسم"}
    assert words_of(question("n.class"), raw, "ar") == "جيد\nأحب الرسم"
    assert words_of(question("n.class"), raw, "en") == "good\nأحب الرسم"


def test_a_drawing_becomes_a_picture_of_the_same_lines() -> None:
    png = as_png(read_strokes(json.dumps([STROKE, {**STROKE, "points": [500, 500]}])))
    assert png.startswith(b"\x89PNG")
    assert len(png) < 20_000


@pytest.mark.parametrize("points", [[1], [1, "2"], [1, 5000], [1.5, 2]])
def test_points_are_pairs_of_whole_numbers_on_the_sheet(points: list[Any]) -> None:
    with pytest.raises(ValueError, match="pairs of whole numbers"):
        read_strokes(json.dumps([{**STROKE, "points": points}]))
