"""Which plans are looked at first: reasons in words, each with its weight. Pure.

The weights are council policy of ours to start from; nothing here is law. A plan is never hidden for its risk: it
only stands further up or down.
"""

from dataclasses import dataclass

HIGH, SOME = 5, 2


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

    @property
    def weight(self) -> int:
        return sum(one.weight for one in self.reasons)

    @property
    def level(self) -> str:
        return "high" if self.weight >= HIGH else "some" if self.weight >= SOME else "low"


LEVELS = {"high": ("Look at first", "red"), "some": ("Some risk", "orange"), "low": ("Low risk", "grey")}


def risk_of(facts: RiskFacts) -> Risk:
    found = []
    if facts.suspended:
        found.append(Reason("suspended or excluded since the last plan", 3))
    if not facts.has_school:
        found.append(Reason("no school place", 3))
    if facts.is_first:
        found.append(Reason("first plan", 3))
    if facts.last_was_good is False:
        found.append(Reason(f"last plan rated {facts.last_label.lower()}", 3))
    if facts.moved_school:
        found.append(Reason("moved school lately", 2))
    if facts.moved_home:
        found.append(Reason("moved home lately", 2))
    if facts.child_said == "":
        found.append(Reason("nothing from the child, and no reason", 2))
    if facts.contents_missing:
        what = "content" if facts.contents_missing == 1 else "contents"
        found.append(Reason(f"{facts.contents_missing} {what} asked by law or guidance not there", 2))
    if facts.days_sent_in_late > 0:
        days = "day" if facts.days_sent_in_late == 1 else "days"
        found.append(Reason(f"sent in {facts.days_sent_in_late} {days} late", 1))
    if facts.last_returned:
        found.append(Reason("last plan was sent back", 1))
    if facts.is_sent_in_again:
        found.append(Reason("mended and sent in again", 1))
    if facts.is_transition_year:
        found.append(Reason("a move this year", 1))
    return Risk(tuple(sorted(found, key=lambda one: -one.weight)))
