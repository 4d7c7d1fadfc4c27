"""What the rules know of a child's personal education plans, and whether one is expected at all."""

from dataclasses import dataclass
from datetime import date, timedelta

from virtual_school.attendance.facts import AttendanceFacts
from virtual_school.care.facts import is_by_remand_to_detention_only, is_placed_for_adoption, period_on
from virtual_school.care.history import CarePeriodFact
from virtual_school.children.rules import ADULT_AGE, BIRTH_NOT_HELD
from virtual_school.dates.ages import birthday, year_group
from virtual_school.law.obligation import Step, step

LAST_YEAR_GROUP = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class SentIn:
    """What a plan written here held when it was sent in, and who had a copy of it. `wrote` and `came` are roles."""

    on: date
    due_on: date | None = None
    phase: str = ""
    has_school: bool = True
    missing: tuple[str, ...] = ()
    """Numbers of the statutory contents (C1 to C28) that were neither there nor reasoned."""

    reasoned: tuple[str, ...] = ()
    wrote: frozenset[str] = frozenset()
    came: frozenset[str] = frozenset()
    child: str = ""
    """"said": the child's own view is there; "reason": why there is none."""

    targets: int = 0
    specific: int = 0
    to_judge: int = 0
    """Targets of plans before that this one has not judged."""

    names_head: bool = False
    english: bool = False
    schooling: bool = False
    release: bool = False
    pathway: bool = False
    published_on: date | None = None
    copies: tuple[tuple[str, date], ...] = ()
    """To which role, on which day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFact:
    """One term's plan. `term_key` is such as "2026/27-autumn"."""

    term_key: str = ""
    initiated_on: date | None = None
    meeting_on: date | None = None
    signed_off_on: date | None = None
    rating: str = ""
    opened_on: date | None = None
    due_on: date | None = None
    """Of a plan written here."""

    heard_on: date | None = None
    """The day on which the child's own words of this term, or why there are none, were first held in their own pages."""

    not_heard_why: str = ""
    watched_on: date | None = None
    """The day from which sheets of what adults saw of a child who cannot be asked count: two people, two occasions."""

    sent_in: SentIn | None = None
    """Of a plan written here that has been sent in: what it held."""

    submitted_on: date | None = None
    """The day a plan written here was last sent in."""

    check_due_on: date | None = None
    """By when the council's own clock has it checked."""

    checked_on: date | None = None
    """The day the virtual school judged it since: approved it, or sent it back to be mended."""

    sent_back_on: date | None = None
    approved_on: date | None = None
    is_good: bool | None = None
    """Whether its rating counts as good or better; None: no rating is held."""

    is_rating_hidden: bool = False
    """Whoever reads this is to judge the plan again, and is not told how it was judged."""

    @property
    def begun_on(self) -> date | None:
        """The first day on which there was something of this plan."""
        days = [on for on in (self.initiated_on, self.meeting_on, self.signed_off_on) if on is not None]
        return min(days, default=None)

    @property
    def reviewed_on(self) -> date | None:
        """The day of the meeting, else of the sign-off."""
        return self.meeting_on or self.signed_off_on


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts(AttendanceFacts):
    plans: tuple[PlanFact, ...] = ()
    written_from: date | None = None
    """The day the first plan of this child was opened here; None: none ever was. What a plan holds is only judged
    for plans written here."""

    plans_known: bool = True
    """Whether this authority has loaded or written any child's plan here."""

    plans_from: date | None = None
    """The first day for which plans are held; None: as far back as they matter."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Whether a plan is expected on a day, with why. `is_local`: council policy says so, not the law."""

    answer: bool | None
    why: Step
    from_day: date | None = None
    is_local: bool = False


def plan_expected(facts: PlanFacts, period: CarePeriodFact, day: date) -> Expected:
    """Whether a child in care should have a plan: not in short breaks, from the council's age, to the 18th birthday."""
    policy = facts.authority.policy
    if period.kind == "short_breaks":
        return Expected(False, step("In a series of short breaks no plan is required (regulation 48)."))
    if facts.born is None:
        return Expected(None, BIRTH_NOT_HELD)
    from_day = birthday(facts.born, policy.pep_from_age)
    if day < from_day:
        return Expected(
            False,
            step("Council policy expects a plan from age {age}, on {day}.", age=policy.pep_from_age, day=from_day),
            from_day,
            is_local=True,
        )
    from_day = max(from_day, period.starts)
    if is_by_remand_to_detention_only(facts, period, day):
        return Expected(
            policy.pep_for_remand_only,
            step(
                "Looked after only by remand to youth detention: the regulations ask for no plan (regulation 47B). "
                "Council policy {says}.",
                says="expects one" if policy.pep_for_remand_only else "expects none",
            ),
            from_day,
            is_local=True,
        )
    if is_placed_for_adoption(facts, day):
        return Expected(
            policy.pep_when_placed_for_adoption,
            step(
                "Placed for adoption: the regulations ask for no plan (regulation 3). Council policy {says}.",
                says="expects one" if policy.pep_when_placed_for_adoption else "expects none",
            ),
            from_day,
            is_local=True,
        )
    if day >= birthday(facts.born, ADULT_AGE):
        return Expected(
            True, step("Council policy goes on with the plan to the end of year 13."), from_day, is_local=True
        )
    return Expected(True, step("In care and of an age to have a plan, from {day}.", day=from_day), from_day)


def plan_period(facts: PlanFacts, day: date) -> CarePeriodFact | None:
    """The time in care whose plans a day asks about; None when no plan can be owed.

    By council policy it may go on after the 18th birthday, to the end of year 13, for somebody in care until then.
    """
    if facts.born is None:
        return period_on(facts, day)
    eighteen = birthday(facts.born, ADULT_AGE)
    if day < eighteen:
        return period_on(facts, day)
    if facts.authority.policy.pep_until != "end of year 13" or year_group(facts.born, day) > LAST_YEAR_GROUP:
        return None
    period = period_on(facts, eighteen - timedelta(days=1))
    return period if period is not None and period.kind == "looked_after" else None


def plans_in(facts: PlanFacts, period: CarePeriodFact, day: date) -> list[PlanFact]:
    """The plans of a time in care that had begun by a day. One may have been begun shortly before a planned entry."""
    before = [p.ends for p in facts.periods if p.ends is not None and p.starts < period.starts]
    if period.starts_known:
        before.append(period.starts - timedelta(days=facts.authority.policy.pep_begun_before_care_days))
    since = max(before, default=None)
    found = [
        (begun, plan)
        for plan in facts.plans
        if (begun := plan.begun_on) is not None and begun <= day and (since is None or begun >= since)
    ]
    return [plan for _, plan in sorted(found, key=lambda pair: pair[0])]


def not_held(facts: PlanFacts, due_on: date | None) -> Step | None:
    """Why a missing plan proves nothing, where it does not."""
    if not facts.plans_known:
        return step("No plan dates have been loaded.")
    if facts.plans_from is not None and due_on is not None and due_on < facts.plans_from:
        return step("Plans are held here only from {day}.", day=facts.plans_from)
    return None
