from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from virtual_school.access.models import Role, User
from virtual_school.access.tests.factories import MembershipFactory, UserFactory
from virtual_school.access.tests.signing_in import signed_in
from virtual_school.authorities.models import Authority, TermDates
from virtual_school.children.models import Involvement
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.schools.models import DesignatedTeacher, School, SchoolLink

from .factories import SchoolFactory, a_pupil

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def sheffield() -> Authority:
    return Authority.objects.create(code=373, name="Sheffield")


@pytest.fixture
def leeds() -> Authority:
    return Authority.objects.create(code=383, name="Leeds")


@pytest.fixture
def moorcroft() -> School:
    return SchoolFactory(name="Moorcroft High School", urn=107001)


def client_as(role: str, authority: Authority | None, urn: int | None = None) -> Client:
    return signed_in(MembershipFactory(role=role, authority=authority, urn=urn).user)


@pytest.fixture
def head(sheffield: Authority) -> Client:
    return client_as(Role.VIRTUAL_SCHOOL_HEAD, sheffield)


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def posted(client: Client, address: str, **given: object) -> str:
    return client.post(address, given, follow=True).content.decode()


def day(name: str, on: date) -> dict[str, int]:
    return {f"{name}-day": on.day, f"{name}-month": on.month, f"{name}-year": on.year}


# The list


def test_staff_first_see_the_schools_that_have_their_pupils(head, sheffield, moorcroft):
    SchoolFactory(name="Elsewhere Academy")
    with acting(service(373)):
        a_pupil(sheffield, moorcroft)
        a_pupil(sheffield, moorcroft, name="Lacey Ogden")
    page = text(head, "/schools/")
    assert "Moorcroft High School" in page and "Elsewhere Academy" not in page
    assert "2 of our pupils in care at 1 school" in page
    assert "Elsewhere Academy" in text(head, "/schools/?show=all")


@pytest.mark.parametrize("words", ["moorcroft", "MOORCROFT high", "107001", "sheffield", "S1 2AB", "373/4001"])
def test_a_school_is_found_by_name_place_postcode_and_numbers(head, words):
    SchoolFactory(name="Moorcroft High School", urn=107001, establishment_number="4001")
    SchoolFactory(name="Fenwick College", town="Leeds", postcode="LS1 1AA", urn=108002, la_code=383, la_name="Leeds")
    page = text(head, f"/schools/?show=all&q={words}")
    assert "Moorcroft High School" in page and "Fenwick College" not in page


def test_filters_narrow_the_list_and_each_can_be_taken_off(head):
    SchoolFactory(name="Open Primary", phase="Primary", la_code=383, la_name="Leeds")
    SchoolFactory(name="Open Secondary")
    SchoolFactory(name="Closed Secondary", status="Closed")
    assert "Closed Secondary" not in text(head, "/schools/?show=all")
    assert "Open Secondary" not in text(head, "/schools/?show=all&state=closed")
    page = text(head, "/schools/?show=all&area=383&phase=Primary")
    assert "Open Primary" in page and "Open Secondary" not in page
    assert 'aria-label="Remove the filter Leeds"' in page


def test_schools_without_a_known_designated_teacher_can_be_listed(head, moorcroft):
    SchoolFactory(name="Nobody Known Academy")
    DesignatedTeacher.objects.create(school=moorcroft, person=UserFactory(), starts=date(2026, 1, 1))
    page = text(head, "/schools/?show=all&teacher=none")
    assert "Nobody Known Academy" in page and "Moorcroft High School" not in page


def test_the_most_of_our_pupils_come_first_when_asked_so(head, sheffield, moorcroft):
    small = SchoolFactory(name="Aldous Primary")
    with acting(service(373)):
        for name in ("Kai Bennett", "Lacey Ogden"):
            a_pupil(sheffield, moorcroft, name=name)
        a_pupil(sheffield, small, name="Riley Shaw")
    page = text(head, "/schools/?sort=pupils")
    assert page.index("Moorcroft High School") < page.index("Aldous Primary")
    page = text(head, "/schools/?sort=name")
    assert page.index("Moorcroft High School") > page.index("Aldous Primary")


def test_an_empty_list_says_why_and_what_to_do(head):
    assert "No child in care is on the roll of a school yet" in text(head, "/schools/")
    assert "No school fits" in text(head, "/schools/?show=all&q=nowhere")


