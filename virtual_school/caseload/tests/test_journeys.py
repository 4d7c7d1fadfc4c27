"""Journeys in a real browser: from Today to the reasons behind a date, and a designated teacher on a phone."""

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.in_browser import context_of, look
from virtual_school.caseload.tests import world as worlds
from virtual_school.caseload.tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def page_for(browser: Browser, live_server: object, world: World, who: str, width: int) -> Page:
    return context_of(browser, live_server, world.people[who], width).new_page()


def nothing_is_wrong(page: Page) -> None:
    """At the width it has, with one heading that begins the title."""
    assert look(page, sizes=[page.viewport_size]) == []


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


def test_pages_without_any_children_say_so(browser: Browser, live_server: object) -> None:
    world = worlds.make_empty()
    page = page_for(browser, live_server, world, "head", 1280)
    for path in ("/", "/due/", "/children/", "/done/"):
        page.goto(path)
        assert look(page) == []
        expect(page.locator(".govuk-inset-text").first).to_be_visible()
