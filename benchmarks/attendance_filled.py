"""Three school years of marks of every child in care in England, and this year's so far, made in the database."""

import time
from datetime import date

from .attendance_marks import CHILDREN, COLUMNS, MARKS, TABLE, days, owning, this_year, years
from .tables import Table

KEY = "foreign key (authority_id, child_id) references children_child (authority_id, id) on delete cascade"
FILL = f"""
    insert into {TABLE} ({COLUMNS})
    select child.id, child.authority_id, child.urn, day, 1, 1, 0, 0, true, true, split_part(said, ' ', 1), split_part(said, ' ', 2)
    from (select * from bench_children order by authority_id, id) child
    cross join lateral unnest(%s::date[]) as day
    cross join lateral (select (array[{", ".join(f"'{am} {pm}'" for am, pm in MARKS)}])
                               [1 + abs(hashtext(child.id || ' ' || day)) %% 100]) as picked (said)
"""
SUM = """
    with code as (select * from unnest(%(codes)s::text[], {arrays}) as code (code, {columns})),
    alike as materialized (
        select authority_id, child_id, date_trunc('month', day::timestamp)::date as month, am, pm, count(*) as n
        from {part} group by 1, 2, 3, 4, 5
    )
    insert into attendance_monthsums (authority_id, child_id, month, {columns})
    select authority_id, child_id, month, {sums}
    from alike cross join lateral (values (am), (pm)) session (code) join code using (code)
    group by 1, 2, 3 order by 1, 2, 3
"""


def fill(table: Table, database: str) -> int:
    """The key to the child is taken off meanwhile and put back. How many rows a whole year has."""
    from django.utils import timezone

    today = timezone.localdate()
    began = time.perf_counter()
    with owning(database) as connection:
        connection.execute("set work_mem = '256MB'")
        connection.execute("set maintenance_work_mem = '512MB'")
        connection.execute("set synchronous_commit = off")
        connection.execute(f"create temporary table bench_children as {CHILDREN}")
        connection.execute(f"alter table {TABLE} drop constraint {TABLE}_child_key")
        for year in years(today):
            connection.execute(FILL, [days(year)])
        so_far = [day for day in days(this_year(today)) if day <= today]
        connection.execute(FILL, [so_far])
        connection.execute(f"alter table {TABLE} add constraint {TABLE}_child_key {KEY}")
        for year in (*years(today), this_year(today)):
            _sum(connection, year)
        connection.execute(
            "insert into attendance_delivery (id, source, sender, by_name, received_at) values (1, 'file', '', '', now()) "
            "on conflict do nothing"
        )
        connection.execute(f"vacuum analyze {TABLE}, attendance_monthsums")
        rows = connection.execute(f"select count(*) from {TABLE}").fetchone()[0]
        size = connection.execute(
            "select sum(pg_total_relation_size(inhrelid)) from pg_inherits where inhparent = %s::regclass", [TABLE]
        ).fetchone()[0]
        children = connection.execute("select count(*) from bench_children").fetchone()[0]
    table.add("Making three years of England's marks and this year's so far, in the database",
              time.perf_counter() - began, "s", None, (f"{rows:,}", f"{rows * 2:,} marks"))  # fmt: skip
    table.add("Room they take, keys included", float(size) / 1024**2, "MB", None, (f"{rows:,}", ""))
    return int(children) * len(days(this_year(date.today())))


def _sum(connection: object, year: int) -> None:
    from virtual_school.attendance.codes import codes
    from virtual_school.attendance.recounting import COLUMNS as SUMMED
    from virtual_school.attendance.sums import sums_of_counts

    one_of_each = {code: sums_of_counts({code: 1}) for code in codes()}
    statement = SUM.format(
        part=f"{TABLE}_{year}", columns=", ".join(SUMMED), sums=", ".join(f"sum(n * {name})" for name in SUMMED),
        arrays=", ".join(f"%({name})s::int[]" for name in SUMMED),
    )  # fmt: skip
    arrays = {name: [getattr(sums, name) for sums in one_of_each.values()] for name in SUMMED}
    connection.execute(statement, {"codes": list(one_of_each), **arrays})  # type: ignore[attr-defined]
