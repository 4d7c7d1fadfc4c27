"""Second marking is blind, in the query and in the database; what it shows; and an afternoon of moderation."""

import pytest
from django.db import connection

from virtual_school.access.person import person_of
from virtual_school.identity.acting import acting
from virtual_school.plans.refused import Refused
from virtual_school.plans.tests.writing_world import TODAY
from virtual_school.quality.actions import Said
from virtual_school.quality.models import (
    Comment,
    Mark,
    ModeratedPlan,
    Moderation,
    Rating,
    Result,
    Sample,
    SecondMark,
)
from virtual_school.quality.second_marks import draw_sample, pairs_of

from .world import World, all_marks, make, rate, seen, sent_in


def made() -> World:
    world = make()
    sent_in(world, "maisie", "ellie")
    rate(world, "maisie", level="2", voice="0", said=[Said("school", "FIRST-WORDS", "voice")])
    rate(world, "ellie", level="3")
    return world


def drawn(world: World, *markers: str, percent: int = 100) -> Sample:
    people = {world.people[who].pk: world.people[who].name for who in markers}
    with acting(person_of(world.people["head"]).claims):
        return draw_sample(
            authority=world.here, term=world.term.key, percent=percent, strata="rater", markers=people,
            by=world.people["head"], seed="november",
        )  # fmt: skip


def second_of(world: World, child: str) -> SecondMark:
    with world.within():
        return SecondMark.objects.get(child=world.children[child])


def form(marks: dict[str, str]) -> dict[str, str]:
    return {f"m_{key}": level for key, level in marks.items()}


def test_the_marker_sees_no_first_rating_until_their_own_is_done(world: World) -> None:
    drawn(world, "second adviser")

    def counts() -> tuple[int, ...]:
        return tuple(model.objects.count() for model in (Rating, Mark, Result, Comment))

    assert seen(world, "second adviser", counts) == (0, 0, 0, 0)
    assert seen(world, "head", counts)[0] == 2
    client, row = world.client("second adviser"), second_of(world, "maisie")
    for url in (f"/quality/second/{row.public_id}/", world.url("maisie"), world.url("maisie", "feedback/")):
        shown = client.get(url).content.decode()
        assert "FIRST-WORDS" not in shown and "Requires improvement" not in shown, url
    marks = all_marks(world, "maisie", "2")
    assert client.post(f"/quality/second/{row.public_id}/", form(marks)).status_code == 302
    assert seen(world, "second adviser", lambda: Rating.objects.count()) == 1  # their own, begun
    done = client.post(f"/quality/second/{row.public_id}/", {**form(marks), "done": "1"})
    assert done.status_code == 302
    assert "FIRST-WORDS" in client.get(world.url("maisie", "feedback/")).content.decode()
    assert seen(world, "second adviser", lambda: Rating.objects.filter(plan=world.plans["ellie"]).count()) == 0


def test_the_marker_cannot_change_what_they_do_not_see(world: World) -> None:
    drawn(world, "second adviser")
    with acting(person_of(world.people["second adviser"]).claims), connection.cursor() as cursor:
        for table in ("rating", "mark", "result", "comment"):
            cursor.execute(f"update quality_{table} set authority_id = authority_id", [])
            assert cursor.rowcount == 0, table
            cursor.execute(f"delete from quality_{table}", [])
            assert cursor.rowcount == 0, table


def test_a_second_mark_is_its_markers_alone(world: World) -> None:
    drawn(world, "second adviser")
    row = second_of(world, "maisie")
    url = f"/quality/second/{row.public_id}/"
    assert world.client("head").get(url).status_code == 404
    assert world.client("adviser").post(url, {}).status_code == 404
    assert world.client("teacher").get(url).status_code == 403


def test_the_school_sees_nothing_of_second_marks(world: World) -> None:
    drawn(world, "second adviser")
    row = second_of(world, "maisie")
    world.client("second adviser").post(
        f"/quality/second/{row.public_id}/",
        {**form(all_marks(world, "maisie", "1")), "done": "1", "internal": "SECOND"},
    )
    kinds = seen(world, "teacher", lambda: set(Rating.objects.values_list("kind", flat=True)))
    assert kinds == {"check"}
    assert "SECOND" not in world.client("teacher").get(world.url("maisie", "feedback/")).content.decode()
    assert seen(world, "teacher", lambda: (SecondMark.objects.count(), Sample.objects.count())) == (0, 0)


