"""The child's own words in the meeting, the plan and its print; and that no meeting ends with an ask unanswered."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from virtual_school.access.person import person_of
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import Claims
from virtual_school.plans import childs_voice
from virtual_school.plans.exporting import as_service, document_of
from virtual_school.plans.gather import child_facts
from virtual_school.plans.meeting import Held, hold
from virtual_school.plans.models import Action, Meeting
from virtual_school.plans.opened import opened
from virtual_school.plans.pdf_plain import content
from virtual_school.plans.readers import for_reader
from virtual_school.plans.reading_levels import Reader
from virtual_school.plans.refused import Refused
from virtual_school.plans.summary import summary_of
from virtual_school.voice.models import Ask, Entry, Invitation, ObservationSheet, Outcome, Promise, VoiceAnswer

from .meeting_world import caught, plan_meeting
from .writing_world import TODAY, World

WORDS = "Break time is too loud."
SECRET = "I do not like Mr Pine."


@pytest.fixture
def world(made_world: World) -> Iterator[World]:
    with time_machine.travel(f"{TODAY.isoformat()} 14:11:00+00:00", tick=False):
        plan_meeting(made_world)
        yield made_world


def said(world: World, words: str, key: str, seen_by: list[str]) -> None:
    """As the child's own page keeps it."""
    plan, now = world.plans["maisie"], timezone.now()
    of: dict[str, Any] = {"authority_id": plan.authority_id, "child_id": plan.child_id}
    with world.within():
        entry, _ = Entry.objects.get_or_create(
            cycle=plan.term,
            speaker="child",
            defaults={"state": "shared", "first_shared_at": now, "set_used": "ks2"},
            **of,
        )
    with acting(Claims(voice_entry=entry.pk)):
        answer = VoiceAnswer.objects.create(
            entry=entry, number=1, set_key="ks2", set_version="1", question_key=key, text_shown="?",
            language_shown="en", raw={"text": words}, words=words, author="child", answered_at=now, seen_by=seen_by, **of,
        )  # fmt: skip
        if key == "k2.ask":
            Ask.objects.create(entry=entry, answer=answer, cycle=plan.term, **of)


@pytest.fixture
def asked(world: World) -> World:
    said(world, WORDS, "k2.ask", ["everyone_in_meeting"])
    said(world, SECRET, "k2.hard", [])
    return world


def room(world: World) -> str:
    return world.url("maisie", "meeting/room/child/")


def shown(world: World, who: str = "teacher") -> str:
    return world.client(who).get(room(world)).content.decode()


def ask_of(world: World) -> Ask:
    with world.within():
        return Ask.objects.get()


def answered(world: World, **more: Any) -> Any:
    form = caught("The library is open at lunch", outcome="yes", voice_ask=str(ask_of(world).public_id), words=WORDS)
    return world.client("teacher").post(room(world), form | more)


def test_the_meeting_opens_on_what_the_child_shared_and_on_nothing_else(asked: World) -> None:
    page = shown(asked)
    assert WORDS in page and "Maisie asks" in page
    assert SECRET not in page


def test_a_yes_is_an_action_of_the_plan_and_a_promise_to_the_child(asked: World) -> None:
    answered(asked)
    with asked.within():
        promise = Promise.objects.get()
        assert promise.person_name == "Sue Palmer" and promise.due_on.isoformat() == "2026-12-04"
        assert promise.plan_action == Action.objects.get(what="The library is open at lunch").public_id
        assert Outcome.objects.get().kind == "agreed" and Ask.objects.get().state == "answered"


def test_sent_twice_it_counts_once(asked: World) -> None:
    form = caught("Yes", outcome="yes", voice_ask=str(ask_of(asked).public_id), words=WORDS)
    for _ in range(2):
        asked.client("teacher").post(room(asked), form)
    with asked.within():
        assert Promise.objects.count() == Outcome.objects.count() == 1


def test_a_promise_without_a_day_is_refused_and_nothing_of_it_is_kept(asked: World) -> None:
    page = answered(asked, **{"due_on-day": "", "due_on-month": "", "due_on-year": ""}).content.decode()
    assert "needs somebody who keeps it, and a day" in page
    with asked.within():
        assert not Promise.objects.exists() and not Action.objects.filter(what__startswith="The library").exists()


def test_a_meeting_cannot_be_recorded_while_an_ask_has_no_answer(asked: World) -> None:
    record = Held(on=TODAY, here=frozenset(), is_child_present=True)
    user = asked.people["teacher"]
    with asked.within():
        plan = asked.plans["maisie"]
        meeting = Meeting.objects.get(plan=plan)
        assert [one.words for one in childs_voice.unanswered(as_service(plan))] == [WORDS]
    with acting(person_of(asked.people["teacher"]).claims), pytest.raises(Refused, match=WORDS):
        hold(
            opened=opened(plan, plan.child, person_of(asked.people["teacher"])), meeting=meeting, record=record, by=user
        )


