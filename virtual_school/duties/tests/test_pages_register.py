import json
import re
from datetime import date
from html import unescape
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from virtual_school.access.models import Role
from virtual_school.access.tests.factories import MembershipFactory
from virtual_school.access.tests.signing_in import signed_in
from virtual_school.authorities.models import Authority, PolicyVersion
from virtual_school.children.models import Child
from virtual_school.duties.models import StandingObligation
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.law.register import register

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(date(2026, 11, 24), tick=False):
        yield


@pytest.fixture
def sheffield() -> Authority:
    return Authority.objects.create(code=373, name="Sheffield")


@pytest.fixture
def head(sheffield: Authority) -> Client:
    return signed_in(MembershipFactory(authority=sheffield).user)


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def ids_in(page: str) -> list[str]:
    return re.findall(r'<tr role="row" class="govuk-table__row" id="([^"]+)">', page)


def stands(authority: Authority, duty: str, state: str, due_on: date | None, children: int = 1) -> None:
    with acting(service(authority.code)):
        for _ in range(children):
            number = Child.objects.filter(authority=authority).count() + 1
            child = Child.objects.create(authority=authority, local_id=f"{number:04}")
            StandingObligation.objects.create(
                authority=authority,
                child=child,
                duty=duty,
                who="social_worker",
                act="do it",
                state=state,
                due_on=due_on,
                soon_from=due_on,
            )


def test_every_duty_stands_in_the_register_once(head):
    assert ids_in(text(head, "/register/")) == list(register().duties)


def test_a_duty_is_found_by_words_of_the_law_and_by_its_id(head):
    assert "REV-03" in ids_in(text(head, "/register/?q=first+review"))
    assert "PEP-08" in ids_in(text(head, "/register/?q=pep-08"))
    assert "No duty fits" in text(head, "/register/?q=nowhere")


def test_filters_keep_only_what_fits(head):
    held = register().duties
    for query, fits in (
        ("area=Health", lambda d: d.area == "Health"),
        ("strength=grant", lambda d: d.strength == "grant"),
        ("coverage=appointment", lambda d: d.coverage == "appointment"),
        ("mark=uncertain", lambda d: d.uncertain),
        ("mark=not_in_force", lambda d: d.not_yet_in_force),
        ("strength=must&coverage=rule", lambda d: d.strength == "must" and d.coverage == "rule"),
    ):
        assert ids_in(text(head, f"/register/?{query}")) == [d.id for d in held.values() if fits(d)]


def test_a_filter_nobody_knows_is_left_out(head):
    assert len(ids_in(text(head, "/register/?area=Nonsense"))) == len(register().duties)


def test_the_register_counts_children_a_duty_stands_open_for(head, sheffield):
    stands(sheffield, "REV-03", "open", date(2026, 11, 20), children=3)
    stands(sheffield, "REV-03", "open", date(2026, 12, 20), children=2)
    page = text(head, "/register/?q=REV-03")
    assert re.search(r"Overdue</strong> 3</li>", page)
    assert re.search(r"Upcoming</strong> 2</li>", page)


def test_another_authoritys_children_are_not_counted(head):
    leeds = Authority.objects.create(code=383, name="Leeds")
    stands(leeds, "REV-03", "open", date(2026, 11, 20))
    assert "Overdue</strong>" not in text(head, "/register/?q=REV-03")


def test_the_register_takes_the_same_number_of_queries_however_much_stands_open(head, sheffield):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            text(head, "/register/")
        return len(caught)

    text(head, "/register/")
    before = queries()
    for duty in ("REV-03", "REV-04", "PEP-08", "SCH-04"):
        stands(sheffield, duty, "open", date(2026, 11, 20), children=5)
    assert queries() == before


def test_a_duty_says_how_it_is_worked_out_and_from_what(head):
    page = text(head, "/register/REV-03/")
    duty = register().duties["REV-03"]
    page = unescape(page)
    for words in (duty.plain, duty.who, duty.citation, "virtual_school.care", "Law: must"):
        assert words in page
    assert head.get("/register/XX-99/").status_code == 404


def test_every_page_of_a_duty_opens(head):
    for duty_id in register().duties:
        assert duty_id in text(head, f"/register/{duty_id}/")


def test_what_is_uncertain_or_not_in_force_says_so(head):
    assert "Not verified in the text: council policy decides" in text(head, "/register/VS-18/")
    page = text(head, "/register/KIN-01/")
    assert "Not yet at last sight" in page and "Not yet in force</strong>" in page


def test_a_duty_the_council_has_switched_on_says_from_when(head, sheffield):
    PolicyVersion.objects.create(authority=sheffield, starts=date(2026, 1, 1), choices={"kin_start_date": "2026-10-01"})
    assert "From 1 October 2026, as the council has set" in text(head, "/register/KIN-01/")


def test_the_register_is_for_people_who_work_with_children(sheffield):
    for role, status in (
        (Role.BOARD_MEMBER, 200),
        (Role.SOCIAL_WORKER, 200),
        (Role.CARER, 403),
        (Role.YOUNG_PERSON, 403),
    ):
        client = signed_in(MembershipFactory(authority=sheffield, role=role).user)
        assert client.get("/register/").status_code == status
        assert client.get("/register/REV-03/").status_code == status


def test_a_social_worker_counts_their_own_children_only(sheffield):
    stands(sheffield, "REV-03", "open", date(2026, 11, 20))
    client = signed_in(MembershipFactory(authority=sheffield, role=Role.SOCIAL_WORKER).user)
    assert "Overdue</strong>" not in text(client, "/register/?q=REV-03")


def test_the_command_prints_every_duty(django_assert_num_queries):
    out = StringIO()
    with django_assert_num_queries(0):
        call_command("register", json=True, stdout=out)
    assert [row["id"] for row in json.loads(out.getvalue())] == list(register().duties)
    out = StringIO()
    call_command("register", area="health", stdout=out)
    assert "HEA-01" in out.getvalue() and "5 duties. Position as at 2026-11-24." in out.getvalue()


@pytest.mark.parametrize("address", ["/help/", "/accessibility/", "/privacy/", "/attributions/"])
def test_pages_for_everyone_open_without_signing_in(address):
    assert Client().get(address).status_code == 200


def test_attributions_name_the_licence_of_open_data_word_for_word():
    page = text(Client(), "/attributions/")
    licence = "Contains public sector information licensed under the Open Government Licence v3.0. Source: "
    for source in (
        "Department for Education.",
        "Department for Education, Get Information about Schools.",
        "GOV.UK bank holidays.",
    ):
        assert licence + source in page
