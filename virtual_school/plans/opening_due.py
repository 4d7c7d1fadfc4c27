"""What opens of itself by night: plans of children new in care or at a new school, and those of a coming term.

Only where the authority writes its plans here: somebody opened a term's plans once.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from virtual_school.audit.actions import record
from virtual_school.authorities.models import Authority
from virtual_school.authorities.queries import school_calendars
from virtual_school.care.models import CarePeriod
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar, Term
from virtual_school.design.dates import in_full
from virtual_school.schools.models import Enrolment

from .models import Plan
from .opening import NEW_FOR_DAYS, Because, looked_after_now, open_term
from .workflow import BEING_WRITTEN, NOT_DONE

NEXT_TERM_SCHOOL_DAYS = 20


@dataclass
class ByNight:
    made: int = 0
    closed: int = 0
    made_for_next_term: int = 0


def open_what_is_due(authority: Authority, on: date) -> ByNight:
    done = ByNight()
    if not Plan.objects.filter(authority=authority).exists():
        return done
    calendar, _ = school_calendars(authority.code, authority.name)
    try:
        term = calendar.term_or_next(on)
    except BeyondCalendar:
        return done
    because = newcomers(authority, on) | close_those_who_moved(authority, on)
    done.closed = sum(why.clock == "after_school_change" for why in because.values())
    if on >= term.starts or is_near(calendar, on, term):
        done.made = len(open_term(authority=authority, term=term, by=None, on=on, because=because).made)
    following = calendar.next_term(term)
    if following and is_near(calendar, on, following):
        waiting = _unfinished(authority, term)
        children = [child for child in looked_after_now(authority) if child not in waiting]
        opened = open_term(authority=authority, term=following, by=None, on=on, children=children)
        done.made_for_next_term = len(opened.made)
    return done


def is_near(calendar: SchoolCalendar, on: date, term: Term) -> bool:
    try:
        return term.starts > on and calendar.between(on, term.starts) <= NEXT_TERM_SCHOOL_DAYS
    except BeyondCalendar:
        return False


def _unfinished(authority: Authority, term: Term) -> set[int]:
    """Children whose plan of the term is not done: the next waits for it, until its term begins."""
    states = [str(state) for state in NOT_DONE]
    rows = Plan.objects.filter(authority=authority, term=term.key, state__in=states)
    return set(rows.values_list("child_id", flat=True))


def newcomers(authority: Authority, on: date) -> dict[int, Because]:
    rows = CarePeriod.objects.filter(
        authority=authority,
        kind="looked_after",
        ends__isnull=True,
        starts__gt=on - timedelta(days=NEW_FOR_DAYS),
        starts__lte=on,
    )
    return {
        child: Because("Came into care", "first_complete", starts)
        for child, starts in rows.values_list("child_id", "starts")
    }


def close_those_who_moved(authority: Authority, on: date) -> dict[int, Because]:
    """A plan still being written stays with the school that wrote it; the new school begins one of its own."""
    plans = {
        plan.child_id: plan
        for plan in Plan.objects.filter(authority=authority, state__in=[str(s) for s in BEING_WRITTEN])
        .exclude(kind=Plan.Kind.EXTRA)
        .order_by("term")
    }
    rows = (
        Enrolment.objects.filter(
            authority=authority, child__in=plans, kind="main", ends__isnull=True, school__isnull=False, starts__lte=on
        )
        .order_by("starts")
        .values_list("child_id", "school_id", "school__name", "starts")
    )
    found = {}
    for child, urn, name, starts in rows:
        plan = plans[child]
        if plan.school_id == urn or plan.opened_on is None or starts <= plan.opened_on:
            continue
        plan.state, plan.closed_on = Plan.State.CLOSED_MOVED, on
        plan.closed_why = f"Started at {name} on {in_full(starts)}"
        plan.save(update_fields=["state", "closed_on", "closed_why"])
        record("plan.closed_moved", by=None, authority=authority.code, child=child, plan=str(plan.public_id), urn=urn)
        found[child] = Because("Started at a new school", "after_school_change", starts)
    return found
