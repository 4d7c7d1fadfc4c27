"""What somebody may know of one child, by their part in the child's life. The database holds the floor beneath."""

from dataclasses import dataclass

from virtual_school.access.models import Role
from virtual_school.access.person import Person
from virtual_school.access.roles import Permission
from virtual_school.children.models import Child
from virtual_school.children.queries import involved

CASEWORK = frozenset({Role.SOCIAL_WORKER, Role.SOCIAL_WORK_MANAGER, Role.REVIEWING_OFFICER, Role.PERSONAL_ADVISER})
"""They know the legal status, where the child lives in words, and the reviews."""

SEEN_AT_SCHOOL = frozenset({"PEP", "SCH", "PLA", "PPP", "ATT", "EXC"})
SEEN_AT_HOME = frozenset({"PEP", "REV", "SCH", "P16"})
"""Areas of duty, the part of an id before its dash. Others tell of law, health or immigration."""


def areas_seen_as(role: str, is_staff: bool) -> frozenset[str] | None:
    """None: every area."""
    if is_staff or role in CASEWORK:
        return None
    if role in {Role.DESIGNATED_TEACHER, Role.DELEGATE}:
        return SEEN_AT_SCHOOL
    return SEEN_AT_HOME if role in {Role.CARER, Role.YOUNG_PERSON} else frozenset()


@dataclass(frozen=True, slots=True)
class Reader:
    is_staff: bool
    roles: frozenset[str] = frozenset()
    can_write: bool = False
    can_record: bool = False
    can_look_up: bool = False
    can_see_history: bool = False
    can_set_sensitive: bool = False

    @property
    def sees_care(self) -> bool:
        return self.is_staff or bool(self.roles & CASEWORK)

    @property
    def sees_addresses(self) -> bool:
        return self.is_staff

    @property
    def sees_numbers(self) -> bool:
        """The pupil number: not for those at home."""
        return self.sees_care or bool(self.roles & {Role.DESIGNATED_TEACHER, Role.DELEGATE})

    @property
    def sees_attendance(self) -> bool:
        """Suspensions and provision: professionals' words, not for those at home."""
        return self.sees_numbers

    @property
    def sees_people(self) -> bool:
        return self.is_staff

    def sees_duty(self, duty: str) -> bool:
        area = duty.partition("-")[0]
        if self.sees_care:
            return True
        return any(area in (areas_seen_as(role, False) or ()) for role in self.roles)


def reader_of(person: Person, child: Child) -> Reader:
    authority = child.authority_id
    is_staff = authority in person.staff_of
    writes = authority in person.writes_for
    roles = frozenset(involved(person.user.pk).filter(child=child).values_list("role", flat=True))
    looks_back = {m.role for m in person.memberships if m.authority_id == authority} & {
        Role.VIRTUAL_SCHOOL_HEAD,
        Role.ADVISER,
    }
    return Reader(
        is_staff=is_staff,
        roles=roles,
        can_write=writes and person.can(Permission.CHILD_WRITE, authority),
        can_record=writes and person.can(Permission.EVIDENCE_RECORD, authority),
        can_look_up=person.can(Permission.REGISTER_READ, authority),
        can_see_history=is_staff and (person.can(Permission.AUDIT_READ, authority) or bool(looks_back)),
        can_set_sensitive=writes and person.is_cleared and person.can(Permission.CHILD_WRITE, authority),
    )
