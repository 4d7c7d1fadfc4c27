import datetime
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client

from virtual_school.access.allauth import MFAAdapter
from virtual_school.access.models import Membership, Role, User
from virtual_school.audit.models import Event
from virtual_school.authorities.models import Authority
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from .factories import PASSWORD, MembershipFactory, UserFactory
from .signing_in import code_now, signed_in

NEW_PASSWORD = "8 27 64 125 216 343"
"""Without letters: one with many letters of somebody's name is refused, and their names are random."""

pytestmark = pytest.mark.django_db


@pytest.fixture
def borchester() -> Authority:
    return Authority.objects.create(code=896, name="Borchester")


@pytest.fixture
def head(borchester: Authority) -> User:
    return MembershipFactory(authority=borchester).user


@pytest.fixture
def carer(borchester: Authority) -> User:
    return MembershipFactory(authority=borchester, role=Role.CARER).user


def sign_in(client: Client, user: User, password: str = PASSWORD) -> object:
    return client.post("/accounts/login/", {"login": user.email, "password": password})


def set_up_app(client: Client) -> str:
    """Sets up an authenticator app in a signed-in session; gives its key."""
    page = client.get("/accounts/2fa/totp/activate/")
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page.content.decode())[1]
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def actions_logged() -> list[str]:
    """The log of sign-ins is for the authority's staff."""
    with acting(service(896)):
        return list(Event.objects.order_by("id").values_list("action", flat=True))


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_password_alone_opens_no_page_to_somebody_who_sees_children(client: Client, head: User) -> None:
    assert sign_in(client, head)["Location"] == "/"
    for page in ["/account/", "/people/"]:
        assert client.get(page)["Location"] == "/accounts/second-factor/"
    assert b"A passkey" in client.get("/accounts/second-factor/").content


def test_a_carer_signs_in_with_a_password_only(client: Client, carer: User) -> None:
    sign_in(client, carer)
    assert is_in(client)
    assert client.get("/accounts/second-factor/")["Location"] == "/"


@pytest.mark.django_db(transaction=True)
def test_an_app_set_up_in_the_session_counts_at_once_and_is_asked_for_at_the_next_sign_in(
    client: Client, head: User
) -> None:
    sign_in(client, head)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = set_up_app(client)
    assert is_in(client)
    assert client.get("/accounts/second-factor/")["Location"] == "/"
    client.post("/accounts/logout/")
    assert not is_in(client)
    answer = sign_in(client, head)
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert not is_in(client)
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=40)
    with time_machine.travel(later, tick=False):
        answer = client.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})
        assert answer["Location"] == "/"
        assert is_in(client)
    logged = actions_logged()
    for action in ["account.signed_in", "account.second_factor_added", "account.second_factor_failed"]:
        assert action in logged


def test_setting_up_an_app_asks_for_the_password_again(client: Client, head: User) -> None:
    sign_in(client, head)
    assert "/accounts/reauthenticate/" in client.get("/accounts/2fa/totp/activate/")["Location"]


@pytest.mark.django_db(transaction=True)
def test_a_code_works_once(client: Client, head: User) -> None:
    sign_in(client, head)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = set_up_app(client)
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=40)
    with time_machine.travel(later, tick=False):
        code = code_now(secret)
        answers = []
        for _ in range(2):
            other = Client()
            sign_in(other, head)
            answers.append(other.post("/accounts/2fa/authenticate/", {"code": code}).status_code)
    assert answers == [302, 200]


def test_taking_the_only_second_step_away_closes_the_pages_again(client: Client, carer: User) -> None:
    signed_in(carer, client)
    Authenticator.objects.create(user=carer, type="totp", data={"secret": "x"})
    MembershipFactory(user=carer, authority=Authority.objects.get(), role=Role.ADVISER)
    assert is_in(client)
    session = client.session
    session["account_authentication_methods"][1]["id"] = Authenticator.objects.get().pk
    session.save()
    Membership.objects.filter(user=carer, role=Role.ADVISER).update(ends=datetime.date.today())
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    Membership.objects.filter(user=carer).update(ends=None)
    assert client.get("/account/")["Location"] == "/accounts/second-factor/"


