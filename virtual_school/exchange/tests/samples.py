"""A small return cut from the shipped one, and ways to correct it."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from virtual_school import shipped

RETURN = shipped.path("ssda903/2025_26.zip")
Rows = list[dict[str, str]]


def tables() -> dict[str, Rows]:
    """The shipped return by file name."""
    with zipfile.ZipFile(RETURN) as archive:
        return {
            Path(name).name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            for name in archive.namelist()
            if name.endswith(".csv")
        }


def cut(every: dict[str, Rows], children: list[str]) -> dict[str, Rows]:
    wanted = set(children)
    return {name: [dict(row) for row in rows if row["CHILD"] in wanted] for name, rows in every.items()}


def write(folder: Path, files: dict[str, Rows]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        if rows:
            with (folder / name).open("w", newline="") as out:
                writer = csv.DictWriter(out, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
        elif (folder / name).exists():
            (folder / name).unlink()
    return folder


def change(rows: Rows, which: Callable[[dict[str, str]], bool], **values: str) -> dict[str, str]:
    """Corrects the first row that fits, and gives it."""
    row = next(row for row in rows if which(row))
    row.update(values)
    return row
