"""What the rules know of a child's time in care, and which part of the roll that puts the child in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from virtual_school.children.rules import ChildFacts, is_adult, supported_as
from virtual_school.dates.ages import age_on, birthday, collection_year, compulsory_school_age_until
from virtual_school.law import constants

from .history import (
    PLACED_FOR_ADOPTION,
    REMAND,
    TEMPORARY,
    YOUTH_DETENTION,
    CarePeriodFact,
    EpisodeFact,
    LegalStatusFact,
    PlacementFact,
    care_periods,
    current_episode,
    in_short_breaks,
    legal_statuses,
    placements,
)

LEFT_CARE_BY_ORDER = frozenset({"E11", "E12", "E41", "E45", "E46", "E47", "E48"})
"""Adoption, child arrangements order, special guardianship: previously looked after (Children Act 1989 s23ZZA(6))."""

NO_LONGER_OURS = frozenset({"E2", "E3", "E15"})
"""Died, in another authority's care, or found to have been an adult."""

SOCIAL_WORKER = frozenset({"child_in_need", "child_protection"})
KINSHIP = frozenset({"kinship"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFact:
    """A review of the child's case. One after the day asked about is booked, not held."""

    on: date
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SdqFact:
    """A strengths and difficulties total, or why there is none, for the year that ends on 31 March of `year`."""

    year: int
    score: int | None = None
    reason: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CareLeaverFact:
    """What the return says of a care leaver (OC3) for the year that ends on 31 March of `year`."""

    year: int
    in_touch: str = ""
    activity: str = ""
    accommodation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CareFacts(ChildFacts):
    episodes: tuple[EpisodeFact, ...] = ()
    periods: tuple[CarePeriodFact, ...] = ()
    placements: tuple[PlacementFact, ...] = ()
    legal_statuses: tuple[LegalStatusFact, ...] = ()
    """The last three are worked out from the episodes unless they are given."""

    reviews: tuple[ReviewFact, ...] = ()
    reviews_known: bool = True
    """Whether this authority has loaded or recorded any child's reviews here."""

    reviews_from: date | None = None
    """The first day for which reviews are held; None: the first day of the earliest return loaded."""

    reviews_to: date | None = None
    """The last day for which reviews are held; None: up to now."""

    is_uasc: bool = False
    uasc_until: date | None = None
    sdq: tuple[SdqFact, ...] = ()
    sdq_known: bool = True
    previous_permanence: str = ""
    care_leaver: tuple[CareLeaverFact, ...] = ()

    def __post_init__(self) -> None:
        if not self.episodes:
            return
        if not self.periods:
            object.__setattr__(self, "periods", care_periods(self.episodes))
        if not self.placements:
            object.__setattr__(self, "placements", placements(self.episodes))
        if not self.legal_statuses:
            object.__setattr__(self, "legal_statuses", legal_statuses(self.episodes))


def period_on(facts: CareFacts, day: date) -> CarePeriodFact | None:
    """The time in care that a day lies in, looked after or in short breaks."""
    for period in facts.periods:
        if period.starts <= day and (period.ends is None or period.ends > day):
            return period
    return None


def looked_after_on(facts: CareFacts, day: date) -> CarePeriodFact | None:
    """The time in care that a day lies in, short breaks left out."""
    period = period_on(facts, day)
    return period if period is not None and period.kind == "looked_after" else None


def placement_on(facts: CareFacts, day: date) -> PlacementFact | None:
    for placement in reversed(facts.placements):
        if placement.starts <= day and (placement.ends is None or placement.ends > day):
            return placement
    return None


def first_placement(facts: CareFacts, period: CarePeriodFact) -> PlacementFact | None:
    for placement in facts.placements:
        if placement.starts == period.starts:
            return placement
    return None


def settled_placement_on(facts: CareFacts, period: CarePeriodFact, day: date) -> PlacementFact | None:
    return settled_placement(facts.placements, period.starts, day)


def settled_placement(placements: Sequence[PlacementFact], since: date, day: date) -> PlacementFact | None:
    """Where a child lives, temporary moves left out, from the day they first came there; `since` coming into care.

    A child back from hospital or respite in the home they left has not been placed anew.
    """
    settled: PlacementFact | None = None
    for placement in reversed(placements):
        if placement.starts > day or placement.place in TEMPORARY:
            continue
        if placement.starts < since:
            break
        if settled is None or _same_home(placement, settled):
            settled = placement
        else:
            break
    return settled


def _same_home(one: PlacementFact, other: PlacementFact) -> bool:
    return (one.place, one.provider, one.home_urn, one.postcode) == (
        other.place,
        other.provider,
        other.home_urn,
        other.postcode,
    )


def legal_status_on(facts: CareFacts, day: date) -> LegalStatusFact | None:
    for status in reversed(facts.legal_statuses):
        if status.starts <= day and (status.ends is None or status.ends > day):
            return status
    return None


def last_left(facts: CareFacts, day: date) -> CarePeriodFact | None:
    """The time looked after that ended last, on or before a day."""
    for period in reversed(facts.periods):
        if period.kind == "looked_after" and period.ends is not None and period.ends <= day:
            return period
    return None


def is_unaccompanied(facts: CareFacts, day: date) -> bool:
    return facts.is_uasc and (facts.uasc_until is None or facts.uasc_until > day)


def is_placed_for_adoption(facts: CareFacts, day: date) -> bool:
    placement = placement_on(facts, day)
    return placement is not None and placement.place in PLACED_FOR_ADOPTION


def is_by_remand_to_detention_only(facts: CareFacts, period: CarePeriodFact, day: date) -> bool:
    """Looked after only through remand to youth detention (2010 Regulations, reg 47B(4)).

    A child who was looked after before the remand keeps the care plan and what goes with it.
    """
    if legal := legal_status_on(facts, day):
        if legal.code != REMAND or legal.starts > period.starts:
            return False
        placement = placement_on(facts, day)
        return placement is not None and placement.place in YOUTH_DETENTION
    return False


def eligible_from(facts: CareFacts, until: date) -> date | None:
    """The day a child became eligible: 13 weeks looked after since 14, some of it after 16 (reg 40).

    Counted to the day given, open care taken to go on until then. Short breaks do not count (reg 48).
    """
    if facts.born is None:
        return None
    fourteen = birthday(facts.born, constants.ELIGIBLE_CHILD_SINCE_AGE)
    sixteen = birthday(facts.born, constants.ELIGIBLE_CHILD_FROM_AGE)
    missing = constants.ELIGIBLE_CHILD_WEEKS * 7
    reached: date | None = None
    for period in facts.periods:
        if period.kind != "looked_after":
            continue
        start = max(period.starts, fourteen)
        end = until + timedelta(days=1)
        if period.ends is not None and period.ends < end:
            end = period.ends
        if end <= start:
            continue
        if reached is None:
            days = (end - start).days
            if days >= missing:
                reached = start + timedelta(days=missing - 1)
            missing -= days
        if reached is not None:
            eligible = max(reached, sixteen, start)
            if eligible < end:
                return eligible
    return None


def cohort(facts: CareFacts, day: date) -> str:
    """Which part of the roll a child stands in: the first of the groups that fits, or none.

    Looked after, short breaks, previously looked after (until compulsory school age ends), care leaver (to 25),
    with a social worker, in kinship care.
    """
    if current_episode(facts.episodes, day) is not None:
        return "looked_after"
    if in_short_breaks(facts.episodes, day):
        return "short_breaks"
    left = last_left(facts, day)
    reason = left.end_reason if left else ""
    if reason == "E2":
        return ""
    if reason in LEFT_CARE_BY_ORDER and (facts.born is None or day <= compulsory_school_age_until(facts.born)):
        return "previously_looked_after"
    if _is_care_leaver(facts, left, day):
        return "care_leaver"
    if not is_adult(facts, day):
        if supported_as(facts, SOCIAL_WORKER, day):
            return "social_worker"
        if supported_as(facts, KINSHIP, day):
            return "kinship"
    return ""


def _is_care_leaver(facts: CareFacts, left: CarePeriodFact | None, day: date) -> bool:
    if left is not None and left.end_reason in NO_LONGER_OURS:
        return False
    if facts.born is not None:
        age = age_on(facts.born, day)
        if not constants.ELIGIBLE_CHILD_FROM_AGE <= age < constants.CARE_LEAVER_OFFER_UNTIL_AGE:
            return False
    latest = max(
        (record for record in facts.care_leaver if record.year <= collection_year(day)),
        key=lambda record: record.year,
        default=None,
    )
    if latest is not None:
        return latest.in_touch not in ("DIED", "RHOM")
    return left is not None and eligible_from(facts, day) is not None
