"""Everything due and the children: filters, search, what is written when a list is taken away."""

import csv
import io
import re

import pytest
from django.test import Client

from virtual_school.audit.models import Event
from virtual_school.caseload import due
from virtual_school.caseload.tests.test_today import counted_on
from virtual_school.caseload.tests.world import World


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def rows_of(client: Client, url: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(url).content.decode("utf-8-sig"))))


@pytest.mark.parametrize("group", ["child", "adviser", "school", "sw", "duty", "none"])
def test_everything_due_can_be_grouped(world: World, group: str) -> None:
    page = text_of(world.client("head"), f"/due/?group={group}")
    assert counted_on(page) == page.count('class="app-obligation"')
    heading = {"adviser": "Priya Nair", "school": "Thornbury School", "sw": "Joe Kavanagh", "child": "Kai Bennett"}
    assert heading.get(group, "First review") in page


@pytest.mark.parametrize("sort", ["due", "name"])
@pytest.mark.parametrize("group", ["child", "adviser", "school", "sw", "duty", "none"])
def test_pages_of_a_grouped_list_put_together_are_the_whole_list(
    world: World, group: str, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, url = world.client("head"), f"/due/?group={group}&sort={sort}"

    def rows(page: int) -> list[str]:
        return re.findall(r'<li class="app-obligation">.*?</li>', text_of(client, f"{url}&page={page}"))

    whole = rows(1)
    size = -(-len(whole) // 3)
    monkeypatch.setattr(due, "PAGE", size)
    assert [row for page in (1, 2, 3) for row in rows(page)] == whole
    assert len(rows(1)) == size


@pytest.mark.parametrize("state", ["overdue", "due_soon", "upcoming", "not_known", "met", "met_late"])
def test_each_state_is_its_own_list(world: World, state: str) -> None:
    client = world.client("head")
    page = text_of(client, f"/due/?state={state}&group=none")
    rows = rows_of(client, f"/due/download/?state={state}")
    words = {
        "overdue": "Overdue",
        "due_soon": "Due soon",
        "upcoming": "Upcoming",
        "not_known": "Not known",
        "met": "Met",
        "met_late": "Met late",
    }
    assert {row["State"] for row in rows} <= {words[state]}
    assert len(rows) == (counted_on(page) if rows else 0)
    assert rows or state == "met_late"


def test_filters_narrow_the_list_and_are_said_in_words(world: World) -> None:
    client = world.client("head")
    adviser = world.people["adviser"]
    page = text_of(client, f"/due/?adviser={adviser.pk}")
    assert "Adviser: Priya Nair" in page
    assert "Kai Bennett" in page and "Ayaan Malik" not in page
    page = text_of(client, f"/due/?school={world.schools['thornbury'].urn}")
    assert "Ayaan Malik" in page and "Kai Bennett" not in page
    page = text_of(client, "/due/?year=5&who=reviewing_officer&strength=must")
    assert "Ayaan Malik" in page and "Maisie" not in page
    assert "Nothing with these filters" in text_of(client, "/due/?year=13")


def test_an_unknown_value_in_an_old_address_is_passed_over(world: World) -> None:
    client = world.client("head")
    assert text_of(client, "/due/?adviser=x&year=999&state=late&group=moon&page=99")
    assert text_of(client, "/children/?cohort=moon&year=x&adviser=99999999&sort=moon&page=-1")


def test_children_stand_in_the_cohort_they_are_in(world: World) -> None:
    page = text_of(world.client("head"), "/children/")
    assert "4 children, looked after, Sheffield" in page
    assert "Looked after (4)" in page and "Care leavers (0)" in page
    assert "Zainab" not in page


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("place=none", "Kai", "Ayaan"),
        ("place=has", "Ayaan", "Kai"),
        ("stage=KS4", "Kai", "Ayaan"),
        ("adviser=none", "Ayaan", "Kai"),
        ("sort=care", "Kai", "Zainab"),
    ],
)
def test_filters_of_children(world: World, query: str, there: str, not_there: str) -> None:
    page = text_of(world.client("head"), f"/children/?{query}")
    assert there in page and not_there not in page


