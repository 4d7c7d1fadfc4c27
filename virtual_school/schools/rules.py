"""What the law asks of a child's place at school: the roll, and education after a move."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from virtual_school.authorities.rules import (
    closures_skipped,
    due_in_school_days,
    due_in_working_days,
    holidays_skipped,
    nothing_recorded,
    standing,
    without_calendar,
)
from virtual_school.care.facts import (
    LEFT_CARE_BY_ORDER,
    CareFacts,
    is_unaccompanied,
    last_left,
    looked_after_on,
    period_on,
    settled_placement_on,
)
from virtual_school.care.history import END_WORDS, CarePeriodFact, PlacementFact
from virtual_school.care.review_rules import day_name, start_not_held
from virtual_school.children.rules import BIRTH_NOT_HELD, evidence_since, is_adult
from virtual_school.dates.ages import compulsory_school_age_from, compulsory_school_age_until, year_group
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.law import constants
from virtual_school.law.obligation import Clock, Obligation, State, Step, Unit, duty, step


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentFact:
    """A child on the roll of a school, or taught elsewhere. `ends` is the first day no longer on the roll."""

    school: str
    starts: date
    ends: date | None = None
    urn: int | None = None
    kind: str = "main"
    la_code: int | None = None
    is_early_years: bool = False
    year_group: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolFacts(CareFacts):
    enrolments: tuple[EnrolmentFact, ...] = ()
    enrolments_known: bool = True
    """Whether this authority has loaded or recorded any child's enrolment here."""

    enrolments_from: date | None = None
    """The first day for which enrolments are held; None: as far back as they matter."""

    actual_year_group: int | None = None
    """As taught, where the school says."""


def enrolment_on(facts: SchoolFacts, day: date) -> EnrolmentFact | None:
    """Where a child is on roll on a day: the main registration, else any other."""
    found: EnrolmentFact | None = None
    for enrolment in facts.enrolments:
        if enrolment.starts <= day and (enrolment.ends is None or enrolment.ends > day):
            if enrolment.kind == "main":
                return enrolment
            found = found or enrolment
    return found


def year_group_on(facts: SchoolFacts, day: date) -> int | None:
    """The year group as taught, else by age; below 0 is before Reception. None: not known."""
    if facts.actual_year_group is not None:
        return facts.actual_year_group
    return year_group(facts.born, day) if facts.born is not None else None


def is_of_school_age(facts: SchoolFacts, day: date) -> bool:
    """From compulsory school age to the 18th birthday, the end of the duty to take part in education."""
    return facts.born is not None and compulsory_school_age_from(facts.born) <= day and not is_adult(facts, day)


def counts_as_emergency(facts: CareFacts, placement: PlacementFact | None) -> bool:
    if placement is None or placement.is_emergency is None:
        return facts.authority.policy.entry_when_unknown == "emergency"
    return placement.is_emergency


def how_placed(facts: CareFacts, placement: PlacementFact | None) -> Step:
    if placement is None or placement.is_emergency is None:
        counted = "an emergency" if facts.authority.policy.entry_when_unknown == "emergency" else "planned"
        return step(
            "It is not recorded whether this was planned. Council policy counts it as {counted}.", counted=counted
        )
    return step("It was an emergency." if placement.is_emergency else "It was planned.")


@duty("VS-08")
def roll_is_up_to_date(facts: SchoolFacts, day: date) -> Iterator[Obligation]:
    """The roll is kept up to date without a pause; how often it is checked is a local target."""
    period = looked_after_on(facts, day)
    if period is None or is_adult(facts, day):
        return
    act = "check that the child's place on the roll is up to date"
    enrolment = enrolment_on(facts, day)
    reasons: list[Step] = [step("On the roll since {day}.", day=period.starts)]
    missing: tuple[str, ...] = ()
    if enrolment is not None:
        reasons.append(step("At {school} since {day}.", school=enrolment.school, day=enrolment.starts))
    elif not facts.enrolments_known:
        reasons.append(step("No enrolments have been loaded."))
        missing = ("school or college",)
    elif is_of_school_age(facts, day):
        reasons.append(step("No school or college is recorded."))
        missing = ("school or college",)
    checked = facts.roll_checked_on if facts.roll_checked_on is not None and facts.roll_checked_on <= day else None
    if checked is None:
        reasons.append(step("Nobody has recorded a check of this entry."))
        yield Obligation(
            "VS-08",
            "virtual_school_head",
            act,
            State.NOT_KNOWN,
            trigger_on=period.starts,
            occasion=period.starts.isoformat(),
            reasons=tuple(reasons),
            missing=(*missing, "check of the roll"),
            is_local=True,
        )
        return
    limit = facts.authority.policy.roll_check_days
    due_on = checked + timedelta(days=limit)
    reasons.append(step("Last checked on {day}.", day=checked))
    if enrolment is not None and enrolment.starts > checked:
        reasons.append(step("The school has changed since then."))
    reasons.append(
        step(
            "Council policy: checked again within {limit} days, by {due}. The guidance sets no day.",
            limit=limit,
            due=due_on,
        )
    )
    yield Obligation(
        "VS-08",
        "virtual_school_head",
        act,
        standing(facts.authority, day, due_on, None),
        trigger_on=checked,
        due_on=due_on,
        occasion=checked.isoformat(),
        reasons=tuple(reasons),
        missing=missing,
        held=("school",) if enrolment is not None else (),
        is_local=True,
        clock=Clock(Unit.DAYS, checked, limit),
    )


