"""Which plans are looked at first: reasons in words, each with its weight. Pure.

The weights are council policy, shipped with a start of ours; nothing here is law. A plan is never hidden for its risk:
it only stands further up or down.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MOST = 10


@dataclass(frozen=True, slots=True)
class Cause:
    """`title` as it stands among the council's choices; `usual` is the weight it ships with."""

    key: str
    title: str
    usual: int


CAUSES: Mapping[str, Cause] = {
    one.key: one
    for one in (
        Cause("suspended", "Suspended or excluded since the last plan", 3),
        Cause("no_school", "No school place", 3),
        Cause("first", "First plan", 3),
        Cause("last_weak", "Last plan not rated good", 3),
        Cause("moved_school", "Moved school lately", 2),
        Cause("moved_home", "Moved home lately", 2),
        Cause("no_voice", "Nothing from the child, and no reason", 2),
        Cause("contents", "Parts that law or guidance asks for are missing", 2),
        Cause("late", "Sent in late", 1),
        Cause("returned", "Last plan was sent back", 1),
        Cause("again", "Mended and sent in again", 1),
        Cause("transition", "A move this year", 1),
    )
}


@dataclass(frozen=True, slots=True)
class RiskPolicy:
    """`weights` by cause; nought: it makes no plan come first, and is not said. `high` and `some`: from which sum on a
    plan is looked at first, or has some risk."""

    weights: Mapping[str, int] = field(default_factory=lambda: {key: one.usual for key, one in CAUSES.items()})
    high: int = 5
    some: int = 2


USUAL = RiskPolicy()


def risk_policy(choices: Mapping[str, Any]) -> RiskPolicy:
    """What ships, with an authority's choices (`PolicyVersion.choices["quality"]`) laid over it."""
    chosen = {key: int(n) for key, n in choices.get("risk", {}).items() if key in CAUSES}
    return RiskPolicy({**USUAL.weights, **chosen}, choices.get("high", USUAL.high), choices.get("some", USUAL.some))


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFacts:
    """What is held of a plan waiting to be rated. None: not known."""

    is_first: bool = False
    days_sent_in_late: int = 0
    last_was_good: bool | None = None
    last_label: str = ""
    last_returned: int = 0
    moved_school: bool = False
    moved_home: bool = False
    suspended: bool = False
    has_school: bool = True
    is_sent_in_again: bool = False
    child_said: str | None = None
    """As a plan's summary has it: said, reason, or empty for neither."""

    contents_missing: int = 0
    is_transition_year: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    words: str
    weight: int


@dataclass(frozen=True, slots=True)
class Risk:
    reasons: tuple[Reason, ...]
    policy: RiskPolicy = USUAL

    @property
    def weight(self) -> int:
        return sum(one.weight for one in self.reasons)

    @property
    def level(self) -> str:
        return "high" if self.weight >= self.policy.high else "some" if self.weight >= self.policy.some else "low"


LEVELS = {"high": ("Look at first", "red"), "some": ("Some risk", "orange"), "low": ("Low risk", "grey")}


def risk_of(facts: RiskFacts, policy: RiskPolicy = USUAL) -> Risk:
    days = "day" if facts.days_sent_in_late == 1 else "days"
    found = {
        "suspended": facts.suspended and "suspended or excluded since the last plan",
        "no_school": not facts.has_school and "no school place",
        "first": facts.is_first and "first plan",
        "last_weak": facts.last_was_good is False and f"last plan rated {facts.last_label.lower()}",
        "moved_school": facts.moved_school and "moved school lately",
        "moved_home": facts.moved_home and "moved home lately",
        "no_voice": facts.child_said == "" and "nothing from the child, and no reason",
        "contents": facts.contents_missing > 0
        and (
            "1 part that law or guidance asks for is missing"
            if facts.contents_missing == 1
            else f"{facts.contents_missing} parts that law or guidance asks for are missing"
        ),
        "late": facts.days_sent_in_late > 0 and f"sent in {facts.days_sent_in_late} {days} late",
        "returned": facts.last_returned > 0 and "last plan was sent back",
        "again": facts.is_sent_in_again and "mended and sent in again",
        "transition": facts.is_transition_year and "a move this year",
    }
    reasons = [Reason(words, policy.weights[key]) for key, words in found.items() if words and policy.weights[key]]
    return Risk(tuple(sorted(reasons, key=lambda one: -one.weight)), policy)
