"""What the law asks for young people from 16: pathway assessment and review, and taking part in education."""

from collections.abc import Iterator
from datetime import date, timedelta

from virtual_school.authorities.rules import nothing_recorded, standing
from virtual_school.care.facts import (
    LEFT_CARE_BY_ORDER,
    NO_LONGER_OURS,
    CareLeaverFact,
    cohort,
    eligible_from,
    last_left,
    looked_after_on,
    period_on,
)
from virtual_school.children.rules import ADULT_AGE, BIRTH_NOT_HELD, evidence_since
from virtual_school.dates.ages import (
    academic_year_label,
    academic_year_start,
    add_months,
    age_on,
    birthday,
    collection_year,
    compulsory_school_age_until,
)
from virtual_school.law import constants
from virtual_school.law.obligation import Clock, Obligation, State, Step, Unit, duty, step
from virtual_school.schools.rules import SchoolFacts, enrolment_on

LIVES_WITH_PARENT = frozenset({"E4", "E4A", "E4B"}) | LEFT_CARE_BY_ORDER
"""Left care to live with a parent, or somebody who has parental responsibility by an order."""

ACTIVITY_WORDS = {
    "F1": "in higher education, full time",
    "P1": "in higher education, part time",
    "F2": "in other education, full time",
    "P2": "in other education, part time",
    "F3": "in training or work, full time",
    "P3": "in training or work, part time",
    "F4": "in an apprenticeship, full time",
    "P4": "in an apprenticeship, part time",
    "F5": "in training or work, full time",
    "P5": "in training or work, part time",
    "G4": "not in education, employment or training: illness or disability",
    "G5": "not in education, employment or training",
    "G6": "not in education, employment or training: pregnancy or parenting",
}


def _age(facts: SchoolFacts, day: date) -> int:
    return age_on(facts.born, day) if facts.born is not None else -1


@duty("P16-01")
def is_an_eligible_child(facts: SchoolFacts, day: date) -> Iterator[Obligation]:
    """16 or 17, looked after, for at least 13 weeks in all since 14 and for some of it since 16 (reg 40)."""
    period = looked_after_on(facts, day)
    if period is None:
        return
    act = "identify the young person as an eligible child"
    if facts.born is None:
        yield Obligation(
            "P16-01",
            "social_worker",
            act,
            State.NOT_KNOWN,
            occasion=period.starts.isoformat(),
            reasons=(BIRTH_NOT_HELD,),
            missing=("date of birth",),
        )
        return
    if not constants.ELIGIBLE_CHILD_FROM_AGE <= age_on(facts.born, day) < ADULT_AGE:
        return
    eighteen = birthday(facts.born, ADULT_AGE)
    eligible_on = eligible_from(facts, eighteen - timedelta(days=1))
    counted = step("An eligible child is 16 or 17 and has been looked after for at least 13 weeks in all since 14.")
    since = step("In care since {day}.", day=period.starts)
    if eligible_on is None:
        yield Obligation(
            "P16-01",
            "social_worker",
            act,
            State.NOT_APPLICABLE,
            trigger_on=period.starts,
            occasion=period.starts.isoformat(),
            reasons=(counted, since, step("That cannot be reached before the 18th birthday, on {day}.", day=eighteen)),
        )
        return
    met_on = eligible_on if eligible_on <= day else None
    yield Obligation(
        "P16-01",
        "social_worker",
        act,
        standing(facts.authority, day, eligible_on, met_on),
        trigger_on=eligible_on,
        due_on=eligible_on,
        met_on=met_on,
        occasion=eligible_on.isoformat(),
        held=("care",),
        reasons=(
            counted,
            since,
            step("An eligible child since {day}.", day=eligible_on)
            if met_on
            else step("If care goes on, an eligible child from {day}.", day=eligible_on),
        ),
    )


