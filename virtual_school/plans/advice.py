"""Advice while a plan is being written. It never blocks: it says what is good, then what would make it better."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from virtual_school.dates.ages import add_months
from virtual_school.law import constants
from virtual_school.law.obligation import in_words

from .template import Field
from .wording import (
    FIVE_WORDS,
    adult_found,
    count_of_words,
    measure_found,
    strategy_found,
    unchanged,
)

FEWEST_WORDS_TO_COMPARE = 5
"""A short text such as "None planned" may well be the same each term."""

SDQ_HOLDS_MONTHS = 12

NOT_REACHED = ("partly_met", "not_met", "not_tried")

JUDGE = "Found by looking for everyday words, so judge for yourself."
STRATEGY = f"A strategy says what, when, where, by whom and how often (Lancashire's guidance on plans). {JUDGE}"
MEASURE = f"Guidance of 2018, p15: short-term targets, with a measure of progress for each need. {JUDGE}"
DATED = "A target ends before the next plan, so that the next plan can judge it (St Helens' guidance on plans)."
REPEATED = "Nine words in ten are those of last term. A text that never changes says little of this term."
SMALLER = "A target that was not met is broken smaller, not repeated (Haringey's guidance on plans)."
LINKED = "A target answers a need or the child's own words (guidance of 2018, p15; Lancashire's criteria)."
COSTED = "Money stands with a target and says what it should change (guidance of 2018, p15 and p19)."
ORDINARY = "Councils refuse what every pupil gets, or what another budget must pay for (practice, not law)."
BALANCED = "Targets for learning stand beside personal ones, and build on strengths too (St Helens' guidance on plans)."
HEARD = "The child's views change the plan (Lancashire's criteria)."
NAMED = f"Actions and help have a person's name (guidance of 2018, p15). {JUDGE}"
ABSENCE = (
    "Absent for a tenth or more of possible sessions is persistent absence; guidance of 2018, p15, asks for support."
)
SDQ = "Where the score is high, school needs strategies (Gateshead's guidance on plans). The cut-off is council policy."
SDQ_YEARLY = "The score is asked for once a year."

OFTEN_REFUSED = ("uniform", "school meals", "lunch money", "stationery", "general resources", "bus pass")


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """`says_good` comes first on the page; either of the two may be empty. `why` gives the source."""

    field_key: str
    says_good: str = ""
    says: str = ""
    why: str = ""
    target: int | None = None
    """The target's number, where it is about one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostDraft:
    what: str = ""
    amount_pence: int | None = None
    provider: str = ""
    starts: date | None = None
    ends: date | None = None
    intended_impact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDraft:
    """A target as it stands while being written; the names are those of the plan document."""

    number: int
    category: str = ""
    outcome: str = ""
    need: str = ""
    childs_words: str = ""
    why: str = ""
    how: str = ""
    who: str = ""
    due_on: date | None = None
    baseline: str = ""
    measure: str = ""
    success: str = ""
    status: str = ""
    review_words: str = ""
    cost_lines: tuple[CostDraft, ...] = ()


def advise_field(field: Field, now: Any, last: Any = None, next_plan_on: date | None = None) -> tuple[Advice, ...]:
    """What a field's own checks say of its answer. A field still empty is given no advice."""
    found: list[Advice] = []
    if isinstance(now, date) and "before_next_plan" in field.checks:
        found.append(_dated(field.key, now, next_plan_on))
    if not isinstance(now, str) or not now.strip():
        return tuple(found)
    if "strategy" in field.checks:
        found.append(_strategy(field.key, now))
    if "measure" in field.checks:
        found.append(_measured(field.key, now))
    if "names_adult" in field.checks:
        name = adult_found(now)
        says = "" if name else "Name the person."
        found.append(Advice(field_key=field.key, says_good=f"It names “{name}”." if name else "", says=says, why=NAMED))
    if "changes_each_term" in field.checks and isinstance(last, str):
        found.extend(_repeated(field.key, last, now))
    return tuple(found)


def advise_target(
    target: TargetDraft, *, next_plan_on: date | None = None, last: Sequence[TargetDraft] = ()
) -> tuple[Advice, ...]:
    """Advice on one target. `last`: the targets of the last plan, judged."""
    number = target.number
    found = [
        *_outcome(target, last),
        _measured("targets.measure", " ".join((target.baseline, target.measure, target.success)), number),
        _dated("targets.due_on", target.due_on, next_plan_on, number),
        _strategy("targets.how", target.how, target.who, number),
        _linked(target),
    ]
    if not target.why.strip():
        found.append(Advice(field_key="targets.why", says="Say why this target, now.", why=LINKED, target=number))
    for cost in target.cost_lines:
        found.extend(advise_cost(cost, target))
    return tuple(found)


