"""England's marks: taken in beside a plain COPY, a day and a year asked for, a year's figures beside DuckDB.

Runs in a copy of England's database. DuckDB gets the same marks as Parquet files, a row a child's day, as we hold them.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from .ground import CHECKOUT, Scale, check, command, copy, owner, url
from .tables import Table, p95

BAR_TIMES_COPY = 3.0
BAR_PAGE, BAR_FIGURES = 0.1, 5.0
SCHOOL_DAYS = 190
YEARS = (2023, 2024, 2025)
IMPORTED = {"full": 500_000, "small": 20_000}
MARKS = [
    *[("/", "\\")] * 86, *[("I", "I")] * 5, *[("O", "O")] * 3, *[("L", "\\")] * 2,
    ("M", "\\"), ("E", "E"), ("/", "O"), ("Y1", "B"),
]  # fmt: skip
"""A hundred days of an average child."""

TABLE = "attendance_markedday"
COLUMNS = "child_id, authority_id, urn, day, am_from, pm_from, am_minutes, pm_minutes, am_counts, pm_counts, am, pm"
READ_BY_OWNER = ("children_child", "care_careperiod", "schools_enrolment", TABLE, "attendance_monthsums")


def days(year: int) -> list[date]:
    found, day = [], date(year, 9, 2)
    while len(found) < SCHOOL_DAYS:
        if day.weekday() < 5 and day.month != 8:
            found.append(day)
        day += timedelta(days=1)
    return found


def measure(scale: Scale) -> Table:
    table = Table("Attendance", columns=("Rows", "What came of it"))
    number = IMPORTED[scale.name]
    table.notes.append(
        f"Marks are kept a child's day a row. The import is of {number:,} days (twice as many marks) as a CSV file with "
        "UPN and date of birth: each cell checked, each pupil matched, compared with what is held, written, the sums of "
        "the months brought into step; from the start of the command to its end. COPY is the owner's, of the same rows "
        "made ready, into the same table with its keys, and checks nothing else. Figures by authority are of every child "
        "of a year: possible sessions, absence, persistent and severe absentees. DuckDB has the same marks as Parquet, a "
        "row a child's day, and the same cores."
    )
    with copy("vs_attendance") as database:
        _taken_in(table, number, database)
        rows = _fill(table, database)
        _asked(table, scale, database, rows)
    return table


@contextlib.contextmanager
def _owning(database: str) -> Iterator[Any]:
    """As the owner, whom the policies let through for as long as that."""
    with owner(database) as connection:
        for name in READ_BY_OWNER:
            connection.execute(f"alter table {name} no force row level security")
        try:
            yield connection
        finally:
            for name in READ_BY_OWNER:
                connection.execute(f"alter table {name} force row level security")


CHILDREN = """
    select c.id, c.authority_id, coalesce(max(e.school_id), 0) as urn, c.upn, c.born, c.local_id
    from children_child c
    join care_careperiod p on p.authority_id = c.authority_id and p.child_id = c.id and p.kind = 'looked_after'
        and p.ends is null
    left join schools_enrolment e on e.authority_id = c.authority_id and e.child_id = c.id and e.ends is null
        and e.kind = 'main'
    group by c.authority_id, c.id
