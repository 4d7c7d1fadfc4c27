"""A child's history in care, worked out from the episodes of the statutory return (SSDA903).

The day an episode ends belongs to the next one: every `ends` here is the first day that no longer counts.
Only that day decides whether an episode is open, whatever the reason given for its end.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

SHORT_BREAKS = frozenset({"V3", "V4"})
PLACED_FOR_ADOPTION = frozenset({"A3", "A4", "A5", "A6"})
YOUTH_DETENTION = frozenset({"K1", "R5"})
"""Where a child remanded to youth detention accommodation lives: secure children's home, YOI, training centre."""

TEMPORARY = frozenset({"T0", "T1", "T2", "T3", "T4"})
REMAND = "J1"
NEXT_EPISODE_SAME_DAY = "X1"
STARTED = "S"
LEGAL_STATUS_ONLY = "L"
PLACEMENT_CHANGED = frozenset({"P", "T", "B", "U"})

LEGAL_WORDS = {
    "C1": "Interim care order",
    "C2": "Full care order",
    "D1": "Freeing order",
    "E1": "Placement order",
    "V2": "Accommodated under section 20",
    "V3": "Short breaks, each stay recorded",
    "V4": "Short breaks, agreement recorded",
    "L1": "Police protection",
    "L2": "Emergency protection order",
    "L3": "Child assessment order",
    "J1": "Remanded",
    "J2": "Accommodated under the Police and Criminal Evidence Act 1984",
    "J3": "Youth rehabilitation order with a residence or fostering requirement",
}

PLACEMENT_WORDS = {
    "U1": "Foster care with a relative or friend, long term",
    "U2": "Foster care with a relative or friend who may adopt",
    "U3": "Foster care with a relative or friend",
    "U4": "Foster care, long term",
    "U5": "Foster care with a carer who may adopt",
    "U6": "Foster care",
    "A3": "Placed for adoption with consent, current foster carer",
    "A4": "Placed for adoption with consent",
    "A5": "Placed for adoption under a placement order, current foster carer",
    "A6": "Placed for adoption under a placement order",
    "K1": "Secure children's home",
    "K2": "Children's home",
    "K3": "Supported accommodation",
    "H5": "Semi-independent accommodation",
    "P1": "With parents",
    "P2": "Independent living",
    "P3": "Residential employment",
    "R1": "Residential care home",
    "R2": "Hospital or other NHS establishment",
    "R3": "Family centre or mother and baby unit",
    "R5": "Young offender institution or secure training centre",
    "S1": "Residential school",
    "T0": "Temporary move",
    "T1": "Temporary move: in hospital",
    "T2": "Temporary move: on holiday",
    "T3": "Temporary move: carer on holiday",
    "T4": "Temporary move: up to seven days",
    "Z1": "Other placement",
    "Z11": "Other placement (Z11)",
    "Z12": "Other placement (Z12)",
    "Z13": "Other placement (Z13)",
    "Z14": "Other placement (Z14)",
}

