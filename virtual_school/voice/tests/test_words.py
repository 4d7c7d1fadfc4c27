"""Words in a child's language: what may be shown, what stands beside it, and what is never shown unchecked."""

import tomllib

import pytest

from virtual_school.voice import words
from virtual_school.voice.languages import LANGUAGES
from virtual_school.voice.sets import LIBRARY, Question, library
from virtual_school.voice.words import (
    ONLY_WHEN_REVIEWED,
    BadWords,
    Phrases,
    Translation,
    english,
    fingerprint,
    places,
    read_translations,
    said,
    translated,
    translations,
)

TRANSLATED = sorted(code for code in LANGUAGES if translations(code))


def test_english_is_shown_as_it_is() -> None:
    found = said("bar.next", "en")
    assert (found.text, found.language, found.is_reviewed, found.direction) == ("Next", "en", True, "ltr")
    assert not found.needs_english


def test_an_unchecked_translation_is_shown_with_the_english_beside_it() -> None:
    found = said("bar.next", "ar")
    assert (found.text, found.direction, found.is_reviewed, found.english) == ("التالي", "rtl", False, "Next")
    assert found.needs_english


def test_a_language_without_a_translation_shows_english_and_says_so() -> None:
    found = said("bar.next", "nus")
    assert (found.text, found.language, found.direction) == ("Next", "en", "ltr")


@pytest.mark.parametrize("code", TRANSLATED)
def test_words_of_privacy_and_safety_are_never_shown_unchecked(code: str) -> None:
    guarded = [key for key in english() if key.startswith(ONLY_WHEN_REVIEWED)]
    assert len(guarded) > 20
    for key in guarded:
        found = said(key, code)
        assert found.language == "en" or found.is_reviewed


def test_a_checked_translation_of_safety_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a reviewer changes in the file, seen through the reader of that file."""
    row = {"safety.button": [fingerprint("I am not safe"), "لست في أمان"]}
    review = {"safety.button": {"by": "Layla Haddad", "role": "interpreter", "on": "2026-11-20"}}
    held = read_translations("a test", {"source": "professional", "words": row, "reviewed": review})
    monkeypatch.setattr(words, "translations", lambda language: held)
    assert said("safety.button", "ar").text == "لست في أمان"
    assert not said("safety.button", "ar").needs_english


def test_a_translation_of_other_english_no_longer_counts() -> None:
    assert translated("bar.next", "Next", "ar").language == "ar"
    assert translated("bar.next", "Go on", "ar").text == "Go on"


def test_a_reworded_question_is_shown_in_english_until_translated() -> None:
    question = library().question("n.class")
    assert question is not None
    reworded = Question(question.key, "1+1", "How is class for you?", "faces", "HOW5.1", sections=("9.1",))
    assert Phrases("ar").question(question).language == "ar"
    assert Phrases("ar").question(reworded).language == "en"


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_translation_that_counts_has_the_places_of_its_english(code: str) -> None:
    for key, found in translations(code).items():
        if found.of == fingerprint(english().get(key, "")):
            assert places(found.text) == places(english()[key]), key


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_translation_by_machine_passes_as_checked(code: str) -> None:
    assert not [found for found in translations(code).values() if found.source == "machine" and found.is_reviewed]


def test_arabic_has_every_word_of_a_childs_pages_and_the_set_for_those_new_to_english() -> None:
    adults = ("carer.", "helper.", "c.", "r.", "hint.c.", "privacy.", "safety.", "said.intro")
    missing = [key for key in english() if key not in translations("ar") and not key.startswith(adults)]
    assert missing == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"source": "a friend", "words": {}}, "source must be one of"),
        ({"source": "machine", "words": {"bar.next": "التالي"}}, "bar.next must be"),
        (
            {"source": "volunteer", "words": {"a.b": ["x", "y"]}, "reviewed": {"a.b": {"by": "A Name"}}},
            "by whom, in what role and on what day",
        ),
        ({"source": "volunteer", "words": {}, "reviewed": {"a.b": {}}}, "not there: a.b"),
    ],
)
def test_a_faulty_file_is_refused_with_its_reason(content: dict[str, object], reason: str) -> None:
    with pytest.raises(BadWords, match=reason):
        read_translations("words_xx.toml", content)


def test_a_review_says_who_and_when() -> None:
    review = {"a.b": {"by": "A Name", "role": "interpreter", "on": "2026-11-20"}}
    found = read_translations("x", {"source": "volunteer", "words": {"a.b": ["12", "y"]}, "reviewed": review})
    assert found["a.b"] == Translation("y", "12", "volunteer", True, "A Name", "interpreter", "2026-11-20")


def test_no_key_of_ours_meets_one_of_the_library() -> None:
    own = tomllib.loads((LIBRARY / "words_en.toml").read_text())
    names = {f"{group}.{name}" for group, rows in own.items() for name in rows}
    assert not names & set(words.of_library(library()))
