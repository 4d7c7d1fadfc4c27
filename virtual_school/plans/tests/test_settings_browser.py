# ruff: noqa: F811 - pytest's fixtures are named as arguments
"""Settings of plans in a real browser: every page by axe at two widths, and a draft changed by keyboard alone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from virtual_school.plans.models import PlanTemplate

from .test_writing_browser import DESK, PHONE, check, somebody, world  # noqa: F401
from .writing_world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FORM = "/plans/forms/secondary/2"


@pytest.fixture
def wrong() -> Iterator[list[str]]:
    found: list[str] = []
    yield found
    assert not found, "\n".join(found)


def test_every_page_of_settings_passes_axe_and_fits_a_phone(
    browser: Browser,
    live_server: object,
    world: World,
    wrong: list[str],
) -> None:
    context = somebody(browser, live_server, world, "head", DESK)
    page = context.new_page()
    page.goto("/plans/forms/secondary/start/")
    page.get_by_role("button", name="Start the draft").click()
    page.goto(f"{FORM}/sections/education/questions/travel/")
    page.get_by_label("Label").fill("Journey to school")
    page.get_by_label("No, switched off").check()
    page.get_by_role("button", name="Save in the draft").click()
    page.goto(f"{FORM}/sections/education/add/")
    page.get_by_label("The question").fill("Breakfast club?")
    page.get_by_label("Yes or no").check()
    page.get_by_role("button", name="Add it to the draft").click()
    for name, path in {
        "forms": "/plans/forms/",
        "form": f"{FORM}/",
        "form-in-force": "/plans/forms/secondary/1/",
        "section": f"{FORM}/sections/education/",
        "section-change": f"{FORM}/sections/sen/change/",
        "question": f"{FORM}/sections/sen/questions/status/",
        "question-add": f"{FORM}/sections/sen/add/",
        "preview": f"{FORM}/preview/?role=designated_teacher&state=in_progress&year=8",
        "preview-carer": f"{FORM}/preview/?role=carer&state=in_progress&circumstances=unaccompanied",
        "contents": f"{FORM}/contents/",
        "compare": f"{FORM}/compare/",
        "put-in-force": f"{FORM}/put-in-force/",
        "discard": f"{FORM}/discard/",
        "start": "/plans/forms/primary/start/",
        "policy": "/plans/policy/",
        "policy-clocks": "/plans/policy/change/clocks/",
        "policy-signing": "/plans/policy/change/signing/",
        "policy-cut-offs": "/plans/policy/change/cut-offs/",
        "policy-measures": "/plans/policy/change/measures/",
        "policy-reminders": "/plans/policy/change/reminders/",
        "policy-rights": "/plans/policy/rights/designated_teacher/",
    }.items():
        check(page, path, f"settings-{name}", wrong)
    context.close()


def test_a_draft_is_changed_moved_undone_and_put_in_force_by_keyboard_on_a_phone(
    browser: Browser,
    live_server: object,
    world: World,
) -> None:
    context = somebody(browser, live_server, world, "head", PHONE)
    page = context.new_page()
    page.goto("/plans/forms/secondary/start/")
    page.get_by_role("button", name="Start the draft").press("Enter")
    expect(page.get_by_text("No plan sees this draft")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Down.*About the child")).press("Enter")
    expect(page.get_by_text("The sections stand in another order")).to_be_visible()
    page.get_by_role("button", name="Undo the last change").press("Enter")
    expect(page.get_by_text("The last change is undone")).to_be_visible()
    page.get_by_role("link", name="Care and home").press("Enter")
    page.get_by_role("link", name="Legal status").press("Enter")
    page.get_by_label("Label").fill("Legal position")
    page.get_by_role("button", name="Save in the draft").press("Enter")
    expect(page.get_by_role("link", name="Legal position")).to_be_visible()
    page.goto(f"{FORM}/put-in-force/")
    expect(page.get_by_text("is called “Legal position”")).to_be_visible()
    page.get_by_role("button", name="Put in force").press("Enter")
    expect(page.get_by_text("Plans open now keep their form")).to_be_visible()
    assert PlanTemplate.objects.get(authority=world.here, phase="secondary", state="in_force").version == 2
    page.get_by_role("button", name="Undo", exact=True).press("Enter")
    expect(page.get_by_text("is a draft again")).to_be_visible()
    context.close()


def test_a_change_of_policy_is_previewed_saved_and_undone(browser: Browser, live_server: object, world: World) -> None:
    context = somebody(browser, live_server, world, "head", DESK)
    page = context.new_page()
    page.goto("/plans/policy/change/signing/")
    page.get_by_role("group", name="Whose signatures does a plan").get_by_label("Carer").check()
    page.get_by_label("Why, and who decided").fill("Agreed with foster carers")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("heading", name="Check before anything changes")).to_be_visible()
    page.get_by_role("button", name="Save 1 change").click()
    expect(page.get_by_text("1 choice is changed for the plans of")).to_be_visible()
    expect(page.get_by_text("Agreed with foster carers")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("The change of policy is taken back")).to_be_visible()
    context.close()
