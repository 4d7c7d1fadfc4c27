"""The invented children: who they are and what their time in care was, before any row is written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from virtual_school.dates.ages import age_on, birthday

from . import lives, names, shares
from .lives import Story
from .places import Area
from .schooling import Attended

YEAR = 365.25
SIBLINGS = 0.3
KEPT_TOGETHER = ("foster", "parents")


@dataclass(slots=True)
class Subject:
    """`cohort` is the part of the roll the child is made for. What is None is left to chance when rows are made."""

    forename: str
    surname: str
    sex: str
    born: date
    ethnicity: str
    band: str
    story: Story
    cohort: str = "looked_after"
    is_alone: bool = False
    is_special: bool = False
    support: str = ""
    attended: list[Attended] | None = None
    first_reviews: list[date] | None = None
    first_plan: tuple[date | None, date | None, date | None, str] | None = None
    this_term: tuple[date | None, date | None, date | None, str] | None = None
    is_pictured: bool = False
    adviser: int | None = None
    faults: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Spec:
    band: str
    is_new: bool
    kind: str
    moves: int
    born: date
    sex: str


def _age_in_days(rng: Random, band: str) -> int:
    if band == "alone":
        low, high = (16, 18) if rng.random() < 0.9 else (14, 16)
    else:
        low, high = {"0": (0, 1), "1-4": (1, 5), "5-9": (5, 10), "10-15": (10, 16), "16-17": (16, 18)}[band]
    return rng.randrange(int(low * YEAR) + 2, int(high * YEAR) - 2)


def _specs(rng: Random, number: int, today: date) -> list[_Spec]:
    bands = shares.dealt(rng, shares.AGES, number)
    moves = shares.dealt(rng, shares.MOVES_IN_A_YEAR, number)
    decks: dict[str, tuple[list[bool], list[str]]] = {}
    for band, share in shares.LESS_THAN_A_YEAR.items():
        count = bands.count(band)
        decks[band] = (
            shares.dealt(rng, {True: share, False: 1 - share}, count),
            shares.dealt(rng, shares.PLACED[band], count),
        )
    specs = []
    for band, moved in zip(bands, moves, strict=True):
        born = today - timedelta(days=_age_in_days(rng, band))
        sex = "M" if rng.random() < (0.94 if band == "alone" else 0.56) else "F"
        is_new, kind = decks[band][0].pop(), decks[band][1].pop()
        specs.append(_Spec(band, is_new, kind, moved, born, sex))
    return specs


def _days_in_care(rng: Random, spec: _Spec, today: date) -> int:
    age = (today - spec.born).days
    if spec.band == "0":
        return age - rng.randrange(0, min(age, 90) + 1)
    if spec.is_new or age < 400:
        days = min(rng.randrange(0, 365), age - 1)
        return rng.randrange(30, min(365, age)) if spec.kind == "adoption" and days < 30 else days
    longest = age - 10 if spec.band != "alone" else age - int(13 * YEAR)
    mean = 300 if spec.band in ("1-4", "alone") else 1150
    return min(366 + int(rng.expovariate(1 / mean)), max(longest, 366))


def looked_after(rng: Random, area: Area, number: int, today: date) -> Iterator[Subject]:
    specs = _specs(rng, number, today)
    while specs:
        spec = specs.pop()
        days = _days_in_care(rng, spec, today)
        starts = today - timedelta(days=days)
        story = lives.in_care(rng, area, spec.band, spec.born, starts, spec.kind, spec.moves, today)
        if spec.band == "alone":
            forename, surname, ethnicity = names.alone_name(rng, spec.sex)
            yield Subject(forename, surname, spec.sex, spec.born, ethnicity, spec.band, story=story, is_alone=True)
            continue
        ethnicity = shares.drawn(rng, shares.ETHNICITIES)
        forename, surname = names.child_name(rng, ethnicity, spec.sex)
        is_special = rng.random() < (0.35 if spec.kind in ("home", "residential") else 0.09)
        yield Subject(forename, surname, spec.sex, spec.born, ethnicity, spec.band, story=story, is_special=is_special)
        if spec.kind in KEPT_TOGETHER and rng.random() < SIBLINGS:
            for other in _siblings(specs, spec, starts)[: rng.choice((1, 1, 2))]:
                specs.remove(other)
                forename, family_name = names.child_name(rng, ethnicity, other.sex, surname)
                yield Subject(
                    forename, family_name, other.sex, other.born, ethnicity, other.band, story=story,
                    is_special=rng.random() < 0.09,
                )  # fmt: skip


def _siblings(specs: list[_Spec], spec: _Spec, starts: date) -> list[_Spec]:
    """Others yet to be made who could have come into care together with this child, to the same home."""
    return [
        other
        for other in specs[-90:]
        if other.kind == spec.kind
        and (other.is_new, other.moves) == (spec.is_new, spec.moves)
        and other.band not in ("alone", "0")
        and other.born < starts
        and 300 < abs((other.born - spec.born).days) < 9 * YEAR
    ]


def previously_looked_after(rng: Random, area: Area, number: int, today: date) -> Iterator[Subject]:
    """Adopted, or under a special guardianship or child arrangements order, and of school age or near it."""
    for reason in shares.dealt(rng, shares.LEFT_BY_ORDER, number):
        adopted = reason in ("E11", "E12")
        age = rng.randrange(int(2.5 * YEAR), int(16 * YEAR))
        born = today - timedelta(days=age)
        youngest, oldest = (500, min(age - 20, int(6 * YEAR))) if adopted else (300, min(age - 20, int(12 * YEAR)))
        left_at = rng.randrange(youngest, max(oldest, youngest + 1))
        ends = born + timedelta(days=left_at)
        starts = ends - timedelta(days=min(left_at - 5, rng.randrange(420, 1000)))
        band = "1-4" if left_at < 5 * YEAR else "5-9" if left_at < 10 * YEAR else "10-15"
        story = lives.in_care(rng, area, band, born, starts, "adoption" if adopted else "foster", 0, ends)
        story.ends, story.end_reason = ends, reason
        yield _left(rng, story, born, band, "previously_looked_after")


def care_leavers(rng: Random, area: Area, number: int, today: date) -> Iterator[Subject]:
    ages = {16: 3, 17: 5, 18: 22, 19: 20, 20: 18, 21: 14, 22: 8, 23: 6, 24: 4}
    for age in shares.dealt(rng, ages, number):
        born = today - timedelta(days=rng.randrange(int(age * YEAR) + 1, int((age + 1) * YEAR) - 1))
        is_alone = rng.random() < 0.18 and age >= 18
        ends = birthday(born, 18) if age >= 18 else today - timedelta(days=rng.randrange(20, 300))
        days = rng.randrange(120, 900) if is_alone else 400 + int(rng.expovariate(1 / 1300))
        starts = max(ends - timedelta(days=days), born + timedelta(days=400))
        band = "alone" if is_alone else "16-17"
        kind = shares.drawn(rng, {"foster": 50, "home": 20, "supported": 30})
        story = lives.in_care(rng, area, band, born, starts, kind, 0, ends)
        story.ends = ends
        story.end_reason = shares.drawn(rng, shares.LEFT_AT_18) if age >= 18 else "E4A"
        if story.end_reason == "E17" and kind != "foster":
            story.end_reason = "E5"
        yield _left(rng, story, born, band, "care_leaver", is_alone)


def _left(rng: Random, story: Story, born: date, band: str, cohort: str, is_alone: bool = False) -> Subject:
    sex = "M" if rng.random() < (0.94 if is_alone else 0.55) else "F"
    if is_alone:
        forename, surname, ethnicity = names.alone_name(rng, sex)
    else:
        ethnicity = shares.drawn(rng, shares.ETHNICITIES)
        forename, surname = names.child_name(rng, ethnicity, sex)
    return Subject(forename, surname, sex, born, ethnicity, band, story, cohort, is_alone)


def others(rng: Random, area: Area, number: int, today: date) -> Iterator[Subject]:
    """Short breaks, children with a social worker at home, children in kinship care."""
    kinds = {"short_breaks": 25, "child_in_need": 30, "child_protection": 25, "kinship": 20}
    for kind in shares.dealt(rng, kinds, number):
        born = today - timedelta(days=rng.randrange(int(3 * YEAR), int(16.5 * YEAR)))
        sex = rng.choice("MF")
        ethnicity = shares.drawn(rng, shares.ETHNICITIES)
        forename, surname = names.child_name(rng, ethnicity, sex)
        band = "5-9" if age_on(born, today) < 10 else "10-15"
        starts = today - timedelta(days=rng.randrange(20, 800))
        family = rng.choice(area.inside)
        story = Story(starts=max(starts, born + timedelta(days=300)), family=family, need="N2")
        place = rng.choice(("U6", "K2", "R1")) if kind == "short_breaks" else "P1"
        home = lives.a_home(rng, area, family, lives.kind_of(place), place, "in")
        story.homes = [lives.HomeStart(story.starts, home)]
        story.legal = [(story.starts, "V4")]
        is_break = kind == "short_breaks"
        cohort = "short_breaks" if is_break else "kinship" if kind == "kinship" else "social_worker"
        yield Subject(
            forename, surname, sex, born, ethnicity, band, story, cohort, is_special=is_break,
            support="" if is_break else kind,
        )  # fmt: skip
