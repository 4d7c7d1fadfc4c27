"""The facts of the measures, for all of an authority and a term, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.authorities.models import Authority
from virtual_school.authorities.policy import part_on
from virtual_school.authorities.rules import AuthorityFacts
from virtual_school.care.models import CarePeriod
from virtual_school.children.models import Involvement
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar, Term
from virtual_school.dates.terms import SEASONS, in_time
from virtual_school.plans.facts import PlanFacts
from virtual_school.plans.gather import NOT_PLANS, authority_facts, child_facts
from virtual_school.plans.models import (
    Action,
    Answer,
    Attendee,
    CostLine,
    Meeting,
    Plan,
    RecordedPlan,
    Target,
    TargetReview,
)
from virtual_school.plans.opening import phase_of
from virtual_school.plans.policy import PlanPolicy, plan_policy
from virtual_school.plans.summary import role_of
from virtual_school.plans.terms import term_of_key
from virtual_school.schools.rules import enrolment_on
from virtual_school.voice.models import Entry, Promise

from .measured import MeasuredChild, MeasuredMeeting, MeasuredPlan, MeasuredTarget, TermFacts
from .measures_children import last_march
from .models import Rating, Result, Side
from .waiting import waiting_for

AROUND = {Role.ADVISER: "advisers", Role.SOCIAL_WORKER: "social_workers"}


def cut_off_of(term: Term, calendar: SchoolCalendar, of: AuthorityFacts, policy: PlanPolicy) -> date:
    """The council's own day for the term; else so many school days before the last one, as its policy says."""
    if term.key in policy.cutoffs:
        return policy.cutoffs[term.key]
    try:
        last = term.ends if calendar.is_school_day(term.ends) else calendar.before(term.ends, 1)
        return calendar.before(last, of.policy.pep_cutoff_school_days_before_term_end)
    except BeyondCalendar:
        return term.ends


@dataclass(frozen=True, slots=True)
class Counted:
    """When a term is counted: its cut-off, the day after the one before, and the day counted as at."""

    term: Term
    since: date
    cut_off: date
    on: date


def counted_term(of: AuthorityFacts, policy: PlanPolicy, key: str, day: date) -> Counted | None:
    """None for a term that the calendar does not hold or that has not begun by the day."""
    calendar = of.school_days
    term = term_of_key(calendar, key)
    if term is None or term.starts > day:
        return None
    before = calendar.previous_term(term)
    since = cut_off_of(before, calendar, of, policy) + timedelta(days=1) if before else term.starts
    cut_off = cut_off_of(term, calendar, of, policy)
    return Counted(term, since, cut_off, min(day, cut_off))


def gather(authority: Authority, key: str, day: date | None = None) -> TermFacts | None:
    """As at a day (today), though never after the cut-off of the term."""
    day = day or timezone.localdate()
    of = authority_facts(authority, day)
    policy = plan_policy(part_on(authority, "plans", day))
    counted = counted_term(of, policy, key, day)
    if counted is None:
        return None
    on = counted.on
    ids = _children(authority, counted)
    facts = child_facts(authority, on, ids, of)
    is_now = (timezone.localdate() - on).days <= 1  # the night after the cut-off
    plans = _plans(authority, key, on, is_now=is_now, policy=policy)
    around = _around(authority, on)
    moving = _moves_planned(authority, counted.term)
    spring = term_of_key(of.school_days, f"{counted.term.academic_year}-spring")
    known = next(iter(facts.values()), None)
    returns = [one.collection_year for one in of.returns if date(one.collection_year, 3, 31) <= on]
    return TermFacts(
        authority=of, policy=policy, term=counted.term, since=counted.since, cut_off=counted.cut_off, on=on,
        is_today=is_now, spring_ends=spring.ends if spring else None,
        children=tuple(
            _child(child, fact, on, plans.get(child, []), around.get(child, {}), moving.get(child))
            for child, fact in sorted(facts.items())
        ),
        plans_known=known.plans_known if known else False,
        plans_written=Plan.objects.filter(authority=authority).exists(),
        sdq_known=known.sdq_known if known else False,
        enrolments_known=known.enrolments_known if known else False,
        sdq_year=max(returns, default=None),
    )  # fmt: skip


