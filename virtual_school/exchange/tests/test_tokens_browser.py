"""In a real browser: a system is let in, it sends marks, it is switched off and sends no more."""

import pytest
from playwright.sync_api import expect

from tests.in_browser import context_of, look
from virtual_school.access.tests.factories import MembershipFactory

from .api_world import ADDRESS, BARNET, MOORCROFT, held, make_world, mark

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_system_is_let_in_sends_marks_and_is_switched_off(browser, live_server):
    world = make_world()
    head = MembershipFactory(authority_id=BARNET, user__name="Helen Marsden").user
    context = context_of(browser, live_server, head)
    page = context.new_page()
    page.goto("/systems/")
    wrong = look(page, "systems")
    page.get_by_role("button", name="Let a system in").click()
    page.get_by_label("Name of the system").fill("Arbor, Moorcroft High")
    page.get_by_label("A school’s own system").check()
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("link", name="Enter the URN of the school")).to_be_visible()
    wrong += look(page, "new")
    page.get_by_label("School’s unique reference number").fill(str(MOORCROFT))
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Token for Arbor, Moorcroft High")
    wrong += look(page, "made")
    secret = page.locator(".app-token").inner_text()
    page.get_by_role("button", name="I have copied it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Systems that send marks")
    assert secret not in page.content()

    program = browser.new_context(
        base_url=live_server.url, extra_http_headers={"Authorization": f"Bearer {secret}"}
    ).request  # fmt: skip
    sent = program.post(ADDRESS, data={"marks": [mark("amy"), mark("ben")]})
    assert [row["result"] for row in sent.json()["rows"]] == ["created", "refused"]
    assert held(world) == {("amy", "/", "\\", MOORCROFT)}

    row = page.get_by_role("row").filter(has_text="Arbor, Moorcroft High")
    row.get_by_role("link", name="Withdraw").click()
    wrong += look(page, "withdraw")
    page.get_by_role("button", name="Withdraw it now").click()
    expect(page.get_by_text("Arbor, Moorcroft High is no longer let in.")).to_be_visible()
    assert program.post(ADDRESS, data={"marks": [mark("cara")]}).status == 401
    page.goto("/systems/switch-off/")
    wrong += look(page, "switch-off")
    context.close()
    assert wrong == []
