"""What the law asks when a child is suspended or permanently excluded (EXC-01 to EXC-11).

Only for looked-after children: the virtual school head's part in the Regulations is for them alone (trap 4 of the
register). Where the law says "without delay" the day is the council's own target, and says so.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from virtual_school.authorities.rules import due_in_working_days, standing, without_calendar
from virtual_school.care.facts import looked_after_on
from virtual_school.children.rules import evidence_since, is_adult
from virtual_school.dates.ages import of_compulsory_school_age
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.law import constants
from virtual_school.law.obligation import Clock, Obligation, State, Step, Unit, duty, step

from .facts import (
    LUNCHTIME,
    AttendanceFacts,
    SuspensionFact,
    in_days,
    school_year_of,
    sessions_in_term,
    sessions_in_year,
)

HEAD, GOVERNORS, ARRANGER = "headteacher", "governing_board", "arranging_authority"
FIVE_DAYS, FIFTEEN_DAYS = 10, 30
"""In half days: over the first the governors must be told and may have to meet, over the second they must (EXC-08)."""

DECIDED_WORDS = {"SUSP": "suspend", "PERM": "permanently exclude", "LNCH": "suspend at lunchtimes"}


def _recent(facts: AttendanceFacts, day: date) -> tuple[SuspensionFact, ...]:
    """Those whose duties are still of interest: of this school year, of a child who is looked after today."""
    if not facts.suspensions or is_adult(facts, day) or looked_after_on(facts, day) is None:
        return ()
    year = school_year_of(facts.school_calendar, day)
    return tuple(
        one
        for one in facts.suspensions
        if one.decided_on <= day and (school_year_of(facts.school_calendar, one.starts) == year or one.is_out_on(day))
    )


def _after(facts: AttendanceFacts, day: date, days: int) -> date | None:
    """School days after a day, which is day 0: the Regulations say so here, whatever a council's convention."""
    try:
        return facts.school_calendar.after(day, days)
    except BeyondCalendar:
        return None


def _decided(one: SuspensionFact) -> Step:
    at = f" at {one.school}" if one.school else ""
    return step(
        "The head decided to {what} on {day}{at}.",
        what=DECIDED_WORDS.get(one.category, "suspend"),
        day=one.decided_on,
        at=at,
    )


def _told(
    facts: AttendanceFacts, one: SuspensionFact, duty_id: str, act: str, told_on: date | None, whom: str, day: date
) -> Obligation:
    """Told without delay: the law sets no number, the council's target does."""
    limit = facts.authority.policy.exclusion_told_school_days
    due_on = _after(facts, one.decided_on, limit)
    reasons = [_decided(one), step("The law says without delay and sets no number of days.")]
    if due_on is None:
        reasons.append(without_calendar("term dates"))
    else:
        days = "1 school day" if limit == 1 else f"{limit} school days"
        reasons.append(step("Council policy: within {days} of the decision, by {due}.", days=days, due=due_on))
    if told_on is not None:
        reasons.append(step("{whom} told on {day}.", whom=whom, day=told_on))
    else:
        reasons.append(step("It is not recorded that {whom} told.", whom=whom[:1].lower() + whom[1:]))
    return Obligation(
        duty_id, HEAD, act, standing(facts.authority, day, due_on, told_on), trigger_on=one.decided_on,
        due_on=due_on, met_on=told_on, occasion=one.key, reasons=tuple(reasons), is_local=True,
        clock=Clock(Unit.SCHOOL_DAYS, one.decided_on, limit, facts.school_calendar.name) if due_on else None,
        held=("notice",) if told_on else (), missing=() if told_on else ("notice",),
    )  # fmt: skip


