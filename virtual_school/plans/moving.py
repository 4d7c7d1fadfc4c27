"""What the records say of a child changes while a plan is being written: another school, out of care, eighteen.

The plan is closed with the reason and can be read on; whoever is no longer around the child loses it; the next
clock starts. Doing it again changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.audit.actions import record
from virtual_school.authorities.models import Authority
from virtual_school.authorities.queries import policy_on, school_calendars
from virtual_school.authorities.rules import Policy
from virtual_school.care.history import END_WORDS
from virtual_school.care.models import CarePeriod
from virtual_school.children.models import Child, Involvement
from virtual_school.children.rules import ADULT_AGE
from virtual_school.dates.ages import birthday, year_group
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.design.dates import in_full
from virtual_school.schools.models import Enrolment

from .closing import closed_by_service
from .delegating import take_up
from .facts import LAST_YEAR_GROUP
from .models import Delegation, Plan
from .moving_home import CLOCK, MOVED_HOME, bring_forward, moved_home_on, written_by
from .opened import policy_for
from .opening import NEW_FOR_DAYS, Because, open_term
from .refilling import follow_facts
from .refused import tell
from .workflow import DONE, NOT_DONE, State, Step

NO_SCHOOL_DAYS = 14
"""Our choice: so long after leaving a school with no other in sight, a plan of a child without a school begins."""

VOLUNTARY = "previously_looked_after"
"""A plan agreed with those at home after care: it does not depend on being in care."""

STARTED, LEFT = "Started at a new school", "Has no school place"


@dataclass
class Followed:
    closed: int = 0
    opened: int = 0
    brought_forward: int = 0
    delegations_ended: int = 0


@dataclass(frozen=True, slots=True)
class Now:
    """What the records say of one child on a day."""

    child: Child
    periods: tuple[CarePeriod, ...]
    enrolments: tuple[Enrolment, ...]

    def care(self, on: date) -> CarePeriod | None:
        return next((p for p in self.periods if p.starts <= on and (p.ends is None or p.ends > on)), None)

    def school(self, on: date) -> Enrolment | None:
        found = [e for e in self.enrolments if e.starts <= on and (e.ends is None or e.ends > on)]
        return max(found, key=lambda e: e.starts, default=None)


def follow_changes(authority_code: int, child_ids: Sequence[int] | None = None, on: date | None = None) -> Followed:
    """For these children (None: all with a plan). Involvements of designated teachers are in step before."""
    on = on or timezone.localdate()
    followed = Followed()
    plans = Plan.objects.filter(authority=authority_code)
    if not plans.exists():
        return followed
    authority = Authority.objects.get(code=authority_code)
    policy = policy_on(authority, on)
    if child_ids is not None:
        plans = plans.filter(child__in=list(child_ids))
    waiting = list(plans.filter(state__in=[str(state) for state in NOT_DONE]).exclude(phase=VOLUNTARY))
    finished = list(plans.filter(state__in=[str(state) for state in DONE]).exclude(phase=VOLUNTARY))
    finished.sort(key=lambda plan: (plan.term, plan.opened_on or date.min, plan.pk))
    now = _now(authority, {plan.child_id for plan in (*waiting, *finished)})
    because: dict[int, Because] = {}
    for plan in waiting:
        _follow_open(plan, now[plan.child_id], policy, on, because, followed)
    being_written = {plan.child_id for plan in waiting if plan.state in NOT_DONE}
    moved_home = _moved_home(authority, now, on)
    open_now = [plan for plan in waiting if plan.state in NOT_DONE]
    followed.brought_forward = bring_forward(authority, open_now, moved_home)
    follow_facts(authority, open_now, on)
    latest = {plan.child_id: plan for plan in finished}
    for child, plan in latest.items():
        if child not in being_written and child not in because:
            _follow_done(plan, now[child], policy, on, because, moved_home.get(child))
    followed.delegations_ended = end_delegations(authority_code, child_ids, on)
    because |= _came_in(authority, child_ids, on, now, set(because) | being_written)
    followed.opened = _open(authority, on, because)
    return followed


def _now(authority: Authority, children: Iterable[int]) -> dict[int, Now]:
    ids = list(children)
    rows = {child.pk: (child, [], []) for child in Child.objects.filter(authority=authority, pk__in=ids)}
    periods = CarePeriod.objects.filter(authority=authority, child__in=ids, kind="looked_after").order_by("starts")
    for period in periods:
        rows[period.child_id][1].append(period)
    main = Enrolment.objects.filter(authority=authority, child__in=ids, kind="main").select_related("school")
    for enrolment in main.order_by("starts"):
        rows[enrolment.child_id][2].append(enrolment)
    return {pk: Now(child, tuple(care), tuple(at)) for pk, (child, care, at) in rows.items()}


def _follow_open(
    plan: Plan, now: Now, policy: Policy, on: date, because: dict[int, Because], followed: Followed
) -> None:
    state, why, start = _ended(now, policy, on) or _moved(plan, now, on) or (None, "", None)
    if state is None:
        return
    closed_by_service(plan, state, why)
    followed.closed += 1
    if start is not None and plan.kind != Plan.Kind.EXTRA:
        because[plan.child_id] = start


def _ended(now: Now, policy: Policy, on: date) -> tuple[State, str, None] | None:
    born = now.child.born
    if born is not None and on >= birthday(born, ADULT_AGE):
        goes_on = policy.pep_until == "end of year 13" and year_group(born, on) <= LAST_YEAR_GROUP
        if not goes_on:
            return State.CLOSED_18, f"Turned 18 on {in_full(birthday(born, ADULT_AGE))}", None
        return None
    if not now.periods or now.care(on) is not None:
        return None
    ended = [period for period in now.periods if period.ends is not None and period.ends <= on]
    if not ended:
        return None
    last = ended[-1]
    how = END_WORDS.get(last.end_reason, "")
    return (
        State.CLOSED_LEFT_CARE,
        f"Left care on {in_full(last.ends)}{f': {how[0].lower()}{how[1:]}' if how else ''}",
        None,
    )


def _moved(plan: Plan, now: Now, on: date) -> tuple[State, str, Because | None] | None:
    at = now.school(on)
    if at is not None and at.school_id is not None:
        if plan.school_id == at.school_id or plan.opened_on is None:
            return None
        if at.starts <= plan.opened_on and plan.state in {State.DUE, State.OPEN}:
            # The move was known late, and nobody has written yet: the plan is simply the new school's.
            Plan.objects.filter(pk=plan.pk).update(school=at.school_id)
            return None
        name = at.school.name if at.school else at.provision
        return (
            State.CLOSED_MOVED,
            f"Started at {name} on {in_full(at.starts)}",
            Because(STARTED, "after_school_change", at.starts),
        )
    if at is not None or plan.school_id is None or any(e.starts > on for e in now.enrolments):
        return None
    left = max((e.ends for e in now.enrolments if e.ends is not None and e.ends <= on), default=None)
    if left is None or on < left + timedelta(days=NO_SCHOOL_DAYS):
        return None
    return (
        State.CLOSED_MOVED,
        f"Left school on {in_full(left)}, with no other since",
        Because(LEFT, "after_school_change", left),
    )


def _moved_home(authority: Authority, now: dict[int, Now], on: date) -> dict[int, date]:
    """Where the council asks for a new plan after a change of placement."""
    if not policy_for(authority.code, on).new_plan_on_placement_change:
        return {}
    care = {child: period.starts for child, one in now.items() if (period := one.care(on)) is not None}
    return moved_home_on(authority, care, on)


def _follow_done(
    plan: Plan, now: Now, policy: Policy, on: date, because: dict[int, Because], moved_home: date | None
) -> None:
    """The plan of this term is approved already, and then the child moves: a plan of the new school or home follows."""
    care = now.care(on)
    if _ended(now, policy, on) or care is None or plan.opened_on is None:
        return
    if plan.opened_on < care.starts:  # of an earlier time in care: `_came_in` sees to it
        return
    if moved_home is not None and moved_home > written_by(plan):
        because[plan.child_id] = Because(MOVED_HOME, CLOCK, moved_home, is_extra=True)
    at = now.school(on)
    if at is None or at.school_id is None or plan.school_id == at.school_id or at.starts <= plan.opened_on:
        return
    if plan.clocks.get("received"):  # a plan taken in with the child is the last one of the old school
        return
    because[plan.child_id] = Because(STARTED, "after_school_change", at.starts, is_extra=True)


def _came_in(
    authority: Authority, child_ids: Sequence[int] | None, on: date, now: dict[int, Now], seen: set[int]
) -> dict[int, Because]:
    """Children who have just come into care, perhaps not for the first time: whatever they had before is history."""
    rows = CarePeriod.objects.filter(
        authority=authority, kind="looked_after", ends__isnull=True, starts__lte=on,
        starts__gt=on - timedelta(days=NEW_FOR_DAYS),
    )  # fmt: skip
    if child_ids is not None:
        rows = rows.filter(child__in=list(child_ids))
    found = {}
    for child, starts in rows.values_list("child_id", "starts"):
        if child not in seen:
            _supersede_before(authority, child, starts)
            found[child] = Because("Came into care", "first_complete", starts)
    return found


def _supersede_before(authority: Authority, child: int, starts: date) -> None:
    earlier = Plan.objects.filter(
        authority=authority, child=child, state__in=[str(state) for state in DONE], opened_on__lt=starts
    )
    for plan in earlier:
        plan.state = str(State.SUPERSEDED)
        plan.save(update_fields=["state"])
        tell(plan, str(Step.SUPERSEDE), None)


def _open(authority: Authority, on: date, because: dict[int, Because]) -> int:
    if not because:
        return 0
    calendar, _ = school_calendars(authority.code, authority.name)
    try:
        term = calendar.term_or_next(on)
    except BeyondCalendar:
        return 0
    return len(open_term(authority=authority, term=term, by=None, on=on, children=list(because), because=because).made)


def end_delegations(authority_code: int, child_ids: Sequence[int] | None, on: date) -> int:
    """A colleague helps for as long as the designated teacher who asked them is around the child, and no longer."""
    open_ones = Delegation.objects.filter(authority=authority_code, ends__isnull=True)
    if child_ids is not None:
        open_ones = open_ones.filter(child__in=list(child_ids))
    held = list(open_ones)
    if not held:
        return 0
    around = set(
        Involvement.objects.filter(
            authority=authority_code, child__in=[one.child_id for one in held], role=Role.DESIGNATED_TEACHER,
            starts__lte=on,
        )
        .exclude(ends__lte=on)
        .values_list("child_id", "person_id")
    )  # fmt: skip
    ended = 0
    for one in held:
        if (one.child_id, one.by_id) in around:
            continue
        Delegation.objects.filter(pk=one.pk).update(ends=on)
        record("plan.delegation_ended", by=None, authority=authority_code, child=one.child_id, to=one.to_id)
        take_up(one.pk)
        ended += 1
    return ended
