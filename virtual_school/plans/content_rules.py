"""What law and guidance ask of what a plan holds. Judged once a plan written here is sent in: until then the clocks
of `rules` and `termly_rules` say that it is owed, and a late plan is not told of ten times."""

from collections.abc import Iterator
from datetime import date

from virtual_school.authorities.rules import standing
from virtual_school.care.facts import is_unaccompanied
from virtual_school.children.rules import evidence_since
from virtual_school.law.obligation import Obligation, State, Step, duty, step

from .contents import CONTENTS
from .facts import PlanFact, PlanFacts, SentIn, plan_period, plans_in

TOLD_AT_MOST = 4


def latest_sent_in(facts: PlanFacts, day: date) -> tuple[PlanFact, SentIn] | None:
    """The last plan of this time in care that was sent in by a day."""
    if facts.written_from is None:
        return None
    period = plan_period(facts, day)
    if period is None or period.kind == "short_breaks":
        return None
    found: tuple[PlanFact, SentIn] | None = None
    for plan in plans_in(facts, period, day):
        held = plan.sent_in
        if held is not None and held.on <= day and (found is None or held.on >= found[1].on):
            found = plan, held
    return found


def _judged(
    facts: PlanFacts, day: date, duty_id: str, who: str, act: str, plan: PlanFact, held: SentIn,
    reasons: tuple[Step, ...], missing: tuple[str, ...],
) -> Obligation:  # fmt: skip
    """Met by what the plan held when it was sent in, or by what somebody recorded since."""
    recorded = evidence_since(facts, duty_id, held.on, day) if missing else None
    met_on = held.on if not missing else recorded
    told = [step("The plan was sent in on {day}.", day=held.on), *reasons]
    if recorded is not None:
        told.append(step("Somebody recorded on {day} that it was done.", day=recorded))
    due_on = held.due_on if held.due_on is not None else held.on
    return Obligation(
        duty_id, who, act, standing(facts.authority, day, due_on, met_on), trigger_on=plan.opened_on, due_on=due_on,
        met_on=met_on, occasion=plan.term_key or held.on.isoformat(), reasons=tuple(told),
        held=("plan",), missing=() if met_on is not None else missing,
    )  # fmt: skip


