"""In a real browser: a school secretary enters a week from the keyboard."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.in_browser import context_of, look
from virtual_school.access.models import Membership, Role, User
from virtual_school.access.tests.factories import UserFactory
from virtual_school.attendance.marking import monday_of
from virtual_school.attendance.models import MarkedDay
from virtual_school.children.models import Involvement
from virtual_school.plans.tests import writing_world
from virtual_school.plans.tests.writing_world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> Iterator[World]:
    """As of today: the browser has no other clock."""
    settings.MEDIA_ROOT = tmp_path
    before, writing_world.TODAY = writing_world.TODAY, timezone.localdate()
    try:
        yield writing_world.make(opened=False)
    finally:
        writing_world.TODAY = before


def a_secretary(world: World) -> User:
    """Who helps the designated teacher with every pupil in care at the school, of three councils."""
    person = UserFactory(name="Pat Lomas", is_invented=True)
    Membership.objects.create(
        user=person, urn=world.schools["teacher"].urn, role=Role.DELEGATE, starts=writing_world.LONG_AGO
    )
    with world.within():
        for name in ("maisie", "ellie", "zainab", "logan"):
            child = world.children[name]
            Involvement.objects.create(
                authority_id=child.authority_id, child=child, person=person, role=Role.DELEGATE,
                starts=writing_world.LONG_AGO,
            )  # fmt: skip
    return person


def tab_to(page: Page, words: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.textContent"):
            return
    raise AssertionError(f"{words} is not reached with the Tab key")


def test_a_secretary_enters_a_week_from_the_keyboard_for_pupils_of_three_councils(
    browser: Browser, live_server: Any, world: World
) -> None:
    monday = monday_of(timezone.localdate()) - timedelta(days=7)
    page = context_of(browser, live_server, a_secretary(world)).new_page()
    page.goto("/attendance/registers/")
    page.goto(f"{page.url.partition('?')[0]}?week={monday}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Marks for the week of")
    for authority in (world.here, world.elsewhere, world.far):
        expect(page.locator("main")).to_contain_text(authority.name)
    assert look(page, "marks-empty") == []
    pupils = page.locator(".app-marks tbody tr").count()
    assert pupils == 4
    page.locator("input.app-mark").first.focus()
    for typed in ["/", "\\", "l12", "\\", "q1", "\\"]:
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Q1 is not an attendance code")
    expect(page.get_by_role("alert")).to_contain_text("Nothing is saved yet")
    assert look(page, "marks-problem") == []
    page.get_by_role("alert").get_by_role("link").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("o")
    tab_to(page, "Fill blanks")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("are filled in. Correct them, then save.")
    assert look(page, "marks-filled") == []
    page.locator("input.app-mark").last.focus()
    tab_to(page, "Save marks")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(f"{6 + 2 * pupils} marks saved.")
    expect(page.locator("input.app-mark").nth(2)).to_have_value("L12")
    with world.within():
        first = MarkedDay.objects.filter(day=monday).values("child")
        rows = list(
            MarkedDay.objects.filter(child__in=first).order_by("day").values_list("day", "am", "pm", "am_minutes")
        )
        last = MarkedDay.objects.filter(day=monday + timedelta(days=4))
        assert last.values("authority").distinct().count() == 3
    days = [monday + timedelta(days=n) for n in (0, 1, 2, 4)]
    assert rows == list(zip(days, ["/", "L", "O", "/"], ["\\"] * 4, [0, 12, 0, 0], strict=True))
