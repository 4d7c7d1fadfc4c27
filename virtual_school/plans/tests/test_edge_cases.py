"""Cases that catch out systems of this kind, each by its name. Others stand where their subject is: moves between
sending in and checking, turning 18, three weeks in care, adoption, a teacher who leaves, two people writing at once, a
dropped connection, a file with a macro, words copied forward, an error found after approval, an officer and their
own plan, a meeting in the holidays, twins."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail

from virtual_school.access.person import person_of
from virtual_school.access.tests.factories import UserFactory
from virtual_school.authorities.actions import open_authority
from virtual_school.authorities.models import TermDates
from virtual_school.care.actions import work_out_history
from virtual_school.children.models import Child, FormerName, Involvement, Sensitivity
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.plans.asks import asks_of
from virtual_school.plans.exporting import as_service, document_of
from virtual_school.plans.models import Answer, CostLine, Meeting, Plan, Signature, Target
from virtual_school.plans.moving import follow_changes
from virtual_school.plans.opening import open_term
from virtual_school.plans.readers import for_reader
from virtual_school.plans.reading_levels import Reader
from virtual_school.plans.reminders import mail as remind
from virtual_school.plans.summary import summary_of
from virtual_school.plans.targets import last_targets
from virtual_school.schools.actions import refresh_involvements
from virtual_school.schools.models import Enrolment, School

from .closing_world import as_seen_by, to_state, write_whole
from .meeting_world import answer, plan_meeting
from .pdf_text import text_of as text_of_pdf
from .writing_world import HERE, TODAY, World, a_child


@pytest.fixture
def world(made_world: World, settings: Any, tmp_path: Any) -> Iterator[World]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield made_world


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode().replace("&#x27;", "’")


def whole(world: World, child: str) -> Plan:
    return Plan.objects.select_related("template", "school", "child__authority").get(pk=world.plans[child].pk)


def test_same_designated_teacher_for_children_of_five_councils(world: World) -> None:
    for code, name in ((301, "Bea Fifth"), (302, "Cal Sixth")):
        with acting(service(code)):
            authority = open_authority(code, is_invented=True)
            child = a_child(world, authority, name, born=date(2013, 2, 3), came_in=TODAY - timedelta(days=700))
            Enrolment.objects.create(
                authority=authority, child=child, school=world.schools["teacher"], starts=TODAY - timedelta(days=650)
            )
            work_out_history(code)
            refresh_involvements(code)
            (world.plans[name.split()[0].lower()],) = open_term(
                authority=authority, term=world.term, by=None, on=TODAY
            ).made
    client = world.client("teacher")
    listed = text_of(client.get("/plans/"))
    names = ["Maisie", "Ellie", "Zainab", "Logan", "Bea", "Cal"]
    assert all(name in listed for name in names)
    with acting(person_of(world.people["teacher"]).claims):
        asked = asks_of(person_of(world.people["teacher"]), TODAY)
    assert sorted(ask.child.forename for ask in asked) == sorted(names)
    assert len({ask.authority_name for ask in asked}) == 5
    for child in ("bea", "cal", "logan"):
        assert client.get(world.url(child)).status_code == 200
    assert world.client("head").get(world.url("bea")).status_code == 404


def test_designated_teacher_with_no_e_mail_in_a_setting(world: World) -> None:
    """Invited by name, told by hand; the form goes to them on paper, and the virtual school may write their part."""
    meeting = plan_meeting(world)
    with world.within():
        meeting.attendees.filter(role="Designated teacher").update(person=None, email="", name="Nora Lead")
    page = text_of(world.client("adviser").get(world.url("maisie", "meeting/")))
    assert "Nora Lead" in page and "no e-mail address: tell them yourself" in page
    assert world.client("adviser").get(world.url("maisie", "blank/?owner=designated_teacher")).status_code == 200
    assert "Save" in text_of(world.client("adviser").get(world.url("maisie", "sections/progress/")))
    without = UserFactory(name="Nora Lead", email="", is_invented=True)
    assert remind(without.pk) is False and mail.outbox == []


def test_two_schools(world: World) -> None:
    """Dual registered: the main school has the plan, the other place stands in the history and closes nothing."""
    with world.within():
        maisie = world.children["maisie"]
        Enrolment.objects.create(
            authority=world.here, child=maisie, school=world.schools["other teacher"], kind="subsidiary",
            starts=TODAY - timedelta(days=3),
        )  # fmt: skip
        Plan.objects.update(opened_on=TODAY - timedelta(days=30))
        refresh_involvements(HERE)
        done = follow_changes(HERE)
        assert (done.closed, done.opened) == (0, 0)
        assert Plan.objects.get(pk=world.plans["maisie"].pk).school == world.schools["teacher"]
        places = Answer.objects.get(plan=world.plans["maisie"], field_key="history.places").value
        assert {row["school"] for row in places} == {"Moorcroft High School", "Thornbury School"}
    assert world.client("teacher").get(world.url("maisie")).status_code == 200


def test_year_11_repeats_the_year(world: World) -> None:
    """The year taught in decides the form, not the age."""
    with world.within():
        child = a_child(world, world.here, "Ray Again", born=date(2010, 5, 1), came_in=TODAY - timedelta(days=700))
        Enrolment.objects.create(
            authority=world.here, child=child, school=world.schools["teacher"], starts=TODAY - timedelta(days=650),
            year_group=11,
        )  # fmt: skip
        work_out_history(HERE, [child.pk])
        (plan,) = open_term(authority=world.here, term=world.term, by=None, on=TODAY, children=[child.pk]).made
    assert (plan.phase, plan.clocks["circumstances"]["year_group"]) == ("key_stage_4", 11)


def test_secure_address(world: World) -> None:
    """Only who is named sees the plan, and no copy says where the child lives."""
    answer(world, "progress.strengths", "Settled at 4 Hidden Close, S1 1AA")
    with world.within():
        Sensitivity.objects.create(
            authority=world.here, child=world.children["maisie"], kind="protected_address", since=TODAY
        )
        Involvement.objects.filter(child=world.children["maisie"], person=world.people["teacher"]).update(is_named=True)
    for who in ("adviser", "carer", "social worker"):
        assert world.client(who).get(world.url("maisie")).status_code == 404, who
    teacher = world.client("teacher")
    assert teacher.get(world.url("maisie")).status_code == 200
    told = teacher.get(world.url("maisie", "print/json/")).content.decode()
    assert "Settled at" in told and "Hidden Close" not in told and "1AA" not in told


def test_name_change(world: World) -> None:
    """What the service filled in follows; what was published keeps the name it was published with."""
    to_state(world, "ellie", "published")
    with world.within():
        Child.objects.filter(pk=world.children["maisie"].pk).update(forename="Robin", surname="Vale")
        Child.objects.filter(pk=world.children["ellie"].pk).update(forename="Kit", surname="Vale")
        FormerName.objects.create(
            authority=world.here, child=world.children["maisie"], forename="Maisie", surname="Thornton"
        )
        follow_changes(HERE)
        assert Answer.objects.get(plan=world.plans["maisie"], field_key="about_child.legal_name").value == "Robin Vale"
        told = document_of(as_service(whole(world, "maisie")))
        assert "Maisie" not in str(told) and told.child.name == "Robin Vale"
    page = text_of(world.client("teacher").get(world.url("maisie")))
    assert "Robin Vale" in page and "Maisie" not in page
    kept = world.client("head").get(world.url("ellie", "copies/1/json/")).content.decode()
    assert "Ellie Thornton" in kept and "Kit" not in kept


def test_a_name_somebody_wrote_themselves_is_not_written_over(world: World) -> None:
    with world.within():
        Answer.objects.filter(plan=world.plans["maisie"], field_key="about_child.legal_name").update(
            value="Maisie Anne Thornton", source="typed"
        )
        Child.objects.filter(pk=world.children["maisie"].pk).update(surname="Vale")
        follow_changes(HERE)
        held = Answer.objects.get(plan=world.plans["maisie"], field_key="about_child.legal_name")
        assert held.value == "Maisie Anne Thornton"


def test_parent_with_responsibility_but_no_contact(world: World) -> None:
    """Whoever arranges the meeting reads it before the parent is invited; home and family are in no copy of theirs."""
    with world.within():
        key = next(field.key for field in as_seen_by(world, "head", "maisie").template.fields()
                   if field.key.endswith(".no_contact"))  # fmt: skip
    answer(world, key, "Mother, by court order")
    plan_meeting(world)
    page = text_of(world.client("social worker").get(world.url("maisie", "meeting/")))
    assert "Mother, by court order" in page
    with world.within():
        told = document_of(as_service(whole(world, "maisie")))
        assert "by court order" in str(told)
        for reader in (Reader.PARENT, Reader.YOUNG_PERSON, Reader.NEXT_SCHOOL):
            copy = for_reader(told, reader, withheld=())
            assert ("by court order" in str(copy)) is (reader == Reader.NEXT_SCHOOL)


def test_confidential_address_in_the_pdf(world: World) -> None:
    answer(world, "progress.strengths", "Reads at home, 12 Elm Road, S1 1AA, each night")
    for who in ("teacher", "carer"):
        made = world.client(who).get(world.url("maisie", "print/full/"))
        told = text_of_pdf(made.content)
        assert "Reads at home" in told and "Elm Road" not in told and "1AA" not in told, who


def test_interpreter_used(world: World) -> None:
    """They are invited and named as there, and a child's own copy says so."""
    meeting = plan_meeting(world)
    answer(world, "voice.how", "interpreter")
    with world.within():
        meeting.attendees.create(
            authority=world.here, child=world.children["maisie"], plan=world.plans["maisie"], name="Ali Noor",
            role="Interpreter", came="present",
        )  # fmt: skip
        told = document_of(as_service(whole(world, "maisie")), Reader.YOUNG_PERSON)
        assert "Ali Noor" in {one.name for one in told.meeting.attendees}
        assert "Through an interpreter" in str(told)


