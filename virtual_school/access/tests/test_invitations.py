import datetime
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from virtual_school.access import actions
from virtual_school.access.models import Invitation, Membership, Role, User
from virtual_school.access.person import person_of
from virtual_school.authorities.models import Authority
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import Claims, service
from virtual_school.schools.models import School

from .factories import PASSWORD, MembershipFactory
from .signing_in import signed_in

pytestmark = pytest.mark.django_db
NEW = {"name": "Asha Khan", "password1": "another long password", "password2": "another long password"}


@pytest.fixture
def borchester() -> Authority:
    return Authority.objects.create(code=896, name="Borchester")


@pytest.fixture
def administrator(borchester: Authority) -> User:
    return MembershipFactory(authority=borchester, role=Role.ADMINISTRATOR).user


def invite(email: str = "asha@school.example", role: str = Role.ADVISER, **more: object) -> tuple[Membership, str]:
    with acting(service(896)):
        return actions.invite(by=None, name="Asha", email=email, role=role, authority=896, **more)


def path_of(link: str) -> str:
    return re.sub(r"^https?://[^/]+", "", link)


def test_the_whole_way_in(client: Client, administrator: User, django_capture_on_commit_callbacks: object) -> None:
    office = signed_in(administrator)
    with django_capture_on_commit_callbacks(execute=True):
        answer = office.post(
            "/people/invite/",
            {"name": "Asha Khan", "email": "Asha@School.example", "role": "adviser", "authority": "896"},
        )
    assert answer.status_code == 302, answer.content.decode()
    page = office.get(answer["Location"]).content.decode()
    assert "Invited" in page
    message = mail.outbox[0]
    assert message.to == ["asha@school.example"]
    link = path_of(re.search(r"https?://\S+", message.body)[0])
    page = client.get(link)
    assert "Education adviser, Borchester" in page.content.decode()
    answer = client.post(link, NEW)
    assert answer["Location"] == "/"
    assert client.get("/account/")["Location"] == "/accounts/second-factor/"
    # The password was chosen a moment ago, so it is not asked for again.
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    assert "Active" in office.get(f"/people/{User.objects.get(name='Asha Khan').public_id}/").content.decode()
    assert Client().get(link).status_code == 404
    assert (
        Client().post("/accounts/login/", {"login": "asha@school.example", "password": NEW["password1"]})["Location"]
        == "/"
    )


def test_the_mail_names_no_child_and_the_database_does_not_hold_the_link(
    borchester: Authority, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        _, link = invite()
    token = link.rstrip("/").rsplit("/", 1)[1]
    assert len(token) >= 43
    assert link in mail.outbox[0].body
    assert Invitation.objects.get().token_hash == actions.hash_of(token) != token
    assert "child" not in (mail.outbox[0].body + mail.outbox[0].subject).lower()


def test_an_invitation_works_for_seven_days(client: Client, borchester: Authority) -> None:
    now = datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)
    with time_machine.travel(now, tick=False) as clock:
        _, link = invite()
        clock.shift(datetime.timedelta(days=6, hours=23))
        assert client.get(path_of(link)).status_code == 200
        clock.shift(datetime.timedelta(hours=2))
        assert client.get(path_of(link)).status_code == 404
        assert client.post(path_of(link), NEW).status_code == 404


def test_a_newer_invitation_ends_the_older(client: Client, borchester: Authority) -> None:
    membership, first = invite()
    with acting(service(896)):
        second = actions.send_invitation(by=None, user=membership.user, authority=896)
    assert client.get(path_of(first)).status_code == 404
    assert client.get(path_of(second)).status_code == 200


def test_a_withdrawn_invitation_lets_nobody_in_and_ends_the_role(client: Client, administrator: User) -> None:
    membership, link = invite()
    office = signed_in(administrator)
    office.post(f"/people/{membership.user.public_id}/cancel-invitation/")
    assert client.get(path_of(link)).status_code == 404
    membership.refresh_from_db()
    assert membership.ends is not None


@pytest.mark.parametrize(
    ("password", "words"),
    [("short", "too short"), ("password12345", "too common"), ("asha@school.example", "too similar")],
)
def test_a_weak_password_is_refused_and_the_invitation_stays_open(
    client: Client, borchester: Authority, password: str, words: str
) -> None:
    _, link = invite()
    page = client.post(path_of(link), {"name": "Asha", "password1": password, "password2": password})
    assert words in page.content.decode()
    assert client.get(path_of(link)).status_code == 200


def test_the_link_does_nothing_for_somebody_signed_in(administrator: User) -> None:
    _, link = invite()
    page = signed_in(administrator).post(path_of(link), NEW)
    assert page.status_code == 409
    assert Invitation.objects.get().accepted_at is None


def test_somebody_with_an_account_gets_the_role_at_once_and_keeps_their_name(
    borchester: Authority, django_capture_on_commit_callbacks: object
) -> None:
    other = Authority.objects.create(code=897, name="Felpersham")
    user = MembershipFactory(authority=other, role=Role.ADVISER).user
    with django_capture_on_commit_callbacks(execute=True):
        membership, link = invite(email=user.email.upper())
    assert link == ""
    assert membership.user == user
    assert User.objects.get(pk=user.pk).name == user.name
    assert mail.outbox[0].subject == "You have a new role in Virtual School"


def test_a_role_twice_is_refused(borchester: Authority) -> None:
    _, link = invite()
    with acting(service(896)):
        actions.accept_invitation(token=link.rstrip("/").rsplit("/", 1)[1], name="Asha", password=PASSWORD)
    with pytest.raises(ValidationError, match="holds this role already"):
        invite()


