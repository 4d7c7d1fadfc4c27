"""Which plans a person may read today, said once for every list: by role, state and the council's rights."""

from collections import defaultdict
from datetime import date

from django.db.models import Q

from virtual_school.access.models import Role
from virtual_school.access.person import Person
from virtual_school.children.queries import involved

from .models import Delegation, Plan
from .opened import STAFF, policies_for
from .rights import states_read
from .workflow import State

NONE = Q(pk__in=[])


def readable(person: Person, on: date) -> Q:
    """Of plans: as staff, those of the authority; else those of children the person is around. A list that shows what
    is in a plan shows no more than the plan's own page would."""
    staff: dict[int, set[str]] = defaultdict(set)
    for membership in person.memberships:
        if membership.authority_id and membership.role in STAFF:
            staff[membership.authority_id].add(membership.role)
    around: dict[tuple[int, str], set[int]] = defaultdict(set)
    for authority, child, role in involved(person.user.pk, on).values_list("authority_id", "child_id", "role"):
        around[authority, role].add(child)
    rights = {code: policy.rights for code, policy in policies_for({*staff, *(code for code, _ in around)}, on).items()}
    found = NONE
    for code, roles in staff.items():
        found |= Q(authority=code) & in_states(states_read(roles, rights[code]))
    helped = helped_by(person, on) if any(role == Role.DELEGATE for _, role in around) else set()
    for (code, role), children in around.items():
        if role == Role.DELEGATE:
            children = children & helped
        if children:
            found |= Q(authority=code, child__in=children) & in_states(states_read([role], rights[code]))
    return found


def helped_by(person: Person, on: date) -> set[int]:
    """Children a designated teacher has given this colleague to write for."""
    rows = Delegation.objects.filter(to=person.user, ends__isnull=True, starts__lte=on)
    return set(rows.values_list("child_id", flat=True))


def in_states(states: frozenset[str]) -> Q:
    """Of plans; no condition where it would leave none out."""
    if states >= {str(state) for state in State}:
        return Q()
    return Q(state__in=sorted(states)) if states else NONE


def plans_read(person: Person, on: date) -> Q:
    """Of rows that belong to a plan, or to none."""
    return Q(plan__isnull=True) | Q(plan__in=Plan.objects.filter(readable(person, on)).values("pk"))