def test_nobody_is_given_their_own_and_a_plan_is_drawn_once(world: World) -> None:
    with pytest.raises(Refused, match="Choose somebody else too"):
        drawn(world, "adviser")
    sample = drawn(world, "adviser", "second adviser")
    with world.within():
        assert set(sample.second_marks.values_list("marker_name", flat=True)) == {"Tom Aldridge"}
    with pytest.raises(Refused, match="not drawn yet"):
        drawn(world, "second adviser")


def test_how_far_they_agree_is_on_the_page(world: World) -> None:
    sample = drawn(world, "second adviser")
    client = world.client("second adviser")
    for child, level in (("maisie", "2"), ("ellie", "3")):
        row = second_of(world, child)
        client.post(f"/quality/second/{row.public_id}/", {**form(all_marks(world, child, level)), "done": "1"})
    with world.within():
        pairs = pairs_of(SecondMark.objects.select_related("rubric"))
    apart = [one for one in pairs if one.first != one.second]
    assert [(one.key, one.step) for one in apart] == [("voice", 2)]
    shown = client.get(f"/quality/samples/{sample.public_id}/").content.decode()
    assert "Cohen’s kappa" in shown and "96% the same" in shown
    assert "The child’s voice, and what it changed" in shown
    assert client.get("/quality/second/").status_code == 200


def test_drawing_on_the_page_by_a_word_that_can_be_used_again(world: World) -> None:
    told = {
        "term": world.term.key, "percent": "50", "strata": "school", "seed": "november",
        "markers": [str(world.people["second adviser"].pk), str(world.people["head"].pk)],
    }  # fmt: skip
    empty = world.client("head").post("/quality/second/draw/", {**told, "markers": []})
    assert "Choose who marks" in empty.content.decode()
    assert world.client("head").post("/quality/second/draw/", told).status_code == 302
    with world.within():
        sample = Sample.objects.get()
        assert (sample.seed, sample.drawn_from, sample.strata) == ("november", 2, "school")
    assert world.client("inspector").get("/quality/second/draw/").status_code == 403


def test_an_afternoon_of_moderation_agrees_marks_and_closes_with_a_record(world: World) -> None:
    head = world.client("head")
    told = {
        "name": "Autumn moderation", "on-day": "24", "on-month": "11", "on-year": "2026",
        "people": "Helen Marsden\nJudith Farrow, headteacher\n", "plans": [str(world.plans["maisie"].pk)],
    }  # fmt: skip
    assert head.post("/quality/moderation/call/", told).status_code == 302
    with world.within():
        session, row = Moderation.objects.get(), ModeratedPlan.objects.get()
    url = f"/quality/moderation/{session.public_id}/"
    early = head.post(url, {"decided": "Too early"})
    assert "No plan was discussed yet." in early.content.decode()
    side_by_side = head.get(f"{url}{row.pk}/").content.decode()
    assert "Priya Nair, check 1" in side_by_side
    agreed = {**form(all_marks(world, "maisie", "1")), "said": "Quoted, and nothing follows"}
    assert head.post(f"{url}{row.pk}/", agreed).status_code == 302
    assert head.post(url, {"decided": "A quotation alone is weak", "rubric_notes": "Say so"}).status_code == 302
    shown = head.get(url).content.decode()
    assert "A quotation alone is weak" in shown and "agreed <strong>inadequate</strong>" in shown
    with world.within():
        row.refresh_from_db()
        assert row.agreed["voice"] == "1" and row.label == "Inadequate"
        assert Result.objects.get(rating__plan=world.plans["maisie"], side="school").label == "Requires improvement"
        assert Moderation.objects.get().people == ["Helen Marsden", "Judith Farrow, headteacher"]
    late = head.post(f"{url}{row.pk}/", {**agreed, "said": "Changed later"})
    with world.within():
        assert ModeratedPlan.objects.get().said == "Quoted, and nothing follows", late
    assert world.client("teacher").get(url).status_code == 403


def test_who_marks_a_plan_again_does_not_see_what_a_session_agreed(world: World) -> None:
    drawn(world, "second adviser")
    with world.within():
        session = Moderation.objects.create(authority=world.here, name="x", on=TODAY, by_name="x")
        ModeratedPlan.objects.create(
            authority=world.here, child=world.children["maisie"], moderation=session, plan=world.plans["maisie"]
        )
    assert seen(world, "second adviser", lambda: ModeratedPlan.objects.count()) == 0
    assert seen(world, "head", lambda: ModeratedPlan.objects.count()) == 1
