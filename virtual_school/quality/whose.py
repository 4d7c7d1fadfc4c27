"""Whose quality a page shows, and who may rate, change the rubric, or only look."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from virtual_school.access.models import Membership, Role
from virtual_school.access.person import Person
from virtual_school.access.roles import RIGHTS, Permission
from virtual_school.authorities.models import Authority
from virtual_school.plans.workflow import VIRTUAL_SCHOOL


def person_of(request: HttpRequest) -> Person:
    return request.person  # type: ignore[attr-defined, no-any-return]


def staff_authority(request: HttpRequest) -> Authority:
    """Of those who see every child of it: the chosen role's, else the first. 403 for others."""
    person = person_of(request)
    chosen = person.chosen
    if chosen is not None and chosen.authority_id and RIGHTS[chosen.role].sees_authority:
        return Authority.objects.get(code=chosen.authority_id)
    if not person.staff_of:
        raise PermissionDenied
    return Authority.objects.get(code=person.staff_of[0])


def is_rater(person: Person, authority_id: int) -> bool:
    return any(m.authority_id == authority_id and m.role in VIRTUAL_SCHOOL for m in person.memberships)


def is_head(person: Person, authority_id: int) -> bool:
    return any(m.authority_id == authority_id and m.role == Role.VIRTUAL_SCHOOL_HEAD for m in person.memberships)


def rating_authority(request: HttpRequest) -> Authority:
    authority = staff_authority(request)
    if not is_rater(person_of(request), authority.code):
        raise PermissionDenied
    return authority


def settings_authority(request: HttpRequest) -> Authority:
    authority = staff_authority(request)
    if not may_change(request, authority):
        raise PermissionDenied
    return authority


def may_change(request: HttpRequest, authority: Authority) -> bool:
    return authority.code in person_of(request).authorities_where(Permission.POLICY_WRITE)


def raters(authority_id: int) -> dict[int, str]:
    """Those who may rate today, by id."""
    today = timezone.localdate()
    rows = (
        Membership.objects.filter(authority=authority_id, role__in=VIRTUAL_SCHOOL, starts__lte=today)
        .filter(Q(ends__isnull=True) | Q(ends__gt=today))
        .order_by("user__name")
    )
    return dict(rows.values_list("user", "user__name"))
