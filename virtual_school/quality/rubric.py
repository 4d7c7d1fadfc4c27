"""A rubric as data: what is rated, on which scale, how much each counts, and how the marks come to a result. Pure.

A document an authority can change (`RubricVersion.content`); the shipped starting sets are in `quality/library`.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

SIDES = ("school", "social_work")
RATED_BY = {"section": "Section by section", "criterion": "By criterion", "plan": "Approved or not"}
WHEN = {"": "Every plan", "transition": "Only when a move is near"}
SHELF = Path(__file__).parent / "library"
MOST_WEIGHT = 10


class FaultyRubric(ValueError):
    """What is wrong with a rubric, in words for the person who changes it."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(self.faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A step of a scale, counted from 0. `is_good`: counts as good or better in the measures."""

    key: str
    label: str
    hint: str = ""
    is_good: bool = False
    colour: str = "grey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """What is rated: a criterion or a section. `sections` are those of the plan it is about.

    One that does not count is rated and told, and left out of the result. `training` is what helps where it is low.
    """

    key: str
    label: str
    side: str = "school"
    hint: str = ""
    weight: int = 1
    counts: bool = True
    is_on: bool = True
    when: str = ""
    sections: tuple[str, ...] = ()
    training: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The result `to` is reached when all marks but `all_but` are at least `at_least`, and none is below `others`."""

    to: str
    at_least: str
    all_but: int = 0
    others: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The result `to` is reached from this share of the points on (percent)."""

    to: str
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """No better than `to` where marks of `at` or below are `any`, `more_than_one` or a `majority`."""

    to: str
    at: str
    when: str = "any"
    criterion: str = ""


CAPS = {"any": "any", "more_than_one": "more than one", "majority": "more than half"}
KINDS = {"best_fit": "By how many marks reach a level", "weighted": "By the share of all points"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUp:
    """`best_fit` takes the best band that is reached, `weighted` the best share; else `otherwise`. Caps come last."""

    kind: str
    otherwise: str
    bands: tuple[Band, ...] = ()
    shares: tuple[Share, ...] = ()
    caps: tuple[Cap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """Scale and results from the lowest to the highest."""

    key: str
    name: str
    rated_by: str
    about: str
    scale: tuple[Level, ...]
    results: tuple[Level, ...]
    criteria: tuple[Criterion, ...]
    rule: RollUp

    def of_side(self, side: str) -> tuple[Criterion, ...]:
        return tuple(one for one in self.criteria if one.is_on and one.side == side)

    def criterion(self, key: str) -> Criterion | None:
        return next((one for one in self.criteria if one.key == key), None)

    def points(self, level: str) -> int:
        return next(n for n, one in enumerate(self.scale) if one.key == level)

    def level(self, key: str) -> Level | None:
        return next((one for one in self.scale if one.key == key), None)

    def result(self, key: str) -> Level | None:
        return next((one for one in self.results if one.key == key), None)

    def rank(self, result: str) -> int:
        return next(n for n, one in enumerate(self.results) if one.key == result)

    @property
    def most(self) -> int:
        return len(self.scale) - 1


def to_document(rubric: Rubric) -> dict[str, Any]:
    def plain(one: Any) -> Any:
        if isinstance(one, tuple):
            return [plain(part) for part in one]
        if hasattr(one, "__slots__") and not isinstance(one, str | int):
            return {name: plain(getattr(one, name)) for name in one.__dataclass_fields__}
        return one

    document = plain(rubric)
    assert isinstance(document, dict)
    return document


def from_document(told: Mapping[str, Any]) -> Rubric:
    """Raises FaultyRubric with everything that is wrong."""
    try:
        rule = told["rule"]
        rubric = Rubric(
            key=str(told["key"]),
            name=str(told["name"]).strip(),
            rated_by=told["rated_by"],
            about=str(told.get("about", "")),
            scale=tuple(Level(**one) for one in told["scale"]),
            results=tuple(Level(**one) for one in told["results"]),
            criteria=tuple(
                Criterion(**{**one, "sections": tuple(one.get("sections", ()))}) for one in told["criteria"]
            ),
            rule=RollUp(
                kind=rule["kind"],
                otherwise=rule["otherwise"],
                bands=tuple(Band(**one) for one in rule.get("bands", ())),
                shares=tuple(Share(**one) for one in rule.get("shares", ())),
                caps=tuple(Cap(**one) for one in rule.get("caps", ())),
            ),
        )
    except (KeyError, TypeError) as why:
        raise FaultyRubric([f"The rubric cannot be read: {why}."]) from None
    if faults := faults_of(rubric):
        raise FaultyRubric(faults)
    return rubric


def faults_of(rubric: Rubric) -> list[str]:
    """What cannot be, in words."""
    found = []
    if not rubric.name:
        found.append("Give the rubric a name.")
    if rubric.rated_by not in RATED_BY:
        found.append(f"A rubric cannot rate by {rubric.rated_by!r}.")
    for what, steps in (("scale", rubric.scale), ("results", rubric.results)):
        keys = [one.key for one in steps]
        if len(keys) < 2 or len(set(keys)) != len(keys):
            found.append(f"The {what} needs two different steps or more.")
    keys = [one.key for one in rubric.criteria]
    found += [f"“{key}” stands twice." for key in sorted({key for key in keys if keys.count(key) > 1})]
    for one in rubric.criteria:
        if not one.label.strip():
            found.append(f"“{one.key}” has no name.")
        if one.side not in SIDES or one.when not in WHEN:
            found.append(f"“{one.label}” is told to nobody or asked at no time.")
        if not 0 <= one.weight <= MOST_WEIGHT:
            found.append(f"“{one.label}” counts between 0 and {MOST_WEIGHT} times.")
    counted = [one for one in rubric.of_side("school") if one.counts and one.weight > 0]
    if not counted:
        found.append("Nothing counts for the school's result.")
    return found + _faults_of_rule(rubric)


def _faults_of_rule(rubric: Rubric) -> list[str]:
    rule, found = rubric.rule, []
    scale = {one.key for one in rubric.scale}
    results = {one.key for one in rubric.results}
    if rule.kind not in KINDS:
        found.append(f"A result cannot be found by {rule.kind!r}.")
    named = [rule.otherwise, *(one.to for one in rule.bands), *(one.to for one in rule.shares)]
    named += [one.to for one in rule.caps]
    found += [f"There is no result {name!r}." for name in dict.fromkeys(named) if name not in results]
    levels = [level for one in rule.bands for level in (one.at_least, one.others) if level]
    levels += [one.at for one in rule.caps]
    found += [f"There is no level {name!r}." for name in dict.fromkeys(levels) if name not in scale]
    if any(one.all_but < 0 for one in rule.bands):
        found.append("All but fewer than none cannot be.")
    if any(not 0 <= one.percent <= 100 for one in rule.shares):
        found.append("A share of the points lies between 0% and 100%.")
    found += [f"A result is held down by {one.when!r}, which is no rule." for one in rule.caps if one.when not in CAPS]
    known = {one.key for one in rubric.criteria}
    found += [f"There is no criterion {one.criterion!r}." for one in rule.caps if one.criterion not in {"", *known}]
    needed = rule.bands if rule.kind == "best_fit" else rule.shares
    if not needed:
        found.append("The rule reaches no result but the lowest.")
    return found


def rule_words(rubric: Rubric) -> list[str]:
    """The rule in sentences, from the best result down."""
    rule = rubric.rule
    label = {one.key: one.label for one in rubric.results}
    step = {one.key: one.label.lower() for one in rubric.scale}
    found = []
    if rule.kind == "best_fit":
        for band in sorted(rule.bands, key=lambda one: -rubric.rank(one.to)):
            but = f"all but {band.all_but}" if band.all_but else "all"
            rest = f", and none is below {step[band.others]}" if band.others else ""
            found.append(f"{label[band.to]}: {but} of the marks are {step[band.at_least]} or better{rest}.")
    else:
        for share in sorted(rule.shares, key=lambda one: -rubric.rank(one.to)):
            found.append(f"{label[share.to]}: from {share.percent}% of the points.")
    found.append(f"{label[rule.otherwise]}: otherwise.")
    for cap in rule.caps:
        one = rubric.criterion(cap.criterion) if cap.criterion else None
        if one is not None:
            found.append(f"No better than {label[cap.to].lower()} if “{one.label}” is {step[cap.at]}.")
        else:
            lower = " or lower" if rubric.points(cap.at) else ""
            found.append(
                f"No better than {label[cap.to].lower()} if {CAPS[cap.when]} of the marks {_is(cap.when)} "
                f"{step[cap.at]}{lower}."
            )
    return found


def _is(when: str) -> str:
    return "are" if when == "majority" else "is"


def without(rubric: Rubric, keys: Iterable[str]) -> Rubric:
    """Criteria taken out. Raises FaultyRubric for one that a rule names."""
    gone = set(keys)
    named = [one.label for one in rubric.criteria if one.key in gone & {cap.criterion for cap in rubric.rule.caps}]
    if named:
        raise FaultyRubric(
            f"“{label}” holds a result down by a rule. Change how marks come to a result first." for label in named
        )
    return replace(rubric, criteria=tuple(one for one in rubric.criteria if one.key not in gone))


def with_changes(rubric: Rubric, criteria: Mapping[str, Mapping[str, Any]]) -> Rubric:
    """`criteria`: by key, what changes of each. Raises FaultyRubric."""
    changed = replace(rubric, criteria=tuple(replace(one, **criteria.get(one.key, {})) for one in rubric.criteria))
    if faults := faults_of(changed):
        raise FaultyRubric(faults)
    return changed


@cache
def library() -> dict[str, Rubric]:
    """The shipped starting sets, by key."""
    shared = tomllib.loads((SHELF / "criteria.toml").read_text("utf-8"))
    found = {}
    for path in sorted(SHELF.glob("set_*.toml")):
        told = tomllib.loads(path.read_text("utf-8"))
        for name in told.pop("criteria_from", ()):
            told["criteria"] = [*told.get("criteria", ()), *shared[name]]
        rubric = from_document(told)
        found[rubric.key] = rubric
    return found


USUAL = "four_grades"
"""The starting set an authority rates by until it chooses."""
