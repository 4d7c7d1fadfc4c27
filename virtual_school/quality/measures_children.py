"""Targets, money, wellbeing, transition, life after 16 and moves (pep.md, measures 7 to 12)."""

from datetime import date
from typing import Any

from virtual_school.care.history import TEMPORARY, twelve_months_at_31_march
from virtual_school.dates.ages import add_months, age_on, collection_year, year_group
from virtual_school.schools.rules import EnrolmentFact, enrolment_on, year_group_on

from .defining import defined
from .measured import BIRTH_NOT_HELD, ELSEWHERE, MeasuredChild, Tally, TermFacts, had_to_have, in_care
from .measures_plans import plans_of, sent_in

TARGETS, MONEY, WELLBEING = "Targets", "Pupil premium plus", "Wellbeing"
MOVING_ON, AFTER_16, MOVES = "Moving on", "After 16", "Moves and time in care"
JUDGED = {"met": "met", "partly_met": "partly met", "not_met": "not met", "open": "carried on", "dropped": "dropped"}
REPEATED_TERMS = 2
TRANSITION_YEARS = {-1: "into Reception", 6: "to secondary school", 11: "after Year 11", 13: "after Year 13"}
SDQ_AGES = range(5, 17)
"""Ages at 31 March that England's published share is of. The return itself asks from 4."""

MANY = 3
ACTIVE = ("F", "P")


def _targets(id_: str, title: str, sentence: str, meaning: str, judged: tuple[str, ...], better: Any) -> None:
    @defined(id_, TARGETS, title, sentence, meaning, better=better, things="targets judged")
    def targets(term: TermFacts, tally: Tally) -> dict[str, Any]:
        if not term.plans_written:
            return {"not_known": "Not known yet: no plan is written here, so no target is."}
        for child, plan in plans_of(term):
            for target in plan.targets:
                tally.count(child.child, target.judged in judged)
                tally.part(JUDGED.get(target.judged, target.judged))
        return {"parts_unit": "targets"}


_targets("I-PEP-12-met", "Targets met", "{n} of {d} targets judged in this term’s plans were met.",
         "Each target that a plan of the term looked back on.", ("met",), "more")  # fmt: skip
_targets("I-PEP-12-partly", "Targets partly met", "{n} of {d} targets judged in this term’s plans were partly met.",
         "As targets met.", ("partly_met",), "")  # fmt: skip
_targets("I-PEP-12-not", "Targets not met", "{n} of {d} targets judged in this term’s plans were not met.",
         "As targets met. One that is carried on is neither.", ("not_met",), "fewer")  # fmt: skip


@defined(
    "I-PEP-12-repeated", TARGETS, "Targets repeated",
    "{n} of {d} targets judged in this term’s plans had been set two terms before or earlier.",
    "A target not reached is made smaller rather than repeated.",
    better="fewer", things="targets judged",
)  # fmt: skip
def targets_repeated(term: TermFacts, tally: Tally) -> dict[str, Any] | None:
    if not term.plans_written:
        return {"not_known": "Not known yet: no plan is written here, so no target is."}
    for child, plan in plans_of(term):
        for target in plan.targets:
            tally.count(child.child, target.terms >= REPEATED_TERMS)
    return None


@defined(
    "I-PPP-09", MONEY, "Plans that ask for money",
    "{n} of {d} plans sent in by {on} ask for money for a target.",
    "Lines of cost tied to a target. What is asked for, in pounds by kind, stands beneath.",
    better="", things="plans",
)  # fmt: skip
def money_asked(term: TermFacts, tally: Tally) -> dict[str, Any]:
    for child, plan, _ in sent_in(term):
        if plan.is_recorded:
            tally.leave_out(child.child, ELSEWHERE)
            continue
        tally.count(child.child, bool(plan.costs))
        for category, pence in plan.costs:
            tally.part(category or "no kind named", pence)
    return {"parts_unit": "pence"}


def _no_money(id_: str, title: str, what: str) -> None:
    @defined(
        id_, MONEY, title, "", f"{what[0].upper()}{what[1:]} is not recorded here, so every plan that asks for money is "
        "left out.", better="", things="requests",
    )  # fmt: skip
    def money(term: TermFacts, tally: Tally) -> dict[str, Any]:
        for child, plan, _ in sent_in(term):
            if plan.costs:
                tally.leave_out(child.child, f"asks for money, and {what} is not recorded")
        return {"not_known": f"Not known yet: {what} is not recorded here. What plans ask for is."}


_no_money("I-PPP-06", "Days to decide on money", "when money was decided")
_no_money("I-PPP-02", "Money approved and paid", "what was approved and paid")
_no_money("I-PPP-07", "Money unspent or without evidence", "what was spent, with what evidence")
_no_money("I-PPP-05", "What money changed", "whether it worked")


@defined(
    "I-SDQ-01", WELLBEING, "Strengths and difficulties score held",
    "{n} of {d} children aged 5 to 16 and in care for the year to {on} have a score for it.",
    "By the statutory return, at its 31 March. The day of each questionnaire is not held, so whether one is older "
    "than twelve months is not known.",
)  # fmt: skip
def sdq_held(term: TermFacts, tally: Tally) -> dict[str, Any]:
    year = term.sdq_year
    if year is None or not term.sdq_known:
        return {"not_known": "Not known yet: no return with these scores is loaded."}
    march = date(year, 3, 31)
    for child in term.children:
        facts = child.facts
        if not twelve_months_at_31_march(facts.episodes, year):
            continue
        if facts.born is None:
            tally.leave_out(child.child, BIRTH_NOT_HELD)
        elif age_on(facts.born, march) in SDQ_AGES:
            of_year = [fact for fact in facts.sdq if fact.year == year]
            tally.count(child.child, any(fact.score is not None for fact in of_year))
    return {"on": march}


