"""What was promised lives on: whose it is, what is late, what came of it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction

from virtual_school.access.person import person_of
from virtual_school.audit.models import Event
from virtual_school.identity.acting import acting
from virtual_school.plans.models import Action

from .writing_world import TODAY, World


@pytest.fixture
def world(made_world: World) -> Iterator[World]:
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield made_world


def promise(
    world: World, what: str, *, child: str = "maisie", owner: str = "", due: date | None = None, **more: Any
) -> Action:
    with world.within():
        return Action.objects.create(
            authority_id=world.children[child].authority_id, child=world.children[child], plan=world.plans[child],
            what=what, owner=world.people[owner] if owner else None,
            owner_name=world.people[owner].name if owner else "Tom Ives", due_on=due, **more,
        )  # fmt: skip


def text_of(response: Any) -> str:
    return response.content.decode().replace("&#x27;", "’")


def held(world: World, action: Action) -> Action:
    with world.within():
        return Action.objects.get(pk=action.pk)


def test_one_sees_first_what_one_promised_oneself_and_what_is_late(world: World) -> None:
    promise(world, "Ask about the laptop", owner="social worker", due=date(2026, 11, 20))
    promise(world, "Find a tutor", owner="teacher", due=date(2026, 12, 4))
    client = world.client("social worker")
    shown = text_of(client.get("/actions/"))
    assert "What you promised" in shown and "1 to do, 1 of them overdue" in shown
    assert "Ask about the laptop" in shown and "4 days late" in shown and "Find a tutor" not in shown
    assert "Find a tutor" in text_of(client.get("/actions/?show=all"))
    assert "Find a tutor" not in text_of(client.get("/actions/?show=all&state=overdue"))


def test_a_teacher_with_pupils_of_three_councils_sees_all_they_promised(world: World) -> None:
    promise(world, "Ring Zainab", child="zainab", owner="teacher", due=TODAY)
    promise(world, "Ring Maisie", owner="teacher", due=TODAY)
    shown = text_of(world.client("teacher").get("/actions/"))
    assert "Ring Zainab" in shown and "Ring Maisie" in shown
    assert "Ring Zainab" not in text_of(world.client("head").get("/actions/?show=all"))


def test_what_is_done_says_what_came_of_it(world: World) -> None:
    one = promise(world, "Ask about the laptop", owner="social worker", due=date(2026, 11, 20))
    client = world.client("social worker")
    url = f"/actions/{one.public_id}/"
    assert client.post(url, {"state": "done", "outcome": "It came on Monday"}).status_code == 302
    found = held(world, one)
    assert (found.state, found.done_on, found.outcome) == ("done", TODAY, "It came on Monday")
    with world.within():
        assert Event.objects.filter(action="action.done", child_id=world.children["maisie"].pk).count() == 1
    assert "It came on Monday" in text_of(
        client.get(f"/children/{world.children['maisie'].public_id}/actions/?state=done")
    )
    client.post(f"{url}reopen/")
    assert (held(world, one).state, held(world, one).done_on) == ("open", None)


def test_what_will_not_be_done_needs_a_reason(world: World) -> None:
    one = promise(world, "Find a tutor", owner="teacher")
    client = world.client("teacher")
    url = f"/actions/{one.public_id}/"
    assert "Say why it will not be done" in text_of(client.post(url, {"state": "not_done"}))
    assert held(world, one).state == "open"
    client.post(url, {"state": "not_done", "outcome": "None in the town; her aunt helps"})
    assert held(world, one).state == "not_done"


def test_it_cannot_be_done_tomorrow(world: World) -> None:
    one = promise(world, "Find a tutor", owner="teacher")
    sent = {"state": "done", "done_on-day": "25", "done_on-month": "11", "done_on-year": "2026"}
    shown = text_of(world.client("teacher").post(f"/actions/{one.public_id}/", sent))
    assert "must be on or before 24 November 2026" in shown


MARKS = {
    "teacher": 302, "social worker": 302, "adviser": 302, "head": 302, "carer": 403, "reviewing officer": 403,
    "inspector": 403, "other teacher": 404, "other social worker": 404, "other head": 404, "board member": 403,
}  # fmt: skip


@pytest.mark.parametrize("who", MARKS)
def test_who_may_say_what_came_of_it(world: World, who: str) -> None:
    one = promise(world, "Find a tutor")
    answer = world.client(who).post(f"/actions/{one.public_id}/", {"state": "done"})
    assert answer.status_code == MARKS[who]
    assert held(world, one).state == ("done" if MARKS[who] == 302 else "open")


def test_a_carer_marks_what_they_promised_themselves(world: World) -> None:
    one = promise(world, "Read every night", owner="carer")
    assert world.client("carer").post(f"/actions/{one.public_id}/", {"state": "done"}).status_code == 302
    assert held(world, one).state == "done"


def test_a_reviewing_officer_marks_what_they_promised_themselves_and_opens_it_again(world: World) -> None:
    one = promise(world, "Ask at the review", owner="reviewing officer")
    client = world.client("reviewing officer")
    assert client.post(f"/actions/{one.public_id}/", {"state": "done", "outcome": "Asked"}).status_code == 302
    assert (held(world, one).state, held(world, one).outcome) == ("done", "Asked")
    client.post(f"/actions/{one.public_id}/reopen/")
    assert held(world, one).state == "open"


def test_the_database_lets_a_reviewing_officer_change_their_own_promises_and_no_others(world: World) -> None:
    mine = promise(world, "Ask at the review", owner="reviewing officer")
    promise(world, "Find a tutor", owner="teacher")
    with acting(person_of(world.people["reviewing officer"]).claims):
        assert Action.objects.count() == 2
        assert Action.objects.update(state="done") == 1
        with pytest.raises(DatabaseError), transaction.atomic():
            Action.objects.filter(pk=mine.pk).update(owner=world.people["teacher"])
    assert held(world, mine).state == "done"


def test_the_list_takes_no_more_queries_for_more_actions(world: World, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        promise(world, f"Action {number}", owner="teacher", due=TODAY)
    client = world.client("teacher")
    with django_assert_max_num_queries(20):
        client.get("/actions/")