def _assessment(
    facts: SchoolFacts, duty_id: str, act: str, day: date, trigger: date, why: tuple[Step, ...], met_on: date | None
) -> Obligation:
    limit = constants.PATHWAY_ASSESSMENT_MONTHS
    due_on = add_months(trigger, limit)
    state = standing(facts.authority, day, due_on, met_on)
    reasons = [*why, step("The assessment of needs is due within {limit} months: by {due}.", limit=limit, due=due_on)]
    if met_on is not None:
        reasons.append(step("It was recorded as done on {day}.", day=met_on))
    else:
        reasons.append(step("No assessment is recorded."))
        unknown = nothing_recorded(facts.authority, duty_id, due_on)
        if unknown is not None:
            reasons.append(unknown)
            state = State.NOT_KNOWN
    return Obligation(
        duty_id,
        "social_worker",
        act,
        state,
        trigger_on=trigger,
        due_on=due_on,
        met_on=met_on,
        occasion=trigger.isoformat(),
        reasons=tuple(reasons),
        clock=Clock(Unit.MONTHS, trigger, limit),
        held=("assessment",) if met_on else (),
        missing=() if met_on else ("assessment",),
    )


@duty("P16-02")
def needs_assessed_for_the_pathway_plan(facts: SchoolFacts, day: date) -> Iterator[Obligation]:
    if facts.born is None or not constants.ELIGIBLE_CHILD_FROM_AGE <= _age(facts, day) < ADULT_AGE:
        return
    if looked_after_on(facts, day) is None:
        return
    eligible_on = eligible_from(facts, day)
    if eligible_on is None:
        return
    yield _assessment(
        facts,
        "P16-02",
        "assess needs for the pathway plan, education and training among them",
        day,
        eligible_on,
        (step("An eligible child since {day}.", day=eligible_on),),
        evidence_since(facts, "P16-02", date.min, day),
    )


@duty("P16-04")
def relevant_child_is_assessed(facts: SchoolFacts, day: date) -> Iterator[Obligation]:
    """A relevant child is 16 or 17, has left care, and was an eligible child (Children Act 1989 s23A)."""
    if facts.born is None or not constants.ELIGIBLE_CHILD_FROM_AGE <= _age(facts, day) < ADULT_AGE:
        return
    if period_on(facts, day) is not None:
        return
    left = last_left(facts, day)
    if left is None or left.ends is None or left.end_reason in NO_LONGER_OURS:
        return
    if eligible_from(facts, left.ends - timedelta(days=1)) is None:
        return
    act = "assess needs, keep in touch and plan, education and training among them"
    why: tuple[Step, ...] = (step("Left care on {day}, after being an eligible child.", day=left.ends),)
    if left.end_reason in LIVES_WITH_PARENT:
        home_until = add_months(left.ends, constants.LIVING_WITH_PARENT_MONTHS)
        if day >= home_until:
            yield Obligation(
                "P16-04",
                "social_worker",
                act,
                State.NOT_APPLICABLE,
                trigger_on=left.ends,
                occasion=left.ends.isoformat(),
                reasons=(
                    *why,
                    step("Left to live with a parent or someone with parental responsibility."),
                    step("After 6 months, from {day}, no relevant child unless that breaks down.", day=home_until),
                ),
            )
            return
        why = (*why, step("Unless living with a parent for 6 months, to {day}, a relevant child.", day=home_until))
    met_on = evidence_since(facts, "P16-04", left.ends, day)
    in_care = evidence_since(facts, "P16-02", date.min, day)
    if met_on is None and in_care is not None:
        met_on = in_care
        why = (*why, step("The assessment was made while the young person was in care."))
    yield _assessment(facts, "P16-04", act, day, left.ends, why, met_on)


@duty("P16-05")
def pathway_plan_reviewed(facts: SchoolFacts, day: date) -> Iterator[Obligation]:
    """A former relevant child, 18 to 21: the pathway plan is reviewed at least every 6 months (SI 2010/2571 reg 7)."""
    if facts.born is None or not ADULT_AGE <= _age(facts, day) < constants.FORMER_RELEVANT_UNTIL_AGE:
        return
    if cohort(facts, day) != "care_leaver":
        return
    eighteen = birthday(facts.born, ADULT_AGE)
    reviews = sorted({on for on in facts.evidence.get("P16-05", ()) if eighteen < on <= day})
    intervals: list[tuple[date, date | None]] = [(reviews[-1] if reviews else eighteen, None)]
    if reviews:
        intervals.insert(0, (reviews[-2] if len(reviews) > 1 else eighteen, reviews[-1]))
    for previous, following in intervals:
        yield _pathway_review(facts, previous, following, eighteen, day)


