"""A passkey in a real browser, whose own virtual authenticator stands for the fingerprint reader."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from virtual_school.access.models import Role, User
from virtual_school.authorities.models import Authority

from .factories import PASSWORD, MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def context(browser: Browser, live_server: object) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=live_server.url)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.problems = []
    page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return page


@pytest.fixture
def head() -> User:
    borchester = Authority.objects.create(code=896, name="Borchester")
    return MembershipFactory(authority=borchester, role=Role.VIRTUAL_SCHOOL_HEAD).user


def sign_in_by_password(page: Page, user: User) -> None:
    page.goto("/accounts/login/?next=/account/")
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("button:text-is('Sign in')")


def test_a_passkey_is_added_and_then_signs_in_alone(page: Page, head: User) -> None:
    sign_in_by_password(page, head)
    assert page.url.endswith("/accounts/second-factor/")
    page.click("text=Add a passkey")
    page.fill("input[name=password]", PASSWORD)
    page.click("text=Go on")
    page.check("input[name=passwordless]")
    page.fill("input[name=name]", "School laptop")
    page.click("button:text-is('Add the passkey')")
    page.wait_for_selector("h1:text-is('Printed codes')")
    page.goto("/account/")
    assert "1 passkey" in page.inner_text("main")

    page.click("header >> text=Sign out")
    page.goto("/account/")
    assert "/accounts/login/" in page.url
    page.click("text=Sign in with a passkey")
    page.wait_for_selector("h1:text-is('Your account')")
    assert head.name in page.inner_text("main")
    assert page.problems == []


def test_a_passkey_is_the_second_step_after_the_password(page: Page, head: User) -> None:
    sign_in_by_password(page, head)
    page.goto("/accounts/2fa/webauthn/add/")
    page.fill("input[name=password]", PASSWORD)
    page.click("text=Go on")
    page.fill("input[name=name]", "Key")
    page.click("button:text-is('Add the passkey')")
    page.wait_for_selector("h1:text-is('Printed codes')")
    page.click("header >> text=Sign out")
    sign_in_by_password(page, head)
    assert page.inner_text("h1") == "Your second step"
    page.goto("/account/")
    assert page.url.endswith("/accounts/2fa/authenticate/")
    page.click("text=Use a passkey instead")
    page.wait_for_selector("h1:text-is('Your account')")
    assert head.name in page.inner_text("main")
    assert page.problems == []
