"""The council's clocks, signatures, rights and reminders for plans. All of it is policy; none of it looks like law.

Kept in the authority's policy versions under "plans"; only what differs from these defaults. The variants are
those seen in councils' own guides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.dates.working_days import WorkingCalendar

from .rights import DEFAULT as DEFAULT_RIGHTS
from .workflow import State

UNITS = ("working_days", "school_days", "days")


@dataclass(frozen=True, slots=True)
class ClockRule:
    """`limit` of `unit` after (or, where negative, before) what `starts` it."""

    key: str
    title: str
    starts: str
    limit: int
    unit: str
    variants: tuple[tuple[int, str, str], ...] = ()

    @property
    def words(self) -> str:
        unit = self.unit.replace("_", " ")
        amount = abs(self.limit)
        return f"{amount} {unit if amount != 1 else unit.removesuffix('s')} {'before' if self.limit < 0 else 'after'} {self.starts}"


CLOCKS: tuple[ClockRule, ...] = (
    ClockRule("first_started", "First plan started", "coming into care", 10, "working_days", (
        (10, "working_days", "most councils seen"), (0, "working_days", "before the child comes into care, where planned"))),
    ClockRule("first_complete", "First plan ready", "coming into care", 20, "working_days", (
        (20, "working_days", "before the first care review"), (20, "school_days", "one council"), (10, "working_days", "one council"))),
    ClockRule("after_school_change", "New plan after a change of school", "starting at the new school", 10, "working_days", (
        (10, "working_days", "one council"), (20, "school_days", "older guidance notes"))),
    ClockRule("after_placement_change", "New plan after a change of placement", "moving", 20, "school_days", (
        (20, "school_days", "one council asks for a full plan"),)),
    ClockRule("social_worker_part", "Social worker's sections", "the meeting", -10, "working_days", (
        (-10, "days", "one council"), (-5, "working_days", "one council"))),
    ClockRule("school_part", "School's sections", "the meeting", -3, "working_days", (
        (-3, "days", "one council"), (-1, "working_days", "before the meeting"))),
    ClockRule("school_completes", "School completes", "the meeting", 10, "working_days", (
        (5, "days", "two councils"), (10, "working_days", "two councils"), (28, "days", "one council, early years"))),
    ClockRule("checked", "Checked by the virtual school", "being submitted", 10, "working_days", (
        (10, "working_days", "our default: most councils name none"),)),
    ClockRule("mended", "Mended by the school", "being returned", 5, "working_days"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder of reminders: so many working days from an event, to the owners of what is unfinished."""

    key: str
    from_event: str
    working_days: int
    to: tuple[str, ...]
    says: str


LADDER: tuple[Rung, ...] = (
    Rung("book_meeting", "due", -15, ("social_worker",), "a meeting to arrange"),
    Rung("social_worker_part", "meeting", -10, ("social_worker",), "sections to fill in"),
    Rung("school_part", "meeting", -5, ("designated_teacher", "delegate"), "sections to fill in"),
    Rung("pack", "meeting", -1, ("social_worker", "designated_teacher", "carer"), "papers to read before a meeting"),
    Rung("thank_you", "meeting", 1, ("designated_teacher", "social_worker"), "what is left to do after a meeting"),
    Rung("nudge", "meeting", 5, ("designated_teacher", "social_worker"), "something left to finish"),
    Rung("due_soon", "due", -2, ("designated_teacher", "social_worker"), "something due in two days"),
    Rung("overdue", "due", 1, ("designated_teacher", "social_worker", "adviser"), "something overdue"),
    Rung(
        "part_late",
        "part",
        1,
        ("designated_teacher", "delegate", "social_worker", "personal_adviser"),
        "sections that are late",
    ),
    Rung("checking", "submitted", 5, ("adviser",), "something to check"),
    Rung("check_due", "check", 0, ("adviser",), "a check that is due today"),
)


