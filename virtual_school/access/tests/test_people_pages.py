import datetime

import pytest
from django.test import Client

from virtual_school.access import actions
from virtual_school.access.models import Membership, Role, User
from virtual_school.authorities.models import Authority

from .factories import MembershipFactory, UserFactory
from .signing_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def borchester() -> Authority:
    return Authority.objects.create(code=896, name="Borchester")


@pytest.fixture
def felpersham() -> Authority:
    return Authority.objects.create(code=897, name="Felpersham")


@pytest.fixture
def office(borchester: Authority) -> Client:
    return signed_in(MembershipFactory(authority=borchester, role=Role.ADMINISTRATOR, user__name="Olive Office").user)


@pytest.fixture
def worker(borchester: Authority) -> Membership:
    return MembershipFactory(authority=borchester, role=Role.SOCIAL_WORKER, user__name="Sam Worker")


def page_of(membership: Membership) -> str:
    return f"/people/{membership.user.public_id}/"


def test_the_list_is_of_ones_own_authority(office: Client, worker: Membership, felpersham: Authority) -> None:
    other = MembershipFactory(authority=felpersham, user__name="Fay Elsewhere")
    page = office.get("/people/").content.decode()
    assert "Sam Worker" in page
    assert "Fay Elsewhere" not in page
    assert office.get(page_of(other)).status_code == 404
    for what in ["end-sessions", "invite-again", "cancel-invitation", "give-role"]:
        assert office.post(f"{page_of(other)}{what}/").status_code == 404
    assert office.post(f"/people/roles/{other.pk}/end/").status_code == 404


def test_who_works_for_two_authorities_sees_one_list(office: Client, worker: Membership, felpersham: Authority) -> None:
    me = User.objects.get(name="Olive Office")
    MembershipFactory(user=me, authority=felpersham, role=Role.VIRTUAL_SCHOOL_HEAD)
    MembershipFactory(user=worker.user, authority=felpersham, role=Role.SOCIAL_WORKER)
    MembershipFactory(authority=felpersham, user__name="Fay Elsewhere")
    page = office.get("/people/").content.decode()
    assert "Fay Elsewhere" in page
    assert page.count("Sam Worker") == 1
    assert "3 people" in page


def test_filters_by_role_and_state(office: Client, worker: Membership, borchester: Authority) -> None:
    MembershipFactory(authority=borchester, user__name="Ivy Invited", user__address=False)
    MembershipFactory(authority=borchester, user__name="Ed Ended", ends=datetime.date(2026, 2, 1))
    shown = {
        query: [
            name
            for name in ["Sam", "Ivy", "Ed ", "Olive"]
            if name in office.get(f"/people/{query}").content.decode().split("<main")[1]
        ]
        for query in ["", "?role=social_worker", "?state=invited", "?state=ended", "?state=nonsense"]
    }
    assert shown == {
        "": ["Sam", "Ivy", "Ed ", "Olive"],
        "?role=social_worker": ["Sam"],
        "?state=invited": ["Ivy"],
        "?state=ended": ["Ed "],
        "?state=nonsense": ["Sam", "Ivy", "Ed ", "Olive"],
    }


def test_a_name_is_searched_for_by_post_and_what_is_not_found_says_so(office: Client, worker: Membership) -> None:
    page = office.post("/people/", {"q": "wor sam"})
    assert "Sam Worker" in page.content.decode()
    assert "1 person" in page.content.decode()
    page = office.post("/people/", {"q": "Zebedee"})
    assert "Nobody fits" in page.content.decode()


