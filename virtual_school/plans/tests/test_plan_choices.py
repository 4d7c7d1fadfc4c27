"""What a council chooses for its plans counts: reviews without a meeting, moves of home, who is at every meeting."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from virtual_school.authorities.models import PolicyVersion
from virtual_school.care.actions import work_out_history
from virtual_school.care.models import Episode
from virtual_school.plans.models import Meeting, Plan
from virtual_school.plans.moving import Followed, follow_changes
from virtual_school.plans.policy import PlanPolicy, plan_policy
from virtual_school.plans.settings_policy import changes_between

from .closing_world import to_state
from .meeting_world import plan_meeting
from .writing_world import HERE, LONG_AGO, TODAY, World


@pytest.fixture
def world(made_world: World, settings: Any, tmp_path: Any) -> Iterator[World]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield made_world


def choose(world: World, **choices: Any) -> None:
    with world.within():
        PolicyVersion.objects.create(authority=world.here, starts=LONG_AGO, choices={"plans": choices})


def text_of(page: Any) -> str:
    return page.content.decode()


def is_a_review(world: World) -> None:
    with world.within():
        Plan.objects.filter(pk=world.plans["maisie"].pk).update(kind="review")


REASON = {"reason": "Nothing has changed since the meeting in the summer"}


def test_the_school_reviews_a_plan_without_a_meeting_once_a_year_and_the_social_worker_does_not_sign(
    world: World,
) -> None:
    is_a_review(world)
    teacher = world.client("teacher")
    assert "Review it without a meeting" in text_of(teacher.get(world.url("maisie")))
    assert "none used so far" in text_of(teacher.get(world.url("maisie", "without-meeting/")))
    assert "Say why" in text_of(teacher.post(world.url("maisie", "without-meeting/"), {"reason": ""}))
    assert teacher.post(world.url("maisie", "without-meeting/"), REASON).status_code == 302
    plan = world.plan("maisie")
    assert plan.kind == "school_review" and plan.clocks["way"][-1]["why"] == REASON["reason"]
    page = text_of(teacher.get(world.url("maisie")))
    assert "No meeting this term" in page and "Arrange the meeting" not in page
    with world.within():
        later = Plan.objects.create(
            authority=world.here, child=plan.child, term="2026/27-spring", phase=plan.phase, template=plan.template,
            state="open", school=plan.school,
        )  # fmt: skip
    refused = text_of(teacher.get(f"/plans/{later.public_id}/without-meeting/"))
    assert "once a school year, and that is used" in refused
    with world.within():
        Plan.objects.filter(pk=later.pk).update(term="2027/28-autumn")
    assert "Not now." not in text_of(teacher.get(f"/plans/{later.public_id}/without-meeting/"))


def test_a_meeting_is_held_after_all(world: World) -> None:
    is_a_review(world)
    teacher = world.client("teacher")
    teacher.post(world.url("maisie", "without-meeting/"), REASON)
    assert "Hold a meeting after all" in text_of(teacher.get(world.url("maisie")))
    assert teacher.post(world.url("maisie", "with-meeting/")).status_code == 302
    assert world.plan("maisie").kind == "review"


def test_a_council_that_wants_a_meeting_every_term_has_one(world: World) -> None:
    is_a_review(world)
    choose(world, school_reviews_a_year=0)
    teacher = world.client("teacher")
    assert "every plan has a meeting" in text_of(teacher.post(world.url("maisie", "without-meeting/"), REASON))
    assert "Review it without a meeting" not in text_of(teacher.get(world.url("maisie")))
    assert world.plan("maisie").kind == "review"


def test_a_first_plan_and_one_with_a_meeting_arranged_are_not_done_without_one(world: World) -> None:
    teacher = world.client("teacher")
    with world.within():
        Plan.objects.filter(pk=world.plans["maisie"].pk).update(kind="first")
    assert "needs a meeting" in text_of(teacher.post(world.url("maisie", "without-meeting/"), REASON))
    is_a_review(world)
    plan_meeting(world)
    assert "A meeting is arranged" in text_of(teacher.post(world.url("maisie", "without-meeting/"), REASON))


@pytest.mark.parametrize("who", ["social worker", "carer", "inspector"])
def test_others_do_not_choose_it(world: World, who: str) -> None:
    is_a_review(world)
    assert world.client(who).post(world.url("maisie", "without-meeting/"), REASON).status_code == 403
    assert world.plan("maisie").kind == "review"


def moves_home(world: World, child: str, on: date, place: str = "U4") -> None:
    with world.within():
        Episode.objects.filter(child=world.children[child], ends__isnull=True).update(ends=on, end_reason="X1")
        Episode.objects.create(authority=world.here, child=world.children[child], starts=on, new_reason="P",
                               legal_status="C2", place=place, provider="PR1", place_postcode="S9 9ZZ")  # fmt: skip
        work_out_history(HERE, [world.children[child].pk])


def opened_before(world: World) -> None:
    with world.within():
        Plan.objects.update(opened_on=TODAY - timedelta(days=20))


def test_after_a_move_of_home_the_plan_being_written_comes_forward_where_the_council_asks(world: World) -> None:
    opened_before(world)
    choose(world, new_plan_on_placement_change=True)
    moves_home(world, "maisie", date(2026, 11, 2))
    before = world.plan("maisie")
    with world.within():
        assert follow_changes(HERE) == Followed(brought_forward=0)  # opened after the move
        Plan.objects.update(opened_on=date(2026, 10, 1))
        assert follow_changes(HERE) == Followed(brought_forward=1)
        assert follow_changes(HERE) == Followed()
    plan = world.plan("maisie")
    assert plan.due_on == date(2026, 11, 30) and plan.due_on < before.due_on
    assert plan.clocks["way"][-1]["why"] == "Moved to another home on 2 November 2026"


def test_after_a_move_of_home_one_more_plan_follows_one_that_is_done(world: World) -> None:
    choose(world, new_plan_on_placement_change=True)
    to_state(world, "maisie", "published")
    later = TODAY + timedelta(days=7)
    moves_home(world, "maisie", later)
    with time_machine.travel(f"{later.isoformat()} 10:00:00+00:00", tick=False), world.within():
        assert follow_changes(HERE).opened == 1
        new = Plan.objects.get(child=world.children["maisie"], state="open")
        assert (new.kind, new.opened_why) == ("extra", "Moved to another home")
        assert follow_changes(HERE) == Followed()
        Plan.objects.filter(pk=new.pk).update(state="published")
        assert follow_changes(HERE) == Followed()


def test_without_that_choice_a_move_of_home_opens_nothing(world: World) -> None:
    to_state(world, "maisie", "published")
    later = TODAY + timedelta(days=7)
    moves_home(world, "maisie", later)
    with time_machine.travel(f"{later.isoformat()} 10:00:00+00:00", tick=False), world.within():
        assert follow_changes(HERE) == Followed()


def test_respite_is_no_move(world: World) -> None:
    choose(world, new_plan_on_placement_change=True)
    to_state(world, "maisie", "published")
    later = TODAY + timedelta(days=7)
    moves_home(world, "maisie", later, place="T1")
    with time_machine.travel(f"{later.isoformat()} 10:00:00+00:00", tick=False), world.within():
        assert follow_changes(HERE) == Followed()


def test_who_is_at_every_meeting_is_the_councils_choice(world: World) -> None:
    plan_meeting(world)
    with world.within():
        Meeting.objects.get().attendees.filter(role="Carer").update(role="Foster carer")
    assert "Not invited: carer." not in text_of(world.client("teacher").get(world.url("maisie", "meeting/")))
    with world.within():
        Meeting.objects.get().attendees.filter(role__in=["Foster carer", "Independent reviewing officer"]).delete()
    page = text_of(world.client("teacher").get(world.url("maisie", "meeting/")))
    assert "Not invited: carer." in page
    choose(world, must_come=["social_worker", "reviewing_officer"])
    page = text_of(world.client("teacher").get(world.url("maisie", "meeting/")))
    assert "Not invited: independent reviewing officer." in page


def test_a_choice_of_who_is_at_every_meeting_is_told_in_words() -> None:
    after = plan_policy({"must_come": ["social_worker"]})
    (change,) = changes_between(PlanPolicy(), after)
    assert change.before == "social worker, designated teacher, carer" and change.after == "social worker"
