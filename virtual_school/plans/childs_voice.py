"""What was said in the child's own pages, as a plan shows it: shared with everybody in the meeting, and nothing else."""

import uuid
from dataclasses import dataclass

from virtual_school.access.models import User
from virtual_school.voice import asking, came_of_it, queries
from virtual_school.voice.models import Ask as VoiceAsk
from virtual_school.voice.models import Entry, Outcome

from .meeting_room import Promise
from .models import Action, Meeting
from .opened import OpenedPlan
from .refused import Refused

KIND_OF = {"yes": "agreed", "not_now": "not_now", "no": "no", "others": "others"}
"""The answers of the meeting view, as they are kept beside what was asked."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one person said, in their order."""

    entry: Entry
    spoken: list[queries.Spoken]


def said_in_meeting(opened: OpenedPlan) -> list[Said]:
    """The child first, then carers and parents: beside it, never instead of it."""
    order = {"child": 0, "carer": 1, "parent": 2}
    entries = sorted(queries.entries_of(opened.child, opened.plan.term), key=lambda one: order[one.speaker])
    found = [Said(entry, queries.spoken_of(entry, only_meeting=True)) for entry in entries]
    return [one for one in found if one.spoken or one.entry.to_say_for_me]


def said_as_fact(opened: OpenedPlan) -> str:
    """ "said" or "reason", as the rules on what a plan holds take it; empty where nobody asked here."""
    entries = [one for one in queries.entries_of(opened.child, opened.plan.term) if one.speaker == "child"]
    on, reason = queries.heard_on(entries)
    if reason:
        return "reason"
    return "said" if on or watched(opened).counts_on else ""


def watched(opened: OpenedPlan) -> queries.Watched:
    """What adults saw of a child who cannot be asked: apart from the child's own words, and never for them."""
    return queries.watched(opened.child, opened.plan.term)


def invite(opened: OpenedPlan, meeting: Meeting, by: User) -> None:
    asking.invite(child=opened.child, cycle=opened.plan.term, meeting_on=meeting.on, by=by)


def unanswered(opened: OpenedPlan) -> list[queries.Asked]:
    return queries.unanswered(opened.child, opened.plan.term)


def ask_named(opened: OpenedPlan, public_id: str) -> VoiceAsk | None:
    try:
        wanted = uuid.UUID(public_id)
    except ValueError:
        return None
    return VoiceAsk.objects.filter(child=opened.child, cycle=opened.plan.term, public_id=wanted).first()


def check_answer(outcome: str, promise: Promise) -> None:
    """What a child is told must hold, said before anything is written."""
    if outcome == "yes" and not promise.is_complete:
        raise Refused("A promise to a child needs somebody who keeps it, and a day.")
    if outcome == "not_now" and promise.due_on is None:
        raise Refused("Say on which day you look at it again.")
    if outcome == "others" and not (promise.owner_id or promise.owner_name.strip()):
        raise Refused("Say who decides.")


def keep_answer(
    *, ask: VoiceAsk, outcome: str, promise: Promise, action: Action | None, role: str, by: User, once: uuid.UUID
) -> Outcome:
    """Beside the decision of the plan: what the child is told, and the promise that is followed."""
    owner = User.objects.filter(pk=promise.owner_id).first() if promise.owner_id else None
    name = owner.name if owner else promise.owner_name.strip()
    try:
        return came_of_it.answer_ask(
            ask=ask, kind=KIND_OF[outcome], words=promise.what, by=by, once=uuid.uuid5(once, "voice"),
            look_again_on=promise.due_on if outcome == "not_now" else None, who=name if outcome == "others" else "",
            given=came_of_it.Given(
                what=promise.what, due_on=promise.due_on, person=owner, person_name=name, person_role=role,
                plan_action=action.public_id if action else None,
            ) if outcome == "yes" else None,
        )  # fmt: skip
    except came_of_it.Refused as refused:
        raise Refused(str(refused)) from refused