def test_refused_views(world: World) -> None:
    """A plan can be sent in without the child's words once it says why there are none."""
    answer(world, "voice.how", "none")
    with world.within():
        write_whole(world, "maisie")
        Answer.objects.filter(plan=world.plans["maisie"], section_key__in=["voice", "hopes"]).exclude(
            field_key="voice.how"
        ).delete()
        Target.objects.update(childs_words="")
        view = as_seen_by(world, "teacher", "maisie")
        assert "Why are there no views this time?" in [field.label for field in view.left("before_submit")]
        assert summary_of(view)["child"] == ""
    answer(world, "voice.reason_none", "refused")
    with world.within():
        view = as_seen_by(world, "teacher", "maisie")
        assert "Why are there no views this time?" not in [field.label for field in view.left("before_submit")]
        assert summary_of(view)["child"] == "reason"


def test_no_social_worker_at_the_meeting(world: World) -> None:
    """It stops nothing, and asks why, and how their part came in."""
    meeting = plan_meeting(world)
    with world.within():
        here = list(meeting.attendees.exclude(role="Social worker").values_list("pk", flat=True))
    client, url = world.client("teacher"), world.url("maisie", "meeting/record/")
    sent = {"on-day": "24", "on-month": "11", "on-year": "2026", "here": here, "child": "yes", "next_on-day": "3",
            "next_on-month": "3", "next_on-year": "2027"}  # fmt: skip
    assert "The social worker was not there: say in" in text_of(client.post(url, sent, follow=True))
    assert world.plan("maisie").state == "meeting_held"
    assert client.post(url, sent | {"social_worker_away": "Ill; sent her views by e-mail"}).status_code == 302
    held = world.answer("maisie", "meeting.social_worker_away")
    assert held is not None and held.value == "Ill; sent her views by e-mail"


