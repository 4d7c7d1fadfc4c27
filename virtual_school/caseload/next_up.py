"""What must be done for a child, with the reasons behind every date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from virtual_school.access.models import Role
from virtual_school.authorities.rules import day_zero
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.design.components import Why
from virtual_school.design.pictures.count import count
from virtual_school.design.pictures.svg import Picture
from virtual_school.duties.models import StandingObligation
from virtual_school.duties.queries import ORDER
from virtual_school.law.obligation import Clock, Obligation, State, Unit
from virtual_school.plans.rules import PlanFacts

from . import words
from .asks import duty_of, register_url, strength_of
from .recording import RECORDABLE

MOST = 5
LONGEST_PICTURE = 100
"""Working or school days beyond which the days are not drawn."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One obligation on a child's page. `record_url` leads to saying that it was done."""

    duty: str
    title: str
    sentence: str
    when: str
    state: str
    strength: str
    why: Why
    record_url: str = ""


def in_order(found: Iterable[Obligation]) -> list[Obligation]:
    """Overdue, due soon, to come; then what is not known, met, and does not apply."""
    return sorted(found, key=lambda o: (ORDER[str(o.state)], _when(o), o.duty))


def _when(obligation: Obligation) -> int:
    if obligation.state in {State.MET, State.MET_LATE}:
        return -(obligation.met_on or date.min).toordinal()
    return (obligation.due_on or date.max).toordinal()


def ask_of(
    obligation: Obligation,
    facts: PlanFacts,
    names: dict[str, str],
    today: date,
    public_id: object,
    can_record: bool,
    number: int,
    can_look_up: bool = True,
) -> Ask:
    """`can_look_up`: the register of duties is open to the reader. `names` are those around the child, by role; `number` keeps the pictures on one page apart."""
    duty = duty_of(obligation.duty)
    strength = strength_of(obligation.duty, obligation.is_local)
    picture, counted = _counted(obligation, facts, today, f"count{number}")
    return Ask(
        duty=obligation.duty,
        title=duty.title,
        sentence=who_is_to(obligation, names),
        when=when(obligation, facts, today),
        state=str(obligation.state),
        strength=strength,
        why=Why(
            strength=strength,
            citation=duty.citation,
            citation_url=register_url(obligation.duty) if can_look_up else "",
            steps=[step.words for step in obligation.reasons],
            counted=counted,
            picture=picture,
            held=obligation.held,
            missing=obligation.missing,
        ),
        record_url=reverse("caseload:evidence", args=[public_id, obligation.duty])
        if can_record and obligation.duty in RECORDABLE and obligation.state is not State.NOT_APPLICABLE
        else "",
    )


def who_is_to(obligation: Obligation, names: dict[str, str]) -> str:
    name = names.get(obligation.who, "")
    if not name and obligation.who == Role.VIRTUAL_SCHOOL_HEAD and (adviser := names.get(Role.ADVISER)):
        return words.sentence(adviser, Role.ADVISER, obligation.act)
    return words.sentence(name, obligation.who, obligation.act)


def when(obligation: Obligation, facts: PlanFacts, today: date) -> str:
    """by Mon 30 November, in 4 school days."""
    due_on, met_on = obligation.due_on, obligation.met_on
    if obligation.state in {State.MET, State.MET_LATE}:
        said = f"met on {words.day_words(met_on, today)}" if met_on else "met"
        if obligation.state is State.MET_LATE and due_on:
            said += f"; it was due on {words.day_words(due_on, today)}"
        return said
    if obligation.state is State.NOT_KNOWN:
        missing = f": {words.listed(list(obligation.missing))} not held" if obligation.missing else ""
        due = f", due by {words.day_words(due_on, today)}" if due_on else ""
        return f"not known{missing}{due}"
    if obligation.state is State.NOT_APPLICABLE or due_on is None:
        return "does not apply"
    left = words.days_words(due_on, today, obligation.duty, facts.authority.working, facts.school_calendar)
    return f"by {words.day_words(due_on, today)}, {left}"


def _counted(obligation: Obligation, facts: PlanFacts, today: date, prefix: str) -> tuple[Picture | None, str]:
    """The picture of the days and how many have gone, where days were counted."""
    clock, due_on = obligation.clock, obligation.due_on
    if clock is None or due_on is None or clock.unit not in {Unit.WORKING_DAYS, Unit.SCHOOL_DAYS}:
        return None, ""
    if clock.limit > LONGEST_PICTURE:
        return None, ""
    start = day_zero(facts.authority.policy, clock.starts_on)
    unit = "working day" if clock.unit is Unit.WORKING_DAYS else "school day"
    try:
        skipped = _skipped(clock, facts, start, due_on)
        calendar = facts.authority.working if clock.unit is Unit.WORKING_DAYS else facts.school_calendar
        if due_on < start or calendar.between(start, due_on) != clock.limit:
            return None, ""
        gone = calendar.between(start, obligation.met_on or today) if start < today else 0
    except BeyondCalendar:
        return None, ""
    said = f"{words.plural(gone, unit)} counted"
    if obligation.met_on:
        said = f"Met after {words.plural(gone, unit)} of {clock.limit}"
    elif gone < clock.limit:
        said += f", {clock.limit - gone} to go"
    else:
        said += f", {gone - clock.limit} more than {clock.limit}" if gone > clock.limit else ": today is the day"
    return count(start, due_on, today, skipped.get, prefix=prefix, unit=f"{unit}s"), said


def _skipped(clock: Clock, facts: PlanFacts, start: date, due_on: date) -> dict[date, str]:
    if clock.unit is Unit.WORKING_DAYS:
        return dict(facts.authority.working.holidays_between(start, due_on))
    return {
        date.fromordinal(day): label
        for first, last, label in facts.school_calendar.skipped_between(start, due_on)
        for day in range(first.toordinal(), last.toordinal() + 1)
        if date.fromordinal(day).weekday() < 5
    }


def ask_as_kept(
    row: StandingObligation,
    agreeing: Obligation | None,
    facts: PlanFacts,
    today: date,
    number: int,
    can_look_up: bool,
) -> Ask:
    """For a reader who does not see all the facts: the answer as kept, with the reasons only where what this reader
    may see leads to the same answer."""
    shown = Obligation(
        row.duty,
        row.who,
        row.act,
        State(row.standing),
        trigger_on=row.trigger_on,
        due_on=row.due_on,
        met_on=row.met_on,
        occasion=row.occasion,
        is_local=row.is_local,
        reasons=agreeing.reasons if agreeing else (),
        clock=agreeing.clock if agreeing else None,
        held=agreeing.held if agreeing else (),
        missing=agreeing.missing if agreeing else (),
    )
    ask = ask_of(shown, facts, {}, today, None, False, number, can_look_up)
    if agreeing is None:
        duty = duty_of(row.duty)
        ask = Ask(
            duty=ask.duty,
            title=ask.title,
            sentence=ask.sentence,
            when=ask.when,
            state=ask.state,
            strength=ask.strength,
            why=Why(
                strength=ask.strength, citation=duty.citation, citation_url=ask.why.citation_url, steps=[duty.plain]
            ),
        )
    return ask


def agrees(row: StandingObligation, obligation: Obligation) -> bool:
    return (row.standing, row.due_on, row.met_on) == (str(obligation.state), obligation.due_on, obligation.met_on)
