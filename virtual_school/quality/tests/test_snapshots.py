import copy
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from virtual_school.access.person import person_of
from virtual_school.authorities.policy import set_part
from virtual_school.design.suppression import Cell
from virtual_school.identity.acting import acting
from virtual_school.plans import signing
from virtual_school.plans.models import Plan
from virtual_school.plans.tests.closing_world import does, to_state
from virtual_school.plans.tests.writing_world import TODAY, World, a_child, make
from virtual_school.quality.measure_facts import gather
from virtual_school.quality.measures import measured
from virtual_school.quality.models_measures import BoardFigure, FrozenMeasure
from virtual_school.quality.snapshots import NotYet, board_cells, due_to_freeze, freeze, latest_rows
from virtual_school.quality.tasks import freeze_authority

from .world import NOW

TERM = "2026/27-autumn"
CUT_OFF = date(2026, 11, 27)
AFTER = date(2026, 11, 30)


def made() -> World:
    """Maisie's plan was sent in by the cut-off; those of Ellie and Lacey were not."""
    world = make()
    with world.within():
        set_part(
            world.here, "plans", starts=date(2026, 9, 1), choices={"cutoffs": {TERM: CUT_OFF.isoformat()}}, why="",
            by_id=None, by_name="",
        )  # fmt: skip
    to_state(world, "maisie", "submitted")
    return world


@pytest.fixture
def world(world_of_the_module: World, db: None, settings: Any, tmp_path: Any) -> Iterator[World]:
    """With the clock, which tests turn on."""
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False) as traveller:
        found = copy.deepcopy(world_of_the_module)
        found.traveller = traveller  # type: ignore[attr-defined]
        yield found


def go_to(world: World, day: date) -> None:
    world.traveller.move_to(f"{day.isoformat()} 03:30:00+00:00")  # type: ignore[attr-defined]


def done(world: World) -> FrozenMeasure:
    with world.within():
        return latest_rows(world.here, term=TERM, by="", group="")[TERM, "I-PEP-01", "", ""]


def test_the_records_give_the_measures(world: World) -> None:
    with world.within():
        facts = gather(world.here, TERM)
    assert facts is not None
    assert (facts.on, facts.cut_off, facts.since) == (TODAY, CUT_OFF, date(2026, 7, 21))
    found = measured(facts)
    maisie, ellie, lacey = (world.children[name].pk for name in ("maisie", "ellie", "lacey"))
    assert (found["I-PEP-01"].hits, sorted(found["I-PEP-01"].misses)) == ((maisie,), sorted([ellie, lacey]))
    assert found["I-PEP-09-social-worker"].hits == (maisie,)
    assert found["I-PPP-09"].hits == (maisie,)
    assert found["I-PEP-07"].hits == (maisie,)


def test_facts_of_measures_cost_the_same_for_few_and_for_many(
    world: World, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    with world.within():
        with django_assert_max_num_queries(70) as few:
            gather(world.here, TERM)
        for n in range(6):
            a_child(world, world.here, f"Child Number{n}", born=date(2014, 5, 1), came_in=date(2025, 1, 6))
        with django_assert_num_queries(len(few.captured_queries)):
            gather(world.here, TERM)


def test_a_term_is_frozen_the_night_after_its_cut_off_and_once(world: World) -> None:
    with world.within():
        assert due_to_freeze(world.here, CUT_OFF) == []
    go_to(world, CUT_OFF + timedelta(days=1))
    with world.within():
        assert due_to_freeze(world.here, CUT_OFF + timedelta(days=1)) == [TERM]
    freeze_authority(world.here.code)
    frozen = done(world)
    assert (frozen.numerator, frozen.denominator, frozen.on, frozen.revision) == (1, 3, CUT_OFF, 1)
    freeze_authority(world.here.code)
    with world.within():
        assert set(FrozenMeasure.objects.values_list("revision", flat=True)) == {1}


def test_nothing_is_frozen_before_the_cut_off(world: World) -> None:
    with world.within(), pytest.raises(NotYet, match="has not come"):
        freeze(authority=world.here, term=TERM, by=None)


def test_past_figures_stay_when_records_change_and_a_correction_stands_beside_them(world: World) -> None:
    go_to(world, AFTER)
    with world.within():
        freeze(authority=world.here, term=TERM, by=None)
        Plan.objects.filter(pk=world.plans["maisie"].pk).update(state="closed_error")
    assert done(world).numerator == 1
    with world.within(), pytest.raises(NotYet, match="Say what is corrected"):
        freeze(authority=world.here, term=TERM, by=None)
    with acting(person_of(world.people["head"]).claims):
        freeze(authority=world.here, term=TERM, by=world.people["head"], why="A plan was opened in error")
    with world.within():
        rows = FrozenMeasure.objects.filter(measure="I-PEP-01", by="").order_by("revision")
        assert [(row.revision, row.numerator, row.why) for row in rows] == [
            (1, 1, ""),
            (2, 0, "A plan was opened in error"),
        ]
    assert done(world).numerator == 0


def test_a_plan_sent_in_after_the_cut_off_does_not_move_the_frozen_term(world: World) -> None:
    go_to(world, AFTER)
    to_state(world, "ellie", "submitted")
    with world.within():
        freeze(authority=world.here, term=TERM, by=None)
    assert (done(world).numerator, done(world).on) == (1, CUT_OFF)


@pytest.mark.parametrize("statement", ["update quality_frozenmeasure set numerator = 9", "delete from quality_frozenmeasure",
                                       "update quality_boardfigure set numerator = 9", "delete from quality_boardfigure"])  # fmt: skip
def test_the_database_lets_nobody_change_what_is_frozen(world: World, statement: str) -> None:
    go_to(world, AFTER)
    with world.within():
        freeze(authority=world.here, term=TERM, by=None)
    with (
        acting(person_of(world.people["head"]).claims),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [])


def test_a_board_member_reads_no_exact_figure_from_the_database(world: World) -> None:
    go_to(world, AFTER)
    with world.within():
        freeze(authority=world.here, term=TERM, by=None)
    with acting(person_of(world.people["board member"]).claims):
        assert not FrozenMeasure.objects.exists()
        figure = BoardFigure.objects.get(measure="I-PEP-01", by="")
        assert (figure.is_hidden, figure.numerator, figure.denominator, figure.value) == (True, None, None, None)
        shown = BoardFigure.objects.exclude(denominator=None)
        assert not any(
            1 <= n <= 5 for row in shown for n in (row.numerator, row.denominator, row.denominator - row.numerator)
        )


def test_a_plan_taken_back_is_no_longer_done(world: World) -> None:
    does(world, "teacher", "maisie", signing.recall, reason="A wrong date")
    with world.within():
        facts = gather(world.here, TERM)
    assert facts is not None
    assert measured(facts, ["I-PEP-01"])["I-PEP-01"].numerator == 0


def test_what_is_too_small_is_hidden_and_what_is_not_known_stays_so(world: World) -> None:
    with world.within():
        facts = gather(world.here, TERM)
    assert facts is not None
    cells = board_cells({("", ""): measured(facts)})
    assert cells["I-PEP-01", "", ""] == Cell(None, None, None, is_hidden=True)
    assert cells["I-PPP-02", "", ""] == Cell(None, None, None)
