"""Who counts for the pupil premium plus, and for the early years pupil premium."""

from collections.abc import Iterator
from datetime import date

from virtual_school.care.facts import looked_after_on
from virtual_school.children.rules import BIRTH_NOT_HELD, is_adult
from virtual_school.law import constants
from virtual_school.law.obligation import Obligation, State, duty, step
from virtual_school.plans.premium import age_for_premium, financial_year, is_of_premium_age
from virtual_school.schools.rules import SchoolFacts, enrolment_on

IDENTIFY_ACT = "identify who qualifies and tell social care and early years colleagues"


@duty("PPP-02")
def qualifies_for_pupil_premium(facts: SchoolFacts, day: date) -> Iterator[Obligation]:
    period = looked_after_on(facts, day)
    if period is None or is_adult(facts, day):
        return
    first_day, label = financial_year(day)
    if facts.born is None:
        yield Obligation(
            "PPP-02",
            "virtual_school_head",
            IDENTIFY_ACT,
            State.NOT_KNOWN,
            occasion=label,
            reasons=(BIRTH_NOT_HELD,),
            missing=("date of birth",),
        )
        return
    since = max(first_day, period.starts)
    age, on = age_for_premium(facts.born, day)
    aged = step("Aged {age} on {day}, the 31 August before the financial year {label}.", age=age, day=on, label=label)
    if is_of_premium_age(facts.born, day):
        yield Obligation(
            "PPP-02",
            "virtual_school_head",
            IDENTIFY_ACT,
            State.MET,
            trigger_on=period.starts,
            met_on=since,
            occasion=label,
            held=("age", "care"),
            reasons=(
                step("Looked after since {day}.", day=period.starts),
                aged,
                step("Qualifies for the pupil premium plus. It is used as the personal education plan says."),
            ),
        )
        return
    enrolment = enrolment_on(facts, day)
    if age < constants.PUPIL_PREMIUM_FROM_AGE and enrolment is not None and enrolment.is_early_years:
        yield Obligation(
            "PPP-02",
            "virtual_school_head",
            IDENTIFY_ACT,
            State.MET,
            trigger_on=period.starts,
            met_on=max(since, enrolment.starts),
            occasion=label,
            held=("age", "care", "early years place"),
            reasons=(
                step("Looked after since {day}.", day=period.starts),
                step("At {school} since {day}.", school=enrolment.school, day=enrolment.starts),
                step("Qualifies for the early years pupil premium for funded hours. It is paid to the provider."),
            ),
        )
        return
    yield Obligation(
        "PPP-02",
        "virtual_school_head",
        IDENTIFY_ACT,
        State.NOT_APPLICABLE,
        trigger_on=period.starts,
        occasion=label,
        reasons=(aged, step("The pupil premium plus is for children aged 4 to 15 on that day.")),
    )


@duty("PPP-05")
def counts_for_pupil_premium(facts: SchoolFacts, day: date) -> Iterator[Obligation]:
    """Looked after for at least one day of the financial year, and of the age, whoever is in care now."""
    if not facts.periods:
        return
    first_day, label = financial_year(day)
    cared_from = min(
        (
            max(period.starts, first_day)
            for period in facts.periods
            if period.kind == "looked_after"
            and period.starts <= day
            and (period.ends is None or (period.ends > first_day and period.ends > period.starts))
        ),
        default=None,
    )
    if cared_from is None:
        return
    act = "see that the child is counted for the pupil premium plus"
    if facts.born is None:
        yield Obligation(
            "PPP-05",
            "virtual_school_head",
            act,
            State.NOT_KNOWN,
            trigger_on=cared_from,
            occasion=label,
            reasons=(BIRTH_NOT_HELD,),
            missing=("date of birth",),
        )
        return
    if not is_of_premium_age(facts.born, day):
        return
    age, on = age_for_premium(facts.born, day)
    yield Obligation(
        "PPP-05",
        "virtual_school_head",
        act,
        State.MET,
        trigger_on=cared_from,
        met_on=cared_from,
        occasion=label,
        held=("care", "age"),
        reasons=(
            step("Looked after on {day}. One day in {label} is enough.", day=cared_from, label=label),
            step("Aged {age} on {day}, so within 4 to 15.", age=age, day=on),
            step("The Department for Education counts from the annual return, so its figure can differ."),
        ),
    )


RULES_FOR_CHILD = (qualifies_for_pupil_premium, counts_for_pupil_premium)