def advise_targets(
    targets: Sequence[TargetDraft], *, next_plan_on: date | None = None, last: Sequence[TargetDraft] = ()
) -> tuple[Advice, ...]:
    """Advice on the targets as a set, then on each."""
    found: list[Advice] = []
    if targets:
        learning = [target for target in targets if target.category == "academic"]
        says = ""
        if not learning:
            says = "None of the targets is about learning in a subject. Is that right this term?"
        elif len(learning) == len(targets) > 1:
            says = "All the targets are about learning in a subject. What else would help the child?"
        good = "" if says or len(targets) < 2 else "The targets are about learning and something else besides."
        found.append(Advice(field_key="targets.targets", says_good=good, says=says, why=BALANCED))
        spoken = [target.number for target in targets if target.childs_words.strip()]
        found.append(
            Advice(
                field_key="targets.targets",
                says_good=f"The child's own words stand behind {_targets(spoken)}." if spoken else "",
                says="" if spoken else "No target takes up the child's own words yet. Which of them could?",
                why=HEARD,
            )
        )
    for target in targets:
        found.extend(advise_target(target, next_plan_on=next_plan_on, last=last))
    return tuple(advice for advice in found if advice.says or advice.says_good)


def advise_last_target(target: TargetDraft) -> tuple[Advice, ...]:
    """Advice on judging one of the last targets."""
    number, key = target.number, "targets.review_words"
    if target.status == "met":
        good = "This target was met."
        says = "" if target.review_words.strip() else "Say what made the difference and what shows it."
        return (Advice(field_key=key, says_good=good, says=says, why="What worked is worth keeping.", target=number),)
    if target.status in NOT_REACHED:
        says = "What smaller step could be met in a term?"
        if not target.review_words.strip():
            says = f"Say what got in the way. {says}"
        good = "Part of it was met: begin from there." if target.status == "partly_met" else ""
        return (Advice(field_key=key, says_good=good, says=says, why=SMALLER, target=number),)
    if target.status == "dropped":
        says = "" if target.review_words.strip() else "Say why it was dropped."
        return (Advice(field_key=key, says=says, why=SMALLER, target=number),) if says else ()
    return (Advice(field_key="targets.status", says="Say how this target stands.", why=DATED, target=number),)


def advise_cost(cost: CostDraft, target: TargetDraft | None) -> tuple[Advice, ...]:
    """Advice on a line of cost. `target`: the one it stands with, or None."""
    number = target.number if target is not None else None
    wanted = []
    if target is None or not target.outcome.strip():
        wanted.append("Say which target it is for.")
    if not cost.what.strip():
        wanted.append("Say what exactly is bought.")
    if cost.amount_pence is None:
        wanted.append("Give the amount.")
    if not cost.provider.strip():
        wanted.append("Say who provides it.")
    if not cost.intended_impact.strip():
        wanted.append("Say what should change because of it, and how you will know.")
    if cost.starts is not None and cost.ends is not None and cost.ends < cost.starts:
        wanted.append(f"It ends on {in_words(cost.ends)}, before it starts.")
    good = "It says what is bought, from whom, for how much and what for." if not wanted else ""
    found = [Advice(field_key="targets.cost_lines", says_good=good, says=" ".join(wanted), why=COSTED, target=number)]
    held = cost.what.casefold()
    for words in OFTEN_REFUSED:
        if words in held:
            says = f"“{words.capitalize()}” is often refused. Say why ordinary money cannot pay for it."
            found.append(Advice(field_key="targets.cost_lines", says=says, why=ORDINARY, target=number))
    return tuple(found)


def advise_attendance(
    percent: float | None, last_percent: float | None = None, *, plan: str = "", field_key: str = "attendance.plan"
) -> tuple[Advice, ...]:
    """Advice on attendance. Percentages of possible sessions attended, this term or year and the one before."""
    if percent is None:
        return (Advice(field_key="attendance.record", says="No attendance figure is held yet.", why=ABSENCE),)
    good, says = "", ""
    if last_percent is not None and percent > last_percent:
        good = f"Attendance has risen from {last_percent:.1f} to {percent:.1f} per cent."
    if 100 - percent >= constants.PERSISTENT_ABSENCE_PER_CENT:
        if plan.strip():
            good = f"{good} There is a plan for attendance.".strip()
        else:
            says = f"The child missed {100 - percent:.1f} per cent. Say what will be done about it, and by whom."
    elif last_percent is not None and percent < last_percent and not plan.strip():
        says = f"Attendance has fallen from {last_percent:.1f} to {percent:.1f} per cent. Is something behind it?"
    return (Advice(field_key=field_key, says_good=good, says=says, why=ABSENCE),) if good or says else ()


