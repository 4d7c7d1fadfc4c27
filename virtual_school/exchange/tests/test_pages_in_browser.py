"""Sending a corrected return in a real browser: axe on a desk and on a phone, and nothing wider than the screen."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.in_browser import look
from virtual_school.access.models import Role, User
from virtual_school.access.tests.factories import MembershipFactory
from virtual_school.access.tests.signing_in import signed_in
from virtual_school.authorities.actions import open_authority
from virtual_school.children.models import Child
from virtual_school.exchange import tasks
from virtual_school.exchange.models import Import
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from . import samples
from .loading import CODE, take_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = {"566910": ("Isla", "Greenwood"), "550084": ("Dylan", "Marsh"), "69112": ("Freya", "Lindley")}


@pytest.fixture
def officer(settings: object, tmp_path: Path) -> User:
    settings.MEDIA_ROOT = tmp_path / "files"
    return MembershipFactory(
        authority=open_authority(CODE, is_invented=True), role=Role.DATA_OFFICER, user__name="Sam Oduya"
    ).user


def correct(files: dict[str, samples.Rows]) -> None:
    samples.change(files["episodes.csv"], lambda row: row["DECOM"] == "14/08/2025", DEC="10/03/2026", REC="E11")
    samples.change(files["episodes.csv"], lambda row: row["DECOM"] == "28/10/2025", LS="C1", PLACE="U4")
    files["episodes.csv"] = [row for row in files["episodes.csv"] if row["DECOM"] != "19/11/2025"]
    samples.change(files["header.csv"], lambda row: row["CHILD"] == "550084", UPN="B801200005001")
    samples.change(files["reviews.csv"], lambda row: True, REVIEW="31/02/2026")
    for name in files:
        files[name] = [row for row in files[name] if row["CHILD"] != "384923"]


def check(page: Page, name: str, wrong: list[str]) -> None:
    wrong += look(page, name)


def test_a_corrected_return_from_sending_to_taking_back(browser, live_server, officer, files, tmp_path):
    authority = open_authority(CODE)
    take_in("ssda903", authority, samples.write(tmp_path / "return", files))
    with acting(service(CODE)):
        for local_id, (forename, surname) in NAMES.items():
            Child.objects.filter(local_id=local_id).update(forename=forename, surname=surname)
    correct(files)
    folder = samples.write(tmp_path / "corrected", files)

    session = signed_in(officer).cookies["sessionid"].value
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    wrong: list[str] = []

    page.goto("/imports/")
    check(page, "imports", wrong)
    page.get_by_role("button", name="Send files").click()
    page.get_by_role("button", name="Send and look").click()
    assert page.inner_text(".govuk-error-summary").count("\n") >= 2
    check(page, "new-with-errors", wrong)
    page.get_by_label("Statutory return (SSDA903)").check()
    page.get_by_label("Files").set_input_files(sorted(folder.iterdir()))
    check(page, "new", wrong)
    page.get_by_role("button", name="Send and look").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Being read")
    check(page, "progress", wrong)

    with acting(service(CODE)):
        pk = Import.objects.latest("started_at").pk
    tasks.read_import(pk)
    page.get_by_role("link", name="Look again now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check before anything changes")
    expect(page.get_by_text("Two care periods would end.")).to_be_visible()
    check(page, "preview", wrong)
    page.get_by_role("link", name="Find rows of one child").click()
    check(page, "rows", wrong)
    page.get_by_label("Child identifier").fill("566910")
    page.get_by_role("button", name="Find").last.click()
    expect(page.get_by_text("Child 566910", exact=False).first).to_be_visible()
    assert "566910" not in page.url
    check(page, "rows-of-one-child", wrong)
    page.get_by_role("link", name="Statutory return (SSDA903)").click()

    page.get_by_role("button", name=re.compile("^Apply")).click()
    tasks.apply_import(pk)
    page.get_by_role("link", name="Look again now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import applied")
    check(page, "applied", wrong)
    page.get_by_role("link", name="take it back").click()
    check(page, "undo", wrong)
    page.get_by_role("button", name="Take it back").click()
    tasks.undo_import(pk)
    page.get_by_role("link", name="Look again now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import taken back")
    page.goto("/imports/")
    check(page, "imports-held", wrong)
    context.close()
    assert wrong == []
