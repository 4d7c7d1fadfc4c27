"""A child may not be safe: who is told, what the child reads, and that nothing of it can be undone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client

from virtual_school.access.models import Role
from virtual_school.access.person import person_of
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.voice import tasks
from virtual_school.voice.models import AlertReader, AlertStep, Entry, SafeguardingReader, VoiceAlert

from .world import AROUND, CODE, STAFF, World, begun, number_of, say

pytestmark = pytest.mark.django_db
TUESDAY_TEN = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/London"))


def alerts() -> list[VoiceAlert]:
    with acting(service(CODE)):
        return list(VoiceAlert.objects.order_by("id"))


def given_to() -> list[str]:
    with acting(service(CODE)):
        return list(AlertReader.objects.order_by("id").values_list("known_as", flat=True))


def steps() -> list[str]:
    with acting(service(CODE)):
        return list(AlertStep.objects.order_by("id").values_list("kind", flat=True))


def pressed(client: Client, **posted: object) -> str:
    """Presses "I am not safe", says the rest, and gives the words of the page that follows."""
    page = client.post("/my-school/not-safe/")["Location"]
    return client.get(client.post(page, posted)["Location"]).content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_the_button_stands_on_every_page(world: World) -> None:
    client = begun(world)
    for path in ["first/", "my-pictures/", "question/1/", "who/", "done/", "stop/", "helper/", "you-said/"]:
        assert "I am not safe" in client.get(f"/my-school/{path}").content.decode(), path


def test_an_alert_is_written_the_moment_a_child_presses(world: World) -> None:
    client = begun(world)
    client.post("/my-school/not-safe/")
    assert [one.source for one in alerts()] == ["button"]
    assert given_to() == []


def test_the_child_is_told_who_reads_it_and_by_when(world: World) -> None:
    with time_machine.travel(TUESDAY_TEN, tick=False):
        words = pressed(begun(world))
    assert "Thank you for telling us. You did the right thing. This is not your fault." in words
    assert "will read this by" in words and "12 noon today" in words and "Sam" in words
    assert "0800 1111" in words and "999" in words
    assert given_to() == ["Sam"]


def test_nothing_promises_secrecy_or_says_soon(world: World) -> None:
    words = pressed(begun(world)).casefold()
    for said in [" soon", "don’t worry", "we promise", "won’t tell", "confidential"]:
        assert said not in words


def test_out_of_hours_the_day_is_worked_out(world: World) -> None:
    with time_machine.travel(datetime(2026, 11, 27, 21, 0, tzinfo=ZoneInfo("Europe/London")), tick=False):
        assert "11am on Monday" in pressed(begun(world))


def test_whoever_the_child_names_is_not_told_and_the_deputy_is(world: World) -> None:
    client = begun(world)
    sam = world.readers["Sam"]
    with acting(service(CODE)):
        entry = Entry.objects.get()
        entry.shown["people"].append({"scope": "designated_teacher", "name": "Sam Lee", "person": sam.pk})
        entry.save()
    assert "Jo" in pressed(client, not_first=[str(sam.pk)])
    assert given_to() == ["Jo"]
    assert world.reader("Sam").get(f"/voice/alerts/{alerts()[0].public_id}/").status_code == 404


def test_with_nobody_to_read_the_page_leads_with_the_numbers(world: World) -> None:
    SafeguardingReader.objects.all().delete()
    words = pressed(begun(world))
    assert "will read this by" not in words and words.index("0800 1111") < words.index("We may need to tell")


def test_a_child_who_says_no_more_is_not_left_waiting(world: World) -> None:
    begun(world).post("/my-school/not-safe/")
    tasks.route_alert(CODE, alerts()[0].pk)
    assert given_to() == ["Sam"]
    tasks.route_alert(CODE, alerts()[0].pk)
    assert given_to() == ["Sam"]


@pytest.mark.parametrize(("key", "point", "is_urgent"), [("k2.safe", "not_safe", True), ("k2.kind", "not_kind", False)])
def test_the_answer_that_asks_for_help_tells_an_adult_and_says_so_beside_the_question(
    world: World, key: str, point: str, is_urgent: bool
) -> None:
    client = begun(world)
    assert (
        "an adult will talk with you" in client.get(f"/my-school/question/{number_of(client, key)}/").content.decode()
    )
    answer = say(client, key, value=point)
    assert "/not-safe/" in answer["Location"]
    (alert,) = alerts()
    assert (alert.source, alert.is_urgent) == ("answer", is_urgent)
    assert alert.words == point.replace("_", " ") and alert.question_shown
    say(client, key, value=point)
    assert len(alerts()) == 1


def test_another_answer_to_the_same_question_tells_nobody(world: World) -> None:
    say(begun(world), "k2.safe", value="safe_all_the_time")
    assert alerts() == []


def test_no_draft_is_searched_for_words(world: World) -> None:
    say(begun(world), "k2.hard", text="He hit me. I want to die.")
    assert alerts() == []


def test_what_was_typed_goes_along_only_if_the_child_ticks_it(world: World) -> None:
    client = begun(world)
    number = number_of(client, "k2.hard")
    page = client.post(f"/my-school/question/{number}/", {"do": "not_safe", "text": "It is my uncle"})["Location"]
    client.post(page, {})
    assert "page" not in steps()
    page = client.post(f"/my-school/question/{number}/", {"do": "not_safe", "text": "It is my uncle"})["Location"]
    client.post(page, {"send_page": "yes"})
    with acting(service(CODE)):
        assert "It is my uncle" in AlertStep.objects.get(kind="page").words


def test_the_message_holds_no_name_and_no_word_of_what_it_is_about(world: World) -> None:
    pressed(begun(world))
    tasks.tell_reader(world.readers["Sam"].pk)
    (message,) = mail.outbox
    told = f"{message.subject} {message.body}".casefold()
    for said in ["maisie", "reeve", "safe", "worr", "child", "alert for"]:
        assert said not in told.replace("/voice/alerts/", "")


def test_nobody_around_the_child_and_nobody_else_of_the_council_sees_an_alert(world: World) -> None:
    pressed(begun(world))
    for role in [*AROUND[:-1], *(role for role in STAFF if role != Role.VIRTUAL_SCHOOL_HEAD)]:
        with acting(person_of(world.users[role]).claims), connection.cursor() as cursor:
            for table in ["voice_voicealert", "voice_alertreader", "voice_alertstep"]:
                cursor.execute(f"select count(*) from {table}", [])
                assert cursor.fetchone()[0] == 0, (role, table)
        assert world.client(role).get(f"/voice/alerts/{alerts()[0].public_id}/").status_code == 404


def test_a_reader_who_sees_no_record_is_told_who_it_is_about(world: World) -> None:
    pressed(begun(world))
    tasks.name_alert(CODE, alerts()[0].pk)
    tasks.name_alert(CODE, alerts()[0].pk)
    page = world.reader("Sam").get(f"/voice/alerts/{alerts()[0].public_id}/").content.decode()
    assert page.count("Maisie Reeve, born 1 March 2018, number 77") == 1
    assert world.reader("Sam").get(f"/children/{world.child.public_id}/").status_code in {403, 404}


def test_an_alert_is_changed_and_deleted_by_nobody(world: World) -> None:
    pressed(begun(world))
    for statement in ["update voice_voicealert set words = ''", "delete from voice_alertstep"]:
        with (
            acting(service(CODE)),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [])


def test_taking_everything_back_takes_no_alert_back(world: World) -> None:
    client = begun(world)
    say(client, "k2.safe", value="not_safe")
    client.post("/my-school/take-back/", {"question": "k2.safe"})
    assert len(alerts()) == 1


def test_the_child_reads_that_it_was_read_only_after_somebody_read_it(world: World) -> None:
    client = begun(world)
    words = pressed(client)
    assert "has read what you said" not in words
    page = f"/voice/alerts/{alerts()[0].public_id}/"
    assert world.reader("Sam").get(page).status_code == 200
    told = f"/my-school/not-safe/{alerts()[0].public_id}/told/"
    assert "has read what you said" in client.get(told).content.decode()


def test_unopened_it_goes_to_the_deputy_then_to_the_head_then_to_the_telephone(world: World) -> None:
    with time_machine.travel(TUESDAY_TEN, tick=False):
        pressed(begun(world))
        tasks.watch(CODE)
        assert given_to() == ["Sam"]
    at = TUESDAY_TEN
    for expected in (["Sam", "Jo"], ["Sam", "Jo", "Helen"]):
        at += timedelta(hours=2, minutes=20)
        with time_machine.travel(at, tick=False):
            tasks.watch(CODE)
            assert given_to() == expected
    with time_machine.travel(at + timedelta(days=1), tick=False):
        tasks.watch(CODE)
        tasks.watch(CODE)
    assert steps().count("phone") == 1


def test_something_must_be_done_the_child_told_and_a_second_person_closes_it(world: World) -> None:
    pressed(begun(world))
    page = f"/voice/alerts/{alerts()[0].public_id}/"
    sam = world.reader("Sam")
    assert "reference" in str(sam.post(page, {"kind": "social_care"}).context["form"].errors)
    sam.post(f"{page}close/", {"close_words": "x"})
    assert "closed" not in steps()
    sam.post(page, {"kind": "social_care", "reference": "SC-1", "words": "Told at 10"})
    sam.post(page, {"kind": "told_child", "words": "Mrs Hill meets you at the gate."})
    sam.post(f"{page}close/", {"close_words": "x"})
    assert "closed" not in steps()
    sam.post(f"{page}second/")
    tasks.give_on(CODE, alerts()[0].pk)  # as the worker does
    assert given_to() == ["Sam", "Jo"]
    world.reader("Jo").post(f"{page}close/", {"close_words": "Read and agreed"})
    assert steps()[-1] == "closed"


def test_what_the_helper_heard_does_not_show_the_helper_what_becomes_of_it(world: World) -> None:
    teacher = world.users[Role.DESIGNATED_TEACHER]
    client = begun(world, mode="helped", helper=str(teacher.pk))
    client.post("/my-school/helper/heard/", {"heard": "He said he is scared to go home", "lead": "yes"})
    (alert,) = alerts()
    assert alert.source == "helper" and "scared" in alert.words
    assert world.client(Role.DESIGNATED_TEACHER).get(f"/voice/alerts/{alert.public_id}/").status_code == 404
