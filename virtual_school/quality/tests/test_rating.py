"""Rating a plan: drafts, approving and sending back, both ratings kept, and who may not rate."""

from typing import Any

import pytest

from virtual_school.access.person import person_of
from virtual_school.identity.acting import acting
from virtual_school.plans.models import Answer, Plan, PlanSection
from virtual_school.plans.refused import Refused
from virtual_school.plans.tests.writing_world import TODAY
from virtual_school.quality.actions import WROTE_IT, Said, save_check
from virtual_school.quality.models import Comment, Mark, Middle, Rating, Result
from virtual_school.quality.queries import rated_plans
from virtual_school.quality.versions import put_in_force, start_draft

from .world import World, all_marks, around, does, make, rate, sent_in, sent_in_again


def made() -> World:
    world = make()
    sent_in(world, "maisie")
    return world


def test_a_rated_plan_is_approved_with_the_result_its_marks_come_to(world: World) -> None:
    rating = rate(world, "maisie", level="2", said=[Said("school", "Sharp targets", "targets", "Sharp targets", True)])
    plan = world.plan("maisie")
    assert (plan.state, plan.rating, plan.approved_by_name) == ("approved", "Good", "Priya Nair")
    with world.within():
        held = Rating.objects.get(pk=rating.pk)
        assert (held.round, held.outcome, held.is_last, held.finished_on) == (1, "approved", True, TODAY)
        results = dict(Result.objects.filter(rating=held).values_list("side", "label"))
        assert results == {"school": "Good", "social_work": "Good"}
        assert set(Mark.objects.filter(rating=held).values_list("points", "most")) == {(2, 3)}
        assert Comment.objects.get(rating=held).theme == "Sharp targets"


def test_the_first_save_takes_the_plan_and_a_draft_is_told_to_nobody(world: World) -> None:
    does(world, "adviser", "maisie", save_check, marks={"voice": "1"}, said=[Said("school", "More of the child")])
    assert world.plan("maisie").state == "in_qa"
    teacher = world.client("teacher").get(world.url("maisie"))
    assert "More of the child" not in teacher.content.decode()
    does(world, "adviser", "maisie", save_check, marks={"voice": "2"}, said=[])
    with world.within():
        assert list(Mark.objects.values_list("key", "level")) == [("voice", "2")]
        assert Comment.objects.count() == 0


def test_a_plan_sent_back_keeps_its_first_rating_beside_the_final_one(world: World) -> None:
    rate(
        world, "maisie", level="1", outcome="returned", sections={"targets": "Give each target a number and a day"}
    )  # fmt: skip
    with world.within():
        plan = Plan.objects.get(pk=world.plans["maisie"].pk)
        assert (plan.state, plan.returned_why, plan.rating) == ("returned", "Good. One thing to mend.", "")
        section = PlanSection.objects.get(plan=plan, key="targets")
        assert section.is_named_in_return and section.returned_why == "Give each target a number and a day"
    sent_in_again(world, "maisie")
    rate(world, "maisie", level="3")
    with world.within():
        rounds = list(Rating.objects.order_by("round").values_list("round", "outcome", "is_last"))
        assert rounds == [(1, "returned", False), (2, "approved", True)]
        told = rated_plans(world.here.code)[world.plans["maisie"].pk]
        assert (told.first.label, told.final.label, told.returned) == ("Inadequate", "Outstanding", 1)
        assert told.social_work is not None and told.social_work.label == "Outstanding"


def test_nothing_is_finished_while_a_criterion_has_no_mark(world: World) -> None:
    marks = all_marks(world, "maisie", "2")
    marks.pop("voice")
    does(world, "adviser", "maisie", save_check, marks=marks, said=[])
    with pytest.raises(Refused, match="Not rated yet: The child’s voice, and what it changed"):
        _finish(world, "adviser")
    assert world.plan("maisie").state == "in_qa"


def _finish(world: World, who: str, outcome: str = "approved") -> Any:
    from virtual_school.quality.actions import finish_check

    with world.within():
        rating = Rating.objects.get(finished_at__isnull=True)
    return does(world, who, "maisie", finish_check, rating=rating, outcome=outcome)


