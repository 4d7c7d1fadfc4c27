"""Taking in the statutory return and the register, by the command, in copies of England's database."""

import csv
import json
import lzma
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from .ground import CHECKOUT, SAMPLE, Run, Scale, check, command, copy, empty, home, run, url
from .tables import Table

AUTHORITY = "420"
"""Isles of Scilly: the one authority the demonstration leaves out."""
VALIDATOR_YEAR, VALIDATOR_AUTHORITY = "2026", "E06000053"
BAR_SAMPLE, BAR_LARGE_COMPARED, BAR_LARGE_APPLIED, BAR_MEGABYTES, BAR_REGISTER = 10, 20, 60, 700, 60


def measure(scale: Scale) -> Table:
    large_bars = (BAR_LARGE_COMPARED, BAR_LARGE_APPLIED) if scale.name == "full" else (None, None)
    table = Table("Imports", columns=("Most memory", "Rows", "What came of it"))
    table.notes.append(
        "`virtual-school import` from the start of the command to its end. Applied means read, compared and written; the "
        f"worker then works out the duties (see Duties). The sample return has 2,675 children; {scale.times} "
        "times over, each copy of a child has an identifier of its own. csc-validator-be-903 runs on the same files "
        "right after: it checks them against the rules of the return and writes nothing, so the two are neighbours in "
        "a year's work, not rivals."
    )
    python = validator_python(scale)
    with tempfile.TemporaryDirectory(prefix="virtual-school-bench-") as place:
        sample, large = Path(place) / "sample", Path(place) / "large"
        unpack(sample)
        multiply(sample, large, scale.times)
        with copy("vs_imports") as database:
            runs = taken_in(table, "Sample return", database, sample, BAR_SAMPLE, BAR_SAMPLE)
        validated(table, "Sample return", python, sample)
        with copy("vs_imports") as database:
            runs += taken_in(table, f"{scale.times} times the sample", database, large, *large_bars)
        validated(table, f"{scale.times} times the sample", python, large)
        runs += register(table, Path(place) / "schools.csv")
    table.add("Most memory of any of these commands", max(one.megabytes for one in runs), "MB", BAR_MEGABYTES)
    return table


def unpack(folder: Path) -> None:
    with zipfile.ZipFile(SAMPLE) as archive:
        archive.extractall(folder)


def multiply(of: Path, folder: Path, times: int) -> None:
    folder.mkdir()
    for file in of.glob("*.csv"):
        with file.open(newline="") as given, (folder / file.name).open("w", newline="") as out:
            first, *rows = csv.reader(given)
            child = first.index("CHILD")
            writer = csv.writer(out)
            writer.writerow(first)
            for number in range(times):
                writer.writerows([*row[:child], f"{row[child]}{number:02d}", *row[child + 1 :]] for row in rows)


def taken_in(
    table: Table, what: str, database: str, folder: Path, compared: float | None, applied: float | None
) -> list[Run]:
    files = sorted(folder.glob("*.csv"))
    arguments = ["import", "ssda903", *files, "--authority", AUTHORITY, "--invented", "--json"]
    runs = [command(*arguments, *more, environment=url(database)) for more in ([], ["--apply"], [])]
    tell(table, f"{what}, compared", runs[0], compared)
    first = tell(table, f"{what}, compared and applied", runs[1], applied)
    check(first["created"] > 1000, f"only {first['created']} rows were made")
    again = tell(table, f"{what}, compared again once applied", runs[2], compared)
    check(again["created"] + again["changed"] + again["ended"] == 0, f"the same return again would change {again}")
    return runs


def tell(table: Table, what: str, done: Run, bar: float | None) -> dict[str, int]:
    document = json.loads(done.out)
    total = {name: document[name] for name in ("rows_read", "created", "changed", "ended", "unchanged")}
    total["rejected"] = len(document["rejected"])
    came = ", ".join(
        f"{total[name]:,} {name}" for name in ("created", "changed", "unchanged", "rejected") if total[name]
    )
    table.add(what, done.seconds, "s", bar, (f"{done.megabytes:,.0f} MB", f"{total['rows_read']:,}", came))
    return total


def validated(table: Table, what: str, python: Path, folder: Path) -> None:
    script = CHECKOUT / "benchmarks" / "validator.py"
    done = run([python, script, folder, VALIDATOR_YEAR, VALIDATOR_AUTHORITY])
    said = json.loads(done.out.splitlines()[-1])
    check(said["rules"] > 100, f"the validator asked only {said['rules']} rules")
    rows = sum(len(file.read_text().splitlines()) - 1 for file in folder.glob("*.csv"))
    table.add(
        f"{what}, csc-validator-be-903", done.seconds, "s", None,
        (f"{done.megabytes:,.0f} MB", f"{rows:,}", f"{said['rules']} rules asked, {said['found']:,} faults"),
    )  # fmt: skip


def validator_python(scale: Scale) -> Path:
    """Of an environment of its own: what the validator needs (pandas 1, setuptools 62) excludes what we need."""
    place = home(scale) / "validator"
    python = place / "bin" / "python"
    wanted = CHECKOUT / "requirements-bench.txt"
    kept = place / "requirements.txt"
    if not kept.exists() or kept.read_text() != wanted.read_text():
        shutil.rmtree(place, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        subprocess.run(
            [
                python,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--require-hashes",
                "-r",
                wanted,
            ],
            check=True,
        )
        shutil.copy(wanted, kept)
    return python


def register(table: Table, file: Path) -> list[Run]:
    with lzma.open(CHECKOUT / "data" / "schools" / "schools.csv.xz") as packed, file.open("wb") as out:
        shutil.copyfileobj(packed, out)
    arguments = ["import", "schools", file, "--json", "--apply"]
    with empty("vs_register") as database:
        runs = [command(*arguments, environment=url(database)) for _ in range(2)]
    first = tell(table, "Register of schools, into nothing", runs[0], BAR_REGISTER)
    check(first["created"] > 20_000, f"only {first['created']} schools were made")
    tell(table, "Register of schools, the same again", runs[1], BAR_REGISTER)
    return runs
