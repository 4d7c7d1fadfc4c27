"""What the law asks of health and status while a child is in care. Reviews are in `review_rules`."""

from collections.abc import Iterator
from datetime import date

from virtual_school.authorities.rules import standing
from virtual_school.children.rules import BIRTH_NOT_HELD, is_adult, supported_as
from virtual_school.dates.ages import age_on, collection_year
from virtual_school.law import constants
from virtual_school.law.obligation import Obligation, State, duty, step

from .facts import (
    KINSHIP,
    SOCIAL_WORKER,
    CareFacts,
    CareLeaverFact,
    ReviewFact,
    SdqFact,
    cohort,
    is_unaccompanied,
    legal_status_on,
    looked_after_on,
)
from .history import (
    END_WORDS,
    LEGAL_WORDS,
    PLACEMENT_WORDS,
    REMAND,
    CarePeriodFact,
    EpisodeFact,
    LegalStatusFact,
    PlacementFact,
    care_periods,
    current_episode,
    legal_statuses,
    placements,
    twelve_months_at_31_march,
)
from .review_rules import first_review, later_reviews, second_review

__all__ = [
    "END_WORDS",
    "LEGAL_WORDS",
    "PLACEMENT_WORDS",
    "RULES_FOR_CHILD",
    "CareFacts",
    "CareLeaverFact",
    "CarePeriodFact",
    "EpisodeFact",
    "LegalStatusFact",
    "PlacementFact",
    "ReviewFact",
    "SdqFact",
    "care_periods",
    "cohort",
    "current_episode",
    "legal_statuses",
    "placements",
    "twelve_months_at_31_march",
]

SDQ_REASON_WORDS = {
    "SDQ1": "the child's age",
    "SDQ2": "the carer declined",
    "SDQ3": "the severity of the child's disability",
    "SDQ4": "another reason",
    "SDQ5": "the child declined",
}


@duty("HEA-01")
def strengths_and_difficulties(facts: CareFacts, day: date) -> Iterator[Obligation]:
    """A questionnaire from the carer in each year to 31 March, for a child then twelve months in care."""
    period = looked_after_on(facts, day)
    if period is None or is_adult(facts, day):
        return
    coming = collection_year(day)
    if facts.born is None:
        if period.starts <= date(coming - 1, 4, 1):
            yield Obligation(
                "HEA-01",
                "social_worker",
                SDQ_ACT,
                State.NOT_KNOWN,
                occasion=_year_label(coming),
                reasons=(BIRTH_NOT_HELD,),
                missing=("date of birth",),
            )
        return
    if _of_sdq_age(facts, coming - 1) and twelve_months_at_31_march(facts.episodes, coming - 1):
        yield _questionnaire(facts, coming - 1, day)
    if _of_sdq_age(facts, coming) and period.starts <= date(coming - 1, 4, 1):
        yield _questionnaire(facts, coming, day)


SDQ_ACT = "have the carer complete the strengths and difficulties questionnaire"


def _year_label(year: int) -> str:
    return f"{year - 1}-{year % 100:02d}"


def _of_sdq_age(facts: CareFacts, year: int) -> bool:
    if facts.born is None:
        return False
    policy = facts.authority.policy
    return policy.sdq_from_age <= age_on(facts.born, date(year, 3, 31)) <= policy.sdq_to_age


def _questionnaire(facts: CareFacts, year: int, day: date) -> Obligation:
    due_on = date(year, 3, 31)
    age = age_on(facts.born, due_on) if facts.born else 0
    is_local = not constants.SDQ_FROM_AGE <= age <= constants.SDQ_TO_AGE
    label = _year_label(year)
    record = next((r for r in facts.sdq if r.year == year and (r.on is None or r.on <= day)), None)
    reasons = [
        step(
            "Twelve months in care by {day}, and aged {age} then."
            if due_on <= day
            else "If care goes on, twelve months in care by {day}, and aged {age} then.",
            day=due_on,
            age=age,
        ),
        step("One questionnaire is due in the year to {day}.", day=due_on),
    ]
    if is_local:
        reasons.append(step("Council policy asks for it at this age; the return does not."))
    met_on: date | None = None
    if record is not None and record.score is not None:
        met_on = record.on
        if met_on is None:
            reasons.append(
                step("A score of {score} is held for {label}. The day is not.", score=record.score, label=label)
            )
        else:
            reasons.append(step("A score of {score} was recorded on {day}.", score=record.score, day=met_on))
        state = State.MET_LATE if met_on is not None and met_on > due_on else State.MET
    elif record is not None and record.reason:
        why = SDQ_REASON_WORDS.get(record.reason, record.reason)
        reasons.append(
            step("The return gives a reason instead of a score: {why} ({code}).", why=why, code=record.reason)
        )
        state = State.NOT_APPLICABLE
    else:
        state = standing(facts.authority, day, due_on, None)
        reasons.append(step("No score is held for {label}.", label=label))
        if state is State.OVERDUE and not _return_loaded(facts, year, day):
            state = State.NOT_KNOWN
            reasons.append(step("The {label} return has not been loaded.", label=label))
        elif state is State.OVERDUE and not facts.sdq_known:
            state = State.NOT_KNOWN
            reasons.append(step("No scores have been loaded for any child."))
    met = state in (State.MET, State.MET_LATE)
    return Obligation(
        "HEA-01",
        "social_worker",
        SDQ_ACT,
        state,
        trigger_on=date(year - 1, 4, 1),
        due_on=due_on,
        met_on=met_on,
        occasion=label,
        reasons=tuple(reasons),
        held=("score",) if met else (),
        missing=() if met or state is State.NOT_APPLICABLE else ("score",),
        is_local=is_local,
    )


