"""A child may not be safe: who is told, what the child is told, what must follow, and what if nobody reads.

An alert is written the moment a child presses. To whom it goes is settled when the child has said who should not be
told first, or after three minutes without an answer. Nothing here is ever changed or deleted.
"""

import contextlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from virtual_school.access.models import User
from virtual_school.children import bulk
from virtual_school.children.models import Child
from virtual_school.dates.counted_days import BeyondCalendar, in_full

from .models import AlertStep, Entry, VoiceAlert, VoiceAnswer
from .rules import Escalation, Reader, escalation, in_words, limit_of, route
from .sets import Question
from .settings_of import hours_of, policy_for, readers_of
from .words import Phrases

UNANSWERED = timedelta(minutes=3)
WORDS_VERSION = "1"
OUTCOMES = (
    AlertStep.Kind.SOCIAL_CARE, AlertStep.Kind.POLICE, AlertStep.Kind.SCHOOL, AlertStep.Kind.LADO,
    AlertStep.Kind.TALKED, AlertStep.Kind.NO_CONCERN,
)  # fmt: skip
NEEDS_WORDS = {
    AlertStep.Kind.SOCIAL_CARE: "Give the reference and the time you told them.",
    AlertStep.Kind.NO_CONCERN: "Say why this is not a concern.",
}


class Refused(ValueError):
    """Why a step cannot be taken, in words."""


def triggered(question: Question, answer: VoiceAnswer | None) -> bool | None:
    """Whether what was chosen asks for help: True at once, False within the week's level, None not at all."""
    if answer is None or not answer.raw or not question.trigger:
        return None
    chosen = {answer.raw.get("point"), *answer.raw.get("places", {}).values()}
    return None if not chosen & question.trigger else question.trigger_level == "now"


def raise_alert(
    *, entry: Entry, source: str, is_urgent: bool, question: str = "", words: str = "", sound: str = "",
    raised_by: User | None = None,
) -> VoiceAlert:  # fmt: skip
    from . import tasks  # which imports this module

    there = ", ".join(filter(None, [entry.get_mode_display(), entry.helper_name, entry.helper_role, entry.place]))
    made = VoiceAlert.objects.create(
        authority_id=entry.authority_id, child_id=entry.child_id, entry=entry, source=source, is_urgent=is_urgent,
        question_shown=question, words=words, language=entry.language, audio_sha256=sound, who_was_there=there,
        raised_by=raised_by,
    )  # fmt: skip
    _step(made, AlertStep.Kind.ABOUT, words=entry.shown.get("first_name", ""))
    tasks.name_alert.defer(code=entry.authority_id, alert_id=made.pk)
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        tasks.route_alert.configure(schedule_in={"seconds": int(UNANSWERED.total_seconds())}).defer(
            code=entry.authority_id, alert_id=made.pk
        )
    return made


