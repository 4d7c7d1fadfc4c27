"""What the guidance asks of the quality of plans: that each is checked, and that each child has a good one."""

from collections.abc import Iterator
from datetime import date, timedelta

from virtual_school.authorities.rules import standing, without_calendar
from virtual_school.dates.ages import academic_year_start
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import Term
from virtual_school.law.obligation import Clock, Obligation, State, Step, Unit, duty, step
from virtual_school.plans.facts import PlanFact, PlanFacts, not_held, plan_expected, plan_period
from virtual_school.plans.termly_rules import current_term, expected_within, last_school_day

CHECK = "check the quality of the personal education plan"
GOOD_PLAN = "make sure the child has a current personal education plan of high quality"
WHO = "virtual_school_head"
HIDDEN = "Its rating is not shown: whoever reads this is to mark the plan again."


@duty("PEP-16")
def plan_is_quality_assured(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """The virtual school checks each plan once it is signed off, and says what must be better.

    By when is the council's own clock. Asked of the latest plan, and of any that still waits.
    """
    sent = [p for p in facts.plans if p.submitted_on or (p.signed_off_on and p.opened_on is None)]
    if not sent or plan_period(facts, day) is None:
        return
    latest = max(sent, key=_sent_in)
    for plan in sent:
        if _sent_in(plan) > day:
            continue
        waits = plan.opened_on is not None and plan.submitted_on is not None and plan.checked_on is None
        if plan is latest or waits:
            yield _checked(facts, plan, day)


def _sent_in(plan: PlanFact) -> date:
    return plan.submitted_on or plan.signed_off_on or date.max


def _checked(facts: PlanFacts, plan: PlanFact, day: date) -> Obligation:
    on = _sent_in(plan)
    reasons = [step("The plan was signed off and sent in on {day}.", day=on)]
    occasion = plan.term_key or f"extra {on.isoformat()}"
    if plan.opened_on is None or plan.submitted_on is None:
        return _checked_elsewhere(plan, on, occasion, reasons)
    due_on, met_on = plan.check_due_on, plan.checked_on
    if due_on is None:
        reasons.append(without_calendar("working days"))
    else:
        reasons.append(step("The council checks a plan by {due}: the guidance names no day.", due=due_on))
    if met_on is not None and met_on <= day:
        if plan.sent_back_on == met_on:
            reasons.append(step("It was checked and sent back to be mended on {day}.", day=met_on))
        else:
            reasons.append(step("It was checked and approved on {day}.", day=met_on))
        if plan.rating:
            reasons.append(step("Its rating is “{rating}”.", rating=plan.rating))
        elif plan.is_rating_hidden:
            reasons.append(step(HIDDEN))
    else:
        reasons.append(step("It has not been checked."))
    is_met = met_on is not None and met_on <= day
    return Obligation(
        "PEP-16",
        WHO,
        CHECK,
        standing(facts.authority, day, due_on, met_on),
        trigger_on=on,
        due_on=due_on,
        met_on=met_on if is_met else None,
        occasion=occasion,
        reasons=tuple(reasons),
        held=("rating",) if is_met and plan.rating else ("check",) if is_met else (),
        missing=() if is_met else ("check",),
        is_local=True,
    )


def _checked_elsewhere(plan: PlanFact, on: date, occasion: str, reasons: list[Step]) -> Obligation:
    """Of a plan kept elsewhere there is at most a rating: that it was checked, not when."""
    if plan.rating:
        reasons.append(step("It was kept elsewhere. Its rating is “{rating}”.", rating=plan.rating))
        reasons.append(step("The day it was checked is not held."))
    else:
        reasons.append(step("It was kept elsewhere, and no rating of it is held."))
    return Obligation(
        "PEP-16",
        WHO,
        CHECK,
        State.MET if plan.rating else State.NOT_KNOWN,
        trigger_on=on,
        occasion=occasion,
        reasons=tuple(reasons),
        held=("rating",) if plan.rating else (),
        missing=() if plan.rating else ("rating",),
        is_local=True,
    )


@duty("VS-12")
def child_has_a_good_plan(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """Each term the child has a plan that is current, effective and of high quality, wherever they live.

    Current: of this term. Of high quality: checked, and rated as the council counts as good.
    """
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
            "VS-12",
            WHO,
            GOOD_PLAN,
            State.NOT_KNOWN,
            occasion=f"term of {academic_year_start(day)}",
            reasons=(without_calendar("term dates"),),
            missing=("term dates",),
            is_local=expected.is_local,
        )
        return
    if term is None or period.starts > term.ends:
        return
    last_day = last_school_day(facts, term)
    begins = expected_within(term, period, expected)
    found, met_on, held, missing = _standing_of(facts, term, day)
    late = timedelta(weeks=facts.authority.policy.pep_late_entry_weeks)
    if met_on is None and (begins > term.ends - late or begins > last_day):
        return  # the review of the term is carried into the next: PEP-08 says so
    reasons = [step("The {term} runs to {last}.", term=term.words, last=last_day), *found]
    if expected.is_local:
        reasons.append(expected.why)
    unknown = not_held(facts, last_day) if not held else None
    if unknown is not None:
        reasons.append(unknown)
    is_unknown = unknown is not None or (missing == ("rating",) and met_on is None)
    yield Obligation(
        "VS-12",
        WHO,
        GOOD_PLAN,
        State.NOT_KNOWN if is_unknown else standing(facts.authority, day, last_day, met_on),
        trigger_on=begins,
        due_on=last_day,
        met_on=met_on,
        occasion=term.key,
        reasons=tuple(reasons),
        clock=Clock(Unit.TERM, term.starts, 1, facts.school_calendar.name),
        held=held,
        missing=missing,
        is_local=expected.is_local,
    )


def _standing_of(
    facts: PlanFacts, term: Term, day: date
) -> tuple[list[Step], date | None, tuple[str, ...], tuple[str, ...]]:
    """How the term's plan stands: in words, when it was good, what is held and what is missing."""
    plans = [p for p in facts.plans if p.term_key == term.key and p.begun_on is not None and p.begun_on <= day]
    if not plans:
        return [step("No plan of this term has been begun.")], None, (), ("plan",)
    good = [p for p in plans if p.is_good and _judged_on(p, day) is not None]
    plan = good[0] if good else plans[-1]
    judged = _judged_on(plan, day)
    sent = _sent_in(plan)
    told: list[Step] = []
    if sent > day:
        back = plan.sent_back_on is not None and plan.sent_back_on <= day
        told.append(step("The plan of this term has not been sent in." if not back else "It is being mended."))
        return told, None, ("plan",), ("rating", "sign-off")
    told.append(step("The plan of this term was sent in on {day}.", day=sent))
    if plan.sent_back_on is not None and plan.sent_back_on <= day:
        told.append(step("It was sent back to be mended on {day}.", day=plan.sent_back_on))
    if judged is None:
        told.append(step("It has not been approved."))
        return told, None, ("plan", "sign-off"), ("rating", "approval")
    if plan.is_good is None:
        told.append(step(HIDDEN if plan.is_rating_hidden else "It stands approved, and no rating of it is held."))
        return told, None, ("plan", "sign-off"), ("rating",)
    if not plan.is_good:
        told.append(step("Its rating is “{rating}”, which this council does not count as good.", rating=plan.rating))
        return told, None, ("plan", "sign-off", "rating"), ("a good rating",)
    told.append(step("Its rating is “{rating}”, which this council counts as good.", rating=plan.rating))
    return told, judged, ("plan", "sign-off", "rating"), ()


def _judged_on(plan: PlanFact, day: date) -> date | None:
    """The day of the approval that stands; of a plan kept elsewhere, of its sign-off: that of the check is not held."""
    on = plan.approved_on if plan.opened_on is not None else plan.signed_off_on
    return on if on is not None and on <= day else None


RULES_FOR_CHILD = (plan_is_quality_assured, child_has_a_good_plan)