def test_school_on_different_term_dates(world: World) -> None:
    """A plan is due by the last day of the child's own school, which breaks up a week before the council says."""
    for starts, ends in ((date(2026, 9, 1), date(2026, 12, 11)), (date(2027, 1, 4), date(2027, 3, 26))):
        TermDates.objects.create(
            urn=world.schools["other teacher"].urn, academic_year="2026/27", kind="term", label="Term", starts=starts,
            ends=ends,
        )  # fmt: skip
    with world.within():
        Plan.objects.all().delete()
        made = {
            plan.child_id: plan for plan in open_term(authority=world.here, term=world.term, by=None, on=TODAY).made
        }
    assert made[world.children["lacey"].pk].due_on == date(2026, 12, 11)
    assert made[world.children["maisie"].pk].due_on == world.term.ends


def test_money_agreed_and_the_school_closes(world: World) -> None:
    """What was asked for stays with the child: the next plan, wherever it is, judges the target with its costs."""
    to_state(world, "maisie", "published")
    later = TODAY + timedelta(days=30)
    with time_machine.travel(f"{later.isoformat()} 10:00:00+00:00", tick=False), world.within():
        School.objects.filter(pk=world.schools["teacher"].pk).update(status="Closed")
        Enrolment.objects.filter(child=world.children["maisie"]).update(ends=TODAY + timedelta(days=10))
        Enrolment.objects.create(
            authority=world.here, child=world.children["maisie"], school=world.schools["other teacher"],
            starts=TODAY + timedelta(days=10),
        )  # fmt: skip
        assert follow_changes(HERE).opened == 1
        new = Plan.objects.get(child=world.children["maisie"], state="open")
        ((target, _),) = last_targets(new)
        assert CostLine.objects.get(target=target).amount_pence == 30000


