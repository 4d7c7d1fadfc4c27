"""In a real browser: an adviser goes from who is where to a child's year, a school and the trend, at two widths."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from tests.in_browser import context_of, look
from virtual_school.plans.tests.writing_world import World

from .test_suspension_browser import world  # noqa: F401 -- the fixture as of today
from .test_today_page import mark

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_who_is_where_to_a_childs_year(browser: Browser, live_server: Any, world: World) -> None:  # noqa: F811
    today = timezone.localdate()
    head = context_of(browser, live_server, world.people["head"]).new_page()
    head.goto("/attendance/")
    assert look(head, "attendance-none") == []
    for n in range(28, 0, -1):
        mark(world, "maisie", today - timedelta(days=n), am="/", pm="I" if n % 5 else "O")
    mark(world, "maisie", today - timedelta(days=1), am="I", source="phone")
    mark(world, "maisie", today, am="N")
    head.reload()
    expect(head.locator("main")).to_contain_text("1 child is away and nobody has said why")
    assert look(head, "attendance-today") == []
    head.get_by_role("link", name="Maisie Thornton").click()
    expect(head.locator("main")).to_contain_text("What the pattern says")
    assert look(head, "attendance-year") == []
    for name, url in {
        "attendance-over-time": "/attendance/over-time/",
        "attendance-school": f"/attendance/schools/{world.schools['teacher'].urn}/",
    }.items():
        head.goto(url)
        assert look(head, name) == []
