"""Who may write or read what in a plan: role × section × state, held as data. Pure.

The default is ours, to be changed by an authority (`plans.policy`): in real systems social workers write whole
sections here and only read there.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from .workflow import State

S = State


class Access(StrEnum):
    ALL = "all"
    """Write every section; each writing is logged with its writer."""
    OWN = "own"
    """Write one's own sections, read the others."""
    GIVEN = "given"
    """Write the sections delegated, read the others."""
    NAMED = "named"
    """Write one's own sections among those named when it was sent back."""
    READ = "read"
    NONE = "none"


OWNED_BY: dict[str, tuple[str, ...]] = {
    "social_worker": ("social_worker",),
    "designated_teacher": ("designated_teacher", "key_adult", "young_person"),
    "delegate": (),
    "carer": ("carer",),
    "parent": ("parent",),
    "personal_adviser": ("personal_adviser", "social_worker"),
    "young_person": ("young_person",),
}
"""The owners of sections a role stands for. The adults at school write down with a child what the child says."""

STANDS_IN: dict[str, tuple[str, ...]] = {
    "social_worker": ("carer", "parent"),
    "personal_adviser": ("young_person",),
}
"""Whose sections a role may also write, for somebody who does not write here, without being asked for them."""

WRITING = dict.fromkeys((S.OPEN, S.IN_PROGRESS, S.READY_FOR_MEETING))
_WRITERS = {"social_worker": "own", "designated_teacher": "own", "delegate": "given", "personal_adviser": "own"}
_READERS = {"social_work_manager": "read", "reviewing_officer": "read", "virtual_school_head": "all", "adviser": "all",
            "data_officer": "read", "nominated_officer": "read", "inspector": "read"}  # fmt: skip
_LOCKED = {**dict.fromkeys(_WRITERS, "read"), **dict.fromkeys(_READERS, "read")}

DEFAULT: dict[str, dict[str, str]] = {
    S.DUE: {**dict.fromkeys(_WRITERS, "read"), **_READERS, "adviser": "read", "virtual_school_head": "read"},
    **{state: {**_WRITERS, **_READERS, "carer": "own", "young_person": "own"} for state in WRITING},
    S.MEETING_HELD: {**_WRITERS, **_READERS, "carer": "read", "young_person": "read"},
    S.AWAITING_SIGNOFF: {**_WRITERS, **_READERS, "carer": "read", "young_person": "read"},
    S.SUBMITTED: _LOCKED,
    S.IN_QA: _LOCKED,
    S.RETURNED: {**dict.fromkeys(("social_worker", "designated_teacher", "personal_adviser"), "named"), "delegate": "named",
                 **_READERS},
    S.APPROVED: {**_LOCKED, "carer": "read", "young_person": "read"},
    S.PUBLISHED: {**_LOCKED, "carer": "read", "young_person": "read"},
    S.SUPERSEDED: {**_LOCKED, "carer": "read", "young_person": "read"},
    **{state: {**_LOCKED, "delegate": "none", "carer": "none"}
       for state in (S.CLOSED_MOVED, S.CLOSED_LEFT_CARE, S.CLOSED_18)},
    **{state: {**_LOCKED, "delegate": "none", "carer": "none", "designated_teacher": "none"}
       for state in (S.CLOSED_ERROR, S.CANCELLED)},
}  # fmt: skip


def access(state: str, role: str, rights: Mapping[str, Mapping[str, str]] = DEFAULT) -> Access:
    """A role or state the table does not name gets nothing."""
    return Access(rights.get(state, {}).get(role, Access.NONE))


def may_read(state: str, roles: Sequence[str], rights: Mapping[str, Mapping[str, str]] = DEFAULT) -> bool:
    return any(access(state, role, rights) != Access.NONE for role in roles)


def states_read(roles: Iterable[str], rights: Mapping[str, Mapping[str, str]] = DEFAULT) -> frozenset[str]:
    """The states of a plan in which one of these roles may read it."""
    held = tuple(roles)
    return frozenset(str(state) for state in State if may_read(state, held, rights))


def may_write(
    state: str,
    roles: Sequence[str],
    owner: str,
    *,
    section: str,
    delegated: frozenset[str] | None = None,
    named: bool = False,
    rights: Mapping[str, Mapping[str, str]] = DEFAULT,
) -> bool:
    """Whether a person with these roles may write in a section.

    `delegated` are the sections given to a delegate: None for none, an empty set for all of the designated
    teacher's. `named`: whether the section was named when the plan was sent back.
    """
    for role in roles:
        right = access(state, role, rights)
        if right == Access.ALL:
            return True
        owns = owner in OWNED_BY.get(role, ()) or owner in STANDS_IN.get(role, ())
        given = (
            role == "delegate"
            and delegated is not None
            and owner in OWNED_BY["designated_teacher"]
            and (not delegated or section in delegated)
        )
        if right == Access.OWN and owns:
            return True
        if right == Access.GIVEN and given:
            return True
        if right == Access.NAMED and named and (owns or given):
            return True
    return False