def test_children_with_something_overdue_are_those_of_the_duties(world: World) -> None:
    client = world.client("head")
    late = {row["Child"] for row in rows_of(client, "/due/download/?state=overdue") if row["Identifier"]}
    assert {row["Child"] for row in rows_of(client, "/children/download/?overdue=1")} == late
    assert "Ayaan Malik" in late


def test_a_list_shows_the_end_of_a_pupil_number_only(world: World) -> None:
    page = text_of(world.client("head"), "/children/")
    upn = world.children["kai"].upn
    assert upn[-4:] in page and upn not in page


@pytest.mark.parametrize("looked_for", ["kai", "BENNETT kai", "A373400000001", "00001"])
def test_a_child_is_found_by_name_or_number(world: World, looked_for: str) -> None:
    response = world.client("head").post("/children/find/", {"q": looked_for})
    page = response.content.decode()
    assert "Kai Bennett" in page
    assert "Maisie" not in page


def test_a_child_is_found_by_the_name_before_and_by_school(world: World) -> None:
    client = world.client("head")
    client.post(world.url("maisie", "name/"), {"forename": "Maisie", "surname": "Ólafsdóttir"})
    page = client.post("/children/find/", {"q": "thornton"}).content.decode()
    assert "Maisie Ólafsdóttir" in page and "formerly Maisie Thornton" in page
    assert "Maisie Ólafsdóttir" in client.post("/children/find/", {"q": "olafsdottir"}).content.decode()
    page = client.post("/children/find/", {"q": "thornbury"}).content.decode()
    assert "Ayaan Malik" in page and "Lacey Ogden" in page and "Kai" not in page


def test_no_search_reaches_another_council_or_another_school(world: World) -> None:
    assert "Nobody found" in world.client("head").post("/children/find/", {"q": "zainab"}).content.decode()
    assert "Nobody found" in world.client("teacher").post("/children/find/", {"q": "lacey"}).content.decode()
    assert "Zainab Hussain" in world.client("teacher").post("/children/find/", {"q": "zainab"}).content.decode()


def test_what_is_looked_for_is_in_no_address_and_no_session(world: World) -> None:
    client = world.client("head")
    response = client.post("/children/find/", {"q": "Kai Bennett"})
    page = response.content.decode()
    assert "q=Kai" not in page and "Kai+Bennett" not in page and "Kai%20" not in page
    assert "Kai Bennett" not in str(dict(client.session))
    assert client.get("/children/find/?q=Kai").url == "/children/"


def test_an_empty_search_asks_for_words(world: World) -> None:
    page = world.client("head").post("/children/find/", {"q": "   "}).content.decode()
    assert "Type a name" in page


def test_a_list_taken_away_is_recorded_and_runs_nothing(world: World) -> None:
    client = world.client("head")
    client.post(world.url("maisie", "name/"), {"forename": "=cmd()", "surname": "Thornton"})
    rows = rows_of(client, "/children/download/")
    assert {row["Child"] for row in rows} == {"Kai Bennett", "Ayaan Malik", "Lacey Ogden", "'=cmd() Thornton"}
    assert rows_of(client, "/due/download/?state=overdue")
    with world.within():
        taken = Event.objects.filter(person_id=world.people["head"].pk, action__endswith=".exported")
        assert sorted(event.action for event in taken) == ["children.exported", "due.exported"]
        assert taken.get(action="children.exported").details["rows"] == 4


def test_only_those_who_see_the_whole_authority_take_lists_away(world: World) -> None:
    for url in ("/children/download/", "/due/download/"):
        assert world.client("social worker").get(url).status_code == 302


def test_those_around_children_have_them_all_on_one_page(world: World) -> None:
    page = text_of(world.client("teacher"), "/children/")
    assert "My pupils" in page and "Maisie Thornton" in page and "Zainab Hussain" in page and "Lacey" not in page
    assert "Kai Bennett" in text_of(world.client("carer"), "/children/")
    assert "You are around no child" in text_of(world.client("personal adviser"), "/children/")