"""


def _taken_in(table: Table, number: int, database: str) -> None:
    with _owning(database) as connection:
        largest = connection.execute(
            f"select authority_id from ({CHILDREN}) c group by 1 order by count(*) desc limit 1"
        ).fetchone()[0]
        children = connection.execute(
            f"select * from ({CHILDREN}) c where authority_id = %s and upn <> '' and born is not null "
            "and born < '2023-01-01' order by id", [largest],
        ).fetchall()  # fmt: skip
    rows = list(_rows(children, number))
    with tempfile.TemporaryDirectory(prefix="virtual-school-bench-") as place:
        file = Path(place) / "registers.csv"
        with file.open("w") as out:
            out.write("UPN,Date of birth,School URN,Date,AM,PM\n")
            out.writelines(
                f"{upn},{born:%d/%m/%Y},{row[2]},{row[3]:%d/%m/%Y},{row[-2]},{row[-1]}\n" for row, upn, born in rows
            )
        copied = min(_copied(database, [row for row, _, _ in rows]) for _ in range(2))
        arguments = ["import", "attendance", file, "--authority", str(largest), "--json"]
        started = command("import", "attendance", "--template", environment=url(database))
        first = command(*arguments, "--apply", environment=url(database))
        undisturbed = _state(database, number)
        again = command(*arguments, environment=url(database))
        _emptied(database)
        _killed(arguments, database)
        check(_count(database) == 0, "a killed import left marks behind")
        restarted = command(*arguments, "--apply", environment=url(database))
        check(_state(database, number) == undisturbed, "after a kill the marks are not those of an undisturbed run")
        _emptied(database)
    rows_said = f"{number:,}"
    table.add("Plain COPY of the rows, made ready", copied, "s", None, (rows_said, ""))
    table.add("The same as a file, checked and applied", first.seconds, "s", copied * BAR_TIMES_COPY,
              (rows_said, f"{number * 2 / first.seconds:,.0f} marks a second, {first.megabytes:,.0f} MB; "
                          f"{first.seconds / copied:.1f} times COPY"))  # fmt: skip
    table.add(
        "Of that, starting the command", started.seconds, "s", None, ("", "the database asked whether it is up to date")
    )
    table.add("The same again: nothing changes", again.seconds, "s", None, (rows_said, ""))
    table.add(
        "Killed (-9) while it wrote, and started again", restarted.seconds, "s", None, (rows_said, "the same marks")
    )


def _rows(children: Sequence[tuple], number: int) -> Iterator[tuple[tuple, str, date]]:
    """As the table holds them: a child's days lie together. Twins with one UPN and birthday are one too many."""
    rng = random.Random(2026)
    seen = set()
    left = number
    years = [day for year in YEARS for day in days(year)]
    for child, authority, urn, upn, born, _ in children:
        if (upn, born) in seen:
            continue
        seen.add((upn, born))
        for day, (am, pm) in zip(years[:left], rng.choices(MARKS, k=min(left, len(years))), strict=True):
            yield (child, authority, urn, day, 1, 1, 0, 0, True, True, am, pm), upn, born
        left -= min(left, len(years))
        if not left:
            return
    check(False, f"too few children for {number:,} days")


def _copied(database: str, rows: Sequence[tuple]) -> float:
    """Seconds of the COPY itself, until it is committed."""
    ready = ["\t".join(_as_text(value) for value in row) + "\n" for row in rows]
    parts = ["".join(ready[start : start + 5_000]) for start in range(0, len(ready), 5_000)]
    _emptied(database)
    with _owning(database) as connection:
        began = time.perf_counter()
        with connection.cursor() as cursor, cursor.copy(f"copy {TABLE} ({COLUMNS}) from stdin") as out:
            for part in parts:
                out.write(part)
        seconds = time.perf_counter() - began
    _emptied(database)
    return seconds


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    return value.replace("\\", "\\\\") if isinstance(value, str) else str(value)


def _emptied(database: str) -> None:
    with _owning(database) as connection:
        connection.execute(
            f"truncate {TABLE}, attendance_monthsums, attendance_earliermark, attendance_delivery, exchange_import cascade"
        )


def _count(database: str) -> int:
    with _owning(database) as connection:
        return connection.execute(f"select count(*) from {TABLE}").fetchone()[0]


def _state(database: str, number: int) -> tuple:
    """What is held, but for the ids of deliveries."""
    with _owning(database) as connection:
        found = connection.execute(
            f"select count(*), sum(hashtextextended(child_id || ' ' || urn || ' ' || day || am || ' ' || pm, 0)) from {TABLE}"
        ).fetchone()
        sums = connection.execute(
            "select sum(possible), sum(authorised), sum(unauthorised), count(*) from attendance_monthsums"
        ).fetchone()
    check(found[0] == number, f"{found[0]:,} days are held, not {number:,}")
    return (*found, *sums)