def test_ending_a_role_signs_the_person_out_and_can_be_undone_from_the_message(
    office: Client, worker: Membership
) -> None:
    theirs = Client()
    theirs.post("/accounts/login/", {"login": worker.user.email, "password": "correct horse battery"})
    assert theirs.get("/accounts/second-factor/").status_code == 200
    page = office.post(f"/people/roles/{worker.pk}/end/", follow=True).content.decode()
    assert "is no longer social worker" in page
    assert f"/people/roles/{worker.pk}/give-back/" in page
    assert theirs.get("/accounts/second-factor/")["Location"] == "/accounts/login/"
    assert "no longer" not in office.get(page_of(worker)).content.decode()
    page = office.post(f"/people/roles/{worker.pk}/give-back/", follow=True).content.decode()
    assert "is social worker again" in page
    worker.refresh_from_db()
    assert worker.ends is None


def test_a_role_that_ended_earlier_is_not_given_back(office: Client, borchester: Authority) -> None:
    ended = MembershipFactory(authority=borchester, ends=datetime.date(2026, 2, 1))
    page = office.post(f"/people/roles/{ended.pk}/give-back/", follow=True).content.decode()
    assert "ended before today" in page
    ended.refresh_from_db()
    assert ended.ends == datetime.date(2026, 2, 1)


def test_what_other_parts_must_do_when_a_role_ends_is_done(
    office: Client, worker: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    monkeypatch.setattr(actions, "ON_ROLE_ENDED", [lambda membership, by: told.append((membership.role, by.name))])
    office.post(f"/people/roles/{worker.pk}/end/")
    office.post(f"/people/roles/{worker.pk}/end/")
    assert told == [("social_worker", "Olive Office")]


def test_nobody_ends_their_own_role_or_reads_buttons_for_it(office: Client) -> None:
    mine = Membership.objects.get(user__name="Olive Office")
    assert "/end/" not in office.get(page_of(mine)).content.decode()
    assert office.post(f"/people/roles/{mine.pk}/end/").status_code == 403
    mine.refresh_from_db()
    assert mine.ends is None


def test_an_administrator_signs_somebody_out_everywhere(office: Client, worker: Membership) -> None:
    theirs = Client()
    theirs.post("/accounts/login/", {"login": worker.user.email, "password": "correct horse battery"})
    page = office.post(f"{page_of(worker)}end-sessions/", follow=True).content.decode()
    assert "1 session ended" in page
    assert theirs.get("/accounts/second-factor/")["Location"] == "/accounts/login/"


def test_an_administrator_can_set_nobodys_password(office: Client, worker: Membership) -> None:
    page = office.get(page_of(worker)).content.decode()
    assert "password" not in page.lower()


@pytest.mark.parametrize("role", [r for r in Role if r not in {Role.ADMINISTRATOR, Role.VIRTUAL_SCHOOL_HEAD}])
def test_other_roles_do_not_see_the_people(borchester: Authority, worker: Membership, role: str) -> None:
    reader = signed_in(MembershipFactory(authority=borchester, role=role).user)
    assert reader.get("/people/").status_code == 403
    assert reader.get(page_of(worker)).status_code == 403
    assert reader.post(f"/people/roles/{worker.pk}/end/").status_code == 403


def test_a_role_is_switched_among_ones_own_only(borchester: Authority, felpersham: Authority) -> None:
    user = UserFactory()
    first = MembershipFactory(user=user, authority=borchester, role=Role.VIRTUAL_SCHOOL_HEAD)
    second = MembershipFactory(user=user, authority=felpersham, role=Role.SOCIAL_WORKER)
    other = MembershipFactory(authority=felpersham)
    client = signed_in(user)
    page = client.get("/account/roles/").content.decode()
    assert "Social worker, Felpersham" in page
    assert "Borchester</span>" in client.get("/account/").content.decode()
    assert client.post("/account/roles/", {"role": second.pk})["Location"] == "/"
    assert "Felpersham</span>" in client.get("/account/").content.decode()
    assert client.post("/account/roles/", {"role": other.pk}).status_code == 404
    assert client.post("/account/roles/", {"role": "x"}).status_code == 404
    assert client.post("/account/roles/", {"role": first.pk}).status_code == 302


def test_who_holds_one_role_is_offered_no_switch(office: Client) -> None:
    assert "Switch role" not in office.get("/account/").content.decode()
