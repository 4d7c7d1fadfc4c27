"""A set as a child will see it, before any child does."""

import datetime

import pytest
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.access.person import person_of
from virtual_school.identity.acting import acting
from virtual_school.voice.models import SetVersion, VoiceAnswer
from virtual_school.voice.own_sets import keep_version
from virtual_school.voice.set_edits import Edits
from virtual_school.voice.sets import library
from virtual_school.voice.tests.world import CODE, make_world
from virtual_school.voice.words import Phrases

pytestmark = pytest.mark.django_db
URL = "/voice/sets/ks2/preview/"


@pytest.mark.parametrize("key", sorted(library().sets))
def test_every_question_of_every_set_can_be_looked_at(key: str) -> None:
    head = make_world().client(Role.VIRTUAL_SCHOOL_HEAD)
    for number, question in enumerate(library().sets[key].questions, 1):
        page = head.get(f"/voice/sets/{key}/preview/?question={number}")
        assert page.status_code == 200, question.key


def test_next_and_back_go_from_question_to_question_and_nothing_is_kept() -> None:
    head = make_world().client(Role.VIRTUAL_SCHOOL_HEAD)
    then = head.post(f"{URL}?question=1&language=ar", {"do": "next", "text": "Not kept"})
    assert then["Location"] == f"{URL}?question=2&language=ar&version=now"
    assert head.post(f"{URL}?question=2", {"do": "back"})["Location"] == f"{URL}?question=1&language=en&version=now"
    last = len(library().sets["ks2"].questions)
    assert f"?question={last}&" in head.post(f"{URL}?question=99", {"do": "next"})["Location"]
    assert not VoiceAnswer.objects.exists()


def test_it_says_that_the_set_is_a_draft_and_that_a_translation_is_not_checked() -> None:
    head = make_world().client(Role.VIRTUAL_SCHOOL_HEAD)
    page = head.get(f"{URL}?question=3&language=ar").content.decode()
    shown = library().sets["ks2"].question("k2.now")
    assert shown and Phrases("ar").question(shown).text in page and 'dir="rtl"' in page
    assert "not tried with children yet" in page and "Translation not checked" in page
    english = head.get(f"{URL}?question=3").content.decode()
    assert "not tried with children yet" in english and "Translation not checked" not in english


def test_a_reworded_question_is_shown_before_its_day_and_is_not_translated_yet() -> None:
    world = make_world()
    head = world.client(Role.VIRTUAL_SCHOOL_HEAD)
    later = timezone.localdate() + datetime.timedelta(days=7)
    words = "How is school for you this week?"
    by = world.users[Role.VIRTUAL_SCHOOL_HEAD]
    with acting(person_of(by).claims):
        keep_version(authority=CODE, key="ks2", edits=Edits({"k2.now": words}), starts=later, by=by)
    assert SetVersion.objects.get().starts == later
    assert words in head.get(f"{URL}?question=3&version=latest").content.decode()
    assert words not in head.get(f"{URL}?question=3").content.decode()
    assert "Not translated" in head.get(f"{URL}?question=3&version=latest&language=ar").content.decode()