def name(alert: VoiceAlert, child: Child) -> None:
    """Who it is, for somebody who may see no record: name, birthday, and the council's own number."""
    born = f", born {in_full(child.born)}" if child.born else ""
    words = f"{child.name}{born}, number {child.local_id}"
    if not alert.steps.filter(kind=AlertStep.Kind.ABOUT, words=words).exists():
        _step(alert, AlertStep.Kind.ABOUT, words=words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the child's screen says. Empty `name`: nobody reads here, and the page leads with the phone numbers."""

    name: str
    when: str
    is_long: bool


def who_reads(
    entry: Entry, is_urgent: bool, excluded: Collection[int], now: datetime
) -> tuple[Reader | None, Told, datetime | None]:
    policy = policy_for(entry.authority_id, now.date())
    hours = hours_of(policy)
    limit = limit_of(is_urgent, policy.urgent_hours, hours)
    routed = route(readers_of(entry.authority_id, now.date()), excluded, now, limit, hours)
    if routed is None:
        return None, Told(name="", when="", is_long=True), None
    when = in_words(routed.read_by, now) if routed.read_by else ""
    return routed.reader, Told(name=routed.reader.known_as, when=when, is_long=routed.is_long), routed.read_by


def give(*, alert: VoiceAlert, entry: Entry, not_first: list[str], typed: str = "") -> Told:
    """To the first reader the child did not name. A second time nothing is given again."""
    now = timezone.localtime()
    named = {str(person.get("person")): person for person in entry.shown.get("people", [])}
    chosen = [named[key] for key in not_first if key in named]
    excluded = {person["person"] for person in chosen if person.get("person")}
    reader, told, read_by = who_reads(entry, alert.is_urgent, excluded, now)
    if alert.steps.filter(kind=AlertStep.Kind.SCREEN).exists():
        return told
    if chosen:
        _step(alert, AlertStep.Kind.NOT_FIRST, words=", ".join(person["name"] for person in chosen),
              reference=",".join(str(person["person"]) for person in chosen))  # fmt: skip
    if typed.strip():
        _step(alert, AlertStep.Kind.PAGE, words=typed)
    if reader is not None:
        add_reader(alert, reader, read_by)
    _step(alert, AlertStep.Kind.SCREEN, words=screen_words(entry, told), reference=WORDS_VERSION)
    return told


def screen_words(entry: Entry, told: Told) -> str:
    phrases = Phrases(entry.language)
    parts = [phrases.said("safety.thanks").text]
    if told.name and told.when:
        parts.append(phrases.said("safety.told").filled(name=told.name, when=told.when).text)
    return " ".join(parts)


def add_reader(alert: VoiceAlert, reader: Reader, open_by: datetime | None) -> None:
    """Written without reading back: an adult who passes something on does not see whom else it goes to."""
    from . import tasks

    columns = ("authority_id", "child_id", "entry_id", "alert_id", "person_id", "known_as", "rank", "open_by", "at")
    row = (
        alert.authority_id, alert.child_id, alert.entry_id, alert.pk, reader.person_id, reader.known_as, reader.rank,
        open_by, timezone.now(),
    )  # fmt: skip
    bulk.insert("voice_alertreader", columns, [row])
    tasks.tell_reader.defer(person_id=reader.person_id)


def _step(alert: VoiceAlert, kind: str, *, words: str = "", reference: str = "", happened_at: datetime | None = None,
          by: User | None = None) -> AlertStep:  # fmt: skip
    return AlertStep.objects.create(
        authority_id=alert.authority_id, child_id=alert.child_id, entry_id=alert.entry_id, alert=alert, kind=kind,
        words=words, reference=reference, happened_at=happened_at, person=by, by_name=by.name if by else "",
    )  # fmt: skip


def open_alert(*, alert: VoiceAlert, by: User) -> None:
    """The first time a reader looks is kept: the child is told only then that it was read."""
    if not alert.steps.filter(kind=AlertStep.Kind.OPENED).exists():
        _step(alert, AlertStep.Kind.OPENED, by=by)


def act(
    *, alert: VoiceAlert, kind: str, words: str, reference: str, by: User, happened_at: datetime | None = None
) -> None:
    """What was done. Nobody needs anybody's leave to tell the police or social care."""
    if is_closed(alert):
        raise Refused("This is closed. Raise it again if something new came up.")
    if kind not in {*OUTCOMES, AlertStep.Kind.TOLD_CHILD}:
        raise Refused("Choose what was done.")
    if kind == AlertStep.Kind.SOCIAL_CARE and not reference.strip():
        raise Refused(NEEDS_WORDS[AlertStep.Kind.SOCIAL_CARE])
    if kind in {AlertStep.Kind.NO_CONCERN, AlertStep.Kind.TOLD_CHILD} and not words.strip():
        raise Refused(NEEDS_WORDS.get(AlertStep.Kind(kind), "Write what you told the child."))
    _step(alert, kind, words=words.strip(), reference=reference.strip(), happened_at=happened_at, by=by)


def is_closed(alert: VoiceAlert) -> bool:
    return alert.steps.filter(kind=AlertStep.Kind.CLOSED).exists()


def close(*, alert: VoiceAlert, words: str, by: User) -> None:
    """By a second person, once something was done and the child was told of it."""
    steps = list(alert.steps.all())
    done = [one for one in steps if one.kind in OUTCOMES]
    if any(one.kind == AlertStep.Kind.CLOSED for one in steps):
        raise Refused("This is closed already.")
    if not done:
        raise Refused("Say first what was done.")
    if not any(one.kind == AlertStep.Kind.TOLD_CHILD for one in steps):
        raise Refused("Tell the child first what is being done, and write down what you said.")
    if any(one.person_id == by.pk for one in steps if one.kind in {*OUTCOMES, AlertStep.Kind.TOLD_CHILD}):
        raise Refused("Somebody else closes it: whoever acted does not judge it alone.")
    _step(alert, AlertStep.Kind.CLOSED, words=words.strip(), by=by)


def give_on(alert: VoiceAlert) -> bool:
    """As the service: to the next reader, so that there is a second person. False: there is none left."""
    now = timezone.localtime()
    found = _next(alert, now, is_late=False)
    if found is None or found.reader is None:
        return False
    add_reader(alert, found.reader, found.open_by)
    return True


def escalate(alert: VoiceAlert, now: datetime) -> bool:
    """As the service: to the deputy, then the head, then a task to phone. Whether anything followed."""
    kinds = set(alert.steps.values_list("kind", flat=True))
    if kinds & {AlertStep.Kind.OPENED, AlertStep.Kind.CLOSED, AlertStep.Kind.PHONE}:
        return False
    found = _next(alert, now, is_late=True)
    if found is None:
        return False
    if found.reader is None:
        _step(alert, AlertStep.Kind.PHONE, words="Nobody opened this in time. Phone the duty team now.")
    else:
        add_reader(alert, found.reader, found.open_by)
        _step(alert, AlertStep.Kind.ESCALATED, words=f"Given to {found.reader.known_as}.")
    return True


def _next(alert: VoiceAlert, now: datetime, *, is_late: bool) -> Escalation | None:
    policy = policy_for(alert.authority_id, now.date())
    hours = hours_of(policy)
    limit = limit_of(alert.is_urgent, policy.urgent_hours, hours)
    given = list(alert.readers.order_by("id").values_list("person_id", "open_by"))
    if not is_late and given:
        given = [*given[:-1], (given[-1][0], now - timedelta(seconds=1))]
    return escalation(readers_of(alert.authority_id, now.date()), given, excluded_by(alert), now, limit, hours)


def excluded_by(alert: VoiceAlert) -> set[int]:
    found: set[int] = set()
    for people in alert.steps.filter(kind=AlertStep.Kind.NOT_FIRST).values_list("reference", flat=True):
        found |= {int(pk) for pk in people.split(",") if pk.isdecimal()}
    return found


def entry_read_by(entry: Entry) -> dict[str, str]:
    """Who reads every entry that is shared, and by which day. Empty where the council has named nobody."""
    today = timezone.localdate()
    policy = policy_for(entry.authority_id, today)
    readers = [one for one in readers_of(entry.authority_id, today) if not one.is_away(today)]
    if not readers:
        return {}
    try:
        by = hours_of(policy).calendar.after(today, policy.read_entry_working_days)
    except BeyondCalendar:
        return {}
    return {"name": readers[0].known_as, "when": f"{by:%A}"}
