"""What was said is told to those it is for: on the page, in the query, and by the database itself."""

import pytest
from django.db import DatabaseError, connection

from virtual_school.access.person import person_of
from virtual_school.identity.acting import acting
from virtual_school.plans.models import Plan
from virtual_school.plans.tests.closing_world import moves_school
from virtual_school.plans.tests.writing_world import TODAY
from virtual_school.quality.actions import Said
from virtual_school.quality.models import Appeal, Comment, Mark, OpinionAsked, Rating, Result

from .world import World, around, make, rate, seen, sent_in

SAID = [
    Said("school", "WORDS-FOR-SCHOOL", "targets"),
    Said("social_work", "WORDS-FOR-SOCIAL-WORK", "sw_view"),
    Said("internal", "WORDS-FOR-US"),
    Said("school", "WORDS-OF-PRAISE", is_praise=True),
]
SEES = {
    "head": {"school", "social_work", "internal"},
    "adviser": {"school", "social_work", "internal"},
    "inspector": {"school", "social_work", "internal"},
    "teacher": {"school"},
    "social worker": {"social_work"},
    "carer": set(),
    "reviewing officer": set(),
    "other teacher": set(),
    "other social worker": set(),
    "other head": set(),
    "board member": set(),
}


def made() -> World:
    world = make()
    with world.within():
        around(world, "maisie", "carer", "reviewing officer")
    sent_in(world, "maisie")
    rate(world, "maisie", level="1", outcome="returned", sections={"targets": "A number and a day"}, said=SAID)
    return world


@pytest.mark.parametrize("who", SEES)
def test_the_database_gives_each_their_own_side_and_no_other(world: World, who: str) -> None:
    sides = SEES[who]
    assert seen(world, who, lambda: set(Comment.objects.values_list("side", flat=True))) == sides
    told = sides & {"school", "social_work"}
    assert seen(world, who, lambda: set(Mark.objects.values_list("side", flat=True))) == told
    assert seen(world, who, lambda: set(Result.objects.values_list("side", flat=True))) == told
    assert seen(world, who, lambda: Rating.objects.count()) == (1 if sides else 0)


@pytest.mark.parametrize(
    "who", [who for who in SEES if who not in {"other teacher", "other social worker", "other head"}]
)
def test_the_pages_show_each_their_own(world: World, who: str) -> None:
    """The plan's own page too, where it stands on top."""
    words = {"school": "WORDS-FOR-SCHOOL", "social_work": "WORDS-FOR-SOCIAL-WORK", "internal": "WORDS-FOR-US"}
    for page in ("", "feedback/"):
        shown = world.client(who).get(world.url("maisie", page)).content.decode()
        assert {side for side, told in words.items() if told in shown} == SEES[who], page


@pytest.mark.parametrize("who", ["other teacher", "other social worker", "other head"])
def test_those_not_around_the_child_find_nothing(world: World, who: str) -> None:
    assert world.client(who).get(world.url("maisie", "feedback/")).status_code == 404


def test_a_draft_is_the_virtual_schools_own(world: World) -> None:
    with world.within():
        Rating.objects.update(finished_at=None, is_last=False)
    assert seen(world, "teacher", lambda: (Rating.objects.count(), Comment.objects.count())) == (0, 0)
    assert seen(world, "adviser", lambda: Comment.objects.count()) == 4


def test_nobody_around_the_child_can_change_what_was_said(world: World) -> None:
    with acting(person_of(world.people["teacher"]).claims), connection.cursor() as cursor:
        for table in ("rating", "mark", "result", "comment"):
            cursor.execute(f"update quality_{table} set authority_id = authority_id", [])
            assert cursor.rowcount == 0, table
            cursor.execute(f"delete from quality_{table}", [])
            assert cursor.rowcount == 0, table


def test_last_terms_feedback_stands_on_top_of_the_next_plan_at_the_next_school_too(world: World) -> None:
    with world.within():
        first = Plan.objects.get(pk=world.plans["maisie"].pk)
        moves_school(world, "maisie", "other teacher", TODAY)
        following = Plan.objects.create(
            authority_id=first.authority_id, child_id=first.child_id, term="2026/27-spring", phase=first.phase,
            template=first.template, previous=first, state="in_progress", school=world.schools["other teacher"],
            clocks=first.clocks, opened_on=TODAY,
        )  # fmt: skip
    shown = world.client("other teacher").get(f"/plans/{following.public_id}/").content.decode()
    assert "What was said of last term’s plan" in shown
    assert "WORDS-FOR-SCHOOL" in shown and "WORDS-OF-PRAISE" in shown and "WORDS-FOR-US" not in shown
    assert (
        "WORDS-FOR-SOCIAL-WORK" in world.client("social worker").get(f"/plans/{following.public_id}/").content.decode()
    )


def test_the_school_says_that_it_does_not_agree_and_is_answered(world: World) -> None:
    url = world.url("maisie", "feedback/")
    assert world.client("teacher").post(url, {"words": "The number is on page 2"}).status_code == 302
    again = world.client("teacher").post(url, {"words": "Again"}, follow=True)
    assert "Nothing waits for words here." in again.content.decode()
    assert "The number is on page 2" in world.client("adviser").get(url).content.decode()
    assert "The number is on page 2" not in world.client("social worker").get(url).content.decode()
    assert world.client("adviser").post(url, {"words": "You are right"}).status_code == 302
    assert "You are right" in world.client("teacher").get(url).content.decode()
    with world.within():
        held = Appeal.objects.get()
        assert (held.by_name, held.answered_by_name) == ("Asha Khan", "Priya Nair")


def test_a_teacher_cannot_write_the_answer_to_their_own_note(world: World) -> None:
    rating = seen(world, "teacher", lambda: Rating.objects.get())
    with pytest.raises(DatabaseError, match="row-level security"), acting(person_of(world.people["teacher"]).claims):
        Appeal.objects.create(
            authority_id=rating.authority_id, child_id=rating.child_id, plan_id=rating.plan_id, rating=rating,
            words="x", answer="Quite right", by=world.people["teacher"], by_name="Asha Khan",
        )  # fmt: skip


def test_the_head_is_asked_and_answers_where_no_school_sees_it(world: World) -> None:
    with world.within():
        Plan.objects.filter(pk=world.plans["maisie"].pk).update(state="submitted")
    url = world.url("maisie", "ask/")
    assert world.client("adviser").post(url, {"words": "Would you send it back?"}).status_code == 302
    listed = world.client("head").get("/quality/?group=asked").content.decode()
    assert "Maisie Thornton" in listed and "You are asked about 1 plan" in listed
    assert world.client("adviser").get("/quality/?group=asked").status_code == 200
    assert world.client("head").post(url, {"words": "Not for that alone"}).status_code == 302
    assert "Not for that alone" in world.client("adviser").get(url).content.decode()
    assert world.client("teacher").get(url).status_code == 403
    assert seen(world, "teacher", lambda: OpinionAsked.objects.count()) == 0
    assert seen(world, "social worker", lambda: OpinionAsked.objects.count()) == 0
