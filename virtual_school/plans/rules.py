"""What the law and the guidance ask of the personal education plan. The termly review is in `termly_rules`."""

from collections.abc import Iterator
from datetime import date

from virtual_school.authorities.rules import due_in_working_days, holidays_skipped, standing, without_calendar
from virtual_school.care.facts import first_placement
from virtual_school.care.history import CarePeriodFact
from virtual_school.care.review_rules import day_name, first_review_due, reviews_in, start_not_held
from virtual_school.children.rules import evidence_since
from virtual_school.law import constants
from virtual_school.law.obligation import Clock, Obligation, State, Step, Unit, duty, step
from virtual_school.schools.rules import counts_as_emergency, enrolment_on, how_placed, is_of_school_age

from . import content_rules, occasion_rules
from .facts import Expected, PlanFact, PlanFacts, not_held, plan_expected, plan_period, plans_in
from .termly_rules import end_of_term, plan_reviewed_each_term

__all__ = ["RULES_FOR_CHILD", "PlanFact", "PlanFacts", "plan_expected", "plan_period"]


def _entry(
    facts: PlanFacts, period: CarePeriodFact, expected: Expected
) -> tuple[date | None, tuple[Step, ...], Clock | None]:
    """By when the plan of a child who comes into care is begun: the day, why, and how it was counted."""
    start = period.starts
    if expected.from_day is not None and expected.from_day > start:
        return (
            expected.from_day,
            (step("Already in care when the plan came to be expected, on {day}.", day=expected.from_day),),
            None,
        )
    placement = first_placement(facts, period)
    entered = step("Came into care on {day} ({zero}).", day=start, zero=day_name(facts.authority))
    how = how_placed(facts, placement)
    if not counts_as_emergency(facts, placement):
        return start, (entered, how, step("A planned entry has its plan begun by that day.")), None
    limit = constants.PEP_INITIATE_EMERGENCY_WORKING_DAYS
    due_on = due_in_working_days(facts.authority, start, limit)
    if due_on is None:
        return None, (entered, how, without_calendar("bank holidays")), None
    return (
        due_on,
        (
            entered,
            how,
            step("{limit} working days from then end on {due}.", limit=limit, due=due_on),
            *holidays_skipped(facts.authority, start, due_on),
        ),
        Clock(Unit.WORKING_DAYS, start, limit, facts.authority.working.name),
    )


