"""Two adults watch a child who cannot be asked, each writes a sheet, and then it counts."""

import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.in_browser import context_of, look
from virtual_school.access.models import Role

from .test_observing import SAID
from .world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LABELS = {
    "When, where, and what was happening": "where", "What I saw and heard": "saw", "What I think it may mean": "means",
    "What else it could mean": "else", "Who else agrees, and who does not": "agree",
    "How the child was told or shown": "told",
}  # fmt: skip


def fill(page: Page, days_ago: int) -> None:
    on = datetime.date.today() - datetime.timedelta(days=days_ago)
    for part, value in (("Day", on.day), ("Month", on.month), ("Year", on.year)):
        page.get_by_label(part, exact=True).fill(str(value))
    for label, key in LABELS.items():
        page.get_by_label(label, exact=True).fill(SAID[key])


def test_what_two_adults_saw_counts_and_is_never_the_childs_own_words(browser: Browser, live_server: Any) -> None:
    world = make_world(born=datetime.date(datetime.date.today().year - 2, 1, 1))
    teacher_at, worker_at = (
        context_of(browser, live_server, world.users[role]) for role in (Role.DESIGNATED_TEACHER, Role.SOCIAL_WORKER)
    )
    teacher, worker = teacher_at.new_page(), worker_at.new_page()
    teacher.goto(world.url)
    wrong = look(teacher)
    teacher.locator(".govuk-inset-text").get_by_role("link", name="Write what you saw").click()
    fill(teacher, 0)
    teacher.get_by_label("I am sure").check()
    teacher.get_by_role("button", name="Keep the sheet").click()
    expect(teacher.get_by_role("link", name="Say what makes you sure.")).to_be_visible()
    wrong += look(teacher)
    teacher.get_by_label("It is a guess").check()
    teacher.get_by_role("button", name="Keep the sheet").click()
    expect(teacher.get_by_text("Does not count yet")).to_be_visible()

    worker.goto(f"{world.url}observation/")
    expect(worker.get_by_text("Pushed the cup away twice")).to_be_visible()
    fill(worker, 1)
    worker.get_by_label("It is likely").check()
    worker.get_by_role("button", name="Keep the sheet").click()
    expect(worker.get_by_text("Counts as views gathered")).to_be_visible()
    assert worker.locator(".app-reading").count() == 2 and worker.locator(".app-ask").count() == 0
    wrong += look(worker)
    for one in (teacher_at, worker_at):
        one.close()
    assert wrong == []