@duty("SCH-04")
def education_after_an_emergency_placement(facts: SchoolFacts, day: date) -> Iterator[Obligation]:
    """New education within 20 school days of an emergency placement, where the old school was not kept."""
    period = looked_after_on(facts, day)
    if period is None or is_adult(facts, day):
        return
    placement = settled_placement_on(facts, period, day)
    if placement is None or not counts_as_emergency(facts, placement):
        return
    if placement.starts == period.starts and (not period.starts_known or is_unaccompanied(facts, day)):
        return
    entered = step("Placed on {day} ({zero}).", day=placement.starts, zero=day_name(facts.authority))
    yield from _new_education(facts, "SCH-04", day, placement.starts, (entered, how_placed(facts, placement)))


@duty("UAS-02")
def education_for_an_unaccompanied_child(facts: SchoolFacts, day: date) -> Iterator[Obligation]:
    """The same 20 school days, counted from coming into care."""
    if not facts.is_uasc:
        return
    period = looked_after_on(facts, day)
    if period is None or is_adult(facts, day) or not is_unaccompanied(facts, day):
        return
    if not period.starts_known:
        yield Obligation(
            "UAS-02",
            "virtual_school_head",
            EDUCATION_ACT,
            State.NOT_KNOWN,
            occasion=period.starts.isoformat(),
            reasons=(start_not_held(period),),
            missing=("the day care began",),
        )
        return
    entered = step(
        "An unaccompanied asylum-seeking child who came into care on {day} ({zero}).",
        day=period.starts,
        zero=day_name(facts.authority),
    )
    yield from _new_education(facts, "UAS-02", day, period.starts, (entered,))


EDUCATION_ACT = "secure suitable education"


def _new_education(
    facts: SchoolFacts, duty_id: str, day: date, start: date, entered: tuple[Step, ...]
) -> Iterator[Obligation]:
    if facts.born is not None and not (is_of_school_age(facts, start) and is_of_school_age(facts, day)):
        return
    limit = constants.NEW_EDUCATION_SCHOOL_DAYS
    due_on = due_in_school_days(facts.authority, facts.school_calendar, start, limit)
    old = enrolment_on(facts, start - timedelta(days=1))
    judged_on = day if due_on is None or day < due_on else due_on
    if old is not None and (old.ends is None or old.ends > judged_on):
        return
    began = min((e for e in facts.enrolments if start <= e.starts <= day), key=lambda e: e.starts, default=None)
    met_on = began.starts if began is not None else None
    unknown: Step | None = None
    if (
        facts.enrolments_from is not None
        and start < facts.enrolments_from
        and (due_on is None or met_on is None or met_on > due_on)
    ):
        if enrolment_on(facts, day) is not None:
            return
        unknown = step("Enrolments are held here only from {day}.", day=facts.enrolments_from)
    elif not facts.enrolments_known:
        unknown = step("No enrolments have been loaded.")
    elif facts.born is None:
        unknown = BIRTH_NOT_HELD
    reasons = list(entered)
    if old is not None and old.ends is not None:
        reasons.append(step("The place at {school} ended on {day}.", school=old.school, day=old.ends))
    elif facts.enrolments_known:
        reasons.append(step("No school was recorded on the day before."))
    if due_on is None:
        reasons.append(without_calendar("term dates"))
    else:
        reasons.append(step("{limit} school days from then end on {due}.", limit=limit, due=due_on))
        reasons.extend(closures_skipped(facts.authority, facts.school_calendar, start, due_on))
    if began is not None:
        reasons.append(step("Started at {school} on {day}.", school=began.school, day=began.starts))
    else:
        reasons.append(step("No new school, college or other education is recorded."))
        reasons.extend(_school_days_gone(facts, start, day))
    if unknown is not None:
        reasons.append(unknown)
        met_on = None
    yield Obligation(
        duty_id,
        "virtual_school_head",
        EDUCATION_ACT,
        State.NOT_KNOWN if unknown is not None else standing(facts.authority, day, due_on, met_on),
        trigger_on=start,
        due_on=due_on,
        met_on=met_on,
        occasion=start.isoformat(),
        reasons=tuple(reasons),
        clock=Clock(Unit.SCHOOL_DAYS, start, limit, facts.school_calendar.name) if due_on is not None else None,
        held=("enrolment",) if met_on else (),
        missing=() if met_on else ("enrolment",),
    )


def _school_days_gone(facts: SchoolFacts, start: date, day: date) -> tuple[Step, ...]:
    try:
        gone = facts.school_calendar.between(start, day)
    except BeyondCalendar:
        return ()
    return (step("{gone} school days have passed by {day}.", gone=gone, day=day),)


