"""The first page of every role, and that its figures are those of the lists they lead to."""

import re
from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from virtual_school.attendance.models import Suspension
from virtual_school.caseload import board, today_head
from virtual_school.caseload.tests import world as worlds
from virtual_school.caseload.tests.world import HERE, World


def page_of(world: World, who: str, url: str = "/") -> str:
    response = world.client(who).get(url)
    assert response.status_code == 200
    return response.content.decode()


def figures_on(page: str) -> list[tuple[int, str]]:
    """Each number with the address its label leads to."""
    found = re.findall(r'app-figure__n">([\d,]+)</span><span class="app-figure__l"><a [^>]*href="([^"]+)"', page)
    return [(int(n.replace(",", "")), url.replace("&amp;", "&")) for n, url in found]


def counted_on(page: str) -> int:
    found = re.search(r'app-sub">([\d,]+) (?:child|dut|suspension)', page)
    assert found, "the list does not say how many"
    return int(found[1].replace(",", ""))


@pytest.mark.parametrize("who", ["head", "data officer", "nominated officer", "inspector"])
def test_whoever_sees_the_authority_has_five_figures(world: World, who: str) -> None:
    assert len(figures_on(page_of(world, who))) == 5


def test_each_figure_agrees_with_the_list_it_leads_to(world: World) -> None:
    figures = figures_on(page_of(world, "head"))
    assert [n for n, _ in figures] == [counted_on(page_of(world, "head", url)) for _, url in figures]
    assert figures[0][0] == 4
    assert figures[2][0] == 1


def test_the_law_comes_with_names_days_and_who_acts(world: World) -> None:
    page = page_of(world, "head")
    assert "First review of the care plan within 20 working days" in page
    assert "Ruth Ellery (reviewing officer) to hold the first review" in page
    assert "Care Planning" in page
    assert "Overdue" in page and "Due soon" in page
    assert page.index("Ayaan Malik") < page.index("secure suitable education")


def test_a_suspended_child_is_one_of_the_five_figures_and_in_the_list_behind_it(world: World) -> None:
    with world.within():
        Suspension.objects.create(
            authority_id=HERE, child=world.children["maisie"], category=Suspension.Category.SUSPENSION,
            decided_on=date(2026, 11, 23), starts=date(2026, 11, 23), reasons=["DB"], back_on=date(2026, 11, 26), sessions=6,
            notified_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
        )  # fmt: skip
    page = page_of(world, "head")
    n, url = figures_on(page)[-1]
    assert n == 1 and "1 notice in the last 7 days" in page
    assert "Maisie Thornton" in page_of(world, "head", url)


def test_after_the_gravest_duties_the_others_take_a_line_each(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(today_head, "SHOWN_DUTIES", 1)
    page = page_of(world, "head")
    gravest, others = page[page.index('id="law"') : page.index("Due by week")].split(" more duties</h3>")
    title = re.findall(r'app-duty__title">([^<]+)<', gravest)[0]
    lines = re.findall(r'<li class="app-obligation app-obligation--duty">(.*?)</li>', others)
    assert "Ayaan Malik" in gravest and "Ayaan Malik" not in others and "Kai Bennett" not in others
    assert len(lines) > 3 and title not in others
    assert all(re.search(r"\d+ (?:overdue|due soon)", line) and "group=none" in line for line in lines)


def test_the_day_is_told_in_weeks_of_term(world: World) -> None:
    assert re.search(
        r"Tuesday 24 November 2026 · week \d+ of the autumn term · \d+ school days left", page_of(world, "head")
    )


def test_advisers_add_up_to_the_roll(world: World) -> None:
    page = page_of(world, "head")
    table = page[page.index("Load by adviser") :]
    rows = re.findall(r'<tr class="govuk-table__row">(.*?)</tr>', table, re.S)[1:]
    numbers = [[int(n) for n in re.findall(r">(\d+)<", row)] for row in rows]
    *advisers, all_of_them = numbers
    assert [sum(column) for column in zip(*advisers, strict=True)] == all_of_them
    assert all_of_them[0] == 4


def test_an_adviser_sees_what_their_own_children_need(world: World) -> None:
    page = page_of(world, "adviser")
    assert "One child of your 1 needs something" in page
    assert "Kai Bennett" in page
    assert "Ayaan Malik" not in page


def test_a_designated_teacher_has_a_card_for_each_pupil_with_the_council_named(world: World) -> None:
    page = page_of(world, "teacher")
    assert "Two pupils, nothing to do" in page
    assert "Maisie Thornton" in page and "Zainab Hussain" in page
    assert "Sheffield" in page and "Bradford" in page
    assert "Lacey Ogden" not in page and "Kai Bennett" not in page


def test_what_is_asked_of_the_reader_comes_first(world: World) -> None:
    page = page_of(world, "reviewing officer")
    assert "Two children, two things to do" in page
    assert page.index("Ayaan Malik") < page.index("Kai Bennett")
    assert "Hold the first review" in page


def test_a_young_person_reads_what_others_must_do_without_a_countdown(world: World) -> None:
    page = page_of(world, "young person")
    assert "Hello Kai" in page
    assert "reviewing officer must hold the" in page
    assert "working days" not in page


def test_a_board_member_sees_figures_and_no_child(world: World) -> None:
    cache.delete(board.key_of(HERE))
    assert "being worked out" in page_of(world, "board member")
    with world.within():
        board.work_out(HERE)
    page = page_of(world, "board member")
    assert "1 to 5" in page
    assert not any(name in page for name in ("Kai", "Ayaan", ">4<"))


def test_an_administrator_is_led_to_people_and_roles(world: World) -> None:
    assert world.client("administrator").get("/").url == "/people/"


def test_small_numbers_are_hidden_and_none_is_told() -> None:
    assert [board.hidden_if_few(n) for n in (0, 1, 5, 6, 1200)] == ["0", "1 to 5", "1 to 5", "6", "1,200"]


def test_duties_of_yesterday_are_said_to_be_so_and_worked_out_again(world: World) -> None:
    assert "last worked out on" not in page_of(world, "head")
    world.here.__class__.objects.filter(pk=HERE).update(duties_worked_out_at="2026-11-22T01:10:00Z")
    for _ in range(2):
        assert "last worked out on 22 November 2026" in page_of(world, "head")
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = 'duties.refresh'", [])
        assert cursor.fetchone()[0] == 1


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/", "/due/", "/due/?group=adviser", "/due/?group=school", "/children/"])
def test_more_children_take_no_more_queries(on_the_day: None, url: str) -> None:
    few = worlds.make(extra=16)
    client = few.client("head")
    client.get(url)
    with CaptureQueriesContext(connection) as with_few:
        client.get(url)
    with few.within():
        for n in range(180):
            worlds.a_child(
                few,
                few.here,
                f"More{n} Children",
                born=worlds.date(2015, 1 + n % 12, 5),
                came_in=worlds.TODAY - worlds.timedelta(days=40 + n),
            )
        worlds.work_out_history(HERE)
        worlds.refresh_children(HERE, on=worlds.TODAY)
    with CaptureQueriesContext(connection) as with_many:
        client.get(url)
    assert len(with_many) <= len(with_few)
