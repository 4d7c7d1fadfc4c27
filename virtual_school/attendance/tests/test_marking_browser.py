"""In a real browser: a school secretary enters a week from the keyboard."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from tests.in_browser import context_of, look
from virtual_school.attendance.marking import monday_of
from virtual_school.attendance.models import MarkedDay
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


def test_a_secretary_enters_a_week_from_the_keyboard(browser: Browser, live_server: Any, world: World) -> None:
    monday = monday_of(timezone.localdate()) - timedelta(days=7)
    page = context_of(browser, live_server, world.people["teacher"]).new_page()
    page.goto("/attendance/registers/")
    if page.url.endswith("/registers/"):
        page.locator("main table a").first.click()
    page.goto(f"{page.url.partition('?')[0]}?week={monday}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Marks for the week of")
    assert look(page, "marks-empty") == []
    pupils = page.locator(".app-marks tbody tr").count()
    page.locator("input.app-mark").first.focus()
    for typed in ["/", "\\", "l", "\\", "q1", "\\"]:
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Q1 is not an attendance code")
    expect(page.get_by_role("alert")).to_contain_text("Nothing is saved yet")
    assert look(page, "marks-problem") == []
    page.locator("input.app-mark").nth(4).fill("o")
    page.get_by_role("button", name="Fill blanks").click()
    expect(page.locator("main")).to_contain_text("are filled in. Correct them, then save.")
    assert look(page, "marks-filled") == []
    page.get_by_role("button", name="Save marks").click()
    expect(page.locator("main")).to_contain_text(f"{6 + 2 * pupils} marks saved.")
    with world.within():
        first = MarkedDay.objects.filter(day=monday).values("child")
        rows = list(MarkedDay.objects.filter(child__in=first).order_by("day").values_list("day", "am", "pm"))
    days = [monday + timedelta(days=n) for n in (0, 1, 2, 4)]
    assert rows == list(zip(days, ["/", "L", "O", "/"], ["\\"] * 4, strict=True))