def test_the_download_holds_the_filtered_list_and_no_formula(head):
    SchoolFactory(name="=HYPERLINK(evil)", town="Sheffield")
    SchoolFactory(name="Elsewhere Academy", town="Leeds", la_code=383, la_name="Leeds")
    response = head.get("/schools/download.csv?show=all&area=373")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("URN,LAESTAB,Name,Area")
    assert len(lines) == 2 and ",'=HYPERLINK(evil)," in lines[1]


def test_the_list_takes_the_same_number_of_queries_however_long_it_is(head, sheffield, moorcroft):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            text(head, "/schools/?show=all")
        return len(caught)

    text(head, "/schools/?show=all")
    before = queries()
    with acting(service(373)):
        for number in range(30):
            a_pupil(sheffield, SchoolFactory(), name=f"Child N{number}")
    assert queries() == before


def test_nobody_without_the_right_reaches_the_schools(sheffield, moorcroft):
    for role in (Role.CARER, Role.YOUNG_PERSON, Role.BOARD_MEMBER):
        client = client_as(role, sheffield)
        for address in ("/schools/", f"/schools/{moorcroft.urn}/", "/schools/download.csv"):
            assert client.get(address).status_code == 403
    assert Client().get("/schools/").status_code == 302


# A school


def test_a_school_shows_facts_and_its_grade_as_history(head):
    school = SchoolFactory(last_overall_grade="Good", last_inspected_on=date(2019, 3, 5), trust="Rivers Trust")
    page = text(head, f"/schools/{school.urn}/")
    assert "5 March 2019" in page and "Rivers Trust" in page
    assert "no longer given since September 2024" in page


def test_a_website_that_is_no_web_address_is_no_link(head):
    school = SchoolFactory(website="javascript:alert(1)")
    assert "javascript" not in text(head, f"/schools/{school.urn}/")
    assert 'href="https://www.moorcroft.example' in text(
        head, f"/schools/{SchoolFactory(website='www.moorcroft.example').urn}/"
    )


def test_a_closed_school_leads_to_the_one_it_became(head, moorcroft):
    old = SchoolFactory(name="Moorcroft Comprehensive", status="Closed", closed_on=date(2015, 8, 31))
    SchoolLink.objects.create(urn=old.urn, other_urn=moorcroft.urn, kind="Successor", on=date(2015, 9, 1))
    SchoolLink.objects.create(urn=moorcroft.urn, other_urn=old.urn, kind="Predecessor", on=date(2015, 9, 1))
    page = text(head, f"/schools/{old.urn}/")
    assert "closed since 31 August 2015" in page and f'href="/schools/{moorcroft.urn}/"' in page
    assert "Before it was <a" in text(head, f"/schools/{moorcroft.urn}/")


def test_an_unknown_school_is_not_found(head):
    assert head.get("/schools/1/").status_code == 404
    assert head.get("/schools/99999999999/").status_code == 404


def test_staff_see_their_own_authoritys_pupils_only(head, sheffield, leeds, moorcroft):
    with acting(service(373, 383)):
        a_pupil(sheffield, moorcroft, name="Kai Bennett")
        a_pupil(leeds, moorcroft, name="Noah Sutcliffe")
    page = text(head, f"/schools/{moorcroft.urn}/")
    assert "Kai Bennett" in page and "Noah Sutcliffe" not in page


def test_a_designated_teacher_sees_pupils_of_every_authority_at_their_school(sheffield, leeds, moorcroft):
    other_school = SchoolFactory()
    user = MembershipFactory(role=Role.DESIGNATED_TEACHER, authority=None, urn=moorcroft.urn).user
    with acting(service(373, 383)):
        mine = [a_pupil(sheffield, moorcroft), a_pupil(leeds, moorcroft, name="Noah Sutcliffe")]
        a_pupil(sheffield, other_school, name="Ellie Barrow")
        for child in mine:
            Involvement.objects.create(
                authority=child.authority,
                child=child,
                person=user,
                role=Role.DESIGNATED_TEACHER,
                starts=date(2026, 1, 1),
            )
    client = signed_in(user)
    assert client.get("/schools/mine/")["Location"] == f"/schools/{moorcroft.urn}/"
    page = text(client, f"/schools/{moorcroft.urn}/")
    assert "Kai Bennett" in page and "Noah Sutcliffe" in page and "Leeds" in page
    assert "Appoint a designated teacher" not in page
    assert "Ellie Barrow" not in text(client, f"/schools/{other_school.urn}/")


