"""In a real browser: an adviser sends a plan back, the school mends it, it is approved and shared, the child moves."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests import in_browser
from tests.in_browser import DESK, PHONE
from virtual_school.plans.models import Plan
from virtual_school.plans.moving import follow_changes

from . import writing_world
from .closing_world import approves_without_rating, moves_school, to_state
from .test_writing_browser import somebody
from .writing_world import HERE, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> Iterator[World]:
    """As of today: the browser has no other clock."""
    settings.MEDIA_ROOT = tmp_path
    before, writing_world.TODAY = writing_world.TODAY, timezone.localdate()
    try:
        yield writing_world.make()
    finally:
        writing_world.TODAY = before


def look(page: Page, name: str, size: dict[str, int]) -> None:
    assert in_browser.look(page, name, (size,)) == []


def button(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).first.click()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_plan_is_returned_mended_approved_and_shared_and_the_child_moves(
    browser: Browser, live_server: object, world: World, size: dict[str, int]
) -> None:
    to_state(world, "maisie", "submitted")
    url = world.url("maisie")
    adviser, teacher, worker = (
        somebody(browser, live_server, world, who, size).new_page() for who in ("adviser", "teacher", "social worker")
    )
    adviser.goto(url)
    look(adviser, "plan-submitted", size)
    button(adviser, "Start checking")
    look(adviser, "take", size)
    button(adviser, "Start checking")
    expect(adviser.get_by_role("alert")).to_contain_text("You are checking this plan")
    button(adviser, "Send back to be mended")
    button(adviser, "Send it back")
    expect(adviser.get_by_role("alert")).to_contain_text("There is a problem")
    adviser.get_by_label("What is this about, in a sentence or two?").fill("A good plan. One thing to mend.")
    adviser.evaluate("document.querySelector('#f_s_progress').closest('details').open = true")
    adviser.locator("#f_s_progress").fill("Say how you know what she is good at")
    look(adviser, "return", size)
    adviser.evaluate("document.querySelector('#f_s_progress').closest('details').open = true")
    button(adviser, "Send it back")
    expect(adviser.get_by_role("alert")).to_contain_text("The plan is sent back")

    teacher.goto(url)
    look(teacher, "plan-returned", size)
    expect(teacher.locator("main")).to_contain_text("A good plan. One thing to mend.")
    teacher.goto(world.url("maisie", "sections/progress/"))
    teacher.get_by_label("What the child is good at and enjoys").fill(
        "Reading: from 70 to 85 words a minute since June"
    )
    teacher.get_by_role("button", name="Mark as complete").click()
    teacher.goto(url)
    button(teacher, "Read and sign")
    look(teacher, "sign", size)
    teacher.get_by_label("I have read the whole plan as it stands now").check()
    button(teacher, "Sign the plan")
    expect(teacher.get_by_role("alert")).to_contain_text("You have signed the plan")
    worker.goto(world.url("maisie", "sign/"))
    worker.get_by_label("I have read the whole plan as it stands now").check()
    button(worker, "Sign the plan")
    teacher.goto(world.url("maisie", "submit/"))
    look(teacher, "submit", size)
    button(teacher, "Send it")
    expect(teacher.get_by_role("alert")).to_contain_text("The plan is sent to the virtual school")

    adviser.goto(world.url("maisie", "approve/"))
    expect(adviser.get_by_text("This council rates a plan before it is approved")).to_be_visible()
    look(adviser, "approve-rated-first", size)
    approves_without_rating(world)
    adviser.goto(world.url("maisie", "approve/"))
    look(adviser, "approve", size)
    adviser.get_by_label("Your judgement, in a word or two").fill("Good")
    button(adviser, "Approve it")
    button(adviser, "Share with everyone")
    look(adviser, "publish", size)
    button(adviser, "Share it")
    expect(adviser.get_by_role("alert")).to_contain_text("The plan is shared")
    adviser.get_by_role("link", name="Print or save as PDF").click()
    look(adviser, "print", size)
    with adviser.expect_download() as saved:
        adviser.get_by_role("link", name="In plain words of version 1").click()
    assert saved.value.suggested_filename.startswith("plan-in-plain-words-")
    for page, name in (("addendum/", "addendum"), ("close/", "close")):
        adviser.goto(world.url("maisie", page))
        look(adviser, name, size)
    adviser.goto(f"/children/{world.children['maisie'].public_id}/plans/receive/")
    look(adviser, "receive", size)

    today = timezone.localdate()
    long_ago = today - timedelta(days=40)
    with world.within():
        Plan.objects.filter(pk=world.plans["maisie"].pk).update(
            opened_on=long_ago, published_on=today - timedelta(days=1)
        )
        Plan.objects.filter(pk=world.plans["ellie"].pk).update(opened_on=long_ago, state="in_progress")
        for child in ("maisie", "ellie"):
            moves_school(world, child, "other teacher", today)
        followed = follow_changes(HERE)
        assert (followed.opened, followed.closed) == (2, 1)
        new = {
            child: Plan.objects.get(child=world.children[child], state="open").public_id
            for child in ("maisie", "ellie")
        }
    other = somebody(browser, live_server, world, "other teacher", size).new_page()
    other.goto("/")
    look(other, "today-of-the-new-school", size)
    for child, name in (("maisie", "Maisie Thornton"), ("ellie", "Ellie Thornton")):
        assert teacher.goto(world.url(child)).status == 404
        expect(other.get_by_role("heading", name=name)).to_be_visible()
        other.goto(f"/plans/{new[child]}/")
        expect(other.locator("main")).to_contain_text("Thornbury School")
        look(other, f"plan-after-move-{child}", size)
        other.goto("/")
    other.goto(url)
    expect(other.locator("main")).to_contain_text("Moorcroft High School")
    look(other, "plan-published", size)
    adviser.goto(world.url("ellie"))
    expect(adviser.locator("main")).to_contain_text("closed: the child moved school")
    expect(adviser.locator("main")).to_contain_text("Started at Thornbury School on")
    look(adviser, "plan-closed", size)
