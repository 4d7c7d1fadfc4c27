"""Published absence of children in care, to stand beside an authority's own, with year and definition."""

import csv
from dataclasses import dataclass
from functools import cache

from virtual_school import shipped

SOURCE = "Department for Education, Outcomes for children in need, including children looked after"
DEFINITION = (
    "children looked after for twelve months at 31 March, matched to the school census; six half terms; persistent "
    "means absent for 10% or more of their own possible sessions, severe 50% or more"
)
GROUPS = {
    "looked_after": "CLA 12 months at 31 March",
    "child_in_need": "CINO at 31 March",
    "child_protection": "CPPO at 31 March",
}
LEVELS = {"National": "England", "Regional": "region", "Local authority": "authority"}


@dataclass(frozen=True, slots=True)
class Published:
    """Percentages as published: None where the cell is a symbol, which `symbols` keeps (c: too small, z: no
    denominator, x: not there)."""

    year: str
    area: str
    level: str
    pupils: str
    absence: float | None
    authorised: float | None
    unauthorised: float | None
    persistent: float | None
    severe: float | None
    symbols: tuple[tuple[str, str], ...] = ()

    @property
    def citation(self) -> str:
        return f"{SOURCE}, {self.year}"


MEASURES = {
    "absence": "pt_overall",
    "authorised": "pt_sess_authorised",
    "unauthorised": "pt_sess_unauthorised",
    "persistent": "pt_pupils_pa_10_exact",
    "severe": "pt_pupils_pa_50_exact",
}


@cache
def _rows(group: str, phase: str) -> tuple[dict[str, str], ...]:
    with shipped.open_text("stats/cla_absence_la.csv") as file:
        return tuple(
            row
            for row in csv.DictReader(file)
            if row["social_care_group"] == GROUPS[group] and row["phase_type_grouping"] == phase
        )


def published(authority: int, group: str = "looked_after", phase: str = "Total") -> list[Published]:
    """England's, the region's and the authority's own, newest year first."""
    rows = _rows(group, phase)
    region = next((row["region_code"] for row in rows if row["old_la_code"] == str(authority)), "")
    found = [
        _published(row)
        for row in rows
        if row["geographic_level"] == "National"
        or (row["geographic_level"] == "Regional" and row["region_code"] == region)
        or row["old_la_code"] == str(authority)
    ]
    order = list(LEVELS.values())
    return sorted(found, key=lambda one: (-int(one.year[:4]), order.index(one.level)))


def _published(row: dict[str, str]) -> Published:
    values, symbols = {}, []
    for name, column in MEASURES.items():
        text = row[column].strip()
        try:
            values[name] = float(text)
        except ValueError:
            values[name] = None  # type: ignore[assignment]
            symbols.append((name, text))
    year = row["time_period"]
    return Published(
        year=f"{year[:4]}/{year[4:]}",
        area=row["la_name"] or row["region_name"] or row["country_name"],
        level=LEVELS[row["geographic_level"]],
        pupils=row["t_pupils"],
        symbols=tuple(symbols),
        **values,
    )
