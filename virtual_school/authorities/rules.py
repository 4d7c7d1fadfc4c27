"""What the law asks of the authority itself, and the council policy and calendars that every other rule needs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from virtual_school.dates.ages import add_months, collection_year
from virtual_school.dates.counted_days import BeyondCalendar, in_full
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.dates.working_days import WorkingCalendar
from virtual_school.law import constants
from virtual_school.law.obligation import Clock, Obligation, State, Step, Unit, duty, state_of, step

VIRTUAL_SCHOOL_HEAD = "virtual_school_head"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a council may choose for itself, with the register's defaults. None of it is law."""

    soon_working_days: int = 10
    """Policy: an obligation counts as due soon from this many working days before it is due."""

    event_day_counts: bool = False
    """Policy: whether the day of an event is day 1. The regulations do not say; by default it is day 0."""

    entry_when_unknown: Literal["emergency", "planned"] = "emergency"
    """Policy: how a placement not known to be planned or an emergency is counted. The return does not say."""

    short_break_series_gap_months: int = 6
    """Policy: stays no further apart than this belong to one series of short breaks."""

    pep_from_age: int = 3
    """Policy: the birthday from which a personal education plan is expected."""

    pep_until: Literal["18th birthday", "end of year 13"] = "18th birthday"
    """Policy: some councils go on with the plan to the end of year 13."""

    pep_when_placed_for_adoption: bool = True
    """Policy: the regulations ask for no plan once a child is placed for adoption; the guidance expects one."""

    pep_for_remand_only: bool = True
    """Policy: the regulations ask for no plan for a child looked after only by remand to youth detention."""

    pep_begun_before_care_days: int = 90
    """Policy: a plan begun longer than this before a child came into care belongs to an earlier time."""

    pep_late_entry_weeks: int = 4
    """Policy: a child who comes into care in the last weeks of a term has the termly review in the next term."""

    pep_cutoff_school_days_before_term_end: int = 0
    """Policy: the council's own date for termly reviews, in school days before the last school day of the term."""

    sdq_from_age: int = constants.SDQ_FROM_AGE
    """Policy: some councils ask for the questionnaire at more ages than the return does."""

    sdq_to_age: int = constants.SDQ_TO_AGE
    """Policy: see above."""

    roll_check_days: int = 90
    """Policy: a local target for how often a child's place on the roll is checked, in days."""

    liaison_working_days: int = 5
    """Policy: a local target for speaking with the other area's virtual school after a placement there."""

    return_loaded_within_months: int = 3
    """Policy: a local target for loading the return here after the year ends on 31 March."""

    exclusion_told_school_days: int = 1
    """Policy: a local target for telling of a suspension or exclusion. 1: on the same or the next school day."""

    exclusion_checked_working_days: int = 5
    """Policy: a local target for checking each suspension and exclusion and having the plan updated."""

    attendance_known_school_days: int = 5
    """Policy: a local target for how old the last mark held of a child may be, in school days."""

    marks_chased_school_days: int = 10
    """Policy: for so many school days back a school is asked for marks that are missing."""

    kin_start_date: date | None = None
    """The day fixed by regulations for the duty to children with a social worker or in kinship care, once it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentFact:
    kind: str
    name: str
    employer: str = ""
    starts: date
    ends: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnFact:
    """A statutory return loaded here, by the year in which its collection year ends."""

    collection_year: int
    loaded_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityFacts:
    code: int
    name: str
    policy: Policy = field(default_factory=Policy)
    working: WorkingCalendar
    school_days: SchoolCalendar
    appointments: tuple[AppointmentFact, ...] = ()
    returns: tuple[ReturnFact, ...] = ()
    evidence_from: Mapping[str, date] = field(default_factory=dict)
    """By duty, the first day on which this authority recorded evidence of it for any child.

    Before that day, and for a duty not named, a child without evidence is not known to be without it.
    """


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A bank holiday or closure as a sentence names it."""

    title: str
    first: date
    last: date | None = None

    def __str__(self) -> str:
        if self.last is None or self.last == self.first:
            return f"{self.title} ({in_full(self.first)})"
        return f"{self.title} ({in_full(self.first)} to {in_full(self.last)})"


