"""In a real browser: a caller works the list to its end, while marks arrive from elsewhere."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Browser, expect

from tests.in_browser import context_of, look
from virtual_school.attendance.models import CallAnswer, MarkedDay, SchoolCall
from virtual_school.authorities.queries import school_calendars
from virtual_school.plans.tests import writing_world
from virtual_school.plans.tests.writing_world import HERE, World

from .test_today_page import mark

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def next_school_day() -> date:
    """Later than now, for the database's clock stays where it is."""
    today = timezone.localdate()
    calendar, _ = school_calendars(HERE, "Sheffield")
    return next(day for n in range(1, 90) if calendar.is_school_day(day := today + timedelta(days=n)))


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> Iterator[World]:
    """On the morning of a school day."""
    settings.MEDIA_ROOT = tmp_path
    before, writing_world.TODAY = writing_world.TODAY, next_school_day()
    try:
        with time_machine.travel(f"{writing_world.TODAY} 09:30:00+00:00"):
            yield writing_world.make(opened=False)
    finally:
        writing_world.TODAY = before


def test_a_caller_works_the_list_to_its_end(browser: Browser, live_server: Any, world: World) -> None:
    today = writing_world.TODAY
    priya = context_of(browser, live_server, world.people["adviser"]).new_page()
    priya.goto("/attendance/")
    priya.get_by_role("link", name="Schools to ring").click()
    expect(priya.get_by_role("heading", level=1)).to_have_text("Schools to ring")
    expect(priya.locator("main")).to_contain_text("2 to ring now")
    assert look(priya, "calls") == []
    priya.get_by_role("button", name="Ring Moorcroft High School").focus()
    priya.keyboard.press("Enter")
    expect(priya.get_by_role("heading", level=1)).to_have_text("Ring Moorcroft High School")
    assert look(priya, "call") == []
    helen = context_of(browser, live_server, world.people["head"]).new_page()
    helen.goto("/attendance/calls/")
    expect(helen.locator("main")).to_contain_text("Priya Nair is ringing this school now")
    # The school's own system sends one mark while she is on the telephone.
    mark(world, "ellie", today, am="/", source="api")
    priya.get_by_role("radio", name="Answered").focus()
    priya.keyboard.press("Space")
    maisie = priya.get_by_role("group", name="Maisie Thornton")
    maisie.get_by_label("Morning").focus()
    priya.keyboard.type("i")
    priya.keyboard.press("Tab")
    priya.keyboard.press("Tab")
    priya.keyboard.type("Has the flu")
    priya.get_by_role("group", name="Ellie Thornton").get_by_label("Morning").focus()
    priya.keyboard.type("o")
    priya.get_by_role("button", name="Save, then the next school").focus()
    priya.keyboard.press("Enter")
    expect(priya.get_by_role("heading", level=1)).to_have_text("Ring Thornbury School")
    expect(priya.locator("main")).to_contain_text("1 mark of the school’s own stands and say otherwise")
    priya.get_by_role("button", name="Save", exact=True).click()
    expect(priya.get_by_role("alert")).to_contain_text("Say whether somebody answered")
    assert look(priya, "call-problem") == []
    priya.get_by_role("radio", name="No answer").check()
    priya.get_by_role("button", name="Save", exact=True).click()
    expect(priya.locator("main")).to_contain_text("To ring again later: 1")
    expect(priya.locator("main")).to_contain_text("again at 10:0")
    assert look(priya, "calls-later") == []
    mark(world, "lacey", today, am="M", source="file")
    priya.reload()
    expect(priya.locator("main")).to_contain_text("Every school has marked its pupils in care today")
    assert look(priya, "calls-empty") == []
    priya.get_by_role("link", name="Moorcroft High School").click()
    expect(priya.locator("main")).to_contain_text("“Has the flu”")
    assert look(priya, "call-marked") == []
    priya.get_by_role("link", name="Strike out").click()
    assert look(priya, "call-strike") == []
    with world.within():
        assert list(SchoolCall.objects.order_by("id").values_list("outcome", "pupils")) == [
            ("answered", 2),
            ("no_answer", 0),
        ]
        assert CallAnswer.objects.count() == 2
        marks = MarkedDay.objects.filter(day=today)
        assert set(marks.values_list("child", "am")) == {
            (world.children[name].pk, am) for name, am in (("maisie", "I"), ("ellie", "/"), ("lacey", "M"))
        }
    urn = world.schools["teacher"].urn
    for name, url in {
        "chase": "/attendance/missing/",
        "chase-school": f"/attendance/missing/{urn}/",
        "chase-not-expected": f"/attendance/missing/{urn}/not-expected/?day={today - timedelta(days=7)}",
    }.items():
        priya.goto(url)
        assert look(priya, name) == []
