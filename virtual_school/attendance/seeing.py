"""Who sees a child's suspensions and provision, and who may write of them. The database holds the floor beneath."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest

from virtual_school.access.models import Role
from virtual_school.access.person import Person
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record_read
from virtual_school.children.models import Child
from virtual_school.children.queries import child_for, involved, visible_to

from .models_alerts import AttendanceAction, AttendanceAlert
from .models_exclusion import Suspension
from .models_provision import Provision

AT_SCHOOL = frozenset({Role.DESIGNATED_TEACHER, Role.DELEGATE})
CASEWORK = frozenset({Role.SOCIAL_WORKER, Role.SOCIAL_WORK_MANAGER, Role.REVIEWING_OFFICER, Role.PERSONAL_ADVISER})


@dataclass(frozen=True, slots=True)
class Sight:
    """`records`: may write down what a school does. `arranges`: may do what is the virtual school's own."""

    is_staff: bool
    roles: frozenset[str]
    arranges: bool

    @property
    def sees(self) -> bool:
        """Not those at home: a letter goes to them, and words written between professionals are not theirs to find."""
        return self.is_staff or bool(self.roles & (AT_SCHOOL | CASEWORK))

    @property
    def records(self) -> bool:
        return self.arranges or bool(self.roles & AT_SCHOOL)

    @property
    def is_at_school(self) -> bool:
        return not self.is_staff and bool(self.roles & AT_SCHOOL)


def sight_of(person: Person, child: Child) -> Sight:
    code = child.authority_id
    return Sight(
        is_staff=code in person.staff_of,
        roles=frozenset(involved(person.user.pk).filter(child=child).values_list("role", flat=True)),
        arranges=code in person.writes_for and person.can(Permission.CHILD_WRITE, code),
    )


def child_seen(request: HttpRequest, public_id: object) -> tuple[Child, Sight]:
    child = child_for(request, public_id)
    sight = sight_of(request.person, child)  # type: ignore[attr-defined]
    if not sight.sees:
        raise Http404
    return child, sight


def suspension_seen(request: HttpRequest, public_id: object) -> tuple[Suspension, Sight]:
    found = (
        Suspension.objects.filter(public_id=public_id, child__in=visible_to(request.person))  # type: ignore[attr-defined]
        .select_related("child__authority", "school")
        .first()
    )
    return found, noted(request, found)  # type: ignore[return-value]


def provision_seen(request: HttpRequest, public_id: object) -> tuple[Provision, Sight]:
    found = (
        Provision.objects.filter(public_id=public_id, child__in=visible_to(request.person))  # type: ignore[attr-defined]
        .select_related("child__authority", "school", "suspension")
        .first()
    )
    return found, noted(request, found)  # type: ignore[return-value]


def noted(request: HttpRequest, found: Suspension | Provision | AttendanceAlert | AttendanceAction | None) -> Sight:
    """404 unless the person may see it; looking is logged."""
    if found is None:
        raise Http404
    person: Person = request.person  # type: ignore[attr-defined]
    sight = sight_of(person, found.child)
    if not sight.sees:
        raise Http404
    match = request.resolver_match
    record_read(
        child=found.child_id,
        authority=found.authority_id,
        by=person.user.pk,
        role=person.role,
        page=match.view_name if match else "",
    )
    return sight
