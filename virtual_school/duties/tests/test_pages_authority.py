from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from virtual_school.access.models import Role
from virtual_school.access.tests.factories import MembershipFactory
from virtual_school.access.tests.signing_in import signed_in
from virtual_school.audit.models import Event
from virtual_school.authorities.actions import load_bank_holidays
from virtual_school.authorities.models import Appointment, Authority, BankHoliday, PolicyVersion, TermDates
from virtual_school.authorities.policy_words import FIELDS
from virtual_school.authorities.queries import policy_on
from virtual_school.authorities.rules import Policy
from virtual_school.duties.models import StandingObligation
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.law.register import register

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def sheffield() -> Authority:
    load_bank_holidays()
    return Authority.objects.create(code=373, name="Sheffield")


@pytest.fixture
def leeds() -> Authority:
    return Authority.objects.create(code=383, name="Leeds")


@pytest.fixture
def head(sheffield: Authority) -> Client:
    return signed_in(MembershipFactory(authority=sheffield, user__name="Helen Marsden").user)


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def posted(client: Client, address: str, **given: object) -> str:
    return client.post(address, given, follow=True).content.decode()


def day(name: str, on: date) -> dict[str, int]:
    return {f"{name}-day": on.day, f"{name}-month": on.month, f"{name}-year": on.year}


def events(authority: Authority) -> list[str]:
    with acting(service(authority.code)):
        return list(Event.objects.filter(authority_id=authority.code).values_list("action", flat=True))


# Appointments

ADD = "/appointments/add/"


def appoint(client: Client, **given: object) -> str:
    starts = given.pop("starts", date(2026, 9, 1))
    given = {
        "kind": "virtual_school_head", "name": "Helen Marsden", "employer": "Sheffield City Council", "email": "",
        "telephone": "", "post": 1, **given,
    }  # fmt: skip
    return posted(client, ADD, **day("starts", starts), **given)


def test_without_an_appointment_the_law_stands_not_known(head):
    page = text(head, "/appointments/")
    assert "Nobody is recorded now." in page
    assert "No appointment of a virtual school head is recorded." in page


def test_an_appointment_meets_the_law_and_can_be_undone(head, sheffield):
    page = appoint(head)
    assert "Helen Marsden is recorded as virtual school head" in page
    assert "Helen Marsden was appointed from 1 September 2026." in page
    assert "Helen Marsden is recorded as employed by Sheffield City Council." in page
    made = Appointment.objects.get()
    page = posted(head, f"/appointments/{made.pk}/undo/")
    assert "is taken back, as if it had not been recorded" in page
    assert not Appointment.objects.exists()
    assert {"appointment recorded", "appointment taken back"} <= set(events(sheffield))


def test_one_post_has_one_holder_and_a_job_share_takes_another_post(head):
    appoint(head)
    page = appoint(head, name="Tom Aldridge", starts=date(2026, 11, 1))
    assert "Helen Marsden holds post 1 of this office from 1 September 2026, with no last day recorded" in page
    page = appoint(head, name="Tom Aldridge", starts=date(2026, 11, 1), post=2)
    assert "<strong>Tom Aldridge</strong>, post 2" in page and "<strong>Helen Marsden</strong>, post 1" in page


def test_an_officer_planned_and_one_before_are_told_apart_from_now(head):
    appoint(head, starts=date(2027, 1, 4))
    appoint(head, name="Ruth Ellery", starts=date(2024, 1, 8), **day("last_day", date(2026, 10, 31)))
    page = text(head, "/appointments/")
    assert "From 4 January 2027: <strong>Helen Marsden</strong>" in page
    assert "Ruth Ellery, 8 January 2024 until 1 November 2026" in page
    assert "Ruth Ellery left the post; the last day was 31 October 2026." in page


def test_an_end_can_be_taken_back(head):
    appoint(head)
    made = Appointment.objects.get()
    page = posted(head, f"/appointments/{made.pk}/end/", **day("last_day", date(2026, 8, 1)))
    assert "must be on or after 1 September 2026" in page
    page = posted(head, f"/appointments/{made.pk}/end/", **day("last_day", date(2026, 12, 18)))
    assert "is virtual school head (looked-after children) to 18 December 2026" in page
    page = posted(head, f"/appointments/{made.pk}/reopen/")
    assert "The end of Helen Marsden&#x27;s appointment is taken back." in page
    made.refresh_from_db()
    assert made.ends is None


