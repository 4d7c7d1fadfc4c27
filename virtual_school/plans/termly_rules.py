"""The review of the personal education plan in every school term (guidance of 2018, p16 to 18)."""

from collections.abc import Iterator
from datetime import date, timedelta

from virtual_school.authorities.rules import standing, without_calendar
from virtual_school.care.history import CarePeriodFact
from virtual_school.dates.ages import academic_year_start
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import Term
from virtual_school.law.obligation import Clock, Obligation, State, Step, Unit, duty, step

from .facts import Expected, PlanFacts, not_held, plan_expected, plan_period


def last_school_day(facts: PlanFacts, term: Term) -> date:
    """The last school day of a term, by its calendar; the last day of the term where the calendar ends before it."""
    calendar = facts.school_calendar
    try:
        return term.ends if calendar.is_school_day(term.ends) else calendar.before(term.ends, 1)
    except BeyondCalendar:
        return term.ends


def end_of_term(facts: PlanFacts, day: date) -> date | None:
    """The last school day of the term a day lies in; of the next term where no school day is left in it."""
    calendar = facts.school_calendar
    try:
        term = calendar.term_or_next(day)
    except BeyondCalendar:
        return None
    last_day = last_school_day(facts, term)
    if last_day >= day:
        return last_day
    following = calendar.next_term(term)
    return last_school_day(facts, following) if following is not None else None


@duty("PEP-08")
def plan_reviewed_each_term(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """The plan is reviewed in every school term. A term stays current until the next one begins."""
    period = plan_period(facts, day)
    if period is None or period.kind == "short_breaks":
        return
    expected = plan_expected(facts, period, day)
    if not expected.answer:
        return
    try:
        term = current_term(facts, day)
    except BeyondCalendar:
        yield Obligation(
            "PEP-08",
            "social_worker",
            PEP_REVIEW_ACT,
            State.NOT_KNOWN,
            occasion=f"term of {academic_year_start(day)}",
            reasons=(without_calendar("term dates"),),
            missing=("term dates",),
            is_local=expected.is_local,
        )
        return
    if term is None:
        return
    before = facts.school_calendar.previous_term(term)
    if before is not None and period.starts <= before.ends and _reviewed_in(facts, before, day) is not None:
        yield _termly_review(facts, before, period, expected, day)
    if period.starts <= term.ends:
        yield _termly_review(facts, term, period, expected, day)


PEP_REVIEW_ACT = "review the personal education plan"


def current_term(facts: PlanFacts, day: date) -> Term | None:
    """The term of a day. In the holidays, the term that has just ended."""
    calendar = facts.school_calendar
    term = calendar.term_on(day)
    if term is not None:
        return term
    following = calendar.term_or_next(day) if calendar.terms[-1].ends > day else None
    return calendar.previous_term(following) if following is not None else calendar.terms[-1]


def _reviewed_in(facts: PlanFacts, term: Term, day: date) -> date | None:
    """The first day, by a day, on which the plan of a term was reviewed."""
    found: date | None = None
    key = term.key
    for plan in facts.plans:
        on = plan.reviewed_on
        if on is None or on > day:
            continue
        is_of_term = plan.term_key == key if plan.term_key else term.starts <= on <= term.ends
        if is_of_term and (found is None or on < found):
            found = on
    return found


def expected_within(term: Term, period: CarePeriodFact, expected: Expected) -> date:
    """The day of a term from which a plan was expected: its first, unless care or the age came later."""
    since = expected.from_day or period.starts
    if not period.starts_known and since == period.starts:
        return term.starts
    return max(term.starts, since)


def _cut_off(facts: PlanFacts, last_day: date) -> date:
    """The council's own date for reviews in a term; its last school day where there is none."""
    days = facts.authority.policy.pep_cutoff_school_days_before_term_end
    try:
        return facts.school_calendar.before(last_day, days)
    except BeyondCalendar:
        return last_day


def _termly_review(facts: PlanFacts, term: Term, period: CarePeriodFact, expected: Expected, day: date) -> Obligation:
    policy = facts.authority.policy
    last_day = last_school_day(facts, term)
    met_on = _reviewed_in(facts, term, day)
    reasons = [step("The {term} runs from {first} to {last}.", term=term.words, first=term.starts, last=last_day)]
    if term.is_fallback:
        reasons.append(step("These are usual dates: the real dates of this term are not held."))
    is_local = expected.is_local
    if is_local:
        reasons.append(expected.why)
    begins = expected_within(term, period, expected)
    came_late = begins > term.ends - timedelta(weeks=policy.pep_late_entry_weeks) or begins > last_day
    if came_late and met_on is None:
        reasons.append(
            step(
                "A plan came to be expected on {day}, with {weeks} weeks or less of the term left.",
                day=begins,
                weeks=policy.pep_late_entry_weeks,
            )
        )
        reasons.append(step("Council policy carries the review into the next term."))
        return Obligation(
            "PEP-08",
            "social_worker",
            PEP_REVIEW_ACT,
            State.NOT_APPLICABLE,
            trigger_on=begins,
            occasion=term.key,
            reasons=tuple(reasons),
            is_local=True,
        )
    due_on = _cut_off(facts, last_day)
    if due_on < begins:
        due_on = max(last_day, begins)
    if due_on < last_day:
        is_local = True
        days = policy.pep_cutoff_school_days_before_term_end
        reasons.append(
            step("Council policy: reviewed by {due}, {days} school days before the term ends.", due=due_on, days=days)
        )
        reasons.append(step("The guidance asks for a review within the term, so by {day}.", day=last_day))
    else:
        reasons.append(step("The plan is reviewed once in each term, so by {day}.", day=due_on))
    unknown: Step | None = None
    if met_on is not None:
        reasons.append(step("It was reviewed on {day}.", day=met_on))
    else:
        unknown = not_held(facts, due_on)
        reasons.append(unknown or step("No review in this term is held."))
    return Obligation(
        "PEP-08",
        "social_worker",
        PEP_REVIEW_ACT,
        State.NOT_KNOWN if unknown is not None else standing(facts.authority, day, due_on, met_on),
        trigger_on=begins,
        due_on=due_on,
        met_on=met_on,
        occasion=term.key,
        reasons=tuple(reasons),
        clock=Clock(Unit.TERM, term.starts, 1, facts.school_calendar.name),
        held=("review",) if met_on else (),
        missing=() if met_on else ("review",),
        is_local=is_local,
    )
