"""What the measures know of one authority in one term: frozen facts, counted as at a day. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from virtual_school.authorities.rules import AuthorityFacts
from virtual_school.care.facts import looked_after_on, period_on, placement_on
from virtual_school.care.history import CarePeriodFact
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import Term
from virtual_school.plans.facts import PlanFacts, plan_expected
from virtual_school.plans.policy import PlanPolicy

BIRTH_NOT_HELD = "the date of birth is not held"
SHORT_BREAKS = "in a series of short breaks on the day"
LEFT = "left care before the day"
POLICY = "council policy expects no plan"
ELSEWHERE = "the plan was kept elsewhere: only its dates are held"

Way = tuple[tuple[str, date], ...]
"""The steps a plan has taken (`plans.workflow.Step`) with their days, the first first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredMeeting:
    """`came` are the roles of those present; `child` is None where nobody wrote down whether the child came."""

    on: date
    child: bool | None = None
    came: frozenset[str] = frozenset()
    is_written: bool = True
    """Whether anybody's attendance was written down at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredTarget:
    """A target as the plan judged it. `terms` is how many terms lay between setting and judging it."""

    judged: str
    terms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredPlan:
    """A plan of the term. `is_recorded`: only its dates and rating are held, since it was kept elsewhere."""

    kind: str = "review"
    state: str = ""
    is_recorded: bool = False
    opened_on: date | None = None
    due_on: date | None = None
    meeting_due_on: date | None = None
    meeting_on: date | None = None
    submitted_on: date | None = None
    approved_on: date | None = None
    published_on: date | None = None
    rating: str = ""
    is_good: bool | None = None
    """Whether the rating counts as good or better."""

    first_good: bool | None = None
    """The same of the rating it had when it was first checked; None: not held, or not rated."""

    way: Way = ()
    views: str | None = None
    """"said", "reason" (why there are none) or ""; None: what the plan held is not known."""

    from_views: frozenset[str] = frozenset()
    """What came of the child's views: "target" where a target quotes them, "action" where one was promised for what the
    child asked."""

    meeting: MeasuredMeeting | None = None
    targets: tuple[MeasuredTarget, ...] = ()
    costs: tuple[tuple[str, int], ...] = ()
    """Category and pence of each line asked for."""

    waits_for: frozenset[str] = frozenset()
    """Now: social_worker, school or virtual_school, where a part of theirs is unfinished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredChild:
    child: int
    facts: PlanFacts
    phase: str = ""
    school: int | None = None
    advisers: tuple[int, ...] = ()
    social_workers: tuple[int, ...] = ()
    plans: tuple[MeasuredPlan, ...] = ()
    transition_on: date | None = None
    """The first day of the academic year on which a plan for the next move was there."""

    def in_area(self, day: date) -> bool | None:
        placement = placement_on(self.facts, day)
        return placement.in_area if placement else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TermFacts:
    """`on` is the day counted as at, never after the cut-off. `since` is the day after the cut-off before."""

    authority: AuthorityFacts
    policy: PlanPolicy
    term: Term
    since: date
    cut_off: date
    on: date
    is_today: bool = True
    """Whether `on` is the day the facts were gathered: where plans wait is not kept for days past."""

    spring_ends: date | None = None
    """The last day of the spring term of the academic year: plans for a move are in place by then."""

    children: tuple[MeasuredChild, ...] = ()
    plans_known: bool = True
    plans_written: bool = True
    """Whether any plan of this authority was written here: what plans held is known of those only."""

    sdq_known: bool = True
    enrolments_known: bool = True

    sdq_year: int | None = None
    """The latest collection year (the year it ends) whose return is loaded and ended by `on`."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whether a child had to have a plan on the day; else why not, empty for a child it never concerned."""

    answer: bool
    period: CarePeriodFact | None = None
    why: str = ""


def had_to_have(child: MeasuredChild, term: TermFacts) -> Wanted:
    """In care on the day, of an age for a plan, and in care long enough by the cut-off (a setting of the council)."""
    facts, day = child.facts, term.on
    period = period_on(facts, day)
    if period is None:
        was_in_care = any(
            p.kind == "looked_after" and p.starts <= day and p.ends is not None and term.term.starts <= p.ends <= day
            and plan_expected(facts, p, min(day, p.ends)).answer
            for p in facts.periods
        )  # fmt: skip
        return Wanted(False, why=LEFT if was_in_care else "")
    expected = plan_expected(facts, period, day)
    if period.kind == "short_breaks":
        return Wanted(False, period, SHORT_BREAKS)
    if expected.answer is None:
        return Wanted(False, period, BIRTH_NOT_HELD)
    if not expected.answer:
        is_of_age = expected.from_day is None or expected.from_day <= day
        return Wanted(False, period, POLICY if is_of_age else "")
    least = term.policy.measured_after_working_days
    if least and period.starts_known and _working_days(term, period.starts) < least:
        return Wanted(False, period, newly_in_care(least))
    return Wanted(True, period)


