"""The council's policy for plans in words: what differs, what seems wrong, which rights can be given at all. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from virtual_school.dates.school_days import Term

from .policy import CLOCKS, LADDER, ClockRule, PlanPolicy, Rung
from .rights import DEFAULT, OWNED_BY, STANDS_IN, Access, access
from .template import Template
from .workflow import BEING_WRITTEN, WORDS, State

UNIT_WORDS = {"working_days": "working days", "school_days": "school days", "days": "days"}
ACCESS_WORDS = {
    Access.ALL: "Writes every section",
    Access.OWN: "Writes own sections, reads the others",
    Access.GIVEN: "Writes the sections given, reads the others",
    Access.NAMED: "Writes own sections named when it was sent back",
    Access.READ: "Reads",
    Access.NONE: "Does not see the plan",
}
SHORT = {
    Access.ALL: "All", Access.OWN: "Own", Access.GIVEN: "Given", Access.NAMED: "Named", Access.READ: "Read",
    Access.NONE: "–",
}  # fmt: skip
SIGNERS = {
    "designated_teacher": "Designated teacher",
    "social_worker": "Social worker",
    "carer": "Carer",
    "young_person": "Young person",
    "virtual_school": "Virtual school",
}
MUST_COME = {
    "social_worker": "Social worker",
    "designated_teacher": "Designated teacher",
    "carer": "Carer",
    "adviser": "Virtual school adviser",
    "reviewing_officer": "Independent reviewing officer",
    "personal_adviser": "Personal adviser",
}
"""Who can be asked to be at every meeting."""

REMINDED = {
    "social_worker": "Social worker",
    "designated_teacher": "Designated teacher",
    "delegate": "Colleague of the designated teacher",
    "carer": "Carer",
    "personal_adviser": "Personal adviser",
    "adviser": "Education adviser",
    "social_work_manager": "Social work manager",
    "virtual_school_head": "Virtual school head",
}
EVENTS = {
    "due": "the day the plan is due",
    "meeting": "the meeting",
    "submitted": "the plan is submitted",
    "part": "the day their own sections are due",
    "check": "the day by which it is checked",
}
RUNG_WORDS = {
    "book_meeting": "Arrange the meeting",
    "social_worker_part": "Social worker’s sections",
    "school_part": "School’s sections",
    "pack": "Papers before the meeting",
    "thank_you": "After the meeting",
    "nudge": "What is left to finish",
    "due_soon": "Due soon",
    "overdue": "Overdue",
    "part_late": "Own sections late",
    "checking": "To be checked",
    "check_due": "Check due",
}
CLOCK_DUTIES: Mapping[str, tuple[str, ...]] = {
    "first_started": ("PEP-02",),
    "first_complete": ("PEP-03",),
    "after_school_change": ("PEP-11",),
    "after_placement_change": ("PEP-11",),
    "social_worker_part": ("PEP-08",),
    "school_part": ("PEP-08", "PEP-12"),
    "school_completes": ("PEP-08", "PEP-12"),
    "checked": ("PEP-16",),
}
"""Entries of the register a clock stands beside. The clock itself is policy."""

PLAIN = (
    "school_reviews_a_year", "new_plan_on_placement_change", "delegates_share_domain", "rated_before_approval",
)  # fmt: skip

STAFF_WRITING = ("virtual_school_head", "adviser", "data_officer", "nominated_officer")
AROUND_WRITING = ("social_worker", "designated_teacher", "personal_adviser")
AT_HOME = ("carer", "young_person")
ONLY_READING = ("social_work_manager", "reviewing_officer", "inspector")
ROLES = (
    "social_worker", "designated_teacher", "delegate", "carer", "young_person", "personal_adviser", "adviser",
    "virtual_school_head", "social_work_manager", "reviewing_officer", "data_officer", "nominated_officer", "inspector",
)  # fmt: skip


def offered(role: str, state: str) -> tuple[Access, ...]:
    """The rights a council can give. What was signed and sent in is locked for everyone; the head always reads."""
    none = () if role == "virtual_school_head" else (Access.NONE,)
    if state not in {str(one) for one in BEING_WRITTEN} or role in ONLY_READING:
        return (Access.READ, *none)
    if role in STAFF_WRITING:
        return (Access.ALL, Access.READ, *none)
    if role == "delegate":
        given = (Access.NAMED, Access.GIVEN) if state == State.RETURNED else (Access.GIVEN,)
        return (*given, Access.READ, *none)
    if role in AT_HOME:
        return (Access.OWN, Access.READ, *none)
    named = (Access.NAMED,) if state == State.RETURNED else ()
    return (*named, Access.OWN, Access.ALL, Access.READ, *none)


def faults_of_rights(rights: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """What of a table of rights cannot be, in words."""
    for state, row in rights.items():
        if state not in set(State):
            yield f"There is no state “{state}”."
            continue
        for role, right in row.items():
            if role not in ROLES:
                yield f"There is no role “{role}” in a plan."
            elif right not in offered(role, state):
                yield f"A {role.replace('_', ' ')} cannot have “{right}” while a plan is {WORDS[State(state)]}."


def without_writer(rights: Mapping[str, Mapping[str, str]], template: Template) -> list[str]:
    """Titles of sections that nobody but the virtual school could write while a plan is being written."""
    found = []
    for section in template.sections:
        if not section.is_on or section.owner == "virtual_school":
            continue
        writers = [
            role
            for role in (*AROUND_WRITING, *AT_HOME)
            if section.owner in OWNED_BY.get(role, ()) or section.owner in STANDS_IN.get(role, ())
        ]
        if not any(access(State.IN_PROGRESS, role, rights) in (Access.OWN, Access.ALL) for role in writers):
            found.append(section.title)
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """One choice that differs."""

    what: str
    before: str
    after: str
    duties: tuple[str, ...] = ()


def changes_between(before: PlanPolicy, after: PlanPolicy) -> list[Change]:
    return [
        *_clocks(before, after),
        *_plain(before, after),
        *_measured(before, after),
        *_cutoffs(before, after),
        *_ladder(before, after),
        *_rights(before, after),
    ]


def warnings(policy: PlanPolicy, terms: Sequence[Term]) -> list[str]:
    """What can be so, and probably is not meant."""
    found = []
    by_key = {term.key: term for term in terms}
    for key, day in policy.cutoffs.items():
        term = by_key.get(key)
        if term and not term.starts <= day <= term.ends:
            found.append(
                f"The cut-off of the {term.words}, {words_of_day(day)}, is not in that term, which runs from "
                f"{words_of_day(term.starts)} to {words_of_day(term.ends)}."
            )
    for role in ("designated_teacher", "social_worker"):
        if access(State.IN_PROGRESS, role, policy.rights) not in (Access.OWN, Access.ALL):
            found.append(
                f"A {SIGNERS[role].lower()} would write nothing while a plan is being written: only the virtual "
                "school could write those sections."
            )
    for signer in policy.signers:
        if signer in OWNED_BY and access(State.AWAITING_SIGNOFF, signer, policy.rights) == Access.NONE:
            found.append(f"The {SIGNERS[signer].lower()} is asked to sign, and would not see the plan then.")
    return found


def clock_words(rule: ClockRule, limit: int, unit: str) -> str:
    return replace(rule, limit=limit, unit=unit).words


def variants_of(rule: ClockRule) -> list[tuple[int, str, str]]:
    """Amount, unit and who was seen with it; the usual one first, each once."""
    usual = (rule.limit, rule.unit, "usual")
    seen: dict[tuple[int, str], str] = {usual[:2]: "usual"}
    for limit, unit, who in rule.variants:
        signed = -abs(limit) if rule.limit < 0 else limit
        seen[signed, unit] = f"{seen[signed, unit]}, {who}" if (signed, unit) in seen else who
    return [(limit, unit, who) for (limit, unit), who in seen.items()]


def rung_words(rung: Rung) -> str:
    n = abs(rung.working_days)
    to = ", ".join(REMINDED.get(role, role).lower() for role in rung.to) or "nobody"
    if n == 0:
        return (
            f"On {EVENTS[rung.from_event]}, to: {to}"
            if rung.from_event != "submitted"
            else f"When it is submitted, to: {to}"
        )
    days = f"{n} working day{'' if n == 1 else 's'} {'before' if rung.working_days < 0 else 'after'}"
    return f"{days} {EVENTS[rung.from_event]}, to: {to}"


def plain_words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "None" if value == 0 else f"{value} a year" if name == "school_reviews_a_year" else str(value)


def signer_words(signers: Iterable[str]) -> str:
    return ", ".join(SIGNERS.get(signer, signer).lower() for signer in signers) or "nobody"


def must_come_words(roles: Iterable[str]) -> str:
    return ", ".join(MUST_COME.get(role, role).lower() for role in roles) or "nobody"


def words_of_day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def choices_with_clock(rule: ClockRule, limit: int, unit: str) -> dict[str, Any] | None:
    """As kept: None where it is the usual one."""
    return None if (limit, unit) == (rule.limit, rule.unit) else {"limit": limit, "unit": unit}


def rights_differing(chosen: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """As kept: only what differs from the usual table."""
    found: dict[str, dict[str, str]] = {}
    for state, row in chosen.items():
        for role, right in row.items():
            if right != access(state, role, DEFAULT):
                found.setdefault(str(state), {})[role] = str(right)
    return found


PLAIN_WORDS = {
    "school_reviews_a_year": "Reviews a year the school may do without a meeting",
    "new_plan_on_placement_change": "A new plan after a change of placement",
    "delegates_share_domain": "A colleague’s e-mail address ends like the designated teacher’s",
    "rated_before_approval": "A plan is rated by the council’s rubric before it is approved",
}
PLAIN_DUTIES = {
    "school_reviews_a_year": ("PEP-08",),
    "new_plan_on_placement_change": ("PEP-11",),
    "delegates_share_domain": ("PEP-12",),
    "rated_before_approval": ("PEP-16",),
}


MEASURED_WORDS = {
    "done_when": "A plan counts as done in the measures",
    "measured_after_working_days": "In care for fewer working days at the cut-off: left out of plans done",
    "good_ratings": "Ratings that count as good or better",
}
DONE_WHEN = {"submitted": "Once it is submitted", "approved": "Once it is approved"}


def measured_words(name: str, value: Any) -> str:
    if name == "good_ratings":
        return ", ".join(value) or "none"
    return DONE_WHEN[value] if name == "done_when" else f"{value} working days" if value else "nobody is left out"


def _measured(before: PlanPolicy, after: PlanPolicy) -> Iterator[Change]:
    for name, what in MEASURED_WORDS.items():
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            duties = ("VS-12",) if name == "good_ratings" else ()
            yield Change(what, _lower(measured_words(name, was)), _lower(measured_words(name, now)), duties)


def _clocks(before: PlanPolicy, after: PlanPolicy) -> Iterator[Change]:
    for rule in CLOCKS:
        was, now = before.clocks[rule.key], after.clocks[rule.key]
        if (was.limit, was.unit) != (now.limit, now.unit):
            yield Change(rule.title, was.words, now.words, CLOCK_DUTIES.get(rule.key, ()))


def _plain(before: PlanPolicy, after: PlanPolicy) -> Iterator[Change]:
    if before.signers != after.signers:
        yield Change("Who signs", signer_words(before.signers), signer_words(after.signers))
    if before.must_come != after.must_come:
        yield Change("Who is at every meeting", must_come_words(before.must_come), must_come_words(after.must_come))
    for name in PLAIN:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield Change(PLAIN_WORDS[name], plain_words(name, was), plain_words(name, now), PLAIN_DUTIES[name])


def _cutoffs(before: PlanPolicy, after: PlanPolicy) -> Iterator[Change]:
    for key in sorted({*before.cutoffs, *after.cutoffs}):
        was, now = before.cutoffs.get(key), after.cutoffs.get(key)
        if was != now:
            none = "the last school day of the term"
            year, _, season = key.partition("-")
            yield Change(
                f"Cut-off of the {season} term of {year}",
                words_of_day(was) if was else none,
                words_of_day(now) if now else none,
                ("PEP-08",),
            )


def _ladder(before: PlanPolicy, after: PlanPolicy) -> Iterator[Change]:
    was, now = ({rung.key: rung_words(rung) for rung in policy.ladder} for policy in (before, after))
    for rung in LADDER:
        old, new = was.get(rung.key, "Off"), now.get(rung.key, "Off")
        if old != new:
            yield Change(f"Reminder “{RUNG_WORDS[rung.key]}”", old, new)


def _rights(before: PlanPolicy, after: PlanPolicy) -> Iterator[Change]:
    for state in State:
        for role in ROLES:
            was, now = access(state, role, before.rights), access(state, role, after.rights)
            if was != now:
                what = f"{role.replace('_', ' ').capitalize()}, while a plan is {WORDS[state]}"
                yield Change(what, _lower(ACCESS_WORDS[was]), _lower(ACCESS_WORDS[now]))


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
