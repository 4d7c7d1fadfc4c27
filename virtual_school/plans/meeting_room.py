"""What is written while a meeting goes on. Each can be sent twice, after a dropped connection, and counts once."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from virtual_school.access.models import User

from .agenda import STEPS, joined, merged, split_notes, tidy
from .meeting import NOT_FOR_YOU, may_run
from .models import Action, Attendee, Decision, Meeting, Plan
from .opened import OpenedPlan
from .refused import Refused, tell
from .writing import withdraw_signatures

OUTCOMES = {
    "yes": ("Yes: we promise something", "Yes"),
    "not_now": ("Not now: say why and when we look again", "Not now"),
    "no": ("No: say why", "No"),
    "others": ("Somebody else must decide: say who", "Somebody else decides"),
}
"""The answers to what a child asks: as the page offers them, and as the record says them."""


@dataclass(frozen=True, slots=True)
class NotesSaved:
    """`clash`: somebody else had written in the same place, and both are kept."""

    words: str
    revision: int
    clash: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """Who does what by when. `owner_id` is a person around the child; else `owner_name` says who."""

    what: str
    owner_id: int | None = None
    owner_name: str = ""
    due_on: date | None = None

    @property
    def is_complete(self) -> bool:
        return bool(self.what.strip() and (self.owner_id or self.owner_name.strip()) and self.due_on)


def _locked(opened: OpenedPlan, meeting: Meeting) -> Plan:
    """The plan's row, held so that two who send at once come one after the other."""
    if not may_run(opened):
        raise Refused(NOT_FOR_YOU)
    plan = Plan.objects.select_for_update().get(pk=opened.plan.pk)
    if plan.state != opened.plan.state or meeting.state == Meeting.State.CANCELLED:
        raise Refused("This meeting can no longer be written in. Look at the plan again.")
    return plan


def save_notes(*, opened: OpenedPlan, meeting: Meeting, step: str, words: str, base: str, by: User) -> NotesSaved:
    """`base`: the words of this step that the writer had before them when they began."""
    plan = _locked(opened, meeting)
    if step not in STEPS:
        raise Refused("There is no such step in the meeting.")
    row = Meeting.objects.select_for_update().get(pk=meeting.pk)
    notes = split_notes(row.notes)
    stands = notes.get(step, "")
    kept, clash = merged(tidy(base), tidy(words), stands)
    if kept != stands:
        notes[step] = kept
        row.notes = joined(notes)
        row.notes_revision += 1
        row.save(update_fields=["notes", "notes_revision"])
        withdraw_signatures(plan, f"The notes of the meeting were changed by {by.name}")
    return NotesSaved(split_notes(row.notes).get(step, ""), row.notes_revision, clash)


def mark_here(*, opened: OpenedPlan, meeting: Meeting, here: frozenset[int], is_child_here: bool, by: User) -> None:
    """One press a person. Apologies sent before stay until the meeting is recorded."""
    _locked(opened, meeting)
    for attendee in Attendee.objects.filter(meeting=meeting):
        if attendee.pk in here and attendee.came != "present":
            Attendee.objects.filter(pk=attendee.pk).update(came="present")
        elif attendee.pk not in here and attendee.came == "present":
            Attendee.objects.filter(pk=attendee.pk).update(came="")
    Meeting.objects.filter(pk=meeting.pk).update(is_child_present=True if is_child_here else None)


def came_too(*, opened: OpenedPlan, meeting: Meeting, name: str, role: str, by: User) -> Attendee:
    """Somebody who was not invited and is here."""
    plan = _locked(opened, meeting)
    if not name.strip():
        raise Refused("Say who is here.")
    found = Attendee.objects.filter(meeting=meeting, name__iexact=name.strip(), role__iexact=role.strip()).first()
    if found is not None:
        Attendee.objects.filter(pk=found.pk).update(came="present")
        return found
    return Attendee.objects.create(
        authority_id=plan.authority_id,
        child_id=plan.child_id,
        plan=plan,
        meeting=meeting,
        name=name.strip(),
        role=role.strip(),
        is_invited=False,
        came="present",
    )


