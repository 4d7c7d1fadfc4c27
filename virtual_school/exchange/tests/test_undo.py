"""An import is taken back as a whole, exactly, or not at all."""

from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from virtual_school.access.tests.factories import UserFactory
from virtual_school.children.actions import set_names
from virtual_school.children.models import Child, Evidence, Involvement
from virtual_school.exchange import actions
from virtual_school.exchange.models import Import
from virtual_school.exchange.undo import BuiltOn, undo_context
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.schools.actions import appoint_designated_teacher
from virtual_school.schools.models import Enrolment, School

from . import samples
from .loading import CODE, take_in

pytestmark = pytest.mark.django_db
WORKED_OUT = {"care_careperiod", "care_placement", "children_involvement"}
APART = {"exchange_import", "exchange_stagedrow", "audit_change", "audit_event", "audit_read"}


def dump() -> dict[str, list[str]]:
    """Every row of every table about children, as text; of rows worked out, without their numbers."""
    found = {}
    with acting(service(CODE), action="dump"), connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if not table.startswith(("children_", "care_", "schools_", "plans_")) or table in APART:
                continue
            what = "to_jsonb(t) - 'id'" if table in WORKED_OUT else "to_jsonb(t)"
            cursor.execute(f'select ({what})::text from "{table}" t order by 1', [])
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


def undo(imported: Import) -> None:
    with acting(service(CODE), context=undo_context(imported.public_id), action="import undo"):
        locked = actions.locked(imported.pk, Import.State.APPLIED)
        assert locked is not None
        actions.undo(locked)


@pytest.fixture
def school(authority) -> School:
    return School.objects.create(urn=100000, name="Example School", la_code=CODE, establishment_number="4000")


def test_taking_back_the_first_return_leaves_nothing(files, load):
    before = dump()
    _, imported = load(files)
    assert dump() != before
    undo(imported)
    assert dump() == before
    with acting(service(CODE)):
        imported.refresh_from_db()
        assert imported.state == "undone"


def test_taking_back_a_correction_restores_every_row_as_it_was(files, load):
    load(files)
    before = dump()
    samples.change(files["header.csv"], lambda row: row["CHILD"] == "566910", UPN="B801200005001")
    samples.change(files["episodes.csv"], lambda row: row["DECOM"] == "14/08/2025", DEC="10/03/2026", REC="E11")
    samples.change(files["episodes.csv"], lambda row: row["DECOM"] == "19/11/2025", DECOM="21/11/2025")
    samples.change(files["episodes.csv"], lambda row: row["DEC"] == "19/11/2025", DEC="21/11/2025")
    files["reviews.csv"] = files["reviews.csv"][3:]
    files["oc2.csv"] = [row for row in files["oc2.csv"] if row["CHILD"] != "69112"]
    changes, imported = load(files)
    assert changes.total.removed > 0
    assert dump() != before
    undo(imported)
    assert dump() == before


def test_after_taking_back_the_same_return_goes_in_again(files, load):
    first, imported = load(files)
    whole = dump()
    undo(imported)
    second, _ = load(files)
    assert second.total.created == first.total.created
    assert {table: len(rows) for table, rows in dump().items()} == {table: len(rows) for table, rows in whole.items()}


def test_taking_back_enrolments_restores_who_was_around_the_child(authority, files, load, school, tmp_path):
    load(files)
    other = School.objects.create(urn=100001, name="Other School", la_code=CODE, establishment_number="4001")
    with acting(service(CODE)):
        child = Child.objects.get(local_id="566910")
        Enrolment.objects.create(authority=authority, child=child, school=school, starts="2024-09-01")
        for one in (school, other):
            appoint_designated_teacher(one, person=UserFactory(), starts=date(2023, 9, 1), authorities=[CODE], by=None)
    before = dump()
    sheet = tmp_path / "roll.csv"
    sheet.write_text("CHILD,Forename,Surname,Former surname,URN,Start\n566910,Alex,Example,Sample,100001,05/01/2026\n")
    _, imported = take_in("enrolments", authority, sheet)
    with acting(service(CODE)):
        assert Involvement.objects.filter(child=child, ends__isnull=True).count() == 1
        assert Involvement.objects.get(child=child, ends=None).person.designated_teacher_at.get().school == other
    undo(imported)
    assert dump() == before


def test_it_is_refused_when_a_later_import_was_applied(files, load):
    _, first = load(files)
    samples.change(files["episodes.csv"], lambda row: row["DECOM"] == "14/08/2025", LS="C1")
    _, second = load(files)
    before = dump()
    with pytest.raises(BuiltOn, match="A later import was applied: Statutory return"):
        undo(first)
    assert dump() == before
    undo(second)
    undo(first)
    with acting(service(CODE)):
        assert not Child.objects.exists()


def test_it_is_refused_when_a_row_was_changed_since_and_says_what(files, load):
    _, imported = load(files)
    with acting(service(CODE), action="page"):
        child = Child.objects.get(local_id="566910")
        set_names(child, forename="Alex", surname="Example", by=None)
    before = dump()
    with pytest.raises(BuiltOn, match="1 child"):
        undo(imported)
    assert dump() == before


def test_it_is_refused_when_something_was_added_for_a_child_it_made(authority, files, load):
    _, imported = load(files)
    with acting(service(CODE), action="page"):
        child = Child.objects.get(local_id="566910")
        Evidence.objects.create(authority=authority, child=child, duty="VS-01", on=timezone.localdate(), by_name="A")
    with pytest.raises(BuiltOn, match="1 piece of evidence"):
        undo(imported)
    with acting(service(CODE)):
        assert Evidence.objects.exists()
