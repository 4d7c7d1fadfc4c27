"""The person behind a request: their roles of today, what follows from them, and one question, `can`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from virtual_school.identity.seal import Claims

from .models import Membership, User
from .roles import RIGHTS, Permission


@dataclass(frozen=True)
class Person:
    """`memberships` are those in force today. `chosen` is the one whose pages the person looks at now."""

    user: User
    memberships: tuple[Membership, ...] = ()
    chosen: Membership | None = None
    is_second_factor_given: bool = False
    _permissions: frozenset[Permission] = field(default=frozenset(), repr=False)

    @property
    def role(self) -> str:
        return self.chosen.role if self.chosen else ""

    @property
    def authority_code(self) -> int | None:
        return self.chosen.authority_id if self.chosen else None

    @property
    def staff_of(self) -> tuple[int, ...]:
        return tuple(
            sorted({m.authority_id for m in self.memberships if m.authority_id and RIGHTS[m.role].sees_authority})
        )

    @property
    def writes_for(self) -> tuple[int, ...]:
        return tuple(
            sorted({m.authority_id for m in self.memberships if m.authority_id and RIGHTS[m.role].changes_authority})
        )

    @property
    def is_cleared(self) -> bool:
        """Clearance is for one's own authority: somebody who is staff of several has it only if all give it."""
        staff = [m for m in self.memberships if RIGHTS[m.role].sees_authority]
        return bool(staff) and all(
            any(RIGHTS[other.role].is_cleared for other in staff if other.authority_id == m.authority_id) for m in staff
        )

    @property
    def claims(self) -> Claims:
        return Claims(self.user.pk, self.staff_of, self.writes_for, self.is_cleared)

    @property
    def needs_second_factor(self) -> bool:
        return any(RIGHTS[m.role].needs_second_factor for m in self.memberships)

    @property
    def is_at_home(self) -> bool:
        return bool(self.memberships) and all(RIGHTS[m.role].is_at_home for m in self.memberships)

    def can(self, permission: Permission, authority: int | None = None) -> bool:
        """Whether any role of this person (in that authority, where one is named) gives the permission.

        A role at a school counts in every authority with a pupil there: which pupils, involvement says.
        """
        return any(
            permission in RIGHTS[m.role].permissions
            for m in self.memberships
            if authority is None or m.authority_id == authority or m.urn is not None
        )

    def authorities_where(self, permission: Permission) -> tuple[int, ...]:
        return tuple(
            sorted(
                {
                    m.authority_id
                    for m in self.memberships
                    if m.authority_id and permission in RIGHTS[m.role].permissions
                }
            )
        )


def person_of(
    user: User, *, chosen_id: int | None = None, on: date | None = None, is_second_factor_given: bool = False
) -> Person:
    on = on or timezone.localdate()
    memberships = tuple(
        Membership.objects.filter(user=user, starts__lte=on)
        .filter(Q(ends__isnull=True) | Q(ends__gt=on))
        .select_related("authority")
        .order_by("id")
    )
    order = list(RIGHTS)
    by_weight = sorted(memberships, key=lambda m: order.index(m.role))
    chosen = next((m for m in memberships if m.pk == chosen_id), by_weight[0] if by_weight else None)
    return Person(user, memberships, chosen, is_second_factor_given)


View = Callable[..., HttpResponse]


def requires(*permissions: Permission) -> Callable[[View], View]:
    """The view is for people one of whose roles gives any of these permissions; others are refused (403)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            person: Person | None = request.person  # type: ignore[attr-defined]
            if person is None or not any(person.can(permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        checked.permissions = permissions  # type: ignore[attr-defined]
        return checked

    return decorate
