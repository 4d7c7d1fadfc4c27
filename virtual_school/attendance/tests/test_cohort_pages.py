"""A school's pupils in care and a cohort: sums, trend, and what is published beside."""

import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from virtual_school.attendance.cohort_page import Stretch, half_terms, sums_by
from virtual_school.attendance.figures import Months, academic_year, by_month, cohort, together
from virtual_school.attendance.sums import sums_of
from virtual_school.attendance.whose import Whose
from virtual_school.dates.school_days import SchoolCalendar, Term
from virtual_school.plans.tests.writing_world import TODAY, World

from .test_today_page import mark

pytestmark = pytest.mark.django_db
GROUP = "/attendance/over-time/"


def school(world: World, who: str = "teacher", at: str = "teacher", more: str = "") -> str:
    response = world.client(who).get(f"/attendance/schools/{world.schools[at].urn}/{more}")
    assert response.status_code == 200
    return response.content.decode()


def test_a_school_sees_its_pupils_of_every_authority(world: World) -> None:
    mark(world, "maisie", am="N")
    mark(world, "zainab", am="/")
    shown = school(world)
    assert {name for name in ("Maisie", "Ellie", "Zainab", "Logan", "Lacey") if name in shown} == {
        "Maisie", "Ellie", "Zainab", "Logan",
    }  # fmt: skip
    assert world.far.name in shown
    assert "one child is worth 25.0 points" in shown
    assert "Zainab" not in school(world, "head")
    assert "Maisie Thornton" in school(world, more="download/")


def test_another_school_and_those_around_a_child_do_not_see_it(world: World) -> None:
    url = f"/attendance/schools/{world.schools['teacher'].urn}/"
    for who, status in {"other teacher": 404, "social worker": 404, "carer": 403, "head": 200}.items():
        assert world.client(who).get(url).status_code == status, who


def test_the_cohort_has_its_sums_and_the_weight_of_one_child(world: World) -> None:
    for n in (1, 4, 5):
        mark(world, "maisie", TODAY - timedelta(days=n), am="/", pm="O")
        mark(world, "ellie", TODAY - timedelta(days=n), am="/", pm="\\")
    shown = world.client("head").get(GROUP).content.decode()
    assert "9 of 12 half days" in shown
    assert "one child is worth 50.0 points" in shown
    assert "75.0% attended in the" in shown
    assert "children looked after for twelve months at 31 March" in shown
    assert "No fair comparator: 2025/26 is not published yet" in shown
    assert "England, published for 2024/25" in shown and "published for 2025/26" not in shown


def test_a_part_of_the_children_has_no_comparator(world: World) -> None:
    shown = world.client("head").get(f"{GROUP}?adviser={world.people['adviser'].pk}").content.decode()
    assert "No fair comparator for part of the children" in shown
    assert "Beside what is published" not in world.client("social worker").get(GROUP).content.decode()


def test_the_figures_go_out_as_a_workbook_that_says_they_are_exact(world: World) -> None:
    mark(world, "maisie", am="/")
    book = load_workbook(io.BytesIO(world.client("head").get(f"{GROUP}download/?form=xlsx").content))
    rows = [row[0].value for row in book.active.iter_rows()]
    assert rows[:3] == ["School year", "2026/27", "2025/26"]
    assert rows[-1].startswith("Exact figures.")


def test_a_term_is_parted_by_its_half_term(world: World) -> None:
    term = Term("2026/27", "autumn", date(2026, 9, 1), date(2026, 12, 18))
    closed = {date(2026, 10, 26) + timedelta(days=n): "Half term" for n in range(5)}
    found = half_terms(SchoolCalendar("A", [term], closed), date(2026, 9, 1), TODAY)
    assert [(one.label, one.first, one.last) for one in found] == [
        ("Aut 26 1", date(2026, 9, 1), date(2026, 10, 25)),
        ("Aut 26 2", date(2026, 10, 31), date(2026, 12, 18)),
    ]
    (whole,) = half_terms(SchoolCalendar("A", [term], {}), date(2026, 9, 1), TODAY)
    assert (whole.first, whole.last) == (term.starts, term.ends)


def test_the_sums_of_half_terms_are_those_of_their_days(world: World) -> None:
    """Marks on the edge of each, in a holiday between, and in months that two of them share."""
    stretches = [
        Stretch("1", "1", date(2026, 1, 5), date(2026, 2, 13)),
        Stretch("2", "2", date(2026, 2, 23), date(2026, 3, 27)),
        Stretch("3", "3", date(2026, 4, 13), date(2026, 5, 22)),
        Stretch("4", "4", date(2026, 5, 26), date(2026, 5, 29)),
    ]
    marks = {
        (1, 2): "O", (1, 5): "/", (1, 31): "I", (2, 13): "N", (2, 17): "/", (2, 23): "L", (3, 27): "O", (3, 30): "/",
        (4, 12): "M", (4, 13): "/", (5, 22): "G", (5, 25): "/", (5, 26): "U", (5, 29): "/", (5, 30): "O",
    }  # fmt: skip
    for (month, day), code in marks.items():
        mark(world, "maisie", date(2026, month, day), am=code, pm="\\")
    mark(world, "zainab", date(2026, 1, 6), am="O")
    maisie = world.children["maisie"]
    expected = [
        sums_of([c for (m, d), am in marks.items() for c in (am, "\\") if one.first <= date(2026, m, d) <= one.last])
        for one in stretches
    ]
    with world.within():
        assert sums_by([maisie.authority_id], [maisie.pk], stretches) == expected


def test_months_and_cohorts_read_together_are_those_read_one_by_one(world: World) -> None:
    for day in (date(2025, 8, 29), date(2025, 10, 6), date(2026, 9, 7)):
        mark(world, "maisie", day, am="O", pm="\\")
        mark(world, "ellie", day, am="/", pm="\\")
    ids, some = [world.children[name].pk for name in ("maisie", "ellie")], [world.children["ellie"].pk]
    codes = [world.children["maisie"].authority_id]
    with world.within():
        found = together(codes, ids, 2026, date(2025, 8, 1), some)
        assert found.by_month == by_month(codes, Months(date(2025, 8, 1), date(2027, 8, 1)), ids)
        assert len(found.by_month) >= 3
        for year in (2025, 2026):
            assert found.every[year] == cohort(codes, academic_year(year), ids)
            assert found.some[year] == cohort(codes, academic_year(year), some)
            assert found.every[year].persistent > found.some[year].persistent
            assert found.every[year].pupils > found.some[year].pupils > 0


def test_nobody_around_means_no_figures(world: World) -> None:
    nobody = Whose("social_worker", (), ())
    assert sums_by(nobody.authorities, (), []) == []
    assert "You are around no child today" in world.client("other social worker").get(GROUP).content.decode()


def test_a_file_to_give_on_hides_small_counts_and_is_of_everybody(world: World) -> None:
    mark(world, "maisie", am="N")
    exact = world.client("head").get(f"{GROUP}download/").content.decode()
    shared = world.client("head").get(f"{GROUP}download/?share=yes").content.decode()
    assert "2026/27,1," in exact
    assert "2026/27,c,c,c,c,c,c,c,c,c,c,c,c" in shared
    assert "c: hidden" in shared
    book = load_workbook(io.BytesIO(world.client("head").get(f"{GROUP}download/?share=yes&form=xlsx").content))
    assert [cell.value for cell in book.active[2]][:3] == ["2026/27", "c", "c"]
