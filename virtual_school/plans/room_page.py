"""What stands in the middle of the meeting view at each step, and what has been caught so far."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from virtual_school.attendance.for_plans import open_actions
from virtual_school.attendance.models_alerts import AttendanceAction
from virtual_school.voice.models import Entry
from virtual_school.voice.queries import Spoken, Watched, asks_in_meeting

from .agenda import AGENDA, STEPS, Step, split_notes, steps_for
from .answer_words import words_of
from .around import people_around
from .childs_voice import Said, said_in_meeting, watched
from .document import FieldPart
from .followup import open_before
from .meeting_room import action_key
from .meeting_words import by_when, place_in_agenda, who_words
from .models import Action, Attendee, Decision, Meeting
from .opened import OpenedPlan
from .readers import Sight, levels_of_field
from .reading_levels import Reader
from .sight import sees_field
from .targets import last_targets, seen_by, targets_of

SHOWN = {
    "celebrate": ("progress.strengths",),
    "progress": ("attendance", "attainment", "progress"),
    "needs": ("needs",),
    "transition": ("transition", "changes"),
}
"""Which sections, or fields, of the plan are read out at a step."""

ASKS = ("hopes.aim", "hopes.why", "hopes.first_steps")
"""Where a child's own words stand until there are pages of their own."""

SAID_NO = re.compile(r"(?:^|” )No: ")
"""A no to what a child asks needs nobody to carry it out."""

OPEN_FORM = {"needs", "targets", "transition", "actions", "promised"}
"""Steps where what is caught matters more than the notes."""


@dataclass(frozen=True, slots=True)
class Ask:
    """`voice`: which ask of the child's own pages it is, "" for words that stand in the plan."""

    words: str
    cite: str
    is_answered: bool
    voice: str = ""
    is_sound: bool = False


@dataclass(frozen=True, slots=True)
class Caught:
    kind: str
    pk: int
    words: str
    who: str = ""
    when: str = ""
    dissent: str = ""
    is_complete: bool = True
    step: str = ""
    heading: str = ""
    """Of a note."""


@dataclass
class Room:
    step: Step
    steps: tuple[Step, ...]
    promised: list[Action] = field(default_factory=list)
    rows: list[tuple[str, str]] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    watched: Watched | None = None
    last: list[Any] = field(default_factory=list)
    targets: list[Any] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    of_attendance: list[AttendanceAction] = field(default_factory=list)
    """Agreed about the child's attendance outside of plans, and not done yet."""

    @property
    def number(self) -> int:
        return self.steps.index(self.step) + 1

    @property
    def answers(self) -> list[tuple[Entry, Spoken]]:
        """One a screen, in the child's order."""
        return [(one.entry, spoken) for one in self.said for spoken in one.spoken]

    @property
    def next_step(self) -> Step | None:
        return self.steps[self.number] if self.number < len(self.steps) else None

    @property
    def last_with_child(self) -> int:
        return sum(one.with_child for one in self.steps)


def room_of(opened: OpenedPlan, key: str) -> Room | None:
    promised = open_before(opened.plan)
    steps = steps_for(any_promised=bool(promised))
    step = next((one for one in steps if one.key == key), None) if key else steps[0]
    if step is None:
        return None
    found = Room(step, steps, promised=promised if step.key == "promised" else [])
    found.rows = rows_of(opened, step)
    if step.key == "child":
        found.asks = asks_of(opened)
        found.said = said_in_meeting(opened)
    elif step.key == "needs":
        found.watched = watched(opened)
    elif step.key == "last":
        found.last = last_targets(opened.plan)
    elif step.key == "targets":
        money = seen_by(opened).money
        found.targets = [(one, list(one.cost_lines.all()) if money else []) for one in targets_of(opened.plan)]
    elif step.key == "actions":
        found.actions = list(opened.plan.actions.select_related("owner"))
        found.of_attendance = open_actions(opened.child)
    return found


