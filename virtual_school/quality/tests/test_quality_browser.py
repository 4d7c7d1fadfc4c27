"""In a real browser: the queue on the last day of term, a moderation afternoon, and a school that improves."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.in_browser import context_of, look
from virtual_school.plans.models import Plan
from virtual_school.plans.tests import writing_world
from virtual_school.quality.actions import Said
from virtual_school.quality.phrases import take_shipped

from .world import World, all_marks, make, rate, sent_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> Iterator[World]:
    """As of today: the browser has no other clock."""
    settings.MEDIA_ROOT = tmp_path
    before, writing_world.TODAY = writing_world.TODAY, timezone.localdate()
    try:
        yield make()
    finally:
        writing_world.TODAY = before


def somebody(browser: Browser, live_server: object, world: World, who: str) -> Page:
    return context_of(browser, live_server, world.people[who]).new_page()


def button(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).first.click()


def choose(page: Page, marks: dict[str, str]) -> None:
    for key, level in marks.items():
        page.locator(f"input[name=m_{key}][value='{level}']").check()


def test_the_queue_on_the_last_day_of_term(browser: Browser, live_server: object, world: World) -> None:
    """One plan is late and risky, one has just come. The first is sent back, the second approved; each school reads
    what is theirs, and the first rating is kept when the plan comes again."""
    sent_in(world, "maisie", "ellie")
    today = timezone.localdate()
    with world.within():
        take_shipped(authority=world.here, by_name="Helen")
        Plan.objects.filter(pk=world.plans["maisie"].pk).update(submitted_on=today - timedelta(days=30))
    marks = all_marks(world, "maisie", "3", targets="0", voice="1")
    page = somebody(browser, live_server, world, "adviser")
    page.goto("/plans/")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Quality of plans").click()
    expect(page.locator("h1")).to_have_text("Plans to rate")
    expect(page.locator(".app-obligation").first).to_contain_text("Maisie Thornton")
    expect(page.locator(".app-obligation").first).to_contain_text("Overdue")
    assert look(page, "queue") == []
    page.get_by_role("link", name="Maisie Thornton").click()
    choose(page, marks)
    page.locator("details:has(#f_p_targets) summary").click()
    page.get_by_label("Give each target a starting point, a number and a day.").check()
    page.get_by_label("What is good").fill("It sounds like Maisie.")
    page.get_by_label("For the virtual school only").fill("Third term with weak targets: visit.")
    assert look(page, "rate") == []
    button(page, "Save, and see what it comes to")
    expect(page.locator("main")).to_contain_text("Held at requires improvement")
    assert look(page, "finish") == []
    expect(page.locator("#f_s_targets")).to_have_value("Give each target a starting point, a number and a day.")
    button(page, "Send it back with this rating")
    expect(page.get_by_role("alert")).to_contain_text("Rated and sent back")

    page.goto("/quality/")
    page.get_by_role("link", name="Ellie Thornton").click()
    choose(page, all_marks(world, "ellie", "3"))
    button(page, "Save, and see what it comes to")
    button(page, "Approve it")
    expect(page.get_by_role("alert")).to_contain_text("Rated and approved")

    teacher = somebody(browser, live_server, world, "teacher")
    teacher.goto(world.url("maisie"))
    expect(teacher.locator("main")).to_contain_text("It sounds like Maisie.")
    expect(teacher.locator("main")).not_to_contain_text("Third term with weak targets")
    assert look(teacher, "plan-with-feedback") == []
    teacher.get_by_role("link", name="All of it, or say that you do not agree").click()
    teacher.get_by_label("What do you not agree with, and why?").fill("The numbers are in the provision map.")
    assert look(teacher, "feedback") == []
    button(teacher, "Send it")
    with world.within():
        Plan.objects.filter(pk=world.plans["maisie"].pk).update(state="submitted", submitted_on=today)
    page.goto("/quality/?group=again")
    page.get_by_role("link", name="Maisie Thornton").click()
    expect(page.locator("main")).to_contain_text("That rating stays as the first.")
    choose(page, all_marks(world, "maisie", "3"))
    button(page, "Save, and see what it comes to")
    button(page, "Approve it")
    page.goto(world.url("maisie", "feedback/"))
    expect(page.locator("main")).to_contain_text("As first sent in")
    page.get_by_label("Your answer to the school").fill("Thank you: we read them now.")
    assert look(page, "feedback-of-two-rounds") == []
    button(page, "Answer")
    teacher.reload()
    expect(teacher.locator("main")).to_contain_text("Thank you: we read them now.")


def test_a_moderation_afternoon(browser: Browser, live_server: object, world: World) -> None:
    """Plans are drawn and marked again without the first rating; the two sides are compared, talked over, and what was
    decided is tried as a new rule before it counts."""
    sent_in(world, "maisie", "ellie")
    rate(world, "maisie", level="2", said=[Said("school", "First rater’s words", "voice")])
    rate(world, "ellie", level="3")
    head = somebody(browser, live_server, world, "head")
    head.goto("/quality/second/")
    assert look(head, "samples-empty") == []
    head.get_by_role("button", name="Draw plans to mark again").click()
    head.get_by_label("How many in a hundred?").fill("100")
    head.get_by_label("Tom Aldridge").check()
    head.get_by_label("Word that starts the draw").fill("autumn")
    assert look(head, "draw") == []
    button(head, "Draw")
    expect(head.get_by_role("alert")).to_contain_text("2 plans are drawn")

    marker = somebody(browser, live_server, world, "second adviser")
    marker.goto("/quality/")
    expect(marker.locator("main")).to_contain_text("2 plans to mark a second time")
    for child in ("Maisie Thornton", "Ellie Thornton"):
        marker.goto("/quality/second/")
        marker.get_by_role("link", name=child).click()
        expect(marker.locator("main")).not_to_contain_text("First rater’s words")
        choose(marker, all_marks(world, child.split()[0].lower(), "2", voice="1"))
        if child.startswith("Maisie"):
            assert look(marker, "second") == []
        button(marker, "I am done: show me both")
    expect(marker.locator("main")).to_contain_text("Cohen’s kappa")
    assert look(marker, "sample") == []

    head.goto("/quality/moderation/")
    head.get_by_role("button", name="Call a session").click()
    head.get_by_label("Who is there?").fill("Helen Marsden\nTom Aldridge\nJudith Farrow, headteacher")
    head.get_by_label("Maisie Thornton").check()
    assert look(head, "call") == []
    button(head, "Call it")
    head.get_by_role("link", name="Maisie Thornton").click()
    assert look(head, "moderated") == []
    head.get_by_label("The child’s voice, and what it changed").select_option("1")
    head.get_by_label("What was said").fill("Quoted, and nothing follows from it.")
    button(head, "Write it down")
    head.get_by_label("What was decided").fill("A quotation alone is weak.")
    assert look(head, "moderation") == []
    button(head, "Close it, with this record")
    expect(head.locator("main")).to_contain_text("A quotation alone is weak.")

    head.goto("/quality/rubric/")
    assert look(head, "rubrics") == []
    button(head, "Begin a draft")
    assert look(head, "draft") == []
    head.get_by_role("link", name="How marks come to a result").click()
    assert look(head, "rule") == []
    head.locator("#f_share_good").fill("75")
    button(head, "Save, and try it")
    expect(head.locator("main")).to_contain_text("1 of 2 plans")
    expect(head.locator("table").last).to_contain_text("Maisie Thornton")
    assert look(head, "try") == []
    button(head, "Put it in force from today")
    expect(head.get_by_role("alert")).to_contain_text("Plans rated before keep the result they were given")


def test_a_school_that_improves(browser: Browser, live_server: object, world: World) -> None:
    """Weak targets in one term, strong ones in the next: the virtual school sees where, and the school its own."""
    sent_in(world, "maisie", "ellie")
    for child in ("maisie", "ellie"):
        rate(
            world,
            child,
            level="2",
            targets="1",
            said=[Said("school", "A number, please", "targets", "Targets too general")],
        )
    with world.within():
        for child in ("maisie", "ellie"):
            last = Plan.objects.get(pk=world.plans[child].pk)
            last.ratings.update(term="2025/26-summer")
            Plan.objects.filter(pk=last.pk).update(term="2025/26-summer")
            world.plans[child] = Plan.objects.create(
                authority_id=last.authority_id, child_id=last.child_id, term=world.term.key, phase=last.phase,
                template=last.template, previous=last, state="open", school=last.school, clocks=last.clocks,
                opened_on=last.opened_on, due_on=last.due_on,
            )  # fmt: skip
    teacher = somebody(browser, live_server, world, "teacher")
    teacher.goto(world.url("maisie"))
    expect(teacher.locator("main")).to_contain_text("What was said of last term’s plan")
    expect(teacher.locator("main")).to_contain_text("A number, please")
    assert look(teacher, "plan-with-last-feedback") == []
    sent_in(world, "maisie", "ellie")
    for child in ("maisie", "ellie"):
        rate(world, child, level="2", targets="3", said=[Said("school", "Sharp", "targets", "Sharp targets", True)])
    head = somebody(browser, live_server, world, "head")
    head.goto("/quality/schools/")
    assert look(head, "schools-few") == []
    head.get_by_label("Schools").select_option("all")
    button(head, "Show")
    assert look(head, "schools") == []
    head.get_by_role("link", name="Moorcroft High School").click()
    expect(head.locator("main")).to_contain_text("Targets are specific, measured and dated: from 1.0 to 3.0")
    assert look(head, "school") == []
    teacher.get_by_text("More", exact=True).click()
    teacher.get_by_role("link", name="How our plans are judged").click()
    expect(teacher.locator("main")).to_contain_text("Better since last term")
    expect(teacher.locator("main")).to_contain_text("Targets are specific, measured and dated: from 1.0 to 3.0")
    assert look(teacher, "own") == []
