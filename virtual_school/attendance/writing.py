"""The one way in for marks: from a file, a page, a program or the telephone."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from virtual_school.audit.actions import current_context
from virtual_school.children import bulk

from .comparing import THIS, Comparison, Earlier, Given, Held, compare
from .models import Delivery
from .models_calls import NOT_ON_THE_REGISTER, Site
from .recounting import count_once_by_school, keep_still, recount
from .tasks import look_again

ROWS_A_STATEMENT, ROWS_A_MESSAGE = 5_000, 50_000
ALERTS_BACK, MOST_CHILDREN_NAMED = timedelta(days=14), 500
"""Marks not older than that are looked at for alerts at once, others by night."""

INSERT = """
    insert into attendance_markedday (authority_id, child_id, day, urn, am, pm, am_minutes, pm_minutes,
                                      am_from, pm_from, am_counts, pm_counts)
    select %s, child, day, urn, am, pm, am_minutes, pm_minutes,
           case when am = '' then 0 else %s end, case when pm = '' then 0 else %s end, true, true
    from unnest(%s::bigint[], %s::date[], %s::int[], %s::text[], %s::text[], %s::smallint[], %s::smallint[])
         as given (child, day, urn, am, pm, am_minutes, pm_minutes)
"""
UPDATE = """
    update attendance_markedday m
    set am = new.am, pm = new.pm, am_minutes = new.am_minutes, pm_minutes = new.pm_minutes,
        am_from = new.am_from, pm_from = new.pm_from
    from unnest(%s::bigint[], %s::date[], %s::int[], %s::text[], %s::text[], %s::smallint[], %s::smallint[],
                %s::int[], %s::int[])
         as new (child, day, urn, am, pm, am_minutes, pm_minutes, am_from, pm_from)
    where m.authority_id = %s and m.child_id = new.child and m.day = new.day and m.urn = new.urn
      and m.day between %s and %s
"""
EARLIER = """
    insert into attendance_earliermark (authority_id, child_id, day, urn, session, code, minutes,
                                        from_delivery, by_delivery, why)
    select %s, given.* from unnest(%s::bigint[], %s::date[], %s::int[], %s::text[], %s::text[], %s::smallint[],
                                   %s::int[], %s::int[], %s::text[]) as given
"""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, and how (`Delivery.Source`)."""

    source: str
    name: str = ""
    by_id: int | None = None
    by_name: str = ""
    at: datetime | None = None
    """When it came in, if not now."""


def sender_name(site: Site) -> str:
    """Who sends stands in a table that is open to all: the name of a place off the register may be somebody's."""
    return site.name if site.urn else NOT_ON_THE_REGISTER


@transaction.atomic
def deliver(sender: Sender, given: dict[int, Sequence[Given]]) -> dict[int, Comparison]:
    """By authority, marks of its children: compared, written, and the sums brought into step. What is there already
    is left as it is, so that the same marks sent twice change nothing."""
    delivery: Delivery | None = None
    done = {}
    for authority in sorted(given):
        rows = given[authority]
        if not rows:
            continue
        days = [row.day for row in rows]
        keep_still(authority, {row.child for row in rows}, min(days), max(days))
        found = compare(authority, sender.source, rows)
        if not found.is_empty:
            delivery = delivery or new_delivery(sender, current_context())
            write(authority, delivery, found)
        done[authority] = found
    return done


def new_delivery(sender: Sender, context: uuid.UUID | None) -> Delivery:
    return Delivery.objects.create(
        source=sender.source,
        sender=sender.name,
        by_id=sender.by_id,
        by_name=sender.by_name,
        context=context,
        received_at=sender.at or timezone.now(),
    )


def write(authority: int, delivery: Delivery, found: Comparison, say: Callable[[str], None] | None = None) -> None:
    """What was compared, inside the caller's transaction."""
    this = delivery.pk
    _create(authority, this, found.created, say)
    for changed in _parts([new for _, new in found.changed]):
        rows = [_named(row, this) for row in changed]
        _run(UPDATE, [*_arrays(rows), authority, found.first, found.last], len(rows))
    for earlier in _parts(found.earlier):
        rows = [_said(row, this) for row in earlier]
        _run(EARLIER, [authority, *_arrays(rows)], len(rows))
    first, last = min(found.first, delivery.first_day or found.first), max(found.last, delivery.last_day or found.last)
    Delivery.objects.filter(pk=this).update(first_day=first, last_day=last)
    if found.several_schools:
        count_once_by_school(authority, found.several_schools, found.first, found.last)
    if found.children:
        recount(authority, found.children, found.first, found.last)
    if found.children and found.last >= timezone.localdate() - ALERTS_BACK:
        look_again(authority, found.children if len(found.children) <= MOST_CHILDREN_NAMED else None)


def _create(authority: int, this: int, created: Sequence[Given], say: Callable[[str], None] | None) -> None:
    """The next rows are made ready while the database is at work on those before. So many rows as are told at once are
    counted at once."""
    with connection.wrap_database_errors:
        for start in range(0, len(created), ROWS_A_MESSAGE):
            rows = created[start : start + ROWS_A_MESSAGE]
            with connection.connection.pipeline():
                sent = [
                    connection.connection.execute(INSERT, [authority, this, this, *_arrays(p)]) for p in _parts(rows)
                ]
            if (written := sum(cursor.rowcount for cursor in sent)) != len(rows):
                raise bulk.NotWritten(f"{written} of {len(rows)} rows could be written.")
            if say:
                say(f"Written {start + len(rows):,} of {len(created):,} days …")


def _named(row: Held, this: int) -> Held:
    am_from, pm_from = (this if number == THIS else number for number in (row.am_from, row.pm_from))
    return row._replace(am_from=am_from, pm_from=pm_from)


def _said(row: Earlier, this: int) -> Earlier:
    from_delivery, by = (this if number == THIS else number for number in (row.from_delivery, row.by_delivery))
    return row._replace(from_delivery=from_delivery, by_delivery=by)


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        yield rows[start : start + ROWS_A_STATEMENT]


def _arrays(rows: Iterable[tuple[Any, ...]]) -> list[str]:
    """The columns as PostgreSQL writes arrays. Our own values only: numbers, dates, codes. Six times as fast as
    letting the driver adapt each value."""
    return [_array(column) for column in zip(*rows, strict=True)]


def _array(values: Sequence[Any]) -> str:
    if isinstance(values[0], str):
        quoted = {value: '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in set(values)}
        return "{" + ",".join([quoted[value] for value in values]) + "}"
    if isinstance(values[0], date):
        written = {value: value.isoformat() for value in set(values)}
        return "{" + ",".join([written[value] for value in values]) + "}"
    return "{" + ",".join(map(str, values)) + "}"


def _run(statement: str, values: list[Any], expected: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        if cursor.rowcount != expected:
            raise bulk.NotWritten(f"{cursor.rowcount} of {expected} rows could be written.")
