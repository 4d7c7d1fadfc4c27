"""The meeting view without a script, and as its script sends: notes of two, actions sent twice, what the child may see."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from virtual_school.audit.models import Event
from virtual_school.plans.models import Action, Attendee, Decision, Meeting, Plan, Signature
from virtual_school.plans.writing import content_hash

from .meeting_world import answer, caught, plan_meeting
from .writing_world import TODAY, World

JSON = {"Accept": "application/json"}


@pytest.fixture
def world(made_world: World) -> Iterator[World]:
    with time_machine.travel(f"{TODAY.isoformat()} 14:11:00+00:00", tick=False):
        world = made_world
        plan_meeting(world)
        yield world


def step(world: World, key: str) -> str:
    return world.url("maisie", f"meeting/room/{key}/")


def text_of(response: Any) -> str:
    return response.content.decode().replace("&#x27;", "’")


def meeting(world: World) -> Meeting:
    with world.within():
        return Meeting.objects.get(plan=world.plans["maisie"])


def send(client: Client, url: str, **data: Any) -> dict[str, Any]:
    return client.post(url, {"notes": "", "notes_base": "", "do": "save"} | data, headers=JSON).json()


def test_the_room_opens_at_something_good_with_the_agenda(world: World) -> None:
    shown = text_of(world.client("teacher").get(world.url("maisie", "meeting/room/")))
    assert "<h1" in shown and "Something good" in shown and "What Maisie said" in shown
    assert 'aria-current="step"' in shown and "Tuesday 24 November, 2pm" in shown
    assert "Danielle Frost, social worker" in shown
    assert "govuk-service-navigation" not in shown


def test_notes_are_kept_by_step_without_a_script(world: World) -> None:
    client = world.client("teacher")
    sent = {"notes": "Otter on the wall", "notes_base": "", "do": "next"}
    answer = client.post(step(world, "celebrate"), sent)
    assert answer.headers["Location"].endswith("/meeting/room/child/")
    client.post(step(world, "child"), {"notes": "Wants art club", "notes_base": "", "do": "save"})
    assert meeting(world).notes == "Something good:\nOtter on the wall\n\nWhat the child said:\nWants art club"
    again = text_of(client.get(step(world, "celebrate")))
    assert "Otter on the wall</textarea>" in again and "Wants art club" in again


def test_two_note_takers_lose_no_word(world: World) -> None:
    teacher, worker = world.client("teacher"), world.client("social worker")
    url = step(world, "progress")
    send(teacher, url, notes="Maths 104")
    told = send(worker, url, notes="Late on Mondays")
    assert told["clash"] and told["notes"] == "Maths 104\nLate on Mondays"
    told = send(teacher, url, notes="Maths 104, up from 98", notes_base="Maths 104")
    assert not told["clash"]
    assert "Maths 104, up from 98" in told["notes"] and "Late on Mondays" in told["notes"]


def test_two_note_takers_without_a_script_are_told(world: World) -> None:
    teacher, worker = world.client("teacher"), world.client("social worker")
    url = step(world, "progress")
    for client, words in ((teacher, "Maths 104"), (worker, "Late on Mondays")):
        client.post(url, {"notes": words, "notes_base": "", "do": "save"})
    shown = text_of(worker.get(url))
    assert "Somebody else wrote here at the same time" in shown
    assert "Maths 104\nLate on Mondays</textarea>" in shown


def test_notes_sent_twice_stand_once(world: World) -> None:
    client = world.client("teacher")
    for _ in range(2):
        told = send(client, step(world, "celebrate"), notes="Otter")
    assert told["notes"] == "Otter"
    assert meeting(world).notes_revision == 1


def test_presence_is_one_press_a_person(world: World) -> None:
    client = world.client("teacher")
    with world.within():
        people = {one.name: one for one in Attendee.objects.filter(meeting__plan=world.plans["maisie"])}
    here = [people["Sue Palmer"].pk, people["Asha Khan"].pk]
    send(client, step(world, "celebrate"), here=here, child="yes")
    with world.within():
        assert set(Attendee.objects.filter(came="present").values_list("name", flat=True)) == {
            "Sue Palmer",
            "Asha Khan",
        }
    assert meeting(world).is_child_present is True
    send(client, step(world, "celebrate"), here=here[:1])
    with world.within():
        assert list(Attendee.objects.filter(came="present").values_list("name", flat=True)) == ["Sue Palmer"]
    assert meeting(world).is_child_present is None


def test_somebody_who_was_not_invited_is_here(world: World) -> None:
    client = world.client("teacher")
    sent = {"notes": "", "notes_base": "", "do": "came", "came_name": "Tom Ives", "came_role": "Careers adviser"}
    client.post(step(world, "celebrate"), sent)
    client.post(step(world, "celebrate"), sent)
    with world.within():
        [tom] = Attendee.objects.filter(name="Tom Ives")
    assert (tom.is_invited, tom.came) == (False, "present")
    assert "Tom Ives, careers adviser" in text_of(client.get(step(world, "actions")))


def test_an_action_sent_twice_counts_once(world: World) -> None:
    client = world.client("teacher")
    data = caught("Send a photo to her brother")
    for _ in range(2):
        assert client.post(step(world, "celebrate"), data).status_code == 302
    told = client.post(step(world, "celebrate"), data, headers=JSON).json()
    assert told["faults"] == [] and told["caught"].count("Send a photo") == 2  # once to read, once in the button
    with world.within():
        [one] = Action.objects.filter(plan=world.plans["maisie"])
        assert Event.objects.filter(action="plan.action_added").count() == 1
    assert (one.what, one.owner_name, one.due_on) == ("Send a photo to her brother", "Sue Palmer", date(2026, 12, 4))


def test_an_action_given_to_a_person_with_an_account_is_theirs(world: World) -> None:
    client = world.client("teacher")
    owner = f"p{world.people['social worker'].pk}"
    client.post(step(world, "actions"), caught("Ask about the laptop", owner=owner, owner_name=""))
    shown = text_of(world.client("social worker").get("/actions/"))
    assert "Ask about the laptop" in shown
    assert "Ask about the laptop" not in text_of(world.client("other social worker").get("/actions/?show=all"))


@pytest.mark.parametrize(
    ("without", "words"), [({"owner": "", "owner_name": ""}, "Say who does it"), ({"due_on-day": "", "due_on-month": "", "due_on-year": ""}, "Say by when")]
)  # fmt: skip
def test_an_action_without_who_or_when_is_not_complete(world: World, without: dict[str, str], words: str) -> None:
    client = world.client("teacher")
    data = caught("Ring", **without, notes="Kept all the same")
    shown = text_of(client.post(step(world, "actions"), data))
    assert words in shown and "There is a problem" in shown and "Ring</textarea>" in shown
    assert "Kept all the same" in meeting(world).notes
    told = client.post(step(world, "actions"), data, headers=JSON).json()
    assert words in told["faults"][0][1]
    with world.within():
        assert not Action.objects.filter(plan=world.plans["maisie"]).exists()


def test_a_decision_without_who_stands_and_says_so_until_somebody_has_it(world: World) -> None:
    client = world.client("teacher")
    nobody = {"owner": "", "owner_name": "", "due_on-day": "", "due_on-month": "", "due_on-year": ""}
    data = caught("Counselling moves to Wednesday", kind="decision", dissent="Sue: Friday is better", **nobody)
    client.post(step(world, "needs"), data)
    client.post(step(world, "needs"), data)
    with world.within():
        [decision] = Decision.objects.filter(plan=world.plans["maisie"])
    assert decision.dissent == "Sue: Friday is better"
    shown = text_of(client.get(step(world, "actions")))
    assert "Nobody has it yet" in shown and f"?decision={decision.pk}" in shown
    given = text_of(client.get(step(world, "actions") + f"?decision={decision.pk}"))
    assert "Who carries it out?" in given and "Counselling moves to Wednesday</textarea>" in given
    for _ in range(2):
        client.post(step(world, "actions"), caught("Counselling moves to Wednesday", decision=decision.pk))
    with world.within():
        assert Action.objects.filter(plan=world.plans["maisie"]).count() == 1
        assert Decision.objects.filter(plan=world.plans["maisie"]).count() == 1
    assert "Nobody has it yet" not in text_of(client.get(step(world, "actions")))


def test_words_to_catch_are_not_lost_by_pressing_another_button(world: World) -> None:
    client = world.client("teacher")
    client.post(step(world, "needs"), caught("Order the book", do="next"))
    with world.within():
        assert Action.objects.filter(plan=world.plans["maisie"], what="Order the book").exists()
    shown = client.post(step(world, "needs"), caught("Order the atlas", do="next", owner="", owner_name=""))
    assert "Say who does it" in text_of(shown)


def test_what_the_child_asks_stands_largest_and_gets_one_of_four_answers(world: World) -> None:
    answer(world, "hopes.aim", "I want to do art club")
    client = world.client("teacher")
    shown = text_of(client.get(step(world, "child")))
    assert "app-ask--large" in shown and "“I want to do art club”" in shown
    for words in ("Yes: we promise something", "Not now", "No: say why", "Somebody else must decide"):
        assert words in shown
    data = caught("Counselling moves", outcome="yes", words="I want to do art club")
    client.post(step(world, "child"), data)
    client.post(step(world, "child"), data)
    with world.within():
        [decision] = Decision.objects.filter(plan=world.plans["maisie"])
        [action] = Action.objects.filter(plan=world.plans["maisie"])
    assert decision.what == "“I want to do art club” Yes: Counselling moves"
    assert action.what == "Counselling moves"
    assert "Everything Maisie asked has an answer" in text_of(client.get(step(world, "child")))


def test_a_no_needs_nobody_to_carry_it_out(world: World) -> None:
    answer(world, "hopes.aim", "A horse")
    client = world.client("teacher")
    nobody = {"owner": "", "owner_name": "", "due_on-day": "", "due_on-month": "", "due_on-year": ""}
    client.post(step(world, "child"), caught("There is no stable near", outcome="no", words="A horse", **nobody))
    shown = text_of(client.get(step(world, "child")))
    assert "“A horse” No: There is no stable near" in shown and "Nobody has it yet" not in shown


def test_beside_the_child_nothing_of_the_later_steps_is_on_the_screen(world: World) -> None:
    answer(world, "needs.now", "Trauma work with the clinic")
    client = world.client("teacher")
    client.post(step(world, "needs"), caught("Ring the clinic", notes="Worried about the placement"))
    for key in ("celebrate", "child", "progress", "last"):
        shown = text_of(client.get(step(world, key)))
        for words in ("Ring the clinic", "Worried about the placement", "Trauma work", "see it differently"):
            assert words not in shown, (key, words)
        assert "Maisie is here for steps 1 to 4" in shown
    later = text_of(client.get(step(world, "needs")))
    assert "Ring the clinic" in later and "Trauma work" in later and "Ask before showing this screen" in later


def test_beside_the_child_only_what_a_young_person_may_read_is_shown(world: World) -> None:
    answer(world, "progress.strengths", "Kind to younger pupils")
    answer(world, "wellbeing.sdq_score", 22)
    shown = text_of(world.client("teacher").get(step(world, "progress")))
    assert "Kind to younger pupils" in shown and ">22<" not in shown and "difficulties score" not in shown.lower()


def test_promises_of_last_time_lead(world: World) -> None:
    with world.within():
        Action.objects.create(
            authority=world.here, child=world.children["maisie"], what="Buy a desk", owner_name="Sue Palmer",
            due_on=date(2026, 10, 1),
        )  # fmt: skip
    shown = text_of(world.client("teacher").get(world.url("maisie", "meeting/room/")))
    assert "What we promised last time</h1>" in shown and "Buy a desk" in shown
    assert "Maisie is here for steps 1 to 5" in shown


def test_what_was_caught_by_mistake_is_taken_out(world: World) -> None:
    client = world.client("teacher")
    client.post(step(world, "celebrate"), caught("Wrong"))
    with world.within():
        one = Action.objects.get(plan=world.plans["maisie"])
    client.post(step(world, "celebrate"), {"notes": "", "notes_base": "", "do": f"out:action:{one.pk}"})
    with world.within():
        assert not Action.objects.filter(pk=one.pk).exists()
    assert (
        client.post(step(world, "celebrate"), {"do": "out:action:x", "notes": "", "notes_base": ""}).status_code == 200
    )


def record(**more: Any) -> dict[str, Any]:
    return {"on-day": "24", "on-month": "11", "on-year": "2026", "child": "yes", "next_on-day": "2", "next_on-month": "3",
            "next_on-year": "2027"} | more  # fmt: skip


def test_the_meeting_is_recorded_and_fills_the_plans_own_fields(world: World) -> None:
    client = world.client("teacher")
    client.post(step(world, "celebrate"), {"notes": "Otter on the wall", "notes_base": "", "do": "save"})
    client.post(step(world, "actions"), {"notes": "All agreed", "notes_base": "", "do": "save"})
    with world.within():
        people = {one.name: one.pk for one in Attendee.objects.filter(meeting__plan=world.plans["maisie"])}
    sent = record(here=[people["Sue Palmer"], people["Asha Khan"], people["Danielle Frost"]], dissent="Sue: too soon")
    assert client.post(world.url("maisie", "meeting/record/"), sent).status_code == 302
    plan = world.plan("maisie")
    assert (plan.state, plan.meeting_on) == (Plan.State.MEETING_HELD, TODAY)
    found = meeting(world)
    assert (found.state, found.is_child_present, found.next_on) == ("held", True, date(2027, 3, 2))
    with world.within():
        came = dict(Attendee.objects.filter(meeting=found).values_list("name", "came"))
    assert came["Sue Palmer"] == "present" and came["Ruth Ellery"] == "absent"
    for key, words in {
        "meeting.child_there": "all", "meeting.celebrate": "Otter on the wall", "meeting.summary": "All agreed",
        "meeting.disagreed": "Sue: too soon",
    }.items():  # fmt: skip
        held = world.answer("maisie", key)
        assert (held.value, held.source) == (words, "service"), key
    shown = text_of(client.get(world.url("maisie", "meeting/")))
    assert "Meeting of 24 November 2026" in shown and "Maisie was there" in shown and "2 March 2027" in shown


def test_what_somebody_wrote_in_the_plan_is_not_written_over(world: World) -> None:
    answer(world, "meeting.summary", "My own words")
    client = world.client("teacher")
    client.post(step(world, "actions"), {"notes": "All agreed", "notes_base": "", "do": "save"})
    client.post(world.url("maisie", "meeting/record/"), record())
    assert world.answer("maisie", "meeting.summary").value == "My own words"


def test_a_child_who_was_not_there_needs_a_reason(world: World) -> None:
    client = world.client("teacher")
    url = world.url("maisie", "meeting/record/")
    assert "Say why Maisie was not there" in text_of(client.post(url, record(child="no")))
    assert world.plan("maisie").state == Plan.State.OPEN
    assert client.post(url, record(child="no", child_absent_why="In lessons", views="helped")).status_code == 302
    assert world.answer("maisie", "voice.how").value == "helped"
    assert world.answer("maisie", "meeting.child_why_not").value == "In lessons"


def test_no_social_worker_at_the_meeting_is_said_and_not_blocked(world: World) -> None:
    client = world.client("teacher")
    shown = text_of(client.post(world.url("maisie", "meeting/record/"), record(), follow=True))
    assert "The social worker was not there: say in the meeting’s section why" in shown
    assert world.plan("maisie").state == Plan.State.MEETING_HELD


def test_a_meeting_to_come_is_not_recorded(world: World) -> None:
    shown = text_of(world.client("teacher").post(world.url("maisie", "meeting/record/"), record(**{"on-day": "25"})))
    assert "must be on or before 24 November 2026" in shown


def test_the_record_is_corrected_while_the_plan_is_written_and_takes_signatures_away(world: World) -> None:
    client = world.client("teacher")
    client.post(world.url("maisie", "meeting/record/"), record())
    plan = world.plan("maisie")
    with world.within():
        Signature.objects.create(
            authority=world.here, child=world.children["maisie"], plan=plan, role="social_worker",
            person=world.people["social worker"], name="Danielle Frost", content_hash=content_hash(plan),
        )  # fmt: skip
    client.post(world.url("maisie", "meeting/record/"), record(child="no", child_absent_why="Ill"))
    found = meeting(world)
    assert (found.is_child_present, found.child_absent_why) == (False, "Ill")
    with world.within():
        [signature] = Signature.objects.filter(plan=world.plans["maisie"])
    assert signature.withdrawn_at is not None
    assert world.plan("maisie").state == Plan.State.MEETING_HELD


def test_after_the_plan_is_sent_nobody_writes_in_the_meeting(world: World) -> None:
    with world.within():
        Plan.objects.filter(pk=world.plans["maisie"].pk).update(state=Plan.State.SUBMITTED)
    for who in ("teacher", "social worker", "head"):
        answer = world.client(who).post(step(world, "celebrate"), {"notes": "late", "notes_base": "", "do": "save"})
        assert answer.status_code == 403, who
    assert meeting(world).notes == ""


def test_the_adults_of_the_meeting_read_what_was_noted_and_decided(world: World) -> None:
    client = world.client("teacher")
    client.post(step(world, "needs"), caught("Ring the clinic", notes="Worried about the placement"))
    client.post(world.url("maisie", "meeting/record/"), record())
    for who in ("carer", "social worker", "reviewing officer"):
        shown = text_of(world.client(who).get(world.url("maisie", "meeting/")))
        assert "Ring the clinic" in shown and "Worried about the placement" in shown, who


def test_a_key_that_is_no_key_is_refused(world: World) -> None:
    assert world.client("teacher").post(step(world, "celebrate"), caught("Ring", once="x")).status_code == 200
    with world.within():
        assert not Action.objects.filter(plan=world.plans["maisie"]).exists()
    assert world.client("teacher").get(step(world, "nowhere")).status_code == 404


def test_the_number_of_queries_does_not_grow_with_what_is_caught(
    world: World, django_assert_max_num_queries: Any
) -> None:
    client = world.client("teacher")
    for number in range(6):
        client.post(step(world, "actions"), caught(f"Action {number}"))
    with django_assert_max_num_queries(45):
        client.get(step(world, "actions"))
    with django_assert_max_num_queries(45):
        client.post(step(world, "actions"), {"notes": "x", "notes_base": "", "do": "save"}, headers=JSON)