def _return_loaded(facts: CareFacts, year: int, day: date) -> bool:
    return any(loaded.collection_year == year and loaded.loaded_on <= day for loaded in facts.authority.returns)


def sdq_band(score: int) -> str:
    """The band of a carer's total (statistical practice, not law)."""
    if score >= constants.SDQ_CONCERN_FROM:
        return "cause for concern"
    return "borderline" if score >= constants.SDQ_BORDERLINE_FROM else "normal"


@duty("HEA-03")
def questionnaire_band(facts: CareFacts, day: date) -> Iterator[Obligation]:
    if looked_after_on(facts, day) is None or is_adult(facts, day):
        return
    year_now = collection_year(day)
    scored = [r for r in facts.sdq if r.score is not None and r.year <= year_now and (r.on is None or r.on <= day)]
    if not scored:
        return
    latest = max(scored, key=lambda r: r.year)
    score = latest.score or 0
    label = _year_label(latest.year)
    yield Obligation(
        "HEA-03",
        "virtual_school_head",
        "act on the band of the latest questionnaire",
        State.MET,
        trigger_on=latest.on,
        met_on=latest.on,
        occasion=label,
        held=("score",),
        reasons=(
            step("The latest score held is {score}, for {label}.", score=score, label=label),
            step(
                "{score} is in the band “{band}”. 0 to 13 is normal, 14 to 16 borderline, 17 to 40 cause for concern.",
                score=score,
                band=sdq_band(score),
            ),
        ),
    )


@duty("UAS-01")
def unaccompanied_child_has_the_same_entitlement(facts: CareFacts, day: date) -> Iterator[Obligation]:
    if not facts.is_uasc:
        return
    period = looked_after_on(facts, day)
    if period is None or is_adult(facts, day) or not is_unaccompanied(facts, day):
        return
    yield Obligation(
        "UAS-01",
        "virtual_school_head",
        "give the same support as to any looked-after child",
        State.MET,
        trigger_on=period.starts,
        met_on=period.starts,
        occasion=period.starts.isoformat(),
        held=("roll",),
        reasons=(
            step("An unaccompanied asylum-seeking child, in care since {day} and on the roll.", day=period.starts),
            step("A personal education plan, a school place and the pupil premium apply as for any child in care."),
        ),
    )


@duty("CUS-01")
def remanded_child_is_on_the_roll(facts: CareFacts, day: date) -> Iterator[Obligation]:
    """Remand to youth detention makes a child looked after the same day (LASPO 2012 s104(1))."""
    status = legal_status_on(facts, day)
    if status is None or status.code != REMAND or is_adult(facts, day):
        return
    period = looked_after_on(facts, day)
    before = period is not None and period.starts < status.starts
    yield Obligation(
        "CUS-01",
        "social_worker",
        "treat the child as looked after from the day of remand",
        State.MET,
        trigger_on=status.starts,
        due_on=status.starts,
        met_on=status.starts,
        occasion=status.starts.isoformat(),
        held=("roll",),
        reasons=(
            step("Remanded on {day}.", day=status.starts),
            step("Already looked after since {day}.", day=period.starts)
            if before and period is not None
            else step("Looked after, and on the roll, from the same day."),
        ),
    )


@duty("KIN-04")
def social_worker_and_kinship_duty_in_force(facts: CareFacts, day: date) -> Iterator[Obligation]:
    """The duty to children with a social worker or in kinship care starts on a day fixed by regulations."""
    if not facts.support or is_adult(facts, day):
        return
    support = supported_as(facts, SOCIAL_WORKER | KINSHIP, day)
    if support is None or cohort(facts, day) not in ("social_worker", "kinship"):
        return
    starts = facts.authority.policy.kin_start_date
    act = "promote the education of children with a social worker or in kinship care"
    strategic = step("The duty is to the group as a whole. It asks for no particular step for this child.")
    if starts is None or starts > day:
        reason = (
            step("The duty to this group is not in force: no start date has been fixed.")
            if starts is None
            else step("The duty to this group starts on {day}.", day=starts)
        )
        yield Obligation(
            "KIN-04",
            "virtual_school_head",
            act,
            State.NOT_APPLICABLE,
            trigger_on=starts,
            occasion=support.starts.isoformat(),
            reasons=(reason, strategic),
        )
        return
    counted_from = max(starts, support.starts)
    yield Obligation(
        "KIN-04",
        "virtual_school_head",
        act,
        State.MET,
        trigger_on=counted_from,
        met_on=counted_from,
        occasion=support.starts.isoformat(),
        held=("cohort",),
        reasons=(step("Counted in the group from {day}.", day=counted_from), strategic),
    )


RULES_FOR_CHILD = (
    first_review,
    second_review,
    later_reviews,
    strengths_and_difficulties,
    questionnaire_band,
    unaccompanied_child_has_the_same_entitlement,
    remanded_child_is_on_the_roll,
    social_worker_and_kinship_duty_in_force,
)
