"""An authority's edits laid over a set of ours."""

import pytest

from virtual_school.voice.set_edits import (
    BadEdit,
    Edits,
    add,
    as_json,
    cautions,
    from_json,
    lay_over,
    put_in_order,
)
from virtual_school.voice.sets import library
from virtual_school.voice.wording import NEVER_ASK, faults

KS2 = library().sets["ks2"]
OWN = {
    "key": "own.pets",
    "text": "Do you see animals at school?",
    "kind": "faces",
    "scale": "YES3.1",
    "sections": ["7.3"],
}


def off(key: str) -> Edits:
    return Edits(off=frozenset({key}))


def test_no_edits_leave_the_set_as_it_is() -> None:
    assert lay_over(KS2, Edits(), 4) is KS2


def test_a_reworded_question_has_a_version_of_its_own_and_the_set_beneath_keeps_its_words() -> None:
    edited = lay_over(KS2, Edits({"k2.now": "How is school for you this week?"}), 3)
    question = edited.question("k2.now")
    assert question and (question.text, question.version) == ("How is school for you this week?", "1+3")
    assert edited.version == "1+3"
    assert KS2.question("k2.now").text == "How is school for you right now?"  # type: ignore[union-attr]


def test_a_question_can_be_switched_off() -> None:
    assert lay_over(KS2, off("k2.clubs"), 1).question("k2.clubs") is None


def test_the_only_question_that_the_meeting_must_answer_stays() -> None:
    with pytest.raises(BadEdit, match="what the meeting must answer"):
        lay_over(KS2, off("k2.ask"), 1)


def test_a_question_of_its_own_needs_a_reader_and_a_key_of_its_own() -> None:
    edited = lay_over(KS2, add(Edits(), OWN, library()), 1)
    assert edited.questions[-1].text == "Do you see animals at school?"
    with pytest.raises(BadEdit, match="nobody would read"):
        add(Edits(), {**OWN, "sections": []}, library())
    with pytest.raises(BadEdit, match="begins with"):
        add(Edits(), {**OWN, "key": "k2.now"}, library())


def test_questions_stand_in_the_order_given_and_the_rest_behind() -> None:
    edited = lay_over(KS2, put_in_order(Edits(), ["k2.ask", "k2.now"]), 1)
    assert [question.key for question in edited.questions[:3]] == ["k2.ask", "k2.now", "k2.good"]
    assert len(edited.questions) == len(KS2.questions)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Write the question"),
        ("What would you do if it rained?", "an “if”"),
        ("Why did you go?", "do not ask why"),
        ("Don’t you like lunch?", "what is not"),
        ("Who helps you? Who does not help you?", "two things"),
        ("What are all of the many things that you like best about each day at school?", "13 or fewer"),
    ],
)
def test_hard_wording_is_refused_with_its_reason(text: str, words: str) -> None:
    with pytest.raises(BadEdit, match=words):
        lay_over(KS2, Edits({"k2.now": text}), 1)


def test_an_unknown_question_is_refused() -> None:
    with pytest.raises(BadEdit, match=r"no question k9\.x"):
        lay_over(KS2, off("k9.x"), 1)


def test_switching_off_a_question_about_safety_is_allowed_and_said() -> None:
    edits = off("k2.safe")
    assert lay_over(KS2, edits, 1).question("k2.safe") is None
    assert "not safe" in cautions(KS2, edits)[0]


def test_edits_come_back_from_storage_as_they_were() -> None:
    changed = Edits({"k2.now": "How is it?"}, frozenset({"k2.clubs"}))
    edits = put_in_order(add(changed, OWN, library()), ["k2.ask"])
    assert from_json(as_json(edits), library()) == edits


def test_either_or_is_no_negative() -> None:
    assert faults("Do you feel safe or not safe at school?") == ()
    assert len(NEVER_ASK) == 10
