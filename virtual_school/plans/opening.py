"""Opening plans: for a term, for everyone who must have one; and for one child when something happens."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.audit.actions import record
from virtual_school.authorities.models import Authority
from virtual_school.authorities.rules import AuthorityFacts
from virtual_school.care.facts import is_unaccompanied, legal_status_on, placement_on
from virtual_school.care.history import REMAND, YOUTH_DETENTION
from virtual_school.children import bulk
from virtual_school.children.models import Child
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import Term
from virtual_school.dates.terms import term_words
from virtual_school.schools.rules import enrolment_on, is_of_school_age, year_group_on

from .conditions import Circumstances
from .facts import PlanFacts, plan_expected, plan_period, plans_in
from .gather import authority_facts, child_facts
from .known import Known, known
from .library import library_template
from .models import Answer, Plan, PlanTemplate, RecordedPlan
from .opened import policy_for
from .policy import PlanPolicy
from .sources import SOURCES
from .template import Template, is_empty, visible_sections
from .template_document import from_document, to_document
from .template_versions import settle
from .workflow import DONE, NOT_DONE, OVER, State

TRANSITION_YEARS = frozenset({-1, 6, 9, 11, 13})
SDQ_CUT_OFF = 17
FOR_A_TERM = (Plan.Kind.FIRST, Plan.Kind.REVIEW, Plan.Kind.SCHOOL_REVIEW, Plan.Kind.TRANSITION)
FILLED = ("authority_id", "child_id", "plan_id", "section_key", "field_key", "value", "source", "source_words",
          "is_confirmed", "by_name")  # fmt: skip
BATCH = 2_000
NEW_FOR_DAYS = 60
"""For so long after coming into care, a plan opened is counted from that day. A child who came earlier and has no
plan here had theirs elsewhere: the first one here is due like everyone's."""


@dataclass
class Opening:
    """What was done: plans made, children who had one already, children for whom none is expected and why."""

    made: list[Plan] = field(default_factory=list)
    had_one: int = 0
    not_expected: dict[str, int] = field(default_factory=dict)
    without: dict[str, list[int]] = field(default_factory=dict)
    """Those children, by the reason."""


class Written(NamedTuple):
    """What stood in a field of the plan before, and who wrote it."""

    value: Any
    by_name: str


@dataclass(frozen=True, slots=True)
class Because:
    """Why a child's plan is opened within a term, and the clock that runs from that day."""

    words: str
    clock: str
    on: date
    is_extra: bool = False
    """Beside the plan of the term, which is done."""


def template_in_force(authority: Authority, phase: str, by_name: str = "") -> PlanTemplate:
    """The authority's form for a phase. The first time, the shipped one becomes its version 1."""
    settle(authority, phase, timezone.localdate())
    held = PlanTemplate.objects.filter(authority=authority, phase=phase, state=PlanTemplate.State.IN_FORCE).first()
    if held:
        return held
    shipped = library_template(phase)
    return PlanTemplate.objects.create(
        authority=authority,
        phase=phase,
        version=1,
        name=shipped.name,
        state=PlanTemplate.State.IN_FORCE,
        library_version=shipped.edition,
        content=to_document(shipped),
        starts=timezone.localdate(),
        by_name=by_name,
    )


def phase_of(facts: PlanFacts, day: date) -> str:
    """Which form a child's plan is written on."""
    placement, legal = placement_on(facts, day), legal_status_on(facts, day)
    year = year_group_on(facts, day)
    if placement and placement.place in YOUTH_DETENTION and (legal is None or legal.code in {REMAND, "C2", "V2", "C1"}):
        return "custody"
    if year is not None and year >= 12:
        return "post_16"
    if enrolment_on(facts, day) is None and is_of_school_age(facts, day):
        return "not_on_roll"
    if year is None or year <= 0:
        return "early_years"
    if year <= 6:
        return "primary"
    return "secondary" if year <= 9 else "key_stage_4"


def circumstances_of(facts: PlanFacts, phase: str, day: date, season: str, *, is_first: bool) -> Circumstances:
    placement, legal = placement_on(facts, day), legal_status_on(facts, day)
    year = year_group_on(facts, day)
    latest = max((s for s in facts.sdq if s.score is not None), key=lambda s: s.year, default=None)
    return Circumstances(
        phase=phase,
        year_group=year,
        season=season,
        is_first_plan=is_first,
        is_unaccompanied=is_unaccompanied(facts, day),
        is_in_custody=phase == "custody",
        is_remand=bool(legal and legal.code == REMAND),
        has_no_school=enrolment_on(facts, day) is None,
        is_transition_year=year in TRANSITION_YEARS,
        is_out_of_area=bool(placement and placement.in_area is False),
        is_sdq_over_cut_off=bool(latest and latest.score is not None and latest.score >= SDQ_CUT_OFF),
    )


