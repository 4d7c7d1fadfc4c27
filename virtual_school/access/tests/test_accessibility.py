"""The pages of signing in and of people, by axe, on a desk and on a phone."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from virtual_school.access.models import Role, User
from virtual_school.authorities.models import Authority

from .factories import MembershipFactory
from .signing_in import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("PICTURES", "")
"""A folder for pictures of the pages, for those who want to look."""
OPEN_PAGES = ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/accounts/invitation/x/"]
PAGES = [
    "/account/",
    "/account/roles/",
    "/people/",
    "/people/?state=ended",
    "/people/invite/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/webauthn/",
    "/accounts/sessions/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/logout/",
]


@pytest.fixture
def head(settings: object) -> User:
    settings.DEMO = True
    borchester = Authority.objects.create(code=896, name="Borchester", is_invented=True)
    user = MembershipFactory(authority=borchester, user__name="Helen Marsden").user
    MembershipFactory(authority=borchester, user=user, role=Role.SOCIAL_WORK_MANAGER)
    for role in [Role.ADVISER, Role.DATA_OFFICER, Role.SOCIAL_WORKER]:
        MembershipFactory(authority=borchester, role=role, user__is_invented=role != Role.SOCIAL_WORKER)
    MembershipFactory(authority=borchester, role=Role.ADVISER, user__name="Ivy Invited", user__address=False)
    return user


def check(page: Page, path: str, wrong: list[str]) -> None:
    page.goto(path)
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{path.strip('/').replace('/', '-')}-{width}.png", full_page=True)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append(f"{path} at {width}: wider than the screen")
        found = Axe().run(page).response["violations"]
        wrong += [f"{path} at {width}: {one['id']}, {one['nodes'][0]['html']}" for one in found]
    title, heading = page.title(), page.inner_text("h1")
    if not title.startswith(heading):
        wrong.append(f"{path}: the title {title!r} does not begin with {heading!r}")


def test_pages_of_access_are_accessible_on_a_desk_and_on_a_phone(
    browser: Browser, live_server: object, head: User
) -> None:
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    wrong: list[str] = []
    for path in OPEN_PAGES:
        check(page, path, wrong)
    session = signed_in(head).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    invited = User.objects.get(name="Ivy Invited")
    for path in [*PAGES, f"/people/{invited.public_id}/", f"/people/{invited.public_id}/give-role/"]:
        check(page, path, wrong)
    page.goto("/people/invite/")
    page.click("main button")
    assert page.inner_text(".govuk-error-summary").count("Enter") >= 2
    found = Axe().run(page).response["violations"]
    wrong += [f"invite with errors: {one['id']}" for one in found]
    context.close()
    assert wrong == []
