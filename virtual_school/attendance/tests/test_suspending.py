import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from openpyxl import load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from virtual_school.access.models import Membership, Role
from virtual_school.access.tests.factories import UserFactory
from virtual_school.attendance.gather import facts_of
from virtual_school.attendance.models_exclusion import RiskMeeting, Suspension, SuspensionLetter, SuspensionTold
from virtual_school.attendance.models_provision import Provision
from virtual_school.attendance.tasks import send, tell, tell_cancelled
from virtual_school.authorities.models import Authority
from virtual_school.children.actions import refresh_search_text
from virtual_school.children.models import Child
from virtual_school.duties.actions import refresh_children
from virtual_school.duties.models import StandingObligation
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.plans.tests.writing_world import HERE, LONG_AGO, TODAY, World

pytestmark = pytest.mark.django_db


def day(name: str, on: date) -> dict[str, str]:
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def notice(**more: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "category": "SUSP", **day("starts", TODAY), **day("back_on", date(2026, 12, 4)), "reasons": ["DB", "VA"],
        "words": "Left lessons again", "education": "none", "told": ["parent"],
    }  # fmt: skip
    return {**usual, **more}


def suspend(world: World, who: str = "teacher", child: str = "maisie", **more: Any) -> HttpResponse:
    url = f"/children/{world.children[child].public_id}/suspend/"
    return world.client(who).post(url, notice(**more))


def recorded(world: World) -> Suspension:
    with world.within():
        return Suspension.objects.select_related("child__authority").get()


def told_all(world: World) -> list[SuspensionTold]:
    """The jobs that follow, done as the worker does them."""
    one = recorded(world)
    tell(one.authority_id, one.pk)
    with world.within():
        every = list(SuspensionTold.objects.exclude(person=None).order_by("id"))
    for told in every:
        send(told.authority_id, told.pk)
    with world.within():
        return list(SuspensionTold.objects.exclude(person=None).order_by("id"))


def step(world: World, who: str, name: str, **given: Any) -> HttpResponse:
    return world.client(who).post(f"/attendance/suspensions/{recorded(world).public_id}/{name}/", given)


def duties(world: World) -> dict[str, str]:
    child = world.children["maisie"]
    with world.within():
        refresh_children(HERE, [child.pk], TODAY)
        rows = StandingObligation.objects.filter(child=child, duty__startswith="EXC")
        return {f"{row.duty} {row.occasion.partition(' ')[2]}": row.state for row in rows}


def test_a_school_records_a_suspension_and_it_counts_the_school_days(world: World) -> None:
    response = suspend(world)
    made = recorded(world)
    assert response["Location"] == f"/attendance/suspensions/{made.public_id}/"
    assert (made.sessions, made.reasons, made.is_from_school) == (16, ["DB", "VA"], True)
    assert made.school == world.schools["teacher"]
    assert made.by_name == "Asha Khan"
    page = world.client("teacher").get(response["Location"]).content.decode()
    assert "Suspended for 8 school days from 24 November, back on 4 December" in page
    assert "8 of 45" in page
    assert "Persistent or general disruption, Verbal abuse or threat to adult" in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"back_on-day": "24", "back_on-month": "11"}, "The first day back must be after the first day out"),
        ({"back_on-day": "", "back_on-month": "", "back_on-year": ""}, "Enter the first day back at school"),
        ({"reasons": []}, "Why"),
        ({"reasons": ["DB", "VA", "PA", "PP"]}, "Choose no more than 3 reasons"),
        ({"reasons": ["OT"]}, "Why"),
        ({"category": "LNCH"}, "Enter how many lunchtimes"),
        ({"education": "full"}, "Enter where the child is taught"),
        ({"starts-year": "2031"}, "must be on or before"),
        ({**day("starts", date(2026, 11, 28)), **day("back_on", date(2026, 11, 30))}, "no school day between"),
    ],
)
def test_what_cannot_be_so_is_refused_in_words_and_nothing_is_kept(
    world: World, given: dict[str, Any], words: str
) -> None:
    response = suspend(world, **given)
    assert response.status_code == 200
    assert words in response.content.decode()
    with world.within():
        assert not Suspension.objects.exists()


def test_the_same_day_is_not_recorded_twice(world: World) -> None:
    suspend(world)
    assert "held already" in suspend(world).content.decode()


def test_lunchtimes_and_half_days_are_counted_as_they_are(world: World) -> None:
    suspend(world, category="LNCH", lunchtimes="3")
    suspend(world, **day("starts", date(2026, 11, 30)), half_days="5")
    with world.within():
        assert sorted(Suspension.objects.values_list("category", "sessions")) == [("LNCH", 3), ("SUSP", 5)]


def test_a_letter_is_kept_and_comes_back_as_a_file_to_save(world: World) -> None:
    letter = SimpleUploadedFile("letter.pdf", b"%PDF-1.4 a letter %%EOF", content_type="application/pdf")
    suspend(world, letter=letter)
    with world.within():
        kept = SuspensionLetter.objects.get()
    response = world.client("social worker").get(
        f"/attendance/suspensions/{recorded(world).public_id}/letters/{kept.public_id}/"
    )
    assert b"".join(response) == b"%PDF-1.4 a letter %%EOF"
    assert response["Content-Disposition"].startswith("attachment")


