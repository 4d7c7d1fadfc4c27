"""Whose settings a page shows: the authority of the role one is here in."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from virtual_school.access.person import Person
from virtual_school.access.roles import Permission
from virtual_school.authorities.models import Authority


def may(request: HttpRequest, permission: Permission, authority: Authority) -> bool:
    person: Person = request.person  # type: ignore[attr-defined]
    return authority.code in person.authorities_where(permission)


def authority_of(request: HttpRequest, permission: Permission) -> Authority:
    """The chosen role's authority where it gives the permission, else the first that does; 403 where none does."""
    person: Person = request.person  # type: ignore[attr-defined]
    codes = person.authorities_where(permission)
    if not codes:
        raise PermissionDenied
    return Authority.objects.get(code=person.authority_code if person.authority_code in codes else codes[0])
