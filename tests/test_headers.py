"""What every answer carries, which methods a page takes, and that looking changes nothing."""

import importlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from virtual_school.access.matrix import Page, matrix
from virtual_school.access.models import User

from .cast import Cast, arguments_for, undone

HEAD = "virtual_school_head"
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
RECORDING = POLICY | {"img-src": "'self' data: blob:", "media-src": "'self' blob:"}
"""Where a child records sound or takes a photo, and sees it before it is sent."""
RECORDS = {"voice:question", "voice:preview"}
OF_A_FILE = "sandbox; default-src 'none'"
"""Of what somebody sent or a plan was printed to: it runs nothing, wherever it is opened."""
CHANGES_BY_LOOKING = {
    "audit_read",
    "audit_event",
    "django_session",
    "django_cache",
    "procrastinate_jobs",
    "procrastinate_events",
}
"""Logs of reading and downloading, the session's clock, what is kept for speed, and work that is asked for."""


def address(page: Page, cast: Cast) -> str:
    return reverse(page.name, kwargs=arguments_for(page.name, page.about, cast, "own"))


def pages(verb: str) -> list[Page]:
    return [page for page in matrix() if verb in page.verbs]


def named(page: Page) -> str:
    return page.name


def check_headers(response: HttpResponse, policy: dict[str, str] = POLICY) -> None:
    told = response["Content-Security-Policy"]
    if not (told == OF_A_FILE and response["Content-Disposition"].startswith("attachment;")):
        assert dict(part.strip().split(" ", 1) for part in told.split(";")) == policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Robots-Tag"] == "noindex"
    assert "camera=()" in response["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in response
    assert "Server" not in response


@pytest.mark.parametrize("page", pages("GET"), ids=named)
def test_a_page_carries_the_headers_and_nothing_inline(page: Page, cast: Cast) -> None:
    client, path = cast.client(HEAD), address(page, cast)
    with undone():
        response = client.get(path)
        if response.streaming:
            b"".join(response)  # which closes the file
    check_headers(response, RECORDING if page.name in RECORDS else POLICY)
    if page.name != "access:colours":
        assert "no-store" in response["Cache-Control"]
    if not response.streaming and response["Content-Type"].startswith("text/html"):
        words = response.content.decode()
        for script in re.findall(r"<script\b([^>]*)>", words):
            assert " src=" in script or "application/json" in script, script
        assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=|javascript:", words)
        assert response.status_code >= 300 or words.count("<h1") == 1


def test_pages_of_signing_in_carry_them_too(cast: Cast) -> None:
    for name in ["account_login", "account_reset_password", "account_signup", "account_inactive"]:
        response = Client().get(reverse(name))
        check_headers(response)
        assert "no-store" in response["Cache-Control"]
        assert response.content.decode().count("<h1") == 1


def test_an_error_carries_them_too(cast: Cast) -> None:
    check_headers(cast.client(HEAD).get("/no/such/page/"))
    check_headers(cast.client("carer").get("/people/"))


def of_people(page: Page) -> bool:
    """What is for programs asks for their token instead: a session counts for nothing there."""
    return page.answers["own"][HEAD] != "token"


@pytest.mark.parametrize("page", list(filter(of_people, pages("POST"))), ids=named)
def test_a_change_needs_a_token_of_our_own_page(page: Page, cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = cast.client(HEAD).cookies
    path = address(page, cast)
    with undone():
        assert strict.post(path).status_code == 403


@pytest.mark.parametrize("name", sorted({page.name for page in matrix()}))
def test_methods_that_are_not_listed_are_refused(name: str, cast: Cast) -> None:
    rows = [page for page in matrix() if page.name == name]
    allowed = {verb for page in rows for verb in page.verbs}
    path, client = address(rows[0], cast), cast.client(HEAD)
    for verb in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - allowed:
        with undone():
            response = client.generic(verb, path)
        assert response.status_code == 405, f"{verb} {path}: {response.status_code}"


def written() -> dict[str, list[int]]:
    """How many rows of each table this transaction has put in, changed and taken out, as the database counts them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname, n_tup_ins, n_tup_upd, n_tup_del from pg_stat_xact_user_tables where schemaname = 'public'",
            [],
        )
        return {table: counts for table, *counts in cursor.fetchall() if table not in CHANGES_BY_LOOKING}


def test_what_is_written_and_taken_back_is_counted(cast: Cast) -> None:
    before = written()
    with undone():
        User.objects.filter(pk=cast.users["carer"].pk).update(name="X")
    changed = {table: counts for table, counts in written().items() if counts != before[table]}
    assert list(changed) == ["access_user"]
    assert changed["access_user"][1] == before["access_user"][1] + 1


@pytest.mark.parametrize("page", pages("GET"), ids=named)
def test_looking_changes_nothing(page: Page, cast: Cast) -> None:
    path, client = address(page, cast), cast.client(HEAD)
    before = written()
    response = client.get(path)
    if response.streaming:
        b"".join(response)
    after = written()
    assert {table: (before[table], after[table]) for table in before if before[table] != after[table]} == {}


def test_nothing_personal_stands_in_an_address(cast: Cast) -> None:
    child, user = cast.children["own"], cast.users["social_worker"]
    for page in matrix():
        path = address(page, cast).lower()
        for told in [child.surname, child.upn, child.local_id, user.name, user.email]:
            assert told.lower() not in path.split("/")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_may_link_here_and_do_nothing_else(site: str, cast: Cast) -> None:
    client = cast.client(HEAD)
    link = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
    with undone():
        assert client.get("/account/", headers=link).status_code == 200
        assert client.post("/account/roles/", headers=link).status_code == 403
        for mode in ["cors", "no-cors", "same-origin"]:
            sent = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}
            assert client.get("/account/", headers=sent).status_code == 403


@pytest.fixture
def over_tls(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The settings as they are read where VIRTUAL_SCHOOL_HTTPS says the service is reached over TLS."""
    from config import settings as file

    monkeypatch.setenv("VIRTUAL_SCHOOL_HTTPS", "1")
    monkeypatch.setenv("VIRTUAL_SCHOOL_HOSTS", "school.example")
    yield importlib.reload(file)
    monkeypatch.undo()
    importlib.reload(file)


def test_over_tls_cookies_are_bound_to_this_host_and_to_tls(over_tls: Any) -> None:
    assert over_tls.SESSION_COOKIE_NAME == "__Host-session"
    assert over_tls.CSRF_COOKIE_NAME == "__Host-csrf"
    for cookie in ["SESSION", "CSRF"]:
        assert getattr(over_tls, f"{cookie}_COOKIE_SECURE") is True
        assert getattr(over_tls, f"{cookie}_COOKIE_HTTPONLY") is True
        assert getattr(over_tls, f"{cookie}_COOKIE_SAMESITE") == "Lax"
    assert over_tls.SECURE_SSL_REDIRECT is True
    assert over_tls.SECURE_HSTS_SECONDS == 63_072_000
    assert over_tls.SECURE_HSTS_INCLUDE_SUBDOMAINS is True
    assert over_tls.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN is False


def test_cookies_are_out_of_reach_of_scripts_and_end_with_the_browser(cast: Cast) -> None:
    with undone():
        response = Client().post(
            "/accounts/login/", {"login": cast.users["carer"].email, "password": "correct horse battery"}
        )
    cookie = response.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == ""
    assert cookie["path"] == "/"
    assert cookie["domain"] == ""


def test_debugging_is_off_and_sessions_stay_on_the_server(over_tls: Any) -> None:
    assert settings.DEBUG is False
    assert over_tls.DEBUG is False
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"
    assert settings.SESSION_COOKIE_AGE == 12 * 60 * 60


def test_the_cache_holds_no_child(cast: Cast) -> None:
    client = cast.client(HEAD)
    with undone():
        for name in ["caseload:today", "caseload:children"]:
            client.get(reverse(name))
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from django_cache where value like %s", ["%Okafor%"])
            assert cursor.fetchone() == (0,)