def test_a_letter_that_is_no_letter_keeps_nothing(world: World) -> None:
    bad = SimpleUploadedFile("letter.pdf", b"<script>", content_type="application/pdf")
    response = suspend(world, letter=bad)
    assert "The letter was not taken: it is not a whole PDF." in response.content.decode()
    with world.within():
        assert not Suspension.objects.exists()


def test_head_deputy_social_worker_and_adviser_are_told_at_once_and_the_message_says_nothing(world: World) -> None:
    deputy = UserFactory(name="Dee Putty", is_invented=True)
    Membership.objects.create(user=deputy, authority_id=HERE, role=Role.VIRTUAL_SCHOOL_HEAD, starts=LONG_AGO)
    suspend(world)
    assert ProcrastinateJob.objects.filter(task_name="attendance.tell", status="todo").count() == 1
    told = told_all(world)
    assert {(one.name, one.role) for one in told} == {
        ("Helen Marsden", "virtual_school_head"), ("Dee Putty", "virtual_school_head"),
        ("Danielle Frost", "social_worker"), ("Priya Nair", "adviser"),
    }  # fmt: skip
    assert all(one.mailed_at for one in told)
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        for secret in ("Maisie", "Thornton", "Moorcroft", "suspen", "exclu"):
            assert secret.lower() not in f"{message.subject} {message.body}".lower(), secret
    assert len(told_all(world)) == 4
    assert len(mail.outbox) == 4, "told again, nobody is told twice"


def test_when_each_first_read_it_is_kept(world: World) -> None:
    suspend(world)
    told_all(world)
    url = f"/attendance/suspensions/{recorded(world).public_id}/"
    assert "Not read by you (1)" in world.client("head").get("/attendance/suspensions/").content.decode()
    world.client("head").get(url)
    world.client("social worker").get(url)
    with world.within():
        read = dict(SuspensionTold.objects.exclude(person=None).values_list("role", "read_at"))
    assert read["virtual_school_head"] and read["social_worker"]
    assert read["adviser"] is None
    assert "Not read by you" not in world.client("head").get("/attendance/suspensions/").content.decode()


def test_the_duties_follow_what_is_recorded(world: World) -> None:
    suspend(world)
    before = duties(world)
    assert before["EXC-02 SUSP"] == "open"
    assert before["EXC-06 SUSP day 6"] == "open"
    told_all(world)
    step(world, "head", "education", kind="tuition_home", provider="County Tuition", **day("starts", TODAY), hours="24")
    step(world, "head", "check", **day("checked_on", TODAY), check_note="Lawful")
    after = duties(world)
    assert {after[key] for key in ("EXC-01 SUSP", "EXC-02 SUSP", "EXC-06 SUSP day 1", "EXC-06 SUSP day 6",
                                   "EXC-11 SUSP")} == {"met"}  # fmt: skip
    with world.within():
        made = Provision.objects.get()
    assert (made.hours, made.hours_due, made.suspension_id) == (24, 24, recorded(world).pk)


def test_full_time_education_named_on_the_notice_is_provision_from_day_one(world: World) -> None:
    suspend(world, education="full", provider="The unit at Moorcroft")
    assert duties(world)["EXC-06 SUSP day 1"] == "met"


def test_only_the_virtual_school_checks_and_both_write_down_the_governors_meeting(world: World) -> None:
    suspend(world, category="PERM")
    assert step(world, "teacher", "check", check_note="x").status_code == 403
    met = {**day("governors_on", TODAY), **day("invited_on", TODAY), "governors_decision": "upheld"}
    assert step(world, "teacher", "governors", **met).status_code == 302
    assert duties(world)["EXC-08 PERM"] == "met"
    assert step(world, "social worker", "governors", **met).status_code == 403


def test_a_decision_needs_the_day_of_its_meeting(world: World) -> None:
    suspend(world, category="PERM")
    response = step(world, "head", "governors", governors_decision="upheld")
    assert "Enter the day of the meeting that decided this" in response.content.decode()


def test_it_is_cancelled_until_the_governors_meet_and_no_longer_counted(world: World) -> None:
    suspend(world)
    told = {"cancelled_why": "New facts", **day("cancelled_on", TODAY), **day("returned_on", TODAY)}
    assert step(world, "teacher", "cancel", **told).status_code == 302
    with world.within():
        child = world.children["maisie"]
        facts = facts_of(Authority.objects.get(code=HERE), TODAY, [child.pk])[child.pk]
    assert facts.suspensions[0].cancelled_on == TODAY
    assert duties(world).keys() == {"EXC-01 SUSP", "EXC-02 SUSP", "EXC-03 SUSP", "EXC-04 SUSP"}
    assert suspend(world).status_code == 302, "a new one may start on the day of a cancelled one"