def rows_of(opened: OpenedPlan, step: Step) -> list[tuple[str, str]]:
    """Only what a young person may read, where one may sit beside the screen."""
    wanted = SHOWN.get(step.key, ())
    child = Sight(Reader.YOUNG_PERSON)
    found = []
    for section in opened.sections:
        for asked in section.fields:
            if not any(asked.key == key or section.key == key or section.key.startswith(f"{key}_") for key in wanted):
                continue
            answer = opened.answers.get(asked.key)
            words = words_of(asked, answer.value) if answer else ""
            if not words:
                continue
            if step.with_child:
                levels = levels_of_field(FieldPart(key=asked.key, label=asked.label, kind=asked.kind))
                if not all(child.sees(level) for level in levels):
                    continue
            elif not sees_field(opened, section, asked):
                continue
            found.append((asked.label, words))
    return found


def asks_of(opened: OpenedPlan) -> list[Ask]:
    answered = list(Decision.objects.filter(plan=opened.plan, agenda_key="child").values_list("what", flat=True))
    found: dict[str, str] = {}
    labels = {one.key: one.label for one in opened.template.fields()}
    for key in ASKS:
        answer = opened.answers.get(key)
        words = str(answer.value or "").strip() if answer else ""
        if words:
            found.setdefault(words, labels.get(key, ""))
    for target in opened.plan.first_targets.all():
        if target.childs_words.strip():
            found.setdefault(target.childs_words.strip(), f"In {opened.child.first_name}’s words, beside a target")
    own = [
        Ask(
            one.words or "(a recording)", f"{opened.child.first_name}, on their own page", one.outcome is not None,
            str(one.ask.public_id), one.is_sound,
        )
        for one in asks_in_meeting(opened.child, opened.plan.term)
    ]  # fmt: skip
    said_there = {one.words.casefold() for one in own}
    return own + [
        Ask(words.strip('“”"'), cite, any(one.startswith(f"“{words.strip('“”')}”") for one in answered))
        for words, cite in found.items()
        if words.strip('“”"').casefold() not in said_there
    ]


def owners_of(opened: OpenedPlan, attendees: list[Attendee], today: date) -> dict[str, str]:
    """Whom an action may be given to: p and an account's key, or somebody known by name only."""
    found: dict[str, str] = {}
    for one in attendees:
        key = f"p{one.person_id}" if one.person_id else f"a{one.pk}"
        found[key] = f"{one.name}, {one.role.lower()}" if one.role else one.name
    names = {one.name.casefold() for one in attendees}
    for number, person in enumerate(people_around(opened, today)):
        if person.name.casefold() not in names:
            key = f"p{person.person_id}" if person.person_id else f"n{number}"
            found[key] = f"{person.name}, {person.role.lower()}"
    return found


def caught(opened: OpenedPlan, meeting: Meeting, step: Step) -> list[Caught]:
    """In the order of the agenda. Beside the child, only what was caught in the child's own steps."""
    decisions = list(Decision.objects.filter(meeting=meeting))
    actions = list(Action.objects.filter(plan=opened.plan).select_related("owner"))
    given = {one.once_key for one in actions}
    found: list[tuple[int, Caught]] = []
    for key, words in split_notes(meeting.notes).items():
        if key != step.key:
            heading = STEPS[key].words(opened.child.first_name)
            entry = Caught("note", 0, words, step=key, heading=heading)
            found.append(([one.key for one in AGENDA].index(key) * 3, entry))
    for one in decisions:
        key = action_key(one)
        entry = Caught(
            "decision", one.pk, one.what, dissent=one.dissent, step=one.agenda_key,
            is_complete=key in given or SAID_NO.search(one.what) is not None,
        )  # fmt: skip
        found.append((place_in_agenda(one) * 3 + 1, entry))
    for one in actions:
        entry = Caught("action", one.pk, one.what, who_words(one), by_when(one.due_on), step=one.agenda_key)
        found.append((place_in_agenda(one) * 3 + 2, entry))
    found.sort(key=lambda pair: pair[0])
    shown = [entry for _, entry in found]
    if step.with_child:
        shown = [one for one in shown if one.step in STEPS and STEPS[one.step].with_child]
    return shown