def newly_in_care(least: int) -> str:
    return f"in care fewer than {least} working days at the cut-off"


def _working_days(term: TermFacts, since: date) -> int:
    try:
        return term.authority.working.between(since, term.cut_off)
    except BeyondCalendar:
        return (term.cut_off - since).days


def in_care(child: MeasuredChild, day: date) -> CarePeriodFact | None:
    return looked_after_on(child.facts, day)


def step_on(plan: MeasuredPlan, steps: Sequence[str], by: date) -> date | None:
    """The first day, by a day, on which one of these steps was taken."""
    return next((day for step, day in plan.way if step in steps and day <= by), None)


def sent_in_on(plan: MeasuredPlan, by: date) -> date | None:
    """The day a plan was first sent in. One that was taken back before anybody had checked it was not sent in."""
    if plan.is_recorded or not any(step == "submit" for step, _ in plan.way):
        on = plan.submitted_on
        return on if on is not None and on <= by else None
    first: date | None = None
    checked = False
    for step, day in plan.way:
        if day > by:
            break
        if step == "submit":
            first = first or day
        elif step in CHECKED:
            checked = True
        elif step == "recall" and not checked:
            first = None
    return first


CHECKED = ("return", "approve")


def checked_on(plan: MeasuredPlan, by: date) -> date | None:
    """The day on which the virtual school first judged a plan: approved it, or sent it back to be mended."""
    on = step_on(plan, CHECKED, by)
    if on is None and not any(step in CHECKED for step, _ in plan.way):
        on = plan.approved_on if plan.approved_on is not None and plan.approved_on <= by else None
    return on


def sent_back_on(plan: MeasuredPlan, by: date) -> date | None:
    return step_on(plan, ("return",), by)


def approved_by(plan: MeasuredPlan, by: date) -> date | None:
    """The day of the approval that stands on a day. Of a plan kept elsewhere, the day it was signed off."""
    if plan.is_recorded:
        on = plan.submitted_on
    elif any(step == "approve" for step, _ in plan.way):
        on = None
        for step, day in plan.way:
            if day > by:
                break
            on = day if step == "approve" else None if step == "reopen" else on
        return on
    else:
        on = plan.approved_on
    return on if on is not None and on <= by else None


def done_on(plan: MeasuredPlan, policy: PlanPolicy, by: date) -> date | None:
    """When a plan counts as done: sent in, or approved where the council has chosen so."""
    return approved_by(plan, by) if policy.done_when == "approved" else sent_in_on(plan, by)


def is_of_term(plan: MeasuredPlan) -> bool:
    """Extra plans stand beside the one of the term."""
    return plan.kind != "extra"


@dataclass(frozen=True, slots=True)
class LeftOut:
    why: str
    children: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A measure as counted. `hits` and `misses` name the child of each thing counted, once for each: a child with
    two meetings stands there twice. `value` is a percentage, a median, or a number; None: there is none."""

    id: str
    title: str
    on: date
    unit: str = "%"
    hits: tuple[int, ...] = ()
    misses: tuple[int, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    value: float | None = None
    parts: tuple[tuple[str, int], ...] = ()
    """What the whole is made of, in words: bands of ratings, reasons."""

    parts_unit: str = ""
    not_known: str = ""
    """Why this cannot be counted, where it cannot. Then there are no numbers at all: unknown is never nought."""

    @property
    def numerator(self) -> int | None:
        return None if self.not_known else len(self.hits)

    @property
    def denominator(self) -> int | None:
        return None if self.not_known else len(self.hits) + len(self.misses)


@dataclass
class Tally:
    """Counting, one thing at a time."""

    hits: list[int] = field(default_factory=list)
    misses: list[int] = field(default_factory=list)
    out: dict[str, list[int]] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)

    def count(self, child: int, is_hit: bool) -> None:
        (self.hits if is_hit else self.misses).append(child)

    def leave_out(self, child: int, why: str) -> None:
        if why:
            self.out.setdefault(why, []).append(child)

    def part(self, words: str, n: int = 1) -> None:
        self.parts[words] = self.parts.get(words, 0) + n

    def measure(self, id_: str, title: str, on: date, **more: object) -> Measure:
        whole = len(self.hits) + len(self.misses)
        given: dict = {"value": 100 * len(self.hits) / whole if whole else None, "parts": tuple(self.parts.items())}
        return Measure(
            id=id_, title=title, on=on, hits=tuple(self.hits), misses=tuple(self.misses), left_out=self.reasons(),
            **{**given, **more},
        )  # fmt: skip

    def reasons(self) -> tuple[LeftOut, ...]:
        return tuple(LeftOut(why, tuple(children)) for why, children in sorted(self.out.items()))
