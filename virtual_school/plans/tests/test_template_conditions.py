from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virtual_school.plans.conditions import (
    CIRCUMSTANCES,
    PHASES,
    SEASONS,
    Answered,
    Circumstances,
    FaultyCondition,
    condition_document,
    condition_from,
    condition_words,
    fields_asked,
    is_shown,
)

LEAVES = st.one_of(
    st.builds(lambda phases: {"phase": phases}, st.lists(st.sampled_from(list(PHASES)), min_size=1)),
    st.builds(lambda years: {"year_group": years}, st.lists(st.integers(-4, 14), min_size=1)),
    st.builds(lambda seasons: {"season": seasons}, st.lists(st.sampled_from(SEASONS), min_size=1)),
    st.builds(lambda name: {"is": name}, st.sampled_from(list(CIRCUMSTANCES))),
    st.builds(
        lambda key, values: {"field": key, "in": values},
        st.sampled_from(["sen.status", "voice.how"]),
        st.lists(st.one_of(st.booleans(), st.text(min_size=1)), min_size=1),
    ),
)
DOCUMENTS = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.builds(lambda kind, several: {kind: several}, st.sampled_from(["all", "any"]), st.lists(parts, min_size=1)),
        st.builds(lambda part: {"not": part}, parts),
    ),
    max_leaves=8,
)
SOMEBODY = st.builds(
    Circumstances,
    phase=st.sampled_from(list(PHASES)),
    year_group=st.none() | st.integers(-4, 14),
    season=st.sampled_from(["", *SEASONS]),
    is_unaccompanied=st.booleans(),
    has_no_school=st.booleans(),
)


def shown(document: dict[str, Any], answers: dict[str, Any] | None = None, **circumstances: Any) -> bool:
    given_answers = {key: Answered(value) for key, value in (answers or {}).items()}
    circumstances.setdefault("phase", "primary")
    return is_shown(condition_from(document), Circumstances(**circumstances), given_answers)


@given(DOCUMENTS)
def test_a_condition_comes_back_from_its_document_as_it_was(document: dict[str, Any]) -> None:
    assert condition_document(condition_from(document)) == document


@given(DOCUMENTS, SOMEBODY)
def test_not_turns_every_condition_round(document: dict[str, Any], somebody: Circumstances) -> None:
    answers = {"sen.status": Answered("support")}
    plain = is_shown(condition_from(document), somebody, answers)
    assert is_shown(condition_from({"not": document}), somebody, answers) is not plain


@given(DOCUMENTS)
def test_every_condition_can_be_said_in_words(document: dict[str, Any]) -> None:
    assert condition_words(condition_from(document), {}).strip()


@pytest.mark.parametrize("name", CIRCUMSTANCES)
def test_each_circumstance_holds_only_when_it_is_so(name: str) -> None:
    flags = {
        "first_plan": "is_first_plan",
        "unaccompanied": "is_unaccompanied",
        "custody": "is_in_custody",
        "remand": "is_remand",
        "no_school": "has_no_school",
        "transition": "is_transition_year",
        "out_of_area": "is_out_of_area",
        "sdq_over_cut_off": "is_sdq_over_cut_off",
    }
    assert shown({"is": name}, **{flags[name]: True})
    assert not shown({"is": name})


def test_a_year_group_not_known_hides_nothing() -> None:
    assert shown({"year_group": [11]}, year_group=None)
    assert shown({"year_group": [11]}, year_group=11)
    assert not shown({"year_group": [11]}, year_group=10)


def test_a_term_not_known_hides_nothing() -> None:
    assert shown({"season": ["spring", "summer"]})
    assert not shown({"season": ["spring", "summer"]}, season="autumn")


def test_an_answer_not_given_yet_meets_no_condition_on_it() -> None:
    assert not shown({"field": "sen.status", "in": ["ehc_plan"]})
    assert shown({"field": "sen.status", "in": ["ehc_plan"]}, {"sen.status": "ehc_plan"})


def test_one_of_several_answers_is_enough() -> None:
    assert shown({"field": "a.b", "in": ["x"]}, {"a.b": ["y", "x"]})
    assert not shown({"field": "a.b", "in": ["x"]}, {"a.b": ["y"]})


def test_all_needs_each_and_any_needs_one() -> None:
    both = [{"is": "custody"}, {"is": "remand"}]
    assert not shown({"all": both}, is_in_custody=True)
    assert shown({"any": both}, is_in_custody=True)
    assert shown({"all": both}, is_in_custody=True, is_remand=True)
    assert not shown({"any": both})


def test_the_fields_of_a_nested_condition_are_found() -> None:
    nested = {"any": [{"not": {"field": "a.b", "in": [True]}}, {"all": [{"field": "c.d", "in": ["x"]}]}]}
    assert fields_asked(condition_from(nested)) == ("a.b", "c.d")


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({}, "one rule"),
        ([], "must be a document"),
        ({"is": "left_handed"}, "no circumstance called 'left_handed'"),
        ({"phase": ["nursery"]}, "no phase called 'nursery'"),
        ({"season": ["winter"]}, "no season called 'winter'"),
        ({"season": [["spring"]]}, "no season called"),
        ({"year_group": ["10"]}, "whole number"),
        ({"year_group": [True]}, "whole number"),
        ({"year_group": []}, "something in it"),
        ({"weather": "rain"}, "cannot ask for 'weather'"),
        ({"is": "custody", "not": {"is": "remand"}}, "one rule, not 2"),
        ({"field": "a.b"}, "exactly “field” and “in”"),
        ({"field": "", "in": ["x"]}, "needs a word"),
    ],
)
def test_a_condition_that_cannot_be_read_says_why(document: Any, words: str) -> None:
    with pytest.raises(FaultyCondition, match=words):
        condition_from(document)


def test_a_condition_reads_as_a_sentence() -> None:
    condition = condition_from({"all": [{"year_group": [0, 11]}, {"field": "a.b", "in": [True]}]})
    assert condition_words(condition, {"a.b": "Is it a worry?"}) == (
        "the child is in reception or year 11 and “Is it a worry?” is answered yes"
    )


def test_a_condition_names_choices_as_the_form_does() -> None:
    condition = condition_from({"not": {"field": "a.b", "in": ["alone", "not_asked"]}})
    labels = {"a.b": "Who wrote it?", "a.b=alone": "The child, alone"}
    assert condition_words(condition, labels) == "“Who wrote it?” is not answered “The child, alone” or not asked"


@pytest.mark.parametrize("name", CIRCUMSTANCES)
def test_a_circumstance_that_must_not_be_so_reads_so(name: str) -> None:
    words = condition_words(condition_from({"not": {"is": name}}), {})
    assert " not " in words
    assert "it is not so" not in words
