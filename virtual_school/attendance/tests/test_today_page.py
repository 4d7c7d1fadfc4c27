"""Who is where: groups, worst first; what each role sees; filters that stay in the address."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from virtual_school.attendance import views_today
from virtual_school.attendance.comparing import Given
from virtual_school.attendance.models import Delivery
from virtual_school.attendance.writing import Sender, deliver
from virtual_school.plans.tests.writing_world import TODAY, World

pytestmark = pytest.mark.django_db
PAGE = "/attendance/"


def mark(world: World, child: str, day: date = TODAY, am: str = "", pm: str = "", source: str = "page") -> None:
    one = world.children[child]
    school = world.schools["other teacher" if child == "lacey" else "teacher"]
    with world.within():
        sender = Sender(Delivery.Source(source), school.name, 0, "School office")
        deliver(sender, {one.authority_id: [Given(one.pk, day, school.urn, am, pm)]})


def page(world: World, who: str = "head", query: str = "") -> str:
    response = world.client(who).get(PAGE + query)
    assert response.status_code == 200
    return response.content.decode()


def test_everyone_is_on_the_bar_and_only_those_to_worry_about_in_the_list(world: World) -> None:
    mark(world, "maisie", am="N")
    mark(world, "ellie", am="/")
    shown = page(world)
    assert "1 child is away and nobody has said why" in shown
    assert "Of 3 children: 1 in school, 1 no leave or reason, 1 marks not in" in shown
    assert "Reason not known: 1" in shown
    assert "Maisie Thornton" in shown
    assert "Ellie Thornton" not in shown
    assert "First time this school year without a known or accepted reason" in shown
    assert "Nothing is written down" in shown
    assert "1 child with no mark yet, from 1 school" in shown


def test_the_list_is_asked_for_by_group(world: World) -> None:
    mark(world, "maisie", am="I")
    mark(world, "ellie", am="/")
    assert "Nobody is away without a known reason" in page(world)
    assert "Maisie Thornton" in page(world, query="?show=known")
    assert "Ellie Thornton" in page(world, query="?show=in")
    assert "Lacey Ogden" in page(world, query="?show=unknown")


def test_a_long_list_has_pages_and_its_groups_keep_their_numbers(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(views_today, "A_PAGE", 1)
    for child in ("maisie", "ellie"):
        mark(world, child, am="N")
    first, second = page(world), page(world, query="?page=2")
    assert "Reason not known: 2" in first
    assert "Reason not known: 2" in second
    assert {name for name in ("Maisie Thornton", "Ellie Thornton") if name in first} == {"Ellie Thornton"}
    assert "Maisie Thornton" in second
    assert "Download all 2 as CSV" in first


def test_the_calendars_of_several_authorities_are_read_together(world: World) -> None:
    with CaptureQueriesContext(connection) as asked:
        shown = page(world, "teacher", "?show=unknown")
    assert "Maisie" in shown
    assert "Zainab" in shown
    assert sum("authorities_termdates" in one["sql"] for one in asked) == 2


def test_a_child_who_came_late_is_in_school(world: World) -> None:
    mark(world, "maisie", am="U")
    assert "Maisie Thornton" in page(world, query="?show=in")


def test_what_is_known_tells_how_often_before(world: World) -> None:
    for n in (8, 7, 4):
        mark(world, "maisie", TODAY - timedelta(days=n), am="/", pm="O")
    mark(world, "maisie", am="O")
    shown = page(world)
    assert "3 days before this one this school year, the last on Fri 20 November" in shown
    assert "4 half days of 7 missed this school year" in shown


def test_any_day_may_be_asked_for_but_not_one_to_come(world: World) -> None:
    mark(world, "maisie", TODAY - timedelta(days=1), am="N", pm="N")
    shown = page(world, query="?day=2026-11-23")
    assert "Monday 23 November 2026" in shown
    assert "N, all day" in shown
    assert "Tuesday 24 November 2026" in page(world, query="?day=2027-01-11")
    assert "Tuesday 24 November 2026" in page(world, query="?day=rubbish")


def test_filters_stay_in_the_address_and_are_taken_off_one_by_one(world: World) -> None:
    mark(world, "maisie", am="N")
    mark(world, "lacey", am="N")
    urn = world.schools["other teacher"].urn
    shown = page(world, query=f"?school={urn}")
    assert "Lacey Ogden" in shown
    assert "Maisie Thornton" not in shown
    adviser = world.people["adviser"].pk
    shown = page(world, query=f"?adviser={adviser}&day=2026-11-24")
    assert "Maisie Thornton" in shown
    assert "Lacey Ogden" not in shown
    assert "Adviser: Priya Nair" in shown
    assert "None fits what you chose" not in page(world, query="?school=nonsense&area=nowhere&show=x")
    assert "None fits what you chose" in page(world, query="?area=out")


@pytest.mark.parametrize(
    ("who", "seen", "unseen"),
    [
        ("teacher", {"Maisie", "Zainab"}, {"Lacey"}),
        ("other teacher", {"Lacey"}, {"Maisie", "Zainab"}),
        ("social worker", {"Maisie"}, {"Lacey", "Zainab"}),
        ("adviser", {"Maisie", "Lacey"}, {"Zainab"}),
        ("other head", {"Zainab"}, {"Maisie", "Lacey"}),
    ],
)
def test_each_sees_their_own_children(world: World, who: str, seen: set[str], unseen: set[str]) -> None:
    for child in ("maisie", "lacey", "zainab"):
        mark(world, child, am="N")
    shown = page(world, who)
    assert {name for name in seen | unseen if name in shown} == seen


def test_those_at_home_and_on_the_board_have_no_such_page(world: World) -> None:
    for who in ("carer", "board member"):
        assert world.client(who).get(PAGE).status_code == 403


def test_the_list_goes_out_as_csv_and_as_a_workbook_where_nothing_runs(world: World) -> None:
    with world.within():
        child = world.children["maisie"]
        type(child).objects.filter(pk=child.pk).update(forename="=1+1")
    mark(world, "maisie", am="N")
    text = world.client("head").get("/attendance/download/").content.decode()
    assert "'=1+1 Thornton" in text
    book = load_workbook(io.BytesIO(world.client("head").get("/attendance/download/?form=xlsx").content))
    cell = book.active["A2"]
    assert (cell.value, cell.data_type) == ("=1+1 Thornton", "s")
    assert "Thornton" not in world.client("teacher").get("/attendance/download/").content.decode()


def test_the_page_takes_as_many_queries_for_many_as_for_few(world: World, django_assert_max_num_queries: Any) -> None:
    client = world.client("head")
    client.get(PAGE)
    for child in ("maisie", "ellie", "lacey"):
        mark(world, child, am="N")
    with django_assert_max_num_queries(40):
        client.get(PAGE)
