"""The open data shipped in data/ beside the package. Its sources and licences are in data/README.md."""

import csv
import io
import json
import lzma
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TextIO

DATA = Path(__file__).resolve().parents[1] / "data"


@dataclass(frozen=True)
class Authority:
    code: str
    gss_code: str
    name: str
    region_code: str
    region: str
    current: bool
    successors: tuple[str, ...]


@dataclass(frozen=True)
class Neighbour:
    rank: int
    code: str
    name: str
    closeness: str


@dataclass(frozen=True)
class TermDate:
    """A term or holiday; both ends are inside it."""

    la_code: str
    la_name: str
    academic_year: str
    kind: str
    label: str
    start: date
    end: date
    source: str
    status: str


def path(name: str) -> Path:
    """Where a shipped file is. The name is relative to data/, with or without .xz."""
    for candidate in (DATA / name, DATA / f"{name}.xz"):
        if candidate.is_file():
            return candidate
    raise FileNotFoundError(f"The shipped data file {name} is missing from {DATA.name}/.")


def content(name: str) -> bytes:
    """The bytes of a shipped file, uncompressed."""
    found = path(name)
    stored = found.read_bytes()
    return lzma.decompress(stored) if found.suffix == ".xz" else stored


def open_text(name: str) -> TextIO:
    """A shipped UTF-8 file as text, uncompressed, ready for csv."""
    return io.TextIOWrapper(io.BytesIO(content(name)), encoding="utf-8-sig", newline="")


@cache
def authorities() -> tuple[Authority, ...]:
    """Every authority with a three-digit code, abolished ones too."""
    with open_text("la/local_authorities.csv") as file:
        return tuple(
            Authority(
                code=row["la_code"],
                gss_code=row["gss_code"],
                name=row["la_name"],
                region_code=row["region_code"],
                region=row["region_name"],
                current=row["current"] == "Y",
                successors=tuple(row["successor_la_codes"].split(";")) if row["successor_la_codes"] else (),
            )
            for row in csv.DictReader(file)
        )


@cache
def statistical_neighbours() -> dict[str, tuple[Neighbour, ...]]:
    """Ten neighbours of each authority code, nearest first."""
    found: dict[str, list[Neighbour]] = {}
    with open_text("la/statistical_neighbours.csv") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["la_code"], []).append(
                Neighbour(int(row["rank"]), row["neighbour_la_code"], row["neighbour_la_name"], row["closeness"])
            )
    return {code: tuple(sorted(rows, key=lambda row: row.rank)) for code, rows in found.items()}


@cache
def bank_holidays() -> dict[date, str]:
    """Bank holidays in England and Wales, 2012 to 2028."""
    with open_text("calendar/bank-holidays.json") as file:
        events = json.load(file)["england-and-wales"]["events"]
    return {date.fromisoformat(event["date"]): event["title"] for event in events}


@cache
def term_dates() -> tuple[TermDate, ...]:
    with open_text("calendar/term_dates.csv") as file:
        return tuple(
            TermDate(
                la_code=row["la_code"],
                la_name=row["la_name"],
                academic_year=row["academic_year"],
                kind=row["kind"],
                label=row["label"],
                start=date.fromisoformat(row["start"]),
                end=date.fromisoformat(row["end"]),
                source=row["source"],
                status=row["status"],
            )
            for row in csv.DictReader(file)
        )
