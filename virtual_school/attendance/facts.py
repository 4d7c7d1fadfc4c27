"""What the rules know of a child's suspensions, of education that is not a full-time place, and of the marks."""

from dataclasses import dataclass
from datetime import date

from virtual_school.dates.ages import academic_year_label, academic_year_start
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar, Term
from virtual_school.schools.rules import SchoolFacts

SUSPENDED, PERMANENT, LUNCHTIME = "SUSP", "PERM", "LNCH"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionFact:
    """A suspension, lunchtime suspension or permanent exclusion, as the school gave notice of it.

    `starts` is the first day out; of a permanent exclusion the day it took place. `back_on` is the first day back,
    so no longer part of it. `sessions` are half days: a lunchtime counts as one (EXC-09).
    """

    key: str
    category: str
    starts: date
    back_on: date | None = None
    sessions: int = 0
    school: str = ""
    decided_on: date
    exam_lost: bool = False
    social_worker_told_on: date | None = None
    has_social_worker: bool = True
    head_told_on: date | None = None
    """The virtual school head."""

    parents_told_on: date | None = None
    governors_told_on: date | None = None
    representations_on: date | None = None
    """The parent asked the governors to think again."""

    work_set_on: date | None = None
    full_time_from: date | None = None
    """Full-time education elsewhere began while the child was out."""

    part_time_from: date | None = None
    invited_on: date | None = None
    governors_on: date | None = None
    governors_decision: str = ""
    decision_told_on: date | None = None
    review_asked_on: date | None = None
    review_invited_on: date | None = None
    review_on: date | None = None
    review_told_on: date | None = None
    cancelled_on: date | None = None
    cancellation_told_on: date | None = None
    returned_on: date | None = None
    checked_on: date | None = None
    """The virtual school checked that it was lawful and noted what the plan needs."""

    @property
    def is_permanent(self) -> bool:
        return self.category == PERMANENT

    @property
    def is_over_on(self) -> date | None:
        """The first day on which the child is no longer out: back, taken back, or reinstated."""
        ends = [on for on in (self.back_on, self.returned_on, self.cancelled_on) if on is not None]
        return min(ends, default=None)

    def is_out_on(self, day: date) -> bool:
        over = self.is_over_on
        return self.starts <= day and (over is None or over > day)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionFact:
    """A time of education that is not simply a full-time place at school. `ends` is the first day after it."""

    kind: str
    starts: date
    ends: date | None = None
    hours: float = 0
    """A week."""

    hours_due: float = 0
    agreed_on: date | None = None
    end_planned: date | None = None
    review_on: date | None = None
    reviewed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksFact:
    """What a child's marks of this school year say, to the last day marked. Sessions are half days."""

    last_marked_on: date
    possible: int = 0
    absent: int = 0
    unexplained: tuple[date, ...] = ()
    """Days with a session still coded N, the oldest first."""

    unexplained_or_unauthorised: tuple[date, ...] = ()
    """The days of the last weeks with a session coded N or O, the oldest first."""

    unauthorised_run: int = 0
    """School days in a row, up to the last one marked, absent and coded only G, N, O or U."""

    unauthorised_run_from: date | None = None
    ill_run: int = 0
    """The same, coded I."""

    ill_run_from: date | None = None
    ill_sessions: int = 0
    """Coded I in the school year."""

    penalty_sessions: int = 0
    """Coded G, N, O or U in the 10 school weeks up to the last day marked, from 19 August 2024."""

    penalty_reached_on: date | None = None
    """The day on which they came to 10."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceFacts(SchoolFacts):
    suspensions: tuple[SuspensionFact, ...] = ()
    """The oldest first; cancelled ones too."""

    risk_meetings: tuple[date, ...] = ()
    provisions: tuple[ProvisionFact, ...] = ()
    marks: MarksFact | None = None


def school_year_of(calendar: SchoolCalendar, day: date) -> str:
    """ "2026/27", by the school's terms (SI 1999/3181 reg 2); by the academic year where the terms are not held."""
    try:
        return calendar.term_or_next(day).academic_year
    except BeyondCalendar:
        return academic_year_label(academic_year_start(day))


def term_of(calendar: SchoolCalendar, day: date) -> Term | None:
    try:
        return calendar.term_or_next(day)
    except BeyondCalendar:
        return None


def counted(suspensions: tuple[SuspensionFact, ...]) -> tuple[SuspensionFact, ...]:
    """Those that count towards a total: not the cancelled, not the permanent."""
    return tuple(one for one in suspensions if one.cancelled_on is None and not one.is_permanent)


def sessions_in_year(facts: AttendanceFacts, day: date, *, until: date | None = None) -> int:
    """Half days of suspension in the school year of a day, of those that start by `until`."""
    year = school_year_of(facts.school_calendar, day)
    return sum(
        one.sessions
        for one in counted(facts.suspensions)
        if school_year_of(facts.school_calendar, one.starts) == year and (until is None or one.starts <= until)
    )


def sessions_in_term(facts: AttendanceFacts, day: date, *, until: date | None = None) -> int:
    term = term_of(facts.school_calendar, day)
    if term is None:
        return 0
    return sum(
        one.sessions
        for one in counted(facts.suspensions)
        if term_of(facts.school_calendar, one.starts) == term and (until is None or one.starts <= until)
    )


def in_days(sessions: int) -> str:
    """7.5 from 15 half days."""
    return f"{sessions // 2}.5" if sessions % 2 else str(sessions // 2)
