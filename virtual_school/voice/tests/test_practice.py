"""Before the mat: two things to try. Then one card at a time, which may be taken back or left out."""

from typing import Any

import pytest
from django.test import Client

from virtual_school.access.models import Role
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import Claims, service
from virtual_school.voice.models import ChildPack, Entry, VoiceAnswer
from virtual_school.voice.people import person_key
from virtual_school.voice.tests.world import CODE, World, hand_over, make_world, with_code

pytestmark = pytest.mark.django_db
PRACTICE, FIRST = "/my-school/practice/", "/my-school/question/1/"


@pytest.fixture
def world() -> World:
    return make_world()


def on_the_mat(world: World) -> Client:
    teacher = str(world.users[Role.DESIGNATED_TEACHER].pk)
    return with_code(hand_over(world, question_set="mat", mode="aac", helper=teacher))


def put(page: Client, url: str, value: str = "", do: str = "next") -> str:
    answer = page.post(url, {"do": do, "value": value})
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def tried(page: Client, liked: str = "like", disliked: str = "do_not_like") -> str:
    page.post(PRACTICE, {"liked": "banana", "disliked_other": "Peas"})
    put(page, f"{PRACTICE}1/", liked)
    return put(page, f"{PRACTICE}2/", disliked)


def practised(world: World) -> Client:
    page = on_the_mat(world)
    tried(page)
    return page


def places(world: World) -> dict[str, str]:
    with acting(Claims(voice_entry=world.entry().pk)):
        held = VoiceAnswer.objects.filter(question_key="m.places", is_latest=True).first()
        return dict((held.raw or {}).get("places", {})) if held else {}


def test_no_card_of_the_mat_is_shown_before_two_things_were_tried(world: World) -> None:
    page = on_the_mat(world)
    assert page.get(FIRST)["Location"] == PRACTICE
    assert page.get(f"{FIRST}card/1/")["Location"] == PRACTICE
    assert tried(page) == "/my-school/questions/"
    assert world.entry().practised == Entry.Practised.UNDERSTOOD
    assert page.get(FIRST)["Location"] == f"{FIRST}card/1/"


def test_the_card_to_try_is_the_adults_own_word_or_a_picture(world: World) -> None:
    page = on_the_mat(world)
    page.post(PRACTICE, {"liked": "banana", "disliked_other": "Peas"})
    assert "1F34C.svg" in page.get(f"{PRACTICE}1/").content.decode()
    assert "Peas" in page.get(f"{PRACTICE}2/").content.decode()


@pytest.mark.parametrize("chosen", [{}, {"liked": "banana"}, {"liked": "banana", "disliked": "banana"}])
def test_two_different_things_are_needed(world: World, chosen: dict[str, str]) -> None:
    assert "Pick two different things." in on_the_mat(world).post(PRACTICE, chosen).content.decode()


@pytest.mark.parametrize(("liked", "disliked"), [("like", "like"), ("do_not_like", "like"), ("like", "in_the_middle")])
def test_where_the_row_was_not_understood_the_cards_stop_and_adults_are_told_to_watch(
    world: World, liked: str, disliked: str
) -> None:
    page = on_the_mat(world)
    assert tried(page, liked, disliked) == f"{PRACTICE}over/"
    assert "Watch the child" in page.get(f"{PRACTICE}over/").content.decode()
    assert page.get(FIRST)["Location"] == PRACTICE
    told = world.client(Role.DESIGNATED_TEACHER).get(world.url).content.decode()
    assert "did not put the two practice cards where they were expected" in told


def test_two_other_things_may_be_tried_and_what_was_tried_is_not_kept(world: World) -> None:
    page = on_the_mat(world)
    tried(page, "like", "like")
    assert tried(page) == "/my-school/questions/"
    assert "practice" not in world.entry().shown


def test_a_practice_card_that_is_skipped_was_not_understood(world: World) -> None:
    page = on_the_mat(world)
    page.post(PRACTICE, {"liked": "banana", "disliked": "drum"})
    assert put(page, f"{PRACTICE}1/", do="skip") == f"{PRACTICE}over/"


def test_next_without_a_face_asks_the_practice_card_again(world: World) -> None:
    page = on_the_mat(world)
    page.post(PRACTICE, {"liked": "banana", "disliked": "drum"})
    assert put(page, f"{PRACTICE}1/") == f"{PRACTICE}1/"


def test_each_card_is_kept_as_it_is_put_down_and_one_that_is_left_out_stays_off(world: World) -> None:
    page = practised(world)
    assert put(page, f"{FIRST}card/1/", "like") == f"{FIRST}card/2/"
    assert put(page, f"{FIRST}card/2/", do="skip") == f"{FIRST}card/3/"
    put(page, f"{FIRST}card/3/", "do_not_like", do="stop")
    assert places(world) == {"class_room": "like", "lunch_time": "do_not_like"}
    assert page.get(FIRST)["Location"] == f"{FIRST}card/4/"


def test_a_card_can_be_taken_back_and_moved_from_the_whole_mat(world: World) -> None:
    page = practised(world)
    put(page, f"{FIRST}card/1/", "like")
    put(page, f"{FIRST}card/11/", "do_not_like")
    assert f"{FIRST}card/1/?mat" in page.get(f"{FIRST}mat/").content.decode()
    assert put(page, f"{FIRST}card/1/?mat", "do_not_like") == f"{FIRST}mat/"
    assert put(page, f"{FIRST}card/11/", do="take_back") == f"{FIRST}card/11/"
    assert places(world) == {"class_room": "do_not_like"}


def test_after_the_last_card_the_whole_mat_is_shown(world: World) -> None:
    page = practised(world)
    put(page, f"{FIRST}card/1/", "like")
    assert put(page, f"{FIRST}card/11/") == f"{FIRST}mat/"


def test_where_every_card_was_left_out_the_question_is_skipped(world: World) -> None:
    page = practised(world)
    assert put(page, f"{FIRST}card/11/", do="dont_know") == "/my-school/question/2/"
    with acting(Claims(voice_entry=world.entry().pk)):
        assert VoiceAnswer.objects.get(question_key="m.places").skip == "dont_know"


def test_a_mat_on_a_table_may_be_photographed_instead(world: World) -> None:
    page = practised(world).get(f"{FIRST}?way=photo")
    assert page.status_code == 200 and "photo" in page.content.decode()


def test_people_around_the_child_are_cards_by_name_and_by_their_own_photograph(world: World) -> None:
    teacher = world.users[Role.DESIGNATED_TEACHER]
    with acting(service(CODE)):
        ChildPack.objects.create(
            authority=world.authority, child=world.child, name="Single pictures", licence="Said yes",
            pictures={person_key(teacher.pk): {"file": "voice/none", "type": "image/jpeg"}},
        )  # fmt: skip
    page = practised(world).get("/my-school/question/2/card/1/").content.decode()
    assert teacher.name in page and f"/{person_key(teacher.pk)}/" in page


def test_a_helper_who_is_the_teacher_too_is_one_card(world: World) -> None:
    page: Any = practised(world).get("/my-school/question/2/?way=sort").content.decode()
    assert page.count(f'name="place.{person_key(world.users[Role.DESIGNATED_TEACHER].pk)}" value="like"') == 1
