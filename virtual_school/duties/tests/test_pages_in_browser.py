"""The schools', register's and authority's pages in a real browser: axe at two widths, and a journey by keyboard."""

from datetime import date

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from tests.in_browser import DESK, look
from virtual_school.access.models import Role, User
from virtual_school.access.tests.factories import MembershipFactory
from virtual_school.access.tests.signing_in import signed_in
from virtual_school.authorities.actions import load_bank_holidays
from virtual_school.authorities.models import Appointment, Authority, PolicyVersion, TermDates
from virtual_school.children.models import Involvement
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.schools.models import DesignatedTeacher, School, SchoolLink
from virtual_school.schools.tests.factories import SchoolFactory, a_pupil

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def school() -> School:
    """With everything a school's page can show."""
    load_bank_holidays()
    sheffield = Authority.objects.create(code=373, name="Sheffield")
    school = SchoolFactory(name="Moorcroft High School", last_overall_grade="Good", website="www.moorcroft.example")
    old = SchoolFactory(name="Moorcroft Comprehensive", status="Closed", closed_on=date(2015, 8, 31))
    SchoolLink.objects.create(urn=school.urn, other_urn=old.urn, kind="Predecessor")
    asha = MembershipFactory(role=Role.DESIGNATED_TEACHER, authority=None, urn=school.urn, user__name="Asha Khan").user
    DesignatedTeacher.objects.create(school=school, person=asha, starts=date(2024, 9, 1))
    TermDates.objects.create(
        urn=school.urn, academic_year="2026/27", kind="closure", label="Staff training", starts=date(2027, 1, 4),
        ends=date(2027, 1, 4),
    )  # fmt: skip
    TermDates.objects.create(
        la_code=373, academic_year="2026/27", kind="holiday", label="Half term", starts=date(2026, 10, 26),
        ends=date(2026, 10, 30),
    )  # fmt: skip
    Appointment.objects.create(
        authority=sheffield, kind="virtual_school_head", name="Helen Marsden", employer="Sheffield City Council",
        starts=date(2024, 1, 8),
    )  # fmt: skip
    PolicyVersion.objects.create(
        authority=sheffield, starts=date(2026, 1, 1), choices={"pep_from_age": 2}, why="Agreed"
    )
    with acting(service(373)):
        child = a_pupil(sheffield, school)
        a_pupil(sheffield, school, name="Left School", left_school=date(2026, 7, 20))
        Involvement.objects.create(
            authority=sheffield, child=child, person=asha, role=Role.DESIGNATED_TEACHER, starts=date(2025, 9, 1)
        )
    return school


def page_of(browser: Browser, live_server: object, user: User | None, script: bool = True) -> Page:
    context = browser.new_context(base_url=live_server.url, viewport=DESK, java_script_enabled=script)
    if user:
        cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": live_server.url}])
    return context.new_page()


def check(page: Page, address: str) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    assert page.goto(address).status == 200
    assert look(page) == []
    assert problems == [], address


def test_no_page_of_the_virtual_school_head_has_a_fault_axe_can_find(browser, live_server, school):
    head = MembershipFactory(authority_id=373, user__name="Helen Marsden").user
    page = page_of(browser, live_server, head)
    teacher = DesignatedTeacher.objects.get()
    base = f"/schools/{school.urn}/"
    for address in (
        "/schools/", "/schools/?show=all&state=all", "/schools/?show=all&q=nowhere", base,
        f"{base}designated-teacher/", f"{base}designated-teacher/{teacher.pk}/end/", f"{base}dates/",
        "/register/", "/register/?q=nowhere", "/register/REV-03/", "/register/KIN-01/", "/appointments/",
        "/appointments/add/", f"/appointments/{Appointment.objects.get().pk}/end/", "/policy/", "/policy/change/",
        "/policy/appearance/", "/term-dates/", "/term-dates/add/", "/term-dates/load/",
    ):  # fmt: skip
        check(page, address)


def test_a_designated_teachers_school_has_no_fault_axe_can_find(browser, live_server, school):
    page = page_of(browser, live_server, User.objects.get(name="Asha Khan"))
    check(page, "/schools/mine/")
    assert page.locator("text=Kai Bennett").count() == 1


def test_pages_for_everyone_have_no_fault_axe_can_find(browser, live_server):
    page = page_of(browser, live_server, None)
    for address in ("/help/", "/accessibility/", "/privacy/", "/attributions/"):
        check(page, address)


def test_forms_with_errors_have_no_fault_axe_can_find(browser, live_server, school):
    page = page_of(browser, live_server, MembershipFactory(authority_id=373).user)
    for address, button in (
        (f"/schools/{school.urn}/designated-teacher/", "Appoint"),
        ("/appointments/add/", "Record the appointment"),
        ("/policy/change/", "Show what would change"),
        ("/term-dates/add/", "Add"),
        ("/term-dates/load/", "Load the dates"),
    ):
        page.goto(address)
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_text("There is a problem")).to_be_visible()
        assert page.title().startswith("Error: ")
        assert look(page) == []


def test_a_choice_is_changed_and_taken_back_without_a_script_by_keyboard(browser, live_server, school):
    page = page_of(browser, live_server, MembershipFactory(authority_id=373).user, script=False)
    page.goto("/policy/change/")
    page.get_by_label("How long ago may a child’s place on the roll have been checked?").fill("30")
    page.get_by_label("Why, and who decided").fill("Agreed by the board")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("instead of 90 days")).to_be_visible()
    save = page.get_by_role("button", name="Save 1 change")
    save.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 choice is changed for Sheffield")).to_be_visible()
    expect(page.get_by_text("30 days", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_text("The change of policy is taken back")).to_be_visible()
    assert PolicyVersion.objects.get().choices == {"pep_from_age": 2}
