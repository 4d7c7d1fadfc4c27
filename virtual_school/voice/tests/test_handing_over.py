"""The code an adult gives, the right it carries, and coming back."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.voice import handover
from virtual_school.voice.models import HandOverCode, SecretPictures, Sitting

from .world import World, begun, give_account, hand_over, say, with_code

pytestmark = pytest.mark.django_db
THREE = {"picture_1": "cat", "picture_2": "moon", "picture_3": "drum"}


def typed(digits: str, client: Client | None = None) -> str:
    """Which words the page answers with; "" when it opens."""
    answer = (client or Client()).post("/my-school/", {"code": digits})
    return "" if answer.status_code == 302 else answer.context["error"]


def test_a_code_is_eight_digits_and_never_kept_as_they_are(world: World) -> None:
    digits = hand_over(world)
    assert len(digits) == 8 and digits.isdecimal()
    held = HandOverCode.objects.get()
    assert held.code_hash != digits and digits[4:] not in held.code_hash[:4]
    assert held.finder == digits[:4]


def test_a_code_opens_once(world: World) -> None:
    digits = hand_over(world)
    assert typed(digits) == ""
    assert typed(digits) == "code.old"


def test_a_code_is_good_for_fifteen_minutes(world: World) -> None:
    digits = hand_over(world)
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert typed(digits) == "code.old"


def test_a_new_code_ends_the_one_before(world: World) -> None:
    first = hand_over(world)
    second = hand_over(world)
    assert typed(first) in {"code.wrong", "code.old"}
    assert typed(second) == ""


def test_after_five_wrong_tries_the_right_code_opens_nothing(world: World) -> None:
    digits = hand_over(world)
    wrong = digits[:4] + f"{(int(digits[4:]) + 1) % 10_000:04d}"
    assert [typed(wrong) for _ in range(5)][-1] == "code.too_many"
    assert typed(digits) == "code.too_many"


def test_one_address_may_try_twenty_times_in_a_quarter_of_an_hour(world: World) -> None:
    for _ in range(20):
        typed("00000000")
    assert typed(hand_over(world)) == "code.too_many"


def test_on_the_same_device_the_adult_is_signed_out_before_the_child_s_page_opens(world: World) -> None:
    client = world.client(Role.DESIGNATED_TEACHER)
    answer = client.post(f"{world.url}start/", {"mode": "alone", "question_set": "ks2", "language": "en", "do": "here"})
    assert answer["Location"] == "/my-school/first/" and answer["Cache-Control"] == "no-store"
    assert client.get("/my-school/first/").status_code == 200
    assert client.get(world.url)["Location"].startswith("/accounts/login/")


def test_the_child_s_pages_are_called_my_school_and_say_nothing_of_care(world: World) -> None:
    client = begun(world)
    for path in ["first/", "my-pictures/", "question/1/", "who/", "done/", "stop/", "helper/", "you-said/"]:
        words = client.get(f"/my-school/{path}").content.decode()
        assert "<title>My school</title>" in words, path
        assert "Reeve" not in words and "Borchester" not in words, path
        for said in ["in care", "looked after", "social care.", "virtual school"]:
            assert said not in words.casefold(), (path, said)


def test_nothing_of_the_child_s_pages_is_kept_by_a_browser(world: World) -> None:
    client = begun(world)
    for path in ["", "first/", "question/1/", "who/"]:
        assert client.get(f"/my-school/{path}")["Cache-Control"] == "no-store"


def test_leaving_ends_the_right_and_shows_a_plain_page(world: World) -> None:
    client = begun(world)
    cookie = client.cookies[handover.COOKIE].value
    answer = client.post("/my-school/leave/")
    assert answer["Location"] == "/my-school/left/" and "storage" in answer["Clear-Site-Data"]
    client.cookies[handover.COOKIE] = cookie  # as somebody who kept it would send it
    assert client.get("/my-school/question/1/")["Location"] == "/my-school/"


@pytest.mark.parametrize("minutes", [16, 61])
def test_a_sitting_ends_after_a_quarter_of_an_hour_idle(world: World, minutes: int) -> None:
    client = begun(world)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
        assert client.get("/my-school/question/1/")["Location"] == "/my-school/"


def test_a_sitting_ends_after_an_hour_whatever_was_done(world: World) -> None:
    client, start = begun(world), timezone.now()
    for minutes in range(10, 60, 10):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert client.get("/my-school/question/1/").status_code == 200
    with time_machine.travel(start + timedelta(minutes=61), tick=False):
        assert client.get("/my-school/question/1/")["Location"] == "/my-school/"


def test_the_code_opens_no_page_but_the_child_s_own(world: World) -> None:
    client = begun(world)
    for path in ["/", "/children/", world.url, f"{world.url}{world.entry().public_id}/"]:
        assert client.get(path)["Location"].startswith("/accounts/login/")


def test_coming_back_needs_the_pictures_and_shows_what_was_said(world: World) -> None:
    client = begun(world)
    client.post("/my-school/my-pictures/", THREE)
    say(client, "k2.hard", text="Maths")
    again = with_code(hand_over(world))
    assert again.get("/my-school/question/2/")["Location"] == "/my-school/pictures/"
    assert again.post("/my-school/pictures/", {**THREE, "picture_1": "fish"}).context["error"] == "code.pictures_wrong"
    assert again.post("/my-school/pictures/", THREE).status_code == 302
    assert "Maths" in again.get("/my-school/who/").content.decode()


def test_with_a_code_alone_the_adult_opens_nothing_that_was_begun(world: World) -> None:
    client = begun(world)
    client.post("/my-school/my-pictures/", THREE)
    say(client, "k2.hard", text="Maths")
    adult = with_code(hand_over(world))
    for _ in range(5):
        adult.post("/my-school/pictures/", {**THREE, "picture_3": "sun"})
    assert adult.post("/my-school/pictures/", THREE).context["is_shut"]
    adult.post("/my-school/again/")
    assert "Maths" not in adult.get("/my-school/who/").content.decode()
    assert adult.get("/my-school/question/2/").context["answer"] is None


def test_without_pictures_what_was_begun_stays_closed(world: World) -> None:
    say(begun(world), "k2.hard", text="Maths")
    again = with_code(hand_over(world))
    assert again.get("/my-school/pictures/").context["is_shut"]
    again.post("/my-school/again/")
    assert "Maths" not in again.get("/my-school/who/").content.decode()


def test_pictures_are_kept_as_a_hash_of_the_entry_s_own(world: World) -> None:
    begun(world).post("/my-school/my-pictures/", THREE)
    held = SecretPictures.objects.get()
    assert "cat" not in held.pictures_hash and len(held.pictures_hash) == 64


def test_three_pictures_of_twenty_four_in_order(world: World) -> None:
    assert len(set(handover.PICTURES)) == 24
    assert not handover.are_pictures(["cat", "cat", "moon"])
    assert not handover.are_pictures(["cat", "moon"])
    assert handover.are_pictures(["cat", "moon", "drum"])


def test_a_young_person_with_an_account_needs_no_code(world: World) -> None:
    give_account(world)
    client = world.client(Role.YOUNG_PERSON)
    assert client.post(f"{world.url}own/")["Location"] == "/my-school/first/"
    say(client, "k2.hard", text="Maths")
    again = world.client(Role.YOUNG_PERSON)
    again.post(f"{world.url}own/")
    assert "Maths" in again.get("/my-school/who/").content.decode()
    assert Sitting.objects.filter(is_own_account=True).count() == 2


def test_whom_the_questions_may_be_about_helps_only_if_the_child_asks_for_them(world: World) -> None:
    head = world.client(Role.VIRTUAL_SCHOOL_HEAD)
    carer = str(world.users[Role.CARER].pk)
    given = {"mode": "helped", "helper": carer, "question_set": "ks2", "language": "en", "do": "code"}
    assert "helper" in head.post(f"{world.url}start/", given).context["form"].errors
    assert "code" in head.post(f"{world.url}start/", {**given, "is_helper_chosen": "yes"}).context
    assert world.entry().is_helper_chosen