def advise_sdq(
    score: int | None,
    scored_on: date | None,
    day: date,
    *,
    strategies: str = "",
    cut_off: int = constants.SDQ_CONCERN_FROM,
) -> tuple[Advice, ...]:
    """Advice on the strengths and difficulties score, for a child of an age to have one. `cut_off`: council policy."""
    found = []
    if score is None:
        says = "No score is held. The carer can fill in a questionnaire."
        found.append(Advice(field_key="wellbeing.sdq_score", says=says, why=SDQ_YEARLY))
    elif scored_on is not None and add_months(scored_on, SDQ_HOLDS_MONTHS) < day:
        says = f"The score is of {in_words(scored_on)}, more than twelve months ago. Ask for a new one."
        found.append(Advice(field_key="wellbeing.sdq_on", says=says, why=SDQ_YEARLY))
    if score is not None and score >= cut_off:
        has_any = bool(strategies.strip())
        says = (
            "" if has_any else f"The score is {score}, and the cut-off {cut_off}. Say what adults at school should do."
        )
        good = "The score is high, and there are strategies for school." if has_any else ""
        found.append(Advice(field_key="wellbeing.sdq_strategies", says_good=good, says=says, why=SDQ))
    return tuple(found)


def _outcome(target: TargetDraft, last: Sequence[TargetDraft]) -> Iterator[Advice]:
    key, number = "targets.outcome", target.number
    if not target.outcome.strip():
        yield Advice(field_key=key, says="Say what will be different for the child.", why=LINKED, target=number)
        return
    before = next((old for old in last if unchanged(old.outcome, target.outcome)), None)
    if before is None:
        return
    if before.status in NOT_REACHED:
        says = "It stood in the last plan and was not met. What smaller step could be met this term?"
        yield Advice(field_key=key, says=says, why=SMALLER, target=number)
    elif before.status == "met":
        says = "It was met in the last plan. What comes after it?"
        yield Advice(field_key=key, says_good="The child has done this once.", says=says, why=REPEATED, target=number)
    else:
        yield Advice(field_key=key, says="It stands as in the last plan. Is it still so?", why=REPEATED, target=number)
    if before.status != "met":
        yield from _repeated("targets.how", before.how, target.how, number)


def _measured(key: str, text: str, number: int | None = None) -> Advice:
    words = measure_found(text)
    if words:
        return Advice(field_key=key, says_good=f"It can be measured: “{words}”.", why=MEASURE, target=number)
    if text.strip():
        says = "Add a number, or something that can be seen in the same way twice."
    else:
        says = "Say where the child is now and how you will know. What would you see, what could you count?"
    return Advice(field_key=key, says=says, why=MEASURE, target=number)


def _dated(key: str, on: date | None, next_plan_on: date | None, number: int | None = None) -> Advice:
    if on is None:
        return Advice(field_key=key, says="Give a date.", why=DATED, target=number)
    if next_plan_on is None:
        return Advice(field_key=key, says_good="It has a date.", why=DATED, target=number)
    if on > next_plan_on:
        says = f"{in_words(on)} is after the next plan, on {in_words(next_plan_on)}. Is there a step for this term?"
        return Advice(field_key=key, says_good="It has a date.", says=says, why=DATED, target=number)
    return Advice(field_key=key, says_good="Its date is before the next plan.", why=DATED, target=number)


def _strategy(key: str, how: str, who: str = "", number: int | None = None) -> Advice:
    if not how.strip():
        says = "Say how: what, when, where, by whom and how often."
        return Advice(field_key=key, says=says, why=STRATEGY, target=number)
    held = strategy_found(how, who)
    good = ", ".join(f"{FIVE_WORDS[name]} (“{getattr(held, name)}”)" for name in held.found)
    if not held.missing:
        return Advice(field_key=key, says_good=f"It says all five: {good}.", why=STRATEGY, target=number)
    says = f"Add {in_words([FIVE_WORDS[name] for name in held.missing])}."
    return Advice(field_key=key, says_good=f"It says {good}." if good else "", says=says, why=STRATEGY, target=number)


def _linked(target: TargetDraft) -> Advice:
    key, number = "targets.need", target.number
    held = [
        name
        for name, words in (("a need", target.need), ("the child's own words", target.childs_words))
        if words.strip()
    ]
    if held:
        return Advice(field_key=key, says_good=f"It answers {in_words(held)}.", why=LINKED, target=number)
    return Advice(
        field_key=key, says="Say which need or which of the child's own words it answers.", why=LINKED, target=number
    )


def _repeated(key: str, last: str, now: str, number: int | None = None) -> Iterator[Advice]:
    if count_of_words(now) >= FEWEST_WORDS_TO_COMPARE and unchanged(last, now):
        says = "This is last term's text. What is different now?"
        yield Advice(field_key=key, says=says, why=REPEATED, target=number)


def _targets(numbers: Sequence[int]) -> str:
    return f"target {numbers[0]}" if len(numbers) == 1 else f"targets {in_words([str(number) for number in numbers])}"
