"""Telephoning schools for today's marks: a list that empties, one call for a school's pupils, struck out if wrong."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from virtual_school.attendance.models import CallAnswer, Delivery, EarlierMark, MarkedDay, SchoolCall
from virtual_school.audit.models import Event
from virtual_school.children.models import Sensitivity
from virtual_school.plans.tests.writing_world import TODAY, World
from virtual_school.schools.models import School

from .test_today_page import mark

pytestmark = pytest.mark.django_db
LIST = "/attendance/calls/"


def shown(world: World, who: str = "adviser", query: str = "", url: str = LIST) -> str:
    response = world.client(who).get(url + query)
    assert response.status_code == 200
    return response.content.decode()


def table(html: str) -> str:
    """The list itself, without what was rung today."""
    return html.partition("Rung today")[0]


def call_url(world: World, school: str = "teacher") -> str:
    return f"{LIST}{world.schools[school].urn}/"


def ring(world: World, who: str = "adviser", school: str = "teacher", **said: Any) -> Any:
    """A call in which is said, by child, a mark of the morning or (morning, afternoon, words)."""
    client = world.client(who)
    url = call_url(world, school)
    seen = re.search(r'name="seen" value="(\d+)"', client.get(url).content.decode())
    data = {"outcome": said.pop("outcome", "answered"), "seen": said.pop("seen", seen[1] if seen else "")}
    for name in ("spoke_to", "again", "at", "rung", "next", "fill"):
        if name in said:
            data[name] = said.pop(name)
    for child, marks in said.items():
        am, pm, words = (*((marks,) if isinstance(marks, str) else marks), "", "")[:3]
        key = world.children[child].public_id
        data |= {f"am.{key}": am, f"pm.{key}": pm, f"words.{key}": words}
    return client.post(url, data, follow=True)


def held(world: World, child: str) -> tuple[str, str] | None:
    with world.within():
        return MarkedDay.objects.filter(child=world.children[child], day=TODAY).values_list("am", "pm").first()


def test_the_list_has_a_school_once_for_all_its_pupils_without_a_mark_and_empties_as_marks_come(world: World) -> None:
    html = shown(world)
    assert "2 schools with no mark today for one or more pupils, 2 to ring now" in html
    assert html.count("Moorcroft High School</a>") == 1
    for name in ("Maisie Thornton", "Ellie Thornton", "Lacey Ogden", "Asha Khan"):
        assert name in html
    mark(world, "maisie", am="/")
    assert "Maisie Thornton" not in shown(world)
    mark(world, "ellie", am="N", source="file")
    html = shown(world)
    assert "1 school with no mark today" in html
    assert "2 children marked by their schools" in html
    mark(world, "lacey", am="I", source="api")
    assert "Every school has marked its pupils in care today" in shown(world)


def test_on_a_day_without_school_nobody_is_rung(world: World) -> None:
    with time_machine.travel("2026-11-28 09:30:00+00:00"):
        assert "Every school has marked its pupils in care today, or none is expected." in shown(world)


def test_one_call_brings_the_marks_of_all_the_schools_pupils(world: World) -> None:
    answer = ring(world, maisie=("I", "I", "has the flu"), ellie="/", spoke_to="Attendance office").content.decode()
    assert "The call to Moorcroft High School is written down: answered. 3 marks kept." in answer
    assert held(world, "maisie") == ("I", "I")
    assert held(world, "ellie") == ("/", "")
    with world.within():
        call = SchoolCall.objects.get()
        assert (call.outcome, call.spoke_to, call.pupils, call.by_name) == (
            "answered",
            "Attendance office",
            2,
            "Priya Nair",
        )
        delivery = Delivery.objects.get(pk=call.delivery)
        assert (delivery.source, delivery.sender) == ("phone", "Moorcroft High School")
        assert Event.objects.filter(action="attendance.called").count() == 1
    assert "2 children told by telephone" in shown(world)
    assert "Moorcroft" not in table(shown(world))


def test_what_a_school_said_stands_on_the_childs_attendance_for_those_who_work_with_the_child(world: World) -> None:
    ring(world, maisie=("I", "", "has the flu"))
    page = f"/children/{world.children['maisie'].public_id}/attendance/"
    for who in ("head", "teacher", "social worker"):
        html = shown(world, who, url=page)
        assert "Told on the telephone" in html
        assert "has the flu" in html
    assert world.client("carer").get(page).status_code in (403, 404)


@pytest.mark.parametrize(("outcome", "at"), [("engaged", "09:45"), ("no_answer", "10:00"), ("message", "10:30")])
def test_a_school_that_does_not_answer_is_rung_again_after_the_usual_time(world: World, outcome: str, at: str) -> None:
    ring(world, outcome=outcome)
    html = table(shown(world))
    assert "To ring again later: 1" in html
    assert f"again at {at}" in html
    with time_machine.travel(f"{TODAY} {at}:30+00:00"):
        assert "To ring now: 2" in shown(world)
        assert shown(world).index("Moorcroft High School</a>") < shown(world).index("Thornbury School</a>")


def test_the_caller_may_say_when_to_ring_again(world: World) -> None:
    ring(world, outcome="engaged", at="13:15")
    assert "again at 13:15" in shown(world)
    ring(world, outcome="engaged", again="no")
    assert "Rung, not to be rung again today: 1" in shown(world)


def test_after_three_calls_without_an_answer_the_list_says_so(world: World) -> None:
    for _ in range(3):
        ring(world, outcome="no_answer")
    html = table(shown(world))
    assert "No answer at" in html
    assert "call 3" in html
    assert "Nobody has answered" in html


def test_all_are_in_school_is_filled_in_and_saved_only_when_asked(world: World) -> None:
    answer = ring(world, fill="1", maisie="N", ellie="").content.decode()
    assert "Present is filled in for everybody of whom nothing was said" in answer
    assert held(world, "ellie") is None
    ellie = re.search(rf'<select[^>]*name="am\.{world.children["ellie"].public_id}".*?</select>', answer, re.S)
    maisie = re.search(rf'<select[^>]*name="am\.{world.children["maisie"].public_id}".*?</select>', answer, re.S)
    assert ellie and maisie
    assert 'value="/" selected' in ellie[0]
    assert 'value="N" selected' in maisie[0]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"outcome": ""}, "Say whether somebody answered"),
        ({"outcome": "no_answer", "maisie": "I"}, "nobody answered, so nothing can have been said"),
        ({"outcome": "engaged", "at": "08:00"}, "Enter a time today later than now"),
        ({"outcome": "answered", "rung": "11:00", "maisie": "I"}, "Enter a time today before now"),
        ({"outcome": "answered", "maisie": "Q9"}, "valid"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_saved(world: World, said: dict[str, str], words: str) -> None:
    answer = ring(world, **said).content.decode()
    assert "There is a problem" in answer
    assert words in answer
    assert held(world, "maisie") is None
    with world.within():
        assert not SchoolCall.objects.exists()


def test_the_schools_own_mark_stands_before_what_was_told_and_both_are_shown(world: World) -> None:
    client = world.client("adviser")
    client.get(call_url(world))
    mark(world, "maisie", am="/")  # while the caller is on the telephone
    answer = ring(world, maisie="I", ellie="/").content.decode()
    assert "1 mark kept. 1 mark of the school’s own stands and say otherwise" in answer
    assert held(world, "maisie") == ("/", "")
    page = f"/children/{world.children['maisie'].public_id}/attendance/"
    assert "Two sources differ" in shown(world, url=page)


def test_two_callers_do_not_ring_the_same_school_unawares(world: World) -> None:
    urn = world.schools["teacher"].urn
    world.client("adviser").post(f"{LIST}{urn}/ring/")
    html = shown(world, "head")
    assert "Priya Nair is ringing this school now" in html
    assert "Priya Nair is ringing this school now (09:30)" in shown(world, "head", url=call_url(world))
    world.client("head").post(f"{LIST}{urn}/ring/")
    assert "is ringing this school now" not in shown(world, "adviser", url=call_url(world))
    with time_machine.travel(f"{TODAY} 09:41:00+00:00"):
        assert "is ringing this school now" not in shown(world, "head")
    world.client("head").post(f"{LIST}{urn}/ring/", {"take_over": "1"})
    assert "Helen Marsden is ringing this school now" in shown(world, "adviser")
    ring(world, "head", maisie="/")
    assert "is ringing this school now" not in shown(world, "adviser")


def test_a_call_written_down_meanwhile_is_seen_before_another_is_saved(world: World) -> None:
    ring(world, "head", maisie="/")
    answer = ring(world, "adviser", seen="", maisie="I", ellie="I").content.decode()
    assert "Somebody else wrote down a call to this school meanwhile" in answer
    assert held(world, "ellie") is None
    ring(world, "adviser", ellie="I")
    assert held(world, "ellie") == ("I", "")


def test_saving_goes_on_to_the_next_school_that_nobody_else_is_ringing(world: World) -> None:
    answer = ring(world, next="1", maisie="/", ellie="/")
    assert answer.redirect_chain[-1][0] == call_url(world, "other teacher")
    assert "Priya Nair is ringing" in shown(world, "head")
    assert ring(world, school="other teacher", next="1", lacey="/").redirect_chain[-1][0] == LIST


def test_a_wrong_call_is_struck_out_its_marks_taken_back_and_itself_kept(world: World) -> None:
    mark(world, "ellie", am="I", source="phone")
    ring(world, maisie="O", ellie="/")
    with world.within():
        call = SchoolCall.objects.get()
    url = f"{LIST}{call.public_id}/strike-out/"
    assert "Maisie Thornton: O morning" in shown(world, url=url)
    client = world.client("head")
    assert "There is a problem" in client.post(url, {"why": ""}).content.decode()
    answer = client.post(url, {"why": "Rang the wrong school"}, follow=True).content.decode()
    assert "The call is struck out. Marks of 2 children are taken back." in answer
    assert "Struck out by Helen Marsden, 24 November 2026: Rang the wrong school" in answer
    assert held(world, "maisie") is None
    assert held(world, "ellie") == ("I", "")
    with world.within():
        kept = set(EarlierMark.objects.values_list("code", "why"))
        assert kept == {("I", "replaced"), ("/", "taken_back"), ("O", "taken_back")}
        assert CallAnswer.objects.filter(is_struck=True).count() == 2
    assert "Maisie Thornton" in table(shown(world))
    client.post(url, {"why": "Again"})
    with world.within():
        assert SchoolCall.objects.get().struck_why == "Rang the wrong school"


def test_what_a_struck_call_said_is_no_second_source_any_more(world: World) -> None:
    mark(world, "maisie", am="/")
    page = f"/children/{world.children['maisie'].public_id}/attendance/"
    ring(world, maisie="O")
    assert "Two sources differ" in shown(world, url=page)
    with world.within():
        call = SchoolCall.objects.get()
    world.client("adviser").post(f"{LIST}{call.public_id}/strike-out/", {"why": "The wrong child"})
    html = shown(world, url=page)
    assert "Two sources differ" not in html
    assert "struck out" in html


def test_who_may_not_see_a_child_told_of_cannot_strike_out_the_call(world: World) -> None:
    ring(world, "head", maisie="O", ellie="/")
    with world.within():
        Sensitivity.objects.create(authority=world.here, child=world.children["ellie"], kind="adoption", since=TODAY)
        call = SchoolCall.objects.get()
    html = shown(world, "adviser", url=call_url(world))
    assert "And of 1 whom you may not see" in html
    assert "Ellie" not in html
    url = f"{LIST}{call.public_id}/strike-out/"
    answer = world.client("adviser").post(url, {"why": "Wrong"}).content.decode()
    assert "This call told of a child whom you may not see" in answer
    assert held(world, "maisie") == ("O", "")


def test_filters_stay_in_the_address(world: World) -> None:
    adviser = world.people["adviser"].pk
    html = shown(world, query=f"?adviser={adviser}")
    assert "Adviser: Priya Nair" in html
    assert "Ellie Thornton" not in html
    assert "Lacey" not in html
    html = shown(world, query="?q=thornbury")
    assert "Lacey" in html
    assert "Maisie" not in html
    School.objects.filter(pk=world.schools["teacher"].pk).update(la_code=380)
    assert "Maisie" in shown(world, query="?area=out")
    assert "Lacey" not in shown(world, query="?area=out")
    assert "None fits what you chose" in shown(world, query="?q=zzz")


def test_those_past_or_below_compulsory_school_age_are_asked_about_only_when_wanted(world: World) -> None:
    with world.within():
        type(world.children["lacey"]).objects.filter(pk=world.children["lacey"].pk).update(born=date(2009, 3, 1))
    html = shown(world)
    assert "Lacey" not in html
    assert "1 child below or past compulsory school age has no mark today either." in html
    html = shown(world, query="?age=all")
    assert "Lacey" in html
    assert "Of every age" in html
    assert "Lacey Ogden" in shown(world, url=call_url(world, "other teacher"))
    assert "Thornbury" not in shown(world, url="/attendance/missing/")
    assert "Thornbury" in shown(world, url="/attendance/missing/", query="?age=all")


def test_the_list_goes_out_as_csv_a_row_a_child_and_that_it_was_taken_is_recorded(world: World) -> None:
    ring(world, outcome="engaged")
    text = world.client("adviser").get(f"{LIST}download/?q=moorcroft").content.decode()
    lines = text.strip().splitlines()
    assert len(lines) == 3
    assert "Engaged,09:45" in text
    assert "Lacey" not in text
    with world.within():
        assert Event.objects.get(action="attendance.exported").details["rows"] == 2


@pytest.mark.parametrize("who", ["teacher", "social worker", "carer", "reviewing officer", "inspector", "board member"])
def test_the_list_is_the_virtual_schools_own(world: World, who: str) -> None:
    for url in (LIST, f"{LIST}download/", call_url(world), "/attendance/missing/"):
        assert world.client(who).get(url).status_code == 403
    if who not in ("carer", "board member"):
        assert "Schools to ring" not in shown(world, who, url="/attendance/")


def test_another_authoritys_calls_are_not_seen(world: World) -> None:
    ring(world, maisie=("I", "", "has the flu"))
    html = shown(world, "other head", url=call_url(world))
    assert "has the flu" not in html
    assert "Zainab Hussain" in html
    with world.within():
        call = SchoolCall.objects.get()
    assert world.client("other head").get(f"{LIST}{call.public_id}/strike-out/").status_code == 404


def test_the_list_takes_as_many_queries_for_many_as_for_few(world: World, django_assert_max_num_queries: Any) -> None:
    client = world.client("adviser")
    client.get(LIST)
    with django_assert_max_num_queries(36) as few:
        client.get(LIST)
    with world.within():
        from virtual_school.care.actions import work_out_history
        from virtual_school.plans.tests.writing_world import a_child
        from virtual_school.schools.models import Enrolment
        from virtual_school.schools.tests.factories import SchoolFactory

        for n in range(8):
            name = "Abcdefgh"[n] * 3
            child = a_child(
                world, world.here, f"{name} Many", born=TODAY - timedelta(days=4000), came_in=TODAY - timedelta(days=90)
            )
            Enrolment.objects.create(
                authority=world.here, child=child, school=SchoolFactory(), starts=TODAY - timedelta(days=60)
            )
        work_out_history(world.here.code)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(LIST)
