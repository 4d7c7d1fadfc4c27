"""What a rule answers: who must do what by when, how it stands, and why."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar


class State(StrEnum):
    UPCOMING = "upcoming"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met_late"
    NOT_KNOWN = "not_known"
    NOT_APPLICABLE = "not_applicable"


class Strength(StrEnum):
    MUST = "must"
    SHOULD = "should"
    GRANT = "grant"
    GOOD = "good"
    POWER = "power"
    NONE = "none"
    LOCAL = "local"


class Unit(StrEnum):
    WORKING_DAYS = "working_days"
    SCHOOL_DAYS = "school_days"
    DAYS = "days"
    MONTHS = "months"
    TERM = "term"


def in_words(value: Any) -> str:
    """A fact as a sentence shows it: dates in full, tuples as a list."""
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, tuple | list):
        parts = [in_words(part) for part in value]
        if len(parts) < 2:
            return parts[0] if parts else "none"
        return f"{', '.join(parts[:-1])} and {parts[-1]}"
    return str(value)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the reasons: a sentence with named gaps, and the facts that fill them.

    The sentence is only put together when somebody reads it, since a rule answers for every child.
    """

    sentence: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return self.sentence.format_map({name: in_words(value) for name, value in self.facts.items()})


def step(sentence: str, **facts: Any) -> Step:
    return Step(sentence, facts)


@dataclass(frozen=True, slots=True)
class Clock:
    """How a deadline was counted, for the picture of the days: day 0 is `starts_on`."""

    unit: Unit
    starts_on: date
    limit: int
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Obligation:
    """One duty as it stands for one child (or, without a child, for the authority) on one day.

    `who` is the role that must act (`social_worker`, `virtual_school_head`, ...); `act` follows
    "to": "hold the first review". `occasion` tells repeated obligations of one duty apart
    ("2026/27-autumn", a date) and stays the same from day to day.
    """

    duty: str
    who: str
    act: str
    state: State
    trigger_on: date | None = None
    due_on: date | None = None
    met_on: date | None = None
    occasion: str = ""
    reasons: tuple[Step, ...] = ()
    clock: Clock | None = None
    held: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    is_local: bool = False


def state_of(day: date, due_on: date | None, met_on: date | None, soon_from: date | None) -> State:
    """How an obligation stands on a day. `soon_from` is the day from which it counts as due soon.

    Something met after `day` was not yet met on it.
    """
    if met_on is not None and met_on <= day:
        return State.MET if due_on is None or met_on <= due_on else State.MET_LATE
    if due_on is None:
        return State.NOT_KNOWN
    if due_on < day:
        return State.OVERDUE
    return State.DUE_SOON if soon_from is None or soon_from <= day else State.UPCOMING


Rule = TypeVar("Rule", bound=Callable[..., Iterator[Obligation]])

RULES: dict[str, Callable[..., Iterator[Obligation]]] = {}
"""Every rule by the id of its duty, filled as the rules modules are imported."""


def duty(*ids: str) -> Callable[[Rule], Rule]:
    """Marks the function that works out a duty. One function may answer for several ids."""

    def mark(rule: Rule) -> Rule:
        for duty_id in ids:
            if duty_id in RULES and RULES[duty_id] is not rule:
                raise ValueError(
                    f"Two rules claim the duty {duty_id}: {RULES[duty_id].__module__} and {rule.__module__}"
                )
            RULES[duty_id] = rule
        return rule

    return mark
