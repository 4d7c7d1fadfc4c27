"""Where the invented children live and learn: real schools of the register, and homes put beside them.

A home has the postcode of a school near it, never that of a house.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import hypot
from random import Random

METRES_IN_A_MILE = 1609.344
FAR_MILES = 20
PRIMARY, SECONDARY, SPECIAL, COLLEGE = "primary", "secondary", "special", "college"
NEAREST = 5


@dataclass(frozen=True, slots=True)
class SchoolPlace:
    urn: int
    name: str
    la_code: int
    number: str
    postcode: str
    kind: str
    low_age: int
    high_age: int
    gender: str
    east: int
    north: int

    def takes(self, year_group: int, sex: str) -> bool:
        if self.gender not in ("", "Mixed") and (self.gender == "Girls") != (sex == "F"):
            return False
        return self.low_age <= year_group + 4 and self.high_age >= year_group + 5


@dataclass(frozen=True, slots=True)
class Home:
    """Where a child lives, with whom, and what the return says of it."""

    place: str = ""
    provider: str = ""
    postcode: str = ""
    la_code: int = 0
    in_area: bool | None = None
    miles: float | None = None
    urn: str = ""
    carer: str = ""
    near: SchoolPlace | None = None


KINDS = {"2": PRIMARY, "3": PRIMARY, "4": SECONDARY, "5": SECONDARY, "7": SECONDARY, "6": COLLEGE}


def kind_of(phase_code: str, type_name: str) -> str:
    if "special" in type_name.lower():
        return SPECIAL
    return KINDS.get(phase_code, "")


class England:
    """The open schools of the register, by authority and kind."""

    def __init__(self, schools: Iterable[SchoolPlace]) -> None:
        self.by_area: dict[int, dict[str, list[SchoolPlace]]] = defaultdict(lambda: defaultdict(list))
        for school in schools:
            self.by_area[school.la_code][school.kind].append(school)
        self._nearest: dict[tuple[int, str], list[SchoolPlace]] = {}
        self._near_areas: dict[int, list[int]] = {}

    def held(self, la_codes: Iterable[int]) -> tuple[int, ...]:
        """Those under which the register has schools: an authority may be younger than it."""
        return tuple(code for code in la_codes if code in self.centres)

    @cached_property
    def centres(self) -> dict[int, tuple[float, float]]:
        found = {}
        for la_code, kinds in self.by_area.items():
            placed = [school for school in kinds[PRIMARY] if school.east]
            if placed:
                found[la_code] = (
                    sum(school.east for school in placed) / len(placed),
                    sum(school.north for school in placed) / len(placed),
                )
        return found

    def areas_from(self, la_code: int) -> list[int]:
        """Every authority, nearest first; itself leads."""
        if la_code not in self._near_areas:
            east, north = self.centres[la_code]
            self._near_areas[la_code] = sorted(
                self.centres, key=lambda other: hypot(self.centres[other][0] - east, self.centres[other][1] - north)
            )
        return self._near_areas[la_code]

    def nearest(self, home: SchoolPlace, kind: str, year_group: int, sex: str) -> list[SchoolPlace]:
        """A few schools of a kind that take such a child, nearest first. Special schools and colleges are not
        on the register's map: any of the area will do, else of the next area that has one."""
        if kind in (SPECIAL, COLLEGE):
            for la_code in self.areas_from(home.la_code):
                there = [s for s in self.by_area[la_code][kind] if s.takes(year_group, sex)]
                if there:
                    return there
        key = (home.urn, kind)
        if key not in self._nearest:
            around = [
                school
                for la_code in self.areas_from(home.la_code)[:4]
                for school in self.by_area[la_code][kind]
                if school.east
            ]
            around.sort(key=lambda school: hypot(school.east - home.east, school.north - home.north))
            self._nearest[key] = around[:40]
        return [school for school in self._nearest[key] if school.takes(year_group, sex)][:NEAREST]


def miles_between(a: SchoolPlace, b: SchoolPlace) -> float:
    if not (a.east and b.east):
        return 0.0 if a.la_code == b.la_code else 12.0
    return hypot(a.east - b.east, a.north - b.north) / METRES_IN_A_MILE


@dataclass
class Area:
    """An authority's own ground. `codes` are the register's for it: its own, or those it came from."""

    code: int
    codes: tuple[int, ...]
    england: England
    homes_made: int = field(default=0)

    @cached_property
    def inside(self) -> list[SchoolPlace]:
        return [s for code in self.codes for s in self.england.by_area[code][PRIMARY] if s.east]

    @cached_property
    def around(self) -> list[SchoolPlace]:
        near = [code for code in self.england.areas_from(self.codes[0])[:9] if code not in self.codes]
        return [s for code in near for s in self.england.by_area[code][PRIMARY] if s.east]

    @cached_property
    def away(self) -> list[SchoolPlace]:
        further = [code for code in self.england.areas_from(self.codes[0])[1:45] if code not in self.codes]
        return [s for code in further for s in self.england.by_area[code][PRIMARY] if s.east]

    def spot(self, rng: Random, where: str, family: SchoolPlace) -> SchoolPlace:
        """Somewhere "in" the area, "near" outside it, or "far" from the family's home and outside it.

        A large area has nothing near outside it: then it is inside.
        """
        if where != "in":
            choices = self.around if where == "near" else self.away
            for _ in range(25):
                found = rng.choice(choices)
                if (miles_between(family, found) > FAR_MILES) == (where == "far"):
                    return found
        return rng.choice(self.inside)