@duty("PEP-01")
def has_a_plan(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """Every looked-after child has a personal education plan as part of the care plan."""
    period = plan_period(facts, day)
    if period is None:
        return
    expected = plan_expected(facts, period, day)
    act = "make sure the child has a personal education plan"
    occasion = period.starts.isoformat()
    if expected.answer is None:
        yield Obligation(
            "PEP-01",
            "social_worker",
            act,
            State.NOT_KNOWN,
            trigger_on=period.starts,
            occasion=occasion,
            reasons=(expected.why,),
            missing=("date of birth",),
        )
        return
    if not expected.answer:
        yield Obligation(
            "PEP-01",
            "social_worker",
            act,
            State.NOT_APPLICABLE,
            trigger_on=period.starts,
            occasion=occasion,
            reasons=(expected.why,),
            is_local=expected.is_local,
        )
        return
    due_on, counted, clock = _entry(facts, period, expected)
    plans = plans_in(facts, period, day)
    met_on = plans[0].begun_on if plans else None
    unknown: Step | None = None
    if plans and not period.starts_known:
        due_on, counted, clock = None, (start_not_held(period),), None
    elif plans and met_on is not None and due_on is not None and met_on > due_on and not_held(facts, due_on):
        due_on, clock = None, None
        counted = (*counted, step("Whether there was an earlier plan is not held."))
    elif not plans:
        unknown = not_held(facts, None)
        if not period.starts_known:
            counted = (start_not_held(period), *counted[1:])
    reasons = [expected.why, *counted]
    if plans:
        reasons.append(step("The first plan held was begun on {day}.", day=met_on))
        latest = max(plan.reviewed_on or plan.begun_on or day for plan in plans)
        if latest <= day:
            reasons.append(step("The latest was last worked on on {day}.", day=latest))
    else:
        reasons.append(unknown or step("No plan is held."))
    yield Obligation(
        "PEP-01",
        "social_worker",
        act,
        State.NOT_KNOWN if unknown is not None else standing(facts.authority, day, due_on, met_on),
        trigger_on=expected.from_day or period.starts,
        due_on=due_on,
        met_on=met_on,
        occasion=occasion,
        reasons=tuple(reasons),
        clock=clock,
        held=("plan",) if plans else (),
        missing=() if plans else ("plan",),
        is_local=expected.is_local,
    )


@duty("PEP-02")
def plan_begun_on_entry(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """Begun before a planned entry into care, or within 10 working days of an emergency."""
    period = plan_period(facts, day)
    if period is None or period.kind == "short_breaks":
        return
    expected = plan_expected(facts, period, day)
    if not expected.answer or (expected.from_day is not None and expected.from_day > period.starts):
        return
    act = "begin the personal education plan"
    occasion = period.starts.isoformat()
    if not period.starts_known:
        yield Obligation(
            "PEP-02",
            "social_worker",
            act,
            State.NOT_KNOWN,
            occasion=occasion,
            reasons=(start_not_held(period),),
            missing=("the day care began",),
            is_local=expected.is_local,
        )
        return
    due_on, counted, clock = _entry(facts, period, expected)
    plans = plans_in(facts, period, day)
    met_on = plans[0].begun_on if plans else None
    unknown = None
    if met_on is None or (due_on is not None and met_on > due_on):
        unknown = not_held(facts, due_on)
    reasons = [*counted]
    if unknown is not None:
        met_on = None
        reasons.append(unknown)
    elif met_on is not None:
        how = "The plan was begun on {day}." if plans[0].initiated_on == met_on else "The plan had been begun by {day}."
        reasons.append(step(how, day=met_on))
    else:
        reasons.append(step("No plan has been begun."))
    if expected.is_local:
        reasons.append(expected.why)
    yield Obligation(
        "PEP-02",
        "social_worker",
        act,
        State.NOT_KNOWN if unknown is not None else standing(facts.authority, day, due_on, met_on),
        trigger_on=period.starts,
        due_on=due_on,
        met_on=met_on,
        occasion=occasion,
        reasons=tuple(reasons),
        clock=clock,
        held=("plan",) if met_on else (),
        missing=() if met_on else ("date begun",),
        is_local=expected.is_local,
    )


@duty("PEP-03")
def plan_ready_for_the_first_review(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """Of good quality and complete by the first review of the child's case, and so signed off."""
    period = plan_period(facts, day)
    if period is None or period.kind == "short_breaks" or not period.starts_known:
        return
    expected = plan_expected(facts, period, day)
    if not expected.answer or (expected.from_day is not None and expected.from_day > period.starts):
        return
    latest = first_review_due(facts, period)
    reviews = reviews_in(facts, period)
    review = reviews[0] if reviews else None
    if latest is None:
        due_on, why = review, without_calendar("bank holidays")
    elif review is not None and review <= latest:
        due_on = review
        how = "The first review was held on {day}." if review <= day else "The first review is booked for {day}."
        why = step(how, day=review)
    else:
        due_on = latest
        how = "The first review was due by {day}." if latest < day else "The first review is due by {day}."
        why = step(how, day=latest)
    signed = [plan.signed_off_on for plan in plans_in(facts, period, day)]
    met_on = min((on for on in signed if on is not None and on <= day), default=None)
    unknown = None
    if met_on is None or (due_on is not None and met_on > due_on):
        unknown = not_held(facts, due_on)
    reasons = [step("Came into care on {day}.", day=period.starts), why]
    if unknown is not None:
        met_on = None
        reasons.append(unknown)
    elif met_on is not None:
        reasons.append(step("The plan was signed off on {day}.", day=met_on))
    else:
        reasons.append(step("No plan has been signed off since."))
    if expected.is_local:
        reasons.append(expected.why)
    yield Obligation(
        "PEP-03",
        "social_worker",
        "have the personal education plan ready for the first review",
        State.NOT_KNOWN if unknown is not None else standing(facts.authority, day, due_on, met_on),
        trigger_on=period.starts,
        due_on=due_on,
        met_on=met_on,
        occasion=period.starts.isoformat(),
        reasons=tuple(reasons),
        held=("sign-off",) if met_on else (),
        missing=() if met_on else ("sign-off",),
        is_local=expected.is_local,
    )


@duty("PEP-04")
def plan_without_a_school_place(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """A child without a school place has a plan all the same: what is needed now, and the way to a place."""
    period = plan_period(facts, day)
    if period is None or period.kind == "short_breaks" or facts.born is None:
        return
    if not facts.enrolments_known or not is_of_school_age(facts, day) or enrolment_on(facts, day) is not None:
        return
    expected = plan_expected(facts, period, day)
    if not expected.answer:
        return
    left = max((e.ends for e in facts.enrolments if e.ends is not None and e.ends <= day), default=None)
    since = period.starts if left is None or left < period.starts else left
    reasons: list[Step] = [step("In care since {day}.", day=period.starts)]
    if left is None:
        reasons.append(step("No school place has been recorded."))
    else:
        reasons.append(step("The last school place recorded ended on {day}.", day=left))
    clock: Clock | None = None
    due_on: date | None
    if since == period.starts:
        due_on, counted, clock = _entry(facts, period, expected)
        reasons.extend(counted)
    else:
        due_on = end_of_term(facts, since)
        reasons.append(
            step("The plan is reviewed by the end of that term, {due}.", due=due_on)
            if due_on
            else without_calendar("term dates")
        )
    touched = [
        on
        for plan in facts.plans
        for on in (plan.initiated_on, plan.meeting_on, plan.signed_off_on)
        if on is not None and since <= on <= day
    ]
    recorded = evidence_since(facts, "PEP-04", since, day)
    if recorded is not None:
        touched.append(recorded)
    met_on = min(touched, default=None)
    unknown = not_held(facts, due_on) if met_on is None else None
    if met_on is not None and (not_held(facts, due_on) or (since == period.starts and not period.starts_known)):
        due_on, clock = None, None
    if unknown is not None:
        reasons.append(unknown)
    elif met_on is not None:
        reasons.append(step("The plan was worked on on {day}, with no school place.", day=met_on))
    else:
        reasons.append(step("No plan has been begun or reviewed since {day}.", day=since))
    yield Obligation(
        "PEP-04",
        "social_worker",
        "plan the child's education although there is no school place",
        State.NOT_KNOWN if unknown is not None else standing(facts.authority, day, due_on, met_on),
        trigger_on=since,
        due_on=due_on,
        met_on=met_on,
        occasion=since.isoformat(),
        reasons=tuple(reasons),
        clock=clock,
        held=("plan",) if met_on else (),
        missing=("school place",) if met_on else ("school place", "plan"),
        is_local=expected.is_local,
    )


@duty("PEP-17")
def plan_is_expected_at_this_age(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """Whether a plan is expected at all: from pre-school age to the 18th birthday. The ages are council policy."""
    period = plan_period(facts, day)
    if period is None:
        return
    expected = plan_expected(facts, period, day)
    state = {True: State.MET, False: State.NOT_APPLICABLE, None: State.NOT_KNOWN}[expected.answer]
    yield Obligation(
        "PEP-17",
        "virtual_school_head",
        "decide whether a plan is expected at this age",
        state,
        trigger_on=expected.from_day,
        met_on=expected.from_day if expected.answer else None,
        occasion=period.starts.isoformat(),
        reasons=(expected.why,),
        held=("age",) if facts.born is not None else (),
        missing=() if facts.born is not None else ("date of birth",),
        is_local=True,
    )


RULES_FOR_CHILD = (
    has_a_plan,
    plan_begun_on_entry,
    plan_ready_for_the_first_review,
    plan_without_a_school_place,
    plan_reviewed_each_term,
    plan_is_expected_at_this_age,
    *content_rules.RULES,
    *occasion_rules.RULES,
)
