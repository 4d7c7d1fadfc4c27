"""Sending files, looking, applying and taking back, as a person does it in a browser."""

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from virtual_school.access.models import Membership, Role, User
from virtual_school.access.tests.factories import MembershipFactory, UserFactory
from virtual_school.access.tests.signing_in import signed_in
from virtual_school.attendance.models import MarkedDay
from virtual_school.audit.models import Event
from virtual_school.authorities.actions import open_authority
from virtual_school.children import bulk
from virtual_school.children.models import Child
from virtual_school.exchange import actions, tasks, uploads
from virtual_school.exchange.models import Import
from virtual_school.exchange.progress import saying
from virtual_school.exchange.readers.registers import COLUMNS as REGISTER_COLUMNS
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from . import samples
from .conftest import CHILDREN
from .loading import CODE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def person(role: str = Role.DATA_OFFICER, code: int = CODE) -> User:
    user = UserFactory(name="Sam Oduya")
    MembershipFactory(user=user, authority=open_authority(code), role=role)
    return user


@pytest.fixture
def officer(authority) -> User:
    return person()


@pytest.fixture
def browser(officer) -> Client:
    return signed_in(officer)


def as_uploads(files: dict[str, samples.Rows]) -> list[SimpleUploadedFile]:
    found = []
    for name, rows in files.items():
        if rows:
            text = io.StringIO()
            writer = csv.DictWriter(text, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
            found.append(SimpleUploadedFile(name, text.getvalue().encode(), "text/csv"))
    return found


def the_import() -> Import:
    with acting(service(CODE)):
        return Import.objects.latest("started_at")


@pytest.fixture
def send(browser) -> Callable[[dict[str, samples.Rows]], Import]:
    def send(files: dict[str, samples.Rows]) -> Import:
        data = {"authority": CODE, "kind": "ssda903", "files": as_uploads(files)}
        response = browser.post(reverse("exchange:new"), data)
        assert response.status_code == 302, response.content.decode()
        return the_import()

    return send


def page(browser: Client, imported: Import, name: str = "import") -> str:
    response = browser.get(reverse(f"exchange:{name}", args=[imported.public_id]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_whole_way_from_sending_to_taking_back(browser, officer, send, files, django_capture_on_commit_callbacks):
    imported = send(files)
    kept = list(uploads.folder(imported.public_id).iterdir())
    assert kept and not {path.name for path in kept} & set(files)
    response = browser.get(reverse("exchange:import", args=[imported.public_id]))
    assert response["Refresh"] == "2"
    assert "looks again by itself every 2 seconds" in response.content.decode()
    assert list(ProcrastinateJob.objects.values_list("args", flat=True)) == [{"import_id": imported.pk}]

    tasks.read_import(imported.pk)
    text = page(browser, imported)
    assert '<h1 class="govuk-heading-l">Check before anything changes</h1>' in text
    assert "11 children among them" in text
    with acting(service(CODE)):
        assert not Child.objects.exists()

    browser.post(reverse("exchange:apply", args=[imported.public_id]))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.apply_import(imported.pk)
    text = page(browser, imported)
    assert "Import applied" in text
    assert not uploads.folder(imported.public_id).exists()
    with acting(service(CODE)):
        assert Child.objects.count() == 11
        event = Event.objects.get(action="import.applied")
        assert (event.person_id, event.context) == (officer.pk, imported.public_id)

    assert "Take this import back?" in page(browser, imported, "undo")
    browser.post(reverse("exchange:undo", args=[imported.public_id]))
    tasks.undo_import(imported.pk)
    assert "Import taken back" in page(browser, imported)
    with acting(service(CODE)):
        assert not Child.objects.exists()


def test_the_page_says_how_far_the_work_has_come(browser, send, files):
    imported = send(files)
    with acting(service(CODE)):
        saying(imported)("Comparing reviews …")
    assert "Now: Comparing reviews<" in page(browser, imported)


def test_before_its_turn_the_page_says_that_an_import_waits(browser, send, files):
    assert "Waiting for its turn" in page(browser, send(files))


def test_reading_says_how_far_it_has_come_and_names_no_child(browser, send, files):
    imported, heard = send(files), []
    with acting(service(CODE)):
        actions.read_files(imported, date.today(), lambda words: heard.append(_as_seen(imported, words)))
        assert "Comparing reviews" in heard and not any(one in words for words in heard for one in CHILDREN)


def _as_seen(imported: Import, words: str) -> str:
    saying(imported)(words)
    return str(bulk.select("select current_setting('application_name')", [])[0][0]).partition(": ")[2]


def applied(browser: Client, imported: Import) -> None:
    tasks.read_import(imported.pk)
    browser.post(reverse("exchange:apply", args=[imported.public_id]))
    tasks.apply_import(imported.pk)


def test_the_preview_warns_of_children_who_leave_care_and_says_what_is_left_out(browser, send, files):
    applied(browser, send(files))
    samples.change(files["episodes.csv"], lambda row: row["DECOM"] == "14/08/2025", DEC="10/03/2026", REC="E11")
    samples.change(files["reviews.csv"], lambda row: True, REVIEW="31/02/2026")
    for name in files:
        files[name] = [row for row in files[name] if row["CHILD"] != "384923"]
    imported = send(files)
    tasks.read_import(imported.pk)
    text = page(browser, imported)
    assert "One care period would end." in text
    assert "E11, adopted" in text
    assert "February 2026 has 28 days" in text or "31/02/2026" in text
    assert "has this child left care?" in text
    rows = browser.get(reverse("exchange:rows", args=[imported.public_id]), {"kind": "ended"}).content.decode()
    assert "Episode from 14 August 2025" in rows
    found = browser.post(reverse("exchange:rows", args=[imported.public_id]), {"child": "566910"}).content.decode()
    assert "Child 566910" in found


def test_the_rows_left_out_are_downloaded_without_formulas(browser, send, files):
    files["header.csv"].append({**files["header.csv"][0], "CHILD": "=1+1"})
    files["header.csv"].append({**files["header.csv"][0], "CHILD": "77", "DOB": "@31/31/2011"})
    imported = send(files)
    tasks.read_import(imported.pk)
    response = browser.get(reverse("exchange:rejected", args=[imported.public_id]))
    assert response["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 3
    assert not any(cell.startswith(("=", "@", "+", "-")) for row in rows for cell in row)


def test_what_changed_since_it_was_looked_at_is_shown_again_and_not_applied(browser, send, files, authority):
    imported = send(files)
    tasks.read_import(imported.pk)
    with acting(service(CODE)):
        Child.objects.create(authority=authority, local_id="566910", born=date(2001, 1, 1))
    browser.post(reverse("exchange:apply", args=[imported.public_id]))
    tasks.apply_import(imported.pk)
    text = page(browser, imported)
    assert "What is held has changed since you looked" in text
    with acting(service(CODE)):
        assert Child.objects.count() == 1
    browser.post(reverse("exchange:apply", args=[imported.public_id]))
    tasks.apply_import(imported.pk)
    with acting(service(CODE)):
        assert Child.objects.count() == 11


def test_pressing_twice_or_a_job_done_twice_applies_once(browser, send, files):
    imported = send(files)
    tasks.read_import(imported.pk)
    tasks.read_import(imported.pk)
    address = reverse("exchange:apply", args=[imported.public_id])
    browser.post(address)
    second = browser.post(address, follow=True)
    assert "no longer waiting for that" in second.content.decode()
    tasks.apply_import(imported.pk)
    tasks.apply_import(imported.pk)
    with acting(service(CODE)):
        assert Child.objects.count() == 11
        assert Event.objects.filter(action="import.applied").count() == 1


def test_discarding_leaves_nothing_behind(browser, send, files, django_capture_on_commit_callbacks):
    imported = send(files)
    tasks.read_import(imported.pk)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("exchange:discard", args=[imported.public_id]))
    assert "Discarded, nothing was changed" in page(browser, imported)
    assert not uploads.folder(imported.public_id).exists()
    with acting(service(CODE)):
        assert not imported.rows.exists()
        assert not Child.objects.exists()


def test_a_file_that_cannot_be_read_is_refused_by_the_name_it_was_sent_under(browser, officer):
    file = SimpleUploadedFile("other things.csv", b"one,two\n1,2\n")
    browser.post(reverse("exchange:new"), {"authority": CODE, "kind": "ssda903", "files": [file]})
    imported = the_import()
    tasks.read_import(imported.pk)
    text = page(browser, imported)
    assert "The files could not be read" in text
    assert "other things.csv has the columns of no table" in text


@pytest.mark.parametrize(
    ("name", "content", "kind", "words"),
    [
        ("return.pdf", b"%PDF-1.7", "ssda903", "not a kind of file"),
        ("return.csv", b"%PDF-1.7", "ssda903", "is a PDF"),
        ("return.csv", b"PK\x03\x04rest", "ssda903", "does not agree with its ending"),
        ("roll.xlsx", b"CHILD,Start\n", "enrolments", "does not agree with its ending"),
        ("roll.xlsm", b"PK\x03\x04rest", "enrolments", "not a kind of file"),
        ("return.csv", b"", "ssda903", "empty"),
    ],
)
def test_a_file_of_the_wrong_kind_is_refused_beside_the_field(browser, name, content, kind, words):
    file = SimpleUploadedFile(name, content)
    response = browser.post(reverse("exchange:new"), {"authority": CODE, "kind": kind, "files": [file]})
    text = response.content.decode()
    assert response.status_code == 200
    assert "There is a problem" in text
    assert words in text
    with acting(service(CODE)):
        assert not Import.objects.exists()


def test_somebody_of_another_authority_does_not_find_the_import(browser, send, files):
    imported = send(files)
    tasks.read_import(imported.pk)
    other = signed_in(person(code=331))
    for name in ("import", "rows", "rejected", "undo"):
        assert other.get(reverse(f"exchange:{name}", args=[imported.public_id])).status_code == 404
    for name in ("apply", "discard", "undo", "again"):
        assert other.post(reverse(f"exchange:{name}", args=[imported.public_id])).status_code == 404
    assert "Statutory return (SSDA903)</a>" not in other.get(reverse("exchange:imports")).content.decode()
    file = SimpleUploadedFile("roll.csv", b"CHILD,URN,Start\n")
    sent = other.post(reverse("exchange:new"), {"authority": CODE, "kind": "enrolments", "files": [file]})
    assert sent.status_code == 200
    with acting(service(CODE)):
        assert Import.objects.count() == 1


@pytest.mark.parametrize("role", [Role.ADVISER, Role.DESIGNATED_TEACHER, Role.INSPECTOR, Role.ADMINISTRATOR])
def test_a_role_without_the_right_is_refused(authority, role):
    browser = signed_in(person(role))
    assert browser.get(reverse("exchange:imports")).status_code == 403
    assert browser.get(reverse("exchange:new")).status_code == 403


def test_an_import_whose_sender_lost_the_role_is_not_applied(browser, officer, send, files):
    imported = send(files)
    tasks.read_import(imported.pk)
    browser.post(reverse("exchange:apply", args=[imported.public_id]))
    Membership.objects.filter(user=officer).update(ends=date(2026, 1, 6))
    tasks.apply_import(imported.pk)
    with acting(service(CODE)):
        imported.refresh_from_db()
        assert imported.state == "refused"
        assert "may no longer run imports" in imported.refusal
        assert not Child.objects.exists()


def test_the_list_is_narrowed_by_state_and_kind(browser, send, files):
    imported = send(files)
    text = browser.get(reverse("exchange:imports"), {"state": "applied"}).content.decode()
    assert "No import fits" in text
    text = browser.get(reverse("exchange:imports"), {"state": "reading", "kind": "ssda903"}).content.decode()
    assert str(imported.public_id) in text


def test_a_template_is_downloaded(browser):
    response = browser.get(reverse("exchange:template", args=["plans"]))
    assert response.content.decode("utf-8-sig").startswith("CHILD,UPN,")


def test_a_person_says_what_the_columns_of_a_register_hold_and_it_is_remembered(
    browser, authority, django_capture_on_commit_callbacks
):
    with acting(service(CODE)):
        Child.objects.create(authority=authority, local_id="1", upn="B801200005001", born=date(2012, 3, 27))
    text = b"Pupil no,Birthday,When,Vorm,Nachm\nB801200005001,27/03/2012,02/11/2026,/,O\n"

    def send() -> Import:
        file = SimpleUploadedFile("register.csv", text, "text/csv")
        browser.post(reverse("exchange:new"), {"authority": CODE, "kind": "attendance", "files": [file]})
        imported = the_import()
        tasks.read_import(imported.pk)
        return the_import()

    imported = send()
    assert "Say what the columns hold" in page(browser, imported)
    where = reverse("exchange:columns", args=[imported.public_id])
    names = [column.name for column in REGISTER_COLUMNS]
    theirs = {"UPN": "Pupil no", "Date of birth": "Birthday", "Date": "When", "AM": "Vorm"}
    data = {f"column{names.index(name)}": heading for name, heading in theirs.items()}
    wrong = browser.post(where, {**data, f"column{names.index('PM')}": "Vorm", "sender": "Hill School"})
    assert "One column of the file cannot hold two things." in wrong.content.decode()
    browser.post(where, {**data, f"column{names.index('PM')}": "Nachm", "sender": "Hill School"})
    tasks.read_import(imported.pk)
    assert the_import().state == "ready"
    browser.post(reverse("exchange:apply", args=[imported.public_id]))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.apply_import(imported.pk)
    assert the_import().state == "applied"
    with acting(service(CODE)):
        assert list(MarkedDay.objects.values_list("am", "pm")) == [("/", "O")]
    again = send()
    assert (again.state, again.counts["all"]["unchanged"]) == ("ready", 1)


def test_a_file_about_pupils_of_several_authorities_becomes_an_import_for_each(browser, officer, authority):
    """Each takes its own, passes over the other's, and leaves out what neither holds."""
    other = open_authority(331)
    MembershipFactory(user=officer, authority=other, role=Role.DATA_OFFICER)
    for code, upn in [(CODE, "B801200005001"), (331, "C801200005001")]:
        with acting(service(code)):
            Child.objects.create(authority_id=code, local_id="77", upn=upn, born=date(2012, 3, 27))
    rows = [f"{upn},27/03/2012,02/11/2026,/,\\" for upn in ("B801200005001", "C801200005001", "D801200005001")]
    register = SimpleUploadedFile("marks.csv", "\n".join(["UPN,DOB,Date,AM,PM", *rows]).encode(), "text/csv")
    sent = {"authority": CODE, "kind": "attendance", "for_all": "on", "files": register}
    assert browser.post(reverse("exchange:new"), sent).status_code == 302
    with acting(service(CODE, 331)):
        found = {one.authority_id: one for one in Import.objects.all()}
    for code, imported in found.items():
        tasks.read_import(imported.pk)
        shown = page(browser, imported)
        assert "The same file was sent for other authorities too" in shown
        assert str(found[331 if code == CODE else CODE].public_id) in shown
        browser.post(reverse("exchange:apply", args=[imported.public_id]))
        tasks.apply_import(imported.pk)
    with acting(service(CODE, 331)):
        assert sorted(MarkedDay.objects.values_list("authority_id", "am", "pm")) == [
            (CODE, "/", "\\"),
            (331, "/", "\\"),
        ]
        for imported in Import.objects.all():
            total = imported.counts["all"]
            assert (imported.state, total["rows_read"], total["created"], total["rejected"]) == ("applied", 2, 1, 1)


def test_only_registers_are_sent_for_several_authorities(browser, officer, authority):
    MembershipFactory(user=officer, authority=open_authority(331), role=Role.DATA_OFFICER)
    plans = SimpleUploadedFile("plans.csv", b"CHILD,Term\n1,2026/27-autumn\n", "text/csv")
    sent = {"authority": CODE, "kind": "plans", "for_all": "on", "files": plans}
    shown = browser.post(reverse("exchange:new"), sent).content.decode()
    assert "Only attendance registers tell of several authorities" in shown
    with acting(service(CODE, 331)):
        assert not Import.objects.exists()
