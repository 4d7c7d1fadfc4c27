"""The list of plans, opening a term, what is asked of whom, colleagues who help, and documents."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from virtual_school.access.models import Membership, Role
from virtual_school.access.person import person_of
from virtual_school.access.tests.factories import UserFactory
from virtual_school.authorities.models import Authority
from virtual_school.children.models import Involvement
from virtual_school.plans.asks import asks_of
from virtual_school.plans.delegating import take_up
from virtual_school.plans.models import Delegation, Document, Plan
from virtual_school.plans.opening_due import open_what_is_due
from virtual_school.schools.models import Enrolment

from .test_writing_sections import page, text_of
from .writing_world import HERE, TODAY, World, a_child, form_of


@pytest.fixture
def world(made_world: World) -> Iterator[World]:
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield made_world


def test_staff_see_the_authoritys_plans_and_a_teacher_their_pupils_of_every_council(world: World) -> None:
    head = text_of(page(world.client("head"), "/plans/"))
    assert all(name in head for name in ("Maisie Thornton", "Ellie Thornton", "Lacey Ogden"))
    assert "Zainab" not in head
    teacher = text_of(page(world.client("teacher"), "/plans/"))
    assert all(name in teacher for name in ("Maisie Thornton", "Zainab Hussain", "Logan Pryce"))
    assert "Lacey" not in teacher


def test_overdue_is_worked_out_and_counted(world: World) -> None:
    with world.within():
        Plan.objects.filter(pk=world.plans["lacey"].pk).update(due_on=TODAY - timedelta(days=4))
    shown = text_of(page(world.client("head"), "/plans/?state=overdue"))
    assert "Overdue (1)" in shown and "Lacey Ogden" in shown and "Maisie" not in shown
    assert "2 school days late" in shown


def test_filters_by_adviser_school_and_mine(world: World) -> None:
    client = world.client("adviser")
    assert "Ellie" not in text_of(page(client, "/plans/?mine=1"))
    assert "Maisie" in text_of(page(client, "/plans/?mine=1"))
    assert "Maisie" not in text_of(page(client, "/plans/?adviser=none"))
    urn = world.schools["other teacher"].urn
    only = text_of(page(client, f"/plans/?school={urn}"))
    assert "Lacey" in only and "Maisie" not in only
    assert "Maisie" in text_of(page(client, "/plans/?school=nonsense&phase=x&term=y"))


def test_the_download_runs_nothing_in_a_spreadsheet_and_is_for_staff(world: World) -> None:
    with world.within():
        child = world.children["lacey"]
        child.surname = "=1+1"
        child.forename = ""
        child.save()
    sent = world.client("head").get("/plans/download/")
    assert sent["Content-Type"].startswith("text/csv")
    assert "'=1+1" in sent.content.decode() and ",=1+1" not in sent.content.decode()
    assert world.client("teacher").get("/plans/download/").status_code == 302


def test_the_list_costs_the_same_for_few_and_for_many(world: World, django_assert_max_num_queries: Any) -> None:
    client = world.client("head")
    page(client, "/plans/")
    with django_assert_max_num_queries(22):
        page(client, "/plans/")


@pytest.mark.parametrize("who", ["teacher", "social worker", "inspector", "carer", "reviewing officer"])
def test_only_those_who_change_the_authoritys_records_open_a_term(world: World, who: str) -> None:
    assert world.client(who).get("/plans/open/").status_code == 403
    assert world.client(who).post("/plans/open/", {}).status_code == 403


def test_by_night_a_newcomer_gets_a_plan_counted_from_the_day_they_came(world: World) -> None:
    from virtual_school.care.actions import work_out_history

    with world.within():
        came = TODAY - timedelta(days=3)
        child = a_child(world, world.here, "Nora New", born=date(2015, 1, 1), came_in=came)
        work_out_history(HERE)
        done = open_what_is_due(world.here, TODAY)
        assert done.made == 1
        plan = Plan.objects.get(child=child, term=world.term.key)
        assert (plan.kind, plan.opened_why) == ("first", "Came into care")
        assert plan.due_on == date(2026, 12, 18)
        assert open_what_is_due(world.here, TODAY).made == 0


def test_a_first_plan_here_of_a_child_long_in_care_is_due_like_everyones(world: World) -> None:
    assert world.plans["maisie"].due_on == date(2026, 12, 18)


def test_by_night_a_plan_stays_with_the_school_left_and_the_new_school_begins_its_own(world: World) -> None:
    with world.within():
        moved_on = TODAY + timedelta(days=2)
        maisie, thornbury = world.children["maisie"], world.schools["other teacher"]
        Enrolment.objects.filter(child=maisie).update(ends=moved_on)
        Enrolment.objects.create(authority=world.here, child=maisie, school=thornbury, starts=moved_on)
        done = open_what_is_due(world.here, moved_on)
        assert (done.closed, done.made) == (1, 1)
        old = Plan.objects.get(pk=world.plans["maisie"].pk)
        assert old.state == Plan.State.CLOSED_MOVED and "Thornbury School" in old.closed_why
        new = Plan.objects.get(child=maisie, state=Plan.State.OPEN, term=world.term.key)
        assert new.school == thornbury and new.opened_why == "Started at a new school"


def test_by_night_the_next_terms_plan_waits_for_the_one_before_it(world: World) -> None:
    with world.within():
        near = date(2026, 12, 17)
        Plan.objects.filter(pk=world.plans["lacey"].pk).update(state=Plan.State.APPROVED)
        done = open_what_is_due(world.here, near)
        assert done.made_for_next_term == 1
        plan = Plan.objects.get(term="2026/27-spring")
        assert plan.child == world.children["lacey"] and plan.previous_id == world.plans["lacey"].pk


def test_a_teacher_is_asked_across_three_councils_in_a_fixed_number_of_queries(world: World) -> None:
    person = person_of(world.people["teacher"])
    with world.within():
        asks_of(person, TODAY)  # which reads each form in use, once a process
        with CaptureQueriesContext(connection) as few:
            asked = asks_of(person, TODAY)
        assert {ask.authority_name for ask in asked} == {str(a) for a in (world.here, world.elsewhere, world.far)}
        assert len(asked) == 4
        first = asked[0]
        assert first.minutes > 0 and first.days_left == 18 and "/sections/" in first.url
        Plan.objects.exclude(
            pk__in=[world.plans["maisie"].pk, world.plans["zainab"].pk, world.plans["logan"].pk]
        ).update(state=Plan.State.CLOSED_ERROR)
        with CaptureQueriesContext(connection) as fewer:
            assert len(asks_of(person, TODAY)) == 3
        assert len(few) == len(fewer)


def test_each_role_is_asked_for_its_own(world: World) -> None:
    with world.within():
        asks = {who: asks_of(person_of(world.people[who]), TODAY) for who in world.people}
    assert [ask.child.forename for ask in asks["social worker"]] == ["Maisie"]
    assert "About the child" in asks["social worker"][0].what
    assert [ask.child.forename for ask in asks["carer"]] == ["Maisie"]
    assert asks["adviser"] == [] and asks["head"] == [] and asks["reviewing officer"] == []
    with world.within():
        Plan.objects.filter(pk__in=[world.plans["maisie"].pk, world.plans["ellie"].pk]).update(state="submitted")
        to_check = {who: asks_of(person_of(world.people[who]), TODAY) for who in ("adviser", "head", "other head")}
    assert [ask.child.forename for ask in to_check["adviser"]] == ["Maisie"]
    assert [ask.child.forename for ask in to_check["head"]] == ["Ellie"]
    assert to_check["other head"] == []


COLLEAGUE = {"email": "tom@moorcroft.example", "name": "Tom Iqbal"}


def ask_colleague(world: World, **more: Any) -> Delegation:
    client = world.client("teacher")
    sent = client.post(world.url("maisie", "colleagues/"), {**COLLEAGUE, **more})
    assert sent.status_code == 302, text_of(sent)
    with world.within():
        delegation = Delegation.objects.get(child=world.children["maisie"], ends__isnull=True)
        take_up(delegation.pk)
        return Delegation.objects.select_related("to").get(pk=delegation.pk)


def test_a_colleague_is_invited_writes_for_that_pupil_only_and_never_signs(world: World, mailoutbox: Any) -> None:
    from virtual_school.access.tests.signing_in import signed_in
    from virtual_school.plans.opened import opened
    from virtual_school.plans.workflow import Step

    delegation = ask_colleague(world)
    client = signed_in(delegation.to)
    assert client.get(world.url("maisie")).status_code == 200
    assert client.get(world.url("ellie")).status_code == 404
    form = form_of(page(client, world.url("maisie", "sections/progress/")))
    client.post(world.url("maisie", "sections/progress/"), {**form, "progress__strengths": "Draws", "do": "save"})
    assert world.answer("maisie", "progress.strengths").value == "Draws"
    assert client.post(world.url("maisie", "sections/care/save/"), {}).status_code == 403
    assert client.get(world.url("maisie", "colleagues/")).status_code == 403
    with world.within():
        plan = Plan.objects.select_related("template", "child").get(pk=world.plans["maisie"].pk)
        assert opened(plan, plan.child, person_of(delegation.to)).refusal(Step.SUBMIT)
        membership = Membership.objects.get(user=delegation.to)
        assert (membership.role, membership.urn) == (Role.DELEGATE, world.schools["teacher"].urn)


def test_a_teacher_finds_the_pupil_of_a_colleague_elsewhere_among_their_own(world: World) -> None:
    teacher = world.client("teacher")
    with world.within():
        asked = Delegation.objects.create(
            authority=world.here, child=world.children["lacey"], by=world.people["other teacher"],
            to=world.people["teacher"], starts=TODAY,
        )  # fmt: skip
        take_up(asked.pk)
    for path in ("/", "/plans/", "/children/"):
        assert "Lacey Ogden" in teacher.get(path).content.decode(), path
    with world.within():
        Delegation.objects.update(ends=TODAY)
        take_up(asked.pk)
    for path in ("/", "/plans/", "/children/"):
        assert "Lacey Ogden" not in teacher.get(path).content.decode(), path


def test_each_card_of_today_has_the_colour_of_its_council(world: World) -> None:
    colours = {world.here: "#0d4a52", world.elsewhere: "#6b3a5b", world.far: "#7a4a12"}
    for authority, colour in colours.items():
        Authority.objects.filter(pk=authority.pk).update(colour=colour)
    page = world.client("teacher").get("/").content.decode()
    assert {colour for colour in colours.values() if f'fill="{colour}"' in page} == set(colours.values())


def test_a_colleague_given_one_section_writes_no_other(world: World) -> None:
    from virtual_school.access.tests.signing_in import signed_in

    client = signed_in(ask_colleague(world, what=["sen"]).to)
    assert client.post(world.url("maisie", "sections/sen/save/"), {}).status_code == 200
    assert client.post(world.url("maisie", "sections/progress/save/"), {}).status_code == 403


def test_an_ended_colleague_loses_the_plan_at_once_and_may_be_taken_back(world: World) -> None:
    from virtual_school.access.tests.signing_in import signed_in

    delegation = ask_colleague(world)
    teacher, colleague = world.client("teacher"), signed_in(delegation.to)
    assert teacher.post(world.url("maisie", f"colleagues/{delegation.pk}/end/")).status_code == 302
    assert colleague.get(world.url("maisie")).status_code == 404
    with world.within():
        take_up(delegation.pk)
        assert not Involvement.objects.filter(person=delegation.to).exists()
    assert "Undo" in text_of(page(teacher, world.url("maisie", "colleagues/")))
    teacher.post(world.url("maisie", f"colleagues/{delegation.pk}/undo/"))
    with world.within():
        take_up(delegation.pk)
    assert colleague.get(world.url("maisie")).status_code == 200


def test_an_address_elsewhere_is_refused(world: World) -> None:
    client = world.client("teacher")
    sent = client.post(world.url("maisie", "colleagues/"), {**COLLEAGUE, "email": "tom@gmail.example"})
    assert "must end like yours: @moorcroft.example" in text_of(sent)
    with world.within():
        assert not Delegation.objects.exists()


@pytest.mark.parametrize("who", ["social worker", "adviser", "head", "carer"])
def test_only_the_designated_teacher_gives_a_plan_to_a_colleague(world: World, who: str) -> None:
    assert world.client(who).get(world.url("maisie", "colleagues/")).status_code == 403


def a_picture() -> bytes:
    picture = Image.new("RGB", (40, 30), "teal")
    exif = Image.Exif()
    exif[0x010E] = "taken at 1 Secret Street"
    kept = io.BytesIO()
    picture.save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def a_docx(extra: str = "", content: bytes = b"<w:document/>") -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("[Content_Types].xml", "<Types/>")
        container.writestr("word/document.xml", content)
        if extra:
            container.writestr(extra, b"x")
    return kept.getvalue()


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"


@pytest.fixture
def files_apart(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def send(client: Any, url: str, name: str, content: bytes, declared: str, kind: str = "report", **more: Any) -> Any:
    return client.post(url, {"kind": kind, "file": SimpleUploadedFile(name, content, declared), **more})


def test_a_document_is_kept_under_a_random_name_and_served_to_save_only(world: World, files_apart: Any) -> None:
    client, url = world.client("teacher"), world.url("maisie", "documents/")
    assert send(client, url, "../Report of Maisie.pdf", PDF, "application/pdf").status_code == 302
    with world.within():
        kept = Document.objects.get()
    assert kept.name == "Report of Maisie.pdf"
    assert "Report" not in kept.stored_as and (files_apart / kept.stored_as).read_bytes() == PDF
    answer = client.get(f"{url}{kept.public_id}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert b"".join(answer.streaming_content) == PDF
    for who in ("other teacher", "other social worker", "other head"):
        assert world.client(who).get(f"{url}{kept.public_id}/").status_code == 404
    assert client.get(f"{world.url('ellie', 'documents/')}{kept.public_id}/").status_code == 404
    assert client.post(f"{url}{kept.public_id}/remove/").status_code == 302
    with world.within():
        assert not Document.objects.exists()


def test_a_picture_is_drawn_anew_without_what_the_camera_wrote(world: World, files_apart: Any) -> None:
    sent = a_picture()
    assert b"Secret Street" in sent
    send(world.client("teacher"), world.url("maisie", "documents/"), "work.jpg", sent, "image/jpeg", "work")
    with world.within():
        kept = Document.objects.get()
    content = (files_apart / kept.stored_as).read_bytes()
    assert b"Secret" not in content and Image.open(io.BytesIO(content)).size == (40, 30)


REFUSED = {
    "a page": ("page.html", b"<script>", "text/html", "is not taken"),
    "a drawing with script": ("a.svg", b"<svg/>", "image/svg+xml", "is not taken"),
    "macros by name": ("a.docm", a_docx(), "application/octet-stream", "is not taken"),
    "macros inside": ("a.docx", a_docx("word/vbaProject.bin"), DOCX, "macros"),
    "a program named PDF": ("a.pdf", b"MZ\x90\x00", "application/pdf", "not a whole PDF"),
    "a PDF with a script": ("a.pdf", PDF.replace(b"<<>>", b"<</JS (x)>>"), "application/pdf", "script"),
    "a sheet named Word": ("a.docx", b"PK\x03\x04", DOCX, "cannot be opened"),
    "type against ending": ("a.pdf", PDF, "image/png", "do not agree"),
    "a bomb": ("a.docx", a_docx(content=b"0" * 3_000_000), DOCX, "unpacks"),
    "a path out": ("a.docx", a_docx("../../etc/passwd"), DOCX, "do not belong"),
    "not a picture": ("a.png", b"\x89PNG\r\n\x1a\nno", "image/png", "not a picture"),
    "empty": ("a.pdf", b"", "application/pdf", "empty"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_is_not_what_it_says_is_refused_with_why(world: World, files_apart: Any, what: str) -> None:
    name, content, declared, words = REFUSED[what]
    sent = send(world.client("teacher"), world.url("maisie", "documents/"), name, content, declared)
    assert sent.status_code == 200 and words in text_of(sent)
    with world.within():
        assert not Document.objects.exists()
    assert not list(files_apart.rglob("*.*"))


def test_a_carer_reads_a_report_but_not_what_is_kept_from_home(world: World, files_apart: Any) -> None:
    teacher, url = world.client("teacher"), world.url("maisie", "documents/")
    send(teacher, url, "report.pdf", PDF, "application/pdf")
    send(teacher, url, "letter.pdf", PDF, "application/pdf", "exclusion")
    send(teacher, url, "note.pdf", PDF, "application/pdf", "other", is_sensitive="on")
    shown = text_of(page(world.client("carer"), url))
    assert "report.pdf" in shown and "letter.pdf" not in shown and "note.pdf" not in shown


def test_a_file_in_a_field_is_named_in_its_answer(world: World, files_apart: Any) -> None:
    client, url = world.client("teacher"), world.url("maisie", "sections/evidence/")
    sent = {**form_of(page(client, url)), "evidence__work": SimpleUploadedFile("w.jpg", a_picture(), "image/jpeg")}
    assert client.post(url, {**sent, "do": "save"}).status_code == 302
    assert world.answer("maisie", "evidence.work").value[0]["name"] == "w.jpg"
    assert "w.jpg" in text_of(page(client, url))


def test_nobody_else_with_an_account_is_given_a_pupil_by_address_alone(world: World) -> None:
    UserFactory(name="Tom Iqbal", email=COLLEAGUE["email"])
    delegation = ask_colleague(world)
    assert delegation.to.name == "Tom Iqbal"
    with world.within():
        assert Involvement.objects.get(person=delegation.to).role == Role.DELEGATE
