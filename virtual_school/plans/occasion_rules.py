"""What happens to a child and the plan has to answer: a review, a move, custody, leaving care, turning sixteen.

Only for children whose plans are written here, and from the day the first one was opened.
"""

from collections.abc import Iterator
from datetime import date

from virtual_school.authorities.rules import standing, without_calendar
from virtual_school.care.facts import (
    NO_LONGER_OURS,
    eligible_from,
    looked_after_on,
    placement_on,
    settled_placement_on,
)
from virtual_school.care.history import END_WORDS, YOUTH_DETENTION, CarePeriodFact
from virtual_school.care.review_rules import reviews_in
from virtual_school.children.rules import evidence_since, is_adult
from virtual_school.law.obligation import Obligation, State, Step, duty, step

from .content_rules import latest_sent_in
from .facts import PlanFacts, plan_expected, plans_in
from .termly_rules import end_of_term


def _period(facts: PlanFacts, day: date) -> CarePeriodFact | None:
    """The time in care, where a plan of this child was opened here by then and one is expected."""
    if facts.written_from is None or facts.written_from > day:
        return None
    period = looked_after_on(facts, day)
    if period is None or is_adult(facts, day):
        return None
    return period if plan_expected(facts, period, day).answer else None


@duty("PEP-09")
def plan_is_ready_for_each_review(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """A plan sent in since the review before is there when the next review of the case is held."""
    period = _period(facts, day)
    if period is None or facts.written_from is None:
        return
    reviews = [on for on in reviews_in(facts, period) if on >= facts.written_from]
    if not reviews:
        return
    booked = [on for on in reviews if on >= day]
    review = booked[0] if booked else reviews[-1]
    before = max((on for on in reviews_in(facts, period) if on < review), default=period.starts)
    sent = [
        plan.signed_off_on
        for plan in plans_in(facts, period, day)
        if plan.signed_off_on is not None and before <= plan.signed_off_on <= day
    ]
    met_on = min(sent, default=None)
    how = "The review is booked for {day}." if review > day else "The review was held on {day}."
    reasons = [step(how, day=review), step("The review before, or coming into care, was on {day}.", day=before)]
    if met_on is not None:
        reasons.append(step("A plan was sent in since, on {day}.", day=met_on))
    else:
        reasons.append(step("No plan has been sent in since."))
    yield Obligation(
        "PEP-09", "social_worker", "have the plan ready for the review of the case",
        standing(facts.authority, day, review, met_on), trigger_on=before, due_on=review, met_on=met_on,
        occasion=review.isoformat(), reasons=tuple(reasons), held=("plan",) if met_on else (),
        missing=() if met_on else ("a plan since the review before",),
    )  # fmt: skip


@duty("PEP-10")
def reviewing_officer_is_satisfied(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """At each review the reviewing officer is satisfied about the plan. Their own record of it is the evidence."""
    period = _period(facts, day)
    if period is None or facts.written_from is None:
        return
    held = [on for on in reviews_in(facts, period) if facts.written_from <= on <= day]
    if not held:
        return
    review = held[-1]
    met_on = evidence_since(facts, "PEP-10", review, day)
    reasons = [step("The review was held on {day}.", day=review)]
    found = latest_sent_in(facts, day)
    if found is not None:
        given = min((on for role, on in found[1].copies if role == "reviewing_officer" and on <= day), default=None)
        if given is not None:
            reasons.append(step("The reviewing officer had a copy of the plan from {day}.", day=given))
    if met_on is not None:
        reasons.append(step("The check of the plan was recorded on {day}.", day=met_on))
    else:
        reasons.append(step("Nobody has recorded the reviewing officer's check of the plan."))
    yield Obligation(
        "PEP-10", "reviewing_officer", "be satisfied about the plan at the review",
        State.MET if met_on else State.NOT_KNOWN, trigger_on=review, due_on=review if met_on else None,
        met_on=met_on, occasion=review.isoformat(), reasons=tuple(reasons), held=("check of the plan",) if met_on else (),
        missing=() if met_on else ("check of the plan",),
    )  # fmt: skip


@duty("PEP-11")
def plan_follows_a_change(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """The plan is updated when the school or the placement changes. By when is council policy: the plan's own clock."""
    period = _period(facts, day)
    if period is None or facts.written_from is None:
        return
    change = _last_change(facts, period, day)
    if change is None:
        return
    since, what = change
    touched = [
        on
        for plan in plans_in(facts, period, day)
        for on in (plan.initiated_on, plan.meeting_on, plan.signed_off_on)
        if on is not None and since <= on <= day
    ]
    recorded = evidence_since(facts, "PEP-11", since, day)
    if recorded is not None:
        touched.append(recorded)
    met_on = min(touched, default=None)
    opened = [plan.due_on for plan in facts.plans if plan.opened_on is not None and since <= plan.opened_on <= day]
    due_on = min((on for on in opened if on is not None), default=None) or end_of_term(facts, since)
    reasons: list[Step] = [what]
    if due_on is None:
        reasons.append(without_calendar("term dates"))
    else:
        reasons.append(step("Council policy: updated by {due}. The guidance sets no day.", due=due_on))
    if met_on is not None:
        reasons.append(step("The plan was worked on since, on {day}.", day=met_on))
    else:
        reasons.append(step("The plan has not been worked on since."))
    yield Obligation(
        "PEP-11", "social_worker", "update the plan after the change", standing(facts.authority, day, due_on, met_on),
        trigger_on=since, due_on=due_on, met_on=met_on, occasion=since.isoformat(), reasons=tuple(reasons),
        held=("plan",) if met_on else (), missing=() if met_on else ("plan since the change",), is_local=True,
    )  # fmt: skip


def _last_change(facts: PlanFacts, period: CarePeriodFact, day: date) -> tuple[date, Step] | None:
    """The last change of school or home since plans are written here."""
    assert facts.written_from is not None
    since = max(facts.written_from, period.starts)
    found: list[tuple[date, Step]] = []
    for enrolment in facts.enrolments:
        if enrolment.kind != "main":
            continue
        if since < enrolment.starts <= day:
            words = step("Started at {school} on {day}.", school=enrolment.school, day=enrolment.starts)
            found.append((enrolment.starts, words))
        if enrolment.ends is not None and since < enrolment.ends <= day:
            found.append((enrolment.ends, step("Left {school} on {day}.", school=enrolment.school, day=enrolment.ends)))
    placement = settled_placement_on(facts, period, day)
    if placement is not None and since < placement.starts <= day:
        found.append((placement.starts, step("Moved to another home on {day}.", day=placement.starts)))
    return max(found, key=lambda pair: pair[0], default=None)


@duty("PEP-18")
def plan_passes_on_after_care(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """Whoever looks after a child's education after care gets what the plan says. Somebody records that they have."""
    if facts.written_from is None or looked_after_on(facts, day) is not None:
        return
    ended = [p for p in facts.periods if p.kind == "looked_after" and p.ends is not None and p.ends <= day]
    if not ended:
        return
    period = ended[-1]
    assert period.ends is not None
    if facts.written_from >= period.ends or period.end_reason in NO_LONGER_OURS:
        return
    met_on = evidence_since(facts, "PEP-18", period.ends, day)
    how = END_WORDS.get(period.end_reason, "")
    reasons = [step("Left care on {day}.", day=period.ends)]
    if how:
        reasons.append(step("{how}.", how=how))
    if met_on is not None:
        reasons.append(step("That the plan was passed on was recorded on {day}.", day=met_on))
    else:
        reasons.append(step("Nobody has recorded that the plan was passed on."))
    yield Obligation(
        "PEP-18", "social_worker", "pass the plan on to those who support the child after care",
        standing(facts.authority, day, period.ends, met_on), trigger_on=period.ends, due_on=period.ends,
        met_on=met_on, occasion=period.ends.isoformat(), reasons=tuple(reasons),
        held=("closing summary",) if met_on else (), missing=() if met_on else ("closing summary",),
    )  # fmt: skip


@duty("PEP-19")
def pathway_plan_holds_the_plan(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """The pathway plan of an eligible young person holds the care plan, and so this plan."""
    period = _period(facts, day)
    if period is None or facts.born is None:
        return
    eligible = eligible_from(facts, day)
    if eligible is None:
        return
    found = latest_sent_in(facts, day)
    met_on = evidence_since(facts, "PEP-19", eligible, day)
    reasons = [step("Eligible for a pathway plan since {day}.", day=eligible)]
    if met_on is None and found is not None and found[1].pathway:
        met_on = found[1].on
        reasons.append(step("The plan sent in on {day} says how it goes with the pathway plan.", day=met_on))
    elif met_on is not None:
        reasons.append(step("That the pathway plan holds it was recorded on {day}.", day=met_on))
    else:
        reasons.append(step("It is not recorded that the pathway plan holds the personal education plan."))
    reasons.append(step("It is due with the pathway plan (P16-02)."))
    yield Obligation(
        "PEP-19", "personal_adviser", "keep the plan in the pathway plan", State.MET if met_on else State.NOT_KNOWN,
        trigger_on=eligible, met_on=met_on, occasion=eligible.isoformat(), reasons=tuple(reasons),
        held=("pathway plan",) if met_on else (), missing=() if met_on else ("pathway plan",),
    )  # fmt: skip


@duty("CUS-03")
def plan_goes_on_in_custody(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """A version of the plan in custody, which plans the return."""
    period = _period(facts, day)
    if period is None:
        return
    placement = placement_on(facts, day)
    if placement is None or placement.place not in YOUTH_DETENTION:
        return
    since = placement.starts
    sent = [
        plan.sent_in
        for plan in plans_in(facts, period, day)
        if plan.sent_in is not None and since <= plan.sent_in.on <= day
    ]
    planned = min((one.on for one in sent if one.release), default=None)
    met_on = planned or evidence_since(facts, "CUS-03", since, day)
    due_on = end_of_term(facts, since)
    reasons = [step("In custody since {day}.", day=since)]
    if met_on is not None:
        reasons.append(step("The plan and the return were worked on by {day}.", day=met_on))
    elif sent:
        reasons.append(step("A plan was sent in since, which does not plan the return."))
    else:
        reasons.append(step("No plan has been sent in since."))
    reasons.append(
        step("Council policy: by the end of the term, {due}. The guidance sets no day.", due=due_on)
        if due_on
        else without_calendar("term dates")
    )
    yield Obligation(
        "CUS-03", "virtual_school_head", "keep the plan going in custody and plan the return",
        standing(facts.authority, day, due_on, met_on), trigger_on=since, due_on=due_on, met_on=met_on,
        occasion=since.isoformat(), reasons=tuple(reasons), held=("plan",) if met_on else (),
        missing=() if met_on else ("plan for the return",), is_local=True,
    )  # fmt: skip


RULES = (
    plan_is_ready_for_each_review,
    reviewing_officer_is_satisfied,
    plan_follows_a_change,
    plan_passes_on_after_care,
    pathway_plan_holds_the_plan,
    plan_goes_on_in_custody,
)
