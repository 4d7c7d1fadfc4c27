"""Keeping what is worked out from the episodes in step with them."""

from collections.abc import Iterable, Sequence
from typing import Any

from virtual_school.authorities.models import Authority
from virtual_school.children import bulk

from .history import EpisodeFact, care_periods, placements
from .models import CarePeriod, Placement
from .queries import episode_facts, of_children

PERIOD = ("starts", "ends", "end_reason", "kind")
PLACEMENT = ("starts", "ends", "place", "provider", "postcode", "home_urn", "in_area", "is_emergency")

Row = tuple[Any, ...]


def work_out_history(authority_code: int, child_ids: Sequence[int] | None = None) -> set[int]:
    """Care periods and placements of these children (None: of all) from their episodes. Writes only what differs.

    Gives the children whose history changed.
    """
    authority = Authority.objects.get(code=authority_code)
    episodes = episode_facts(authority, child_ids)
    changed = _keep_in_step(
        authority,
        CarePeriod,
        PERIOD,
        {child: _periods(facts) for child, facts in episodes.items()},
        child_ids,
        fixed={},
    )
    return changed | _keep_in_step(
        authority,
        Placement,
        PLACEMENT,
        {child: _placements(facts) for child, facts in episodes.items()},
        child_ids,
        fixed={"carer": "", "place_la": ""},
    )


def _periods(facts: Iterable[EpisodeFact]) -> list[Row]:
    return [(p.starts, p.ends, p.end_reason, p.kind) for p in care_periods(facts)]


def _placements(facts: Iterable[EpisodeFact]) -> list[Row]:
    return [
        (p.starts, p.ends, p.place, p.provider, p.postcode, p.home_urn, p.in_area, p.is_emergency)
        for p in placements(facts)
    ]


def _keep_in_step(
    authority: Authority,
    model: type[CarePeriod] | type[Placement],
    columns: tuple[str, ...],
    wanted: dict[int, list[Row]],
    child_ids: Sequence[int] | None,
    fixed: dict[str, str],
) -> set[int]:
    """Rows are matched by child and start, so that what was added by hand to a placement stays with it."""
    held: dict[tuple[int, Any], tuple[int, Row]] = {}
    rows = of_children(model.objects.order_by(), authority, child_ids).values_list("id", "child_id", *columns)
    for pk, child, *values in rows.iterator(chunk_size=5000):
        held[child, values[0]] = pk, tuple(values)
    new, changed, touched = [], [], set()
    for child, rows_of_child in wanted.items():
        for row in rows_of_child:
            found = held.pop((child, row[0]), None)
            if found is None:
                new.append((authority.code, child, *row, *fixed.values()))
            elif found[1] != row:
                changed.append((found[0], *row))
            else:
                continue
            touched.add(child)
    table = model._meta.db_table
    # In this order no row is ever in the way of another (none of a child's may overlap).
    bulk.delete(table, [pk for pk, _ in held.values()])
    bulk.update(table, columns, changed)
    bulk.insert(table, ["authority_id", "child_id", *columns, *fixed], new)
    return touched | {child for child, _ in held}