@pytest.mark.django_db(transaction=True)
def test_a_new_second_step_ends_the_other_sessions(client: Client, head: User) -> None:
    other = Client()
    for one in (client, other):
        sign_in(one, head)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    set_up_app(client)
    assert is_in(client)
    assert other.get("/account/")["Location"].startswith("/accounts/login/")


def test_signing_in_gives_the_session_a_new_name(client: Client, head: User) -> None:
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = True
    session.save()
    before = client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    sign_in(client, head)
    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert after != before
    assert not Session.objects.filter(session_key=before).exists()


def test_the_same_words_for_a_wrong_password_and_an_unknown_account(client: Client, head: User) -> None:
    words = []
    for email in [head.email, "nobody@example.org"]:
        page = client.post("/accounts/login/", {"login": email, "password": "wrong wrong wrong"})
        assert page.status_code == 200
        words.append(re.sub(r'value="[^"]*"', "", page.content.decode()))
    assert words[0] == words[1]


def test_the_same_words_for_a_forgotten_password_of_a_known_and_an_unknown_account(client: Client, head: User) -> None:
    known, unknown = (
        re.sub(rb'value="[^"]*"', b"", client.post("/accounts/password/reset/", {"email": email}, follow=True).content)
        for email in [head.email, "nobody@example.org"]
    )
    assert known == unknown
    assert [message.to for message in mail.outbox] == [[head.email]]


def test_a_forgotten_password_lets_nobody_in_who_never_accepted_an_invitation(client: Client) -> None:
    UserFactory(email="named@example.org", address=False)
    client.post("/accounts/password/reset/", {"email": "named@example.org"})
    assert mail.outbox == []


def test_a_new_password_by_mail_ends_all_sessions_and_leaves_the_second_step(client: Client, head: User) -> None:
    other = signed_in(head)
    assert is_in(other)
    client.post("/accounts/password/reset/", {"email": head.email})
    path = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]
    page = client.get(path, follow=True)
    new = NEW_PASSWORD
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert not is_in(other)
    sign_in(client, head, new)
    assert client.get("/account/")["Location"] == "/accounts/second-factor/"


def test_changing_the_password_signs_out_everywhere(client: Client, head: User) -> None:
    signed_in(head, client)
    other = signed_in(head)
    new = NEW_PASSWORD
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert not is_in(client)
    assert not is_in(other)
    assert "Your password was changed" in [message.subject for message in mail.outbox]


def test_signing_out_clears_what_the_browser_kept(client: Client, head: User) -> None:
    signed_in(head, client)
    answer = client.post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(client)


def test_a_closed_account_is_out_at_the_next_request(client: Client, head: User) -> None:
    signed_in(head, client)
    assert is_in(client)
    User.objects.filter(pk=head.pk).update(is_active=False)
    assert not is_in(client)


def test_a_role_that_ended_is_gone_at_the_next_request(client: Client, head: User) -> None:
    signed_in(head, client)
    assert client.get("/people/").status_code == 200
    Membership.objects.filter(user=head).update(ends=datetime.date.today())
    assert client.get("/people/").status_code == 403


def test_who_is_away_for_half_an_hour_is_signed_out_and_told_why(client: Client, head: User) -> None:
    now = datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)
    with time_machine.travel(now, tick=False) as clock:
        signed_in(head, client)
        assert is_in(client)
        clock.shift(datetime.timedelta(minutes=29))
        assert is_in(client)
        clock.shift(datetime.timedelta(minutes=29))
        assert is_in(client)
        clock.shift(datetime.timedelta(minutes=31))
        page = client.get("/people/", follow=True)
    assert page.redirect_chain[-1][0] == "/accounts/login/?next=%2Fpeople%2F"
    assert "nothing was done for 30 minutes" in page.content.decode()


def test_a_carer_at_home_is_signed_out_after_a_quarter_of_an_hour(client: Client, carer: User) -> None:
    now = datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)
    with time_machine.travel(now, tick=False) as clock:
        signed_in(carer, client)
        assert is_in(client)
        clock.shift(datetime.timedelta(minutes=16))
        assert not is_in(client)


