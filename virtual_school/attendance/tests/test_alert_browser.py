"""In a real browser: an adviser follows an alert to its end."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from tests.in_browser import context_of, look
from virtual_school.attendance.alerting import look as look_for_alerts
from virtual_school.attendance.comparing import Given
from virtual_school.attendance.models import Delivery
from virtual_school.attendance.models_alerts import AttendanceAlert
from virtual_school.attendance.writing import Sender, deliver
from virtual_school.plans.tests import writing_world
from virtual_school.plans.tests.writing_world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> Iterator[World]:
    """As of today: the browser has no other clock. Maisie is away this morning and nobody has said why."""
    settings.MEDIA_ROOT = tmp_path
    before, writing_world.TODAY = writing_world.TODAY, timezone.localdate()
    try:
        made = writing_world.make(opened=False)
        one, school = made.children["maisie"], made.schools["teacher"]
        with made.within():
            given = [Given(one.pk, writing_world.TODAY, school.urn, "N", "")]
            deliver(Sender(Delivery.Source.PAGE, school.name, 0, "School office"), {one.authority_id: given})
            look_for_alerts(made.here, writing_world.TODAY)
        yield made
    finally:
        writing_world.TODAY = before


def test_an_adviser_follows_an_alert_to_its_end(browser: Browser, live_server: Any, world: World) -> None:
    page = context_of(browser, live_server, world.people["adviser"]).new_page()
    page.goto("/")
    page.get_by_role("link", name="One attendance alert is yours to see to").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Attendance alerts")
    assert look(page, "alerts") == []
    page.get_by_role("link", name="Maisie Thornton").click()
    expect(page.locator("main")).to_contain_text("the reason is not known yet")
    assert look(page, "alert-open") == []

    page.get_by_role("button", name="I will see to it").click()
    expect(page.get_by_role("alert")).to_contain_text("It is yours.")
    page.get_by_role("link", name="Say what will be done").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    assert look(page, "alert-action-problem") == []
    page.get_by_label("What will be done?").fill("Ring the carer about this morning")
    page.get_by_label("Who?").select_option(label="Danielle Frost")
    by = timezone.localdate() + timedelta(days=1)
    for part, value in (("Day", by.day), ("Month", by.month), ("Year", by.year)):
        page.get_by_label(part, exact=True).fill(str(value))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("It is Danielle Frost’s to do")

    page.goto("/attendance/")
    expect(page.get_by_role("table", name="Children, worst first")).to_contain_text("Ring the carer about this morning")
    page.goto("/attendance/alerts/")
    page.get_by_role("link", name="Maisie Thornton").click()
    page.get_by_role("link", name="Say what came of it").click()
    page.get_by_label("What came of it?").fill("Ill since the night; the carer had forgotten to ring")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Close it").click()
    page.get_by_label("There is a good reason").check()
    page.get_by_label("In a sentence").fill("Ill")
    page.get_by_role("button", name="Close it").click()
    expect(page.get_by_role("alert")).to_contain_text("It stays on Maisie’s record")
    expect(page.locator("main")).to_contain_text("Nothing waits for you")
    assert look(page, "alerts-empty") == []

    page.goto(f"/children/{world.children['maisie'].public_id}/attendance/")
    expect(page.get_by_role("table", name="Attendance alerts")).to_contain_text("There is a good reason")
    page.get_by_role("link", name="First day of an absence nobody explains").click()
    expect(page.locator("main")).to_contain_text("the carer had forgotten to ring")
    assert look(page, "alert-closed") == []
    with world.within():
        one = AttendanceAlert.objects.get(rule="first_day")
        assert [step.kind for step in one.steps.all()] == ["raised", "acknowledged", "action", "done", "closed"]


def test_the_rules_are_tried_and_set_on_a_page_without_faults(browser: Browser, live_server: Any, world: World) -> None:
    page = context_of(browser, live_server, world.people["head"]).new_page()
    page.goto("/attendance/alerts/rules/")
    assert look(page, "alert-rules") == []
    page.locator("a[href$='/rules/first_day/']").click()
    page.get_by_role("button", name="Try it on the last 30 days").click()
    expect(page.get_by_role("status")).to_contain_text("1 alert for 1 child")
    assert look(page, "alert-rule") == []