def test_an_administrator_records_appointments_and_an_adviser_only_reads_them(sheffield):
    administrator = signed_in(MembershipFactory(authority=sheffield, role=Role.ADMINISTRATOR).user)
    assert "is recorded as" in appoint(administrator)
    adviser = signed_in(MembershipFactory(authority=sheffield, role=Role.ADVISER).user)
    assert "Record an appointment" not in text(adviser, "/appointments/")
    made = Appointment.objects.get()
    for address in (ADD, f"/appointments/{made.pk}/end/", f"/appointments/{made.pk}/undo/"):
        assert adviser.post(address).status_code == 403


def test_another_authoritys_appointment_is_not_found(head, leeds):
    theirs = Appointment.objects.create(
        authority=leeds, kind="virtual_school_head", name="Lee Ds", employer="Leeds", starts=date(2026, 1, 1)
    )
    assert "Lee Ds" not in text(head, "/appointments/")
    assert head.get(f"/appointments/{theirs.pk}/end/").status_code == 404
    assert head.post(f"/appointments/{theirs.pk}/undo/").status_code == 404


# Policy


def choices(**changed: object) -> dict[str, object]:
    """The form as it stands by the defaults, with what is changed."""
    given: dict[str, object] = {words.name: words.default for words in FIELDS if words.default is not None}
    return {**given, "why": "Agreed by the board", **day("starts", TODAY), **changed}


def test_every_choice_of_the_rules_has_words_and_only_duties_that_exist():
    assert {words.name for words in FIELDS} == set(Policy.__dataclass_fields__)
    assert {duty for words in FIELDS for duty in words.duties} <= set(register().duties)
    for words in FIELDS:
        assert words.in_words(words.default)


def test_the_policy_page_shows_each_choice_as_policy_and_never_as_law(head):
    page = text(head, "/policy/")
    for words in FIELDS:
        assert words.label in page
    assert "Council policy" in page and "Local target" in page and "Law: must" not in page


def test_a_change_is_shown_before_it_is_saved_and_can_be_undone(head, sheffield):
    page = posted(head, "/policy/change/", **choices(pep_from_age=2))
    assert "Check before anything changes" in page and "<strong>2 years</strong> instead of 3 years" in page
    assert not PolicyVersion.objects.exists()
    page = posted(head, "/policy/change/", **choices(pep_from_age=2), confirmed="yes")
    assert "1 choice is changed for Sheffield from 24 November 2026." in page
    version = PolicyVersion.objects.get()
    assert version.choices == {"pep_from_age": 2} and version.by_name == "Helen Marsden"
    assert policy_on(sheffield, TODAY).pep_from_age == 2
    page = posted(head, f"/policy/{version.pk}/undo/")
    assert "The change of policy is taken back" in page
    assert policy_on(sheffield, TODAY) == Policy()
    assert {"policy set", "policy withdrawn"} <= set(events(sheffield))


def test_undoing_a_second_change_of_one_day_brings_back_the_first(head, sheffield):
    posted(head, "/policy/change/", **choices(pep_from_age=2), confirmed="yes")
    posted(head, "/policy/change/", **choices(pep_from_age=2, roll_check_days=30), confirmed="yes")
    version = PolicyVersion.objects.get()
    assert version.choices == {"pep_from_age": 2, "roll_check_days": 30}
    posted(head, f"/policy/{version.pk}/undo/")
    assert PolicyVersion.objects.get().choices == {"pep_from_age": 2}


