"""The pages of signing in and of people, by axe, on a desk and on a phone."""

import pytest
from playwright.sync_api import Browser, Page

from tests.in_browser import faults, look
from virtual_school.access.models import Role, User
from virtual_school.authorities.models import Authority

from .factories import MembershipFactory
from .signing_in import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
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
    wrong += look(page, path.strip("/").replace("/", "-"))


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
    wrong += faults(page)
    context.close()
    assert wrong == []
