from datetime import date

import pytest

from virtual_school.authorities.models import Authority
from virtual_school.children.models import Child, Evidence, Sensitivity
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import Claims, service

CODE = 373
UNCLEARED = Claims(person=7, staff_of=(CODE,), writes_for=(CODE,), cleared=False)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_children() -> None:
    authority = Authority.objects.create(code=CODE, name="Sheffield")
    with acting(service(CODE)):
        for local_id in ("open", "sensitive"):
            child = Child.objects.create(authority=authority, local_id=local_id)
            Evidence.objects.create(authority=authority, child=child, duty="SCH-10", on=date(2026, 1, 5), by_name="A")
        Sensitivity.objects.create(authority=authority, child=child, kind="adoption", since=date(2026, 1, 1))


def everything() -> list[tuple[str, str]]:
    with acting(service(CODE)):
        return sorted(Evidence.objects.values_list("child__local_id", "by_name"))


def test_an_adviser_without_clearance_sees_the_other_children_only():
    with acting(UNCLEARED):
        assert list(Child.objects.values_list("local_id", flat=True)) == ["open"]


def test_an_update_of_everything_leaves_the_sensitive_child_alone():
    with acting(UNCLEARED):
        assert Evidence.objects.update(by_name="B") == 1
    assert everything() == [("open", "B"), ("sensitive", "A")]


def test_a_delete_of_everything_leaves_the_sensitive_child_alone():
    from django.db import connection

    with acting(UNCLEARED), connection.cursor() as cursor:
        cursor.execute("delete from children_evidence", [])
        assert cursor.rowcount == 1
    assert everything() == [("sensitive", "A")]


def test_somebody_cleared_sees_both():
    with acting(Claims(person=7, staff_of=(CODE,), cleared=True)):
        assert Child.objects.count() == 2
