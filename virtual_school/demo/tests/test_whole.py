"""Which authorities make England, and what the command says."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from virtual_school.authorities.models import Authority
from virtual_school.children.identifiers import uln_fault, upn_fault
from virtual_school.children.models import Child
from virtual_school.demo import numbers, shares
from virtual_school.demo.ground import usual_terms
from virtual_school.demo.places import PRIMARY, England, SchoolPlace
from virtual_school.demo.whole import CALDERWICK, planned
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.schools.models import School


def test_england_is_152_authorities_with_exactly_the_children_asked_for():
    wanted = planned(152, 82_000)
    assert len({one.code for one in wanted}) == 152
    assert sum(one.children for one in wanted) == 82_000
    assert (wanted[0].name, wanted[0].children) == ("Birmingham", max(one.children for one in wanted))
    assert 2_000 < wanted[0].children < 2_500
    assert not {420, CALDERWICK} & {one.code for one in wanted}


def test_an_authority_younger_than_the_register_stands_on_the_ground_of_those_it_came_from():
    school = SchoolPlace(100001, "Fellside", 909, "2001", "CA10 1AA", PRIMARY, 4, 11, "Mixed", 340000, 530000)
    areas = {one.code: one.area for one in planned(152, 82_000)}
    assert areas[942] == (942, 909)
    assert England([school]).held(areas[942]) == (909,)


@pytest.mark.parametrize(("authorities", "children"), [(0, 10), (1, 0), (153, 82_000), (152, 100)])
def test_numbers_that_cannot_be_are_refused(authorities, children):
    with pytest.raises(ValueError, match="authorit"):
        planned(authorities, children)


@pytest.mark.django_db
def test_a_real_authority_is_never_mixed_with_invented_children():
    Authority.objects.create(code=CALDERWICK, name="A real one")
    with pytest.raises(CommandError, match="held here for real"):
        call_command("demo", children=5, stdout=StringIO(), stderr=StringIO())
    with acting(service(CALDERWICK)):
        assert not Child.objects.exists()
    assert not School.objects.exists()


@pytest.mark.django_db
def test_two_authorities_share_schools_and_their_designated_teachers():
    told, said = StringIO(), StringIO()
    call_command("demo", authorities=2, children=60, today=date(2026, 11, 24), json=True, stdout=told, stderr=said)
    there = json.loads(told.getvalue())["authorities"]
    assert [(one["name"], one["children"]) for one in there] == [("Birmingham", 33), ("Kent", 27)]
    assert "2 of 2: made Kent" in said.getvalue()


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 99), min_size=1), st.integers(0, 500), st.randoms())
def test_dealt_parts_add_up_and_stay_within_one_of_their_share(weights, number, rng):
    cards = shares.dealt(rng, weights, number)
    assert len(cards) == number
    for value, weight in weights.items():
        assert abs(cards.count(value) - number * weight / sum(weights.values())) < 1


@given(st.randoms(), st.integers(201, 943), st.integers(2005, 2030))
def test_made_numbers_pass_their_check_and_faulty_ones_fail_it(rng, la_code, year):
    number = numbers.upn(rng, la_code, "2001", year)
    assert upn_fault(number) is None
    assert upn_fault(numbers.faulty(number)).kind == "wrong check letter"
    assert uln_fault(numbers.uln(rng)) is None


@given(st.integers(2013, 2060))
def test_usual_terms_follow_one_another_with_holidays_inside_them(year):
    terms = []
    for _, kind, label, starts, ends in usual_terms(date(year, 6, 1)):
        assert starts <= ends and starts.weekday() < 5 and ends.weekday() < 5, label
        if kind == "term":
            assert not terms or terms[-1][1] < starts
            terms.append((starts, ends))
        else:
            assert terms[-1][0] < starts and ends < terms[-1][1]
