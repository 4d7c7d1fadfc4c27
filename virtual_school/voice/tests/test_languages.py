"""Languages: their direction and own names, as CLDR has them, in our table and in Django's."""

import pytest
from babel import Locale, UnknownLocaleError
from django.utils import translation

from virtual_school.voice.languages import ENGLISH, LANGUAGES, Language, direction

NOT_IN_CLDR = {"zag", "fvr", "mls", "pga", "din"}


def cldr(language: Language) -> Locale | None:
    try:
        return Locale.parse(language.code, sep="-")
    except UnknownLocaleError:
        return None


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.code)
def test_each_language_runs_the_way_cldr_says(language: Language) -> None:
    locale = cldr(language)
    if locale is None:
        assert language.code in NOT_IN_CLDR
        assert language.is_mostly_spoken
    else:
        assert language.direction == {"rtl": "rtl", "ltr": "ltr"}[locale.text_direction]


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.code)
def test_django_knows_each_language_by_its_own_name_and_direction(language: Language) -> None:
    info = translation.get_language_info(language.code)
    assert info["bidi"] == (language.direction == "rtl")
    with translation.override(language.code):
        assert translation.get_language_bidi() == (language.direction == "rtl")


def test_dari_is_not_called_persian() -> None:
    assert translation.get_language_info("fa-af")["name_local"] == "دری"


def test_a_language_we_do_not_know_runs_left_to_right() -> None:
    assert direction("xx") == direction(ENGLISH) == "ltr"
