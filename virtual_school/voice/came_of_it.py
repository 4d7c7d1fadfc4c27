"""What came of what was asked for: an answer to every ask, promises with a name and a day, and what the child says."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.audit.actions import record
from virtual_school.authorities.queries import school_calendars
from virtual_school.dates.counted_days import BeyondCalendar

from .models import Ask, Entry, Judged, Outcome, Promise, PromiseStep
from .settings_of import policy_for

CLOSED = frozenset({Promise.State.DONE, Promise.State.WITHDRAWN})
STATES_TO_TELL = frozenset({Promise.State.CHANGED, Promise.State.BROKEN})


class Refused(ValueError):
    """Why something cannot be said of an ask or a promise, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Who does what by when. `words` is how the child is told; `what` what will be done."""

    what: str
    due_on: date | None = None
    person: User | None = None
    person_name: str = ""
    person_role: str = ""
    how_known: str = ""
    plan_action: uuid.UUID | None = None


@transaction.atomic
def answer_ask(
    *, ask: Ask, kind: str, words: str, by: User, once: uuid.UUID | None = None, look_again_on: date | None = None,
    who: str = "", given: Given | None = None,
) -> Outcome:  # fmt: skip
    """A yes is a promise with a name and a day; a no says why; a "not now" says when one looks again."""
    if kind not in Outcome.Kind.values:
        raise Refused("Choose what you say.")
    if once is not None and (found := Outcome.objects.filter(once_key=once).first()):
        return found
    if not words.strip():
        raise Refused("Say it in words the child is told: what will happen, or why not.")
    if kind == Outcome.Kind.AGREED and (given is None or not (given.person or given.person_name.strip())):
        raise Refused("A promise needs the name of somebody who keeps it.")
    if kind == Outcome.Kind.AGREED and (given is None or given.due_on is None):
        raise Refused("A promise needs a day.")
    if kind == Outcome.Kind.NOT_NOW and look_again_on is None:
        raise Refused("Say when you look at it again.")
    if kind == Outcome.Kind.OTHERS and not who.strip():
        raise Refused("Say who decides.")
    made = Outcome.objects.create(
        authority_id=ask.authority_id, child_id=ask.child_id, entry_id=ask.entry_id, ask=ask, kind=kind,
        words=words.strip(), look_again_on=look_again_on, who=who.strip(), tell_by=_tell_by(ask), by_name=by.name,
        once_key=once,
    )  # fmt: skip
    if kind == Outcome.Kind.AGREED and given is not None:
        promise(ask=ask, given=given, by=by)
    Ask.objects.filter(pk=ask.pk).update(state=Ask.State.ANSWERED, heard_at=timezone.now())
    record("voice.answered", by=by.pk, authority=ask.authority_id, child=ask.child_id, kind=kind)
    return made


def _tell_by(ask: Ask) -> date | None:
    today = timezone.localdate()
    calendar, _ = school_calendars(ask.authority_id, ask.child.authority.name)
    try:
        return calendar.after(today, policy_for(ask.authority_id, today).tell_school_days)
    except BeyondCalendar:
        return None


def promise(*, ask: Ask, given: Given, by: User) -> Promise:
    made = Promise.objects.create(
        authority_id=ask.authority_id, child_id=ask.child_id, entry_id=ask.entry_id, ask=ask, what=given.what.strip(),
        person=given.person, person_name=given.person.name if given.person else given.person_name.strip(),
        person_role=given.person_role, due_on=given.due_on, how_known=given.how_known.strip(),
        plan_action=given.plan_action, state_on=timezone.localdate(),
    )  # fmt: skip
    step(made, Promise.State.MADE, "", by.name)
    return made


def step(promise: Promise, state: str, words: str, by_name: str) -> PromiseStep:
    return PromiseStep.objects.create(
        authority_id=promise.authority_id, child_id=promise.child_id, entry_id=promise.entry_id, promise=promise,
        state=state, words=words, by_name=by_name,
    )  # fmt: skip


@transaction.atomic
def set_state(*, promise: Promise, state: str, words: str, by: User, due_on: date | None = None) -> None:
    """By whoever promised, or who may answer for them. `words` are what the child reads."""
    if state not in Promise.State.values or state in {Promise.State.MADE, Promise.State.WITHDRAWN}:
        raise Refused("Choose how it stands.")
    if promise.closed_on is not None:
        raise Refused("This is closed: the child has seen what came of it.")
    if state != Promise.State.UNDER_WAY and not words.strip():
        raise Refused("Write what the child is told, in plain words.")
    if state == Promise.State.CHANGED and due_on is None:
        raise Refused("A changed promise needs its new day.")
    promise.state, promise.words_to_child, promise.state_on = state, words.strip(), timezone.localdate()
    if due_on is not None and state == Promise.State.CHANGED:
        promise.due_on = due_on
    promise.save(update_fields=["state", "words_to_child", "state_on", "due_on"])
    step(promise, state, words.strip(), by.name)
    record("voice.promise", by=by.pk, authority=promise.authority_id, child=promise.child_id, state=state)


@transaction.atomic
def told_child(*, outcome: Outcome, how: str, by: User) -> None:
    if not how.strip():
        raise Refused("Say how the child was told.")
    Outcome.objects.filter(pk=outcome.pk).update(told_at=timezone.now(), told_by_name=by.name, told_how=how.strip())


@transaction.atomic
def close_with_evidence(*, promise: Promise, evidence: str, by: User) -> None:
    """Where the child gives no answer: what shows that it was done, and that the child was told."""
    if promise.state != Promise.State.DONE:
        raise Refused("Only what is done can be closed.")
    if not evidence.strip():
        raise Refused("Say what shows that it was done, and how the child was told.")
    promise.closed_by, promise.closed_on = "evidence", timezone.localdate()
    promise.save(update_fields=["closed_by", "closed_on"])
    step(promise, "closed", evidence.strip(), by.name)


@transaction.atomic
def judge(
    *,
    entry: Entry,
    ask: Ask,
    wanted: str,
    promise: Promise | None = None,
    outcome: Outcome | None = None,
    more: str = "",
) -> Judged:
    """The child's own answer to "Is this what you wanted?". A yes to what was done closes it."""
    if wanted not in {"yes", "a_bit", "no"}:
        raise Refused("Choose yes, a bit or no.")
    made = Judged.objects.create(
        authority_id=entry.authority_id, child_id=entry.child_id, entry=entry, ask=ask, promise=promise, outcome=outcome,
        wanted=wanted, more=more.strip(),
    )  # fmt: skip
    if promise is not None and promise.state == Promise.State.DONE and promise.closed_on is None and wanted != "no":
        Promise.objects.filter(pk=promise.pk).update(closed_by="child", closed_on=timezone.localdate())
    return made
