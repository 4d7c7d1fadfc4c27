"""An authority's own version of a set: kept by the head of the virtual school alone, and asked from its day on."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.voice.models import SetVersion
from virtual_school.voice.sets import library

from .world import World, begun

pytestmark = pytest.mark.django_db
URL = "/voice/sets/ks2/"


def page_as_it_stands(**changed: str) -> dict[str, str]:
    posted = {"do": "keep", "starts": timezone.localdate().isoformat()}
    for place, question in enumerate(library().sets["ks2"].questions, 1):
        posted |= {
            f"text_{question.key}": question.text,
            f"on_{question.key}": "yes",
            f"place_{question.key}": str(place),
        }
    return posted | changed


def sent(world: World, **changed: str) -> Any:
    return world.client(Role.VIRTUAL_SCHOOL_HEAD).post(URL, page_as_it_stands(**changed))


def asked(client: Any) -> list[str]:
    return [question.text for question in client.get("/my-school/question/1/").context["my"].questions]


def test_a_reworded_question_is_what_the_next_child_is_asked(world: World) -> None:
    before = begun(world)
    assert sent(world, **{"text_k2.good": "What went well at school?"}).status_code == 302
    assert asked(before)[0] == "What has been good at school since last time?", "what was begun keeps its words"
    now = begun(world, place="again")
    now.post("/my-school/again/")
    assert asked(now)[0] == "What went well at school?"
    assert world.entry().set_version == "1+1"


def test_a_version_counts_from_its_day(world: World) -> None:
    later = (timezone.localdate() + datetime.timedelta(days=7)).isoformat()
    sent(world, **{"text_k2.good": "What went well at school?", "starts": later})
    assert "What went well at school?" not in asked(begun(world))
    words = world.client(Role.VIRTUAL_SCHOOL_HEAD).get("/voice/sets/").content.decode()
    assert "Version 1 from" in words


def test_looking_keeps_nothing(world: World) -> None:
    answer = sent(world, do="look", **{"text_k2.good": "What went well at school?"})
    assert "What went well at school?" in [one.text for one in answer.context["preview"].first]
    assert not SetVersion.objects.exists()


def test_a_question_of_our_own_is_added_moved_and_left_out_again(world: World) -> None:
    new = {"new_text": "What do you do after school?", "new_kind": "type", "new_section": "7.3"}
    sent(world, **new)
    own = {"text_own.ks2.1": "What do you do after school?", "on_own.ks2.1": "yes", "place_own.ks2.1": "0"}
    sent(world, **own)
    assert asked(begun(world))[0] == "What do you do after school?"
    sent(world, **{**own, "on_own.ks2.1": "no"})
    assert SetVersion.objects.count() == 3


def test_a_new_question_that_was_looked_at_is_still_there_to_be_kept(world: World) -> None:
    new = {"new_text": "What do you do after school?", "new_kind": "type", "new_section": "7.3"}
    page = sent(world, do="look", **new).content.decode()
    assert 'name="new_text" value="What do you do after school?"' in page
    assert "text_own.ks2.1" not in page, "it has no row until it is kept"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"on_k2.ask": "no"}, "what the meeting must answer"),
        ({"text_k2.good": "Why do you not like school and what would you do?"}, "do not ask why"),
        ({"starts": "2020-01-01"}, "from today or a later day"),
        ({"new_text": "Where do you play?", "new_kind": "type", "new_section": "99"}, "where in the plan"),
    ],
)
def test_what_may_not_be_is_refused_with_its_reason(world: World, changed: dict[str, str], why: str) -> None:
    answer = sent(world, **changed)
    assert why in answer.context["error"]
    assert not SetVersion.objects.exists()


def test_what_is_never_asked_is_shown_to_whoever_edits(world: World) -> None:
    words = world.client(Role.VIRTUAL_SCHOOL_HEAD).get(URL).content.decode()
    assert "Whether they hurt themselves or want to die" in words
