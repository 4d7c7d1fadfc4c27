import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from virtual_school.plans.tests.closing_world import to_state
from virtual_school.plans.tests.writing_world import HERE, TODAY, World, make
from virtual_school.quality.measures import DEFINITIONS


def made() -> World:
    world = make()
    to_state(world, "maisie", "submitted")
    return world


def told(**options: Any) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("indicators", authority=str(HERE), json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def test_every_measure_is_told_with_its_numbers_and_what_is_not_known_is_null(world: World) -> None:
    rows = {row["id"]: row for row in told()}
    assert list(rows) == list(DEFINITIONS)
    done = rows["I-PEP-01"]
    assert (done["numerator"], done["denominator"], done["value"], done["on"]) == (1, 3, 33.3, TODAY.isoformat())
    assert (done["comparator"], done["comparator_source"], done["breakdown"]) == (None, None, "")
    assert (rows["I-PPP-02"]["numerator"], rows["I-PPP-02"]["value"]) == (None, None)
    assert rows["I-PPP-02"]["not_known"]


def test_a_measure_is_told_by_group(world: World) -> None:
    rows = told(id="I-PEP-01", by="school")
    assert sum(row["denominator"] for row in rows) == 3
    assert {row["breakdown"] for row in rows} == {
        f"school: {world.schools[who].urn}" for who in ("teacher", "other teacher")
    }


def test_a_day_past_is_told_as_it_was(world: World) -> None:
    (row,) = told(id="I-PEP-01", on="2026-11-23")
    assert (row["numerator"], row["on"]) == (0, "2026-11-23")


@pytest.mark.parametrize("options", [{"id": "I-NONE-01"}, {"by": "shoe size"}])
def test_what_there_is_not_is_refused_with_what_there_is(world: World, options: dict[str, str]) -> None:
    with pytest.raises(CommandError, match="There are"):
        told(**options)


def test_englands_figure_stands_beside_the_same_year_only() -> None:
    from datetime import date

    from virtual_school.quality.comparators import comparator

    found = comparator("I-STA-01", date(2025, 3, 31))
    assert found is not None
    assert (found.value, "31 March 2025" in found.source) == (10, True)
    score = comparator("I-SDQ-01", date(2025, 3, 31))
    assert score is not None and score.value == 78
    assert comparator("I-STA-01", date(2026, 3, 31)) is None
    assert comparator("I-PEP-01", date(2025, 3, 31)) is None
