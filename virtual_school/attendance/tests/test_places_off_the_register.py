"""Children taught where no school of the register is: their places are rung, and asked for marks, as schools are."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import undone
from virtual_school.attendance.alerting import look
from virtual_school.attendance.calling import call_list
from virtual_school.attendance.comparing import Given
from virtual_school.attendance.models import (
    AttendanceAlert,
    CallAnswer,
    DayNotExpected,
    Delivery,
    MarkedDay,
    MarksAsked,
    PlaceContact,
    SchoolCall,
    UnregisteredPlace,
)
from virtual_school.attendance.models_calls import key_of, named
from virtual_school.attendance.whose import Whose
from virtual_school.attendance.writing import Sender, deliver
from virtual_school.audit.models import Event
from virtual_school.children.models import Sensitivity
from virtual_school.plans.tests.writing_world import HERE, TODAY, World

pytestmark = pytest.mark.django_db
CALLS, MISSING = "/attendance/calls/", "/attendance/missing/"
NAME = "Riverside Tuition"
MONDAY = date(2026, 11, 23)
HEAD = Whose("virtual_school_head", (HERE,), None)


@pytest.fixture
def place(world: World) -> str:
    """Lacey and Ellie are taught there, its name written in two ways. Gives what stands in the addresses."""
    with world.within():
        world.children["lacey"].enrolments.update(school=None, provision=NAME)
        world.children["ellie"].enrolments.update(school=None, provision=" riverside  TUITION")
    return f"places/{named(HERE, NAME).public_id}/"


def shown(world: World, url: str, who: str = "adviser") -> str:
    response = world.client(who).get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def listed(world: World, query: str = "") -> str:
    return shown(world, CALLS + query).partition("Rung today")[0]


def post(world: World, url: str, data: Mapping[str, Any], who: str = "adviser") -> str:
    response = world.client(who).post(url, data, follow=True)
    assert response.status_code == 200, url
    return response.content.decode()


def ring(world: World, place: str, outcome: str = "answered", **said: tuple[str, str, str]) -> str:
    seen = re.search(r'name="seen" value="(\d+)"', shown(world, CALLS + place))
    data: dict[str, Any] = {"outcome": outcome, "seen": seen[1] if seen else "", "spoke_to": "Jo Field"}
    for child, (am, pm, words) in said.items():
        key = world.children[child].public_id
        data |= {f"am.{key}": am, f"pm.{key}": pm, f"words.{key}": words}
    return post(world, CALLS + place, data)


def keep(world: World, place: str, telephone: str, contact: str, who: str = "adviser") -> str:
    return post(world, f"{CALLS}{place}contact/", {"telephone": telephone, "contact": contact}, who)


def test_it_is_on_the_list_once_however_its_name_is_written(world: World, place: str) -> None:
    html = listed(world)
    assert "1 school and 1 place off the register with no mark today for one or more pupils, 2 to ring now" in html
    assert len(re.findall(r"riverside\s+tuition</a>", html, re.I)) == 1
    for name in ("Lacey Ogden", "Ellie Thornton", "Not on the register of schools; no telephone number held"):
        assert name in html
    assert "Lacey Ogden" not in listed(world, "?area=in")
    assert "Lacey Ogden" in listed(world, "?area=off&q=riverside")
    assert "Maisie Thornton" not in listed(world, "?area=off")


def test_a_call_brings_marks_answers_and_an_empty_place_on_the_list(world: World, place: str) -> None:
    answer = ring(world, place, lacey=("I", "I", "has the flu"), ellie=("/", "", ""))
    assert "the call to riverside tuition is written down: answered. 3 marks kept." in answer.lower()
    with world.within():
        rows = MarkedDay.objects.filter(day=TODAY).order_by("am")
        assert list(rows.values_list("urn", "am", "pm")) == [(0, "/", ""), (0, "I", "I")]
        call = SchoolCall.objects.get()
        assert call.school_id is None
        assert call.place.key == "riverside tuition"
        assert (call.spoke_to, call.pupils) == ("Jo Field", 2)
        assert CallAnswer.objects.get(child=world.children["lacey"]).words == "has the flu"
        delivery = Delivery.objects.get(pk=call.delivery)
        assert (delivery.source, delivery.sender) == ("phone", "A place that is not on the register")
        details = Event.objects.get(action="attendance.called").details
        assert "iverside" not in str(details)
    assert "Lacey Ogden" not in listed(world)
    html = shown(world, CALLS)
    assert "2 children told by telephone" in html
    assert CALLS + place in html.partition("Rung today")[2]
    page = shown(world, f"/children/{world.children['lacey'].public_id}/attendance/")
    assert "has the flu" in page
    assert "URN 0" not in page


def test_it_is_claimed_rung_again_and_gone_on_from_as_a_school_is(world: World, place: str) -> None:
    post(world, f"{CALLS}{place}ring/", {})
    assert "Priya Nair is ringing this place now" in shown(world, CALLS, "head")
    assert "Priya Nair is ringing this place now (09:30)" in shown(world, CALLS + place, "head")
    post(world, f"{CALLS}{place}ring/", {"take_over": "1"}, "head")
    assert "Helen Marsden is ringing this place now" in shown(world, CALLS + place)
    ring(world, place, "engaged")
    assert "again at 09:45" in listed(world)
    with time_machine.travel(f"{TODAY} 09:46:00+00:00"):
        assert "To ring now: 2" in listed(world)
    moorcroft = f"{CALLS}{world.schools['teacher'].urn}/"
    client = world.client("head")
    with time_machine.travel(f"{TODAY} 09:46:00+00:00"):
        gone = client.post(moorcroft, {"outcome": "engaged", "seen": "0", "next": "1"}, follow=True)
    assert gone.redirect_chain[-1][0] == CALLS + place


def test_a_wrong_call_is_struck_out_and_its_marks_taken_back(world: World, place: str) -> None:
    ring(world, place, lacey=("O", "", ""))
    with world.within():
        call = SchoolCall.objects.get()
    answer = post(world, f"{CALLS}{call.public_id}/strike-out/", {"why": "The wrong number"})
    assert "The call is struck out. Marks of 1 child are taken back." in answer
    assert "Struck out by Priya Nair, 24 November 2026: The wrong number" in answer
    assert "Lacey Ogden" in listed(world)
    with world.within():
        assert not MarkedDay.objects.filter(day=TODAY).exists()


def test_number_and_contact_are_kept_with_who_wrote_them_and_what_was_before(world: World, place: str) -> None:
    assert "No telephone number is held." in shown(world, CALLS + place)
    keep(world, place, "01632 960 001", "Jo Field, manager")
    html = keep(world, place, "01632 960 002", "Jo Field, manager", "head")
    assert "tel:01632960002" in html
    assert "Ask for <strong>Jo Field, manager</strong>" in html
    assert "kept by Helen Marsden, 24 November 2026" in html
    assert "Nothing was changed." in keep(world, place, "01632 960 002", "Jo Field, manager")
    history = shown(world, f"{CALLS}{place}contact/").partition("What was kept")[2]
    assert history.index("01632 960 002") < history.index("01632 960 001")
    assert "Priya Nair" in history
    assert "01632 960 002" in listed(world)
    assert "01632 960 002" in shown(world, MISSING)
    assert "Riverside" in world.client("adviser").get(f"{CALLS}download/").content.decode()
    assert "Enter a telephone number" in keep(world, place, "ask reception", "")
    with world.within():
        assert PlaceContact.objects.count() == 2
        assert UnregisteredPlace.objects.count() == 1
        assert Event.objects.filter(action="attendance.place_contact").count() == 2


def test_it_owes_marks_of_past_days_is_asked_and_its_promise_held(world: World, place: str) -> None:
    html = shown(world, MISSING)
    assert "1 school and 1 place off the register owe" in html
    assert "2 pupils, 10 days" in html
    page = shown(world, MISSING + place)
    assert "Mon 23 November" in page
    assert "By mail from here" not in page
    assert "There is a problem" in post(world, MISSING + place, {"how": "mail"})
    later = TODAY + timedelta(days=1)
    promised = {f"promised_on-{part}": getattr(later, part) for part in ("day", "month", "year")}
    answer = post(world, MISSING + place, {"how": "telephone", "spoke_to": "Jo Field", **promised})
    assert "It is written down that the place was asked." in answer
    assert "Promised by 25 November 2026" in answer
    assert "By telephone, today" in shown(world, MISSING)
    with time_machine.travel("2026-11-26 09:30:00+00:00"):
        assert "1 promise not kept" in shown(world, MISSING)
    with world.within():
        assert MarksAsked.objects.get().place.key == "riverside tuition"


def test_marks_it_tells_of_past_days_are_typed_and_owed_no_more(world: World, place: str) -> None:
    key = world.children["lacey"].public_id
    url = f"{CALLS}{place}marks/?week={MONDAY}"
    assert f"{CALLS}{place}marks/" in shown(world, "/attendance/registers/")
    assert f"{CALLS}{place}marks/" not in shown(world, "/attendance/registers/", "other head")
    html = shown(world, url)
    assert "Lacey Ogden" in html
    assert "Maisie" not in html
    names = {f"{key}.{MONDAY}.am": "/", f"{key}.{MONDAY}.pm": "I"}
    assert "2 marks saved." in post(world, url, names)
    with world.within():
        row = MarkedDay.objects.get(day=MONDAY)
        assert (row.child_id, row.urn, row.am, row.pm) == (world.children["lacey"].pk, 0, "/", "I")
    page = shown(world, MISSING + place).partition("Mon 23 November")[2].partition("Fri 20 November")[0]
    assert "Ellie Thornton" in page
    assert "Lacey" not in page
    assert "last mark of 23 November, told to the virtual school" in shown(world, MISSING + place)


def test_a_day_of_which_it_owes_nothing_is_left_out_on_both_lists(world: World, place: str) -> None:
    url = f"{MISSING}{place}not-expected/"
    assert "closed to all its pupils" not in shown(world, url)
    for day in (23, 24):
        post(world, url, {"day-day": day, "day-month": 11, "day-year": 2026, "why": "Tutor away"})
    assert "2 pupils, 9 days" in shown(world, MISSING)
    assert "Lacey Ogden" not in listed(world)
    post(world, url, {"again": "2026-11-24"})
    assert "Lacey Ogden" in listed(world)
    with world.within():
        assert DayNotExpected.objects.get().day == MONDAY


def test_no_marks_for_days_raises_an_alert_there_too(world: World, place: str) -> None:
    with world.within():
        look(world.here, TODAY)
        alerts = AttendanceAlert.objects.filter(rule="no_marks")
        assert set(alerts.values_list("child", flat=True)) == {world.children[one].pk for one in ("lacey", "ellie")}


@pytest.mark.parametrize("who", ["teacher", "social worker", "carer", "reviewing officer", "inspector", "board member"])
def test_others_do_not_open_its_pages(world: World, place: str, who: str) -> None:
    for url in (CALLS + place, f"{CALLS}{place}contact/", f"{CALLS}{place}marks/", MISSING + place):
        assert world.client(who).get(url).status_code == 403


def test_another_authority_finds_no_such_place(world: World, place: str) -> None:
    ring(world, place, "engaged")
    for url in (CALLS + place, f"{CALLS}{place}contact/", f"{CALLS}{place}marks/", MISSING + place):
        assert world.client("other head").get(url).status_code == 404


def test_who_may_see_no_child_there_sees_nothing_of_the_place(world: World, place: str) -> None:
    ring(world, place, "engaged")
    with world.within():
        for child in ("lacey", "ellie"):
            row = {"authority": world.here, "child": world.children[child], "kind": "adoption", "since": TODAY}
            Sensitivity.objects.create(**row)
        call = SchoolCall.objects.get()
    assert "iverside" not in shown(world, CALLS)
    assert "iverside" not in shown(world, MISSING)
    assert world.client("adviser").get(CALLS + place).status_code == 404
    assert world.client("adviser").get(f"{CALLS}{call.public_id}/strike-out/").status_code == 404
    assert "iverside" in shown(world, CALLS, "head")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    at=st.dictionaries(st.sampled_from(["maisie", "ellie", "lacey"]), st.sampled_from(["", NAME, "RIVERSIDE tuition", "Forest school"]), min_size=3),
    marks=st.lists(st.sampled_from(["maisie", "ellie", "lacey"]), unique=True),
)  # fmt: skip
def test_the_list_holds_exactly_those_without_a_mark_and_empties_as_marks_come(
    world: World, at: dict[str, str], marks: list[str]
) -> None:
    with world.within(), undone():
        urns = {}
        for child, name in at.items():
            if name:
                world.children[child].enrolments.update(school=None, provision=name)
            urns[child] = 0 if name else world.children[child].enrolments.get().school_id
        waiting = set(at)
        for child in [*marks, *(set(at) - set(marks))]:
            found = call_list(HEAD, TODAY, timezone.localtime())
            assert sorted(row.child for one in found.sites for row in one.pupils) == sorted(
                world.children[name].pk for name in waiting
            )
            assert len(found.sites) == len({key_of(at[name]) or urns[name] for name in waiting})
            source = Delivery.Source.PHONE
            deliver(Sender(source), {HERE: [Given(world.children[child].pk, TODAY, urns[child] or 0, "/", "")]})
            waiting.discard(child)
        assert call_list(HEAD, TODAY, timezone.localtime()).sites == []
