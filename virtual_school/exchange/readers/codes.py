"""The code sets of the SSDA903 return, from data/codes/codes.csv."""

import csv
from dataclasses import dataclass
from functools import cache

from virtual_school import shipped

YES_NO_FIELDS = (
    "CONVICTED",
    "HEALTH_CHECK",
    "IMMUNISATIONS",
    "TEETH_CHECK",
    "HEALTH_ASSESSMENT",
    "SUBSTANCE_MISUSE",
    "INTERVENTION_RECEIVED",
    "INTERVENTION_OFFERED",
)

# Retired codes and what they became: 2024-25 for SEX, H5 and P2; 2025-26 for Z1.
# Z1 was split into Z11 to Z14; which one cannot be known, so the first is used and the old code is kept.
BECAME = {
    ("SEX", "1"): "M",
    ("SEX", "2"): "F",
    ("PLACE", "H5"): "K3",
    ("PLACE", "P2"): "K3",
    ("PLACE", "Z1"): "Z11",
}

# Retired codes that cannot be mapped to one new code: kept as received.
KEPT = {
    (
        "REC",
        "E4",
    ): "E4 was split into E4A (planned) and E4B (not planned) in 2018-19: this row does not say which"
}


@dataclass(frozen=True)
class Code:
    code: str
    description: str
    first_year: str
    last_year: str
    note: str


@cache
def ssda903_codes() -> dict[str, dict[str, Code]]:
    """Codes of each field, retired ones too. ACCOM is spelled out: a letter then 1 or 2, or 0."""
    found: dict[str, dict[str, Code]] = {}
    with shipped.open_text("codes/codes.csv") as file:
        for row in csv.DictReader(file):
            if row["standard"] != "SSDA903":
                continue
            code = Code(row["code"], row["description"], row["from"], row["to"], row["note"])
            for name, spelled in _spelled_out(row["field"], code):
                found.setdefault(name, {})[spelled.code] = spelled
    return found


def _spelled_out(field: str, code: Code) -> list[tuple[str, Code]]:
    if field.startswith("CONVICTED/"):
        return [(name, code) for name in YES_NO_FIELDS]
    if field.startswith("ACCOM first letter"):
        suitable = {"1": "suitable", "2": "not suitable"}
        return [
            (
                "ACCOM",
                Code(
                    code.code + digit,
                    f"{code.description}: {words}",
                    code.first_year,
                    code.last_year,
                    code.note,
                ),
            )
            for digit, words in suitable.items()
        ]
    if field.startswith("ACCOM (whole value)"):
        return [("ACCOM", code)]
    return [(field, code)]
