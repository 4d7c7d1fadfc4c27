"""England's marks: taken in beside a plain COPY, pages about them asked for, a year's figures beside DuckDB.

Runs in a copy of England's database. DuckDB gets the same marks as Parquet files, a row a child's day, as we hold them.
"""

import tempfile
import time
from pathlib import Path
from typing import Any

from .attendance_filled import fill
from .attendance_marks import COLUMNS, TABLE, Rows, emptied, owning, rows_of_largest, state, write_file, years
from .attendance_pages import asked
from .attendance_sums import figures
from .ground import Scale, check, command, copy, url, working_on
from .tables import Table

BAR_TIMES_COPY = 3.0
IMPORTED = {"full": 500_000, "small": 20_000}
COPIED = 3


def measure(scale: Scale) -> Table:
    from django.utils import timezone

    table = Table("Attendance", columns=("Rows", "What came of it"))
    number = IMPORTED[scale.name]
    table.notes.append(_note(number))
    with copy("vs_attendance") as database:
        _taken_in(table, number, database)
        rows = fill(table, database)
        with working_on(database):
            asked(table, scale)
            figures(table, database, years(timezone.localdate())[-1], rows)
    return table


def _note(number: int) -> str:
    return (
        f"Marks are kept a child's day a row. The import is of {number:,} days (twice as many marks) as a CSV file with "
        "UPN and date of birth: each cell checked, each pupil matched, compared with what is held, written, the sums of "
        "the months brought into step; from the start of the command to its end. COPY is the owner's, of the same rows "
        f"made ready, into the same table with its keys, and checks nothing else; the middle of {COPIED} times, each into "
        "an empty table as the import has it. Then three whole school years of every child in care in England are made, "
        "and this year's days so far, and pages asked for whole, by requests in process, with row-level security on. "
        "Figures by authority are of every child of a whole year: possible sessions, absence, persistent and severe "
        "absentees. DuckDB has the same marks as Parquet, a row a child's day, and the same cores."
    )


def _taken_in(table: Table, number: int, database: str) -> None:
    from django.utils import timezone

    largest, rows = rows_of_largest(database, number, years(timezone.localdate()))
    with tempfile.TemporaryDirectory(prefix="virtual-school-bench-") as place:
        file = Path(place) / "registers.csv"
        write_file(file, rows)
        copied = sorted(_copied(database, rows) for _ in range(COPIED))[COPIED // 2]
        arguments = ["import", "attendance", file, "--authority", str(largest), "--json"]
        started = command("import", "attendance", "--template", environment=url(database))
        first = command(*arguments, "--apply", environment=url(database))
        state(database, number)
        again = command(*arguments, "--apply", environment=url(database))
        check(state(database, number), "the same marks again")
        emptied(database)
    rows_said = f"{number:,}"
    table.add(
        "Plain COPY of the rows, made ready",
        copied,
        "s",
        None,
        (rows_said, f"{number * 2 / copied:,.0f} marks a second"),
    )
    table.add("The same as a file, checked and applied", first.seconds, "s", copied * BAR_TIMES_COPY,
              (rows_said, f"{number * 2 / first.seconds:,.0f} marks a second, {first.megabytes:,.0f} MB; "
                          f"{first.seconds / copied:.1f} times COPY"))  # fmt: skip
    table.add(
        "Of that, starting the command", started.seconds, "s", None, ("", "the database asked whether it is up to date")
    )
    table.add("The same again: nothing changes", again.seconds, "s", None, (rows_said, ""))


def _copied(database: str, rows: Rows) -> float:
    """Seconds of the COPY itself, until it is committed."""
    ready = ["\t".join(_as_text(value) for value in row) + "\n" for row, _, _ in rows]
    parts = ["".join(ready[start : start + 5_000]) for start in range(0, len(ready), 5_000)]
    emptied(database)
    with owning(database) as connection:
        began = time.perf_counter()
        with connection.cursor() as cursor, cursor.copy(f"copy {TABLE} ({COLUMNS}) from stdin") as out:
            for part in parts:
                out.write(part)
        seconds = time.perf_counter() - began
    emptied(database)
    return seconds


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    return value.replace("\\", "\\\\") if isinstance(value, str) else str(value)
