"""Reviews of a child's case: the first, the second and the later ones (2010 Regulations, regs 33 and 48)."""

from collections.abc import Iterator
from datetime import date

from virtual_school.authorities.rules import (
    AuthorityFacts,
    due_in_working_days,
    holidays_skipped,
    reviews_held_from,
    standing,
    without_calendar,
)
from virtual_school.children.rules import is_adult
from virtual_school.dates.ages import add_months
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.law import constants
from virtual_school.law.obligation import Clock, Obligation, State, Step, Unit, duty, step

from .facts import CareFacts, is_placed_for_adoption, period_on
from .history import CarePeriodFact


def series_start(facts: CareFacts, period: CarePeriodFact) -> date:
    """Where care began for its reviews: for short breaks, the first stay of the series."""
    start = period.starts
    if period.kind == "looked_after":
        return start
    gap = facts.authority.policy.short_break_series_gap_months
    for earlier in reversed(facts.periods):
        if earlier.kind != "short_breaks" or earlier.starts >= start:
            continue
        if earlier.ends is None or add_months(earlier.ends, gap) < start:
            break
        start = earlier.starts
    return start


def first_review_due(facts: CareFacts, period: CarePeriodFact) -> date | None:
    """The last day for the first review of the child's case (2010 Regulations, regs 33(1), 48(3)(d)(i))."""
    if period.kind == "short_breaks":
        return add_months(series_start(facts, period), constants.SHORT_BREAKS_FIRST_REVIEW_MONTHS)
    return due_in_working_days(facts.authority, period.starts, constants.FIRST_REVIEW_WORKING_DAYS)


def reviews_in(facts: CareFacts, period: CarePeriodFact) -> list[date]:
    """The days of the reviews in a time in care, booked ones too, in order."""
    start = series_start(facts, period)
    return sorted(
        {
            review.on
            for review in facts.reviews
            if review.on >= start and (period.ends is None or review.on <= period.ends)
        }
    )


def all_reviews_held(facts: CareFacts, period: CarePeriodFact) -> bool:
    """Whether the reviews held here reach back to the start of care."""
    known_from = facts.reviews_from or reviews_held_from(facts.authority)
    return period.starts_known and (known_from is None or known_from <= series_start(facts, period))


def _review(
    facts: CareFacts,
    duty_id: str,
    act: str,
    day: date,
    *,
    period: CarePeriodFact,
    trigger: date,
    due_on: date | None,
    met_on: date | None,
    occasion: str,
    clock: Clock,
    counted: tuple[Step, ...],
    unknown: Step | None = None,
) -> Obligation:
    """One review as it stands, with what is missing and what is booked said in words."""
    reasons = list(counted)
    if is_placed_for_adoption(facts, day):
        reasons.append(
            step("The child is placed for adoption, so these regulations do not apply (regulation 3). This is a guide.")
        )
    state = standing(facts.authority, day, due_on, met_on)
    if met_on is not None:
        reasons.append(step("A review was held on {day}.", day=met_on))
    else:
        if not facts.reviews_known:
            unknown = step("No reviews have been loaded.")
        elif due_on is not None and facts.reviews_to is not None and facts.reviews_to < due_on < day:
            unknown = step("Reviews are held here only up to {day}.", day=facts.reviews_to)
        since = step("No review is recorded since {day}.", day=trigger)
        reasons.append(unknown if unknown is not None else since)
        if unknown is not None:
            state = State.NOT_KNOWN
        booked = next((on for on in reviews_in(facts, period) if on > day), None)
        if booked is not None and unknown is None:
            reasons.append(step("A review is booked for {day}.", day=booked))
    return Obligation(
        duty_id,
        "reviewing_officer",
        act,
        state,
        trigger_on=trigger,
        due_on=due_on,
        met_on=met_on,
        occasion=occasion,
        reasons=tuple(reasons),
        clock=clock if due_on is not None else None,
        held=("review",) if met_on else (),
        missing=() if met_on else ("review",),
    )


def start_not_held(period: CarePeriodFact) -> Step:
    return step(
        "The first episode held began on {day} and was not the start of care, so the day care began is not known.",
        day=period.starts,
    )