def day_zero(policy: Policy, event: date) -> date:
    return event - timedelta(days=1) if policy.event_day_counts else event


def due_in_working_days(authority: AuthorityFacts, event: date, limit: int) -> date | None:
    """The last of so many working days after an event; None where the bank holidays are not held."""
    try:
        return authority.working.after(day_zero(authority.policy, event), limit)
    except BeyondCalendar:
        return None


def due_in_school_days(authority: AuthorityFacts, calendar: SchoolCalendar, event: date, limit: int) -> date | None:
    """The last of so many school days after an event; None where the term dates are not held."""
    try:
        return calendar.after(day_zero(authority.policy, event), limit)
    except BeyondCalendar:
        return None


def standing(authority: AuthorityFacts, day: date, due_on: date | None, met_on: date | None) -> State:
    """How an obligation stands, due soon by the council's own number of working days."""
    if due_on is None or due_on < day or (met_on is not None and met_on <= day):
        return state_of(day, due_on, met_on, None)
    try:
        soon_from = authority.working.before(due_on, authority.policy.soon_working_days)
    except BeyondCalendar:
        soon_from = due_on - timedelta(days=authority.policy.soon_working_days)
    return state_of(day, due_on, None, soon_from)


def holidays_skipped(authority: AuthorityFacts, event: date, due_on: date) -> tuple[Step, ...]:
    """The bank holidays that a count of working days passed over, by name. None: nothing to say."""
    try:
        holidays = authority.working.holidays_between(day_zero(authority.policy, event), due_on)
    except BeyondCalendar:
        return ()
    if not holidays:
        return ()
    return (step("Bank holidays not counted: {days}.", days=tuple(NamedDay(title, day) for day, title in holidays)),)


def closures_skipped(
    authority: AuthorityFacts, calendar: SchoolCalendar, event: date, due_on: date
) -> tuple[Step, ...]:
    """The holidays and closures that a count of school days passed over, and whose calendar it was."""
    try:
        spans = calendar.skipped_between(day_zero(authority.policy, event), due_on)
        by_convention = calendar.uses_fallback(event, due_on)
    except BeyondCalendar:
        return ()
    counted = step("School days are counted by the calendar of {name}.", name=calendar.name)
    if by_convention:
        counted = step(
            "School days are counted by usual term dates, since no term dates of {name} are held for these days.",
            name=calendar.name,
        )
    if not spans:
        return (counted,)
    days = tuple(NamedDay(label, first, last) for first, last, label in spans)
    return (counted, step("Not school days: {days}.", days=days))


def without_calendar(what: str) -> Step:
    return step("The {what} for these days are not held, so the day cannot be worked out.", what=what)


def nothing_recorded(authority: AuthorityFacts, duty_id: str, due_on: date | None) -> Step | None:
    """Why a missing record proves nothing: nobody at this authority kept such records here by the day due."""
    since = authority.evidence_from.get(duty_id)
    if since is None:
        return step("Nothing of this kind has been recorded here for any child yet.")
    if due_on is not None and due_on < since:
        return step("Records of this kind are held here only from {since}.", since=since)
    return None


def reviews_held_from(authority: AuthorityFacts) -> date | None:
    """The first day of the earliest return loaded: what came before it is not held. None without a return."""
    if not authority.returns:
        return None
    return date(min(loaded.collection_year for loaded in authority.returns) - 1, 4, 1)