def test_a_date_of_the_policy_is_kept_and_shown_again(head, sheffield):
    posted(head, "/policy/change/", **choices(**day("kin_start_date", date(2027, 4, 1))), confirmed="yes")
    assert policy_on(sheffield, TODAY).kin_start_date == date(2027, 4, 1)
    assert "1 April 2027" in text(head, "/policy/")
    assert 'value="2027"' in text(head, "/policy/change/")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"pep_from_age": 6}, "From which birthday is a plan expected? must be 5 or less"),
        ({"sdq_from_age": 5}, "must be 4 or less"),
        ({"roll_check_days": "soon"}, "must be a whole number, like 12"),
        ({"why": ""}, "Enter why, and who decided"),
        ({}, "Nothing differs from the policy in force on 24 November 2026"),
        (day("starts", date(1926, 1, 1)), "From which day must be on or after"),
    ],
)
def test_a_faulty_change_is_refused_in_words(head, given, words):
    page = posted(head, "/policy/change/", **choices(**given), confirmed="yes")
    assert "There is a problem" in page and words in page
    assert not PolicyVersion.objects.exists()


def test_a_change_to_come_can_be_withdrawn_and_one_in_force_cannot(head, sheffield):
    coming = PolicyVersion.objects.create(authority=sheffield, starts=date(2027, 1, 1), choices={"pep_from_age": 2})
    past = PolicyVersion.objects.create(authority=sheffield, starts=date(2026, 1, 1), choices={"pep_from_age": 4})
    assert head.post(f"/policy/{past.pk}/withdraw/").status_code == 404
    posted(head, f"/policy/{coming.pk}/withdraw/")
    assert list(PolicyVersion.objects.values_list("pk", flat=True)) == [past.pk]


def test_a_change_asks_for_all_duties_to_be_worked_out_again(head, sheffield):
    from procrastinate.contrib.django.models import ProcrastinateJob

    posted(head, "/policy/change/", **choices(pep_from_age=2), confirmed="yes")
    posted(head, "/policy/change/", **choices(pep_from_age=1), confirmed="yes")
    assert list(ProcrastinateJob.objects.values_list("task_name", "args")) == [("duties.refresh", {"code": 373})]


def test_only_who_may_set_policy_changes_it(sheffield, leeds):
    for role in (Role.ADVISER, Role.DATA_OFFICER, Role.ADMINISTRATOR, Role.INSPECTOR):
        client = signed_in(MembershipFactory(authority=sheffield, role=role).user)
        assert "Change the policy" not in text(client, "/policy/")
        for address in ("/policy/change/", "/policy/appearance/"):
            assert client.get(address).status_code == 403
            assert client.post(address).status_code == 403
    theirs = PolicyVersion.objects.create(authority=leeds, starts=date(2027, 1, 1), choices={})
    head = signed_in(MembershipFactory(authority=sheffield).user)
    assert head.post(f"/policy/{theirs.pk}/withdraw/").status_code == 404


def test_a_colour_white_text_cannot_be_read_on_is_refused(head, sheffield):
    page = posted(head, "/policy/appearance/", colour="#ffee88", label_for_children="children in care")
    assert "is too faint to read" in page
    page = posted(head, "/policy/appearance/", colour="#6B3A5B", label_for_children="looked-after children")
    assert "The colour and words of Sheffield are saved." in page
    sheffield.refresh_from_db()
    assert (sheffield.colour, sheffield.label_for_children) == ("#6b3a5b", "looked-after children")


# Term dates

HEADER = "la_code,academic_year,kind,label,start,end"
GOOD = [
    "373,2026-27,term,Autumn term,2026-09-02,2026-12-18",
    "373,2026/27,term,Spring term,04/01/2027,25/03/2027",
    "373,2026/27,term,Summer term,2027-04-12,2027-07-21",
    "373,2026/27,holiday,Half term,2026-10-26,2026-10-30",
]


def load(client: Client, *lines: str, content: bytes | None = None) -> str:
    content = content if content is not None else "\n".join([HEADER, *lines]).encode()
    return posted(client, "/term-dates/load/", file=SimpleUploadedFile("terms.csv", content))


