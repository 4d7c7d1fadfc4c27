"""Schools that owe marks of past days: what is missing, how they were asked, and days of which none are to come."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from virtual_school.attendance.chasing import mail as send
from virtual_school.attendance.models import DayNotExpected, MarksAsked
from virtual_school.audit.models import Event
from virtual_school.authorities.models import PolicyVersion, TermDates
from virtual_school.plans.tests.writing_world import TODAY, World

from .test_today_page import mark

pytestmark = pytest.mark.django_db
LIST = "/attendance/missing/"
MONDAY = date(2026, 11, 23)
DAYS = [date(2026, 11, n) for n in (10, 11, 12, 13, 16, 17, 18, 19, 20, 23)]
"""The ten school days before the day of the world."""


def shown(world: World, who: str = "adviser", query: str = "", url: str = LIST) -> str:
    response = world.client(who).get(url + query)
    assert response.status_code == 200
    return response.content.decode()


def url_of(world: World, school: str = "teacher") -> str:
    return f"{LIST}{world.schools[school].urn}/"


def marked(world: World, *children: str, but: tuple[date, ...] = ()) -> None:
    for child in children:
        for day in DAYS:
            if day not in but:
                mark(world, child, day, "/", "\\")


def ask(world: World, **given: Any) -> str:
    promised = given.pop("promised_on", None)
    data = {"how": "telephone", **given}
    if promised:
        data |= {f"promised_on-{p}": getattr(promised, p) for p in ("day", "month", "year")}
    response = world.client("adviser").post(url_of(world), data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_what_each_school_owes_is_counted_by_pupil_day_and_half_day(world: World) -> None:
    marked(world, "maisie", "ellie", but=(MONDAY,))
    mark(world, "maisie", MONDAY, am="/")
    marked(world, "lacey")
    html = shown(world)
    assert "1 school owes 3 half days of 2 pupils in care" in html
    assert "2 pupils, 1 day" in html
    assert "3 half days" in html
    assert "Typed by the school" in html
    assert "Asha Khan" in html
    assert "Thornbury" not in html
    mark(world, "maisie", MONDAY, pm="/")
    mark(world, "ellie", MONDAY, am="N", pm="N")
    assert "No school owes marks of these days." in shown(world)


def test_a_day_in_care_and_on_the_roll_is_owed_and_no_other(world: World) -> None:
    with world.within():
        world.children["lacey"].enrolments.update(starts=date(2026, 11, 20))
    html = shown(world)
    assert "1 pupil, 2 days" in html
    with world.within():
        world.children["lacey"].careperiods.update(ends=MONDAY)
    assert "1 pupil, 1 day<" in shown(world)


def test_how_far_back_is_council_policy_and_may_be_asked_otherwise(world: World) -> None:
    assert "The last 10 school days before today" in shown(world)
    assert "The last 5 school days before today" in shown(world, query="?back=5")
    with world.within():
        PolicyVersion.objects.create(
            authority=world.here, starts=date(2026, 9, 1), choices={"marks_chased_school_days": 3}
        )
    html = shown(world)
    assert "The last 3 school days before today" in html
    assert "1 pupil, 3 days" in html


def test_broken_promises_stand_first_then_those_never_asked(world: World) -> None:
    ask(world, promised_on=TODAY + timedelta(days=1), spoke_to="Mrs Hill", words="Their system is being changed")
    html = shown(world)
    assert html.index("Thornbury School</a>") < html.index("Moorcroft High School</a>")
    assert "By telephone, today" in html
    with time_machine.travel("2026-11-26 09:30:00+00:00"):
        html = shown(world)
        assert html.index("Moorcroft High School</a>") < html.index("Thornbury School</a>")
        assert "Wed 25 November: this day has passed" in html
        assert "1 promise not kept" in html
    html = shown(world, url=url_of(world))
    assert "Promised by 25 November 2026" in html
    assert "Mrs Hill" in html
    assert "Their system is being changed" in html


def test_a_promise_for_a_day_that_has_passed_is_refused(world: World) -> None:
    answer = ask(world, promised_on=TODAY - timedelta(days=1))
    assert "must be on or after 24 November 2026" in answer
    with world.within():
        assert not MarksAsked.objects.exists()


def test_the_mail_goes_to_the_designated_teacher_once_a_day_and_names_no_child(world: World, settings: Any) -> None:
    settings.BASE_URL = "https://vs.example"
    ask(world, how="mail")
    assert ProcrastinateJob.objects.filter(task_name="attendance.ask_for_marks").count() == 1
    with world.within():
        asked = MarksAsked.objects.get()
        assert (asked.spoke_to, asked.mailed_at) == ("Asha Khan", None)
        assert send(asked)
        assert not send(asked)
    (message,) = mail.outbox
    assert message.to == ["asha@moorcroft.example"]
    assert f"https://vs.example/attendance/registers/{world.schools['teacher'].urn}/" in message.body
    words = message.subject + message.body
    for name in ("Maisie", "Thornton", "Ellie", "Zainab", "Moorcroft", "care"):
        assert name not in words
    assert "A mail went to this school today already" in ask(world, how="mail")
    with world.within():
        assert MarksAsked.objects.count() == 1
        assert MarksAsked.objects.get().mailed_at is not None


def test_without_an_address_there_is_no_mail(world: World) -> None:
    type(world.people["teacher"]).objects.filter(pk=world.people["teacher"].pk).update(email=None)
    assert "No designated teacher with an e-mail address is held for this school" in ask(world, how="mail")


def not_expected(world: World, **given: Any) -> str:
    data = {"day-day": 23, "day-month": 11, "day-year": 2026, "why": "Staff training", "kind": "excused", **given}
    return world.client("adviser").post(f"{url_of(world)}not-expected/", data, follow=True).content.decode()


def test_a_day_excused_here_is_owed_no_more_until_it_is_expected_again(world: World) -> None:
    marked(world, "maisie", "ellie", but=(MONDAY,))
    marked(world, "lacey")
    assert 'value="23"' in shown(world, url=f"{url_of(world)}not-expected/", query="?day=2026-11-23")
    assert "No marks of 23 November 2026 are expected from Moorcroft High School." in not_expected(world)
    assert "No school owes marks of these days." in shown(world)
    html = shown(world, url=url_of(world))
    assert "23 November 2026: Staff training" in html
    assert "No marks are expected of this day already." in not_expected(world)
    assert "No marks are expected of this day already." not in shown(world, "other head", url=url_of(world))
    again = world.client("adviser").post(f"{url_of(world)}not-expected/", {"again": "2026-11-23"}, follow=True)
    assert "Marks of 23 November 2026 are expected again." in again.content.decode()
    assert "2 pupils, 1 day" in shown(world)
    with world.within():
        assert not DayNotExpected.objects.exists()
        assert set(Event.objects.values_list("action", flat=True)) >= {
            "attendance.not_expected",
            "attendance.expected_again",
        }


def test_today_is_not_expected_either_where_it_is_excused(world: World) -> None:
    not_expected(world, **{"day-day": 24, "why": "Boiler broken"})
    assert "Moorcroft" not in shown(world, url="/attendance/calls/")
    assert "Boiler broken" in shown(world, url="/attendance/?show=not_due")


def test_a_school_closed_to_everybody_has_the_day_in_its_calendar(world: World) -> None:
    marked(world, "maisie", "ellie", but=(MONDAY,))
    marked(world, "lacey")
    not_expected(world, kind="closed")
    row = TermDates.objects.get(urn=world.schools["teacher"].urn, kind="closure")
    assert (row.starts, row.ends, row.label) == (MONDAY, MONDAY, "Staff training")
    assert "No school owes marks of these days." in shown(world)
    assert "are held already" in not_expected(world, kind="closed")


def test_each_day_says_whose_marks_are_missing_and_where_they_are_typed(world: World) -> None:
    marked(world, "ellie")
    html = shown(world, url=url_of(world))
    latest = html.partition("Mon 23 November")[2].partition("Fri 20 November")[0]
    assert "Maisie Thornton" in latest
    assert "Ellie Thornton" not in latest
    assert f"/attendance/registers/{world.schools['teacher'].urn}/?week=2026-11-23" in latest
    assert "Zainab" not in html


def test_the_list_goes_out_as_csv_without_a_childs_name(world: World) -> None:
    text = world.client("adviser").get(f"{LIST}download/?back=5").content.decode()
    assert "Moorcroft High School" in text
    assert "Thornton" not in text
    with world.within():
        assert Event.objects.get(action="attendance.exported").details["days"] == 5


def test_the_list_takes_as_many_queries_for_many_schools_as_for_few(
    world: World, django_assert_max_num_queries: Any
) -> None:
    client = world.client("adviser")
    client.get(LIST)
    with django_assert_max_num_queries(36) as few:
        client.get(LIST)
    with world.within():
        from virtual_school.schools.tests.factories import SchoolFactory, a_pupil

        for n in range(8):
            a_pupil(world.here, SchoolFactory(), name=f"{'Abcdefgh'[n] * 3} Many")
    with django_assert_max_num_queries(len(few.captured_queries)):
        html = client.get(LIST).content.decode()
    assert "10 schools owe" in html