def test_after_twelve_hours_everyone_signs_in_again(client: Client, head: User) -> None:
    now = datetime.datetime(2026, 11, 23, 7, tzinfo=datetime.UTC)
    with time_machine.travel(now, tick=False) as clock:
        signed_in(head, client)
        assert is_in(client)
        for _ in range(35):
            clock.shift(datetime.timedelta(minutes=20))
            assert is_in(client)
        clock.shift(datetime.timedelta(minutes=25))
        assert not is_in(client)


def test_five_wrong_passwords_stop_an_account_for_five_minutes(head: User) -> None:
    for _ in range(5):
        sign_in(Client(), head, "wrong wrong wrong")
    page = sign_in(Client(), head)
    assert page.status_code == 200
    assert "Too many tries" in page.content.decode()


def test_tries_are_counted_in_the_database_that_all_processes_share(head: User) -> None:
    sign_in(Client(), head, "wrong wrong wrong")
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from django_cache where cache_key like %s", ["%rl%login%"])
        assert cursor.fetchone()[0] >= 1
        cursor.execute("select count(*) from django_cache where cache_key || value like %s", [f"%{head.email}%"])
        assert cursor.fetchone()[0] == 0


def test_a_forged_address_does_not_get_a_fresh_count(head: User) -> None:
    for n in range(40):
        Client().post(
            "/accounts/login/",
            {"login": f"guess{n}@example.org", "password": "x"},
            headers={"X-Forwarded-For": f"10.0.0.{n}"},
        )
    assert sign_in(Client(), head).status_code == 429


def test_nobody_signs_up(client: Client) -> None:
    page = client.get("/accounts/signup/")
    assert "by invitation" in page.content.decode()
    new = NEW_PASSWORD
    client.post("/accounts/signup/", {"email": "new@example.org", "password1": new, "password2": new})
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_after_signing_in_one_goes_only_to_pages_here(client: Client, carer: User, place: str) -> None:
    answer = client.post("/accounts/login/", {"login": carer.email, "password": PASSWORD, "next": place})
    assert answer["Location"] == "/"


def test_one_goes_back_to_the_page_one_asked_for(client: Client, carer: User) -> None:
    asked = client.get("/account/?from=here&there=1")
    page = client.get(asked["Location"])
    place = re.search(r'name="next" value="([^"]+)"', page.content.decode())[1].replace("&amp;", "&")
    answer = client.post("/accounts/login/", {"login": carer.email, "password": PASSWORD, "next": place})
    assert answer["Location"] == "/account/?from=here&there=1"


def test_a_sign_in_on_a_new_device_is_told_by_mail_and_on_a_known_one_is_not(client: Client, carer: User) -> None:
    sign_in(client, carer)
    assert [message.subject for message in mail.outbox] == ["New sign-in to Virtual School"]
    client.post("/accounts/logout/")
    sign_in(client, carer)
    assert len(mail.outbox) == 1
    sign_in(Client(), carer)
    assert len(mail.outbox) == 2


def test_a_person_sees_and_ends_their_other_sessions(client: Client, carer: User) -> None:
    other = Client(headers={"User-Agent": "Other Browser"})
    for one in (client, other):
        sign_in(one, carer)
    assert UserSession.objects.filter(user=carer).count() == 2
    assert "Other Browser" in client.get("/accounts/sessions/").content.decode()
    client.post("/accounts/sessions/")
    assert not is_in(other)
    assert is_in(client)


def test_an_e_mail_address_is_not_changed_by_oneself(client: Client, carer: User) -> None:
    signed_in(carer, client)
    assert client.get("/accounts/email/")["Location"] == "/account/"
    assert client.post("/accounts/email/", {"action_add": "", "email": "x@example.org"}).status_code == 405


def test_a_failed_sign_in_is_logged_without_the_address(client: Client, head: User) -> None:
    sign_in(client, head, "wrong wrong wrong")
    assert actions_logged()[-1] == "account.sign_in_failed"


def test_secrets_of_apps_are_kept_encrypted() -> None:
    adapter = MFAAdapter()
    kept = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in kept
    assert adapter.decrypt(kept) == "JBSWY3DPEHPK3PXP"