def test_pupils_who_left_care_or_the_school_stand_apart_from_those_there_now(head, sheffield, moorcroft):
    with acting(service(373)):
        a_pupil(sheffield, moorcroft, name="Kai Bennett")
        a_pupil(sheffield, moorcroft, name="Left School", left_school=date(2026, 7, 20))
        a_pupil(sheffield, moorcroft, name="Left Care", left_care=date(2026, 10, 1))
        a_pupil(sheffield, moorcroft, name="Never There", in_care=False)
    page = text(head, f"/schools/{moorcroft.urn}/")
    assert "Pupils in care: 1" in page and "or are not in care now: 3" in page
    assert "Year 7" in page and "3 June 2024 to 1 October 2026" in page


def test_an_administrator_sees_the_school_and_no_pupil(sheffield, moorcroft):
    with acting(service(373)):
        a_pupil(sheffield, moorcroft)
    page = text(client_as(Role.ADMINISTRATOR, sheffield), f"/schools/{moorcroft.urn}/")
    assert "Moorcroft High School" in page and "Kai Bennett" not in page and "Pupils in care" not in page


def test_a_schools_page_takes_the_same_number_of_queries_however_many_pupils(head, sheffield, moorcroft):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            text(head, f"/schools/{moorcroft.urn}/")
        return len(caught)

    with acting(service(373)):
        a_pupil(sheffield, moorcroft)
    text(head, f"/schools/{moorcroft.urn}/")
    before = queries()
    with acting(service(373)):
        for number in range(20):
            a_pupil(sheffield, moorcroft, name=f"Child N{number}")
    assert queries() == before


# The designated teacher


def appoint(client: Client, school: School, **given: object) -> str:
    starts = given.pop("starts", date(2026, 9, 1))
    given = {"name": "Asha Khan", "email": "a.khan@moorcroft.example", "telephone": "", **given}
    return posted(client, f"/schools/{school.urn}/designated-teacher/", **day("starts", starts), **given)


def test_appointing_somebody_new_makes_them_known_and_says_what_comes_next(head, sheffield, moorcroft):
    with acting(service(373)):
        child = a_pupil(sheffield, moorcroft)
    page = appoint(head, moorcroft)
    assert "Asha Khan is designated teacher of Moorcroft High School from 1 September 2026." in page
    assert "invite them under People and roles" in page and ">Undo</button>" in page
    asha = User.objects.get(email="a.khan@moorcroft.example")
    with acting(service(373)):
        assert Involvement.objects.filter(person=asha, child=child).exists()


def test_a_second_one_on_the_same_days_is_refused_in_words(head, moorcroft):
    appoint(head, moorcroft)
    page = appoint(head, moorcroft, name="Miriam Stokes", email="m.stokes@moorcroft.example", starts=date(2026, 8, 1))
    assert "There is a problem" in page
    assert "Asha Khan is designated teacher from 1 September 2026, with no last day recorded" in page
    assert DesignatedTeacher.objects.count() == 1


def test_one_can_replace_another_and_undo_gives_the_first_back(head, moorcroft):
    appoint(head, moorcroft)
    page = appoint(
        head,
        moorcroft,
        name="Miriam Stokes",
        email="m.stokes@moorcroft.example",
        starts=date(2026, 11, 2),
        replaces="on",
    )
    assert "Miriam Stokes</strong>, since 2 November 2026" in page
    first = DesignatedTeacher.objects.get(person__name="Asha Khan")
    assert first.ends == date(2026, 11, 2)
    second = DesignatedTeacher.objects.get(person__name="Miriam Stokes")
    page = posted(head, f"/schools/{moorcroft.urn}/designated-teacher/{second.pk}/undo/")
    assert "taken back" in page
    first.refresh_from_db()
    assert first.ends is None and not DesignatedTeacher.objects.filter(pk=second.pk).exists()


def test_undo_works_only_for_what_was_just_done(head, moorcroft):
    held = DesignatedTeacher.objects.create(school=moorcroft, person=UserFactory(), starts=date(2026, 1, 1))
    assert head.post(f"/schools/{moorcroft.urn}/designated-teacher/{held.pk}/undo/").status_code == 404
    assert DesignatedTeacher.objects.filter(pk=held.pk).exists()


