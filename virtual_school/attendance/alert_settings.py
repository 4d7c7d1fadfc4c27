"""What a council sets about alerts: which rules are on, their numbers, and whose an alert is to see to. Pure.

All of it is council policy and none is law; only what counts as persistent absence is a published definition (10% or
more of a child's own possible half days, data 5.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NamedTuple

from .sums import PERSISTENT_TENTHS

PERSISTENT_PERCENT = 10 * PERSISTENT_TENTHS


class Rule(StrEnum):
    FIRST_DAY = "first_day"
    RUN = "run"
    NO_MARKS = "no_marks"
    REACHED = "reached"
    NEARING = "nearing"
    FALLING = "falling"
    WEEKDAY = "weekday"


TITLES = {
    Rule.FIRST_DAY: "First day of an absence nobody explains",
    Rule.RUN: "Half days running without leave",
    Rule.NO_MARKS: "No marks come in",
    Rule.REACHED: "10% missed: persistent absence",
    Rule.NEARING: "Nearing 10% missed",
    Rule.FALLING: "Attendance is falling",
    Rule.WEEKDAY: "A weekday that is missed most",
}
URGENCY = {rule: place for place, rule in enumerate(Rule)}


class Number(NamedTuple):
    """One number of a rule that a council sets: what it says, its unit, and between what it lies."""

    name: str
    label: str
    unit: str
    usual: int
    least: int
    most: int


NUMBERS: Mapping[Rule, tuple[Number, ...]] = {
    Rule.FIRST_DAY: (),
    Rule.RUN: (Number("running", "How many half days running without leave, or with no reason known?", "half days", 4, 2, 40),),
    Rule.NO_MARKS: (Number("days", "How many school days running without a mark?", "school days", 5, 1, 30),),
    Rule.REACHED: (
        Number("least", "From how many possible half days in the school year?", "half days", 40, 10, 200),
    ),
    Rule.NEARING: (
        Number("percent", "From how much of the school year missed?", "%", 8, 1, PERSISTENT_PERCENT - 1),
        Number("least", "From how many possible half days in the school year?", "half days", 40, 10, 200),
    ),
    Rule.FALLING: (
        Number("points", "By how many points did attendance fall?", "points", 15, 2, 60),
        Number("weeks", "In the last how many weeks, beside the twelve before?", "weeks", 4, 2, 8),
    ),
    Rule.WEEKDAY: (
        Number("times", "How many times was the same weekday missed?", "times", 3, 2, 12),
        Number("weeks", "In the last how many weeks?", "weeks", 6, 3, 12),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One rule as a council has it. `first` is the role whose it is to see to; `then` the one it goes to when left
    unseen for `after` school days, "" for none."""

    rule: Rule
    is_on: bool = True
    numbers: Mapping[str, int] = field(default_factory=dict)
    first: str = "adviser"
    then: str = "virtual_school_head"
    after: int = 5

    def __getitem__(self, name: str) -> int:
        return self.numbers[name]


def _usual(rule: Rule, first: str = "adviser", then: str = "virtual_school_head", after: int = 5) -> Setting:
    return Setting(
        rule=rule, numbers={one.name: one.usual for one in NUMBERS[rule]}, first=first, then=then, after=after
    )


USUAL: Mapping[Rule, Setting] = {
    Rule.FIRST_DAY: _usual(Rule.FIRST_DAY, after=1),
    Rule.RUN: _usual(Rule.RUN, after=2),
    Rule.NO_MARKS: _usual(Rule.NO_MARKS, first="data_officer", then="adviser", after=3),
    Rule.REACHED: _usual(Rule.REACHED, after=3),
    Rule.NEARING: _usual(Rule.NEARING),
    Rule.FALLING: _usual(Rule.FALLING),
    Rule.WEEKDAY: _usual(Rule.WEEKDAY),
}
"""What counts until a council sets its own. Council policy, not law."""


WORDS = {
    Rule.FIRST_DAY: "The first day on which a child is away and the reason is not known or not accepted",
    Rule.RUN: "{running} half days running without leave, or with no reason known",
    Rule.NO_MARKS: "No mark for {days} school days running, though marks of the child came before, or those of others come",
    Rule.REACHED: "10% or more of the school year missed, once {least} half days were possible",
    Rule.NEARING: "{percent}% or more of the school year missed and not yet 10%, once {least} half days were possible",
    Rule.FALLING: "Attendance in the last {weeks} weeks {points} points or more below that of the twelve weeks before",
    Rule.WEEKDAY: "The same weekday missed {times} times in the last {weeks} weeks, and half or more of all days missed",
}


def in_words(setting: Setting) -> str:
    """What a rule looks for, with its numbers."""
    words = WORDS[setting.rule].format(**setting.numbers)
    return words.replace("1 school days running", "1 school day") if setting.numbers.get("days") == 1 else words


def settings_of(choices: Mapping[str, Any]) -> dict[Rule, Setting]:
    """What counts, of what a council chose to have otherwise than usual."""
    return {rule: _with(usual, choices.get(rule.value, {})) for rule, usual in USUAL.items()}


def _with(usual: Setting, chosen: Mapping[str, Any]) -> Setting:
    numbers = {**usual.numbers, **chosen.get("numbers", {})}
    plain = {name: chosen[name] for name in ("is_on", "first", "then", "after") if name in chosen}
    return replace(usual, numbers=numbers, **plain)


def as_kept(setting: Setting) -> dict[str, Any]:
    """Only what differs from the usual."""
    usual = USUAL[setting.rule]
    kept: dict[str, Any] = {
        name: getattr(setting, name)
        for name in ("is_on", "first", "then", "after")
        if getattr(setting, name) != getattr(usual, name)
    }
    numbers = {name: value for name, value in setting.numbers.items() if value != usual.numbers[name]}
    return {**kept, "numbers": numbers} if numbers else kept
