"""The library as it is shipped, and how a set is chosen."""

from pathlib import Path

import pytest

from virtual_school.voice.sets import (
    BadLibrary,
    easier,
    for_age,
    is_observed_first,
    library,
    older,
    read_library,
    read_question,
    set_for,
    sitting,
)

CHILDREN = ("ey", "ks1", "ks2", "ks3", "ks4", "post16", "seeking", "new", "mat")


@pytest.mark.parametrize(
    ("age", "key"),
    [(2, "ey"), (4, "ey"), (5, "ks1"), (8, "ks2"), (11, "ks2"), (12, "ks3"), (15, "ks4"), (17, "post16")],
)
def test_the_set_is_offered_by_age(age: int, key: str) -> None:
    assert set_for(age) == key


def test_circumstances_come_before_age() -> None:
    assert set_for(9, {"no_speech"}) == "mat"
    assert set_for(15, {"new_to_english"}) == "new"
    assert set_for(16, {"after_year_11"}) == "post16"
    assert set_for(17, {"after_year_11", "seeking_work"}) == "seeking"


def test_easier_and_older_go_one_step_and_stop_at_the_ends() -> None:
    assert (easier("ks2"), older("ks2")) == ("ks1", "ks3")
    assert (easier("mat"), older("post16")) == ("", "")
    assert (easier("new"), older("carer")) == ("mat", "")


def test_under_four_nothing_is_rated_and_cards_are_chosen_two_at_a_time() -> None:
    kinds = {question.key: question.kind for question in for_age(library().sets["ey"], 3).questions}
    assert kinds == {"ey.play": "this_or_that", "ey.who": "pick", "ey.place": "this_or_that", "ey.help": "pick"}
    assert for_age(library().sets["ey"], 4) == library().sets["ey"]


def test_under_three_what_was_seen_is_the_main_record() -> None:
    assert is_observed_first(2)
    assert not is_observed_first(3)


@pytest.mark.parametrize("key", CHILDREN)
def test_at_most_ten_are_asked_at_once_and_the_ask_is_always_among_them(key: str) -> None:
    held = library().sets[key]
    asked = sitting(held.questions)
    assert len(asked.first) <= 10
    assert set(held.asks) <= set(asked.first)
    assert {*asked.first, *asked.more} == set(held.questions)


@pytest.mark.parametrize("key", [key for key in (*CHILDREN, "carer", "parent") if key != "ey"])
def test_every_set_ends_in_an_ask_that_must_be_answered(key: str) -> None:
    assert library().sets[key].asks


def test_every_question_has_a_section_of_the_plan_where_somebody_reads_it() -> None:
    assert all(question.sections for held in library().sets.values() for question in held.questions)


def test_a_set_is_a_draft_until_it_was_tried_with_children() -> None:
    assert all(held.status == "draft" or (held.tested_with and held.tested_on) for held in library().sets.values())


def test_what_tells_an_adult_is_what_the_specification_names() -> None:
    found = {
        question.key: (question.scale, question.trigger, question.trigger_level)
        for held in library().sets.values()
        for question in held.questions
        if question.trigger
    }
    assert found == {
        "k1.safe": ("SAFE3.1", {"not_safe"}, "now"),
        "k2.kind": ("KIND3.1", {"not_kind"}, "week"),
        "k2.safe": ("SAFE4.1", {"not_safe"}, "now"),
        "k3.safe": ("SAFE3.1", {"not_safe"}, "week"),
        "n.safe": ("SAFE4.1", {"not_safe"}, "now"),
        "n.way": ("SAFE4.1", {"not_safe"}, "now"),
    }


def test_no_set_for_the_young_has_a_scale_of_numbers_and_none_of_five_points() -> None:
    for key in ("ey", "ks1"):
        for question in library().sets[key].questions:
            assert "slider" not in (question.kind, *question.also)
            assert not question.scale or len(library().scales[question.scale].points) == 3


def test_a_faulty_question_is_refused_with_its_reason() -> None:
    good = {"key": "own.x", "text": "Who helps you?", "kind": "pick", "cards": "PEOPLE", "sections": ["14"]}
    assert read_question("a test", good, library()).text == "Who helps you?"
    for change, words in (
        ({"kind": "quiz"}, "is not one of"),
        ({"sections": []}, "nobody would read"),
        ({"cards": "ANIMALS"}, "no card group ANIMALS"),
        ({"kind": "faces"}, "needs a scale"),
        ({"colour": "red"}, "unknown field colour"),
        ({"trigger": ["not_safe"]}, "not a point"),
        ({"text": ""}, "text is missing"),
    ):
        with pytest.raises(BadLibrary, match=words):
            read_question("a test", {**good, **change}, library())


def test_a_group_that_names_an_unknown_card_is_refused(tmp_path: Path) -> None:
    (tmp_path / "scales.toml").write_text("[scale]\n")
    (tmp_path / "cards.toml").write_text('[card]\n[group.A]\ncards = ["b"]\n')
    with pytest.raises(BadLibrary, match="group A names cards that are not there: b"):
        read_library(tmp_path)
