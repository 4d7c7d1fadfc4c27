"""Whoever is to mark a plan again finds its first rating on no page, in no file and in no list, until they are done."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from virtual_school.access.person import person_of
from virtual_school.duties.actions import refresh_children
from virtual_school.duties.models import StandingObligation
from virtual_school.duties.queries import obligations
from virtual_school.identity.acting import acting
from virtual_school.plans import publishing
from virtual_school.plans.models import Answer, Plan
from virtual_school.plans.tests.closing_world import does
from virtual_school.plans.tests.pdf_text import text_of
from virtual_school.plans.tests.writing_world import TODAY
from virtual_school.quality.actions import Said
from virtual_school.quality.models import Middle, RubricVersion, SecondMark
from virtual_school.quality.second_marks import draw_sample
from virtual_school.quality.snapshots import NotYet, freeze
from virtual_school.quality.tasks import middles_of_term
from virtual_school.quality.versions import kept_in_force

from .world import World, all_marks, make, rate, seen, sent_in

RATING = "Marmalade"
"""What “Good” is called here, so that no page can hold the word by chance."""

BLIND = "second adviser"


@pytest.fixture(scope="module")
def rated(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Maisie's plan is rated, shared, and drawn to be marked again by the second adviser; the next one is open."""
    from django.test import override_settings

    from tests.cast import undone

    with (
        django_db_blocker.unblock(),
        undone(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")),
        time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False),
    ):
        world = make()
        with world.within():
            version = kept_in_force(world.here.code)
            content = json.loads(json.dumps(version.content).replace('"label": "Good"', f'"label": "{RATING}"'))
            RubricVersion.objects.filter(pk=version.pk).update(content=content)
        sent_in(world, "maisie")
        rate(world, "maisie", level="2", said=[Said("school", "FIRST-WORDS", "voice")])
        does(world, "adviser", "maisie", publishing.publish)
        with world.within():
            plan = Plan.objects.get(pk=world.plans["maisie"].pk)
            of = {"authority_id": plan.authority_id, "child_id": plan.child_id}
            after = Plan.objects.create(
                **of, term="2026/27-spring", phase=plan.phase, kind="review", state="open", template=plan.template,
                school_id=plan.school_id, opened_on=TODAY, previous=plan, clocks={"circumstances": {"year_group": 7, "is": {}}},
            )  # fmt: skip
            Answer.objects.create(
                **of, plan=after, section_key="last_targets", field_key="last_targets.feedback",
                value=f"Judged: {RATING}", source="system",
            )  # fmt: skip
            refresh_children(world.here.code, on=TODAY)
        world.plans["after"] = after
        with acting(person_of(world.people["head"]).claims):
            marker = world.people[BLIND]
            draw_sample(
                authority=world.here, term=world.term.key, percent=100, strata="rater", markers={marker.pk: marker.name},
                by=world.people["head"], seed="november",
            )  # fmt: skip
        yield world


@pytest.fixture
def world(rated: World, db: None) -> Iterator[World]:
    with time_machine.travel(f"{TODAY.isoformat()} 10:50:00+00:00", tick=False):
        yield rated


def addresses(world: World) -> list[str]:
    """Every page, list and file on which somebody of the virtual school finds how a plan was judged."""
    child = f"/children/{world.children['maisie'].public_id}/"
    plan, after, copy = world.url("maisie"), world.url("after"), f"{world.url('maisie')}copies/1/"
    with world.within():
        second, sample = SecondMark.objects.get(), SecondMark.objects.get().sample
    term = world.term.key
    return [
        "/", "/due/", "/due/?duty=VS-12", "/children/", child, f"{child}school-and-care/", f"{child}history/",
        f"{child}plans/", "/plans/", "/plans/download/", plan, f"{plan}feedback/", f"{plan}print/",
        f"{plan}print/full/", f"{plan}print/json/", f"{copy}full/", f"{copy}json/", after,
        f"{after}sections/last_targets/", f"{after}compare/", f"{after}print/json/", "/quality/", "/quality/schools/?few=all",
        "/quality/second/", f"/quality/second/{second.public_id}/", f"/quality/samples/{sample.public_id}/",
        "/quality/moderation/", "/measures/", f"/measures/I-PEP-05/?term={term}", "/measures/I-PEP-05/download/",
        f"/measures/I-PEP-05/?school={world.schools['teacher'].urn}", "/measures/download/", "/register/VS-12/",
    ]  # fmt: skip


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]
    return text_of(content) if content.startswith(b"%PDF") else content.decode()


