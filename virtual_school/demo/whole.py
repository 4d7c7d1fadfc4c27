"""Which authorities are made, and how many children each has."""

import csv
from dataclasses import dataclass

from virtual_school import shipped

CALDERWICK = 909
"""Calderwick is invented. No authority has its code since April 2023, when Cumbria was divided; the shipped register
still files the schools of that area under it, so that they are the schools of Calderwick's own area."""

BESIDE_FROM = 100
"""A demonstration of fewer children is Calderwick alone."""

SUPPRESSED = 8
"""Stands in where a count is too small to be published (City of London)."""

WITHOUT_FIGURES = "420"
"""Isles of Scilly: its few children are counted with Cornwall's."""


@dataclass(frozen=True, slots=True)
class Invented:
    code: int
    name: str
    domain: str
    area: tuple[int, ...]
    children: int
    gss_code: str = ""
    region: str = ""
    is_pictured: bool = False
    is_beside: bool = False
    """One of the two councils that have pupils at a school of Calderwick's area."""

    colour: str = ""


BESIDE = (
    Invented(
        928, "Thornbury Vale Borough Council", "thornburyvale.example", (888,), 7, region="North West", is_beside=True,
        colour="#6b3a5b",
    ),
    Invented(
        835, "Eastmarch County Council", "eastmarch.example", (840,), 6, region="North East", is_beside=True,
        colour="#7a4a12",
    ),
)  # fmt: skip
"""Their codes too are of counties that are no more. They stand on the ground of Lancashire and County Durham."""


def planned(authorities: int, children: int) -> list[Invented]:
    """One: Calderwick, with a handful of children of two other councils. More: real authorities with invented
    children, the largest first, in proportion to the children looked after on 31 March 2025. Raises ValueError where
    the numbers cannot be."""
    if children < 1 or authorities < 1:
        raise ValueError("There must be at least one authority and one child.")
    if authorities == 1:
        calderwick = Invented(
            CALDERWICK, "Calderwick Council", "calderwick.example", (CALDERWICK,), children, region="North West",
            is_pictured=True, colour="#0d4a52",
        )  # fmt: skip
        return [calderwick, *(BESIDE if children >= BESIDE_FROM else ())]
    counts = _looked_after()
    if authorities > len(counts):
        raise ValueError(f"England has {len(counts)} authorities with children in care of their own.")
    if children < authorities:
        raise ValueError("There must be at least one child an authority.")
    codes = sorted(counts, key=lambda code: (-counts[code], code))[:authorities]
    shares = _parts({code: counts[code] for code in codes}, children)
    known = {authority.code: authority for authority in shipped.authorities()}
    return [
        Invented(
            int(code), known[code].name, f"authority{code}.example", _ground(code), shares[code],
            known[code].gss_code, known[code].region,
        )
        for code in codes
    ]  # fmt: skip


def _looked_after() -> dict[str, int]:
    current = {authority.code for authority in shipped.authorities() if authority.current} - {WITHOUT_FIGURES}
    with shipped.open_text("stats/cla_numbers_rates_la.csv") as file:
        return {
            row["old_la_code"]: int(row["children_count"]) if row["children_count"].isdigit() else SUPPRESSED
            for row in csv.DictReader(file)
            if row["time_period"] == "2025"
            and row["old_la_code"] in current
            and row["population_type"] == "Children looked after on 31 March each year"
        }


def _parts(counts: dict[str, int], children: int) -> dict[str, int]:
    """Whole numbers in proportion that add up, none of them nought."""
    total = sum(counts.values())
    exact = {code: children * count / total for code, count in counts.items()}
    parts = {code: max(1, int(part)) for code, part in exact.items()}
    for code in sorted(exact, key=lambda code: parts[code] - exact[code])[: max(0, children - sum(parts.values()))]:
        parts[code] += 1
    largest = max(parts, key=lambda code: parts[code])
    parts[largest] += children - sum(parts.values())
    return parts


def _ground(code: str) -> tuple[int, ...]:
    """The register may have an authority's schools under its own code, or under those of the ones it came from."""
    return (int(code), *(int(old.code) for old in shipped.authorities() if code in old.successors))