def one_at_a_time(authority: Authority) -> None:
    """Waits for another opening of the same authority's plans, to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('plans.opening'), %s)", [authority.code])


def looked_after_now(authority: Authority) -> list[int]:
    return list(
        Child.objects.filter(authority=authority, careperiods__ends__isnull=True, careperiods__kind="looked_after")
        .distinct()
        .order_by("id")
        .values_list("id", flat=True)
    )


def open_term(
    *,
    authority: Authority,
    term: Term,
    by: User | None,
    on: date | None = None,
    children: Iterable[int] | None = None,
    because: dict[int, Because] | None = None,
) -> Opening:
    """Opens the plans of a term for every child who must have one and has none. Doing it again adds nothing."""
    on = on or timezone.localdate()
    one_at_a_time(authority)
    of = authority_facts(authority, on)
    policy = policy_for(authority.code, on)
    ids = list(children) if children is not None else looked_after_now(authority)
    opening = Opening()
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        _open_batch(authority, term, on, batch, of, policy, by, opening, because or {})
    if by is None and not opening.made:
        return opening
    record(
        "plans.opened",
        by=by.pk if by else None,
        authority=authority.code,
        term=term.key,
        made=len(opening.made),
        had_one=opening.had_one,
    )
    return opening


def would_open(*, authority: Authority, term: Term, on: date) -> tuple[list[int], Opening]:
    """The children `open_term` would make a plan for, and the others; nothing is changed."""
    of = authority_facts(authority, on)
    ids, opening = looked_after_now(authority), Opening()
    found: list[int] = []
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        facts = child_facts(authority, on, batch, of)
        found.extend(child for child, _ in _without_plan(authority, term, on, facts, opening))
    return found, opening


def _without_plan(
    authority: Authority, term: Term, on: date, facts: dict[int, PlanFacts], opening: Opening,
    because: dict[int, Because] | None = None,
) -> list[tuple[int, PlanFacts]]:  # fmt: skip
    """Those who must have a plan for the term and have none; `opening` is told of the others."""
    held: dict[int, list[tuple[str, date | None]]] = {}
    extra = [child for child, why in (because or {}).items() if why.is_extra]
    mine = Q(kind__in=FOR_A_TERM) | Q(child__in=extra, state__in=[str(state) for state in NOT_DONE])
    for child, state, opened_on in Plan.objects.filter(
        mine, authority=authority, child__in=list(facts), term=term.key
    ).values_list("child_id", "state", "opened_on"):
        held.setdefault(child, []).append((state, opened_on))
    wanted = []
    for child, fact in facts.items():
        period = plan_period(fact, on)
        why = (because or {}).get(child)
        if _has_one(held.get(child, ()), period.starts if period else None, is_extra=bool(why and why.is_extra)):
            opening.had_one += 1
            continue
        expected = plan_expected(fact, period, on) if period else None
        if expected is not None and expected.answer:
            wanted.append((child, fact))
            continue
        # "Council policy expects a plan from age 3, on 9 May 2029.": one reason, whatever each child's day.
        told = f"{expected.why.words.partition(', on ')[0].rstrip('.')}." if expected else "Not in care on that day."
        opening.not_expected[told] = opening.not_expected.get(told, 0) + 1
        opening.without.setdefault(told, []).append(child)
    return wanted


def _has_one(held: Iterable[tuple[str, date | None]], since: date | None, *, is_extra: bool) -> bool:
    """A plan replaced by a newer one was the term's all the same, unless it is of an earlier time in care."""
    for state, opened_on in held:
        if is_extra:
            if state in NOT_DONE:
                return True
        elif state == State.SUPERSEDED:
            if since is None or opened_on is None or opened_on >= since:
                return True
        elif state not in OVER:
            return True
    return False


def _open_batch(
    authority: Authority, term: Term, on: date, batch: list[int], of: AuthorityFacts, policy: PlanPolicy,
    by: User | None, opening: Opening, because: dict[int, Because],
) -> None:  # fmt: skip
    facts = child_facts(authority, on, batch, of)
    earlier = set(RecordedPlan.objects.filter(authority=authority, child__in=batch).values_list("child_id", flat=True))
    previous = {
        plan.child_id: plan
        for plan in Plan.objects.filter(
            authority=authority, child__in=batch, state__in=[str(s) for s in (*DONE, "superseded")]
        ).order_by("term", "version")
    }
    names = {by.name} if by else {""}
    templates: dict[str, tuple[PlanTemplate, Template]] = {}
    wanted: list[tuple[Plan, Template, Circumstances, PlanFacts]] = []
    for child, fact in _without_plan(authority, term, on, facts, opening, because):
        phase = phase_of(fact, on)
        if phase not in templates:
            row = template_in_force(authority, phase, next(iter(names)))
            templates[phase] = row, from_document(row.content)
        row, template = templates[phase]
        period = plan_period(fact, on)
        assert period is not None
        came_back = any(p.ends is not None and p.ends <= period.starts for p in fact.periods)
        had = child in previous or child in earlier
        is_first = not plans_in(fact, period, on) and (came_back or not had)
        circumstances = circumstances_of(fact, phase, on, term.season, is_first=is_first)
        enrolment = enrolment_on(fact, on)
        why = because.get(child)
        if why is None and is_first and period.starts > on - timedelta(days=NEW_FOR_DAYS):
            why = Because("Came into care", "first_complete", period.starts)
        plan = Plan(
            authority=authority,
            child_id=child,
            term=term.key,
            phase=phase,
            template=row,
            previous=None if is_first else previous.get(child),
            kind=_kind(because.get(child), is_first=is_first),
            state=Plan.State.OPEN,
            opened_on=on,
            opened_why=why.words if why else term.words.capitalize(),
            school_id=enrolment.urn if enrolment else None,
            clocks=_clocks(circumstances, policy),
        )
        _set_due(plan, fact, policy, term, why)
        wanted.append((plan, template, circumstances, fact))
    Plan.objects.bulk_create([plan for plan, *_ in wanted])
    fill(
        {plan.child_id: (plan, template, circumstances) for plan, template, circumstances, _ in wanted},
        authority,
        {plan.child_id: fact for plan, _, _, fact in wanted},
        on,
    )
    opening.made.extend(plan for plan, *_ in wanted)


