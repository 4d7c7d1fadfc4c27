"""How the invented children are spread. England's figures as at 31 March 2025 where they are published.

`data/stats` gives the mix of placements (67 foster, 12 children's home or secure, 9 supported or independent,
6 with parents), 10% with three or more placements in a year, 18% placed over 20 miles away outside the area,
72% twelve months in care (58,530 of 81,770), and the scores, health checks and moves of school. Eight in a
hundred are unaccompanied. What is finer than that (single codes, ways in) is a lifelike guess, and says nothing
about England.
"""

from random import Random
from typing import TypeVar

T = TypeVar("T")

AGES: dict[str, float] = {"0": 5, "1-4": 13, "5-9": 18, "10-15": 38, "16-17": 18, "alone": 8}
"""Age bands of children in care; "alone" are unaccompanied asylum-seeking children."""

LESS_THAN_A_YEAR = {"0": 1.0, "1-4": 0.33, "5-9": 0.20, "10-15": 0.20, "16-17": 0.18, "alone": 0.50}
"""Part of each band in care for less than twelve months: 28 in a hundred of all."""

PLACED: dict[str, dict[str, float]] = {
    "0": {"foster": 84, "parents": 5, "adoption": 3, "residential": 5, "other": 3},
    "1-4": {"foster": 80, "parents": 7, "adoption": 11, "residential": 1, "other": 1},
    "5-9": {"foster": 83.5, "parents": 8.5, "home": 3, "adoption": 3, "other": 2},
    "10-15": {"foster": 72, "parents": 6, "home": 18.5, "residential": 1.5, "other": 2},
    "16-17": {"foster": 43, "parents": 5, "home": 22, "supported": 22, "residential": 2, "other": 6},
    "alone": {"foster": 30, "home": 5, "supported": 58, "other": 7},
}
PLACES: dict[str, dict[str, float]] = {
    "foster": {"U1": 8, "U2": 1, "U3": 15, "U4": 27, "U5": 2, "U6": 47},
    "home": {"K2": 98, "K1": 2},
    "supported": {"K3": 100},
    "parents": {"P1": 100},
    "adoption": {"A6": 60, "A5": 15, "A4": 20, "A3": 5},
    "residential": {"R1": 45, "R2": 20, "S1": 35},
    "other": {"Z11": 40, "Z12": 30, "Z13": 15, "Z14": 15},
}
PROVIDERS: dict[str, dict[str, float]] = {
    "kin": {"PR1": 100},
    "foster": {"PR1": 50, "PR4": 44, "PR5": 6},
    "home": {"PR4": 82, "PR1": 14, "PR5": 4},
    "supported": {"PR4": 78, "PR5": 16, "PR1": 6},
    "parents": {"PR0": 100},
    "adoption": {"PR1": 55, "PR2": 20, "PR5": 25},
    "residential": {"PR4": 60, "PR3": 40},
    "other": {"": 100},
}
FAR: dict[str, float] = {"kin": 0.08, "foster": 0.15, "home": 0.44, "supported": 0.18, "parents": 0.05,
                         "adoption": 0.45, "residential": 0.45, "other": 0.35}  # fmt: skip
"""Placed outside the area and over 20 miles from home."""

NEAR_OUTSIDE = 0.15
MOVES_IN_A_YEAR = {0: 68, 1: 21, 2: 7.5, 3: 3.5}
"""Two moves or more make three placements or more: 10 in a hundred, after those too new to care for so many."""

ETHNICITIES = {"WBRI": 67, "WIRI": 0.5, "WIRT": 0.6, "WROM": 1, "WOTH": 4, "MWBC": 4, "MWBA": 1.5, "MWAS": 2,
               "MOTH": 3, "AIND": 0.6, "APKN": 3, "ABAN": 0.8, "AOTH": 1.2, "BCRB": 2.5, "BAFR": 4, "BOTH": 1,
               "CHNE": 0.2, "OOTH": 1.6, "NOBT": 1}  # fmt: skip
NEEDS = {"N1": 66, "N2": 3, "N3": 4, "N4": 8, "N5": 13, "N6": 1, "N7": 0.2, "N8": 4.8}
WAYS_IN = {"V2": 57, "C1": 31, "L1": 9, "L2": 3}
CHANGES = {"CARPL": 38, "CREQB": 14, "CREQO": 8, "CHILD": 6, "LAREQ": 5, "PLACE": 6, "ALLEG": 3, "STAND": 1,
           "CLOSE": 2, "OTHER": 17}  # fmt: skip
TOOK_PART = {"PN1": 40, "PN2": 4, "PN3": 2, "PN4": 4, "PN5": 8, "PN6": 34, "PN7": 8}

SCORE_RECEIVED = 0.78
SCORE_BANDS: dict[tuple[int, int], float] = {(2, 13): 45, (14, 16): 13, (17, 29): 42}
"""Normal, borderline, cause for concern; a mean near 14.9."""

HAD = {"has_health_assessment": 0.90, "has_teeth_check": 0.81, "has_immunisations": 0.84, "is_convicted": 0.015,
       "has_substance_misuse": 0.03}  # fmt: skip
ACTIVITIES: dict[str, dict[str, float]] = {
    "17-18": {"F1": 3, "F2": 44, "P2": 4, "F4": 2, "F5": 8, "P5": 3, "G4": 3, "G5": 25, "G6": 2, "0": 6},
    "19-21": {"F1": 6, "F2": 18, "P2": 3, "F4": 2, "F5": 19, "P5": 6, "G4": 9, "G5": 27, "G6": 4, "0": 6},
}
ACCOMMODATION = {"B1": 14, "C1": 2, "D1": 12, "U1": 34, "K1": 6, "Z1": 20, "T1": 3, "S2": 4, "H2": 3, "X2": 2}
LEFT_BY_ORDER = {"E11": 20, "E12": 18, "E45": 30, "E46": 4, "E47": 14, "E48": 3, "E41": 11}
LEFT_AT_18 = {"E17": 30, "E5": 32, "E6": 18, "E4A": 8, "E7": 7, "E8": 5}
RATINGS = {"Outstanding": 10, "Good": 66, "Requires improvement": 21, "Inadequate": 3}


def drawn(rng: Random, weights: dict[T, float]) -> T:
    return rng.choices(tuple(weights), tuple(weights.values()))[0]


def dealt(rng: Random, weights: dict[T, float], number: int) -> list[T]:
    """That many, in parts as near the weights as whole numbers allow, shuffled."""
    total = sum(weights.values())
    exact = {value: number * weight / total for value, weight in weights.items()}
    counts = {value: int(part) for value, part in exact.items()}
    short = number - sum(counts.values())
    for value in sorted(exact, key=lambda value: counts[value] - exact[value])[:short]:
        counts[value] += 1
    cards = [value for value, count in counts.items() for _ in range(count)]
    rng.shuffle(cards)
    return cards
