"""Who may do what around a child's voice, by what they are to the child today."""

from virtual_school.access.models import Role
from virtual_school.access.person import Person
from virtual_school.children.models import Child
from virtual_school.children.queries import involved

STAFF = frozenset({Role.VIRTUAL_SCHOOL_HEAD, Role.ADVISER, Role.DATA_OFFICER, Role.NOMINATED_OFFICER, Role.INSPECTOR})
STARTS = frozenset(
    {
        Role.VIRTUAL_SCHOOL_HEAD, Role.ADVISER, Role.DESIGNATED_TEACHER, Role.DELEGATE, Role.SOCIAL_WORKER,
        Role.REVIEWING_OFFICER, Role.PERSONAL_ADVISER,
    }
)  # fmt: skip
"""Who may invite a child, hand the page over, and say why there are no views."""


def roles_of(person: Person, child: Child) -> tuple[str, ...]:
    staff = [m.role for m in person.memberships if m.authority_id == child.authority_id and m.role in STAFF]
    around = involved(person.user.pk).filter(child=child).values_list("role", flat=True)
    return tuple(dict.fromkeys([*staff, *around]))


def may_start(roles: tuple[str, ...]) -> bool:
    return bool(set(roles) & STARTS)