def _killed(arguments: Sequence[Any], database: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "config.command", *map(str, arguments), "--apply"], cwd=CHECKOUT,
        env={**os.environ, **url(database)}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    check(process.stderr and any("Written" in line for line in process.stderr), "the import ended before it was killed")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


FILL = f"""
    insert into {TABLE} ({COLUMNS})
    select child.id, child.authority_id, child.urn, day, 1, 1, 0, 0, true, true, mark[1], mark[2]
    from (select * from bench_children order by authority_id, id) child
    cross join lateral unnest(%s::date[]) as day
    cross join lateral (select (array[{{marks}}])[1 + abs(hashtext(child.id || ' ' || day)) %% 100]) as picked (said)
    cross join lateral string_to_array(said, ' ') as mark
"""
SUM = """
    insert into attendance_monthsums (authority_id, child_id, month, {columns})
    select authority_id, child_id, date_trunc('month', day)::date, {sums}
    from attendance_markedday cross join lateral (values (am), (pm)) session (code)
    join unnest(%(codes)s::text[], {arrays}) as code (code, {columns}) using (code)
    group by 1, 2, 3
"""


def _fill(table: Table, database: str) -> int:
    """Three years of every child in care in England. The key to the child is taken off meanwhile and put back."""
    from virtual_school.attendance.codes import codes
    from virtual_school.attendance.recounting import COLUMNS as SUMMED
    from virtual_school.attendance.sums import sums_of_counts

    key = "foreign key (authority_id, child_id) references children_child (authority_id, id) on delete cascade"
    began = time.perf_counter()
    with _owning(database) as connection:
        connection.execute(f"create temporary table bench_children as {CHILDREN}")
        connection.execute(f"alter table {TABLE} drop constraint {TABLE}_child_key")
        marks = ", ".join(f"'{am} {pm}'" for am, pm in MARKS)
        for year in YEARS:
            connection.execute(FILL.format(marks=marks), [days(year)])
        connection.execute(f"alter table {TABLE} add constraint {TABLE}_child_key {key}")
        one_of_each = {code: sums_of_counts({code: 1}) for code in codes()}
        columns = ", ".join(SUMMED)
        statement = SUM.format(
            columns=columns, sums=", ".join(f"sum({name})" for name in SUMMED),
            arrays=", ".join(f"%({name})s::int[]" for name in SUMMED),
        )  # fmt: skip
        arrays = {name: [getattr(sums, name) for sums in one_of_each.values()] for name in SUMMED}
        connection.execute(statement, {"codes": list(one_of_each), **arrays})
        connection.execute(
            "insert into attendance_delivery (id, source, sender, by_name, received_at) values (1, 'file', '', '', now()) "
            "on conflict do nothing"
        )
        connection.execute(f"vacuum analyze {TABLE}, attendance_monthsums")
        rows = connection.execute(f"select count(*) from {TABLE}").fetchone()[0]
        size = connection.execute(
            "select sum(pg_total_relation_size(inhrelid)) from pg_inherits where inhparent = %s::regclass", [TABLE]
        ).fetchone()[0]
    table.add("Making three years of England's marks in the database", time.perf_counter() - began, "s", None,
              (f"{rows:,}", f"{rows * 2:,} marks"))  # fmt: skip
    table.add("Room they take, keys included", float(size) / 1024**2, "MB", None, (f"{rows:,}", ""))
    return rows


def _asked(table: Table, scale: Scale, database: str, rows: int) -> None:
    from django.db import connection

    held = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        _asked_of(table, scale, rows)
        _figures(table, database, rows)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = held


