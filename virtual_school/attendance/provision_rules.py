"""What the law asks of a part-time timetable (SCH-13): agreed with a parent, for exceptional reasons, for a time."""

from collections.abc import Iterator
from datetime import date

from virtual_school.authorities.rules import standing
from virtual_school.care.facts import looked_after_on
from virtual_school.children.rules import is_adult
from virtual_school.law.obligation import Obligation, State, duty, step

from .facts import AttendanceFacts, ProvisionFact

REDUCED = "reduced"


@duty("SCH-13")
def part_time_is_agreed_and_temporary(facts: AttendanceFacts, day: date) -> Iterator[Obligation]:
    """Agreed before it starts, with a last day; how often it is reviewed is agreed too, and local."""
    if not facts.provisions or is_adult(facts, day) or looked_after_on(facts, day) is None:
        return
    for one in facts.provisions:
        if one.kind != REDUCED or one.starts > day or (one.ends is not None and one.ends <= day):
            continue
        yield _agreed(facts, one, day)
        if one.review_on is not None:
            yield _reviewed(facts, one, day)


def _agreed(facts: AttendanceFacts, one: ProvisionFact, day: date) -> Obligation:
    reasons = [
        step("On a reduced timetable since {day}, {hours} of {due} hours.", day=one.starts, hours=f"{one.hours:g}",
             due=f"{one.hours_due:g}"),
        step("It was agreed for the child on {day}.", day=one.agreed_on) if one.agreed_on
        else step("Nobody’s agreement for the child is recorded."),
        step("It was agreed to {day}.", day=one.end_planned) if one.end_planned
        else step("No last day is recorded: it must be for a time only."),
    ]  # fmt: skip
    past = one.end_planned is not None and one.end_planned < day
    missing = (*(() if one.agreed_on else ("agreement",)), *(() if one.end_planned else ("last day",)))
    state = State.OVERDUE if past else State.NOT_KNOWN if missing else State.MET
    return Obligation(
        "SCH-13", "headteacher", "have a reduced timetable agreed, and only for a time", state, trigger_on=one.starts,
        due_on=one.end_planned, met_on=None if past or missing else one.agreed_on,
        occasion=f"{one.starts.isoformat()} agreed", reasons=tuple(reasons),
        held=("agreement",) if one.agreed_on else (), missing=missing,
    )  # fmt: skip


def _reviewed(facts: AttendanceFacts, one: ProvisionFact, day: date) -> Obligation:
    reasons = [step("The next review was set for {day}: the law names no day.", day=one.review_on)]
    if one.reviewed_on is not None:
        reasons.append(step("It was last reviewed on {day}.", day=one.reviewed_on))
    return Obligation(
        "SCH-13", "headteacher", "review the reduced timetable", standing(facts.authority, day, one.review_on, None),
        trigger_on=one.reviewed_on or one.starts, due_on=one.review_on, occasion=f"{one.starts.isoformat()} review",
        reasons=tuple(reasons), missing=("review",), is_local=True,
    )  # fmt: skip


RULES = (part_time_is_agreed_and_temporary,)
