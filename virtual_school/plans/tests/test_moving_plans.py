"""Children who move school, leave care, come back or turn eighteen while their plan is being written."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from virtual_school.care.actions import work_out_history
from virtual_school.care.models import CarePeriod, Episode
from virtual_school.children.models import Child, FormerName, Involvement, Sensitivity
from virtual_school.duties.tasks import refresh
from virtual_school.plans.delegating import WHY
from virtual_school.plans.exporting import as_service, whole_json
from virtual_school.plans.models import Delegation, Plan, Target
from virtual_school.plans.moving import Followed, follow_changes
from virtual_school.plans.opening_due import open_what_is_due
from virtual_school.schools.actions import refresh_involvements
from virtual_school.schools.models import DesignatedTeacher, Enrolment

from .closing_world import moves_school, to_state
from .writing_world import HERE, LONG_AGO, TODAY, World, a_child


@pytest.fixture
def world(made_world: World, settings: Any, tmp_path: Any) -> Iterator[World]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield made_world


def leaves_care(world: World, child: str, on: date, reason: str = "E4A") -> None:
    Episode.objects.filter(child=world.children[child], ends__isnull=True).update(ends=on, end_reason=reason)
    work_out_history(HERE, [world.children[child].pk])
    refresh_involvements(HERE, [world.children[child].pk])


def test_a_child_who_moves_school_gets_a_plan_there_and_the_old_teacher_loses_them(world: World) -> None:
    with world.within():
        Plan.objects.filter(child=world.children["maisie"]).update(opened_on=TODAY - timedelta(days=20))
        moves_school(world, "maisie", "other teacher", TODAY)
        done = follow_changes(HERE, [world.children["maisie"].pk])
        assert (done.closed, done.opened) == (1, 1)
        old = world.plans["maisie"]
        old.refresh_from_db()
        assert old.state == "closed_moved" and old.closed_why == "Started at Thornbury School on 24 November 2026"
        new = Plan.objects.get(child=world.children["maisie"], state="open")
        assert new.school == world.schools["other teacher"]
        assert new.due_on == date(2026, 12, 8)  # 10 working days
        assert follow_changes(HERE, [world.children["maisie"].pk]) == Followed()
    assert world.client("teacher").get(world.url("maisie")).status_code == 404
    assert world.client("other teacher").get(world.url("maisie")).status_code == 200
    assert world.client("other teacher").get(f"/plans/{new.public_id}/").status_code == 200


def test_a_child_who_moves_between_sending_in_and_checking(world: World) -> None:
    to_state(world, "maisie", "submitted")
    later = TODAY + timedelta(days=1)
    with time_machine.travel(f"{later.isoformat()} 10:00:00+00:00", tick=False), world.within():
        moves_school(world, "maisie", "other teacher", later)
        follow_changes(HERE)
        old = Plan.objects.get(pk=world.plans["maisie"].pk)
        assert (old.state, old.submitted_on) == ("closed_moved", TODAY)
        assert Plan.objects.filter(child=world.children["maisie"], state="open").count() == 1
        assert Target.objects.filter(child=world.children["maisie"], state="open").count() == 1


def test_a_child_who_moves_after_the_plan_is_published_gets_one_more_plan_that_follows_it(world: World) -> None:
    to_state(world, "maisie", "published")
    later = TODAY + timedelta(days=1)
    with time_machine.travel(f"{later.isoformat()} 10:00:00+00:00", tick=False), world.within():
        moves_school(world, "maisie", "other teacher", later)
        assert follow_changes(HERE).opened == 1
        new = Plan.objects.get(child=world.children["maisie"], state="open")
        assert (new.kind, new.previous_id) == ("extra", world.plans["maisie"].pk)
        assert Plan.objects.get(pk=world.plans["maisie"].pk).state == "published"
        assert follow_changes(HERE) == Followed()
        assert open_what_is_due(world.here, later).made == 0


def test_a_move_known_late_gives_the_untouched_plan_to_the_right_school(world: World) -> None:
    with world.within():
        moves_school(world, "maisie", "other teacher", TODAY - timedelta(days=10))
        assert follow_changes(HERE).closed == 0
        assert Plan.objects.get(pk=world.plans["maisie"].pk).school == world.schools["other teacher"]


def test_leaving_care_closes_the_plan_with_why_and_opens_none(world: World) -> None:
    with world.within():
        leaves_care(world, "maisie", TODAY)
        assert follow_changes(HERE) == Followed(closed=1)
        plan = Plan.objects.get(pk=world.plans["maisie"].pk)
        assert plan.state == "closed_left_care"
        assert plan.closed_why == "Left care on 24 November 2026: went home to parents or relatives, as planned"
        assert open_what_is_due(world.here, TODAY).made == 0


def test_another_authority_takes_over_the_care(world: World) -> None:
    with world.within():
        leaves_care(world, "maisie", TODAY, "E3")
        follow_changes(HERE)
        plan = Plan.objects.get(pk=world.plans["maisie"].pk)
        assert plan.state == "closed_left_care" and "taken over by another authority" in plan.closed_why


def test_the_eighteenth_birthday_in_term_closes_the_plan(world: World) -> None:
    with world.within():
        Child.objects.filter(pk=world.children["maisie"].pk).update(born=date(2008, 11, 24))
        assert follow_changes(HERE, on=date(2026, 11, 23)).closed == 0
        assert follow_changes(HERE, on=TODAY).closed == 1
        plan = Plan.objects.get(pk=world.plans["maisie"].pk)
        assert (plan.state, plan.closed_why) == ("closed_18", "Turned 18 on 24 November 2026")


def test_three_weeks_in_care_and_back_again_begins_anew(world: World) -> None:
    came, left, back = (TODAY + timedelta(days=n) for n in (0, 21, 24))
    with world.within():
        nora = a_child(world, world.here, "Nora New", born=date(2015, 1, 1), came_in=came)
        work_out_history(HERE)
        assert follow_changes(HERE, [nora.pk], on=came).opened == 1
    with time_machine.travel(f"{left.isoformat()} 10:00:00+00:00", tick=False), world.within():
        leaves_care(world, "nora", left)
        assert follow_changes(HERE, [nora.pk]).closed == 1
    with time_machine.travel(f"{back.isoformat()} 10:00:00+00:00", tick=False), world.within():
        Episode.objects.create(authority=world.here, child=nora, starts=back, new_reason="S", legal_status="C2",
                               place="U4", provider="PR1", place_postcode="S1 1AA")  # fmt: skip
        work_out_history(HERE)
        assert CarePeriod.objects.filter(child=nora).count() == 2
        assert follow_changes(HERE, [nora.pk]).opened == 1
        plan = Plan.objects.get(child=nora, state="open")
        assert (plan.kind, plan.previous_id, plan.opened_why) == ("first", None, "Came into care")
        assert Plan.objects.filter(child=nora).count() == 2


def test_a_teacher_who_leaves_takes_their_colleagues_along(world: World) -> None:
    with world.within():
        tom, maisie = world.people["other social worker"], world.children["maisie"]
        held = Delegation.objects.create(
            authority=world.here, child=maisie, by=world.people["teacher"], to=tom, starts=LONG_AGO
        )
        Involvement.objects.create(
            authority=world.here, child=maisie, person=tom, role="delegate", starts=LONG_AGO, why=WHY
        )
        assert follow_changes(HERE).delegations_ended == 0
        DesignatedTeacher.objects.filter(person=world.people["teacher"]).update(ends=TODAY)
        refresh_involvements(HERE)
        assert follow_changes(HERE).delegations_ended == 1
        held.refresh_from_db()
        assert held.ends == TODAY
        assert not Involvement.objects.filter(person=tom, role="delegate").exclude(ends__lte=TODAY).exists()
        assert world.plans["maisie"].state == "open"


def test_a_child_without_a_school_for_two_weeks_has_a_plan_for_that(world: World) -> None:
    left = TODAY + timedelta(days=1)
    with world.within():
        Enrolment.objects.filter(child=world.children["maisie"]).update(ends=left)
        assert follow_changes(HERE, on=left + timedelta(days=13)).closed == 0
        done = follow_changes(HERE, on=left + timedelta(days=14))
        assert (done.closed, done.opened) == (1, 1)
        assert Plan.objects.get(child=world.children["maisie"], state="open").phase == "not_on_roll"


def test_a_plan_kept_up_after_care_by_agreement_stays_open(world: World) -> None:
    with world.within():
        Plan.objects.filter(pk=world.plans["maisie"].pk).update(phase="previously_looked_after")
        leaves_care(world, "maisie", TODAY)
        assert follow_changes(HERE) == Followed()


def test_the_nightly_refresh_of_duties_follows_the_records_first(world: World) -> None:
    with world.within():
        leaves_care(world, "maisie", TODAY)
    refresh(HERE)
    assert world.plan("maisie").state == "closed_left_care"


def test_a_child_placed_for_adoption_keeps_the_plan_which_names_them_as_now_and_shows_it_to_the_named_alone(
    world: World,
) -> None:
    with world.within():
        maisie = world.children["maisie"]
        Episode.objects.filter(child=maisie, ends__isnull=True).update(ends=TODAY, end_reason="X1")
        Episode.objects.create(authority=world.here, child=maisie, starts=TODAY, new_reason="P", legal_status="E1",
                               place="A5", provider="PR1", place_postcode="S9 9ZZ")  # fmt: skip
        work_out_history(HERE, [maisie.pk])
        FormerName.objects.create(authority=world.here, child=maisie, forename="Zoraida", surname="Quill")
        assert follow_changes(HERE) == Followed()
        plan = Plan.objects.select_related("template", "school", "child__authority").get(pk=world.plans["maisie"].pk)
        told = whole_json(as_service(plan)).decode()
        assert "Zoraida" not in told and "Quill" not in told and "S9 9ZZ" not in told
        Sensitivity.objects.create(authority=world.here, child=maisie, kind="adoption", since=TODAY)
        Involvement.objects.filter(child=maisie, person=world.people["social worker"]).update(is_named=True)
    assert world.client("teacher").get(world.url("maisie", "print/json/")).status_code == 404
    assert world.client("adviser").get(world.url("maisie", "print/json/")).status_code == 404
    assert world.client("social worker").get(world.url("maisie", "print/json/")).status_code == 200
