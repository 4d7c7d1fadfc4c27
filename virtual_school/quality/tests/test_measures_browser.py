# ruff: noqa: F811 - pytest's fixtures are named as arguments
"""The measures in a real browser: a cut-off frozen, looked into and handed to the board; every page by axe."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from virtual_school.authorities.policy import set_part
from virtual_school.plans.tests.closing_world import to_state
from virtual_school.plans.tests.test_writing_browser import DESK, PHONE, check, somebody, world  # noqa: F401
from virtual_school.plans.tests.writing_world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def wrong() -> Iterator[list[str]]:
    found: list[str] = []
    yield found
    assert not found, "\n".join(found)


def test_a_head_looks_behind_a_figure_freezes_the_term_and_the_board_sees_what_it_may(
    browser: Browser, live_server: object, world: World, wrong: list[str]
) -> None:
    to_state(world, "maisie", "submitted")
    yesterday = timezone.localdate() - timedelta(days=1)
    with world.within():
        set_part(
            world.here, "plans", starts=yesterday - timedelta(days=90),
            choices={"cutoffs": {world.term.key: yesterday.isoformat()}, "measured_after_working_days": 0}, why="",
            by_id=None, by_name="",
        )  # fmt: skip
    context = somebody(browser, live_server, world, "head", DESK)
    page = context.new_page()
    page.goto("/")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Measures of plans").click()
    page.get_by_label("School", exact=True).select_option(label="Moorcroft High School")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("school="))
    page.get_by_role("link", name="Plans done this term").click()
    expect(page.get_by_text("0 of 2 children who had to have a plan")).to_be_visible()
    page.get_by_role("link", name="Ellie Thornton").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ellie")
    for name, path in {
        "measures": "/measures/", "measure": "/measures/I-PEP-01/", "measure-not-known": "/measures/I-PPP-02/",
        "measures-freeze": "/measures/freeze/",
    }.items():  # fmt: skip
        check(page, path, name, wrong)
    page.goto("/measures/freeze/")
    page.get_by_role("button", name="Freeze the figures").click()
    expect(page.get_by_text("these figures do not move").first).to_be_visible()
    check(page, "/measures/", "measures-frozen", wrong)
    check(page, "/measures/freeze/", "measures-correct", wrong)
    context.close()

    board = somebody(browser, live_server, world, "board member", PHONE)
    page = board.new_page()
    check(page, "/measures/", "measures-board", wrong)
    page.goto("/measures/I-PEP-01/")
    expect(page.get_by_text("too few children to be shown")).to_be_visible()
    expect(page.get_by_text("Thornton")).to_have_count(0)
    check(page, "/measures/I-PEP-01/", "measure-board", wrong)
    board.close()
