"""Journeys in a real browser: from Today to the reasons behind a date, and a designated teacher on a phone."""

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from virtual_school.caseload.tests import world as worlds
from virtual_school.caseload.tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread beside the test's queries
    with sync_playwright() as playwright:
        found = CHROMIUM if os.path.exists(CHROMIUM) else None
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def page_for(browser: Browser, live_server: object, world: World, who: str, width: int) -> Page:
    context = browser.new_context(base_url=live_server.url, viewport={"width": width, "height": 900})
    session = world.client(who).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return context.new_page()


def nothing_is_wrong(page: Page) -> None:
    """No fault for axe with every part open, nothing wider than the window, one h1 that begins the title."""
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    found = [(one["id"], one["nodes"][0]["html"]) for one in Axe().run(page).response["violations"]]
    assert found == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    assert page.locator("h1").count() == 1
    assert page.title().startswith(page.locator("h1").inner_text())


def test_the_head_goes_from_today_to_the_reason_behind_a_date(browser: Browser, live_server: object) -> None:
    world = worlds.make(timezone.localdate())
    page = page_for(browser, live_server, world, "head", 1280)
    page.goto("/")
    expect(page.locator("h1")).to_have_text("Today")
    nothing_is_wrong(page)
    page.get_by_role("link", name="Kai Bennett").first.click()
    expect(page.locator("h1")).to_have_text("Kai Bennett")
    why = page.locator(".app-next__item", has_text="secure suitable education")
    why.get_by_text("Why?").click()
    expect(why.get_by_text("20 school days from then end on")).to_be_visible()
    expect(why.locator(".app-count svg")).to_be_visible()
    nothing_is_wrong(page)
    for tab in ("School and care", "People", "History"):
        page.get_by_role("link", name=tab, exact=True).click()
        nothing_is_wrong(page)
    page.get_by_role("link", name="Overview").click()
    page.get_by_role("link", name="more, met and not applicable included").click()
    check = page.locator(".app-next__item", has_text="place on the roll")
    check.get_by_role("link", name="Record that this was done").click()
    nothing_is_wrong(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Recorded for Kai: check of the roll")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("alert")).to_contain_text("Withdrawn for Kai")
    nothing_is_wrong(page)


def test_the_head_finds_a_child_without_a_name_in_the_address(browser: Browser, live_server: object) -> None:
    world = worlds.make(timezone.localdate())
    page = page_for(browser, live_server, world, "head", 1280)
    page.goto("/children/")
    nothing_is_wrong(page)
    page.get_by_role("searchbox", name="Find a child by name, former name, UPN or school").fill("maisie")
    page.get_by_role("search").first.get_by_role("button", name="Find").click()
    expect(page.get_by_role("link", name="Maisie Thornton")).to_be_visible()
    assert "maisie" not in page.url.lower()
    nothing_is_wrong(page)
    page.goto("/due/")
    page.get_by_label("Group by").select_option("duty")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="First review of the care plan within 20 working days")).to_be_visible()
    nothing_is_wrong(page)


def test_a_designated_teacher_on_a_phone(browser: Browser, live_server: object) -> None:
    world = worlds.make(timezone.localdate())
    page = page_for(browser, live_server, world, "teacher", 375)
    page.goto("/")
    expect(page.locator("h1")).to_contain_text("Two pupils")
    expect(page.get_by_text("Bradford").first).to_be_visible()
    nothing_is_wrong(page)
    page.get_by_role("link", name="Zainab").or_(page.get_by_role("button", name="Zainab")).first.click()
    expect(page.locator("h1")).to_have_text("Zainab Hussain")
    nothing_is_wrong(page)
    page.goto("/children/")
    nothing_is_wrong(page)


@pytest.mark.parametrize("who", ["adviser", "social worker", "carer", "young person", "board member"])
def test_every_role_has_a_first_page_on_a_phone(browser: Browser, live_server: object, who: str) -> None:
    world = worlds.make(timezone.localdate())
    page = page_for(browser, live_server, world, who, 375)
    page.goto("/")
    nothing_is_wrong(page)


@pytest.mark.parametrize("width", [1280, 375])
def test_pages_without_any_children_say_so(browser: Browser, live_server: object, width: int) -> None:
    world = worlds.make_empty()
    page = page_for(browser, live_server, world, "head", width)
    for path in ("/", "/due/", "/children/", "/done/"):
        page.goto(path)
        nothing_is_wrong(page)
        expect(page.locator(".govuk-inset-text").first).to_be_visible()
