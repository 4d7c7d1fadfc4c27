import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from virtual_school.access.colours import contrast_with_white, is_usable, validate_colour
from virtual_school.access.models import Role
from virtual_school.access.roles import RIGHTS, Permission
from virtual_school.authorities.models import Authority
from virtual_school.schools.models import School

from .factories import MembershipFactory
from .signing_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def borchester() -> Authority:
    return Authority.objects.create(code=896, name="Borchester", colour="#7a1f5c")


def header_of(client: Client) -> str:
    return client.get("/account/").content.decode().split("<main")[0]


def entries(client: Client) -> list[str]:
    return re.findall(r'<a class="govuk-service-navigation__link"[^>]*>(?:<strong[^>]*>)?([^<]+)<', header_of(client))


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_description_and_a_way_about(borchester: Authority, role: str) -> None:
    client = signed_in(MembershipFactory(authority=borchester, role=role).user)
    assert RIGHTS[role].description.endswith(".")
    shown = entries(client)
    assert shown
    assert len(shown) == len(set(shown))
    urls = re.findall(r'<a class="govuk-service-navigation__link" href="([^"]+)"', header_of(client))
    for url in urls:
        assert client.get(url).status_code in {200, 302}, f"{role}: {url} is offered and does not open"


def test_a_teacher_whom_no_authority_let_in_is_offered_only_what_opens() -> None:
    School.objects.create(urn=100001, name="Moorcroft High")
    client = signed_in(MembershipFactory(authority=None, urn=100001, role=Role.DESIGNATED_TEACHER).user)
    urls = re.findall(r'<a class="govuk-service-navigation__link" href="([^"]+)"', header_of(client))
    assert {url: client.get(url).status_code for url in urls if client.get(url).status_code not in {200, 302}} == {}
    assert "Policy" not in entries(client)


def test_the_head_finds_import_and_people_under_more_and_a_carer_does_not(borchester: Authority) -> None:
    head = entries(signed_in(MembershipFactory(authority=borchester).user))
    assert {"Today", "Children", "Schools", "Register of duties", "Import", "People and roles"} <= set(head)
    carer = entries(signed_in(MembershipFactory(authority=borchester, role=Role.CARER).user))
    assert carer == ["Today", "My child", "Plan", "Actions agreed", "Promises to children"]


def test_a_teachers_page_carries_the_school_and_a_head_s_the_council(borchester: Authority) -> None:
    School.objects.create(urn=100001, name="Moorcroft High")
    teacher = MembershipFactory(authority=borchester, urn=100001, role=Role.DESIGNATED_TEACHER).user
    assert 'app-header__council">Moorcroft High<' in header_of(signed_in(teacher))
    head = header_of(signed_in(MembershipFactory(authority=borchester).user))
    assert 'app-header__council">Borchester<' in head
    assert '"/colours/7a1f5c.css"' in head


def test_nobody_who_is_not_in_is_shown_a_way_about() -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert "govuk-service-navigation__list" not in page
    assert "Sign out" not in page


def test_before_the_second_step_no_page_is_offered(borchester: Authority) -> None:
    client = Client()
    client.force_login(
        MembershipFactory(authority=borchester).user,
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    assert "govuk-service-navigation__list" not in client.get("/accounts/second-factor/").content.decode()


def test_a_colour_is_served_to_be_kept_and_one_too_faint_is_not() -> None:
    response = Client().get("/colours/7a1f5c.css")
    assert response.content == b":root { --govuk-brand-colour: #7a1f5c; }\n"
    assert "immutable" in response["Cache-Control"]
    assert response["Content-Type"] == "text/css"
    assert Client().get("/colours/ffff00.css").status_code == 404


def test_a_page_goes_without_a_colour_that_is_too_faint(borchester: Authority) -> None:
    Authority.objects.update(colour="#ffff00")
    assert "/colours/" not in header_of(signed_in(MembershipFactory(authority=borchester).user))


@pytest.mark.parametrize(
    ("colour", "contrast"),
    [("#000000", 21.0), ("#ffffff", 1.0), ("#767676", 4.54), ("#0000ff", 8.59), ("#ff0000", 4.0)],
)
def test_contrast_is_worked_out_as_wcag_says(colour: str, contrast: float) -> None:
    assert contrast_with_white(colour) == pytest.approx(contrast, abs=0.02)


@pytest.mark.parametrize("colour", ["red", "#fff", "#gggggg", "0d4a52", "#777777", "#0d4a52;}"])
def test_a_colour_that_is_none_or_too_faint_is_refused(colour: str) -> None:
    assert not is_usable(colour)
    with pytest.raises(ValidationError):
        validate_colour(colour)


def test_a_colour_dark_enough_is_accepted() -> None:
    validate_colour("#767676")


def test_only_staff_of_the_virtual_school_change_an_authority_s_records() -> None:
    changing = {role for role, rights in RIGHTS.items() if rights.changes_authority}
    assert changing == {Role.VIRTUAL_SCHOOL_HEAD, Role.ADVISER, Role.DATA_OFFICER, Role.NOMINATED_OFFICER}
    assert all(RIGHTS[role].sees_authority for role in changing)


def test_whoever_sees_more_than_one_s_own_plan_needs_a_second_step() -> None:
    without = {role for role, rights in RIGHTS.items() if not rights.needs_second_factor}
    assert without == {Role.CARER, Role.YOUNG_PERSON}


def test_who_manages_people_sees_no_child_unless_they_lead_the_virtual_school() -> None:
    managers = {role for role, rights in RIGHTS.items() if Permission.PEOPLE_WRITE in rights.permissions}
    assert managers == {Role.VIRTUAL_SCHOOL_HEAD, Role.ADMINISTRATOR}
    assert Permission.CHILD_READ not in RIGHTS[Role.ADMINISTRATOR].permissions


def test_of_pages_within_one_another_only_the_nearest_is_where_one_is(borchester: Authority) -> None:
    head = signed_in(MembershipFactory(authority=borchester).user)
    for path, label in (
        ("/plans/policy/", "Policy for plans"),
        ("/plans/", "Plans"),
        ("/attendance/calls/", "Attendance"),
    ):
        header = head.get(path).content.decode().split("<main")[0]
        assert re.findall(r'aria-current="[a-z]+"[^>]*>(?:<strong[^>]*>)?([^<]+)<', header) == [label]
