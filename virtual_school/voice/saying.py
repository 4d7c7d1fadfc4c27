"""What somebody says: kept on every Next, never overwritten, shared and taken back answer by answer.

Everything here runs with the right of the entry itself, which is the only one that sees what was not shared.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from .models import SCOPES, Ask, Entry, Media, SharedWith, VoiceAnswer
from .own_sets import set_in_force, set_of_version
from .raw import words_of
from .sets import Question, QuestionSet, easier, for_age, library, older, sitting
from .words import Phrases

MADE_BY_CHILD = "child"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`raw` is what `raw.read_answer` read; `skip` one of the ways not to answer."""

    raw: Mapping[str, Any] | None = None
    skip: str = ""
    media: Media | None = None
    via: str = ""
    was_read_back: bool | None = None
    order: tuple[str, ...] = ()
    started_at: Any = None


def questions_of(entry: Entry) -> tuple[Question, ...]:
    """In the order asked: ten at most, then the rest for whoever likes."""
    found = sitting(set_of(entry).questions)
    return (*found.first, *found.more)


def asked_first(entry: Entry) -> int:
    return len(sitting(set_of(entry).questions).first)


def set_of(entry: Entry) -> QuestionSet:
    held = set_of_version(entry.authority_id, entry.set_used or entry.set_offered, entry.set_version)
    return for_age(held, entry.shown.get("age")) if entry.speaker == Entry.Speaker.CHILD else held


def latest_answers(entry: Entry) -> dict[str, VoiceAnswer]:
    rows = VoiceAnswer.objects.filter(entry=entry, is_latest=True).select_related("media")
    return {one.question_key: one for one in rows}


def begin(entry: Entry) -> None:
    """The first question is opened: from here on the entry is begun."""
    if entry.state in {Entry.State.NOT_STARTED, Entry.State.NO_VIEWS}:
        now = timezone.now()
        entry.state, entry.started_at = Entry.State.STARTED, entry.started_at or now
        entry.told_first_at = entry.told_first_at or now
        entry.save(update_fields=["state", "started_at", "told_first_at"])


def change_set(entry: Entry, to: str) -> bool:
    wanted = {"easier": easier, "older": older}.get(to)
    key = wanted(entry.set_used) if wanted and entry.speaker == "child" else ""
    if not key or key not in library().sets:
        return False
    entry.set_used = key
    entry.set_version = set_in_force(entry.authority_id, key, timezone.localdate()).version
    entry.save(update_fields=["set_used", "set_version"])
    return True


def keep(*, entry: Entry, question: Question, number: int, said: Said) -> VoiceAnswer | None:
    """A new version where something differs; None where there is nothing to keep. What was shared before is not
    any more: a changed answer starts at nobody again, and the page where one shares comes next."""
    raw = dict(said.raw) if said.raw else None
    before = VoiceAnswer.objects.filter(entry=entry, question_key=question.key).order_by("-version").first()
    if before is None and raw is None and not said.skip:
        return None
    if before is not None and before.is_latest:
        same_media = (said.media.pk if said.media else None) == before.media_id
        if before.raw == raw and before.skip == said.skip and same_media:
            return before
    phrases = Phrases(entry.language)
    shown = phrases.question(question)
    now = timezone.now()
    if before is not None:
        _close(entry, before)
    made = VoiceAnswer.objects.create(
        authority_id=entry.authority_id, child_id=entry.child_id, entry=entry, number=number,
        version=before.version + 1 if before else 1, set_key=entry.set_used, set_version=entry.set_version,
        question_key=question.key, question_version=question.version, text_shown=shown.text,
        language_shown=shown.language, scale=question.scale, order_shown=list(said.order), raw=raw,
        words=words_of(question, raw, shown.language) if raw else "", language=entry.language if raw else "",
        media=said.media, author="scribe" if entry.mode == Entry.Mode.SCRIBED else "child", via=said.via[:10],
        was_read_back=said.was_read_back, skip=said.skip, started_at=said.started_at, answered_at=now,
    )  # fmt: skip
    Entry.objects.filter(pk=entry.pk).update(answered_at=now)
    return made