def test_subject_access_tells_nothing_of_third_parties(world: World) -> None:
    """The young person's copy names no relative, and leaves their names out of everybody's words."""
    meeting = plan_meeting(world)
    answer(world, "progress.strengths", "Proud of the letter to Roy Thornley")
    with world.within():
        meeting.attendees.create(
            authority=world.here, child=world.children["maisie"], plan=world.plans["maisie"], name="Roy Thornley",
            role="Father",
        )  # fmt: skip
        whole_of = document_of(as_service(whole(world, "maisie")))
        assert "Roy Thornley" in str(whole_of)
        told = str(document_of(as_service(whole(world, "maisie")), Reader.YOUNG_PERSON))
    assert "Thornley" not in told and "Proud of the letter to [father]" in told


def test_a_plan_approved_and_then_an_error_found_keeps_its_first_signatures_on_record(world: World) -> None:
    to_state(world, "maisie", "approved")
    client = world.client("head")
    assert client.post(world.url("maisie", "reopen/"), {"reason": "The wrong reading score"}).status_code == 302
    with world.within():
        assert Plan.objects.get(pk=world.plans["maisie"].pk).version == 2
        assert Signature.objects.filter(plan=world.plans["maisie"], withdrawn_at__isnull=False).count() == 2


def test_a_meeting_called_off_because_a_child_is_ill_says_so_and_is_booked_anew(world: World) -> None:
    plan_meeting(world, on=TODAY + timedelta(days=2))
    client = world.client("teacher")
    assert client.post(world.url("maisie", "meeting/cancel/"), {"reason": "Maisie is ill"}).status_code == 302
    assert "Maisie is ill" in text_of(client.get(world.url("maisie", "meeting/")))
    with world.within():
        assert Meeting.objects.get(plan=world.plans["maisie"]).state == "cancelled"
    assert client.get(world.url("maisie", "meeting/arrange/")).status_code == 200
