# ruff: noqa: F811 - pytest's fixtures are named as arguments
"""Whole ways through the service in a real browser, on a phone and at a desk: a designated teacher with pupils of three
councils, one of them a colleague's; and a social worker whose child has no school."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.in_browser import DESK, PHONE
from virtual_school.care.actions import work_out_history
from virtual_school.children.models import Involvement
from virtual_school.plans.delegating import take_up
from virtual_school.plans.models import Answer, Attendee, Delegation, Meeting, Plan, PlanSection, Signature
from virtual_school.plans.opening_due import open_what_is_due

from .closing_world import write_whole
from .test_closing_browser import button, look, world  # noqa: F401
from .test_writing_browser import somebody
from .writing_world import HERE, LONG_AGO, ROLES, World, a_child

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
sizes = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
STRENGTHS = "What the child is good at and enjoys"
LEFT = "How things are going"
COUNCILS = {"maisie": "here", "zainab": "elsewhere", "logan": "far"}


def all_but_one_section(world: World, child: str) -> None:
    write_whole(world, child)
    plan = Plan.objects.get(pk=world.plans[child].pk)
    Answer.objects.filter(plan=plan, field_key="progress.strengths").delete()
    PlanSection.objects.filter(plan=plan, key="progress").update(state="in_progress", completed_at=None)


def card(page: Page, name: str) -> Any:
    return page.locator(".app-card", has=page.get_by_role("heading", name=name, exact=True))


def finish(page: Page, name: str, words: str, *, wait_to_see_it_saved: bool = False) -> None:
    """From Today to the section that is left, and back on the plan's page. The button saves what is not saved yet."""
    page.goto("/")
    expect(card(page, name)).to_contain_text(f"Finish “{LEFT}”")
    card(page, name).get_by_role("button", name=f"Go to {LEFT}").click()
    expect(page.locator("h1")).to_have_text(LEFT)
    page.get_by_label(STRENGTHS).fill(words)
    if wait_to_see_it_saved:
        expect(page.locator("#saved")).to_contain_text("Saved ", timeout=9000)
    button(page, "Mark as complete")
    expect(page.locator("h1")).to_have_text(f"{name}’s plan")


@sizes
def test_a_designated_teacher_does_hers_for_three_councils_and_one_for_a_colleague(
    browser: Browser, live_server: Any, world: World, size: dict[str, int]
) -> None:
    with world.within():
        for child in (*COUNCILS, "lacey"):
            all_but_one_section(world, child)
        Plan.objects.filter(pk=world.plans["ellie"].pk).update(state="published")

    colleague = somebody(browser, live_server, world, "other teacher", size).new_page()
    colleague.goto(world.url("lacey"))
    colleague.get_by_role("link", name="Ask a colleague to fill a section").click()
    colleague.get_by_label("Your colleague’s e-mail address").fill(world.people["teacher"].email)
    colleague.get_by_label(LEFT).check()
    button(colleague, "Ask them")
    expect(colleague.get_by_role("alert")).to_contain_text("Asha Khan can write in Lacey’s plan. You still sign it.")
    with world.within():
        take_up(Delegation.objects.get().pk)

    page = somebody(browser, live_server, world, "teacher", size).new_page()
    page.goto("/")
    look(page, "today", size)
    for child, council in COUNCILS.items():
        expect(card(page, world.children[child].name)).to_contain_text(getattr(world, council).name)
    for child in COUNCILS:
        name = world.children[child].name
        finish(page, name, "Reads to younger pupils, and is proud of it", wait_to_see_it_saved=child == "zainab")
        button(page, "Put forward to be signed")
        if child == "zainab":
            look(page, "ask-to-sign", size)
        button(page, "Put it forward")
        expect(page.get_by_role("alert")).to_contain_text("The plan is waiting to be signed")
        page.goto("/")
        card(page, name).get_by_role("button", name="Read and sign").click()
        button(page, "Read and sign")
        page.get_by_label("I have read the whole plan as it stands now").check()
        button(page, "Sign the plan")
        expect(page.get_by_role("alert")).to_contain_text("You have signed the plan")
    finish(page, "Lacey Ogden", "Knows every river of the county")
    expect(page.get_by_role("button", name="Put forward to be signed")).to_have_count(0)
    assert page.goto(world.url("lacey", "submit/")).status == 403
    page.goto("/")
    look(page, "today-done", size)
    expect(page.get_by_text("“")).to_have_count(0)
    page.goto("/plans/")
    for name in ("Maisie Thornton", "Zainab Hussain", "Logan Pryce", "Lacey Ogden"):
        expect(page.get_by_role("link", name=name)).to_be_visible()

    colleague.goto(world.url("lacey"))
    button(colleague, "Put forward to be signed")
    button(colleague, "Put it forward")
    with world.within():
        signed = Signature.objects.filter(role="designated_teacher", person=world.people["teacher"])
        assert set(signed.values_list("plan", flat=True)) == {world.plans[child].pk for child in COUNCILS}
    assert world.answer("lacey", "progress.strengths").by_name == "Asha Khan"
    assert world.plan("lacey").state == "awaiting_signoff"