@defined(
    "I-PEP-13", MOVING_ON, "The next move is planned",
    "{n} of {d} children about to move on had a plan for it by {on}.",
    "Children in the year before Reception and in Years 6, 11 and 13, who had to have a plan. Planned means that the "
    "part about the next move was written by Easter, the end of the spring term.",
)  # fmt: skip
def move_planned(term: TermFacts, tally: Tally) -> dict[str, Any] | None:
    if not term.plans_written:
        return {"not_known": "Not known yet: no plan is written here."}
    by = min(term.on, term.spring_ends) if term.spring_ends else term.on
    for child in term.children:
        wanted, year = had_to_have(child, term), year_group_on(child.facts, term.on)
        if year not in TRANSITION_YEARS:
            continue
        if not wanted.answer:
            tally.leave_out(child.child, wanted.why)
            continue
        if child.plans and all(plan.is_recorded for plan in child.plans) and child.transition_on is None:
            tally.leave_out(child.child, ELSEWHERE)
            continue
        planned = child.transition_on is not None and child.transition_on <= by
        tally.count(child.child, planned)
    return {"on": by}


@defined(
    "I-P16-01", AFTER_16, "In education, work or training, 16 and 17",
    "{n} of {d} young people in Years 12 and 13 were known to be in education, work or training on {on}.",
    "On a roll that day, else what the latest return says of them. Not known counts as not in, and is shown.",
    things="young people",
)  # fmt: skip
def in_education_work_or_training(term: TermFacts, tally: Tally) -> dict[str, Any]:
    for child in term.children:
        facts = child.facts
        if in_care(child, term.on) is None or year_group_on(facts, term.on) not in (12, 13):
            continue
        if enrolment_on(facts, term.on) is not None:
            tally.count(child.child, True)
            tally.part("on a roll")
            continue
        told = [one for one in facts.care_leaver if one.year >= collection_year(term.on) - 1 and one.activity]
        activity = told[-1].activity if told else ""
        tally.count(child.child, activity.startswith(ACTIVE))
        tally.part("as the return says" if activity.startswith(ACTIVE) else "not in any" if activity else "not known")
    return {"parts_unit": "young people"}


def last_march(day: date) -> date:
    """The latest 31 March, where the year of the statutory return ends."""
    march = date(day.year, 3, 31)
    return march if march <= day else date(day.year - 1, 3, 31)


@defined(
    "I-STA-01", MOVES, "Three or more placements in the year",
    "{n} of {d} children in care on {on} had lived in three or more placements in the year to that day.",
    "The year to 31 March of the latest return. Temporary moves do not count.",
    better="fewer",
)  # fmt: skip
def placement_moves(term: TermFacts, tally: Tally) -> dict[str, Any]:
    march = last_march(term.on)
    first = date(march.year - 1, 4, 1)
    for child in term.children:
        if in_care(child, march) is None:
            continue
        homes = [p for p in child.facts.placements if p.place not in TEMPORARY and p.starts <= march
                 and (p.ends is None or p.ends > max(first, p.starts))]  # fmt: skip
        tally.count(child.child, len(homes) >= MANY)
    return {"on": march}


@defined(
    "I-STA-06", MOVES, "Three or more schools since coming into care",
    "{n} of {d} children of school age in care on {on} have been to three or more schools since coming into care.",
    "Reception to Year 11. A move with everyone else, from one phase to the next, does not count.",
    better="fewer",
)  # fmt: skip
def school_moves(term: TermFacts, tally: Tally) -> dict[str, Any]:
    if not term.enrolments_known:
        return {"not_known": "Not known yet: no school rolls are held here."}
    for child in term.children:
        period, year = in_care(child, term.on), year_group_on(child.facts, term.on)
        if period is None or year is None or not 0 <= year <= 11:
            continue
        if not child.facts.enrolments:
            tally.leave_out(child.child, "no school is recorded")
            continue
        tally.count(child.child, 1 + len(_moves(child, period.starts, term.on)) >= MANY)
    return {}


def _moves(child: MeasuredChild, since: date, until: date) -> list[EnrolmentFact]:
    """The schools a child came to while in care, other than in step with their year group."""
    main = sorted((e for e in child.facts.enrolments if e.kind == "main" and e.starts <= until), key=lambda e: e.starts)
    moves, before = [], None
    for enrolment in main:
        is_new = before is not None and (enrolment.urn, enrolment.school) != (before.urn, before.school)
        if is_new and enrolment.starts > since and not _in_step(child, enrolment.starts):
            moves.append(enrolment)
        before = enrolment
    return moves


def _in_step(child: MeasuredChild, day: date) -> bool:
    """Whether a move in August or September is one that everybody of that age makes."""
    born = child.facts.born
    return born is not None and day.month in (8, 9) and year_group(born, date(day.year, 9, 1)) in (0, 3, 7, 12)


@defined(
    "I-COH-04", MOVES, "In care for less than a year",
    "{n} of {d} children of school age in care on {on} came into care within the last twelve months.",
    "Reception to Year 11. Their schooling so far belongs to life before care, too.",
    better="",
)  # fmt: skip
def new_to_care(term: TermFacts, tally: Tally) -> None:
    for child in term.children:
        period, year = in_care(child, term.on), year_group_on(child.facts, term.on)
        if period is None or year is None or not 0 <= year <= 11:
            continue
        tally.count(child.child, period.starts_known and add_months(period.starts, 12) > term.on)