def test_a_plan_sent_back_names_what_is_to_be_mended(world: World) -> None:
    does(world, "adviser", "maisie", save_check, marks=all_marks(world, "maisie", "1"), said=[])
    with pytest.raises(Refused, match="Say why"):
        _finish(world, "adviser", "returned")
    with world.within():
        assert Result.objects.count() == 0  # nothing half saved


def test_nobody_rates_a_plan_they_wrote_in(world: World) -> None:
    with world.within():
        Answer.objects.filter(plan=world.plans["maisie"], field_key="progress.strengths").update(
            by_id=world.people["adviser"].pk
        )
    with pytest.raises(Refused, match="somebody else has to rate it"):
        rate(world, "maisie", "adviser")
    page = world.client("adviser").get(world.url("maisie", "rate/"))
    assert WROTE_IT in page.content.decode()
    rate(world, "maisie", "second adviser")
    assert world.plan("maisie").state == "approved"


def test_one_rates_at_a_time_and_the_head_can_take_it_over(world: World) -> None:
    does(world, "adviser", "maisie", save_check, marks={"voice": "1"}, said=[])
    with pytest.raises(Refused, match="Priya Nair is rating this plan"):
        does(world, "second adviser", "maisie", save_check, marks={"voice": "3"}, said=[])
    does(world, "head", "maisie", save_check, marks={"voice": "3"}, said=[])
    with world.within():
        assert Rating.objects.get().rater_name == "Helen Marsden"


@pytest.mark.parametrize("who", ["teacher", "social worker", "carer", "data officer", "inspector", "reviewing officer"])
def test_those_who_are_not_the_virtual_schools_raters_cannot_rate(world: World, who: str) -> None:
    with world.within():
        around(world, "maisie", *({who} & {"carer", "reviewing officer"}))
    with pytest.raises(Refused):
        does(world, who, "maisie", save_check, marks={"voice": "3"}, said=[])
    hidden = who == "carer"  # who sees no plan while it is checked
    assert world.client(who).get(world.url("maisie", "rate/")).status_code == (404 if hidden else 403)


def test_a_level_the_scale_does_not_have_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="cannot be rated '9'"):
        does(world, "adviser", "maisie", save_check, marks={"voice": "9"}, said=[])


def test_the_middle_is_told_from_five_plans_on(world: World) -> None:
    rate(world, "maisie", level="3")
    with world.within():
        assert Middle.objects.count() == 0
        first = Rating.objects.get()
        plan = Plan.objects.get(pk=first.plan_id)
        for n in range(4):
            plan.pk, plan.term, plan.public_id = None, f"2020/2{n}-autumn", Plan._meta.get_field("public_id").default()
            plan.save(force_insert=True)
            one = Rating.objects.create(
                authority_id=first.authority_id, child_id=first.child_id, plan=plan, term=first.term, rubric=first.rubric,
                rater=first.rater, finished_at=first.finished_at, finished_on=TODAY, is_last=True,
            )  # fmt: skip
            Mark.objects.create(
                authority_id=first.authority_id, child_id=first.child_id, rating=one, side="school", key="voice",
                level=str(n), points=min(n, 3), most=3,
            )  # fmt: skip
        from virtual_school.quality.middles import refresh_middles

        refresh_middles(first.authority_id, first.term)
        held = Middle.objects.get(key="voice", is_first=False)
        assert (held.plans, round(held.value, 2)) == (5, 0.67)
        assert not Middle.objects.exclude(key="voice").exists()


def test_approved_or_not_is_a_rating_and_the_plan_is_not_approved_against_it(world: World) -> None:
    with acting(person_of(world.people["head"]).claims):
        draft = start_draft(authority=world.here, from_key="approved", by=world.people["head"])
        put_in_force(draft=draft, by=world.people["head"])
    with pytest.raises(Refused, match="You rated it “not approved”"):
        rate(world, "maisie", level="no")
    assert world.plan("maisie").state == "in_qa"
    with pytest.raises(Refused, match="You rated it “approved”"):
        rate(world, "maisie", level="yes", outcome="returned", sections={"targets": "Give each a number"})
    rate(world, "maisie", level="yes")
    plan = world.plan("maisie")
    assert (plan.state, plan.rating, plan.clocks["is_good"]) == ("approved", "Approved", True)