@duty("VS-02")
def virtual_school_head_appointed(facts: AuthorityFacts, day: date) -> Iterator[Obligation]:
    """At least one person appointed to discharge the duty to promote achievement (Children Act 1989 s22(3B))."""
    act = "appoint at least one person to promote the achievement of looked-after children"
    appointed = [a for a in facts.appointments if a.kind == VIRTUAL_SCHOOL_HEAD and a.starts <= day]
    current = [a for a in appointed if a.ends is None or a.ends > day]
    if current:
        first = min(current, key=lambda a: a.starts)
        yield Obligation(
            "VS-02",
            "director",
            act,
            State.MET,
            trigger_on=first.starts,
            met_on=first.starts,
            occasion=first.starts.isoformat(),
            held=("appointment",),
            reasons=tuple(step("{name} was appointed from {day}.", name=a.name, day=a.starts) for a in current),
        )
        return
    if not appointed:
        yield Obligation(
            "VS-02",
            "director",
            act,
            State.NOT_KNOWN,
            missing=("appointment",),
            reasons=(step("No appointment of a virtual school head is recorded."),),
        )
        return
    last = max(appointed, key=lambda a: a.ends or day)
    vacant = last.ends or day
    yield Obligation(
        "VS-02",
        "director",
        act,
        State.OVERDUE,
        trigger_on=vacant,
        due_on=vacant,
        occasion=vacant.isoformat(),
        missing=("appointment",),
        reasons=(
            step(
                "{name} left the post; the last day was {day}.",
                name=last.name,
                day=vacant - timedelta(days=1),
            ),
            step(
                "The duty to have somebody appointed does not pause. Nobody is recorded from {day}.",
                day=vacant,
            ),
        ),
    )


@duty("VS-03")
def virtual_school_head_is_an_officer(facts: AuthorityFacts, day: date) -> Iterator[Obligation]:
    """The person appointed is an officer employed by that or another local authority (s22(3C))."""
    act = "appoint an officer employed by this or another local authority"
    for appointment in facts.appointments:
        if appointment.kind != VIRTUAL_SCHOOL_HEAD or appointment.starts > day:
            continue
        if appointment.ends is not None and appointment.ends <= day:
            continue
        employer = appointment.employer.strip()
        yield Obligation(
            "VS-03",
            "director",
            act,
            State.MET if employer else State.NOT_KNOWN,
            trigger_on=appointment.starts,
            met_on=appointment.starts if employer else None,
            occasion=f"{appointment.starts.isoformat()} {appointment.name}",
            held=("employer",) if employer else (),
            missing=() if employer else ("employer",),
            reasons=(
                step("{name} is recorded as employed by {employer}.", name=appointment.name, employer=employer)
                if employer
                else step("It is not recorded who employs {name}.", name=appointment.name),
            ),
        )


@duty("RPT-01")
def return_loaded(facts: AuthorityFacts, day: date) -> Iterator[Obligation]:
    """The annual return of looked-after children for the year that last ended (Children Act 1989 s83).

    When the collection closes is not in the register, so the day due is the council's own target.
    """
    year = collection_year(day) - 1
    ended = date(year, 3, 31)
    months = facts.policy.return_loaded_within_months
    due_on = add_months(ended, months)
    loaded = [r.loaded_on for r in facts.returns if r.collection_year == year and r.loaded_on <= day]
    met_on = min(loaded, default=None)
    label = f"{year - 1}-{year % 100:02d}"
    yield Obligation(
        "RPT-01",
        "data_officer",
        "make the annual return of looked-after children",
        standing(facts, day, due_on, met_on),
        trigger_on=ended,
        due_on=due_on,
        met_on=met_on,
        occasion=label,
        is_local=True,
        clock=Clock(Unit.MONTHS, ended, months),
        held=("return",) if met_on else (),
        missing=() if met_on else ("return",),
        reasons=(
            step("The return covers the year to {day}.", day=ended),
            step("Council policy: it is loaded here by {due}. The law fixes no such day.", due=due_on),
            step("The {label} return was loaded on {day}.", label=label, day=met_on)
            if met_on
            else step("No return for {label} has been loaded.", label=label),
        ),
    )


RULES_FOR_AUTHORITY = (virtual_school_head_appointed, virtual_school_head_is_an_officer, return_loaded)
