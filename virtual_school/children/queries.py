"""The first floor of access: which children a person may see. The database's policies are the second."""

from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.access.person import Person
from virtual_school.audit.actions import record_read

from .models import Child, Involvement


def involved(person_id: int, on: date | None = None) -> QuerySet[Involvement]:
    on = on or timezone.localdate()
    return Involvement.objects.filter(person_id=person_id, starts__lte=on).filter(Q(ends__isnull=True) | Q(ends__gt=on))


def listed_with(role: str) -> tuple[str, ...]:
    """Whose children stand in the lists of somebody in this role: a designated teacher finds the pupils whom a
    colleague at another school asked them to help with among their own."""
    return (role, Role.DELEGATE) if role == Role.DESIGNATED_TEACHER else (role,)


def visible_to(person: Person) -> QuerySet[Child]:
    """As staff, every child of those authorities; otherwise the children the person is around today.

    Said here again, although row-level security says it too: with the ids in the query the database finds
    the rows by their keys instead of filtering them all.
    """
    mine = Q(id__in=list(involved(person.user.pk).values_list("child_id", flat=True)))
    if person.staff_of:
        return Child.objects.filter(Q(authority__in=person.staff_of) | mine)
    return Child.objects.filter(mine)


def child_for(request: HttpRequest, public_id: object) -> Child:
    """The child, if this person may see them, else 404. The only way a page fetches one: it writes the read log."""
    person: Person = request.person  # type: ignore[attr-defined]
    child = visible_to(person).select_related("authority").filter(public_id=public_id).first()
    if child is None:
        raise Http404
    match = request.resolver_match
    record_read(
        child=child.pk,
        authority=child.authority_id,
        by=person.user.pk,
        role=person.role,
        page=match.view_name if match else "",
    )
    return child
