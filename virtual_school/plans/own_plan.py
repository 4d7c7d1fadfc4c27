"""A young person's own plan: which of theirs they may read, and it in plain words. Nobody else's is ever looked at."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from virtual_school.access.models import Role
from virtual_school.access.person import Person
from virtual_school.children.models import Child
from virtual_school.children.queries import involved

from . import pdf_plain
from .exporting import copied_document, copy_for, document_of
from .meeting import current_meeting
from .models import Meeting, Plan
from .opened import OpenedPlan, opened, policy_for
from .pdf_words import value_words
from .readable import in_states
from .reading_levels import Reader
from .rights import states_read
from .workflow import BEING_WRITTEN, State

ROLE = str(Role.YOUNG_PERSON)
READY = (State.PUBLISHED, State.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the whole plan, with what it is for."""

    title: str
    note: str
    lines: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class OwnPlan:
    """`words` as `pdf_plain.content` gives them; `parts` all a young person may read of it."""

    plan: Plan
    words: dict[str, Any]
    parts: list[Part] = field(default_factory=list)
    meeting_on: date | None = None

    @property
    def is_being_written(self) -> bool:
        return self.plan.state in BEING_WRITTEN


def own_child(person: Person, on: date) -> Child | None:
    """Whoever has signed in, as the child they are themselves."""
    mine = involved(person.user.pk, on).filter(role=ROLE).select_related("child__authority").order_by("starts").first()
    return mine.child if mine else None


def own_plans(child: Child, on: date) -> list[Plan]:
    """Those they may read by the council's rights, the newest first."""
    read = states_read([ROLE], policy_for(child.authority_id, on).rights)
    rows = Plan.objects.filter(in_states(read), child=child, authority=child.authority_id)
    return sorted(rows, key=lambda plan: (plan.term, plan.opened_on or date.min, plan.pk), reverse=True)


def shown_first(plans: list[Plan]) -> Plan | None:
    """The newest that is ready; before the first one is, the one being written."""
    return next((plan for plan in plans if plan.state in READY), next(iter(plans), None))


def opened_by_its_child(plan: Plan, person: Person) -> OpenedPlan:
    """With no other role, whatever else this person may be."""
    return replace(opened(plan, plan.child, person), roles=(ROLE,))


def in_plain_words(plan: Plan, person: Person, on: date) -> OwnPlan:
    """A plan that is ready as it was shared; one being written as it stands."""
    mine = opened_by_its_child(plan, person)
    document = copied_document(plan, plan.version) if plan.state in READY else None
    if document is not None:
        document = copy_for(document, plan.child, Reader.YOUNG_PERSON)
    else:
        document = document_of(mine, Reader.YOUNG_PERSON)
    notes = {section.key: section.note_for_child for section in mine.template.sections}
    parts = []
    for section in document.sections:
        lines = [(one.label, words) for one in section.fields if (words := _words(one))]
        if lines:
            parts.append(Part(section.title, notes.get(section.key, section.note), lines))
    meeting = current_meeting(plan) if plan.state in BEING_WRITTEN else None
    to_come = meeting is not None and meeting.state == Meeting.State.PLANNED and meeting.on >= on
    return OwnPlan(plan, pdf_plain.content(document, on), parts, meeting.on if meeting and to_come else None)


def _words(asked: Any) -> str:
    return asked.words.strip() or value_words(asked.value, asked.kind)
