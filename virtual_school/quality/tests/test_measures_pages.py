import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from virtual_school.audit.models import Event
from virtual_school.authorities.policy import set_part
from virtual_school.children.models import Sensitivity
from virtual_school.plans.tests.closing_world import to_state
from virtual_school.plans.tests.writing_world import World, make
from virtual_school.quality.models_measures import FrozenMeasure
from virtual_school.quality.snapshots import freeze

TERM = "2026/27-autumn"
CUT_OFF = date(2026, 11, 20)
"""Passed already: Maisie's plan, sent in on the 24th, came too late for it."""


def made() -> World:
    world = make()
    to_state(world, "maisie", "submitted")
    return world


def cut_off(world: World, day: date) -> None:
    with world.within():
        set_part(
            world.here, "plans", starts=date(2026, 9, 1), choices={"cutoffs": {TERM: day.isoformat()}}, why="",
            by_id=None, by_name="",
        )  # fmt: skip


def frozen(world: World) -> None:
    cut_off(world, CUT_OFF)
    with world.within():
        freeze(authority=world.here, term=TERM, by=None)


def text(world: World, who: str, path: str) -> str:
    response = world.client(who).get(path)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_page_shows_each_measure_out_of_how_many_and_says_that_it_still_moves(world: World) -> None:
    page = text(world, "head", "/measures/")
    assert "Plans done this term" in page
    assert "1 of 3" in page
    assert "So far: worked out now from the records, as at 24 November 2026." in page
    assert "Not known yet: what was approved and paid is not recorded here." in page


def test_a_filter_in_the_address_narrows_every_figure(world: World) -> None:
    moorcroft = world.schools["teacher"].urn
    page = text(world, "head", f"/measures/?school={moorcroft}")
    assert "1 of 2" in page
    assert "School: Moorcroft High School" in page
    assert text(world, "head", "/measures/?school=999999999").count("1 of 3") > 0


def test_a_measure_names_the_children_behind_it(world: World) -> None:
    page = text(world, "adviser", "/measures/I-PEP-01/")
    assert "1 of 3 children who had to have a plan had it done by 24 November 2026." in page
    assert "Ellie Thornton" in page
    assert "Maisie Thornton" not in page
    assert "Maisie Thornton" in text(world, "adviser", "/measures/I-PEP-01/?show=yes")


def test_a_child_one_may_not_see_is_counted_and_not_named(world: World) -> None:
    with world.within():
        Sensitivity.objects.create(
            authority=world.here, child=world.children["ellie"], kind="adoption", since=date(2026, 1, 1)
        )
    page = text(world, "adviser", "/measures/I-PEP-01/?show=no")
    assert "Ellie Thornton" not in page
    assert "Lacey Ogden" in page


def test_a_frozen_term_says_so_and_does_not_move(world: World) -> None:
    frozen(world)
    page = text(world, "head", "/measures/")
    assert "Frozen at the cut-off, 20 November 2026: these figures do not move." in page
    assert "0 of 3" in page


def test_several_filters_together_narrow_frozen_figures_too(world: World) -> None:
    frozen(world)
    moorcroft = world.schools["teacher"].urn
    page = text(world, "head", f"/measures/I-PEP-01/?school={moorcroft}&phase=secondary")
    assert "0 of 2 children who had to have a plan had it done by 20 November 2026." in page


def test_a_board_member_sees_frozen_figures_with_small_numbers_hidden_and_no_child(world: World) -> None:
    assert "No figures have been frozen yet" in text(world, "board member", "/measures/")
    frozen(world)
    page = text(world, "board member", "/measures/")
    assert "[c]" in page
    assert "0 of 3" not in page
    detail = text(world, "board member", "/measures/I-PEP-01/")
    assert "too few children to be shown" in detail
    assert "Thornton" not in detail + page
    assert "1 of 3" not in detail + page


@pytest.mark.parametrize("who", ["teacher", "social worker", "carer"])
def test_those_around_a_child_have_no_measures_of_an_authority(world: World, who: str) -> None:
    assert world.client(who).get("/measures/").status_code == 403


def test_another_authoritys_head_sees_only_their_own(world: World) -> None:
    page = text(world, "other head", "/measures/I-PEP-01/")
    assert "Zainab Hussain" in page
    assert "Thornton" not in page


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_figures_download_as_they_are_shown_and_that_is_recorded(world: World) -> None:
    response = world.client("head").get("/measures/download/")
    rows = {(row["Id"], row["Group"]): row for row in rows_of(response.content)}
    assert (rows["I-PEP-01", "Everyone"]["Number"], rows["I-PEP-01", "Everyone"]["Of"]) == ("1", "3")
    assert rows["I-PPP-02", "Everyone"]["Number"] == ""
    with world.within():
        assert Event.objects.filter(action="measures exported").count() == 1


def test_a_board_members_download_hides_what_the_page_hides(world: World) -> None:
    frozen(world)
    rows = {
        (row["Id"], row["Group"]): row
        for row in rows_of(world.client("board member").get("/measures/download/").content)
    }
    assert rows["I-PEP-01", "Everyone"]["Of"] == "[c]"


def test_the_workbook_says_how_each_measure_is_counted(world: World) -> None:
    response = world.client("head").get("/measures/download/?form=xlsx")
    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["Measures", "How it is counted"]
    assert [cell.value for cell in book["Measures"][2]][:2] == ["Plans done this term", "I-PEP-01"]


def test_the_list_of_children_downloads_for_those_who_may_see_them(world: World) -> None:
    rows = rows_of(world.client("adviser").get("/measures/I-PEP-01/download/").content)
    assert {row["Child"]: row["How counted"] for row in rows} == {
        "Maisie Thornton": "Yes", "Ellie Thornton": "No", "Lacey Ogden": "No",
    }  # fmt: skip
    assert world.client("board member").get("/measures/I-PEP-01/download/").status_code == 403


def test_a_term_is_frozen_by_the_head_and_corrected_with_a_reason(world: World) -> None:
    head = world.client("head")
    path = f"/measures/freeze/?term={TERM}"
    assert "Until then its figures still move" in head.get(path).content.decode()
    cut_off(world, CUT_OFF)
    assert head.post(path).status_code == 302
    again = head.post(path, {"why": ""})
    assert "Say what is corrected" in again.content.decode()
    assert head.post(path, {"why": "Maisie’s plan had been sent by post"}).status_code == 302
    with world.within():
        assert set(FrozenMeasure.objects.values_list("revision", flat=True)) == {1, 2}
    assert "Corrected since: Maisie’s plan had been sent by post" in text(world, "head", "/measures/")
    assert world.client("adviser").post(path).status_code == 403


def test_an_unknown_measure_is_not_found(world: World) -> None:
    assert world.client("head").get("/measures/I-NONE-01/").status_code == 404