def _kind(why: Because | None, *, is_first: bool) -> str:
    if why is not None and why.is_extra:
        return Plan.Kind.EXTRA
    return Plan.Kind.FIRST if is_first else Plan.Kind.REVIEW


def _clocks(circumstances: Circumstances, policy: PlanPolicy) -> dict[str, Any]:
    """Kept with the plan, so that later changes of policy or facts do not change a plan already open."""
    flags = {
        name: getattr(circumstances, name)
        for name in (
            "is_first_plan",
            "is_unaccompanied",
            "is_in_custody",
            "is_remand",
            "has_no_school",
            "is_transition_year",
            "is_out_of_area",
            "is_sdq_over_cut_off",
        )
    }
    return {
        "circumstances": {"year_group": circumstances.year_group, "is": flags},
        "rules": {key: {"limit": rule.limit, "unit": rule.unit} for key, rule in policy.clocks.items()},
    }


def _set_due(plan: Plan, facts: PlanFacts, policy: PlanPolicy, term: Term, because: Because | None) -> None:
    calendar = facts.school_calendar
    try:
        last_day = term.ends if calendar.is_school_day(term.ends) else calendar.before(term.ends, 1)
    except BeyondCalendar:
        last_day = term.ends
    plan.due_on = policy.cutoffs.get(term.key, last_day)
    if because:
        due = policy.counted(because.clock, because.on, facts.authority.working, calendar)
        plan.due_on = due or plan.due_on
        if because.clock == "first_complete":
            started = policy.counted("first_started", because.on, facts.authority.working, calendar)
            if started is not None:
                plan.clocks["started_by"] = started.isoformat()
    try:
        plan.meeting_due_on = facts.authority.working.before(plan.due_on, 10)
    except BeyondCalendar:
        plan.meeting_due_on = plan.due_on - timedelta(days=14)


def fill(
    plans: dict[int, tuple[Plan, Template, Circumstances]], authority: Authority, facts: dict[int, PlanFacts], on: date
) -> None:
    """Writes what the service knows, and what is carried over, into new plans; each value says where it is from."""
    if not plans:
        return
    already = known(authority, facts, on)
    before: dict[int, dict[str, Written]] = {}
    earlier_ids = [plan.previous_id for plan, _, _ in plans.values() if plan.previous_id]
    carried = {asked.key for template in {id(t): t for _, t, _ in plans.values()}.values() for asked in template.fields()
               if asked.carry != "blank"}  # fmt: skip
    rows = Answer.objects.filter(authority=authority, plan__in=earlier_ids, field_key__in=carried)
    for child, key, value, by_name in rows.values_list("child_id", "field_key", "value", "by_name").iterator():
        before.setdefault(child, {})[key] = Written(value, by_name)
    answers: list[list[Any]] = []
    for child, (plan, template, circumstances) in plans.items():
        answers.extend(_filled(plan, template, circumstances, already.get(child, {}), before.get(child, {})))
    now = timezone.now()
    bulk.insert(
        "plans_answer",
        [*FILLED, "reason_if_blank", "revision", "at"],
        [[*answer, "", 1, now] for answer in answers],
    )


def _filled(
    plan: Plan, template: Template, circumstances: Circumstances, already: Known, before: dict[str, Written]
) -> Iterable[list[Any]]:
    """Rows of answers, in the order of FILLED."""
    whose = [plan.authority_id, plan.child_id, plan.pk]
    carried_from = f"the plan of the {term_words(plan.previous.term)}" if plan.previous else "last term"
    for section in visible_sections(template, circumstances, {}):
        for asked in section.fields:
            value = already.get(asked.source) if asked.source else None
            if value is not None and fits(asked, value):
                yield [*whose, section.key, asked.key, value, "service", SOURCES[asked.source], True, ""]
            elif asked.carry != "blank" and (held := before.get(asked.key)) and not is_empty(held.value):
                is_kept = asked.carry == "carry"
                yield [*whose, section.key, asked.key, held.value, "carried", carried_from, is_kept, held.by_name]


def fits(asked: Any, value: Any) -> bool:
    if asked.kind in {"choice"}:
        return value in {choice.value for choice in asked.choices}
    if asked.kind == "table":
        return isinstance(value, list)
    return not isinstance(value, list | dict)
