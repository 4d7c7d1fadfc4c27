"""A young person with an account reads their own plan in plain words, and nobody else's."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.template.loader import get_template

from virtual_school.access.models import Membership
from virtual_school.access.tests.factories import UserFactory
from virtual_school.audit.models import Read
from virtual_school.authorities.models import PolicyVersion
from virtual_school.children.models import Involvement
from virtual_school.plans.models import Plan

from .closing_world import to_state
from .meeting_world import answer, plan_meeting
from .pdf_text import text_of as text_of_pdf
from .writing_world import LONG_AGO, TODAY, World


@pytest.fixture
def world(made_world: World, settings: Any, tmp_path: Any) -> Iterator[World]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        found = made_world
        for child in ("maisie", "zainab"):
            with found.within():
                own = found.children[child]
                user = found.people[child] = UserFactory(name=own.name, is_invented=True)
                Membership.objects.create(
                    user=user, authority=own.authority, role="young_person", starts=LONG_AGO
                )  # fmt: skip
                Involvement.objects.create(
                    authority=own.authority, child=own, person=user, role="young_person", starts=LONG_AGO
                )
        yield found


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode().replace("&#x27;", "’")


def test_they_read_their_shared_plan_in_plain_words(world: World) -> None:
    answer(world, "hopes.aim", "I want to be a vet")
    to_state(world, "maisie", "published")
    client = world.client("maisie")
    assert "/my-plan/" in text_of(client.get("/"))
    page = text_of(client.get("/my-plan/"))
    assert "<h1" in page and "My plan" in page and "This is your plan for school" in page
    assert "My name is Maisie" in page and "I want to be a vet" in page
    assert "Reads 90 words a minute" in page and "Danielle Frost is my social worker." in page
    assert "Judged" not in page and "How did the child" not in page.split("All of my plan")[0]
    with world.within():
        assert Read.objects.filter(person_id=world.people["maisie"].pk, page="plans:my_plan").exists()


def test_they_are_shown_what_their_level_reads_and_nothing_more(world: World) -> None:
    answer(world, "wellbeing.sdq_score", 23)
    answer(world, "people.contact", "No contact with Uncle Ray")
    answer(world, "social_worker_view.risks", "Worried about Uncle Ray")
    answer(world, "progress.strengths", "Kind to younger pupils")
    page = text_of(world.client("maisie").get("/my-plan/"))
    assert "This plan is not ready yet" in page and "Kind to younger pupils" in page
    assert "Uncle Ray" not in page and "difficulties score" not in page.lower() and "£" not in page


def test_of_a_plan_being_written_they_read_when_the_meeting_is(world: World) -> None:
    plan_meeting(world)
    assert "We will meet to talk about it on Tuesday 24 November" in text_of(world.client("maisie").get("/my-plan/"))


@pytest.mark.parametrize(("state", "seen"), [("submitted", False), ("in_qa", False), ("returned", False),
                                             ("approved", True), ("cancelled", False), ("closed_moved", False),
                                             ("meeting_held", True)])  # fmt: skip
def test_the_rights_of_each_state_decide_what_they_see(world: World, state: str, seen: bool) -> None:
    with world.within():
        Plan.objects.filter(pk=world.plans["maisie"].pk).update(state=state)
    client = world.client("maisie")
    one = client.get(f"/my-plan/{world.plans['maisie'].public_id}/")
    assert one.status_code == (200 if seen else 404)
    assert ("You have no plan here yet" in text_of(client.get("/my-plan/"))) is not seen


def test_the_councils_own_rights_count(world: World) -> None:
    with world.within():
        PolicyVersion.objects.create(
            authority=world.here, starts=LONG_AGO, choices={"plans": {"rights": {"open": {"young_person": "none"}}}}
        )
    assert "You have no plan here yet" in text_of(world.client("maisie").get("/my-plan/"))


@pytest.mark.parametrize("child", ["ellie", "zainab", "lacey"])
@pytest.mark.parametrize("page", ["", "print/"])
def test_nobody_elses_plan_is_theirs_not_even_a_twins(world: World, child: str, page: str) -> None:
    client = world.client("maisie")
    assert client.get(f"/my-plan/{world.plans[child].public_id}/{page}").status_code == 404
    assert client.get(world.url(child)).status_code == 403
    name = world.children[child].forename
    assert name not in text_of(client.get("/my-plan/"))


@pytest.mark.parametrize("who", ["head", "adviser", "teacher", "carer", "social worker", "inspector"])
def test_it_is_nobody_elses_page(world: World, who: str) -> None:
    client = world.client(who)
    assert client.get("/my-plan/").status_code == 403
    assert client.get(f"/my-plan/{world.plans['maisie'].public_id}/").status_code == 403


def test_when_they_are_no_longer_linked_they_read_nothing(world: World) -> None:
    with world.within():
        Involvement.objects.filter(person=world.people["maisie"]).update(ends=TODAY)
    client = world.client("maisie")
    assert "We do not know yet who you are here" in text_of(client.get("/my-plan/"))
    assert client.get(f"/my-plan/{world.plans['maisie'].public_id}/").status_code == 404


def test_they_print_the_same_words(world: World) -> None:
    to_state(world, "maisie", "published")
    found = world.client("maisie").get(f"/my-plan/{world.plans['maisie'].public_id}/print/")
    assert found.status_code == 200 and found["Content-Type"] == "application/pdf"
    assert "Maisie" not in found["Content-Disposition"]
    assert "My name is Maisie" in " ".join(text_of_pdf(found.content).split())


def test_other_pages_of_plans_stay_closed_to_them(world: World) -> None:
    client, maisie = world.client("maisie"), world.children["maisie"].public_id
    for url in ("/plans/", world.url("maisie"), f"/children/{maisie}/plans/", "/actions/", f"/children/{maisie}/"):
        assert client.get(url).status_code == 403, url


VOWELS = re.compile(r"[aeiouy]+")


def syllables(word: str) -> int:
    plain = re.sub(r"(?<![aeiouy])e$|es$|ed$", "", word.casefold()) or word
    return max(1, len(VOWELS.findall(plain)))


@pytest.mark.parametrize("name", ["plan", "none"])
def test_the_pages_own_words_are_for_a_reader_of_nine(name: str) -> None:
    """By the grade of Flesch and Kincaid: grade 4 is a reader of nine to ten."""
    source = get_template(f"plans/own/{name}.html").template.source
    told = re.findall(r"<p(?: [^>]*)?>([^<]*)", re.sub(r"{%.*?%}|{{.*?}}", " ", source))
    sentences = [one for text in told for one in re.split(r"(?<=[.?!])\s", text.strip()) if re.search(r"[a-z]", one)]
    words = [word for one in sentences for word in re.findall(r"[A-Za-z’']+", one)]
    assert len(sentences) >= 4
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    assert grade <= 4, grade
    assert max(len(re.findall(r"\w+", one)) for one in sentences) <= 18
