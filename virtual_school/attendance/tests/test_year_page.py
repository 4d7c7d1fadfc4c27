"""A child's year: the picture, the pattern in words, sums, sources that differ."""

from datetime import date, timedelta
from typing import Any

import pytest

from virtual_school.attendance.pattern import Marked, Term, pattern
from virtual_school.attendance.pictures_year import SUSPENDED, Square, month_picture
from virtual_school.attendance.sums import Sums
from virtual_school.plans.tests.writing_world import TODAY, World

from .test_today_page import mark

MONDAY = date(2026, 11, 2)


def weeks(n: int, **friday: str) -> list[Marked]:
    """So many whole weeks attended, but for what is said of their Fridays."""
    found = []
    for week in range(n):
        for day in range(5):
            for session, code in (("am", "/"), ("pm", "\\")):
                on = MONDAY + timedelta(days=7 * week + day)
                found.append(Marked(on, session, friday.get(session, code) if day == 4 else code))  # type: ignore[arg-type]
    return found


def test_friday_afternoons_are_seen() -> None:
    found = pattern(weeks(6, pm="O"))
    assert found.title == "Friday afternoons are missed most"
    assert found.sentences[0].startswith(
        "6 of 6 half days without leave, or the reason not known were Friday afternoons."
    )


def test_few_absences_make_no_pattern() -> None:
    assert pattern(weeks(5, pm="O")).title == "90.0% attended, with no pattern by weekday or term"
    assert pattern(weeks(5)).title == "Every half day that is held was attended"


def test_no_marks_and_no_place_are_said() -> None:
    assert pattern([]).title == "No marks are held for these months"
    assert pattern([], days_without_place=1).title == "No school place for 1 school day"
    assert pattern(weeks(2), days_without_place=16).title.endswith("then no school place for 16 school days")


def test_a_fall_between_terms_is_the_finding() -> None:
    this, last = Term("autumn term 2026", Sums(50, 40, 0, 10)), Term("summer term 2026", Sums(100, 96, 0, 4))
    found = pattern(weeks(1, pm="I"), this_term=this, last_term=last)
    assert found.title == "Attendance fell from 96.0% in the summer term 2026 to 80.0% in the autumn term 2026"


def test_a_suspension_soon_after_an_absence_without_leave_is_told() -> None:
    marks = [Marked(MONDAY, "am", "O"), Marked(MONDAY + timedelta(days=2), "am", "E")]
    assert (
        "Suspended or excluded once: it came within five days of an absence without leave." in pattern(marks).sentences
    )


def test_a_month_is_drawn_with_a_label_for_each_week() -> None:
    drawn = month_picture(date(2026, 11, 1), {MONDAY: Square(SUSPENDED, SUSPENDED)}, "November", "said", "p")
    assert [f">{n}<" in drawn for n in (2, 9, 16, 23, 30)] == [True] * 5
    assert 'aria-label="November: said"' in drawn
    assert drawn.count("<path") == 2


def year(world: World, who: str = "head", child: str = "maisie", query: str = "") -> str:
    response = world.client(who).get(f"/children/{world.children[child].public_id}/attendance/{query}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db
def test_the_page_tells_sums_calendar_and_pattern(world: World) -> None:
    for n in range(6):
        mark(world, "maisie", date(2026, 11, 20) - timedelta(days=7 * n), am="/", pm="O")
    shown = year(world)
    assert "Friday afternoons are missed most" in shown
    assert "6 of 12 half days attended (50.0%)" in shown
    assert "half or more counts as severe absence" in shown
    assert "school days by" in shown
    assert "Suspensions and exclusions" in shown
    assert "School year 2025/26" in year(world, query="?year=2025")


@pytest.mark.django_db
def test_two_sources_that_differ_are_both_shown(world: World) -> None:
    mark(world, "maisie", TODAY - timedelta(days=1), am="I", source="phone")
    assert "Two sources differ" not in year(world)
    mark(world, "maisie", TODAY - timedelta(days=1), am="O")
    shown = year(world)
    assert "Two sources differ" in shown
    assert "I: Illness" in shown
    assert "O: None of the other codes fits" in shown


@pytest.mark.django_db
def test_professionals_see_it_and_those_at_home_do_not(world: World) -> None:
    url = f"/children/{world.children['maisie'].public_id}/attendance/"
    for who, status in {"teacher": 200, "social worker": 200, "carer": 404, "other teacher": 404}.items():
        for page in (url, f"{url}download/"):
            assert world.client(who).get(page).status_code == status, who


@pytest.mark.django_db
def test_a_year_is_got_in_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    for n in (1, 4, 5, 6, 7):
        mark(world, "maisie", TODAY - timedelta(days=n), am="/", pm="N")
    client = world.client("head")
    client.get("/")
    with django_assert_max_num_queries(50):
        client.get(f"/children/{world.children['maisie'].public_id}/attendance/")
