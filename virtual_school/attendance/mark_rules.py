"""What the law and the guidance ask of a child's attendance, where marks decide (ATT-03 to ATT-14).

A child of whom no mark is held has none of these: that marks are missing is told elsewhere, by school.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from virtual_school.authorities.rules import standing, without_calendar
from virtual_school.care.facts import looked_after_on
from virtual_school.children.rules import evidence_since, is_adult
from virtual_school.dates.ages import of_compulsory_school_age
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.law import constants
from virtual_school.law.obligation import Clock, Obligation, State, Unit, duty, step
from virtual_school.schools.rules import enrolment_on

from .facts import AttendanceFacts, MarksFact, in_days, school_year_of, term_of

HEAD = "headteacher"
FEW_SESSIONS = 20
"""Local: a child with fewer possible sessions than this is not yet judged persistently or severely absent."""


def _marks(facts: AttendanceFacts, day: date) -> MarksFact | None:
    """Of a child in care and of compulsory school age."""
    marks = facts.marks
    if marks is None or facts.born is None or is_adult(facts, day) or looked_after_on(facts, day) is None:
        return None
    return marks if of_compulsory_school_age(facts.born, day) else None


def _after(facts: AttendanceFacts, day: date, days: int) -> date | None:
    try:
        return facts.school_calendar.after(day, days)
    except BeyondCalendar:
        return None


@duty("ATT-03")
def unexplained_absence_is_told(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """Social worker and virtual school head are told of an absence nobody has explained. The day is a local target."""
    marks = _marks(facts, day)
    if marks is None or not marks.unexplained_or_unauthorised:
        return
    first, last = marks.unexplained_or_unauthorised[0], marks.unexplained_or_unauthorised[-1]
    if (day - last).days > 7:
        return
    due_on = _after(facts, last, 1)
    met_on = evidence_since(facts, "ATT-03", last, day)
    reasons = [
        step("Absent without a reason known or accepted on {day}.", day=last),
        step("The council’s target: told by {due}. The guidance says promptly.", due=due_on)
        if due_on
        else without_calendar("term dates"),
        step("Recorded as told on {day}.", day=met_on) if met_on else step("Nobody has recorded that they were told."),
    ]
    if first != last:
        n = len(marks.unexplained_or_unauthorised)
        reasons.insert(1, step("It was day {n} of that kind since {first}.", n=n, first=first))
    yield Obligation(
        "ATT-03", HEAD, "tell the social worker and the virtual school head of the absence",
        standing(facts.authority, day, due_on, met_on), trigger_on=last, due_on=due_on, met_on=met_on,
        occasion=last.isoformat(), reasons=tuple(reasons), is_local=True,
        held=("notice",) if met_on else (), missing=() if met_on else ("notice",),
    )  # fmt: skip


@duty("ATT-04")
def unknown_reason_is_settled(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """Code N gives way to the right code within 5 school days."""
    marks = _marks(facts, day)
    if marks is None or not marks.unexplained:
        return
    first = marks.unexplained[0]
    limit = constants.REASON_NOT_YET_KNOWN_SCHOOL_DAYS
    due_on = _after(facts, first, limit)
    reasons = [
        step("Reason not yet known (code N) on {day}.", day=first),
        step("{limit} school days from then end on {due}.", limit=limit, due=due_on)
        if due_on
        else without_calendar("term dates"),
    ]
    if len(marks.unexplained) > 1:
        reasons.append(step("{n} days are still coded N.", n=len(marks.unexplained)))
    yield Obligation(
        "ATT-04", HEAD, "replace “reason not yet known” by the right code",
        standing(facts.authority, day, due_on, None), trigger_on=first, due_on=due_on, occasion=first.isoformat(),
        reasons=tuple(reasons), missing=("reason",),
        clock=Clock(Unit.SCHOOL_DAYS, first, limit, facts.school_calendar.name) if due_on else None,
    )  # fmt: skip


def is_persistent(possible: int, absent: int) -> bool:
    """In whole numbers: 10% or more of the pupil's own possible sessions."""
    return possible > 0 and 100 * absent >= constants.PERSISTENT_ABSENCE_PER_CENT * possible


def is_severe(possible: int, absent: int) -> bool:
    return possible > 0 and 100 * absent >= constants.SEVERE_ABSENCE_PER_CENT * possible