def test_a_year_loaded_from_a_file_ends_the_warning_about_usual_terms(head):
    assert "Not all term dates of 2026/27 and 2027/28 are held" in text(head, "/term-dates/")
    page = load(head, *GOOD)
    assert "terms.csv: 4 added, 0 changed, 0 as they were." in page
    assert "Not all term dates of 2027/28 are held" in page
    page = load(head, *GOOD[:3], "373,2026/27,holiday,Half term,2026-10-26,2026-11-02")
    assert "0 added, 1 changed, 3 as they were" in page


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("330,2026/27,term,Autumn,2026-09-02,2026-12-18", "Line 2, column la_code: “330” is not 373"),
        ("373,2026/27,break,Autumn,2026-09-02,2026-12-18", "Line 2, column kind: “break” is not term"),
        ("373,2026/27,term,Autumn,2 Sept,2026-12-18", "Line 2, column start: “2 Sept” is not a date"),
        ("373,2026/27,term,Autumn,2026-12-18,2026-09-02", "Line 2, column end: the last day, 2 September 2026"),
        ("373,2025/26,term,Autumn,2026-09-02,2026-12-18", "Line 2, column academic_year: “2025/26” is not 2026/27"),
        ("373,2026/27,term,,2026-09-02,2026-12-18", "Line 2, column label"),
    ],
)
def test_a_faulty_row_is_named_and_nothing_is_taken(head, line, words):
    page = load(head, line, *GOOD)
    assert "terms.csv: " in page and words in page
    assert not TermDates.objects.exists()


def test_a_file_that_is_none_is_refused(head):
    assert "The file is not CSV" in load(head, content=b"PK\x03\x04\x00\x00" + HEADER.encode())
    assert "the columns" in load(head, content=b"a,b\n1,2")
    assert "The file holds no dates" in load(head)
    assert "are in the file twice" in load(head, GOOD[0], GOOD[0])


def test_terms_that_overlap_are_refused(head):
    page = load(head, *GOOD, "373,2026/27,term,Autumn second half,2026-11-02,2027-01-10")
    assert "No calendar can be made of these dates" in page
    assert not TermDates.objects.exists()


def test_dates_are_added_changed_removed_and_put_back(head, sheffield):
    load(head, *GOOD)
    given = {"kind": "closure", "label": "Staff training", **day("starts", date(2026, 11, 30))}
    assert "Staff training is added to the dates of Sheffield." in posted(head, "/term-dates/add/", **given)
    assert "are held already" in posted(head, "/term-dates/add/", **given)
    row = TermDates.objects.get(label="Staff training")
    assert row.ends == row.starts and row.academic_year == "2026/27"
    given["label"] = "Training day"
    assert "Training day is changed" in posted(head, f"/term-dates/{row.pk}/", **given)
    assert "is removed from the dates of Sheffield" in posted(head, f"/term-dates/{row.pk}/remove/")
    assert "Training day is back" in posted(head, "/term-dates/put-back/")
    assert TermDates.objects.filter(label="Training day", starts=date(2026, 11, 30)).exists()


def test_something_due_beyond_the_last_bank_holiday_known_is_warned_of(head, sheffield):
    last = BankHoliday.objects.latest("on").on
    assert "Bank holidays are held to" not in text(head, "/term-dates/")
    with acting(service(373)):
        StandingObligation.objects.create(
            authority=sheffield,
            duty="RPT-01",
            who="data_officer",
            act="report",
            state="open",
            due_on=date(last.year + 1, 1, 2),
        )
    assert f"Bank holidays are held to 31 December {last.year} only" in text(head, "/term-dates/")


def test_who_loads_data_changes_term_dates_and_an_adviser_reads_them(sheffield, leeds):
    officer = signed_in(MembershipFactory(authority=sheffield, role=Role.DATA_OFFICER).user)
    assert "4 added" in load(officer, *GOOD)
    adviser = signed_in(MembershipFactory(authority=sheffield, role=Role.ADVISER).user)
    assert "Autumn term" in text(adviser, "/term-dates/")
    row = TermDates.objects.first()
    for address in ("/term-dates/add/", "/term-dates/load/", f"/term-dates/{row.pk}/", f"/term-dates/{row.pk}/remove/"):
        assert adviser.post(address).status_code == 403
    elsewhere = signed_in(MembershipFactory(authority=leeds).user)
    assert elsewhere.post(f"/term-dates/{row.pk}/remove/").status_code == 404


def test_carers_and_young_people_have_none_of_these_pages(sheffield):
    for role in (Role.CARER, Role.YOUNG_PERSON):
        client = signed_in(MembershipFactory(authority=sheffield, role=role).user)
        for address in ("/appointments/", "/policy/", "/term-dates/"):
            assert client.get(address).status_code == 403
