"""Measures of what adults did with what children said: who counts, who does not, and what stands beside it."""

import datetime
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.voice import measures
from virtual_school.voice.measures import OneAsk, OneChild, OnePromise
from virtual_school.voice.models import Entry, Invitation
from virtual_school.voice.tests.world import CODE, begun, make_world, say, share

MET, TODAY = date(2026, 11, 20), date(2026, 11, 24)


def child(**such: Any) -> OneChild:
    return OneChild(**{"meeting_on": MET, **such})


def test_a_child_is_heard_by_their_own_answer_and_by_nothing_an_adult_says() -> None:
    held = [
        child(heard_on=date(2026, 11, 12), how="alone"), child(heard_on=date(2026, 11, 12), how="helped"),
        child(heard_on=date(2026, 11, 12), how="observed", watched_on=date(2026, 11, 12)), child(why_not="refused"), child(),
        child(meeting_on=date(2026, 12, 4)),
    ]  # fmt: skip
    found = measures.heard_from(held, TODAY, {"alone": "alone", "helped": "helped"})
    assert (found.n, found.of) == (2, 5)
    assert dict(found.beside) == {
        "alone": 1, "helped": 1, "watched by two adults, not asked": 1, "a reason why there are no views": 1,
        "nothing at all": 1,
    }  # fmt: skip


def test_things_asked_for_count_when_the_child_was_told_in_time() -> None:
    by = date(2026, 11, 23)
    asks = [
        OneAsk(meeting_on=MET, tell_by=by, told_on=by), OneAsk(meeting_on=MET, tell_by=by, told_on=TODAY),
        OneAsk(meeting_on=MET), OneAsk(meeting_on=MET, tell_by=date(2026, 11, 27)), OneAsk(),
    ]  # fmt: skip
    found = measures.told_in_time(asks, TODAY)
    assert (found.n, found.of, found.left_out) == (1, 3, "2 whose time is not over")
    assert dict(found.beside) == {"told late": 1, "no answer of the meeting": 1}


def test_promises_changed_broken_and_late_stand_beside_those_that_were_kept() -> None:
    promises = [
        OnePromise(due_on=MET, state="done", done_on=MET, judged="yes"),
        OnePromise(due_on=MET, state="done", done_on=TODAY, judged="no"),
        OnePromise(due_on=MET, state="broken"), OnePromise(due_on=MET, state="made"),
        OnePromise(due_on=MET, state="changed"), OnePromise(due_on=MET, state="withdrawn"),
        OnePromise(due_on=date(2026, 12, 1), state="made", judged="a_bit"),
    ]  # fmt: skip
    found = measures.kept(promises, TODAY)
    assert (found.n, found.of) == (1, 5)
    assert dict(found.beside) == {"done late": 1, "changed": 1, "not kept, and said so": 1, "late": 1}
    said = measures.made_a_difference(promises)
    assert (said.n, said.of, dict(said.beside)) == (2, 3, {"no": 1})


def test_an_answer_counts_for_the_plan_when_an_action_carries_it_out() -> None:
    asks = [OneAsk(tell_by=MET, is_in_plan=True), OneAsk(tell_by=MET), OneAsk()]
    found = measures.changed_the_plan(asks)
    assert (found.n, found.of) == (1, 2)


def test_of_few_no_share_is_drawn() -> None:
    few, many = (measures.Measure(key="k", title="", n=1, of=of, of_words="") for of in (4, 5))
    assert few.share == "" and many.share == "20%"


@pytest.mark.django_db
def test_the_page_counts_one_child_who_was_asked_and_shared_in_time() -> None:
    world = make_world()
    child_ = begun(world)
    say(child_, "k2.ask", text="A quiet room")
    share(child_, k2_ask=["everyone_in_meeting"])
    entry = world.entry()
    today = timezone.localdate()
    with acting(service(CODE)):
        Invitation.objects.update_or_create(
            authority_id=CODE, child=world.child, cycle=entry.cycle, speaker="child", speaker_name="",
            defaults={"meeting_on": today, "told_on": today - datetime.timedelta(days=40)},
        )  # fmt: skip
        Entry.objects.filter(pk=entry.pk).update(read_at=timezone.now())
    for role in (Role.VIRTUAL_SCHOOL_HEAD, Role.DATA_OFFICER):
        page = world.client(role).get("/voice/measures/")
        found = {one.key: (one.n, one.of) for one in page.context["measures"]}
        assert found["asked"] == (1, 1) and found["heard"] == (1, 1) and found["read"] == (1, 1), role
        assert found["answered"] == (0, 0), role
    assert world.client(Role.DESIGNATED_TEACHER).get("/voice/measures/").status_code == 403
