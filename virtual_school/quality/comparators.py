"""England's published figure beside a measure, only where children, period and counting are the same."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache

from virtual_school import shipped


@dataclass(frozen=True, slots=True)
class Comparator:
    value: float
    source: str


@dataclass(frozen=True, slots=True)
class Published:
    """Where a measure's figure stands: the file, the columns that name its row, and the column of its percentage."""

    file: str
    row: tuple[tuple[str, str], ...]
    percent: str
    title: str


PUBLISHED = {
    "I-STA-01": Published(
        "stats/cla_placement_stability_la.csv",
        (("cla_group", "CLA on 31 March"), ("placement_stability", "With 3 or more placements during the year")),
        "children_percent",
        "Children looked after in England, placement stability",
    ),
    "I-SDQ-01": Published(
        "stats/cla_health_sdq_convictions_la.csv",
        (("characteristic", "Ages 5 to 16 years with SDQ score"), ("breakdown", "SDQ score was received")),
        "children_percent",
        "Children looked after in England, strengths and difficulties",
    ),
}
NO_FAIR = "No fair comparator"


def comparator(measure: str, on: date) -> Comparator | None:
    """Of the year to the same 31 March. Other measures have none: no national return counts plans."""
    if measure not in PUBLISHED or (on.month, on.day) != (3, 31):
        return None
    return _england(measure).get(on.year)


@cache
def _england(measure: str) -> dict[int, Comparator]:
    of = PUBLISHED[measure]
    with shipped.open_text(of.file) as file:
        return {
            int(row["time_period"]): Comparator(
                float(row[of.percent]), f"{of.title}, 31 March {row['time_period']} (DfE)"
            )
            for row in csv.DictReader(file)
            if row["geographic_level"] == "National"
            and all(row[column] == value for column, value in of.row)
            and row[of.percent].isdigit()
        }