def _children(authority: Authority, counted: Counted) -> list[int]:
    """In care at some time since the cut-off before, or on the latest 31 March."""
    first = min(counted.since, last_march(counted.on))
    rows = CarePeriod.objects.filter(authority=authority, starts__lte=counted.on)
    rows = rows.filter(Q(ends__isnull=True) | Q(ends__gte=first))
    return sorted(set(rows.order_by().values_list("child_id", flat=True)))


def _child(
    child: int, facts: PlanFacts, on: date, plans: list[tuple[str, MeasuredPlan]], around: dict[str, list[int]],
    moving: date | None,
) -> MeasuredChild:  # fmt: skip
    at = enrolment_on(facts, on)
    phase = next((phase for phase, plan in plans if phase and plan.kind != "extra"), "") or phase_of(facts, on)
    return MeasuredChild(
        child=child, facts=facts, phase=phase, school=at.urn if at else None,
        advisers=tuple(around.get("advisers", ())), social_workers=tuple(around.get("social_workers", ())),
        plans=tuple(plan for _, plan in plans), transition_on=moving,
    )  # fmt: skip


def _around(authority: Authority, on: date) -> dict[int, dict[str, list[int]]]:
    found: dict[int, dict[str, list[int]]] = defaultdict(dict)
    rows = Involvement.objects.filter(authority=authority, role__in=list(AROUND), starts__lte=on)
    rows = rows.filter(Q(ends__isnull=True) | Q(ends__gt=on)).order_by("person_id")
    for child, role, person in rows.values_list("child_id", "role", "person_id"):
        found[child].setdefault(AROUND[Role(role)], []).append(person)
    return found


PLAN_FIELDS = ("id", "child_id", "phase", "kind", "state", "opened_on", "due_on", "meeting_due_on", "meeting_on",
               "submitted_on", "approved_on", "published_on", "rating", "clocks")  # fmt: skip


def _plans(
    authority: Authority, key: str, on: date, *, is_now: bool, policy: PlanPolicy
) -> dict[int, list[tuple[str, MeasuredPlan]]]:
    """By child, with the phase of each. One kept elsewhere counts only where none of the term was written here."""
    rows = list(
        Plan.objects.filter(authority=authority, term=key).exclude(state__in=NOT_PLANS).order_by("id")
        .values_list(*PLAN_FIELDS)
    )  # fmt: skip
    ids = [row[0] for row in rows]
    meetings, targets, costs = _meetings(authority, ids), _targets(authority, key, ids), _costs(authority, ids)
    ratings = _ratings(authority, key)
    from_views = _from_views(authority, key, ids)
    waits = waiting_for(authority, key, on) if is_now else {}
    found: dict[int, list[tuple[str, MeasuredPlan]]] = defaultdict(list)
    for pk, child, phase, kind, state, opened, due, meeting_due, met, sent, approved, published, rating, clocks in rows:
        summary = clocks.get("summary")
        good = clocks.get("is_good")
        first, last = ratings.get(pk, (None, None))
        plan = MeasuredPlan(
            kind=kind, state=state, opened_on=opened, due_on=due, meeting_due_on=meeting_due, meeting_on=met,
            submitted_on=sent, approved_on=approved, published_on=published, rating=rating,
            is_good=last if last is not None else good if good is not None else policy.counts_as_good(rating),
            first_good=first, way=tuple(_way(clocks)), views=summary["child"] if summary else None,
            from_views=frozenset(from_views.get(pk, ())),
            meeting=meetings.get(pk), targets=tuple(targets.get(pk, ())), costs=tuple(costs.get(pk, ())),
            waits_for=frozenset(waits.get(pk, ())),
        )  # fmt: skip
        found[child].append((phase, plan))
    recorded = RecordedPlan.objects.filter(authority=authority, term=key).values_list(
        "child_id", "initiated_on", "meeting_on", "signed_off_on", "rating"
    )
    for child, opened, met, signed, rating in recorded:
        if child not in found:
            plan = MeasuredPlan(
                is_recorded=True, opened_on=opened, meeting_on=met, submitted_on=signed, rating=rating,
                is_good=policy.counts_as_good(rating),
            )  # fmt: skip
            found[child].append(("", plan))
    return found


