"""The meeting and the signatures of a plan taken in from elsewhere: as its document says, to be read and not changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from virtual_school.access.models import Role

from .document import AttendeePart, MeetingPart, SignaturePart
from .exporting import copy_for, received_document
from .opened import OpenedPlan
from .publishing import reader_of


@dataclass(frozen=True, slots=True)
class Received:
    """What this reader may see of it. `from_name`: who it came from."""

    from_name: str
    meeting: MeetingPart | None
    signatures: Sequence[SignaturePart]

    @property
    def signed(self) -> list[tuple[str, SignaturePart]]:
        return [(role_words(one.role), one) for one in self.signatures]

    @property
    def attendees(self) -> list[tuple[AttendeePart, str]]:
        """Each with whether they came, in words."""
        return [(one, came_words(one)) for one in self.meeting.attendees] if self.meeting else []


def received_of(opened: OpenedPlan) -> Received | None:
    """None for a plan written here."""
    document = received_document(opened.plan)
    if document is None:
        return None
    copy = copy_for(document, opened.child, reader_of(opened))
    return Received(copy.plan.authority_name or "another service", copy.meeting, copy.signatures)


def role_words(role: str) -> str:
    return str(Role(role).label) if role in set(Role) else role.replace("_", " ").capitalize()


def came_words(one: AttendeePart) -> str:
    if one.attended:
        return "Was there"
    if one.apology:
        return "Sent apologies"
    return "Was not there" if one.attended is False else ""
