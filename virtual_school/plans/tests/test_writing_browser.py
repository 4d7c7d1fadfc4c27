"""Writing in a real browser: on a phone, without a connection, two at once; and every page by axe at two widths."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.in_browser import DESK, PHONE, context_of, look
from virtual_school.access.tests.signing_in import signed_in
from virtual_school.children.models import Involvement
from virtual_school.plans.models import Plan, Target, UnmergedWords

from . import writing_world
from .writing_world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STRENGTHS = "What the child is good at and enjoys"
SECTION = "sections/progress/"


@pytest.fixture
def world() -> World:
    """As of today: the browser has no other clock."""
    today = timezone.localdate()
    before, writing_world.TODAY = writing_world.TODAY, today
    try:
        return writing_world.make()
    finally:
        writing_world.TODAY = before


def somebody(browser: Browser, live_server: object, world: World, who: str, size: dict[str, int]) -> BrowserContext:
    return context_of(browser, live_server, world.people[who], size["width"])


def told(page: Page, words: str) -> None:
    expect(page.locator("#saved")).to_contain_text(words, timeout=9000)


def test_nothing_is_lost_when_the_connection_drops_on_a_phone(
    browser: Browser, live_server: object, world: World
) -> None:
    context = somebody(browser, live_server, world, "teacher", PHONE)
    page = context.new_page()
    page.goto(world.url("maisie", SECTION))
    page.get_by_label(STRENGTHS).fill("Reads to younger pupils")
    told(page, "Saved ")
    assert world.answer("maisie", "progress.strengths").value == "Reads to younger pupils"
    context.set_offline(True)
    page.get_by_label(STRENGTHS).fill("Reads to younger pupils on Fridays")
    told(page, "Not saved yet: kept on this page")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label(STRENGTHS)).to_have_value("Reads to younger pupils on Fridays")
    assert world.answer("maisie", "progress.strengths").value == "Reads to younger pupils"
    context.set_offline(False)
    told(page, "Saved ")
    assert world.answer("maisie", "progress.strengths").value == "Reads to younger pupils on Fridays"
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    context.close()


def test_leaving_with_unsaved_words_is_asked_about(browser: Browser, live_server: object, world: World) -> None:
    context = somebody(browser, live_server, world, "teacher", PHONE)
    page = context.new_page()
    page.goto(world.url("maisie", SECTION))
    context.set_offline(True)
    page.get_by_label(STRENGTHS).fill("Kind")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    context.close()


def test_signing_in_again_in_another_tab_saves_what_was_typed(
    browser: Browser, live_server: object, world: World
) -> None:
    context = somebody(browser, live_server, world, "teacher", DESK)
    page = context.new_page()
    page.goto(world.url("maisie", SECTION))
    context.clear_cookies()
    page.get_by_label(STRENGTHS).fill("Kind")
    told(page, "sign in again in another tab")
    session = signed_in(world.people["teacher"]).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    told(page, "Saved ")
    assert world.answer("maisie", "progress.strengths").value == "Kind"
    context.close()


def test_two_people_write_in_one_field_and_the_second_chooses(
    browser: Browser, live_server: object, world: World
) -> None:
    first = somebody(browser, live_server, world, "teacher", DESK)
    second = somebody(browser, live_server, world, "adviser", DESK)
    teacher, adviser = first.new_page(), second.new_page()
    for page in (teacher, adviser):
        page.goto(world.url("maisie", SECTION))
    teacher.get_by_label(STRENGTHS).fill("Kind")
    told(teacher, "Saved ")
    adviser.get_by_label(STRENGTHS).fill("Loves maps")
    told(adviser, "Somebody else wrote too")
    adviser.get_by_label(STRENGTHS).fill("Loves maps and rivers")
    adviser.wait_for_timeout(2500)
    with world.within():
        assert UnmergedWords.objects.get().value == "Loves maps and rivers"
    adviser.get_by_role("link", name="Choose what stands").first.click()
    expect(adviser.get_by_role("heading", level=1)).to_have_text("Choose what stands")
    adviser.get_by_label("Both").check()
    adviser.get_by_role("button", name="This stands").click()
    assert world.answer("maisie", "progress.strengths").value == "Kind\n\nLoves maps and rivers"
    first.close()
    second.close()


def test_an_answer_shows_the_fields_that_waited_for_it(browser: Browser, live_server: object, world: World) -> None:
    context = somebody(browser, live_server, world, "teacher", DESK)
    page = context.new_page()
    page.goto(world.url("maisie", "sections/attendance/"))
    waiting = page.get_by_label("What is the pattern, and what lies behind it?")
    expect(waiting).to_be_hidden()
    page.get_by_role("group", name="Is attendance a worry?").get_by_label("Yes").check()
    expect(waiting).to_be_visible(timeout=9000)
    context.close()


def check(page: Page, path: str, name: str, wrong: list[str]) -> None:
    page.goto(path)
    wrong += look(page, name)


def test_every_page_passes_axe_and_fits_a_phone(browser: Browser, live_server: object, world: World) -> None:
    from .test_writing_sections import next_plan

    with world.within():
        Involvement.objects.filter(person=world.people["carer"]).update(starts=timezone.localdate() - timedelta(days=9))
    with world.within():
        first = Plan.objects.get(pk=world.plans["maisie"].pk)
        Target.objects.create(
            authority_id=first.authority_id, child_id=first.child_id, first_plan=first, outcome="Improve reading",
            how="Reading group on Mondays",
        )  # fmt: skip
    next_plan(world, timezone.localdate())
    with world.within():
        plan = Plan.objects.get(pk=world.plans["maisie"].pk)
        UnmergedWords.objects.create(
            authority_id=plan.authority_id, child_id=plan.child_id, plan=plan, field_key="education.key_adult",
            value="Mr Dale", based_on_revision=0, by_id=world.people["adviser"].pk, by_name="Priya Nair",
        )  # fmt: skip
    teacher = somebody(browser, live_server, world, "teacher", DESK)
    head = somebody(browser, live_server, world, "head", DESK)
    carer = somebody(browser, live_server, world, "carer", DESK)
    wrong: list[str] = []
    page = teacher.new_page()
    for name, part in {
        "plan": "", "education": "sections/education/", "attendance": "sections/attendance/",
        "attainment": "sections/attainment_secondary/", "sen": "sections/sen/", "targets": "sections/targets/",
        "actions": "sections/actions/", "last targets": "sections/last_targets/", "voice": "sections/voice/", "evidence": "sections/evidence/",
        "read": "sections/care/", "compare": "compare/", "settle": "two-versions/", "colleagues": "colleagues/",
        "documents": "documents/",
    }.items():  # fmt: skip
        check(page, world.url("maisie", part), name, wrong)
    check(page, "/plans/", "list of a teacher", wrong)
    page = head.new_page()
    check(page, "/plans/", "list", wrong)
    check(page, "/plans/open/", "open", wrong)
    check(page, f"/children/{world.children['maisie'].public_id}/plans/", "of child", wrong)
    check(carer.new_page(), world.url("maisie", "sections/carer/"), "carer", wrong)
    for context in (teacher, head, carer):
        context.close()
    assert wrong == []