@duty("EXC-01")
def social_worker_is_told(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """The social worker is told of any suspension or exclusion, its length and reasons, without delay."""
    for one in _recent(facts, day):
        act = "tell the social worker, with length and reasons"
        if not one.has_social_worker and one.social_worker_told_on is None:
            yield Obligation(
                "EXC-01", HEAD, act, State.NOT_KNOWN, trigger_on=one.decided_on, occasion=one.key, is_local=True,
                reasons=(_decided(one), step("No social worker is named for the child here.")),
                missing=("social worker",),
            )  # fmt: skip
            continue
        yield _told(facts, one, "EXC-01", act, one.social_worker_told_on, "The social worker was", day)


@duty("EXC-02")
def virtual_school_head_is_told(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """The virtual school head is told of any suspension or exclusion of a looked-after child, without delay."""
    for one in _recent(facts, day):
        act = "tell the virtual school head, with length and reasons"
        yield _told(facts, one, "EXC-02", act, one.head_told_on, "The virtual school head was", day)


@duty("EXC-03")
def parents_and_governors_are_told(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """Parents have written notice; governors are told at once of what is permanent, over 5 days, or costs an exam."""
    for one in _recent(facts, day):
        needs_governors = one.is_permanent or one.exam_lost or _total_in_term(facts, one) > FIVE_DAYS
        told = [one.parents_told_on] + ([one.governors_told_on] if needs_governors else [])
        told_on = max((on for on in told if on is not None), default=None) if all(told) else None
        whom = "The parents and the governors were" if needs_governors else "The parents were"
        act = "give the parents notice in writing" + (" and tell the governors" if needs_governors else "")
        found = _told(facts, one, "EXC-03", act, told_on, whom, day)
        if told_on is None and one.parents_told_on is None and one.governors_told_on is None:
            # The letter goes to others: that nobody noted it here does not say that it was not sent.
            found = Obligation(
                "EXC-03", HEAD, act, State.NOT_KNOWN, trigger_on=one.decided_on, occasion=one.key, is_local=True,
                reasons=found.reasons, missing=("notice in writing",),
            )  # fmt: skip
        yield found


@duty("EXC-04")
def cancelled_is_told_and_the_child_is_back(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """A cancelled exclusion: everybody is told in writing with reasons, and the pupil is taken back."""
    for one in _recent(facts, day):
        if one.cancelled_on is None or one.cancelled_on > day:
            continue
        limit = facts.authority.policy.exclusion_told_school_days
        due_on = _after(facts, one.cancelled_on, limit)
        both = (one.cancellation_told_on, one.returned_on)
        met_on = max((on for on in both if on is not None), default=None) if all(both) else None
        reasons = [
            _decided(one),
            step("It was cancelled on {day}.", day=one.cancelled_on),
            step("The law says without delay; council policy: by {due}.", due=due_on)
            if due_on
            else without_calendar("term dates"),
        ]
        if one.cancellation_told_on:
            reasons.append(step("Everybody was told in writing on {day}.", day=one.cancellation_told_on))
        if one.returned_on:
            reasons.append(step("The child was back at school on {day}.", day=one.returned_on))
        yield Obligation(
            "EXC-04", HEAD, "tell everybody in writing that it is cancelled, and take the child back",
            standing(facts.authority, day, due_on, met_on), trigger_on=one.cancelled_on, due_on=due_on, met_on=met_on,
            occasion=one.key, reasons=tuple(reasons), is_local=True,
            held=(*(("notice",) if both[0] else ()), *(("return",) if both[1] else ())),
            missing=(*(() if both[0] else ("notice",)), *(() if both[1] else ("day of return",))),
        )  # fmt: skip


def may_cancel(facts: AttendanceFacts, one: SuspensionFact, day: date) -> str:
    """Why a head can no longer cancel (SDR reg 8A, SI 2023/571); nothing where they can."""
    if one.governors_on is not None and one.governors_on <= day:
        return "the governors’ meeting has begun"
    total = sessions_in_year(facts, one.starts)
    if total > 2 * constants.SUSPENSION_CAP_SCHOOL_DAYS:
        return f"the pupil has been out for more than {constants.SUSPENSION_CAP_SCHOOL_DAYS} days in the school year"
    return ""


@duty("EXC-05")
def risk_is_met_about_early(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """Before it comes to an exclusion, school and virtual school meet about what else would help."""
    recent = [one for one in _recent(facts, day) if one.cancelled_on is None]
    if not recent:
        return
    latest = recent[-1]
    before = recent[-2].decided_on if len(recent) > 1 else latest.decided_on - timedelta(days=365)
    held = [on for on in facts.risk_meetings if before <= on <= day]
    recorded = evidence_since(facts, "EXC-05", before, day)
    met_on = min([*held, *([recorded] if recorded else [])], default=None)
    reasons = [_decided(latest)]
    if len(recent) > 1:
        reasons.append(step("It is number {n} of this school year.", n=len(recent)))
    if met_on is None:
        reasons.append(step("No meeting about the risk of exclusion is recorded before it or since."))
    else:
        reasons.append(step("School and virtual school met about the risk on {day}.", day=met_on))
    yield Obligation(
        "EXC-05", "designated_teacher", "meet the virtual school about the risk of exclusion",
        standing(facts.authority, day, latest.decided_on, met_on), trigger_on=latest.decided_on,
        due_on=latest.decided_on, met_on=met_on, occasion=latest.key, reasons=tuple(reasons),
        held=("meeting",) if met_on else (), missing=() if met_on else ("meeting",),
    )  # fmt: skip


def sixth_day(facts: AttendanceFacts, one: SuspensionFact) -> date | None:
    """From when full-time education is law: the sixth school day out; None where the child is back before."""
    n = constants.EXCLUSION_EDUCATION_FROM_SCHOOL_DAY
    day = _after(facts, one.starts if one.is_permanent else one.starts - timedelta(days=1), n)
    if day is None or (one.is_over_on is not None and one.is_over_on <= day):
        return None
    return day


def first_day(facts: AttendanceFacts, one: SuspensionFact) -> date | None:
    """Day one, the aim for a looked-after child."""
    return _after(facts, one.starts if one.is_permanent else one.starts - timedelta(days=1), 1)


@duty("EXC-06")
def education_while_out(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """Full-time education from the sixth school day by law; from the first as the council's target."""
    for one in _recent(facts, day):
        if one.category == LUNCHTIME or one.cancelled_on is not None:
            continue
        if facts.born is not None and not of_compulsory_school_age(facts.born, day):
            continue
        met_on = one.full_time_from
        if met_on is None and not one.is_out_on(day):
            continue
        yield from _education(facts, one, met_on, day)


def _education(facts: AttendanceFacts, one: SuspensionFact, met_on: date | None, day: date) -> Iterator[Obligation]:
    by_law, aim = sixth_day(facts, one), first_day(facts, one)
    out = step("The first day out was {day}, which is day 1.", day=one.starts)
    if one.is_permanent:
        out = step("It took place on {day}, which is day 0.", day=one.starts)
    if met_on is not None:
        how = step("Full-time education began on {day}.", day=met_on)
    elif one.part_time_from is not None:
        how = step("Education began on {day}, but it is less than full time.", day=one.part_time_from)
    else:
        how = step("No full-time education is recorded.")
    if aim is not None:
        yield Obligation(
            "EXC-06", "virtual_school_head", "have full-time education in place from day one",
            standing(facts.authority, day, aim, met_on), trigger_on=one.starts, due_on=aim, met_on=met_on,
            occasion=f"{one.key} day 1", is_local=True,
            reasons=(out, step("The guidance aims for day 1 for a looked-after child; the council’s target is {due}.",
                               due=aim), how),
            held=("education",) if met_on else (), missing=() if met_on else ("full-time education",),
        )  # fmt: skip
    if by_law is None:
        return
    who = "virtual_school_head" if one.is_permanent else HEAD
    whose = "the local authority" if one.is_permanent else "the school"
    yield Obligation(
        "EXC-06", who, "provide full-time education from the sixth school day",
        standing(facts.authority, day, by_law, met_on), trigger_on=one.starts, due_on=by_law, met_on=met_on,
        occasion=f"{one.key} day 6",
        reasons=(out, step("From the sixth school day, {due}, {whose} must provide full-time education.",
                           due=by_law, whose=whose), how),
        clock=Clock(Unit.SCHOOL_DAYS, one.starts if one.is_permanent else one.starts - timedelta(days=1),
                    constants.EXCLUSION_EDUCATION_FROM_SCHOOL_DAY, facts.school_calendar.name),
        held=("education",) if met_on else (), missing=() if met_on else ("full-time education",),
    )  # fmt: skip


@duty("EXC-07")
def work_is_set(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """The school sets and marks work for the first five school days."""
    for one in _recent(facts, day):
        if one.category == LUNCHTIME or one.cancelled_on is not None:
            continue
        if one.work_set_on is None and not one.is_out_on(day):
            continue
        due_on = first_day(facts, one)
        state = State.NOT_KNOWN if one.work_set_on is None else standing(facts.authority, day, due_on, one.work_set_on)
        said = (
            step("Work was set from {day}.", day=one.work_set_on)
            if one.work_set_on
            else step("It is not recorded whether work was set.")
        )
        yield Obligation(
            "EXC-07", HEAD, "set and mark work for the first five days", state, trigger_on=one.starts,
            due_on=due_on if one.work_set_on else None, met_on=one.work_set_on, occasion=one.key,
            reasons=(_decided(one), said), held=("work set",) if one.work_set_on else (),
            missing=() if one.work_set_on else ("work set",),
        )  # fmt: skip


def _total_in_term(facts: AttendanceFacts, one: SuspensionFact) -> int:
    return sessions_in_term(facts, one.starts, until=one.starts)


def governors_limit(facts: AttendanceFacts, one: SuspensionFact) -> tuple[int, Step] | None:
    """Within how many school days the governors meet, and why; None where they need not."""
    fifteen = constants.REINSTATEMENT_MEETING_SCHOOL_DAYS
    if one.is_permanent:
        return fifteen, step("It is permanent: the governors meet within {n} school days.", n=fifteen)
    if one.exam_lost:
        return fifteen, step(
            "An examination or test is lost: within {n} school days, before it if they can.", n=fifteen
        )
    total = _total_in_term(facts, one)
    said = in_days(total)
    if total > FIFTEEN_DAYS:
        return fifteen, step("{days} days in the term, over 15: within {n} school days.", days=said, n=fifteen)
    if total > FIVE_DAYS and one.representations_on is not None:
        fifty = constants.REINSTATEMENT_MEETING_SHORTER_SCHOOL_DAYS
        return fifty, step(
            "{days} days in the term, over 5, and the parent asked on {day}: within {n} school days.",
            days=said, day=one.representations_on, n=fifty,
        )  # fmt: skip
    return None


@duty("EXC-08")
def governors_meet(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """The governors consider whether the pupil comes back; social worker and virtual school head are invited."""
    for one in _recent(facts, day):
        if one.cancelled_on is not None and (one.governors_on is None or one.cancelled_on < one.governors_on):
            continue
        act = "meet about reinstatement, with social worker and virtual school head invited"
        asked = governors_limit(facts, one)
        if asked is None:
            total = _total_in_term(facts, one)
            if total > FIVE_DAYS:
                said = step(
                    "{days} days in the term, over 5: the governors meet if the parent asks.", days=in_days(total)
                )
                yield Obligation(
                    "EXC-08", GOVERNORS, act, State.NOT_APPLICABLE, trigger_on=one.decided_on, occasion=one.key,
                    reasons=(_decided(one), said),
                )  # fmt: skip
            continue
        limit, why = asked
        notice = one.governors_told_on or one.decided_on
        due_on = _after(facts, notice, limit)
        met_on = one.governors_on if one.governors_on is not None and one.governors_on <= day else None
        reasons = [_decided(one), why, step("Counted from the notice, {day}.", day=notice)]
        if due_on is None:
            reasons.append(without_calendar("term dates"))
        if one.governors_on is not None:
            how = "They met on {day}." if met_on else "They are to meet on {day}."
            reasons.append(step(how, day=one.governors_on))
        if one.invited_on is not None:
            reasons.append(step("Social worker and virtual school head were invited on {day}.", day=one.invited_on))
        else:
            reasons.append(step("No invitation of the social worker and the virtual school head is recorded."))
        if due_on is not None and due_on < day and met_on is None:
            reasons.append(step("A limit that has passed does not end the duty."))
        yield Obligation(
            "EXC-08", GOVERNORS, act, standing(facts.authority, day, due_on, met_on), trigger_on=notice,
            due_on=due_on, met_on=met_on, occasion=one.key, reasons=tuple(reasons),
            clock=Clock(Unit.SCHOOL_DAYS, notice, limit, facts.school_calendar.name) if due_on else None,
            held=(*(("meeting",) if met_on else ()), *(("invitation",) if one.invited_on else ())),
            missing=(*(() if met_on else ("meeting",)), *(() if one.invited_on else ("invitation",))),
        )  # fmt: skip


@duty("EXC-09")
def no_more_than_forty_five_days(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """The total of the school year, lunchtimes counted as half days, stays at or under 45 school days."""
    of_year = [one for one in _recent(facts, day) if not one.is_permanent and one.cancelled_on is None]
    if not of_year:
        return
    total = sessions_in_year(facts, day)
    cap = 2 * constants.SUSPENSION_CAP_SCHOOL_DAYS
    over = next((one for one in of_year if sessions_in_year(facts, day, until=one.starts) > cap), None)
    year = school_year_of(facts.school_calendar, day)
    reasons = [
        step("{days} school days in {year}, of at most {cap}.", days=in_days(total), year=year,
             cap=constants.SUSPENSION_CAP_SCHOOL_DAYS),
        step("A lunchtime counts half a day. Days at different schools are added up, as the guidance is recalled."),
    ]  # fmt: skip
    yield Obligation(
        "EXC-09", HEAD, f"suspend for no more than {constants.SUSPENSION_CAP_SCHOOL_DAYS} days in the school year",
        State.OVERDUE if over else State.MET, trigger_on=of_year[0].starts,
        due_on=over.starts if over else None, met_on=None if over else of_year[-1].decided_on, occasion=year,
        reasons=tuple(reasons), held=("days counted",),
    )  # fmt: skip


@duty("EXC-10")
def review_panel_hears_them(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """Social worker and virtual school head may take part in an independent review, and are sent its decision."""
    for one in _recent(facts, day):
        if one.review_asked_on is None or one.review_asked_on > day:
            continue
        reasons = [_decided(one), step("The parent asked for a review on {day}.", day=one.review_asked_on)]
        if one.review_on is not None:
            how = "The panel met on {day}." if one.review_on <= day else "The panel is to meet on {day}."
            reasons.append(step(how, day=one.review_on))
        if one.review_invited_on is not None:
            reasons.append(step("They were invited on {day}.", day=one.review_invited_on))
        if one.review_told_on is not None:
            reasons.append(step("The decision was sent on {day}.", day=one.review_told_on))
        met_on = one.review_told_on if one.review_invited_on else None
        missing = (*(() if one.review_invited_on else ("invitation",)), *(() if one.review_told_on else ("decision",)))
        yield Obligation(
            "EXC-10", ARRANGER, "let social worker and virtual school head take part, and send them the decision",
            State.MET if met_on is not None and met_on <= day else State.NOT_KNOWN, trigger_on=one.review_asked_on,
            met_on=met_on, occasion=one.key, reasons=tuple(reasons), missing=missing,
            held=("invitation",) if one.review_invited_on else (),
        )  # fmt: skip


@duty("EXC-11")
def virtual_school_checks_it(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """The virtual school checks each one and has the plan updated. By when is the council's own target."""
    for one in _recent(facts, day):
        told = one.head_told_on
        if told is None or told > day:
            continue
        limit = facts.authority.policy.exclusion_checked_working_days
        due_on = due_in_working_days(facts.authority, told, limit)
        met_on = one.checked_on or evidence_since(facts, "EXC-11", told, day)
        reasons = [
            _decided(one),
            step("The virtual school head was told on {day}.", day=told),
            step("Council policy: checked within {limit} working days, by {due}.", limit=limit, due=due_on)
            if due_on
            else without_calendar("bank holidays"),
            step("It was checked on {day}.", day=met_on)
            if met_on
            else step("Nobody has recorded a check that it was lawful and what the plan needs."),
        ]
        yield Obligation(
            "EXC-11", "virtual_school_head", "check that it was lawful and have the plan updated",
            standing(facts.authority, day, due_on, met_on), trigger_on=told, due_on=due_on, met_on=met_on,
            occasion=one.key, reasons=tuple(reasons), is_local=True,
            clock=Clock(Unit.WORKING_DAYS, told, limit, facts.authority.working.name) if due_on else None,
            held=("check",) if met_on else (), missing=() if met_on else ("check",),
        )  # fmt: skip


RULES = (
    social_worker_is_told,
    virtual_school_head_is_told,
    parents_and_governors_are_told,
    cancelled_is_told_and_the_child_is_back,
    risk_is_met_about_early,
    education_while_out,
    work_is_set,
    governors_meet,
    no_more_than_forty_five_days,
    review_panel_hears_them,
    virtual_school_checks_it,
)
