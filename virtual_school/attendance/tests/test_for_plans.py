from datetime import date

import pytest

from virtual_school.attendance.comparing import Given
from virtual_school.attendance.models import Delivery
from virtual_school.attendance.writing import Sender, deliver
from virtual_school.authorities.models import Authority
from virtual_school.plans.gather import child_facts
from virtual_school.plans.known import known
from virtual_school.plans.tests.writing_world import HERE, TODAY, World

from .test_suspending import suspend

pytestmark = pytest.mark.django_db


def known_of(world: World, child: str) -> dict[str, object]:
    with world.within():
        authority = Authority.objects.get(code=HERE)
        pk = world.children[child].pk
        return known(authority, child_facts(authority, TODAY, [pk]), TODAY)[pk]


def test_a_plan_is_told_of_a_suspension_and_only_where_they_are_kept_that_there_was_none(world: World) -> None:
    assert "attendance.suspended" not in known_of(world, "maisie"), "nobody keeps them here yet"
    suspend(world)
    assert known_of(world, "maisie")["attendance.suspended"] is True
    assert known_of(world, "ellie")["attendance.suspended"] is False


def test_a_plan_is_told_the_terms_figures_and_the_years(world: World) -> None:
    child = world.children["maisie"]
    urn = world.schools["teacher"].urn
    marks = [("/", "\\"), ("I", "I"), ("O", "\\"), ("/", "\\")]
    days = [date(2026, 11, n) for n in (2, 3, 4, 5)]
    with world.within():
        rows = [Given(child.pk, day, urn, am, pm, 0) for day, (am, pm) in zip(days, marks, strict=True)]
        deliver(Sender(Delivery.Source.FILE, "Moorcroft"), {HERE: rows})
    told = known_of(world, "maisie")
    assert told["attendance.terms"] == [
        {"term": "Autumn term 2026", "possible": 8, "present": 5, "authorised": 2, "unauthorised": 1}
    ]
    assert told["attendance.this_year"] == 62.5
    assert "attendance.terms" not in known_of(world, "ellie")
