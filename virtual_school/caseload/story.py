"""A child's time in care and at school, as far as a reader may know it, for the timeline and the tables."""

from dataclasses import dataclass
from datetime import date, timedelta

from virtual_school.care.history import (
    LEGAL_WORDS,
    PLACEMENT_WORDS,
    TEMPORARY,
    CarePeriodFact,
    LegalStatusFact,
    PlacementFact,
)
from virtual_school.care.models import CarePeriod, MissingEpisode
from virtual_school.children.models import Child
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.plans.rules import PlanFact, PlanFacts
from virtual_school.schools.rules import EnrolmentFact, is_of_school_age

from . import words
from .reader import Reader


@dataclass(frozen=True, slots=True)
class Gap:
    """School days without a place, from the day one ended to the day the next began."""

    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class Story:
    facts: PlanFacts
    periods: tuple[CarePeriodFact, ...]
    legal: tuple[LegalStatusFact, ...]
    homes: tuple[PlacementFact, ...]
    enrolments: tuple[EnrolmentFact, ...]
    gaps: tuple[Gap, ...]
    plans: tuple[PlanFact, ...]
    reviews: tuple[date, ...]
    missing: tuple[tuple[date, date | None, str], ...]

    def period_on(self, day: date) -> CarePeriodFact | None:
        return next((p for p in self.periods if p.starts <= day and (p.ends is None or p.ends > day)), None)

    def enrolment_on(self, day: date) -> EnrolmentFact | None:
        found = [e for e in self.enrolments if e.starts <= day and (e.ends is None or e.ends > day)]
        return next((e for e in found if e.kind == "main"), found[0] if found else None)

    def gap_on(self, day: date) -> Gap | None:
        return next((gap for gap in self.gaps if gap.starts <= day and gap.ends is None), None)


def story_of(child: Child, facts: PlanFacts, reader: Reader, today: date) -> Story:
    """Episodes are for staff and caseworkers; everybody around a child may know since when they are in care."""
    if reader.sees_care:
        periods = facts.periods
        missing = tuple(
            MissingEpisode.objects.filter(authority=child.authority_id, child=child)
            .order_by("starts")
            .values_list("starts", "ends", "kind")
        )
    else:
        rows = CarePeriod.objects.filter(authority=child.authority_id, child=child).order_by("starts")
        periods = tuple(
            CarePeriodFact(starts=row.starts, ends=row.ends, kind=row.kind)
            for row in rows  # type: ignore[arg-type]
        )
        missing = ()
    return Story(
        facts=facts,
        periods=periods,
        legal=facts.legal_statuses if reader.sees_care else (),
        homes=facts.placements if reader.sees_care else (),
        enrolments=facts.enrolments,
        gaps=tuple(_gaps(facts, periods, today)),
        plans=facts.plans,
        reviews=tuple(review.on for review in facts.reviews) if reader.sees_care else (),
        missing=missing,
    )


def _gaps(facts: PlanFacts, periods: tuple[CarePeriodFact, ...], today: date) -> list[Gap]:
    """Between one enrolment and the next, in care and of school age. Before the first one nothing is known, unless
    none is held at all."""
    if not facts.enrolments_known or facts.born is None:
        return []
    spans: list[tuple[date, date | None]] = []
    reached: date | None = None
    for enrolment in sorted(facts.enrolments, key=lambda e: e.starts):
        if enrolment.starts > today:
            break
        if reached is not None and enrolment.starts > reached:
            spans.append((reached, enrolment.starts))
        if enrolment.ends is None or enrolment.ends > today:
            reached = None
            break
        reached = max(reached or enrolment.ends, enrolment.ends)
    else:
        if reached is not None:
            spans.append((reached, None))
        elif not facts.enrolments and periods and periods[-1].ends is None:
            spans.append((periods[-1].starts, None))
    return [gap for starts, ends in spans for gap in _in_care(facts, periods, starts, ends, today)]


def _in_care(
    facts: PlanFacts, periods: tuple[CarePeriodFact, ...], starts: date, ends: date | None, today: date
) -> list[Gap]:
    found = []
    for period in periods:
        if period.kind != "looked_after":
            continue
        first = max(starts, period.starts)
        last = min([day for day in (ends, period.ends) if day is not None], default=None)
        until = last or today
        if until <= first or not is_of_school_age(facts, until - timedelta(days=1)):
            continue
        try:
            if facts.school_calendar.between(first, until - timedelta(days=1)) == 0:
                continue
        except BeyondCalendar:
            continue
        found.append(Gap(first, last))
    return found


def home_words(placement: PlacementFact) -> str:
    emergency = "Emergency: " if placement.is_emergency else ""
    said = PLACEMENT_WORDS.get(placement.place, "Home not recorded")
    return f"{emergency}{said[:1].lower()}{said[1:]}" if emergency else said


def legal_words(status: LegalStatusFact) -> str:
    return LEGAL_WORDS.get(status.code, "Legal status not recorded")


def lasting(homes: tuple[PlacementFact, ...]) -> list[PlacementFact]:
    """Temporary moves, after which the child comes back, left out; a return to the same home counts once."""
    found: list[PlacementFact] = []
    for home in homes:
        if home.place in TEMPORARY:
            continue
        if (
            found
            and (found[-1].place, found[-1].postcode, found[-1].home_urn, found[-1].provider)
            == (
                home.place,
                home.postcode,
                home.home_urn,
                home.provider,
            )
            and home.postcode
        ):
            continue
        found.append(home)
    return found


def finding(story: Story, reader: Reader, today: date) -> str:
    """One home and two schools since coming into care; no school place since 23 October."""
    period = story.period_on(today) or (story.periods[-1] if story.periods else None)
    if period is None:
        return _schools_only(story, today)
    is_now = period.ends is None or period.ends > today
    parts = []
    if reader.sees_care:
        homes = lasting(
            tuple(h for h in story.homes if h.starts >= period.starts and (not period.ends or h.starts < period.ends))
        )
        if homes:
            parts.append(words.in_letters(len(homes), "home"))
    schools = {
        e.urn or e.school
        for e in story.enrolments
        if (e.ends is None or e.ends > period.starts)
        and (period.ends is None or e.starts < period.ends)
        and e.kind == "main"
    }
    if schools:
        parts.append(words.in_letters(len(schools), "school"))
    since = "since coming into care" if is_now else f"in care, until {words.date_words(period.ends, today)}"
    if not period.starts_known and is_now:
        since = f"since {words.in_full(period.starts)}, the first day held"
    said = f"{words.capital(' and '.join(parts))} {since}" if parts else f"In care since {words.in_full(period.starts)}"
    if not parts and not is_now:
        said = f"Was in care until {words.in_full(period.ends)}" if period.ends else said
    if is_now and (gap := story.gap_on(today)):
        return f"{said}; no school place since {words.date_words(gap.starts, today)}"
    if not story.facts.enrolments_known:
        return f"{said}; no school has been loaded"
    return said


def _schools_only(story: Story, today: date) -> str:
    if at := story.enrolment_on(today):
        return f"At {at.school} since {words.in_full(at.starts)}"
    return "Nothing of care or school is held"
