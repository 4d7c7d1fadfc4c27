"""What each role may do. Default is no."""

from dataclasses import dataclass
from enum import StrEnum

from .models import Role


class Permission(StrEnum):
    CHILD_READ = "child.read"
    OWN_PLAN_READ = "own_plan.read"
    CHILD_WRITE = "child.write"
    EVIDENCE_RECORD = "evidence.record"
    ATTENDANCE_WRITE = "attendance.write"
    TODAY_READ = "today.read"
    SCHOOL_READ = "school.read"
    SCHOOL_WRITE = "school.write"
    IMPORT_RUN = "import.run"
    REGISTER_READ = "register.read"
    APPOINTMENT_READ = "appointment.read"
    APPOINTMENT_WRITE = "appointment.write"
    POLICY_WRITE = "policy.write"
    PEOPLE_READ = "people.read"
    PEOPLE_WRITE = "people.write"
    AUDIT_READ = "audit.read"
    FIGURES_READ = "figures.read"


P = Permission
_READS = frozenset({P.CHILD_READ, P.TODAY_READ, P.SCHOOL_READ, P.REGISTER_READ, P.APPOINTMENT_READ})


@dataclass(frozen=True, slots=True)
class RoleRights:
    """`sees_authority`: reads every child of the authority; otherwise only children they are involved with.
    `changes_authority`: may also change their records. `needs_second_factor`: sees more than their own plan."""

    description: str
    permissions: frozenset[Permission]
    sees_authority: bool = False
    changes_authority: bool = False
    is_cleared: bool = False
    needs_second_factor: bool = True
    is_at_home: bool = False


RIGHTS: dict[str, RoleRights] = {
    Role.VIRTUAL_SCHOOL_HEAD: RoleRights(
        "Leads the virtual school: sees and changes everything of the authority's children.",
        frozenset(Permission) - {P.OWN_PLAN_READ},
        sees_authority=True,
        changes_authority=True,
        is_cleared=True,
    ),
    Role.ADVISER: RoleRights(
        "Works with schools for a caseload of children; sees every child of the authority.",
        _READS | {P.CHILD_WRITE, P.EVIDENCE_RECORD, P.SCHOOL_WRITE, P.ATTENDANCE_WRITE, P.FIGURES_READ},
        sees_authority=True,
        changes_authority=True,
    ),
    Role.DATA_OFFICER: RoleRights(
        "Loads the statutory return, rolls and registers.",
        _READS | {P.CHILD_WRITE, P.SCHOOL_WRITE, P.IMPORT_RUN, P.AUDIT_READ, P.ATTENDANCE_WRITE, P.FIGURES_READ},
        sees_authority=True,
        changes_authority=True,
        is_cleared=True,
    ),
    Role.ADMINISTRATOR: RoleRights(
        "Invites people, gives and ends roles, records appointments. Sees no child.",
        frozenset(
            {
                P.REGISTER_READ,
                P.APPOINTMENT_READ,
                P.APPOINTMENT_WRITE,
                P.PEOPLE_READ,
                P.PEOPLE_WRITE,
                P.SCHOOL_READ,
            }
        ),
    ),
    Role.NOMINATED_OFFICER: RoleRights(
        "Approves moves the regulations put before a senior officer.",
        _READS | {P.EVIDENCE_RECORD, P.FIGURES_READ},
        sees_authority=True,
        changes_authority=True,
    ),
    Role.DESIGNATED_TEACHER: RoleRights("Leads for looked-after pupils at a school.", _READS | {P.ATTENDANCE_WRITE}),
    Role.DELEGATE: RoleRights("Helps the designated teacher.", _READS | {P.ATTENDANCE_WRITE}),
    Role.SOCIAL_WORKER: RoleRights("Holds the child's case.", _READS),
    Role.SOCIAL_WORK_MANAGER: RoleRights("Manages social workers.", _READS),
    Role.REVIEWING_OFFICER: RoleRights("Chairs the child's reviews.", _READS),
    Role.CARER: RoleRights(
        "Looks after the child.",
        frozenset({P.CHILD_READ, P.TODAY_READ}),
        needs_second_factor=False,
        is_at_home=True,
    ),
    Role.PERSONAL_ADVISER: RoleRights("Advises a care leaver.", _READS),
    Role.YOUNG_PERSON: RoleRights(
        "The young person, with pages of their own.",
        frozenset({P.TODAY_READ, P.OWN_PLAN_READ}),
        needs_second_factor=False,
        is_at_home=True,
    ),
    Role.BOARD_MEMBER: RoleRights(
        "Sits on the corporate parenting board: figures only.",
        frozenset({P.TODAY_READ, P.REGISTER_READ, P.APPOINTMENT_READ, P.FIGURES_READ}),
    ),
    Role.INSPECTOR: RoleRights(
        "Reads, for the days of an inspection.",
        _READS | {P.AUDIT_READ, P.FIGURES_READ},
        sees_authority=True,
        is_cleared=False,
    ),
}