def decide(
    *,
    opened: OpenedPlan,
    meeting: Meeting,
    what: str,
    step: str,
    once: uuid.UUID,
    by: User,
    dissent: str = "",
    promise: Promise | None = None,
) -> Decision:
    """A decision stands although nobody has it yet: the page says so. With a complete `promise`, an action follows."""
    plan = _locked(opened, meeting)
    if not what.strip():
        raise Refused("Say what was decided.")
    found = Decision.objects.filter(once_key=once, plan=plan).first()
    if found is None:
        found = Decision.objects.create(
            authority_id=plan.authority_id,
            child_id=plan.child_id,
            plan=plan,
            meeting=meeting,
            what=what.strip(),
            agenda_key=step if step in STEPS else "",
            dissent=dissent.strip(),
            once_key=once,
        )
        withdraw_signatures(plan, f"A decision of the meeting was added by {by.name}")
        tell(plan, "meeting_decided", by, role=opened.role)
    if promise is not None and promise.is_complete:
        complete(opened=opened, meeting=meeting, decision=found, promise=promise, by=by)
    return found


def action_key(decision: Decision) -> uuid.UUID | None:
    """The key of the action that carries a decision out: found again without a column of its own."""
    return uuid.uuid5(decision.once_key, "action") if decision.once_key else None


def action_of(decision: Decision) -> Action | None:
    key = action_key(decision)
    return Action.objects.filter(once_key=key, plan=decision.plan_id).first() if key else None


def complete(*, opened: OpenedPlan, meeting: Meeting, decision: Decision, promise: Promise, by: User) -> Action:
    """Says who carries a decision out, and by when."""
    key = action_key(decision)
    if key is None:
        raise Refused("This decision cannot be given to anybody any more. Write an action instead.")
    return promise_action(opened=opened, meeting=meeting, promise=promise, step=decision.agenda_key, once=key, by=by)


def answer_ask(
    *,
    opened: OpenedPlan,
    meeting: Meeting,
    words: str,
    outcome: str,
    promise: Promise,
    once: uuid.UUID,
    by: User,
) -> Decision:
    """What the meeting says to what the child asks. Every answer but a no needs somebody who has it, and a day."""
    if outcome not in OUTCOMES:
        raise Refused("Choose what you say.")
    if not promise.what.strip():
        raise Refused("Say what will happen, or why not.")
    asked = f"“{words.strip().strip('“”')}” " if words.strip() else ""
    return decide(
        opened=opened,
        meeting=meeting,
        what=f"{asked}{OUTCOMES[outcome][1]}: {promise.what.strip()}",
        step="child",
        once=once,
        by=by,
        promise=promise,
    )


def promise_action(
    *, opened: OpenedPlan, meeting: Meeting, promise: Promise, step: str, once: uuid.UUID, by: User
) -> Action:
    plan = _locked(opened, meeting)
    if not promise.is_complete:
        raise Refused("An action needs what, who and by when.")
    found = Action.objects.filter(once_key=once, plan=plan).first()
    if found is not None:
        return found
    owner = User.objects.filter(pk=promise.owner_id).first() if promise.owner_id else None
    made = Action.objects.create(
        authority_id=plan.authority_id,
        child_id=plan.child_id,
        plan=plan,
        what=promise.what.strip(),
        agenda_key=step if step in STEPS else "",
        owner=owner,
        owner_name=owner.name if owner else promise.owner_name.strip(),
        due_on=promise.due_on,
        once_key=once,
    )
    withdraw_signatures(plan, f"An action of the meeting was added by {by.name}")
    tell(plan, "action_added", by, role=opened.role)
    return made


def take_out(*, opened: OpenedPlan, meeting: Meeting, kind: str, pk: int, by: User) -> str:
    """Takes out what was caught by mistake; gives its words. An action that is done stays."""
    plan = _locked(opened, meeting)
    rows = (
        Decision.objects.filter(meeting=meeting)
        if kind == "decision"
        else Action.objects.filter(plan=plan, state=Action.State.OPEN)
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Refused("It is not there any more.")
    words = found.what
    found.delete()
    withdraw_signatures(plan, f"The record of the meeting was changed by {by.name}")
    tell(plan, f"meeting_{kind}_removed", by, role=opened.role, on=timezone.localdate().isoformat())
    return words