@duty("SCH-10")
def liaison_out_of_area(facts: SchoolFacts, day: date) -> Iterator[Obligation]:
    """The council stays responsible for a child placed elsewhere and speaks with that area's virtual school."""
    period = looked_after_on(facts, day)
    if period is None or is_adult(facts, day):
        return
    placement = settled_placement_on(facts, period, day)
    if placement is None or placement.in_area:
        return
    act = "speak with the virtual school of the area and the child's school"
    occasion = placement.starts.isoformat()
    if placement.in_area is None:
        yield Obligation(
            "SCH-10",
            "virtual_school_head",
            act,
            State.NOT_KNOWN,
            trigger_on=placement.starts,
            occasion=occasion,
            reasons=(step("It is not held whether the placement of {day} is in this area.", day=placement.starts),),
            missing=("area of the placement",),
            is_local=True,
        )
        return
    yield _liaison(facts, placement, period, act, day)


def _liaison(facts: SchoolFacts, placement: PlacementFact, period: CarePeriodFact, act: str, day: date) -> Obligation:
    authority = facts.authority
    limit = authority.policy.liaison_working_days
    start = placement.starts
    due_on = due_in_working_days(authority, start, limit)
    met_on = evidence_since(facts, "SCH-10", start, day)
    state = standing(authority, day, due_on, met_on)
    reasons = [step("Placed outside the council's area on {day} ({zero}).", day=start, zero=day_name(authority))]
    if due_on is None:
        reasons.append(without_calendar("bank holidays"))
    else:
        reasons.append(
            step(
                "Council policy: within {limit} working days, by {due}. The guidance sets no day.",
                limit=limit,
                due=due_on,
            )
        )
        reasons.extend(holidays_skipped(authority, start, due_on))
    if met_on is not None:
        reasons.append(step("Recorded as done on {day}.", day=met_on))
    else:
        reasons.append(step("No contact with the other area's virtual school is recorded since {day}.", day=start))
        unknown = nothing_recorded(authority, "SCH-10", due_on)
        if unknown is not None:
            reasons.append(unknown)
            state = State.NOT_KNOWN
    return Obligation(
        "SCH-10",
        "virtual_school_head",
        act,
        state,
        trigger_on=start,
        due_on=due_on,
        met_on=met_on,
        occasion=start.isoformat(),
        reasons=tuple(reasons),
        is_local=True,
        clock=Clock(Unit.WORKING_DAYS, start, limit, authority.working.name) if due_on is not None else None,
        held=("liaison",) if met_on else (),
        missing=() if met_on else ("liaison",),
    )


@duty("PLA-06")
def previously_looked_after_child_is_covered(facts: SchoolFacts, day: date) -> Iterator[Obligation]:
    """Whether advice is owed: by age, and by where the child is educated, not where they live (s23ZZA(7))."""
    left = last_left(facts, day)
    if left is None or left.ends is None or left.end_reason not in LEFT_CARE_BY_ORDER:
        return
    if period_on(facts, day) is not None or is_adult(facts, day):
        return
    act = "make advice and information available"
    reasons = [step("Left care on {day}: {why}.", day=left.ends, why=END_WORDS[left.end_reason].lower())]
    enrolment = enrolment_on(facts, day)
    state, missing, why = _covered(facts, enrolment, day)
    if enrolment is not None:
        reasons.append(step("At {school} since {day}.", school=enrolment.school, day=enrolment.starts))
    yield Obligation(
        "PLA-06",
        "virtual_school_head",
        act,
        state,
        trigger_on=left.ends,
        met_on=max(left.ends, enrolment.starts) if state is State.MET and enrolment is not None else None,
        occasion=left.ends.isoformat(),
        reasons=(*reasons, why),
        missing=missing,
        held=("enrolment",) if enrolment is not None else (),
    )


def _covered(facts: SchoolFacts, enrolment: EnrolmentFact | None, day: date) -> tuple[State, tuple[str, ...], Step]:
    authority = facts.authority
    if facts.born is None:
        return State.NOT_KNOWN, ("date of birth",), BIRTH_NOT_HELD
    leaves_on = compulsory_school_age_until(facts.born)
    if day > leaves_on:
        return State.NOT_APPLICABLE, (), step("Covered until compulsory school age ended, on {day}.", day=leaves_on)
    if enrolment is None:
        return State.NOT_KNOWN, ("enrolment",), step("It is not held where the child is educated.")
    if enrolment.la_code is None:
        return State.NOT_KNOWN, ("area of the school",), step("It is not held in which area that is.")
    if enrolment.la_code != authority.code:
        return (
            State.NOT_APPLICABLE,
            (),
            step("That is in another authority's area. That authority gives advice and information."),
        )
    if day < compulsory_school_age_from(facts.born):
        return State.MET, (), step("Covered: in early years provision in {name}.", name=authority.name)
    return State.MET, (), step("Covered: of compulsory school age and educated in {name}.", name=authority.name)


RULES_FOR_CHILD = (
    roll_is_up_to_date,
    education_after_an_emergency_placement,
    education_for_an_unaccompanied_child,
    liaison_out_of_area,
    previously_looked_after_child_is_covered,
)
