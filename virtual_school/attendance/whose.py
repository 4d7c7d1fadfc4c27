"""Whose children a list shows: all of the authority for its staff, otherwise those one is around today."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from virtual_school.access.models import Membership, Role, User
from virtual_school.access.person import Person
from virtual_school.access.roles import RIGHTS
from virtual_school.authorities.models import Authority
from virtual_school.children.bulk import among
from virtual_school.children.models import Child, Involvement
from virtual_school.children.queries import involved


@dataclass(frozen=True, slots=True)
class Whose:
    """By the role a person has chosen. `child_ids` is None for staff."""

    role: str
    authorities: tuple[int, ...]
    child_ids: tuple[int, ...] | None

    @property
    def is_staff(self) -> bool:
        return self.child_ids is None

    def rows(self, rows: QuerySet) -> QuerySet:
        """Of a table about children, those of these children."""
        rows = rows.filter(authority__in=self.authorities)
        return rows if self.child_ids is None else rows.filter(child__in=self.child_ids)

    def children(self) -> QuerySet[Child]:
        rows = Child.objects.filter(authority__in=self.authorities)
        return rows if self.child_ids is None else rows.filter(id__in=self.child_ids)

    def held(self) -> list[Authority]:
        return list(Authority.objects.filter(code__in=self.authorities))


AT_HOME = frozenset({Role.CARER, Role.YOUNG_PERSON})


def whose(person: Person, day: date) -> Whose:
    """Refuses those at home: a letter goes to them, these lists do not."""
    chosen = person.chosen
    if chosen is None or chosen.role in AT_HOME:
        raise PermissionDenied
    if RIGHTS[chosen.role].sees_authority and chosen.authority_id:
        return Whose(chosen.role, (chosen.authority_id,), None)
    rows = involved(person.user.pk, day).filter(role=chosen.role)
    if chosen.authority_id and chosen.urn is None:
        rows = rows.filter(authority=chosen.authority_id)
    around = list(rows.values_list("authority_id", "child_id"))
    return Whose(chosen.role, tuple(sorted({a for a, _ in around})), tuple(sorted({c for _, c in around})))


def open_on(day: date) -> Q:
    return Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gt=day))


def advisers(of: Whose, day: date) -> dict[str, str]:
    rows = Involvement.objects.filter(open_on(day), authority__in=of.authorities, role=Role.ADVISER)
    named = rows.order_by("person__name").values_list("person", "person__name").distinct()
    return {**{str(pk): name for pk, name in named}, "none": "Nobody"}


def with_adviser(rows: QuerySet, adviser: str, day: date) -> QuerySet:
    """Of a table about children, those whose child has this adviser, or nobody."""
    around = Involvement.objects.filter(
        open_on(day), authority=OuterRef("authority"), child=OuterRef("child"), role=Role.ADVISER
    )
    if adviser == "none":
        return rows.exclude(Exists(around))
    return rows.filter(Exists(around.filter(person=int(adviser))))


def advisers_of(of: Whose, child_ids: list[int], day: date) -> dict[int, str]:
    """By child, the adviser's name; the first of several."""
    rows = (
        Involvement.objects.filter(
            open_on(day), authority__in=of.authorities, child__in=among(child_ids), role=Role.ADVISER
        )
        .order_by(F("starts").desc(), "-id")
        .values_list("child", "person__name")
    )
    return dict(rows)


OWNERS = (Role.ADVISER, Role.SOCIAL_WORKER, Role.DESIGNATED_TEACHER, Role.SOCIAL_WORK_MANAGER, Role.PERSONAL_ADVISER)
OF_THE_VIRTUAL_SCHOOL = (Role.ADVISER, Role.VIRTUAL_SCHOOL_HEAD, Role.DATA_OFFICER)


def owners_for(child: Child, today: date, *, with_staff: bool = True) -> dict[str, User]:
    """Who may be given something to do: those around the child first, then the virtual school's own."""
    around = Involvement.objects.filter(
        open_on(today), authority=child.authority_id, child=child, role__in=OWNERS
    ).select_related("person")
    found = {str(one.person_id): one.person for one in around.order_by("person__name")}
    if not with_staff:
        return found
    staff = Membership.objects.filter(
        open_on(today), authority=child.authority_id, role__in=OF_THE_VIRTUAL_SCHOOL, user__is_active=True
    ).select_related("user")
    for one in staff.order_by("user__name"):
        found.setdefault(str(one.user_id), one.user)
    return found