def _way(clocks: dict[str, Any]) -> Iterable[tuple[str, date]]:
    return ((line["step"], date.fromisoformat(line["on"])) for line in clocks.get("way", []))


def _ratings(authority: Authority, key: str) -> dict[int, tuple[bool | None, bool | None]]:
    """By plan: whether its first rating and its last were good, by the rubric it was rated with."""
    rows = Rating.objects.filter(authority=authority, term=key, kind=Rating.Kind.CHECK, finished_at__isnull=False)
    plan_of = dict(rows.values_list("id", "plan_id"))
    results = Result.objects.filter(authority=authority, side=Side.SCHOOL, rating__in=rows).order_by("rating_id")
    found: dict[int, tuple[bool | None, bool | None]] = {}
    for rating, good in results.values_list("rating_id", "is_good"):
        plan = plan_of[rating]
        found[plan] = (found[plan][0] if plan in found else good, good)
    return found


def _meetings(authority: Authority, plans: list[int]) -> dict[int, MeasuredMeeting]:
    came: dict[int, set[str]] = defaultdict(set)
    written: set[int] = set()
    for meeting, role, here in Attendee.objects.filter(authority=authority, plan__in=plans).values_list(
        "meeting_id", "role", "came"
    ):
        if here:
            written.add(meeting)
        if here == "present":
            came[meeting].add(role_of(role))
    held = Meeting.objects.filter(authority=authority, plan__in=plans, state=Meeting.State.HELD).order_by("on", "id")
    return {
        plan: MeasuredMeeting(on=on, child=child, came=frozenset(came[pk]), is_written=pk in written)
        for pk, plan, on, child in held.values_list("id", "plan_id", "on", "is_child_present")
    }


def _targets(authority: Authority, key: str, plans: list[int]) -> dict[int, list[MeasuredTarget]]:
    found: dict[int, list[MeasuredTarget]] = defaultdict(list)
    rows = TargetReview.objects.filter(authority=authority, plan__in=plans).order_by("id")
    for plan, judged, first in rows.values_list("plan_id", "judged", "target__first_plan__term"):
        found[plan].append(MeasuredTarget(judged=judged, terms=_place(key) - _place(first)))
    return found


def _from_views(authority: Authority, key: str, plans: list[int]) -> dict[int, set[str]]:
    """By plan: whether a target quotes the child, and whether an action was promised for what the child asked."""
    found: dict[int, set[str]] = defaultdict(set)
    quoting = Target.objects.filter(authority=authority, first_plan__in=plans).exclude(childs_words="")
    for plan in quoting.values_list("first_plan_id", flat=True):
        found[plan].add("target")
    promised = Promise.objects.filter(
        authority=authority, entry__speaker=Entry.Speaker.CHILD, ask__cycle=key, plan_action__isnull=False
    )
    actions = Action.objects.filter(authority=authority, plan__in=plans, public_id__in=promised.values("plan_action"))
    for plan in actions.values_list("plan_id", flat=True):
        found[plan].add("action")
    return found


def _place(key: str) -> int:
    years, season = in_time(key)
    return len(SEASONS) * int(years[:4]) + season


def _costs(authority: Authority, plans: list[int]) -> dict[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    rows = CostLine.objects.filter(authority=authority, plan__in=plans).order_by("id")
    for plan, category, pence in rows.values_list("plan_id", "category", "amount_pence"):
        found[plan].append((category, pence))
    return found


def _moves_planned(authority: Authority, term: Term) -> dict[int, date]:
    """By child, the first day of the academic year on which somebody wrote about the next move in a plan."""
    keys = [f"{term.academic_year}-{season}" for season in ("autumn", "spring", "summer")]
    found: dict[int, date] = {}
    rows = Answer.objects.filter(
        authority=authority, plan__term__in=keys, section_key="transition", by_id__isnull=False
    )
    for child, value, at in (
        rows.exclude(plan__state__in=NOT_PLANS).order_by("at").values_list("child_id", "value", "at")
    ):
        if value not in (None, "", [], {}):
            found.setdefault(child, timezone.localdate(at))
    return found