def _asked_of(table: Table, scale: Scale, rows: int) -> None:
    from virtual_school.access.models import Membership
    from virtual_school.access.person import person_of
    from virtual_school.attendance.queries import Where, today, year_of
    from virtual_school.children.models import Child
    from virtual_school.identity.acting import acting
    from virtual_school.identity.seal import service

    from .duties import by_size

    code = by_size()[0]
    head = person_of(Membership.objects.filter(authority=code, role="virtual_school_head").order_by("id")[0].user)
    day = days(YEARS[-1])[100]
    with acting(head.claims):  # the connection is open and the calendars are worked out, as on any but the first page
        children = today(head, day)
    found: list[float] = []
    for _ in range(scale.requests):
        began = time.perf_counter()
        with acting(head.claims):
            children = today(head, day)
        found.append(time.perf_counter() - began)
    is_in = sum(child.where is Where.IN for child in children)
    check(is_in > len(children) * 0.5, f"of {len(children):,} children only {is_in:,} are in")
    table.add("Attendance today of an authority's children, 95 of 100 times", p95(found), "s", BAR_PAGE,
              (f"{len(children):,}", f"{is_in:,} in"))  # fmt: skip
    with acting(service(code)):
        ids = list(Child.objects.filter(pk__in=[child.child for child in children]).order_by("id"))
    found = []
    step = max(1, len(ids) // scale.requests)
    for child in ids[::step][: scale.requests]:
        began = time.perf_counter()
        with acting(head.claims):
            year = year_of(child, YEARS[-1])
            sums = year.sums()
        found.append(time.perf_counter() - began)
        check(len(year.days) == SCHOOL_DAYS and sums.possible > 300, f"a child's year has {len(year.days)} days")
    table.add("A child's year, 95 of 100 times", p95(found), "s", BAR_PAGE, (f"{SCHOOL_DAYS}", "days with their sums"))


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


def _figures(table: Table, database: str, rows: int) -> None:
    from virtual_school.attendance.figures import academic_year, by_authority
    from virtual_school.authorities.models import Authority
    from virtual_school.identity.acting import acting
    from virtual_school.identity.seal import service

    everyone = service(*Authority.objects.values_list("code", flat=True))
    found, ours = [], {}
    for _ in range(3):
        began = time.perf_counter()
        with acting(everyone):
            ours = by_authority(academic_year(YEARS[-1]))
        found.append(time.perf_counter() - began)
    of_year = f"{rows // len(YEARS):,}"
    table.add("A year's figures of England by authority", sorted(found)[1], "s", BAR_FIGURES,
              (of_year, f"{len(ours)} authorities"))  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="virtual-school-bench-") as place:
        seconds, theirs, megabytes = _duck(database, Path(place))
    told = {
        code: (one.pupils, one.sums.possible, one.sums.authorised, one.sums.unauthorised, one.persistent, one.severe)
        for code, one in ours.items()
    }
    check(told == theirs, "DuckDB adds the same marks up otherwise")
    table.add("The same in DuckDB over Parquet", seconds, "s", None,
              (of_year, f"the same figures; {megabytes:,.0f} MB of Parquet"))  # fmt: skip


def _duck(database: str, place: Path) -> tuple[float, dict[int, tuple[int, ...]], float]:
    import duckdb

    from virtual_school.attendance.codes import Counts, codes

    with _owning(database) as connection:
        wanted = f"copy (select child_id, authority_id, urn, day, am, pm from {TABLE}) to stdout (format csv)"
        with (place / "marks.csv").open("wb") as out, connection.cursor() as cursor, cursor.copy(wanted) as rows:
            for part in rows:
                out.write(part)
    names = {
        "child_id": "BIGINT",
        "authority_id": "INTEGER",
        "urn": "INTEGER",
        "day": "DATE",
        "am": "VARCHAR",
        "pm": "VARCHAR",
    }
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
            first=date(YEARS[-1], 9, 1), last=date(YEARS[-1] + 1, 8, 31),
        )  # fmt: skip
        found = []
        for _ in range(3):
            began = time.perf_counter()
            rows = duck.execute(statement).fetchall()
            found.append(time.perf_counter() - began)
    return sorted(found)[1], {row[0]: tuple(map(int, row[1:])) for row in rows}, parquet.stat().st_size / 1024**2


def _listed(chosen: Sequence[str]) -> str:
    return "(" + ", ".join(f"'{code}'" for code in chosen) + ")"
