"""Invented marks for the benchmarks of attendance: whose, of which days, as rows of the table and as a file."""

import contextlib
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from .ground import check, owner

SCHOOL_DAYS = 190
MARKS = [
    *[("/", "\\")] * 86, *[("I", "I")] * 5, *[("O", "O")] * 3, *[("L", "\\")] * 2,
    ("M", "\\"), ("E", "E"), ("/", "O"), ("Y1", "B"),
]  # fmt: skip
"""A hundred days of an average child."""

TABLE = "attendance_markedday"
COLUMNS = "child_id, authority_id, urn, day, am_from, pm_from, am_minutes, pm_minutes, am_counts, pm_counts, am, pm"
READ_BY_OWNER = ("children_child", "care_careperiod", "schools_enrolment", TABLE, "attendance_monthsums")
CHILDREN = """
    select c.id, c.authority_id, coalesce(max(e.school_id), 0) as urn, c.upn, c.born, c.local_id
    from children_child c
    join care_careperiod p on p.authority_id = c.authority_id and p.child_id = c.id and p.kind = 'looked_after'
        and p.ends is null
    left join schools_enrolment e on e.authority_id = c.authority_id and e.child_id = c.id and e.ends is null
        and e.kind = 'main'
    group by c.authority_id, c.id
"""

Rows = list[tuple[tuple[Any, ...], str, date]]
"""A row of the table, and the UPN and date of birth of its child."""


def years(today: date) -> tuple[int, int, int]:
    """The last three school years that are over, each by the year it begins in."""
    this = this_year(today)
    return this - 3, this - 2, this - 1


def this_year(today: date) -> int:
    return today.year - (today.month < 9)


def days(year: int) -> list[date]:
    """190 school days with holidays where they usually lie."""
    closed = [
        (date(year, 10, 25), date(year, 10, 31)), (date(year, 12, 20), date(year + 1, 1, 3)),
        (date(year + 1, 2, 14), date(year + 1, 2, 20)), (date(year + 1, 4, 1), date(year + 1, 4, 14)),
        (date(year + 1, 5, 25), date(year + 1, 5, 31)),
    ]  # fmt: skip
    found, day = [], date(year, 9, 2)
    while len(found) < SCHOOL_DAYS:
        if day.weekday() < 5 and not any(first <= day <= last for first, last in closed):
            found.append(day)
        day += timedelta(days=1)
    return found


@contextlib.contextmanager
def owning(database: str) -> Iterator[Any]:
    """As the owner, whom the policies let through for as long as that."""
    with owner(database) as connection:
        for name in READ_BY_OWNER:
            connection.execute(f"alter table {name} no force row level security")
        try:
            yield connection
        finally:
            for name in READ_BY_OWNER:
                connection.execute(f"alter table {name} force row level security")


def rows_of_largest(database: str, number: int, of_years: Sequence[int]) -> tuple[int, Rows]:
    """The authority with most children in care, and so many days of its children."""
    with owning(database) as connection:
        largest = connection.execute(
            f"select authority_id from ({CHILDREN}) c group by 1 order by count(*) desc limit 1"
        ).fetchone()[0]
        children = connection.execute(
            f"select * from ({CHILDREN}) c where authority_id = %s and upn <> '' and born is not null "
            "and born < %s order by id", [largest, date(of_years[0], 1, 1)],
        ).fetchall()  # fmt: skip
    return largest, list(_rows(children, number, of_years))


def _rows(children: Sequence[tuple], number: int, of_years: Sequence[int]) -> Iterator[tuple[tuple, str, date]]:
    """As the table holds them: a child's days lie together. Twins with one UPN and birthday are one too many."""
    rng = random.Random(2026)
    seen = set()
    left = number
    every = [day for year in of_years for day in days(year)]
    for child, authority, urn, upn, born, _ in children:
        if (upn, born) in seen:
            continue
        seen.add((upn, born))
        for day, (am, pm) in zip(every[:left], rng.choices(MARKS, k=min(left, len(every))), strict=True):
            yield (child, authority, urn, day, 1, 1, 0, 0, True, True, am, pm), upn, born
        left -= min(left, len(every))
        if not left:
            return
    check(False, f"too few children for {number:,} days")


def write_file(file: Path, rows: Rows) -> None:
    with file.open("w") as out:
        out.write("UPN,Date of birth,School URN,Date,AM,PM\n")
        out.writelines(
            f"{upn},{born:%d/%m/%Y},{row[2]},{row[3]:%d/%m/%Y},{row[-2]},{row[-1]}\n" for row, upn, born in rows
        )


def emptied(database: str) -> None:
    with owning(database) as connection:
        connection.execute(
            f"truncate {TABLE}, attendance_monthsums, attendance_earliermark, attendance_delivery, exchange_import cascade"
        )


def count(database: str) -> int:
    with owning(database) as connection:
        return connection.execute(f"select count(*) from {TABLE}").fetchone()[0]


def state(database: str, number: int) -> tuple[Any, ...]:
    """How many days, a hash of all that is held of them but for the ids of deliveries, and one of the months' sums."""
    with owning(database) as connection:
        found = connection.execute(
            "select count(*), sum(hashtextextended(concat_ws(' ', authority_id, child_id, urn, day, am, pm, am_minutes, "
            f"pm_minutes, am_counts, pm_counts, am_from > 0, pm_from > 0), 0)) from {TABLE}"
        ).fetchone()
        sums = connection.execute(
            "select count(*), sum(hashtextextended(m::text, 0)) from attendance_monthsums m"
        ).fetchone()
    check(found[0] == number, f"{found[0]:,} days are held, not {number:,}")
    return (*found, *sums)
