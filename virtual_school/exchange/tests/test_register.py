"""The national register of establishments."""

from datetime import date

import pytest

from virtual_school import shipped
from virtual_school.exchange import kinds
from virtual_school.exchange.readers.faults import Unreadable
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.schools.models import School, SchoolLink

from .loading import TODAY

pytestmark = pytest.mark.django_db
HAMPSHIRE = shipped.path("schools/hampshire_40_windows1252.csv")


def load(path, links=None):
    with acting(service(), action="import schools"):
        changes = kinds.look("schools", None, [path], TODAY, links=links)
        kinds.write(None, changes, TODAY)
    return changes


def test_the_register_goes_in_and_again_changes_nothing():
    changes = load(HAMPSHIRE)
    assert changes.total.created == School.objects.count() == 40
    again = load(HAMPSHIRE)
    assert (again.total.changes, again.total.unchanged) == (0, 40)
    school = School.objects.first()
    assert str(school.urn) in school.search_text
    assert school.name.casefold().split()[0] in school.search_text


def test_a_column_the_file_does_not_have_leaves_what_is_held(tmp_path):
    load(HAMPSHIRE)
    school = School.objects.exclude(town="").first()
    extract = tmp_path / "extract.csv"
    extract.write_text(f"URN,EstablishmentName\n{school.urn},New Name School\n")
    changes = load(extract)
    assert (changes.total.changed, changes.total.created) == (1, 0)
    changed = School.objects.get(pk=school.pk)
    assert (changed.name, changed.town, changed.type_name) == ("New Name School", school.town, school.type_name)
    assert "new name school" in changed.search_text


def test_a_school_that_closed_is_closed_though_the_extract_gives_no_codes(tmp_path):
    load(HAMPSHIRE)
    school = School.objects.filter(status="Open").first()
    extract = tmp_path / "extract.csv"
    extract.write_text(f"URN,EstablishmentName,EstablishmentStatus (name)\n{school.urn},{school.name},Closed\n")
    load(extract)
    school.refresh_from_db()
    assert (school.status, school.status_code) == ("Closed", "2")


def test_links_go_in_once(tmp_path):
    links = tmp_path / "links.csv"
    links.write_text(
        "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n"
        "100000,100001,A,Successor,01-09-2020\n100000,100001,A,Successor,01-09-2020\n100000,x,A,Successor,\n"
    )
    changes = load(HAMPSHIRE, links)
    assert changes.counts["Links"].created == 1
    assert changes.counts["Links"].rejected == 2
    assert load(HAMPSHIRE, links).counts["Links"].unchanged == 1
    assert SchoolLink.objects.get().on == date(2020, 9, 1)


def test_what_is_not_the_register_is_refused(tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("CHILD,DECOM\n1,01/01/2026\n")
    with pytest.raises(Unreadable, match="not the register"):
        load(other)