END_WORDS = {
    "X1": "Next episode the same day, which is not held",
    "E11": "Adopted",
    "E12": "Adopted, consent dispensed with",
    "E13": "Went to live with someone without parental responsibility",
    "E14": "Remand ended",
    "E15": "Found to be 18 or over",
    "E16": "Moved abroad",
    "E17": "Turned 18 and stayed with their carers",
    "E2": "Died",
    "E3": "Care taken over by another authority",
    "E4": "Went home to parents or relatives",
    "E4A": "Went home to parents or relatives, as planned",
    "E4B": "Went home to parents or relatives, not planned",
    "E41": "Child arrangements order",
    "E45": "Special guardianship: former foster carer, relative or friend",
    "E46": "Special guardianship: former foster carer",
    "E47": "Special guardianship: relative or friend",
    "E48": "Special guardianship",
    "E5": "Independent living with support",
    "E6": "Independent living",
    "E7": "Residential care paid for by adult social care",
    "E8": "Any other reason",
    "E9": "Sentenced to custody",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeFact:
    """One row of the return. `new_reason` is its RNE, `legal_status` LS, `place` PLACE, `end_reason` REC."""

    starts: date
    ends: date | None = None
    new_reason: str = ""
    legal_status: str = ""
    need: str = ""
    place: str = ""
    provider: str = ""
    end_reason: str = ""
    change_reason: str = ""
    home_postcode: str = ""
    place_postcode: str = ""
    home_urn: str = ""
    in_area: bool | None = None
    distance_miles: float | None = None
    is_emergency: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarePeriodFact:
    """A time in care without a gap. `starts_known` is False where the first episode held is not the start of care."""

    starts: date
    ends: date | None = None
    end_reason: str = ""
    kind: Literal["looked_after", "short_breaks"] = "looked_after"
    starts_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementFact:
    """A time in one home with one carer, whatever legal statuses it spans."""

    starts: date
    ends: date | None = None
    place: str = ""
    provider: str = ""
    postcode: str = ""
    home_urn: str = ""
    in_area: bool | None = None
    distance_miles: float | None = None
    is_emergency: bool | None = None

    @property
    def words(self) -> str:
        return PLACEMENT_WORDS.get(self.place, self.place or "Placement not recorded")


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalStatusFact:
    starts: date
    ends: date | None = None
    code: str = ""

    @property
    def words(self) -> str:
        return LEGAL_WORDS.get(self.code, self.code or "Legal status not recorded")


def is_open(starts: date, ends: date | None, day: date) -> bool:
    return starts <= day and (ends is None or ends > day)


def is_short_break(episode: EpisodeFact) -> bool:
    return episode.legal_status in SHORT_BREAKS


def current_episode(episodes: Iterable[EpisodeFact], day: date) -> EpisodeFact | None:
    """The open episode outside short breaks that started last. It gives the placement and the legal status."""
    found: EpisodeFact | None = None
    for episode in episodes:
        if episode.legal_status in SHORT_BREAKS or not is_open(episode.starts, episode.ends, day):
            continue
        if found is None or episode.starts > found.starts:
            found = episode
    return found


def in_short_breaks(episodes: Iterable[EpisodeFact], day: date) -> bool:
    return any(is_short_break(episode) and is_open(episode.starts, episode.ends, day) for episode in episodes)


def twelve_months_at_31_march(episodes: Sequence[EpisodeFact], year: int) -> bool:
    """Whether a child was looked after for the twelve months to 31 March of the year given.

    Walks back from the current episode over episodes that end on the very day the next one starts. A gap, an
    overlap or a short break breaks the walk; what the codes say does not matter.
    """
    current = current_episode(episodes, date(year, 3, 31))
    if current is None:
        return False
    first_day = date(year - 1, 4, 1)
    reached = {current.starts}
    walk = [current.starts]
    while walk:
        start = walk.pop()
        if start <= first_day:
            return True
        for episode in episodes:
            if episode.ends != start or episode.starts >= start or is_short_break(episode):
                continue
            if episode.starts not in reached:
                reached.add(episode.starts)
                walk.append(episode.starts)
    return False


def in_order(episodes: Iterable[EpisodeFact]) -> list[EpisodeFact]:
    """By start. An episode that runs past the start of the next is cut there, so that no two overlap."""
    ordered = sorted(episodes, key=lambda episode: episode.starts)
    for place, following in enumerate(ordered[1:]):
        episode = ordered[place]
        if episode.ends is None or episode.ends > following.starts:
            ordered[place] = replace(episode, ends=following.starts)
    return ordered


def goes_on(episode: EpisodeFact, following: EpisodeFact) -> bool:
    """Whether care goes on from one episode to the next, in the order of time.

    A child who left care and came back the same day, as both rows say, began a new period.
    """
    if episode.ends != following.starts or is_short_break(episode) != is_short_break(following):
        return False
    return not (following.new_reason == STARTED and episode.end_reason not in ("", NEXT_EPISODE_SAME_DAY))


def care_periods(episodes: Iterable[EpisodeFact]) -> tuple[CarePeriodFact, ...]:
    """From coming into care (RNE S) to leaving it (a REC other than X1), in the order of time.

    Short breaks stand apart from being looked after. Where the first row held is not a start, care began
    earlier than the period says.
    """
    periods: list[CarePeriodFact] = []
    previous: EpisodeFact | None = None
    for episode in in_order(episodes):
        if previous is not None and goes_on(previous, episode):
            periods[-1] = replace(periods[-1], ends=episode.ends, end_reason=_reason_left(episode))
        else:
            periods.append(
                CarePeriodFact(
                    starts=episode.starts,
                    ends=episode.ends,
                    end_reason=_reason_left(episode),
                    kind="short_breaks" if is_short_break(episode) else "looked_after",
                    starts_known=episode.new_reason in (STARTED, ""),
                )
            )
        previous = episode
    return tuple(periods)


def _reason_left(episode: EpisodeFact) -> str:
    return episode.end_reason if episode.ends else ""


def placements(episodes: Iterable[EpisodeFact]) -> tuple[PlacementFact, ...]:
    """Episodes that share the placement, carer and postcode are one placement, in the order of time."""
    found: list[PlacementFact] = []
    previous: EpisodeFact | None = None
    for episode in in_order(episodes):
        if previous is not None and goes_on(previous, episode) and _same_placement(previous, episode):
            latest = found[-1]
            found[-1] = replace(
                latest,
                ends=episode.ends,
                in_area=latest.in_area if episode.in_area is None else episode.in_area,
                distance_miles=latest.distance_miles if episode.distance_miles is None else episode.distance_miles,
                postcode=episode.place_postcode or latest.postcode,
                home_urn=episode.home_urn or latest.home_urn,
            )
        else:
            found.append(
                PlacementFact(
                    starts=episode.starts,
                    ends=episode.ends,
                    place=episode.place,
                    provider=episode.provider,
                    postcode=episode.place_postcode,
                    home_urn=episode.home_urn,
                    in_area=episode.in_area,
                    distance_miles=episode.distance_miles,
                    is_emergency=episode.is_emergency,
                )
            )
        previous = episode
    return tuple(found)


def _same_placement(episode: EpisodeFact, following: EpisodeFact) -> bool:
    if following.place != episode.place:
        return False
    if following.new_reason == LEGAL_STATUS_ONLY:
        return True
    where = (episode.provider, episode.home_urn, episode.place_postcode)
    if where != (following.provider, following.home_urn, following.place_postcode):
        return False
    # A hidden address leaves nothing to compare, so the reason for the new episode decides.
    return bool(following.place_postcode) or following.new_reason not in PLACEMENT_CHANGED


def legal_statuses(episodes: Iterable[EpisodeFact]) -> tuple[LegalStatusFact, ...]:
    """Episodes in a row under one legal status are one, in the order of time."""
    found: list[LegalStatusFact] = []
    previous: EpisodeFact | None = None
    for episode in in_order(episodes):
        if previous is not None and goes_on(previous, episode) and previous.legal_status == episode.legal_status:
            found[-1] = replace(found[-1], ends=episode.ends)
        else:
            found.append(LegalStatusFact(starts=episode.starts, ends=episode.ends, code=episode.legal_status))
        previous = episode
    return tuple(found)
