"""An answer to everything asked for, promises with a name and a day, and what the child says of them."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.access.person import person_of
from virtual_school.children.models import Involvement
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import Claims, service
from virtual_school.voice import forgetting, reminding
from virtual_school.voice.came_of_it import Given, Refused, answer_ask, close_with_evidence, set_state
from virtual_school.voice.models import Ask, Entry, Outcome, Promise, VoiceAnswer
from virtual_school.voice.queries import asks_in_meeting, heard_on, unanswered

from .world import CODE, World, begun, say, share

pytestmark = pytest.mark.django_db
WORDS = "Break time is too loud."


@pytest.fixture
def client(world: World) -> Any:
    client = begun(world)
    say(client, "k2.ask", text=WORDS)
    share(client, k2_ask=["everyone_in_meeting"])
    return client


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def as_teacher(world: World) -> Any:
    return acting(person_of(world.users[Role.DESIGNATED_TEACHER]).claims)


def promised(world: World, due: int = 7) -> Promise:
    teacher = world.users[Role.DESIGNATED_TEACHER]
    with as_teacher(world):
        given = Given(
            what="The library is open at lunch", due_on=in_days(due), person=teacher, person_role="Designated teacher"
        )
        answer_ask(ask=Ask.objects.get(), kind="agreed", words="Yes", by=teacher, given=given)
        return Promise.objects.get()


def change(world: World, promise: Promise, state: str, words: str = "It is done.") -> None:
    with as_teacher(world):
        set_state(promise=promise, state=state, words=words, by=world.users[Role.DESIGNATED_TEACHER])


def test_what_is_asked_for_stands_once_it_is_shared(world: World, client: Any) -> None:
    with acting(service(CODE)):
        assert [one.words for one in unanswered(world.child, Ask.objects.get().cycle)] == [WORDS]


def test_an_ask_that_nobody_may_read_is_none(world: World) -> None:
    say(begun(world), "k2.ask", text=WORDS)
    with acting(service(CODE)):
        assert not Ask.objects.exists()


def test_taken_back_before_it_has_an_answer_it_is_withdrawn(world: World, client: Any) -> None:
    client.post("/my-school/take-back/", {"question": "k2.ask"})
    with acting(service(CODE)):
        assert Ask.objects.get().state == "withdrawn"
        assert asks_in_meeting(world.child, Ask.objects.get().cycle) == []


@pytest.mark.parametrize(
    ("kind", "more", "refused"),
    [
        ("agreed", {}, "name of somebody"),
        ("agreed", {"given": Given(what="x", person_name="Mr Khan")}, "needs a day"),
        ("not_now", {}, "look at it again"),
        ("others", {}, "who decides"),
        ("perhaps", {}, "Choose"),
    ],
)
def test_an_answer_that_leaves_the_child_in_the_air_is_refused(
    world: World, client: Any, kind: str, more: dict[str, Any], refused: str
) -> None:
    with acting(service(CODE)), pytest.raises(Refused, match=refused):
        answer_ask(ask=Ask.objects.get(), kind=kind, words="Yes", by=world.users[Role.ADVISER], **more)


def test_the_child_reads_what_was_promised_by_whom_and_by_when(world: World, client: Any) -> None:
    promised(world)
    page = client.get("/my-school/you-said/").content.decode()
    assert WORDS in page and "The library is open at lunch" in page
    assert "We are doing it." in page and world.users[Role.DESIGNATED_TEACHER].name in page


@pytest.mark.parametrize(
    ("state", "said"), [("done", "We did it."), ("broken", "We said we would do this. We did not do it.")]
)
def test_what_was_done_and_what_was_not_is_said_plainly(world: World, client: Any, state: str, said: str) -> None:
    change(world, promised(world), state)
    page = client.get("/my-school/you-said/").content.decode()
    assert said in page and "Is this what you wanted?" in page


def test_a_late_promise_is_called_late(world: World, client: Any) -> None:
    promise = promised(world)
    with acting(service(CODE)):
        Promise.objects.filter(pk=promise.pk).update(due_on=in_days(-1))
    assert "This is late." in client.get("/my-school/you-said/").content.decode()


@pytest.mark.parametrize(("wanted", "closed"), [("yes", True), ("a_bit", True), ("no", False)])
def test_the_child_closes_it_and_a_no_keeps_it_open(world: World, client: Any, wanted: str, closed: bool) -> None:
    promise = promised(world)
    change(world, promise, "done")
    client.post("/my-school/you-said/", {f"p{promise.pk}": wanted, f"more_p{promise.pk}": "Only on Tuesdays"})
    with acting(service(CODE)):
        held = Promise.objects.get()
        assert (held.closed_on is not None) == closed
        assert held.judgements.get().wanted == wanted


def test_an_adult_closes_only_what_is_done_and_with_evidence(world: World, client: Any) -> None:
    promise = promised(world)
    by = world.users[Role.DESIGNATED_TEACHER]
    with as_teacher(world):
        with pytest.raises(Refused, match="done"):
            close_with_evidence(promise=promise, evidence="x", by=by)
        set_state(promise=promise, state="done", words="Open since Tuesday.", by=by)
        with pytest.raises(Refused, match="shows"):
            close_with_evidence(promise=promise, evidence=" ", by=by)
        close_with_evidence(promise=promise, evidence="Seen on Tuesday; told by card.", by=by)
        assert Promise.objects.get().closed_by == "evidence"


def test_a_changed_promise_says_why_and_by_which_day(world: World, client: Any) -> None:
    promise = promised(world)
    with as_teacher(world), pytest.raises(Refused, match="new day"):
        set_state(promise=promise, state="changed", words="Let.", by=world.users[Role.DESIGNATED_TEACHER])


def test_whoever_follows_keeps_the_promise_and_the_child_reads_the_new_name(world: World, client: Any) -> None:
    promised(world)
    old, new = world.users[Role.DESIGNATED_TEACHER], world.users[Role.DELEGATE]
    with acting(service(CODE)):
        Involvement.objects.filter(person=old).update(ends=timezone.localdate())
        Involvement.objects.create(
            authority_id=CODE, child=world.child, person=new, role=Role.DESIGNATED_TEACHER, starts=timezone.localdate()
        )
        assert reminding.pass_on(CODE, timezone.localdate()) == 1
    assert f"{old.name} has left. {new.name} will do it now." in client.get("/my-school/you-said/").content.decode()


def test_who_promised_is_reminded_once_a_day_due_and_each_week_after(world: World, client: Any) -> None:
    promised(world, due=3)
    teacher = world.users[Role.DESIGNATED_TEACHER].pk
    with acting(service(CODE)):
        assert reminding.write_reminders(CODE, in_days(3)) == {teacher}
        assert reminding.write_reminders(CODE, in_days(3)) == set()
        assert reminding.write_reminders(CODE, in_days(10)) == {teacher}


def test_a_parents_or_carers_entry_is_not_the_child_s(world: World) -> None:
    client = world.client(Role.CARER)
    client.post(f"{world.url}own/")
    say(client, "c.well", text="She reads at night now.")
    share(client, c_well=["everyone_in_meeting"])
    with acting(service(CODE)):
        carer = Entry.objects.get(speaker="carer")
        assert carer.speaker_name == world.users[Role.CARER].name and carer.state == "shared"
        assert heard_on([one for one in Entry.objects.all() if one.speaker == "child"]) == (None, "")


def test_what_was_not_shared_is_deleted_ninety_days_after_the_term(world: World, client: Any) -> None:
    say(client, "k2.hard", text="Nobody knows this")
    with acting(service(CODE)):
        entry = Entry.objects.get()
        Entry.objects.update(cycle="2025/26-autumn")
    assert forgetting.forget_drafts(CODE, datetime.date(2026, 1, 5)) == 0
    assert forgetting.forget_drafts(CODE, datetime.date(2026, 9, 1)) == 1
    with acting(Claims(voice_entry=entry.pk)):
        assert list(VoiceAnswer.objects.values_list("words", flat=True)) == [WORDS]


def test_the_child_is_told_how_long_drafts_are_kept(world: World) -> None:
    page = begun(world).get("/my-school/first/6/").content.decode()
    assert "90" in page and "days after the term ends" in page


def test_every_answer_of_a_meeting_has_a_day_by_which_the_child_is_told(world: World, client: Any) -> None:
    promised(world)
    with acting(service(CODE)):
        assert Outcome.objects.get().tell_by is not None