def test_an_address_known_under_another_name_is_questioned_without_telling_the_name(head, moorcroft):
    UserFactory(name="Joe Kavanagh", email="joe@example.org")
    page = appoint(head, moorcroft, email="joe@example.org")
    assert "This address is known under another name" in page and "Kavanagh" not in page


def test_fields_left_empty_are_asked_for(head, moorcroft):
    page = posted(head, f"/schools/{moorcroft.urn}/designated-teacher/", name="")
    for words in ("Enter name", "Enter work e-mail address", "Enter first day as designated teacher"):
        assert words in page


def test_ending_an_appointment_can_be_taken_back(head, moorcroft):
    appoint(head, moorcroft)
    held = DesignatedTeacher.objects.get()
    address = f"/schools/{moorcroft.urn}/designated-teacher/{held.pk}/"
    page = posted(head, f"{address}end/", **day("last_day", date(2026, 8, 1)))
    assert "must be on or after 1 September 2026" in page
    page = posted(head, f"{address}end/", **day("last_day", date(2026, 10, 31)))
    assert "Asha Khan is designated teacher of Moorcroft High School to 31 October 2026" in page
    assert "None known" in page
    page = posted(head, f"{address}reopen/")
    assert "Asha Khan is designated teacher again" in page
    held.refresh_from_db()
    assert held.ends is None


@pytest.mark.parametrize("role", [Role.DESIGNATED_TEACHER, Role.SOCIAL_WORKER, Role.INSPECTOR, Role.ADMINISTRATOR])
def test_who_may_only_read_changes_nothing(role, sheffield, moorcroft):
    urn = moorcroft.urn if role == Role.DESIGNATED_TEACHER else None
    client = client_as(role, sheffield, urn)
    held = DesignatedTeacher.objects.create(school=moorcroft, person=UserFactory(), starts=date(2026, 1, 1))
    base = f"/schools/{moorcroft.urn}"
    for address in (
        f"{base}/designated-teacher/",
        f"{base}/designated-teacher/{held.pk}/end/",
        f"{base}/designated-teacher/{held.pk}/undo/",
        f"{base}/designated-teacher/{held.pk}/reopen/",
        f"{base}/dates/",
        f"{base}/dates/remove-all/",
    ):
        assert client.post(address).status_code == 403


# Term dates


def half_term(**more: object) -> TermDates:
    return TermDates.objects.create(
        academic_year="2026/27",
        kind="holiday",
        label="October half term",
        starts=date(2026, 10, 26),
        ends=date(2026, 10, 30),
        **more,
    )


def test_a_school_without_dates_of_its_own_shows_its_areas(head, moorcroft):
    half_term(la_code=373)
    page = text(head, f"/schools/{moorcroft.urn}/")
    assert "These are the dates of Sheffield" in page and "October half term" in page


def test_a_schools_first_training_day_brings_its_areas_dates_along(head, moorcroft):
    half_term(la_code=373)
    page = posted(
        head,
        f"/schools/{moorcroft.urn}/dates/",
        kind="closure",
        label="Staff training",
        **day("starts", date(2026, 11, 30)),
    )
    assert "Staff training is added to the dates of Moorcroft High School." in page
    assert "1 date of Sheffield is now its own as well" in page
    assert TermDates.objects.filter(urn=moorcroft.urn).count() == 2
    assert "The school’s own" in page


def test_dates_the_wrong_way_round_are_refused(head, moorcroft):
    page = posted(
        head,
        f"/schools/{moorcroft.urn}/dates/",
        kind="holiday",
        label="Half term",
        **day("starts", date(2026, 11, 30)),
        **day("ends", date(2026, 11, 2)),
    )
    assert "The last day, 2 November 2026, is before the first, 30 November 2026" in page
    assert not TermDates.objects.exists()


def test_the_schools_own_dates_can_be_removed_one_or_all(head, moorcroft):
    one = half_term(urn=moorcroft.urn)
    page = posted(head, f"/schools/{moorcroft.urn}/dates/{one.pk}/remove/")
    assert "October half term (26 October 2026) is removed" in page
    half_term(urn=moorcroft.urn)
    posted(head, f"/schools/{moorcroft.urn}/dates/remove-all/")
    assert not TermDates.objects.exists()