def test_those_who_were_told_have_another_message_when_it_is_cancelled(world: World) -> None:
    suspend(world)
    told = told_all(world)
    step(world, "teacher", "cancel", cancelled_why="New facts", **day("cancelled_on", TODAY))
    assert ProcrastinateJob.objects.filter(task_name="attendance.tell_cancelled").count() == 1
    tell_cancelled(HERE, recorded(world).pk)
    again = ProcrastinateJob.objects.filter(task_name="attendance.send", args__again=True)
    assert again.count() == len(told)
    mail.outbox.clear()
    for job in again:
        send(**job.args)
    assert len(mail.outbox) == len(told)
    assert [one.mailed_at for one in told_all(world)] == [one.mailed_at for one in told], "the first time is kept"


def test_whoever_records_it_need_not_be_told_to_read_it(world: World) -> None:
    suspend(world, "head", **day("told_on", TODAY))
    by_name = {one.name: one.read_at for one in told_all(world)}
    assert by_name["Helen Marsden"] is not None
    assert by_name["Priya Nair"] is None


def test_once_the_governors_have_met_it_cannot_be_cancelled(world: World) -> None:
    suspend(world, category="PERM")
    step(world, "head", "governors", **day("governors_on", TODAY), governors_decision="upheld")
    response = step(world, "head", "cancel", cancelled_why="Late", **day("cancelled_on", TODAY))
    assert "It can no longer be cancelled, since the governors’ meeting has begun." in response.content.decode()


def test_a_child_back_early_is_counted_anew(world: World) -> None:
    suspend(world)
    step(world, "teacher", "back", **day("back_on", TODAY + timedelta(days=2)))
    assert recorded(world).sessions == 4


def test_a_meeting_about_the_risk_is_written_down_by_the_school(world: World) -> None:
    url = f"/children/{world.children['maisie'].public_id}/risk-of-exclusion/"
    given = {**day("on", TODAY), "weighed": "A key adult and a changed timetable"}
    assert world.client("teacher").post(url, given).status_code == 302
    suspend(world)
    assert duties(world)["EXC-05 SUSP"] == "met"
    with world.within():
        assert RiskMeeting.objects.get().by_name == "Asha Khan"


def test_a_carer_finds_neither_page_nor_row(world: World) -> None:
    suspend(world)
    client = world.client("carer")
    assert client.get(f"/attendance/suspensions/{recorded(world).public_id}/").status_code == 404
    assert client.get(f"/children/{world.children['maisie'].public_id}/attendance/").status_code == 404
    assert client.get("/attendance/suspensions/").status_code == 403


def test_the_teacher_lists_pupils_of_every_council_and_no_other_schools(world: World) -> None:
    names = world.client("teacher").get("/attendance/suspensions/new/").content.decode()
    assert all(name in names for name in ("Maisie Thornton", "Zainab Hussain", "Logan Pryce"))
    assert "Lacey Ogden" not in names
    assert suspend(world, child="zainab").status_code == 302
    with world.within():
        assert Child.objects.get(suspensions__isnull=False) == world.children["zainab"]
    assert "Zainab" not in world.client("head").get("/attendance/suspensions/").content.decode()
    assert "Zainab" in world.client("other head").get("/attendance/suspensions/").content.decode()


def test_the_list_is_downloaded_by_staff_alone(world: World) -> None:
    suspend(world)
    lines = world.client("head").get("/attendance/suspensions/download/").content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith("Maisie Thornton,00001,Year 8,Moorcroft High School,")
    assert world.client("teacher").get("/attendance/suspensions/download/")["Location"] == "/attendance/suspensions/"


def test_the_record_has_a_tab_for_those_who_may_see_it(world: World) -> None:
    url = f"/children/{world.children['maisie'].public_id}/"
    tab = f'href="{url}attendance/"'
    assert tab in world.client("teacher").get(url).content.decode()
    assert tab not in world.client("carer").get(url).content.decode()


def test_a_suspension_is_found_by_a_name_of_any_year_and_the_name_stands_in_no_address(world: World) -> None:
    suspend(world)
    suspend(world, child="zainab")
    with acting(service(world.elsewhere.code, world.far.code)):
        for authority in (world.elsewhere, world.far):
            refresh_search_text(authority.code)
    client = world.client("other head")
    found = client.post("/attendance/suspensions/?year=2020", {"q": " ZAINAB "}).content.decode()
    assert "Zainab" in found
    assert "by name, of every year" in found
    assert 'method="post" role="search"' in found
    assert (
        "of a child of that name"
        in world.client("head").post("/attendance/suspensions/", {"q": "zainab"}).content.decode()
    )


def test_the_list_downloads_as_a_workbook_too_and_stands_under_attendance(world: World) -> None:
    suspend(world)
    shown = world.client("head").get("/attendance/suspensions/").content.decode()
    assert re.search(r'href="/attendance/" aria-current="true"', shown)
    book = load_workbook(io.BytesIO(world.client("head").get("/attendance/suspensions/download/?form=xlsx").content))
    assert [row[0].value for row in book.active.iter_rows(max_row=2)] == ["Child", "Maisie Thornton"]
