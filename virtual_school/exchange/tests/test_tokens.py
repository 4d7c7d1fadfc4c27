"""The page on which systems are let in and switched off."""

import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.access.tests.factories import MembershipFactory
from virtual_school.access.tests.signing_in import signed_in
from virtual_school.audit.models import Event
from virtual_school.exchange.models import ApiToken
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from .api_world import ASHBY, BARNET, CAMDEN, MOORCROFT, World, get, mark, results, send

pytestmark = pytest.mark.django_db
SECRET = re.compile(r"vs_[A-Za-z0-9_-]{43}")


def who(role: str, code: int) -> Client:
    return signed_in(MembershipFactory(role=role, authority_id=code).user)


def asked(**more: object) -> dict[str, object]:
    last = timezone.localdate() + timedelta(days=30)
    day = {"last_day-day": last.day, "last_day-month": last.month, "last_day-year": last.year}
    return {"name": "Arbor, Moorcroft", "authority": BARNET, "kind": "registers", **day, **more}


def make(client: Client, **more: object) -> HttpResponse:
    return client.post("/systems/new/", asked(**more))


def test_a_token_is_shown_once_and_works(world: World) -> None:
    head = who(Role.VIRTUAL_SCHOOL_HEAD, BARNET)
    shown = make(head, may_read="on").content.decode()
    secret = SECRET.findall(shown)
    assert len(set(secret)) == 1
    assert results(send(secret[0], mark("amy"))) == ["created"]
    assert get(secret[0]).status_code == 200
    listed = head.get("/systems/").content.decode()
    assert "Arbor, Moorcroft" in listed
    assert not SECRET.search(listed)


def test_a_schools_token_needs_the_school_and_reads_nothing(world: World) -> None:
    head = who(Role.VIRTUAL_SCHOOL_HEAD, BARNET)
    for wrong, words in [
        ({}, "Enter the URN of the school"),
        ({"urn": 999999}, "No school with the URN 999999"),
        ({"urn": ASHBY, "may_read": "on"}, "A school’s system reads nothing here"),
    ]:
        assert words in make(head, kind="school", **wrong).content.decode()
    secret = SECRET.search(make(head, kind="school", urn=ASHBY).content.decode())
    assert secret
    assert results(send(secret[0], mark("ben"), mark("amy"))) == ["created", "refused"]


def test_what_a_service_was_told_by_telephone_stays_that(world: World) -> None:
    make(who(Role.VIRTUAL_SCHOOL_HEAD, BARNET), kind="calls", name="Callers")
    assert ApiToken.objects.get(name="Callers").told == "calls"


def test_a_token_ends_within_a_year(world: World) -> None:
    far = timezone.localdate() + timedelta(days=400)
    head = who(Role.VIRTUAL_SCHOOL_HEAD, BARNET)
    for wrong in [far, timezone.localdate() - timedelta(days=1)]:
        day = {"last_day-day": wrong.day, "last_day-month": wrong.month, "last_day-year": wrong.year}
        assert "Last day it works must be on or" in make(head, **day).content.decode()


def test_an_administrator_who_sees_no_child_lets_no_system_read_about_them(world: World) -> None:
    administrator = who(Role.ADMINISTRATOR, BARNET)
    assert "may_read" not in administrator.get("/systems/new/").content.decode()
    make(administrator, may_read="on")
    assert ApiToken.objects.get(name="Arbor, Moorcroft").verbs == ["attendance:write"]


def test_nobody_lets_a_system_in_for_another_authority(world: World) -> None:
    make(who(Role.VIRTUAL_SCHOOL_HEAD, CAMDEN), authority=BARNET)
    assert not ApiToken.objects.filter(name="Arbor, Moorcroft").exists()


def test_a_token_that_is_withdrawn_lets_nobody_in(world: World) -> None:
    head, token = who(Role.VIRTUAL_SCHOOL_HEAD, BARNET), world.tokens["barnet"]
    address = f"/systems/{token.public_id}/withdraw/"
    assert "nothing more comes from this system" in head.get(address).content.decode()
    assert head.post(address).status_code == 302
    assert get(world.secrets["barnet"]).status_code == 401
    assert "there is nothing to withdraw" in head.get(address).content.decode()
    assert "Withdrawn by" in head.get("/systems/").content.decode()


def test_a_head_sees_the_systems_of_schools_where_their_pupils_are_and_may_end_them(world: World) -> None:
    head = who(Role.VIRTUAL_SCHOOL_HEAD, CAMDEN)
    shown = head.get("/systems/").content.decode()
    assert "Made by Barnet" in shown
    assert str(world.tokens["moorcroft"].public_id) in shown
    assert str(world.tokens["barnet"].public_id) not in shown
    assert head.get(f"/systems/{world.tokens['barnet'].public_id}/withdraw/").status_code == 404
    head.post(f"/systems/{world.tokens['moorcroft'].public_id}/withdraw/")
    assert send(world.secrets["moorcroft"], mark("amy")).status_code == 401


def test_all_of_an_authoritys_systems_are_switched_off_at_once(world: World) -> None:
    head = who(Role.ADMINISTRATOR, BARNET)
    shown = head.get("/systems/switch-off/").content.decode()
    assert all(f"<li>{name}</li>" in shown for name in ("barnet", "calls", "moorcroft"))
    response = head.post("/systems/switch-off/")
    assert [str(one) for one in get_messages(response.wsgi_request)] == ["3 systems were switched off."]
    assert get(world.secrets["reads"]).status_code == 200
    assert "nothing to switch off" in head.get("/systems/switch-off/").content.decode()


def test_making_and_withdrawing_are_recorded(world: World) -> None:
    head = who(Role.VIRTUAL_SCHOOL_HEAD, BARNET)
    make(head, kind="school", urn=MOORCROFT)
    made = ApiToken.objects.get(name="Arbor, Moorcroft")
    head.post(f"/systems/{made.public_id}/withdraw/")
    with acting(service(BARNET)):
        found = [one for one in Event.objects.order_by("id") if one.details.get("token") == str(made.public_id)]
    assert [one.action for one in found] == ["token.made", "token.withdrawn"]
    assert all(one.person_id for one in found)


def test_a_new_token_asks_who_it_is_again(world: World) -> None:
    user = MembershipFactory(authority_id=BARNET).user
    client = signed_in(user)
    session = client.session
    session["account_authentication_methods"] = [
        {**one, "at": one["at"] - 3600} for one in session["account_authentication_methods"]
    ]
    session.save()
    assert client.get("/systems/new/")["Location"].startswith("/accounts/")
