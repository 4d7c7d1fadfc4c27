"""A council's own photograph and a child's own take the place of our drawing on the child's page; then they go again."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.in_browser import context_of, look
from virtual_school.access.models import Role

from .test_packs import photo
from .world import hand_over, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def add(page: Page, picture: Path) -> None:
    page.get_by_label("Which card?").select_option("bus")
    page.get_by_label("Picture", exact=True).set_input_files(picture)
    page.get_by_label("Whose picture is it").fill("Taken by the school")
    page.get_by_role("button", name="Add the picture").click()
    expect(page.get_by_text("The picture is used from now on.")).to_be_visible()


def bus_of(page: Page) -> str:
    """Where the picture of the card comes from; it is really drawn."""
    page.goto("/my-school/question/3/")
    shown = page.locator("label", has_text="bus").locator("img")
    expect(shown).to_be_visible()
    assert page.wait_for_function("one => one.complete && one.naturalWidth > 0", arg=shown.element_handle())
    return str(shown.get_attribute("src"))


def test_pictures_of_ones_own_are_drawn_on_the_childs_page(
    browser: Browser, live_server: Any, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    picture = tmp_path / "bus.jpg"
    picture.write_bytes(photo())
    world = make_world(born=datetime.date(datetime.date.today().year - 4, 1, 1))
    digits = hand_over(world, question_set="ey")
    contexts = [
        context_of(browser, live_server, world.users.get(role))
        for role in (Role.VIRTUAL_SCHOOL_HEAD, Role.DESIGNATED_TEACHER, "nobody")
    ]
    head, teacher, child = (one.new_page() for one in contexts)
    child.goto("/my-school/")
    child.get_by_label("Your code").fill(digits)
    child.get_by_role("button", name="Start").click()
    child.wait_for_url("**/first/")
    assert "voice/symbols/" in bus_of(child)

    head.goto("/voice/pictures/")
    add(head, picture)
    councils = bus_of(child)
    assert councils.startswith("/my-school/picture/")

    teacher.goto(f"{world.url}pictures/")
    add(teacher, picture)
    assert bus_of(child) not in {councils, ""}
    wrong = look(head) + look(teacher)

    teacher.get_by_role("button", name="Remove it").click()
    assert bus_of(child) == councils
    head.get_by_role("button", name="Remove it").click()
    expect(head.get_by_text("None yet.")).to_be_visible()
    assert "voice/symbols/" in bus_of(child)
    for one in contexts:
        one.close()
    assert wrong == []
