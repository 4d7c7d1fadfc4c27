"""A meeting held on a tablet in a real browser: the connection drops, nothing is lost nor doubled; and without scripts."""

import os
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import in_browser
from tests.in_browser import DESK, PHONE, TABLET, faults, look
from virtual_school.plans.models import Action, Attendee, Meeting, Target

from .meeting_world import answer, plan_meeting
from .writing_world import TODAY, World, make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> Iterator[World]:
    with time_machine.travel(f"{TODAY.isoformat()} 14:11:00+00:00"):
        world = make()
        plan_meeting(world)
        answer(world, "hopes.aim", "Can I do art club? It’s the same time as my counselling.")
        answer(world, "progress.strengths", "Maths is at 104, up from 98. Reads to younger pupils.")
        answer(world, "needs.now", "needs to read words of two syllables\nneeds one adult to go to after lunch")
        yield world


def context_of(browser: Browser, live_server: Any, world: World, who: str, width: int, **more: Any) -> BrowserContext:
    return in_browser.context_of(browser, live_server, world.people[who], width, **more)


def pictured(page: Page, name: str) -> None:
    """Kept where a picture is asked for."""
    if folder := os.environ.get("VS_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def check(page: Page, address: str, name: str) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    assert page.goto(address).status == 200, address
    assert look(page, f"meeting-{name}", sizes=(DESK, TABLET, PHONE)) == []
    assert problems == [], address


def actions(world: World) -> list[Action]:
    with world.within():
        return list(Action.objects.filter(plan=world.plans["maisie"]).order_by("id"))


def notes(world: World) -> str:
    with world.within():
        return Meeting.objects.get(plan=world.plans["maisie"]).notes


def catch(page: Page, what: str) -> None:
    details = page.locator("#catch")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    page.get_by_label("What?", exact=True).fill(what)
    page.get_by_label("Who?", exact=True).select_option(label="Sue Palmer, carer")
    page.get_by_label("Day", exact=True).fill("4")
    page.get_by_label("Month", exact=True).fill("12")
    page.get_by_label("Year", exact=True).fill("2026")
    page.get_by_role("button", name="Keep it").click()


@pytest.mark.parametrize("width", [375, 768, 1280])
def test_a_meeting_survives_a_dropped_connection(browser: Browser, live_server: Any, world: World, width: int) -> None:
    context = context_of(browser, live_server, world, "teacher", width)
    page = context.new_page()
    page.goto(world.url("maisie", "meeting/room/celebrate/"))
    status = page.locator("#saved")
    page.get_by_label("Sue Palmer, carer").check()
    page.get_by_label("What is there to celebrate since last time?").fill("Her otter drawing is on the wall")
    expect(status).to_contain_text("Saved 14:1", timeout=10_000)
    assert "otter drawing is on the wall" in notes(world)

    context.set_offline(True)
    page.get_by_label("What is there to celebrate since last time?").press_sequentially(" of the head's office")
    expect(status).to_contain_text("Not saved yet: kept on this page", timeout=10_000)
    catch(page, "Send a photo to her brother")
    expect(page.locator("#caught")).to_contain_text("Not sent yet: Send a photo to her brother")
    expect(page.get_by_label("What?", exact=True)).to_have_value("")
    catch(page, "Frame the drawing")
    pictured(page, f"meeting-offline-{width}")
    assert faults(page) == []
    page.get_by_role("link", name="What Maisie said").click()
    expect(status).to_contain_text("Stay here until it is saved")
    assert actions(world) == []

    context.set_offline(False)
    expect(status).to_contain_text("Saved", timeout=15_000)
    expect(page.locator("#caught")).not_to_contain_text("Not sent yet", timeout=15_000)
    assert [one.what for one in actions(world)] == ["Send a photo to her brother", "Frame the drawing"]
    assert "on the wall of the head's office" in notes(world)
    with world.within():
        assert list(Attendee.objects.filter(came="present").values_list("name", flat=True)) == ["Sue Palmer"]
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    page.reload()
    expect(page.locator("#caught li")).to_have_count(2)
    context.close()


def test_an_answer_lost_on_the_way_back_adds_nothing_twice(browser: Browser, live_server: Any, world: World) -> None:
    context = context_of(browser, live_server, world, "teacher", 768)
    page = context.new_page()
    page.goto(world.url("maisie", "meeting/room/celebrate/"))
    lost = 0

    def drop(route: Any) -> None:
        nonlocal lost
        if route.request.method == "POST" and lost < 2:
            lost += 1
            route.fetch()  # the service has it; the page never hears
            route.abort()
        else:
            route.continue_()

    page.route("**/meeting/room/**", drop)
    catch(page, "Ring the clinic")
    expect(page.locator("#saved")).to_contain_text("Saved", timeout=15_000)
    page.get_by_label("What is there to celebrate since last time?").fill("Otter")
    expect(page.locator("#caught")).to_contain_text("Ring the clinic")
    page.wait_for_timeout(2_000)
    assert lost == 2
    assert [one.what for one in actions(world)] == ["Ring the clinic"]
    assert notes(world) == "Something good:\nOtter"
    context.close()


def test_what_is_not_complete_is_said_beside_the_form_and_kept(
    browser: Browser, live_server: Any, world: World
) -> None:
    context = context_of(browser, live_server, world, "teacher", 768)
    page = context.new_page()
    page.goto(world.url("maisie", "meeting/room/actions/"))
    page.get_by_label("What?", exact=True).fill("Ring the clinic")
    page.get_by_role("button", name="Keep it").dblclick()
    expect(page.locator("#faults")).to_contain_text("Say who does it")
    expect(page.get_by_label("What?", exact=True)).to_have_value("Ring the clinic")
    assert faults(page) == []
    catch(page, "Ring the clinic today")
    expect(page.locator("#caught")).to_contain_text("Ring the clinic today", timeout=10_000)
    expect(page.locator("#faults")).to_have_count(0)
    assert len(actions(world)) == 1
    context.close()


def test_two_tablets_keep_both_peoples_notes(browser: Browser, live_server: Any, world: World) -> None:
    contexts = [context_of(browser, live_server, world, who, 768) for who in ("teacher", "social worker")]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        page.goto(world.url("maisie", "meeting/room/progress/"))
    for page, words in zip(pages, ("Maths is up", "Late on Mondays"), strict=True):
        page.get_by_label("What was said about school and learning?").fill(words)
        expect(page.locator("#saved")).to_contain_text("Saved", timeout=10_000)
    expect(pages[1].locator("#clash")).to_contain_text("Both are kept")
    expect(pages[1].get_by_label("What was said about school and learning?")).to_have_value(
        "Maths is up\nLate on Mondays"
    )
    for context in contexts:
        context.close()


def test_the_whole_meeting_without_scripts(browser: Browser, live_server: Any, world: World) -> None:
    context = context_of(browser, live_server, world, "teacher", 768, java_script_enabled=False)
    page = context.new_page()
    page.goto(world.url("maisie", "meeting/"))
    page.get_by_role("button", name="Start the meeting").click()
    page.get_by_label("Asha Khan, designated teacher").check()
    page.get_by_label("Maisie Thornton").check()
    page.get_by_label("What is there to celebrate since last time?").fill("Otter on the wall")
    page.get_by_role("button", name="Go on to: What Maisie said").click()
    expect(page.locator("blockquote")).to_contain_text("Can I do art club?")
    page.get_by_label("Yes: we promise something").check()
    page.get_by_label("What will happen?").fill("Counselling moves to Wednesdays")
    page.get_by_label("Who?", exact=True).select_option(label="Danielle Frost, social worker")
    page.get_by_label("Day", exact=True).fill("11")
    page.get_by_label("Month", exact=True).fill("12")
    page.get_by_label("Year", exact=True).fill("2026")
    page.get_by_role("button", name="Say it to Maisie").click()
    expect(page.locator("#caught")).to_contain_text("Danielle Frost: Counselling moves to Wednesdays")
    for title in ("Attendance and progress", "Last term’s targets", "What Maisie needs", "New targets and money",
                  "What comes next", "Actions", "Next date"):  # fmt: skip
        page.get_by_role("button", name=f"Go on to: {title}").click()
        expect(page.locator("h1")).to_have_text(title)
    page.get_by_role("button", name="Record that it was held").click()
    expect(page.get_by_label("Asha Khan, designated teacher")).to_be_checked()
    page.get_by_role("button", name="Record the meeting").click()
    expect(page.locator("h1")).to_have_text("Meeting of 24 November 2026")
    assert "Otter on the wall" in notes(world) and len(actions(world)) == 1
    context.close()


def test_no_page_of_the_meeting_has_a_fault_axe_can_find(browser: Browser, live_server: Any, world: World) -> None:
    context = context_of(browser, live_server, world, "teacher", 375)
    page = context.new_page()
    with world.within():
        plan = world.plans["maisie"]
        target = Target.objects.create(
            authority=world.here, child=world.children["maisie"], first_plan=plan, outcome="to read 60 words a minute",
            category="academic", how="Paired reading with Mrs Lund every Tuesday", due_on=date(2027, 2, 5),
        )  # fmt: skip
        action = Action.objects.create(
            authority=world.here, child=world.children["maisie"], plan=plan, what="Send a photo of it to her brother",
            owner_name="Sue Palmer", due_on=date(2026, 12, 4), agenda_key="celebrate",
        )  # fmt: skip
        Meeting.objects.filter(plan=plan).update(
            notes="Something good:\nMaisie’s otter drawing is on the wall of the head’s office.", is_child_present=True
        )
    base = world.url("maisie")
    for key in ("child", "celebrate", "progress", "last", "needs", "targets", "transition", "actions", "next"):
        check(page, f"{base}meeting/room/{key}/", f"room-{key}")
    for name, address in (
        ("meeting", f"{base}meeting/"), ("change", f"{base}meeting/change/"), ("cancel", f"{base}meeting/cancel/"),
        ("people", f"{base}meeting/people/"), ("record", f"{base}meeting/record/"), ("targets", f"{base}targets/"),
        ("target", f"{base}targets/{target.public_id}/"), ("target-add", f"{base}targets/add/"),
        ("cost", f"{base}targets/{target.public_id}/costs/add/"), ("actions", "/actions/?show=all"),
        ("child-actions", f"/children/{world.children['maisie'].public_id}/actions/"),
        ("action", f"/actions/{action.public_id}/"), ("arrange", world.url("ellie", "meeting/arrange/")),
        ("no-meeting", world.url("ellie", "meeting/")),
    ):  # fmt: skip
        check(page, address, name)
    page.goto(f"{base}meeting/record/")
    page.get_by_role("button", name="Record the meeting").click()
    assert look(page, sizes=(DESK, TABLET, PHONE)) == []
    context.close()