@duty("ATT-05")
def persistent_absence_has_a_plan(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """A child who misses 10% or more is spotted, and there is a plan; recorded once a term."""
    marks = _marks(facts, day)
    if marks is None or marks.possible < FEW_SESSIONS or not is_persistent(marks.possible, marks.absent):
        return
    if not is_severe(marks.possible, marks.absent):
        yield _plan(facts, "ATT-05", "have a plan for persistent absence", marks, day)


@duty("ATT-06")
def severe_absence_has_a_joint_plan(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """School and local authority agree a plan for a child who misses half or more."""
    marks = _marks(facts, day)
    if marks is None or marks.possible < FEW_SESSIONS or not is_severe(marks.possible, marks.absent):
        return
    yield _plan(facts, "ATT-06", "agree a joint plan for severe absence", marks, day)


def _plan(facts: AttendanceFacts, duty_id: str, act: str, marks: MarksFact, day: date) -> Obligation:
    term = term_of(facts.school_calendar, day)
    since = term.starts if term is not None and term.starts <= day else day - timedelta(days=90)
    met_on = evidence_since(facts, duty_id, since, day)
    reasons = [
        step("{absent} of {possible} possible sessions missed this school year, to {day}.", absent=marks.absent,
             possible=marks.possible, day=marks.last_marked_on),
        step("A plan was recorded on {day}.", day=met_on) if met_on else step("No plan is recorded this term."),
        step("A child with fewer than {few} possible sessions is not judged: a local choice.", few=FEW_SESSIONS),
    ]  # fmt: skip
    return Obligation(
        duty_id, "virtual_school_head", act, State.MET if met_on else State.NOT_KNOWN, trigger_on=since, met_on=met_on,
        occasion=term.key if term else school_year_of(facts.school_calendar, day), reasons=tuple(reasons),
        held=("plan",) if met_on else (), missing=() if met_on else ("plan",),
    )  # fmt: skip


@duty("ATT-07")
def attendance_is_monitored(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """As corporate parent the council knows how a child on a roll attends. Told when the marks held grow old."""
    marks = _marks(facts, day)
    if marks is None:
        return
    due_on = _after(facts, marks.last_marked_on, facts.authority.policy.attendance_known_school_days)
    if due_on is None or due_on >= day or enrolment_on(facts, day) is None:
        return
    reasons = (
        step("The last day marked here is {day}.", day=marks.last_marked_on),
        step("Council policy: known again by {due}. The guidance says continuously.", due=due_on),
    )
    yield Obligation(
        "ATT-07", "virtual_school_head", "know how the child attends", standing(facts.authority, day, due_on, None),
        trigger_on=marks.last_marked_on, due_on=due_on, occasion=school_year_of(facts.school_calendar, day),
        reasons=reasons, missing=("later marks",), is_local=True,
    )  # fmt: skip


@duty("ATT-11")
def long_absence_is_returned(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """Ten school days running coded only G, N, O or U are reported to the local authority."""
    marks = _marks(facts, day)
    if marks is None or marks.unauthorised_run < constants.ATTENDANCE_RETURN_SCHOOL_DAYS:
        return
    yield _return(facts, "ATT-11", "report the absence to the local authority", marks.unauthorised_run,
                  marks.unauthorised_run_from, "coded only G, N, O or U", day)  # fmt: skip


@duty("ATT-12")
def long_illness_is_returned(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """Fifteen school days of sickness, running or in the school year, are reported."""
    marks = _marks(facts, day)
    if marks is None:
        return
    limit = constants.SICKNESS_RETURN_SCHOOL_DAYS
    if marks.ill_run < limit and marks.ill_sessions < 2 * limit:
        return
    act = "report the sickness to the local authority"
    if marks.ill_run >= limit:
        yield _return(facts, "ATT-12", act, marks.ill_run, marks.ill_run_from, "coded I", day)
        return
    year = school_year_of(facts.school_calendar, day)
    met_on = evidence_since(facts, "ATT-12", date(int(year[:4]), 8, 1), day)
    yield Obligation(
        "ATT-12", HEAD, act, State.MET if met_on else State.NOT_KNOWN, trigger_on=marks.last_marked_on, met_on=met_on,
        occasion=year,
        reasons=(step("{days} school days of sickness in {year}.", days=in_days(marks.ill_sessions), year=year),
                 step("Recorded as returned on {day}.", day=met_on) if met_on
                 else step("No return is recorded.")),
        held=("return",) if met_on else (), missing=() if met_on else ("return",),
    )  # fmt: skip


def _return(
    facts: AttendanceFacts, duty_id: str, act: str, days: int, since: date | None, coded: str, day: date
) -> Obligation:
    """The interval is agreed with the authority, so no day is due."""
    met_on = evidence_since(facts, duty_id, since or day, day)
    reasons = [
        step("Absent {days} school days running, {coded}, since {since}.", days=days, coded=coded, since=since),
        step("Recorded as returned on {day}.", day=met_on) if met_on else step("No return is recorded."),
    ]
    return Obligation(
        duty_id, HEAD, act, State.MET if met_on else State.NOT_KNOWN, trigger_on=since, met_on=met_on,
        occasion=since.isoformat() if since else school_year_of(facts.school_calendar, day), reasons=tuple(reasons),
        held=("return",) if met_on else (), missing=() if met_on else ("return",),
    )  # fmt: skip


@duty("ATT-14")
def penalty_notice_comes_to_the_virtual_school(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """Ten sessions in ten school weeks: a notice is to be considered, which for a child in care it is not by itself."""
    marks = _marks(facts, day)
    if marks is None or marks.penalty_sessions < constants.PENALTY_THRESHOLD_SESSIONS:
        return
    reached = marks.penalty_reached_on or marks.last_marked_on
    met_on = evidence_since(facts, "ATT-14", reached, day)
    yield Obligation(
        "ATT-14", "virtual_school_head", "decide what helps: no penalty notice by itself for a child in care",
        State.MET if met_on else State.NOT_KNOWN, trigger_on=reached, met_on=met_on, occasion=reached.isoformat(),
        reasons=(step("{n} sessions coded G, N, O or U in 10 school weeks, by {day}.", n=marks.penalty_sessions,
                      day=reached),
                 step("The council is the corporate parent: it is told, and nothing follows by itself."),
                 step("Recorded as considered on {day}.", day=met_on) if met_on
                 else step("Nothing is recorded of what was decided.")),
        held=("decision",) if met_on else (), missing=() if met_on else ("decision",), is_local=True,
    )  # fmt: skip


RULES = (
    unexplained_absence_is_told,
    unknown_reason_is_settled,
    persistent_absence_has_a_plan,
    severe_absence_has_a_joint_plan,
    attendance_is_monitored,
    long_absence_is_returned,
    long_illness_is_returned,
    penalty_notice_comes_to_the_virtual_school,
)
