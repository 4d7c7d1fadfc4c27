from datetime import date

import pytest

from virtual_school.authorities.models import Authority
from virtual_school.care.models import Episode, Review
from virtual_school.children.models import Child
from virtual_school.duties.actions import refresh_children
from virtual_school.duties.models import RollEntry, StandingObligation
from virtual_school.duties.queries import obligations
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

CODE = 373
CAME_IN = date(2026, 6, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def child() -> Child:
    """Came into care on 1 June 2026; the first review is due on 29 June."""
    authority = Authority.objects.create(code=CODE, name="Sheffield")
    with acting(service(CODE)):
        child = Child.objects.create(authority=authority, local_id="0042", born=date(2015, 5, 1), sex="F")
        Episode.objects.create(
            authority=authority, child=child, starts=CAME_IN, new_reason="S", legal_status="C2", place="U6"
        )
        Review.objects.create(authority=authority, child=child, on=date(2026, 12, 1))
    return child


def first_review(on: date) -> dict:
    with acting(service(CODE)):
        return obligations([CODE], on).values("id", "standing", "due_on", "met_on").get(duty="REV-03")


def refreshed(on: date, children: list[int] | None = None) -> int:
    with acting(service(CODE)):
        return refresh_children(CODE, children, on)


def test_an_open_obligation_grows_old_without_being_worked_out_again(child):
    refreshed(date(2026, 6, 2))
    assert first_review(date(2026, 6, 2))["standing"] == "upcoming"
    assert first_review(date(2026, 6, 20))["standing"] == "due_soon"
    assert first_review(date(2026, 6, 29))["standing"] == "due_soon"
    assert first_review(date(2026, 6, 30))["standing"] == "overdue"


def test_working_out_again_with_the_same_facts_writes_nothing(child):
    assert refreshed(date(2026, 6, 2)) > 0
    kept = first_review(date(2026, 6, 2))
    assert refreshed(date(2026, 6, 3)) == 0
    assert first_review(date(2026, 6, 3))["id"] == kept["id"]


def test_a_review_that_was_held_meets_the_obligation(child):
    refreshed(date(2026, 6, 20))
    with acting(service(CODE)):
        Review.objects.create(authority_id=CODE, child=child, on=date(2026, 6, 18))
    assert refreshed(date(2026, 6, 20), [child.pk]) > 0
    assert first_review(date(2026, 6, 20)) | {"id": 0} == {
        "id": 0,
        "standing": "met",
        "due_on": date(2026, 6, 29),
        "met_on": date(2026, 6, 18),
    }


def test_the_roll_shows_the_child_as_they_stand(child):
    refreshed(date(2026, 6, 2))
    with acting(service(CODE)):
        entry = RollEntry.objects.get(child=child)
    assert (entry.cohort, entry.looked_after_since, entry.year_group, entry.key_stage) == (
        "looked_after",
        CAME_IN,
        6,
        "KS2",
    )
    assert entry.school_urn is None


def test_leaving_care_takes_the_childs_obligations_away(child):
    refreshed(date(2026, 6, 2))
    with acting(service(CODE)):
        Episode.objects.filter(child=child).update(ends=date(2026, 6, 5), end_reason="E8")
    refreshed(date(2026, 6, 8))
    with acting(service(CODE)):
        left = set(StandingObligation.objects.filter(child=child, state="open").values_list("duty", flat=True))
    assert "REV-03" not in left


def test_the_kept_answers_can_be_thrown_away_and_worked_out_again(child):
    refreshed(date(2026, 6, 2))
    with acting(service(CODE)):
        before = sorted(StandingObligation.objects.values_list("duty", "occasion", "state", "due_on"))
        StandingObligation.objects.all().delete()
    refreshed(date(2026, 6, 2))
    with acting(service(CODE)):
        assert sorted(StandingObligation.objects.values_list("duty", "occasion", "state", "due_on")) == before


def test_the_number_of_queries_does_not_grow_with_the_children(child, django_assert_max_num_queries):
    authority = Authority.objects.get(pk=CODE)

    def queries_for_all() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with acting(service(CODE)):
            StandingObligation.objects.all().delete()
            RollEntry.objects.all().delete()
            with CaptureQueriesContext(
                connection,
            ) as captured:
                refresh_children(CODE, None, date(2026, 6, 2))
        return len(captured)

    few = queries_for_all()
    with acting(service(CODE)):
        children = Child.objects.bulk_create(
            Child(authority=authority, local_id=f"{n}", born=date(2014, 1, 1)) for n in range(150)
        )
        Episode.objects.bulk_create(
            Episode(authority=authority, child=c, starts=CAME_IN, new_reason="S", legal_status="C2", place="U6")
            for c in children
        )
    assert queries_for_all() == few