@dataclass(frozen=True, slots=True)
class PlanPolicy:
    clocks: Mapping[str, ClockRule] = field(default_factory=lambda: {rule.key: rule for rule in CLOCKS})
    ladder: Sequence[Rung] = LADDER
    signers: tuple[str, ...] = ("designated_teacher", "social_worker")
    """Whose signatures a plan needs before it can be submitted."""

    rights: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: DEFAULT_RIGHTS)
    school_reviews_a_year: int = 1
    """How many termly reviews a year the school may do without a meeting."""

    new_plan_on_placement_change: bool = False
    must_come: tuple[str, ...] = ("social_worker", "designated_teacher", "carer")
    """Without whom the council says a meeting should not be held."""

    cutoffs: Mapping[str, date] = field(default_factory=dict)
    """By term ("2026/27-autumn"): the day by which its plans are submitted. Else the last school day of the term."""

    delegates_share_domain: bool = True
    """A colleague's e-mail address must end like the designated teacher's."""

    rated_before_approval: bool = True
    """A plan is approved only with a rating by the council's rubric; one that says no more than approved or not is a
    rating. Council policy: nothing in law says so."""

    done_when: str = "submitted"
    """When a plan counts as done in the measures: once it is submitted, or once it is approved."""

    measured_after_working_days: int = 20
    """A child in care for fewer working days at the cut-off is left out of the share of plans done, and listed."""

    good_ratings: tuple[str, ...] = ("Outstanding", "Good", "Gold", "Green", "Approved")
    """Ratings that count as good or better, where no rubric says so of the rating itself."""

    def counts_as_good(self, rating: str) -> bool | None:
        """None: there is no rating."""
        words = rating.strip().casefold()
        return words in {good.casefold() for good in self.good_ratings} if words else None

    def as_opened(self, kept: Mapping[str, Any]) -> "PlanPolicy":
        """With the clocks as they stood when a plan was opened (`Plan.clocks["rules"]`): an open plan keeps its days."""
        clocks = {
            key: replace(rule, limit=kept[key]["limit"], unit=kept[key]["unit"]) if key in kept else rule
            for key, rule in self.clocks.items()
        }
        return replace(self, clocks=clocks)

    def counted(self, key: str, event: date, working: WorkingCalendar, school_days: SchoolCalendar) -> date | None:
        """The day a clock runs to; None where the calendar does not reach."""
        rule = self.clocks[key]
        calendar = {"working_days": working, "school_days": school_days}.get(rule.unit)
        if calendar is None:
            return event + timedelta(days=rule.limit)
        try:
            return calendar.after(event, rule.limit) if rule.limit >= 0 else calendar.before(event, -rule.limit)
        except BeyondCalendar:
            return None


class FaultyPolicy(ValueError):
    """What is wrong with a choice, in words for the person who made it."""


def plan_policy(choices: Mapping[str, Any]) -> PlanPolicy:
    """The defaults with an authority's choices (`PolicyVersion.choices["plans"]`) laid over them."""
    policy = PlanPolicy()
    clocks = dict(policy.clocks)
    for key, chosen in choices.get("clocks", {}).items():
        if key not in clocks:
            raise FaultyPolicy(f"There is no clock {key!r}.")
        if chosen.get("unit") not in UNITS or not isinstance(chosen.get("limit"), int):
            raise FaultyPolicy(f"{clocks[key].title}: say a whole number of working days, school days or days.")
        clocks[key] = replace(clocks[key], limit=chosen["limit"], unit=chosen["unit"])
    rights = {state: dict(row) for state, row in policy.rights.items()}
    for state, row in choices.get("rights", {}).items():
        if state not in set(State):
            raise FaultyPolicy(f"There is no state {state!r}.")
        rights.setdefault(state, {}).update(row)
    ladder = [
        replace(rung, **{name: tuple(value) if name == "to" else value for name, value in changed.items()})
        for rung in policy.ladder
        if (changed := choices.get("ladder", {}).get(rung.key, {})) is not None
    ]
    plain = {
        name: choices[name]
        for name in ("school_reviews_a_year", "new_plan_on_placement_change", "delegates_share_domain", "rated_before_approval", "done_when",
                     "measured_after_working_days")
        if name in choices
    }  # fmt: skip
    return replace(
        policy,
        clocks=clocks,
        rights=rights,
        ladder=ladder,
        signers=tuple(choices.get("signers", policy.signers)),
        must_come=tuple(choices.get("must_come", policy.must_come)),
        good_ratings=tuple(choices.get("good_ratings", policy.good_ratings)),
        cutoffs={term: date.fromisoformat(day) for term, day in choices.get("cutoffs", {}).items()},
        **plain,
    )