def _pathway_review(facts: SchoolFacts, previous: date, met_on: date | None, eighteen: date, day: date) -> Obligation:
    limit = constants.PATHWAY_REVIEW_MONTHS
    due_on = add_months(previous, limit)
    state = standing(facts.authority, day, due_on, met_on)
    reasons = [
        step("Turned 18 on {day}.", day=previous)
        if previous == eighteen
        else step("The review before was held on {day}.", day=previous),
        step("A review is due at least every {limit} months: by {due}.", limit=limit, due=due_on),
        step("Where the council provides the accommodation: after 28 days, then at least every 3 months."),
    ]
    if met_on is not None:
        reasons.append(step("It was held on {day}.", day=met_on))
    else:
        reasons.append(step("No review is recorded since {day}.", day=previous))
        unknown = nothing_recorded(facts.authority, "P16-05", due_on)
        if unknown is not None:
            reasons.append(unknown)
            state = State.NOT_KNOWN
    return Obligation(
        "P16-05",
        "personal_adviser",
        "review the pathway plan",
        state,
        trigger_on=previous,
        due_on=due_on,
        met_on=met_on,
        occasion=previous.isoformat(),
        reasons=tuple(reasons),
        clock=Clock(Unit.MONTHS, previous, limit),
        held=("review",) if met_on else (),
        missing=() if met_on else ("review",),
    )


@duty("P16-12")
def activity_is_known(facts: SchoolFacts, day: date) -> Iterator[Obligation]:
    """After compulsory school age, to 18: what the young person does is known, so that help can be given."""
    if facts.born is None or not compulsory_school_age_until(facts.born) < day < birthday(
        facts.born, constants.PARTICIPATION_UNTIL_BIRTHDAY
    ):
        return
    if looked_after_on(facts, day) is None and cohort(facts, day) != "care_leaver":
        return
    act = "know whether the young person takes part in education, training or work"
    occasion = academic_year_label(academic_year_start(day))
    enrolment = enrolment_on(facts, day)
    if enrolment is not None:
        yield Obligation(
            "P16-12",
            "personal_adviser",
            act,
            State.MET,
            met_on=enrolment.starts,
            occasion=occasion,
            held=("activity",),
            reasons=(step("At {school} since {day}.", school=enrolment.school, day=enrolment.starts),),
        )
        return
    record = _latest_activity(facts, day)
    if record is not None:
        label = f"{record.year - 1}-{record.year % 100:02d}"
        words = ACTIVITY_WORDS.get(record.activity, record.activity)
        yield Obligation(
            "P16-12",
            "personal_adviser",
            act,
            State.MET,
            occasion=occasion,
            held=("activity",),
            reasons=(step("The {label} return says: {words}.", label=label, words=words),),
        )
        return
    yield Obligation(
        "P16-12",
        "personal_adviser",
        act,
        State.NOT_KNOWN,
        occasion=occasion,
        missing=("activity",),
        reasons=(
            step("No school, college, training or work is recorded.")
            if facts.enrolments_known
            else step("No enrolments have been loaded."),
        ),
    )


def _latest_activity(facts: SchoolFacts, day: date) -> CareLeaverFact | None:
    """The activity of this collection year or the last, where it is known."""
    year = collection_year(day)
    known = [r for r in facts.care_leaver if year - 1 <= r.year <= year and r.activity not in ("", "0")]
    return max(known, key=lambda record: record.year, default=None)


RULES_FOR_CHILD = (
    is_an_eligible_child,
    needs_assessed_for_the_pathway_plan,
    relevant_child_is_assessed,
    pathway_plan_reviewed,
    activity_is_known,
)
