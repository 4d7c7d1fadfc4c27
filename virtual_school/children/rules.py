"""Who a child is, as far as the rules need to know. Names stay out: a rule never needs one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from virtual_school.authorities.rules import AuthorityFacts
from virtual_school.dates.ages import age_on
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.law.obligation import Step, step

ADULT_AGE = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportFact:
    """A time with a social worker without being looked after ("child_in_need", "child_protection"), or "kinship"."""

    kind: str
    starts: date
    ends: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFacts:
    authority: AuthorityFacts
    born: date | None = None
    sex: str = ""
    evidence: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    """By duty, the days on which somebody recorded that it was done for this child."""

    support: tuple[SupportFact, ...] = ()
    school_calendar: SchoolCalendar
    """Of the child's own school where it is held, else of the authority."""

    roll_checked_on: date | None = None


def is_adult(facts: ChildFacts, day: date) -> bool:
    """Whether the 18th birthday has come. A child whose date of birth is not held is no adult."""
    return facts.born is not None and age_on(facts.born, day) >= ADULT_AGE


def not_born(facts: ChildFacts, day: date) -> bool:
    return facts.born is not None and facts.born > day


def evidence_since(facts: ChildFacts, duty_id: str, since: date, day: date) -> date | None:
    """The first day, from `since` to `day`, on which a duty was recorded as done for this child."""
    return min((on for on in facts.evidence.get(duty_id, ()) if since <= on <= day), default=None)


def supported_as(facts: ChildFacts, kinds: frozenset[str], day: date) -> SupportFact | None:
    for support in facts.support:
        if support.kind in kinds and support.starts <= day and (support.ends is None or support.ends > day):
            return support
    return None


BIRTH_NOT_HELD: Step = step("The date of birth is not held, and this duty depends on age.")