@duty("PEP-05")
def plan_made_with_the_school(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """The social worker makes the plan with the school and others: who came, and who wrote."""
    found = latest_sent_in(facts, day)
    if found is None:
        return
    plan, held = found
    part = held.wrote | held.came
    wanted = {"social_worker": "social worker"}
    wanted |= {"designated_teacher": "designated teacher"} if held.has_school else {"virtual_school": "virtual school"}
    away = tuple(words for role, words in wanted.items() if role not in part)
    if not held.has_school and "adviser" in held.came:
        away = tuple(words for words in away if words != "virtual school")
    why = step("The {away} neither wrote in it nor came to the meeting.", away=away) if away else step(
        "The social worker and the {school} took part.", school="school" if held.has_school else "virtual school"
    )  # fmt: skip
    yield _judged(facts, day, "PEP-05", "social_worker", "make the plan with the school", plan, held, (why,), away)


@duty("VS-04")
def wishes_heard_before_the_decision(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """A dated record of the child's wishes from before the meeting that decided, or why there is none (s22(4))."""
    found = latest_sent_in(facts, day)
    if found is None:
        return
    plan, held = found
    decided = plan.meeting_on or held.on
    met_on: date | None = None
    if plan.heard_on is not None and plan.heard_on <= decided:
        met_on = plan.heard_on
        says = "Why the child gave no views" if plan.not_heard_why else "The child's own words"
        why = step(
            "{says}: recorded on {heard}. Decided on {decided}.", says=says, heard=plan.heard_on, decided=decided
        )
    elif plan.watched_on is not None and plan.watched_on <= decided:
        met_on = plan.watched_on
        why = step(
            "The child cannot be asked. What two adults saw on two occasions: recorded on {seen}. Decided on {decided}.",
            seen=plan.watched_on, decided=decided,
        )  # fmt: skip
    elif "young_person" in held.came:
        met_on, why = decided, step("The child was at the meeting on {decided}.", decided=decided)
    elif held.child == "reason":
        met_on, why = decided, step("The plan says why there is no view of the child's own.")
    elif held.child == "said":
        why = step("The plan holds the child's view. No day says that it was heard before {decided}.", decided=decided)
    else:
        met_on = evidence_since(facts, "VS-04", plan.opened_on or decided, day)
        why = step("Nothing says what the child wished before {decided}.", decided=decided)
    not_known = met_on is None and held.child == "said"
    state = State.NOT_KNOWN if not_known else standing(facts.authority, day, decided, met_on)
    yield Obligation(
        "VS-04", "social_worker", "hear what the child wishes before deciding", state, trigger_on=plan.opened_on,
        due_on=decided, met_on=met_on, occasion=plan.term_key or held.on.isoformat(), reasons=(why,),
        held=("the child's wishes",) if met_on else (), missing=() if met_on else ("a dated record of the child's wishes",),
    )  # fmt: skip


@duty("PEP-06")
def the_child_was_heard(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """The child's own view is in the plan, or why there is none."""
    found = latest_sent_in(facts, day)
    if found is None:
        return
    plan, held = found
    words = {
        "said": "The child's own view is in it.",
        "reason": "It says why there is no view of the child's own.",
    }.get(held.child, "The child's own view is not in it, and no reason why.")
    reasons = [step(words)]
    if "young_person" in held.came:
        reasons.append(step("The child was at the meeting."))
    yield _judged(
        facts, day, "PEP-06", "social_worker", "hear the child in the plan", plan, held, tuple(reasons),
        () if held.child else ("the child's view",),
    )  # fmt: skip


@duty("PEP-07")
def contents_are_complete(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """Everything the regulations and the guidance ask for, so far as reasonably practicable."""
    found = latest_sent_in(facts, day)
    if found is None:
        return
    plan, held = found
    reasons: list[Step] = []
    if held.missing:
        n, shown = len(held.missing), tuple(_content(number) for number in held.missing[:TOLD_AT_MOST])
        musts = sum(number in CONTENTS and CONTENTS[number].strength == "must" for number in held.missing)
        reasons.append(step("Not in it: {shown}.", shown=shown))
        if n > TOLD_AT_MOST:
            reasons.append(step("And {n} more.", n=n - TOLD_AT_MOST))
        reasons.append(step("Of these, {musts} must be in it by the regulations.", musts=musts or "none"))
    else:
        reasons.append(step("Everything asked for is in it."))
    if held.reasoned:
        reasons.append(step("Blank with a reason: {n}.", n=len(held.reasoned)))
    yield _judged(
        facts, day, "PEP-07", "designated_teacher", "complete what the plan must hold", plan, held, tuple(reasons),
        tuple(_content(number) for number in held.missing),
    )  # fmt: skip


def _content(number: str) -> str:
    held = CONTENTS.get(number)
    return f"{number} ({held.words[0].lower()}{held.words[1:]})" if held else number


@duty("PEP-12")
def teacher_leads_the_plan(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """The designated teacher leads on the plan in school, and sets its targets."""
    found = latest_sent_in(facts, day)
    if found is None or not found[1].has_school:
        return
    plan, held = found
    missing = []
    if "designated_teacher" not in held.wrote:
        missing.append("the school's sections")
    if not held.targets:
        missing.append("targets")
    why = step("The school's sections are written, and {n} targets are set.", n=held.targets)
    if missing:
        why = step("Not in it: {missing}.", missing=tuple(missing))
    yield _judged(
        facts, day, "PEP-12", "designated_teacher", "lead the plan in school", plan, held, (why,), tuple(missing)
    )


@duty("PEP-13")
def targets_are_specific(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """Each target says who acts, by when and how one will know; those of before are judged."""
    found = latest_sent_in(facts, day)
    if found is None:
        return
    plan, held = found
    reasons, missing = [], []
    if not held.targets:
        reasons.append(step("No target is in it."))
        missing.append("targets")
    elif held.specific < held.targets:
        reasons.append(
            step("{n} of {all} targets say who acts, by when and how one will know.", n=held.specific, all=held.targets)
        )
        missing.append("who, by when or the measure of a target")
    else:
        reasons.append(step("Every target says who acts, by when and how one will know: {n}.", n=held.targets))
    if held.to_judge:
        reasons.append(step("{n} targets of plans before it were not judged.", n=held.to_judge))
        missing.append("judgement of the last targets")
    yield _judged(
        facts, day, "PEP-13", "designated_teacher", "make each target specific, and judge the last ones", plan, held,
        tuple(reasons), tuple(missing),
    )  # fmt: skip


def _one_content(
    facts: PlanFacts, day: date, duty_id: str, who: str, act: str, number: str, what: str
) -> Iterator[Obligation]:
    found = latest_sent_in(facts, day)
    if found is None:
        return
    plan, held = found
    is_missing = number in held.missing
    if is_missing:
        why = step("It does not say so ({number} of the contents).", number=number)
    elif number in held.reasoned:
        why = step("It gives a reason why this is blank ({number} of the contents).", number=number)
    else:
        why = step("It says so ({number} of the contents), or it does not concern this child.", number=number)
    yield _judged(facts, day, duty_id, who, act, plan, held, (why,), (what,) if is_missing else ())


@duty("PEP-14")
def money_backs_the_targets(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    yield from _one_content(
        facts, day, "PEP-14", "designated_teacher", "say how money supports the targets", "C22",
        "how pupil premium backs the targets",
    )  # fmt: skip


@duty("PEP-15")
def plan_is_linked_to_others(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    yield from _one_content(
        facts, day, "PEP-15", "social_worker", "link the plan to the child's other plans", "C23", "links to other plans"
    )


@duty("PEP-20")
def copies_are_given(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """To the child, the parent, the reviewing officer and those at home. The regulations set no day."""
    found = latest_sent_in(facts, day)
    if found is None or found[1].published_on is None or found[1].published_on > day:
        return
    held = found[1]
    assert held.published_on is not None
    given = {role for role, on in held.copies if on <= day}
    wanted = {"young_person": "the child", "reviewing_officer": "the reviewing officer", "parent": "a parent"}
    missing = [words for role, words in wanted.items() if role not in given]
    if not given & {"carer", "provider"}:
        missing.append("the carer or home")
    recorded = evidence_since(facts, "PEP-20", held.published_on, day)
    latest = max((on for _, on in held.copies if on <= day), default=held.published_on)
    met_on = recorded or (latest if not missing else None)
    reasons = [step("The plan was published on {day}.", day=held.published_on)]
    if missing and recorded is None:
        reasons.append(step("No copy is written down for {missing}.", missing=tuple(missing)))
        reasons.append(step("A copy may be kept from a parent where it would put the child at risk of harm."))
    else:
        reasons.append(step("Copies were given by {day}.", day=met_on))
    reasons.append(step("The regulations set no day for it."))
    yield Obligation(
        "PEP-20", "social_worker", "give copies of the plan", State.MET if met_on else State.NOT_KNOWN,
        trigger_on=held.published_on, met_on=met_on, occasion=held.published_on.isoformat(), reasons=tuple(reasons),
        held=("copies",) if met_on else (), missing=() if met_on else tuple(f"copy for {one}" for one in missing),
    )  # fmt: skip


@duty("PEP-21")
def plan_names_the_head(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """Each version gives the name and contact details of the virtual school head."""
    found = latest_sent_in(facts, day)
    if found is None:
        return
    plan, held = found
    why = step("It names the virtual school head." if held.names_head else "It does not name the virtual school head.")
    yield _judged(
        facts, day, "PEP-21", "social_worker", "name the virtual school head in the plan", plan, held, (why,),
        () if held.names_head else ("name and contact of the virtual school head",),
    )  # fmt: skip


@duty("UAS-04")
def english_and_earlier_schooling(facts: PlanFacts, day: date) -> Iterator[Obligation]:
    """The plan of an unaccompanied child covers English and the education before."""
    if not facts.is_uasc or not is_unaccompanied(facts, day):
        return
    found = latest_sent_in(facts, day)
    if found is None:
        return
    plan, held = found
    missing = []
    if not held.english:
        missing.append("need in English")
    if not held.schooling:
        missing.append("education before")
    why = step("Not in it: {missing}.", missing=tuple(missing)) if missing else step(
        "It covers English and the education before."
    )  # fmt: skip
    yield _judged(
        facts, day, "UAS-04", "designated_teacher", "cover English and earlier education in the plan", plan, held,
        (why,), tuple(missing),
    )  # fmt: skip


RULES = (
    plan_made_with_the_school,
    wishes_heard_before_the_decision,
    the_child_was_heard,
    contents_are_complete,
    teacher_leads_the_plan,
    targets_are_specific,
    money_backs_the_targets,
    plan_is_linked_to_others,
    copies_are_given,
    plan_names_the_head,
    english_and_earlier_schooling,
)
