"""Marks that come in, beside those that are held: which stand, which give way, which are the same.

The school's own mark stands before one told on the telephone; between equals the newest stands. Nothing is lost:
what does not stand is kept as an earlier mark.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import NamedTuple

from virtual_school.children import bulk

from .models import Delivery, EarlierMark
from .sums import Session

THIS = -1
"""Stands for the delivery being looked at, which has no id yet."""

SCHOOLS_OWN = frozenset({Delivery.Source.FILE, Delivery.Source.API, Delivery.Source.PAGE})
CHILDREN_AT_ONCE = 500

HELD = """
    select child_id, day, urn, am, pm, am_minutes, pm_minutes, am_from, pm_from from attendance_markedday
    where authority_id = %s and child_id = any(%s::bigint[]) and day between %s and %s
"""
GAVE_WAY = """
    select e.child_id, e.day, e.urn, e.session, e.code from attendance_earliermark e
    join attendance_delivery d on d.id = e.from_delivery
    where e.authority_id = %s and e.child_id = any(%s::bigint[]) and e.day between %s and %s
      and e.why = 'gave_way' and d.source = %s
"""


class Given(NamedTuple):
    """A child's day at one school as it came in; "" says nothing of a session."""

    child: int
    day: date
    urn: int
    am: str
    pm: str
    am_minutes: int = 0
    pm_minutes: int = 0


class Held(NamedTuple):
    child: int
    day: date
    urn: int
    am: str
    pm: str
    am_minutes: int
    pm_minutes: int
    am_from: int
    pm_from: int


class Earlier(NamedTuple):
    child: int
    day: date
    urn: int
    session: Session
    code: str
    minutes: int
    from_delivery: int
    by_delivery: int
    why: str


@dataclass
class Comparison:
    """`changed` are whole rows as they will be held, beside what they were. `giving_way` are the child, day and school
    of marks that do not stand. `several_schools` are the children with marks of more than one in these days."""

    created: list[Given] = field(default_factory=list)
    changed: list[tuple[Held, Held]] = field(default_factory=list)
    earlier: list[Earlier] = field(default_factory=list)
    unchanged: int = 0
    gave_way: int = 0
    giving_way: set[tuple[int, date, int]] = field(default_factory=set)
    several_schools: set[int] = field(default_factory=set)
    children: set[int] = field(default_factory=set)
    first: date = date.max
    last: date = date.min

    @property
    def is_empty(self) -> bool:
        return not (self.created or self.changed or self.earlier)


def compare(authority: int, source: str, given: Iterable[Given]) -> Comparison:
    """Of children of one authority, each child's day at a school at most once."""
    found = Comparison()
    for rows in _batches(sorted(given)):
        _compare_batch(authority, source, rows, found)
    return found


def _batches(given: Sequence[Given]) -> Iterator[list[Given]]:
    batch: list[Given] = []
    for number, (_, rows) in enumerate(groupby(given, key=lambda row: row[0])):
        if batch and number % CHILDREN_AT_ONCE == 0:
            yield batch
            batch = []
        batch.extend(rows)
    if batch:
        yield batch


def _compare_batch(authority: int, source: str, rows: list[Given], found: Comparison) -> None:
    children = sorted({row[0] for row in rows})
    first, last = min(row[1] for row in rows), max(row[1] for row in rows)
    held = {}
    schools: dict[int, set[int]] = defaultdict(set)
    for row in bulk.select(HELD, [authority, children, first, last]):
        held[row[:3]] = Held(*row)
        schools[row[0]].add(row[2])
    differing: list[tuple[Held, Given]] = []
    created = found.created
    for one in rows:
        schools[one[0]].add(one[2])
        before = held.get(one[:3])
        if before is None and (one[3] or one[4]):
            created.append(one)
            found.children.add(one[0])
        elif before is None:
            found.unchanged += 1
        elif one[3] not in ("", before[3]) or one[4] not in ("", before[4]) or _is_later(one, before):
            differing.append((before, one))
        else:
            found.unchanged += 1
    _settle(authority, source, differing, found, (children, first, last))
    found.several_schools |= {child for child, urns in schools.items() if len(urns) > 1}
    found.first, found.last = min(found.first, first), max(found.last, last)


def _is_later(one: Given, before: Held) -> bool:
    """The same codes, but with other minutes of lateness. 0 says nothing of them."""
    return one[5] not in (0, before[5]) or one[6] not in (0, before[6])


def _settle(
    authority: int,
    source: str,
    differing: list[tuple[Held, Given]],
    found: Comparison,
    of: tuple[list[int], date, date],
) -> None:
    if not differing:
        return
    sources = _sources({number for held, _ in differing for number in (held.am_from, held.pm_from)})
    known = {tuple(row) for row in bulk.select(GAVE_WAY, [authority, *of, source])}
    is_own = source in SCHOOLS_OWN
    for held, given in differing:
        new = held._asdict()
        for session in ("am", "pm"):
            code, before, from_delivery = getattr(given, session), getattr(held, session), new[f"{session}_from"]
            minutes = getattr(given, f"{session}_minutes")
            gives_way = before and not is_own and sources.get(from_delivery) in SCHOOLS_OWN
            if code == "" or (code == before and (gives_way or minutes in (0, new[f"{session}_minutes"]))):
                continue
            key = (held.child, held.day, held.urn, session)
            if gives_way:
                found.gave_way += 1
                found.giving_way.add(key[:3])
                if (*key, code) not in known:
                    known.add((*key, code))
                    found.earlier.append(
                        Earlier(*key, code, minutes, THIS, from_delivery, EarlierMark.Why.GAVE_WAY)  # type: ignore[arg-type]
                    )
                continue
            if before:
                found.earlier.append(
                    Earlier(*key, before, new[f"{session}_minutes"], from_delivery, THIS, EarlierMark.Why.REPLACED)  # type: ignore[arg-type]
                )
            new |= {
                session: code,
                f"{session}_minutes": minutes,
                f"{session}_from": THIS,
            }
        now = Held(**new)
        if now != held:
            found.changed.append((held, now))
            found.children.add(held.child)
        else:
            found.unchanged += 1


def _sources(deliveries: set[int]) -> dict[int, str]:
    return dict(Delivery.objects.filter(pk__in=deliveries - {0}).values_list("pk", "source"))