def test_nobody_gives_a_role_in_another_authority(administrator: User) -> None:
    Authority.objects.create(code=897, name="Felpersham")
    given = {"name": "Eve", "email": "eve@example.org", "role": "adviser", "authority": "897"}
    page = signed_in(administrator).post("/people/invite/", given)
    assert page.status_code == 200
    assert not User.objects.filter(email="eve@example.org").exists()
    with acting(Claims(administrator.pk)), pytest.raises(actions.NotAllowed):
        actions.invite(by=administrator, name="Eve", email="eve@example.org", role="adviser", authority=897)


def test_nobody_raises_their_own_role(administrator: User) -> None:
    office = signed_in(administrator)
    given = {"name": "x", "email": administrator.email, "role": "virtual_school_head", "authority": "896"}
    page = office.post("/people/invite/", given)
    assert "cannot change your own roles" in page.content.decode()
    given = {"role": "virtual_school_head", "authority": "896"}
    assert office.post(f"/people/{administrator.public_id}/give-role/", given).status_code == 403
    assert Membership.objects.filter(user=administrator).count() == 1


def test_a_designated_teacher_is_invited_at_a_school_that_is_there(administrator: User) -> None:
    School.objects.create(urn=100001, name="Moorcroft High")
    office = signed_in(administrator)
    given = {"name": "Tom", "email": "tom@example.org", "role": "designated_teacher", "authority": "896"}
    assert "Enter the URN" in office.post("/people/invite/", given).content.decode()
    assert (
        "No school with the URN 999999" in office.post("/people/invite/", {**given, "urn": "999999"}).content.decode()
    )
    answer = office.post("/people/invite/", {**given, "urn": "100001"})
    assert "Moorcroft High" in office.get(answer["Location"]).content.decode()
    adviser = {**given, "email": "ann@example.org", "role": "adviser", "urn": "100001"}
    assert "Leave the URN empty" in office.post("/people/invite/", adviser).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_command_is_the_first_way_into_an_authority(client: Client, capsys: pytest.CaptureFixture) -> None:
    call_command("invite", "head@example.org", name="Helen Marsden", role="virtual_school_head", authority=330)
    told = capsys.readouterr().out
    link = re.search(r"https?://\S+", told)[0]
    assert "Helen Marsden is now virtual school head in Birmingham." in told
    assert client.get(path_of(link)).status_code == 200
    assert link in mail.outbox[0].body


@pytest.mark.parametrize(
    ("email", "authority", "words"),
    [("not an address", 330, "is not an e-mail address"), ("a@example.org", 1, "1 is not the code of an authority")],
)
def test_the_command_says_what_is_wrong(email: str, authority: int, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("invite", email, name="A", role="adviser", authority=authority)
    assert not User.objects.exists()


def test_an_inspector_s_role_has_a_last_day_and_ends_after_it(administrator: User) -> None:
    office = signed_in(administrator)
    given = {"name": "Ina", "email": "ina@example.org", "role": "inspector", "authority": "896"}
    assert "Enter the last day of the inspection" in office.post("/people/invite/", given).content.decode()
    last = timezone.localdate() + datetime.timedelta(days=4)
    dated = {"last_day-day": last.day, "last_day-month": last.month, "last_day-year": last.year}
    assert office.post("/people/invite/", {**given, **dated}).status_code == 302
    membership = Membership.objects.get(role="inspector")
    assert membership.ends == last + datetime.timedelta(days=1)
    assert [one.role for one in person_of(membership.user, on=last).memberships] == ["inspector"]
    assert person_of(membership.user, on=membership.ends).memberships == ()


def test_a_last_day_in_the_past_is_refused(administrator: User) -> None:
    given = {"name": "Ina", "email": "ina@example.org", "role": "adviser", "authority": "896"}
    dated = {"last_day-day": "1", "last_day-month": "2", "last_day-year": "2026"}
    page = signed_in(administrator).post("/people/invite/", {**given, **dated})
    assert "Last day must be on or after" in page.content.decode()


def test_who_lost_their_second_step_starts_afresh_with_a_new_invitation(
    client: Client, administrator: User, django_capture_on_commit_callbacks: object
) -> None:
    worker = MembershipFactory(authority=Authority.objects.get(), role=Role.SOCIAL_WORKER).user
    Authenticator.objects.create(user=worker, type="totp", data={"secret": "x"})
    theirs, office = signed_in(worker), signed_in(administrator)
    path = f"/people/{worker.public_id}/start-afresh/"
    assert "make sure that it is them" in office.get(path).content.decode()
    UserSession.objects.create(user=worker, session_key=theirs.session.session_key, ip="127.0.0.1")
    with django_capture_on_commit_callbacks(execute=True):
        office.post(path)
    assert theirs.get("/account/")["Location"].startswith("/accounts/login/")
    client.post("/accounts/login/", {"login": worker.email, "password": PASSWORD})
    assert client.get("/account/").status_code == 302
    link = path_of(re.search(r"https?://\S+", mail.outbox[-1].body)[0])
    client.post(link, NEW)
    assert client.get("/account/")["Location"] == "/accounts/second-factor/"
    assert Membership.objects.get(user=worker).ends is None


def test_starting_somebody_afresh_asks_whether_it_is_still_you(administrator: User) -> None:
    worker = MembershipFactory(authority=Authority.objects.get(), role=Role.SOCIAL_WORKER).user
    office = signed_in(administrator)
    session = office.session
    for record in session["account_authentication_methods"]:
        record.pop("reauthenticated")
    session.save()
    path = f"/people/{worker.public_id}/start-afresh/"
    assert office.post(path)["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.get(pk=worker.pk).has_usable_password()
