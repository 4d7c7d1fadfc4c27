import pytest
from django.test import Client

from virtual_school.access.demo_mode import RealDataInDemo, people_to_play, refuse_real_data, try_out
from virtual_school.access.models import Membership, Role, User
from virtual_school.authorities.models import Authority
from virtual_school.children.models import Child
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from .factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def calderwick() -> Authority:
    return Authority.objects.create(code=998, name="Calderwick", is_invented=True)


@pytest.fixture
def helen(calderwick: Authority) -> User:
    user = MembershipFactory(
        authority=calderwick, user__name="Helen Marsden", user__is_invented=True, user__address=False
    ).user
    user.set_unusable_password()
    user.save()
    return user


def path(user: User) -> str:
    return f"/accounts/demonstration/{user.public_id}/"


@pytest.fixture
def demo(settings: object) -> None:
    settings.DEMO = True


@pytest.mark.usefixtures("demo")
def test_one_press_signs_in_as_somebody_invented_and_nothing_more_is_asked(client: Client, helen: User) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "Helen Marsden" in page
    assert "Leads the virtual school" in page
    assert client.post(path(helen))["Location"] == "/"
    assert "You are playing Helen Marsden" in client.get("/account/").content.decode()
    assert client.get("/people/").status_code == 200


def test_without_demo_mode_nobody_is_offered_or_let_in(client: Client, helen: User) -> None:
    assert "Helen Marsden" not in client.get("/accounts/login/").content.decode()
    assert client.post(path(helen)).status_code == 404
    assert client.get("/account/").status_code == 302


def test_a_demo_session_is_worth_nothing_once_demo_mode_is_off(client: Client, helen: User, settings: object) -> None:
    settings.DEMO = True
    client.post(path(helen))
    settings.DEMO = False
    assert client.get("/people/")["Location"] == "/accounts/second-factor/"


@pytest.mark.usefixtures("demo")
def test_a_real_person_cannot_be_played(client: Client, calderwick: Authority) -> None:
    real = MembershipFactory(authority=calderwick, user__name="Rita Real").user
    assert "Rita Real" not in client.get("/accounts/login/").content.decode()
    assert client.post(path(real)).status_code == 404


@pytest.mark.usefixtures("demo")
def test_an_invented_person_with_a_role_in_a_real_authority_cannot_be_played(client: Client, helen: User) -> None:
    real = Authority.objects.create(code=330, name="Birmingham")
    MembershipFactory(user=helen, authority=real, role=Role.ADVISER)
    assert client.post(path(helen)).status_code == 404


@pytest.mark.usefixtures("demo")
def test_it_takes_a_press_of_the_button_on_our_own_page(helen: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path(helen)).status_code == 403
    assert strict.get(path(helen)).status_code == 405


@pytest.mark.usefixtures("demo")
def test_a_real_person_keeps_needing_a_second_step_in_demo_mode(client: Client, helen: User) -> None:
    client.post(path(helen))
    session = client.session
    real = MembershipFactory(authority=Authority.objects.get()).user
    client.force_login(real, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["demo"] = True
    session.save()
    assert client.get("/people/")["Location"] == "/accounts/second-factor/"


@pytest.mark.usefixtures("demo")
def test_demo_mode_refuses_to_start_where_a_real_child_is() -> None:
    real = Authority.objects.create(code=330, name="Birmingham")
    refuse_real_data()
    with acting(service(330)):
        Child.objects.create(authority=real, local_id="1")
    with pytest.raises(RealDataInDemo, match="Birmingham holds children"):
        refuse_real_data()


@pytest.mark.usefixtures("demo")
def test_demo_mode_starts_beside_invented_children(calderwick: Authority) -> None:
    with acting(service(998)):
        Child.objects.create(authority=calderwick, local_id="1")
    refuse_real_data()


def test_real_children_are_no_obstacle_outside_demo_mode() -> None:
    real = Authority.objects.create(code=330, name="Birmingham")
    with acting(service(330)):
        Child.objects.create(authority=real, local_id="1")
    refuse_real_data()


@pytest.mark.usefixtures("demo")
def test_a_role_of_the_demo_that_ended_is_not_offered(client: Client, helen: User) -> None:
    Membership.objects.update(ends="2026-02-01")
    assert "Helen Marsden" not in client.get("/accounts/login/").content.decode()


def test_an_authority_on_trial_gets_people_to_play(calderwick: Authority) -> None:
    real = Authority.objects.create(code=330, name="Birmingham")
    with acting(service(330)):
        assert try_out(real)
        assert try_out(real)
    assert Authority.objects.get(pk=330).is_invented
    assert list(Membership.objects.filter(authority=real).order_by("role").values_list("role", flat=True)) == [
        "data_officer",
        "virtual_school_head",
    ]


def test_real_children_cannot_be_said_to_be_invented_afterwards() -> None:
    real = Authority.objects.create(code=330, name="Birmingham")
    with acting(service(330)):
        Child.objects.create(authority=real, local_id="1")
        assert not try_out(real)
    assert not Authority.objects.get(pk=330).is_invented


@pytest.mark.usefixtures("demo")
def test_somebody_with_two_roles_is_offered_once_and_who_cannot_sign_in_not_at_all(
    calderwick: Authority, helen: User
) -> None:
    MembershipFactory(user=helen, authority=calderwick, role=Role.ADVISER)
    MembershipFactory(
        authority=calderwick, role=Role.ADVISER, user__name="Priya Nair", user__is_invented=True, user__email=None
    )
    offered = [(role.label, one.user.name) for role in people_to_play() for one in role.people]
    assert offered == [("Virtual school head", "Helen Marsden")]
