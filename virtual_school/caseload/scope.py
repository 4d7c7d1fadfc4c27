"""Whose children the pages list: all of the authority for its staff, otherwise those one is around today."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from virtual_school.access.person import Person
from virtual_school.access.roles import RIGHTS
from virtual_school.authorities.models import Authority
from virtual_school.children.models import Child
from virtual_school.children.queries import involved, listed_with
from virtual_school.duties.models import StandingObligation
from virtual_school.duties.queries import obligations

from .reader import areas_seen_as


@dataclass(frozen=True, slots=True)
class Scope:
    """By the role a person has chosen. `child_ids` is None for staff: every child of their authority."""

    role: str
    authorities: tuple[int, ...]
    child_ids: tuple[int, ...] | None
    helped: frozenset[int] = frozenset()
    """Those of them whom a colleague asked this person to help with: what duties ask is the colleague's to do."""

    @property
    def is_staff(self) -> bool:
        return self.child_ids is None

    def children(self) -> QuerySet[Child]:
        rows = Child.objects.filter(authority__in=self.authorities)
        return rows if self.child_ids is None else rows.filter(id__in=self.child_ids)

    def obligations(self, day: date) -> QuerySet[StandingObligation]:
        rows = obligations(self.authorities, day)
        if self.child_ids is not None:
            rows = rows.filter(child__in=self.child_ids)
        areas = areas_seen_as(self.role, self.is_staff)
        if areas is None:
            return rows
        seen = Q(pk__in=[])
        for area in areas:
            seen |= Q(duty__startswith=f"{area}-")
        return rows.filter(seen)


def authorities_of(scope: Scope, person: Person) -> list[Authority]:
    """Those of the scope, in full. Of staff it came with the role they chose."""
    if scope.is_staff and person.chosen and person.chosen.authority:
        return [person.chosen.authority]
    return list(Authority.objects.filter(code__in=scope.authorities))


def scope_of(person: Person, day: date) -> Scope:
    chosen = person.chosen
    if chosen is None:
        return Scope("", (), ())
    if RIGHTS[chosen.role].sees_authority and chosen.authority_id:
        return Scope(chosen.role, (chosen.authority_id,), None)
    rows = involved(person.user.pk, day).filter(role__in=listed_with(chosen.role))
    if chosen.authority_id:
        rows = rows.filter(authority=chosen.authority_id)
    around = list(rows.values_list("authority_id", "child_id", "role"))
    children = {child for _, child, _ in around}
    return Scope(
        chosen.role,
        tuple(sorted({authority for authority, _, _ in around})),
        tuple(sorted(children)),
        frozenset(children - {child for _, child, role in around if role == chosen.role}),
    )