def _close(entry: Entry, answer: VoiceAnswer) -> None:
    """An older version is seen by nobody but whoever wrote it."""
    if answer.seen_by:
        SharedWith.objects.create(
            authority_id=entry.authority_id, child_id=entry.child_id, entry=entry, answer=answer, seen_by=[]
        )
    VoiceAnswer.objects.filter(pk=answer.pk).update(is_latest=False, seen_by=[])


def scopes_of(entry: Entry) -> list[str]:
    """Whom this entry may be shared with: people who are there, the meeting, and a helper where there is one."""
    there = {person["scope"] for person in entry.shown.get("people", [])}
    has_helper = entry.mode != Entry.Mode.ALONE and bool(entry.helper_id)
    always = {"everyone_in_meeting"} | ({"helper", "say_it_for_me"} if has_helper else set())
    return [scope for scope in SCOPES if scope in there - {"helper"} or scope in always]


def last_shared(entry: Entry) -> dict[str, list[str]]:
    """By question, whom it was shared with last: what the page offers again after a change."""
    found: dict[str, list[str]] = {}
    rows = SharedWith.objects.filter(entry=entry).exclude(seen_by=[]).order_by("id")
    for key, seen_by in rows.values_list("answer__question_key", "seen_by"):
        found[key] = seen_by
    return found


def share(*, entry: Entry, choices: Mapping[str, Iterable[str]]) -> int:
    """By question, with whom. Counts at once and everywhere. Returns how many answers somebody may read now."""
    now, allowed = timezone.now(), set(scopes_of(entry))
    questions = {question.key: question for question in questions_of(entry)}
    count = to_say = 0
    taken_back = False
    for key, answer in latest_answers(entry).items():
        if key not in choices:
            wanted = list(answer.seen_by)
        else:
            chosen = set(choices[key]) & allowed
            wanted = [scope for scope in SCOPES if scope in chosen]
        if wanted != list(answer.seen_by):
            taken_back = taken_back or not set(answer.seen_by) <= set(wanted)
            _set_sharing(entry, answer, wanted, now)
        count += bool(wanted)
        to_say += "say_it_for_me" in wanted
        if key in questions and questions[key].is_ask and not answer.skip:
            _ask(entry, answer, bool(wanted))
    entry.to_say_for_me = to_say
    if count:
        entry.state, entry.shared_at = Entry.State.SHARED, now
        entry.first_shared_at = entry.first_shared_at or now
    elif entry.state == Entry.State.SHARED:
        entry.state = Entry.State.TAKEN_BACK
    if taken_back:
        entry.taken_back_at = now
    entry.save(update_fields=["to_say_for_me", "state", "shared_at", "first_shared_at", "taken_back_at"])
    return count


def _set_sharing(entry: Entry, answer: VoiceAnswer, wanted: list[str], now: Any) -> None:
    SharedWith.objects.create(
        authority_id=entry.authority_id, child_id=entry.child_id, entry=entry, answer=answer, seen_by=wanted
    )
    changed: dict[str, Any] = {"seen_by": wanted}
    if wanted:
        changed["shared_at"] = now
    if answer.seen_by and not wanted:
        changed["taken_back_at"] = now
    VoiceAnswer.objects.filter(pk=answer.pk).update(**changed)


def _ask(entry: Entry, answer: VoiceAnswer, is_shared: bool) -> None:
    """An ask stands from the first time it is shared; taken back before it has an answer, it is withdrawn."""
    held = Ask.objects.filter(entry=entry, answer__question_key=answer.question_key).order_by("-id").first()
    if held is None:
        if is_shared:
            Ask.objects.create(
                authority_id=entry.authority_id, child_id=entry.child_id, entry=entry, answer=answer, cycle=entry.cycle
            )
        return
    state = held.state
    if not is_shared and state == Ask.State.OPEN:
        state = Ask.State.WITHDRAWN
    elif is_shared and state == Ask.State.WITHDRAWN:
        state = Ask.State.OPEN
    Ask.objects.filter(pk=held.pk).update(answer=answer, state=state)
