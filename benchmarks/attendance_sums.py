"""A year's figures of England by authority, beside DuckDB over Parquet."""

import os
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from .attendance_marks import TABLE, owning
from .ground import check
from .tables import Table

BAR = 5.0
TIMES = 3
DUCK = """
    with counted as (
        select authority_id, child_id,
               count(*) filter (where code in {possible}) as possible, count(*) filter (where code in {authorised}) as authorised,
               count(*) filter (where code in {unauthorised}) as unauthorised
        from (select authority_id, child_id, am as code from marks where day between '{first}' and '{last}'
              union all select authority_id, child_id, pm from marks where day between '{first}' and '{last}')
        group by authority_id, child_id
    )
    select authority_id, count(*), sum(possible), sum(authorised), sum(unauthorised),
           count(*) filter (where 10 * (authorised + unauthorised) >= possible),
           count(*) filter (where 2 * (authorised + unauthorised) >= possible)
    from counted where possible > 0 group by authority_id order by authority_id
"""


def figures(table: Table, database: str, year: int, rows: int) -> None:
    from virtual_school.attendance.figures import academic_year, by_authority
    from virtual_school.authorities.models import Authority
    from virtual_school.identity.acting import acting
    from virtual_school.identity.seal import service

    everyone = service(*Authority.objects.values_list("code", flat=True))
    found, ours = [], {}
    for _ in range(TIMES):
        began = time.perf_counter()
        with acting(everyone):
            ours = by_authority(academic_year(year))
        found.append(time.perf_counter() - began)
    of_year = f"{rows:,}"
    table.add("A year's figures of England by authority", sorted(found)[1], "s", BAR,
              (of_year, f"{len(ours)} authorities"))  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="virtual-school-bench-") as place:
        seconds, theirs, megabytes = _duck(database, year, Path(place))
    told = {
        code: (one.pupils, one.sums.possible, one.sums.authorised, one.sums.unauthorised, one.persistent, one.severe)
        for code, one in ours.items()
    }
    check(told == theirs, "DuckDB adds the same marks up otherwise")
    table.add("The same in DuckDB over Parquet", seconds, "s", None,
              (of_year, f"the same figures; {megabytes:,.0f} MB of Parquet"))  # fmt: skip


def _duck(database: str, year: int, place: Path) -> tuple[float, dict[int, tuple[int, ...]], float]:
    import duckdb

    from virtual_school.attendance.codes import Counts, codes

    with owning(database) as connection:
        wanted = f"copy (select child_id, authority_id, urn, day, am, pm from {TABLE}) to stdout (format csv)"
        with (place / "marks.csv").open("wb") as out, connection.cursor() as cursor, cursor.copy(wanted) as rows:
            for part in rows:
                out.write(part)
    names = {
        "child_id": "BIGINT", "authority_id": "INTEGER", "urn": "INTEGER", "day": "DATE", "am": "VARCHAR", "pm": "VARCHAR",
    }  # fmt: skip
    parquet = place / "marks.parquet"
    with duckdb.connect() as duck:
        duck.execute(f"set threads = {os.cpu_count()}")
        duck.execute(
            f"copy (select * from read_csv('{place / 'marks.csv'}', header = false, quote = '\"', escape = '\"', columns = {names})) "
            f"to '{parquet}' (format parquet)"
        )
        duck.execute(f"create view marks as select * from read_parquet('{parquet}')")
        of = {counts: tuple(code for code, one in codes().items() if one.counts is counts) for counts in Counts}
        statement = DUCK.format(
            possible=_listed(tuple(code for code, one in codes().items() if one.is_possible)),
            authorised=_listed(of[Counts.AUTHORISED]), unauthorised=_listed(of[Counts.UNAUTHORISED]),
            first=date(year, 9, 1), last=date(year + 1, 8, 31),
        )  # fmt: skip
        found = []
        for _ in range(TIMES):
            began = time.perf_counter()
            rows = duck.execute(statement).fetchall()
            found.append(time.perf_counter() - began)
    return sorted(found)[1], {row[0]: tuple(map(int, row[1:])) for row in rows}, parquet.stat().st_size / 1024**2


def _listed(chosen: Sequence[str]) -> str:
    return "(" + ", ".join(f"'{code}'" for code in chosen) + ")"
