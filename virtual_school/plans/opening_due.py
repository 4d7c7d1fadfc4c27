"""What opens of itself by night: plans of children new in care or at a new school, and those of a coming term.

Only where the authority writes its plans here: somebody opened a term's plans once.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from virtual_school.authorities.models import Authority
from virtual_school.authorities.queries import school_calendars
from virtual_school.care.models import CarePeriod
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar, Term

from .models import Plan
from .moving import follow_changes
from .opening import NEW_FOR_DAYS, Because, looked_after_now, open_term
from .workflow import NOT_DONE

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
    followed = follow_changes(authority.code, None, on)
    done.closed, done.made = followed.closed, followed.opened
    because = newcomers(authority, on)
    if on >= term.starts or is_near(calendar, on, term):
        done.made += len(open_term(authority=authority, term=term, by=None, on=on, because=because).made)
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