def test_no_page_tells_the_marker_how_the_plan_was_rated(world: World) -> None:
    blind, head = world.client(BLIND), world.client("head")
    told = [one for one in addresses(world) if "/quality/second/" not in one or one == "/quality/second/"]
    on_pages = [one for one in told if RATING in read(head, one)]
    for address in addresses(world):
        shown = read(blind, address)
        assert RATING not in shown and "FIRST-WORDS" not in shown, address
    assert len(on_pages) >= 8, on_pages  # the head finds it: the pages do show ratings


def test_a_page_without_the_rating_says_why(world: World) -> None:
    blind = world.client(BLIND)
    child = f"/children/{world.children['maisie'].public_id}/"
    for address in (child, f"{child}school-and-care/", f"{child}plans/", "/plans/download/"):
        assert "Not shown: you are to mark it again" in read(blind, address), address
    page = read(blind, "/measures/I-PEP-05/")
    assert "you are to mark plans of this term again" in page
    assert "Maisie" not in page


def test_the_kept_file_itself_is_not_given_to_the_marker(world: World) -> None:
    url = f"{world.url('maisie')}copies/1/json/"
    assert json.loads(read(world.client(BLIND), url))["plan"]["rating"] == ""
    assert json.loads(read(world.client("head"), url))["plan"]["rating"] == RATING


def test_a_duty_that_tells_the_rating_is_not_in_their_lists_and_stays_as_it_is(world: World) -> None:
    def good() -> int:
        return obligations([world.here.code], TODAY).filter(duty="VS-12", child=world.children["maisie"]).count()

    assert seen(world, "head", good) == 1
    assert seen(world, BLIND, good) == 0
    with world.within():
        before = list(StandingObligation.objects.filter(duty="VS-12").order_by("id").values())
    seen(world, BLIND, lambda: refresh_children(world.here.code, [world.children["maisie"].pk], TODAY))
    with world.within():
        assert list(StandingObligation.objects.filter(duty="VS-12").order_by("id").values()) == before


def test_what_the_marker_counts_for_others_is_not_counted_blind(world: World) -> None:
    """Their own view lacks ratings: it must not be frozen, nor become the middle that schools see."""
    with acting(person_of(world.people[BLIND]).claims), pytest.raises(NotYet, match="mark plans of this term again"):
        freeze(authority=world.here, term=world.term.key, by=world.people[BLIND], on=world.term.ends)
    with world.within():
        Middle.objects.create(
            authority=world.here, term=world.term.key, key="voice", is_first=False, value=0.7, plans=9
        )
    sent_in(world, "ellie")
    rate(world, "ellie", BLIND, level="3")
    with world.within():
        assert Middle.objects.get().plans == 9
    middles_of_term(world.here.code, world.term.key)
    with world.within():
        assert not Middle.objects.exists()  # fewer than five plans are rated


def test_once_they_have_marked_it_they_see_both(world: World) -> None:
    with world.within():
        row = SecondMark.objects.get()
    marks = {f"m_{key}": level for key, level in all_marks(world, "maisie", "2").items()}
    blind = world.client(BLIND)
    assert blind.post(f"/quality/second/{row.public_id}/", {**marks, "done": "1"}).status_code == 302
    child = f"/children/{world.children['maisie'].public_id}/"
    for address in (child, f"{child}plans/", "/plans/download/", f"{world.url('maisie')}feedback/"):
        assert RATING in read(blind, address), address
