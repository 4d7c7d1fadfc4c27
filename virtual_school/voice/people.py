"""Who is around a child, as far as a hand-over code may show it: a scope, a first name or a role, and an id."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.children.models import Child, Involvement
from virtual_school.dates.ages import age_on
from virtual_school.schools.models import Enrolment

from .models import SchoolClubs

SCOPE_OF = {
    Role.DESIGNATED_TEACHER: "designated_teacher",
    Role.SOCIAL_WORKER: "social_worker",
    Role.PERSONAL_ADVISER: "personal_adviser",
    Role.CARER: "where_i_live",
}
HELPERS = (
    Role.DESIGNATED_TEACHER, Role.DELEGATE, Role.SOCIAL_WORKER, Role.REVIEWING_OFFICER, Role.PERSONAL_ADVISER,
    Role.CARER,
)  # fmt: skip
BARRED_UNLESS_CHOSEN = frozenset({Role.CARER})
"""Whom the questions may be about: they help only if the child asks for them."""


def around(child: Child, on: date | None = None) -> list[Involvement]:
    """As far as whoever asks may see them."""
    on = on or timezone.localdate()
    return list(
        Involvement.objects.filter(child=child, starts__lte=on)
        .filter(Q(ends__isnull=True) | Q(ends__gt=on))
        .select_related("person")
        .order_by("role", "starts")
    )


def shown_of(child: Child, on: date | None = None) -> dict[str, Any]:
    """All that the pages of an entry may show of the record. Years of age decide how one is asked, and are not shown."""
    on = on or timezone.localdate()
    people = []
    for row in around(child, on):
        if scope := SCOPE_OF.get(row.role):
            people.append({"scope": scope, "name": row.person.name, "person": row.person_id})
    age = age_on(child.born, on) if child.born else None
    return {"first_name": child.first_name, "people": people, "age": age, "clubs": clubs_of(child, on)}


def person_key(person: int) -> str:
    """Of the card of somebody around the child, and of their photograph."""
    return f"person_{person}"


def club_key(name: str) -> str:
    return "club_" + "_".join(name.casefold().split())


def clubs_of(child: Child, on: date) -> list[str]:
    """Of the schools where the child is on roll."""
    now = Enrolment.objects.filter(child=child, starts__lte=on).filter(Q(ends__isnull=True) | Q(ends__gt=on))
    rows = SchoolClubs.objects.filter(school__in=[urn for urn in now.values_list("school", flat=True) if urn])
    return list(dict.fromkeys(name for names in rows.values_list("names", flat=True) for name in names))


def account_of(child: Child) -> int | None:
    """The young person's own account, if they have one."""
    return next((row.person_id for row in around(child) if row.role == Role.YOUNG_PERSON), None)