@duty("REV-03")
def first_review(facts: CareFacts, day: date) -> Iterator[Obligation]:
    period = period_on(facts, day)
    if period is None or is_adult(facts, day):
        return
    act = "hold the first review"
    start = series_start(facts, period)
    if not period.starts_known:
        yield Obligation(
            "REV-03",
            "reviewing_officer",
            act,
            State.NOT_KNOWN,
            occasion=start.isoformat(),
            reasons=(start_not_held(period),),
            missing=("the day care began",),
        )
        return
    due_on = first_review_due(facts, period)
    held = [on for on in reviews_in(facts, period) if on <= day]
    met_on = held[0] if held else None
    unknown: Step | None = None
    if not all_reviews_held(facts, period) and (met_on is None or due_on is None or met_on > due_on):
        # The first review held may not be the first there was.
        met_on = None
        unknown = step("Reviews before {day} are not held here.", day=_known_from(facts, start))
    limit = constants.FIRST_REVIEW_WORKING_DAYS
    if period.kind == "short_breaks":
        limit = constants.SHORT_BREAKS_FIRST_REVIEW_MONTHS
        clock = Clock(Unit.MONTHS, start, limit)
        counted: tuple[Step, ...] = (
            step("The series of short breaks began on {day}.", day=start),
            step("In short breaks the first review is due within {limit} months: by {due}.", limit=limit, due=due_on),
        )
    elif due_on is None:
        clock = Clock(Unit.WORKING_DAYS, start, limit)
        counted = (step("Came into care on {day}.", day=start), without_calendar("bank holidays"))
    else:
        clock = Clock(Unit.WORKING_DAYS, start, limit, facts.authority.working.name)
        counted = (
            step("Came into care on {day} ({zero}).", day=start, zero=day_name(facts.authority)),
            step("{limit} working days from then end on {due}.", limit=limit, due=due_on),
            *holidays_skipped(facts.authority, start, due_on),
        )
        if met_on is None and unknown is None:
            counted += days_gone(facts.authority, start, day)
    yield _review(
        facts,
        "REV-03",
        act,
        day,
        period=period,
        trigger=start,
        due_on=due_on,
        met_on=met_on,
        occasion=start.isoformat(),
        clock=clock,
        counted=counted,
        unknown=unknown,
    )


def _known_from(facts: CareFacts, otherwise: date) -> date:
    return facts.reviews_from or reviews_held_from(facts.authority) or otherwise


def day_name(authority: AuthorityFacts) -> str:
    """What the day of the event is called, by council policy."""
    return "day 1" if authority.policy.event_day_counts else "day 0"


def days_gone(authority: AuthorityFacts, start: date, day: date) -> tuple[Step, ...]:
    try:
        gone = authority.working.between(start, day)
    except BeyondCalendar:
        return ()
    return (step("{gone} working days have passed by {day}.", gone=gone, day=day),)


@duty("REV-04")
def second_review(facts: CareFacts, day: date) -> Iterator[Obligation]:
    period = period_on(facts, day)
    if period is None or is_adult(facts, day) or not all_reviews_held(facts, period):
        return
    reviews = [on for on in reviews_in(facts, period) if on <= day]
    if not reviews:
        return
    short = period.kind == "short_breaks"
    limit = constants.SHORT_BREAKS_LATER_REVIEW_MONTHS if short else constants.SECOND_REVIEW_MONTHS
    first = reviews[0]
    due_on = add_months(first, limit)
    yield _review(
        facts,
        "REV-04",
        "hold the second review",
        day,
        period=period,
        trigger=first,
        due_on=due_on,
        met_on=reviews[1] if len(reviews) > 1 else None,
        occasion=series_start(facts, period).isoformat(),
        clock=Clock(Unit.MONTHS, first, limit),
        counted=(
            step("The first review was held on {day}.", day=first),
            step("The second is due not more than {limit} months later: by {due}.", limit=limit, due=due_on),
        ),
    )


@duty("REV-05")
def later_reviews(facts: CareFacts, day: date) -> Iterator[Obligation]:
    """The later review held last, and the one that comes next."""
    period = period_on(facts, day)
    if period is None or is_adult(facts, day):
        return
    reviews = [on for on in reviews_in(facts, period) if on <= day]
    complete = all_reviews_held(facts, period)
    first_later = 2 if complete else 1
    if len(reviews) < first_later:
        if not complete and not reviews:
            yield from _no_review_held(facts, period, day)
        return
    intervals: list[tuple[date, date | None]] = [(reviews[-1], None)]
    if len(reviews) > first_later:
        intervals.insert(0, (reviews[-2], reviews[-1]))
    limit = constants.LATER_REVIEW_MONTHS
    for previous, following in intervals:
        due_on = add_months(previous, limit)
        yield _review(
            facts,
            "REV-05",
            "hold the next review",
            day,
            period=period,
            trigger=previous,
            due_on=due_on,
            met_on=following,
            occasion=previous.isoformat(),
            clock=Clock(Unit.MONTHS, previous, limit),
            counted=(
                step("The review before was held on {day}.", day=previous),
                step("The next is due not more than {limit} months later: by {due}.", limit=limit, due=due_on),
            ),
        )


def _no_review_held(facts: CareFacts, period: CarePeriodFact, day: date) -> Iterator[Obligation]:
    """Care began before the reviews held here, and none is held since: when the next is due is not known,
    unless so long has passed that one must have been due."""
    since = max(_known_from(facts, period.starts), period.starts)
    due_on = add_months(since, constants.LATER_REVIEW_MONTHS)
    yield _review(
        facts,
        "REV-05",
        "hold the next review",
        day,
        period=period,
        trigger=since,
        due_on=due_on,
        met_on=None,
        occasion=since.isoformat(),
        clock=Clock(Unit.MONTHS, since, constants.LATER_REVIEW_MONTHS),
        counted=(
            step("Care began before the reviews held here, which start on {day}.", day=since),
            step("A review was due not more than 6 months after the last one: by {due} at the latest.", due=due_on),
        ),
    )
