"""What plans, measures and rules ask of what was said. The database shows each reader what was shared with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.children.models import Child

from .models import AdultReading, Ask, Entry, ObservationSheet, Outcome, Promise, VoiceAnswer
from .observation import Sheet, gathered_on, lines, missing
from .raw import words_of
from .sets import library

MEETING = "everyone_in_meeting"
READS_ALL_SHARED = frozenset({Role.VIRTUAL_SCHOOL_HEAD, Role.ADVISER})
"""Of the virtual school, who reads what was shared with the designated teacher or social worker. The others read
what everybody in the meeting reads."""
IS_STAFF_ONLY = frozenset({Role.DATA_OFFICER, Role.NOMINATED_OFFICER, Role.INSPECTOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One answer as it is read by somebody it was shared with: the child's words first, as they were said."""

    answer: VoiceAnswer
    question: str
    words: str
    english: str
    readings: tuple[AdultReading, ...] = ()

    @property
    def meant(self) -> str:
        """Of cards on a mat: whether they kept their meaning with the row turned round; "" where that was not asked."""
        return str((self.answer.raw or {}).get("confirmed", ""))

    @property
    def is_only_media(self) -> bool:
        return not self.words and self.answer.media_id is not None


def spoken_of(entry: Entry, roles: Sequence[str] = (), *, only_meeting: bool = False) -> list[Spoken]:
    rows = VoiceAnswer.objects.filter(entry=entry, is_latest=True).exclude(seen_by=[]).select_related("media")
    if only_meeting or (roles and set(roles) <= IS_STAFF_ONLY):
        rows = rows.filter(seen_by__contains=[MEETING])
    found = []
    for answer in rows.prefetch_related("readings"):
        question = library().question(answer.question_key)
        english = ""
        if question and answer.raw and answer.language_shown != "en":
            english = words_of(question, {k: v for k, v in answer.raw.items() if k not in {"text", "other"}}, "en")
        found.append(
            Spoken(
                answer=answer,
                question=question.text if question and answer.language_shown != "en" else answer.text_shown,
                words=said_words(answer),
                english=english,
                readings=tuple(answer.readings.all()),
            )
        )
    return found


def said_words(answer: VoiceAnswer) -> str:
    return answer.get_skip_display() if answer.skip else answer.words


def entries_of(child: Child, cycle: str = "") -> list[Entry]:
    """The attempt that counts of each speaker and cycle, the latest cycle first."""
    rows = Entry.objects.filter(child=child).order_by("-cycle", "speaker", "speaker_name", "-attempt")
    if cycle:
        rows = rows.filter(cycle=cycle)
    found: dict[tuple[str, str, str], Entry] = {}
    for entry in rows:
        key = (entry.cycle, entry.speaker, entry.speaker_name)
        held = found.get(key)
        if held is None or (held.state == Entry.State.NOT_STARTED and entry.state != Entry.State.NOT_STARTED):
            found[key] = entry
    return list(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An ask as the meeting has it before it."""

    ask: Ask
    words: str
    is_sound: bool
    outcome: Outcome | None


def asks_in_meeting(child: Child, cycle: str) -> list[Asked]:
    """What was asked of everybody in the meeting, in the child's order, with the answer it has so far."""
    rows = Ask.objects.filter(child=child, cycle=cycle, answer__seen_by__contains=[MEETING]).exclude(
        state=Ask.State.WITHDRAWN
    )
    found = []
    for ask in rows.select_related("answer").prefetch_related("outcomes").order_by("answer__number", "id"):
        outcomes = list(ask.outcomes.all())
        found.append(
            Asked(
                ask=ask,
                words=said_words(ask.answer),
                is_sound=ask.answer.media_id is not None,
                outcome=outcomes[-1] if outcomes else None,
            )
        )
    return found


def unanswered(child: Child, cycle: str) -> list[Asked]:
    return [one for one in asks_in_meeting(child, cycle) if one.outcome is None]


def promises_to(child: Child) -> list[Promise]:
    return list(Promise.objects.filter(child=child).select_related("ask__answer").order_by("-due_on", "-id"))


def heard_on(entries: Sequence[Entry]) -> tuple[date | None, str]:
    """The day on which a child's wishes of a cycle were first there to read, or why there are none: (day, reason)."""
    for entry in entries:
        if entry.first_shared_at is not None:
            return entry.first_shared_at.date(), ""
    for entry in entries:
        if entry.state == Entry.State.NO_VIEWS and entry.no_views_on:
            return entry.no_views_on, entry.no_views_why
    return None, ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What adults saw of a child who cannot be asked. `counts_on`: None until two people wrote of two occasions."""

    sheets: tuple[ObservationSheet, ...]
    counts_on: date | None

    @property
    def lines(self) -> list[tuple[ObservationSheet, list[tuple[str, str]]]]:
        return [(one, lines(one.filled)) for one in self.sheets]


def watched(child: Child, cycle: str) -> Watched:
    held = [one for one in ObservationSheet.objects.filter(child=child, cycle=cycle) if not missing(one.filled)]
    return Watched(sheets=tuple(held), counts_on=gathered_on(as_sheet(one) for one in held))


def as_sheet(one: ObservationSheet) -> Sheet:
    return Sheet(one.on, one.by_id, one.filled, timezone.localdate(one.at))