@sizes
def test_a_social_worker_arranges_a_first_plan_for_a_child_without_a_school(
    browser: Browser, live_server: Any, world: World, size: dict[str, int], mailoutbox: list[Any]
) -> None:
    today = timezone.localdate()
    with world.within():
        child = a_child(
            world, world.here, "Yonas Tesfay", born=today - timedelta(days=14 * 366), came_in=today - timedelta(days=3)
        )
        work_out_history(HERE)
        for who in ("social worker", "adviser", "carer"):
            Involvement.objects.create(
                authority=world.here, child=child, person=world.people[who], role=ROLES[who][1], starts=LONG_AGO
            )
        open_what_is_due(world.here, today)
        world.plans["yonas"] = plan = Plan.objects.get(child=child)
        assert (plan.kind, plan.phase, plan.school_id) == ("first", "not_on_roll", None)

    page = somebody(browser, live_server, world, "social worker", size).new_page()
    page.goto("/")
    look(page, "today-of-a-social-worker", size)
    card(page, "Yonas Tesfay").get_by_role("button").click()
    section = page.locator("h1").inner_text()
    page.locator("form[data-save-url] .govuk-input[type=text]:visible, textarea:visible").first.fill(
        "In a hotel until Monday; the foster carers have him from then on"
    )
    expect(page.locator("#saved")).to_contain_text("Saved ", timeout=9000)
    page.get_by_role("link", name="Yonas Tesfay’s plan").click()
    look(page, "first-plan", size)
    main = page.locator("main")
    expect(main).to_contain_text("first plan of the personal education plan")
    expect(main).to_contain_text("no school place")
    expect(page.get_by_role("listitem").filter(has_text=section).first).to_contain_text("In progress")

    button(page, "Arrange the meeting")
    look(page, "no-meeting-yet", size)
    button(page, "Arrange the meeting")
    expect(page.get_by_label("Who chairs?")).to_have_value("")
    button(page, "Arrange it and send the invitations")
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    look(page, "arrange-with-a-fault", size)
    on = today + timedelta(days=(7 - today.weekday()) % 7 or 7)
    for part, value in (("Day", on.day), ("Month", on.month), ("Year", on.year)):
        page.get_by_label(part, exact=True).fill(str(value))
    page.get_by_label("Time", exact=True).fill("2pm")
    page.get_by_label("Place").fill("Civic Centre, room 4")
    page.get_by_label("Who chairs?").fill("Priya Nair")
    expect(page.get_by_label("Priya Nair, education adviser")).to_be_checked()
    button(page, "Arrange it and send the invitations")
    if page.get_by_role("heading", name="Look at this first").count():
        look(page, "arrange-look-first", size)
        button(page, "Go on as it is")
    expect(page.get_by_role("alert")).to_contain_text("The meeting is arranged for")
    look(page, "meeting-arranged", size)
    page.get_by_role("link", name="Invite somebody else").click()
    page.get_by_label("Somebody else: name").fill("Dr Amina Yusuf")
    page.get_by_label("Who they are to the child").fill("Interpreter")
    look(page, "invite", size)
    page.locator("main form button[type=submit]").first.click()
    expect(main).to_contain_text("Dr Amina Yusuf")
    with world.within():
        meeting = Meeting.objects.get(plan=plan)
        assert (meeting.on, meeting.chair_name) == (on, "Priya Nair")
        names = set(Attendee.objects.filter(meeting=meeting).values_list("name", flat=True))
        assert {"Priya Nair", "Sue Palmer", "Dr Amina Yusuf"} <= names

    adviser = somebody(browser, live_server, world, "adviser", size).new_page()
    adviser.goto(world.url("yonas"))
    expect(adviser.locator("main")).to_contain_text("Civic Centre, room 4")
