"""Targets: written one at a time, advised on, judged in the next plan, and never lost between two writers."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from virtual_school.plans.forms_writing import mark_of
from virtual_school.plans.models import Plan, Signature, Target
from virtual_school.plans.targets import as_written
from virtual_school.plans.writing import content_hash

from .test_writing_sections import next_plan, page, text_of
from .writing_world import TODAY, World, make

READING = {
    "category": "academic",
    "outcome": "To read a chapter on her own",
    "how": "20 minutes with Mrs Iqbal in the library every Tuesday",
    "measure": "Reading age from 10 years 7 months to 11 years 3 months",
    "due_on-day": "12", "due_on-month": "3", "due_on-year": "2027",
}  # fmt: skip


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield make()


def write(client: Client, world: World, **more: str) -> str:
    """The address of the target written."""
    sent = client.post(world.url("maisie", "targets/new/"), {**READING, "was": mark_of({}), **more})
    assert sent.status_code == 302, text_of(sent)
    return sent.headers["Location"]


def test_a_target_is_written_advised_on_and_counts_for_the_plan(world: World) -> None:
    client = world.client("teacher")
    before = text_of(page(client, world.url("maisie")))
    assert "1 required field left: Targets." in before
    shown = text_of(page(client, write(client, world)))
    assert "Good so far:" in shown and "It can be measured" in shown and "You can go on without" in shown
    after = text_of(page(client, world.url("maisie")))
    assert "1 required field left: Targets." not in after
    assert "To read a chapter on her own" in text_of(page(client, world.url("maisie", "sections/targets/")))


def test_a_target_without_words_is_not_kept(world: World) -> None:
    sent = world.client("teacher").post(world.url("maisie", "targets/new/"), {**READING, "outcome": " ", "was": ""})
    assert sent.status_code == 200 and "There is a problem" in text_of(sent)
    with world.within():
        assert not Target.objects.exists()


def test_two_people_at_one_target_lose_no_word(world: World) -> None:
    client, other = world.client("teacher"), world.client("adviser")
    url = write(client, world)
    with world.within():
        was = mark_of(as_written(Target.objects.get()))
    client.post(url, {**READING, "outcome": "To read two chapters", "was": was})
    sent = other.post(url, {**READING, "outcome": "To read aloud", "was": was})
    shown = text_of(sent)
    assert sent.status_code == 200
    assert "To read two chapters" in shown and "To read aloud" in shown
    with world.within():
        held = Target.objects.get()
        assert held.outcome == "To read two chapters"
        was = mark_of(as_written(held))
    other.post(url, {**READING, "outcome": "To read two chapters aloud", "was": was})
    with world.within():
        assert Target.objects.get().outcome == "To read two chapters aloud"


def test_changing_a_target_takes_signatures_away(world: World) -> None:
    client = world.client("teacher")
    url = write(client, world)
    with world.within():
        plan = Plan.objects.get(pk=world.plans["maisie"].pk)
        signed = content_hash(plan)
        Signature.objects.create(
            authority_id=plan.authority_id, child_id=plan.child_id, plan=plan, role="social_worker",
            person=world.people["social worker"], name="Danielle Frost", content_hash=signed,
        )  # fmt: skip
        was = mark_of(as_written(Target.objects.get()))
    client.post(url, {**READING, "outcome": "To read two chapters", "was": was})
    with world.within():
        assert Signature.objects.get().withdrawn_at is not None
        assert content_hash(plan) != signed


def test_the_next_plan_judges_the_target_and_has_it_beside_the_new_ones(world: World) -> None:
    client = world.client("teacher")
    write(client, world)
    next_plan(world)
    with world.within():
        held = Target.objects.get()
    shown = text_of(page(client, world.url("maisie", "sections/last_targets/")))
    assert "To read a chapter on her own" in shown and "To judge" in shown
    judged = {"judged": "partly_met", "evidence": "10 years 11 months. The group stopped.", "impact": "moderate"}
    client.post(world.url("maisie", f"targets/{held.public_id}/how-it-went/"), judged)
    with world.within():
        assert Target.objects.get().state == "partly_met"
    beside = text_of(page(client, world.url("maisie", "targets/new/")))
    assert "Last time’s targets" in beside and "Partly met" in beside and "The group stopped" in beside
    url = write(client, world)
    assert "What smaller step could be met this term?" in text_of(page(client, url))


@pytest.mark.parametrize("who", ["social worker", "carer", "reviewing officer", "data officer"])
def test_others_do_not_write_the_schools_targets(world: World, who: str) -> None:
    assert world.client(who).post(world.url("maisie", "targets/new/"), READING).status_code == 403
    assert world.client(who).get(world.url("maisie", "sections/targets/")).status_code == 200


def test_a_target_of_another_plan_is_not_found_under_this_one(world: World) -> None:
    client = world.client("teacher")
    url = write(client, world)
    name = url.rstrip("/").rpartition("/")[2]
    assert client.get(world.url("ellie", f"targets/{name}/")).status_code == 404
    assert client.post(world.url("ellie", f"targets/{name}/remove/")).status_code == 404
    assert client.post(world.url("maisie", f"targets/{name}/remove/")).status_code == 302
    with world.within():
        assert not Target.objects.exists()