def test_the_printed_plan_holds_what_everybody_in_the_meeting_may_read(asked: World) -> None:
    with asked.within():
        document = document_of(as_service(asked.plans["maisie"]))
    words = [field.words for section in document.sections for field in section.fields if field.kind == "voice"]
    assert any(WORDS in one for one in words) and not any(SECRET in one for one in words)


def test_the_child_s_own_pages_count_as_the_child_s_view(asked: World) -> None:
    with asked.within():
        assert summary_of(as_service(asked.plans["maisie"]))["child"] == "said"


def test_arranging_a_meeting_invites_the_child(world: World) -> None:
    from virtual_school.plans.meeting import Details, arrange, cancel

    person = person_of(world.people["teacher"])
    plan = world.plans["maisie"]
    with acting(person.claims):
        held = opened(plan, plan.child, person)
        cancel(opened=held, meeting=Meeting.objects.get(plan=plan), reason="Snow", by=person.user)
        arrange(opened=held, details=Details(on=TODAY.replace(day=30)), people=[], by=person.user)
        invitation = Invitation.objects.get(child=plan.child)
    assert invitation.meeting_on == TODAY.replace(day=30)
    assert invitation.ask_from < invitation.ask_again_on < invitation.meeting_on


def test_answers_are_shown_one_a_screen_in_the_childs_order(asked: World) -> None:
    said(asked, "Art is good.", "k2.good", ["everyone_in_meeting"])
    page = asked.client("teacher")
    first = page.get(room(asked)).content.decode()
    assert "answer 1 of 2" in first and "Next answer" in first and "Art is good." not in first
    second = page.get(f"{room(asked)}?answer=2").content.decode()
    assert "Art is good." in second and "Answer before" in second and "Next answer" not in second
    assert "answer 1 of 2" in page.get(f"{room(asked)}?answer=99").content.decode()


def test_the_meeting_is_told_that_somebody_speaks_for_the_child_where_nothing_else_was_shared(world: World) -> None:
    said(world, "Please say it", "k2.hard", ["say_it_for_me"])
    with world.within():
        Entry.objects.update(to_say_for_me=1, helper_name="Mrs Iqbal")
    page = shown(world)
    assert "Mrs Iqbal says something for Maisie" in page and "Please say it" not in page


SAW = {
    "where": "Snack time", "saw": "Pushed the cup away twice", "means": "Was full", "else": "The noise",
    "sure": "It is a guess", "agree": "Nobody else was there", "told": "Shown the cup card",
}  # fmt: skip


def saw(world: World, who: str, days_ago: int) -> None:
    plan, by = world.plans["maisie"], world.people[who]
    with world.within():
        ObservationSheet.objects.create(
            authority_id=plan.authority_id, child_id=plan.child_id, cycle=plan.term, filled=SAW, by=by, by_name=by.name,
            on=TODAY - datetime.timedelta(days=days_ago),
        )  # fmt: skip


def test_what_adults_saw_stands_in_the_plan_apart_from_the_childs_words_and_not_for_the_home(world: World) -> None:
    saw(world, "teacher", 2)
    with world.within():
        document = document_of(as_service(world.plans["maisie"]))
    (seen,) = [f for section in document.sections for f in section.fields if f.kind == "observation"]
    assert "Pushed the cup away twice" in seen.words and "does not count" in seen.words
    assert "their reading, not the child’s words" in seen.label
    for reader, reads in [(Reader.SOCIAL_WORKER, True), (Reader.CARER, False), (Reader.YOUNG_PERSON, False)]:
        copied = for_reader(document, reader)
        kept = [f.words for section in copied.sections for f in section.fields if f.kind == "observation"]
        assert any("Pushed the cup" in words for words in kept) is reads, reader
    assert "Pushed the cup" not in str(content(document, TODAY))


def test_two_people_on_two_occasions_count_as_views_gathered(world: World) -> None:
    with world.within():
        assert summary_of(as_service(world.plans["maisie"]))["child"] == ""
    saw(world, "teacher", 2)
    saw(world, "social worker", 1)
    with world.within():
        plan = world.plans["maisie"]
        assert summary_of(as_service(plan))["child"] == "said"
        facts = child_facts(plan.authority, TODAY, [plan.child_id])[plan.child_id]
        (fact,) = [one for one in facts.plans if one.term_key == plan.term]
        assert fact.watched_on == TODAY and fact.heard_on is None


def test_what_adults_saw_is_read_in_the_adults_steps_and_not_beside_the_child(world: World) -> None:
    saw(world, "teacher", 2)
    teacher = world.client("teacher")
    assert "Pushed the cup away twice" in teacher.get(world.url("maisie", "meeting/room/needs/")).content.decode()
    assert "Pushed the cup away twice" not in shown(world)
