"""In a real browser: a school records a suspension on a phone; the virtual school head sees it and arranges education
from day one."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.in_browser import context_of, look
from virtual_school.attendance.models_exclusion import Suspension, SuspensionTold
from virtual_school.attendance.models_provision import Provision
from virtual_school.attendance.tasks import send, tell
from virtual_school.plans.tests import writing_world
from virtual_school.plans.tests.writing_world import World
from virtual_school.schools.models import Enrolment

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


def day(page: Page, name: str, parts: tuple[str, str, str]) -> None:
    for part, value in zip(("day", "month", "year"), parts, strict=True):
        page.locator(f"#f_{name}-{part}").fill(value)


def do_the_jobs(world: World) -> None:
    """What the worker does next."""
    with world.within():
        one = Suspension.objects.get()
    tell(one.authority_id, one.pk)
    with world.within():
        told = list(SuspensionTold.objects.exclude(person=None))
    for row in told:
        send(row.authority_id, row.pk)


def test_a_suspension_from_a_phone_at_school_to_education_from_day_one(
    browser: Browser, live_server: Any, world: World
) -> None:
    teacher = context_of(browser, live_server, world.people["teacher"], 375).new_page()
    teacher.goto("/attendance/suspensions/")
    assert look(teacher, "suspensions-none") == []
    teacher.get_by_role("button", name="Record a suspension or exclusion").click()
    assert look(teacher, "choose-pupil") == []
    teacher.get_by_role("link", name="Maisie Thornton").click()
    assert look(teacher, "suspend") == []
    teacher.get_by_role("button", name="Send to the virtual school").click()
    expect(teacher.get_by_role("alert")).to_contain_text("There is a problem")
    assert look(teacher, "suspend-problem") == []
    teacher.get_by_label("Lunchtime suspension").check()
    teacher.get_by_label("Suspension", exact=True).check()
    today = timezone.localdate()
    back = today.replace(year=today.year + 1)
    day(teacher, "back_on", (str(min(back.day, 28)), str(back.month), str(back.year)))
    teacher.get_by_label("How many half days in all?").fill("12")
    teacher.get_by_label("Persistent or general disruption").check()
    teacher.get_by_label("What happened, in a sentence or two?").fill("Left lessons and would not come back in")
    teacher.get_by_label("Nothing is arranged yet").check()
    teacher.get_by_label("The parents, with the letter").check()
    teacher.locator("#f_letter").set_input_files(
        {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 letter %%EOF"}
    )
    teacher.get_by_role("button", name="Send to the virtual school").click()
    expect(teacher.get_by_role("alert")).to_contain_text("are being told now")
    expect(teacher.locator("main")).to_contain_text("6 of 45")
    assert look(teacher, "suspension-at-school") == []
    do_the_jobs(world)

    head = context_of(browser, live_server, world.people["head"]).new_page()
    head.goto("/attendance/suspensions/")
    assert look(head, "suspensions") == []
    head.get_by_role("link", name="Not read by you (1)").click()
    head.get_by_role("link", name="Maisie Thornton").click()
    expect(head.locator("main")).to_contain_text("provide full-time education from the sixth school day")
    expect(head.locator(".app-strength--local").first).to_be_visible()
    expect(head.locator(".app-strength--must").first).to_be_visible()
    assert look(head, "suspension-head") == []
    head.get_by_role("link", name="Arrange education").click()
    assert look(head, "education") == []
    head.get_by_label("Tuition elsewhere").check()
    head.get_by_label("Where, or by whom?").fill("The virtual school’s room")
    day(head, "starts", (str(today.day), str(today.month), str(today.year)))
    head.get_by_label("How many hours a week?").fill("25")
    head.get_by_role("button", name="Save").click()
    expect(head.get_by_role("alert")).to_contain_text("The education is written down")
    expect(head.locator("dl.app-line")).to_contain_text("In place")
    head.goto(f"/children/{world.children['maisie'].public_id}/attendance/")
    assert look(head, "of-child") == []
    for name in ("governors", "cancel", "check", "told"):
        head.goto(f"/attendance/suspensions/{_public_id(world)}/{name}/")
        assert look(head, f"step-{name}") == []
    teacher.reload()
    expect(teacher.get_by_role("row", name="Virtual school head")).not_to_contain_text("Not read yet")


def _public_id(world: World) -> object:
    with world.within():
        return Suspension.objects.get().public_id


def test_the_pages_of_provision_are_right_for_everybody(browser: Browser, live_server: Any, world: World) -> None:
    today = timezone.localdate()
    with world.within():
        Enrolment.objects.filter(child=world.children["lacey"]).update(ends=today - timedelta(days=40))
        child = world.children["maisie"]
        made = Provision.objects.create(
            authority_id=child.authority_id, child=child, kind="reduced", hours=12, hours_due=24,
            starts=today - timedelta(days=30), end_planned=today - timedelta(days=2), review_on=today - timedelta(days=5),
        )  # fmt: skip
    adviser = context_of(browser, live_server, world.people["adviser"]).new_page()
    for name, page in (
        ("without-education", "/attendance/without-education/"),
        ("provisions", "/attendance/provision/"),
        ("provision", f"/attendance/provision/{made.public_id}/"),
        ("provision-review", f"/attendance/provision/{made.public_id}/review/"),
        ("provision-end", f"/attendance/provision/{made.public_id}/end/"),
        ("provision-add", f"/children/{child.public_id}/provision/add/"),
        ("education-step", f"/children/{world.children['lacey'].public_id}/education-step/"),
        ("risk-meeting", f"/children/{child.public_id}/risk-of-exclusion/"),
    ):
        assert adviser.goto(page).status == 200
        assert look(adviser, name) == []
    adviser.goto("/attendance/without-education/")
    adviser.get_by_role("link", name="Name somebody for Lacey Ogden").click()
    adviser.get_by_label("What is in the way?").select_option(label="A school refused")
    adviser.get_by_label("Who?", exact=True).select_option(label="Helen Marsden")
    adviser.get_by_label("Does what?").fill("Ask for a direction")
    day(adviser, "by_on", (str(today.day), str(today.month), str(today.year)))
    adviser.get_by_role("button", name="Save").click()
    expect(adviser.get_by_role("row", name="Lacey Ogden")).to_contain_text("Ask for a direction, today")
