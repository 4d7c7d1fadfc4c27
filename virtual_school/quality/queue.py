"""The plans waiting to be rated, with the day they are to be rated by and why some come first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from virtual_school.attendance.models_exclusion import Suspension
from virtual_school.authorities.models import Authority
from virtual_school.authorities.policy import part_on
from virtual_school.authorities.queries import school_calendars, working_calendar
from virtual_school.care.history import placements
from virtual_school.care.queries import episode_facts
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.terms import in_time
from virtual_school.plans.models import Answer, Plan
from virtual_school.plans.opened import policy_for
from virtual_school.plans.workflow import State
from virtual_school.schools.models import Enrolment

from .models import OpinionAsked, Rating
from .queries import RatedPlan, rated_plans
from .risk import Risk, RiskFacts, risk_of, risk_policy

LATELY = timedelta(days=120)
WAITING = (State.SUBMITTED, State.IN_QA)
GROUPS = {
    "": "To rate",
    "mine": "Mine",
    "again": "Sent in again",
    "asked": "Asked of the head",
    "returned": "Sent back, waiting",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """`due_on`: the council's clock for checking; for a plan sent back, the day it is to be mended by.
    `working_days`: left until then, negative when late."""

    plan: Plan
    due_on: date | None
    working_days: int | None
    risk: Risk
    rater_name: str
    rater_id: int | None
    rounds: int
    last: RatedPlan | None
    asked: bool

    @property
    def is_late(self) -> bool:
        return self.working_days is not None and self.working_days < 0


def plans_waiting(authority_id: int) -> QuerySet[Plan]:
    rows = Plan.objects.filter(authority=authority_id, state__in=[*map(str, WAITING), str(State.RETURNED)])
    return rows.select_related("child", "school", "reviewer")


def waiting(authority: Authority, today: date, plans: Sequence[Plan] | None = None) -> list[Waiting]:
    """By due day, then risk. A fixed number of queries for any number of plans."""
    rows = list(plans_waiting(authority.code)) if plans is None else list(plans)
    ids = [plan.pk for plan in rows]
    children = sorted({plan.child_id for plan in rows})
    policy = policy_for(authority.code, today)
    weights = risk_policy(part_on(authority, "quality", today))
    working, (calendar, own) = working_calendar(), school_calendars(authority.code, authority.name)
    rated = rated_plans(authority.code, child_ids=children)
    before = _before(rows, rated)
    open_checks = {
        plan: (pk, name)
        for plan, pk, name in Rating.objects.filter(
            authority=authority, plan__in=ids, kind=Rating.Kind.CHECK, finished_at__isnull=True
        ).values_list("plan", "rater", "rater_name")
    }
    rounds: dict[int, int] = defaultdict(int)
    for plan in Rating.objects.filter(
        authority=authority, plan__in=ids, kind=Rating.Kind.CHECK, finished_at__isnull=False
    ).values_list("plan", flat=True):
        rounds[plan] += 1
    asked = set(
        OpinionAsked.objects.filter(authority=authority, plan__in=ids, answered_at__isnull=True).values_list(
            "plan", flat=True
        )
    )
    moved_school, moved_home = _moved(authority, children, today)
    suspended = set(
        Answer.objects.filter(
            authority=authority, plan__in=ids, field_key="attendance.suspended", value=True
        ).values_list("plan", flat=True)
    )
    out = set(
        Suspension.objects.filter(
            authority=authority,
            child__in=children,
            starts__gt=today - LATELY,
            starts__lte=today,
            cancelled_on__isnull=True,
        ).values_list("child", flat=True)
    )
    found = []
    for plan in rows:
        if plan.state == State.RETURNED:
            due = plan.returned_due_on
        elif plan.submitted_on is not None:
            due = policy.counted("checked", plan.submitted_on, working, own.get(plan.school_id or 0, calendar))
        else:
            due = None
        last = before.get(plan.pk)
        facts = _facts(
            plan,
            last,
            rounds[plan.pk],
            plan.child_id in moved_school,
            plan.child_id in moved_home,
            plan.pk in suspended or plan.child_id in out,
        )
        rater_id, name = open_checks.get(
            plan.pk, (plan.reviewer_id, plan.reviewer.name) if plan.reviewer else (None, "")
        )
        found.append(
            Waiting(
                plan,
                due,
                _left(due, today, working),
                risk_of(facts, weights),
                name,
                rater_id,
                rounds[plan.pk],
                last,
                plan.pk in asked,
            )
        )
    return sorted(found, key=lambda one: (one.due_on or date.max, -one.risk.weight, one.plan.pk))


def _left(due: date | None, today: date, working: Any) -> int | None:
    if due is None:
        return None
    try:
        return working.between(today, due) if due >= today else -working.between(due, today)
    except BeyondCalendar:
        return None


def _before(plans: Sequence[Plan], rated: dict[int, RatedPlan]) -> dict[int, RatedPlan]:
    """By plan, the rating of the child's plan before it."""
    of_child: dict[int, list[RatedPlan]] = defaultdict(list)
    for one in rated.values():
        of_child[one.child].append(one)
    found = {}
    for plan in plans:
        earlier = [
            one for one in of_child[plan.child_id] if one.plan != plan.pk and in_time(one.term) < in_time(plan.term)
        ]
        if earlier:
            found[plan.pk] = max(earlier, key=lambda one: in_time(one.term))
    return found


def _moved(authority: Authority, children: Sequence[int], today: date) -> tuple[set[int], set[int]]:
    """Children who changed school, or home, in the last four months. Coming into care is no move of home."""
    starts: dict[int, list[date]] = defaultdict(list)
    for child, on in Enrolment.objects.filter(
        authority=authority, child__in=children, kind=Enrolment.Kind.MAIN, starts__lte=today
    ).values_list("child", "starts"):
        starts[child].append(on)
    school = {child for child, days in starts.items() if len(days) > 1 and max(days) > today - LATELY}
    home = set()
    for child, episodes in episode_facts(authority, children).items():
        homes = placements(episodes)
        if len(homes) > 1 and homes[-1].starts > today - LATELY and homes[-2].ends == homes[-1].starts:
            home.add(child)
    return school, home


def _facts(
    plan: Plan, last: RatedPlan | None, rounds: int, moved_school: bool, moved_home: bool, suspended: bool
) -> RiskFacts:
    summary = plan.clocks.get("summary") or {}
    late = (plan.submitted_on - plan.due_on).days if plan.submitted_on and plan.due_on else 0
    return RiskFacts(
        is_first=plan.kind == Plan.Kind.FIRST,
        days_sent_in_late=max(0, late),
        last_was_good=last.final.is_good if last else None,
        last_label=last.final.label if last else "",
        last_returned=last.returned if last else 0,
        moved_school=moved_school,
        moved_home=moved_home,
        suspended=suspended,
        has_school=plan.school_id is not None,
        is_sent_in_again=rounds > 0,
        child_said=summary.get("child"),
        contents_missing=len(summary.get("missing", ())),
        is_transition_year=bool(plan.clocks.get("circumstances", {}).get("is", {}).get("is_transition_year")),
    )
