"""The template of a plan: its sections and fields as one document, and what of them is asked and still left."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .conditions import Answered, Answers, Circumstances, Condition, is_shown
from .contents import CONTENTS

FORMAT = "virtual-school-template/1"

KINDS = (
    "text",
    "long_text",
    "choice",
    "choices",
    "number",
    "percent",
    "date",
    "yes_no",
    "money",
    "table",
    "scale",
    "file",
    "person",
    "school",
    "targets",
    "actions",
    "attendance",
    "voice",
)
KINDS_WITH_COLUMNS = ("table", "targets", "actions")
KINDS_WITH_CHOICES = ("choice", "choices", "scale")

OWNERS = {
    "social_worker": "Social worker",
    "designated_teacher": "Designated teacher",
    "carer": "Carer",
    "young_person": "Young person",
    "virtual_school": "Virtual school",
    "parent": "Parent",
    "personal_adviser": "Personal adviser",
}

STAGES = {"before_meeting": "Before the meeting", "in_meeting": "In the meeting", "after_meeting": "After the meeting"}

REQUIRED = {
    "before_meeting": "Needed before the meeting",
    "before_submit": "Needed before the plan is sent in",
    "never": "If it helps",
}

CARRY = {
    "carry": "Stays from term to term",
    "confirm": "Carried, to be confirmed each term",
    "blank": "Written new each term",
}

CHECKS = {
    "changes_each_term": "Asks whether it is still so, where the words are those of last term",
    "strategy": "Looks for what, when, where, by whom and how often",
    "measure": "Looks for a number or another measure",
    "before_next_plan": "Compares the date with the next plan's",
    "names_adult": "Looks for a named person",
}


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`key` is `section.field` (a column's key is its own name alone) and never takes another meaning."""

    key: str
    label: str
    kind: str
    required: str = "never"
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    columns: tuple["Field", ...] = ()
    carry: str = "blank"
    source: str = ""
    statutory: tuple[str, ...] = ()
    """Numbers of CONTENTS this field helps to meet."""

    shown_when: Condition | None = None
    checks: tuple[str, ...] = ()
    limit: int | None = None
    """Longest text in characters; most rows of a table."""

    is_on: bool = True
    added_by_authority: bool = False

    @property
    def may_be_reasoned(self) -> bool:
        """Whether a reason may stand in place of an answer: asked "so far as reasonably practicable"."""
        return any(CONTENTS[number].so_far_as_practicable for number in self.statutory)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    key: str
    title: str
    owner: str
    stage: str
    hint: str = ""
    minutes: int = 0
    """About how long it takes, where what is known is already filled in."""

    fields: tuple[Field, ...] = ()
    shown_when: Condition | None = None
    is_on: bool = True
    note_for_child: str = ""


@dataclass(frozen=True, slots=True)
class NotAsked:
    """A statutory content that does not concern a phase, with why."""

    number: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    phase: str
    name: str
    edition: int = 1
    """Of the shipped library; an authority's own template keeps the edition it was laid over."""

    note: str = ""
    sections: tuple[Section, ...] = ()
    does_not_apply: tuple[NotAsked, ...] = ()

    def fields(self) -> Iterator[Field]:
        for section in self.sections:
            yield from section.fields

    def labels(self) -> dict[str, str]:
        """Each field's label by its key, and each choice's by "key=value", for words about conditions."""
        found = {}
        for field in self.fields():
            found[field.key] = field.label
            found |= {f"{field.key}={choice.value}": choice.label for choice in field.choices}
        return found

    def field(self, key: str) -> Field | None:
        return next((field for field in self.fields() if field.key == key), None)

    def section(self, key: str) -> Section | None:
        return next((section for section in self.sections if section.key == key), None)


@dataclass(frozen=True, slots=True)
class Met:
    """How a statutory content stands. `state`: met, missing, reasoned or does_not_apply."""

    state: str
    why: str


def is_empty(value: object) -> bool:
    """Nothing written: no text, no row with something in it. Nought and "no" are answers."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, dict):
        return all(is_empty(part) for part in value.values())
    if isinstance(value, list | tuple):
        return all(is_empty(part) for part in value)
    return False


def visible_sections(template: Template, circumstances: Circumstances, answers: Answers) -> tuple[Section, ...]:
    """The sections asked, each with only the fields asked. A section left with no field is not shown."""
    found = []
    for section in template.sections:
        if not section.is_on or not is_shown(section.shown_when, circumstances, answers):
            continue
        fields = tuple(
            field for field in section.fields if field.is_on and is_shown(field.shown_when, circumstances, answers)
        )
        if fields:
            found.append(replace(section, fields=fields))
    return tuple(found)


def required_left(template: Template, answers: Answers, stage: str, circumstances: Circumstances) -> tuple[Field, ...]:
    """The required fields still empty. `stage`: "before_meeting", or "before_submit" which asks both.

    An empty field of the contents asked "so far as reasonably practicable" is not left once it has a reason.
    """
    wanted = {"before_meeting": ("before_meeting",), "before_submit": ("before_meeting", "before_submit")}[stage]
    return tuple(
        field
        for section in visible_sections(template, circumstances, answers)
        for field in section.fields
        if field.required in wanted and not _is_settled(field, answers)
    )


def met_contents(template: Template, answers: Answers, circumstances: Circumstances) -> dict[str, Met]:
    """How each of C1 to C28 stands in a plan, in their order.

    Met: something that helps to meet it is filled in, and nothing required for it is empty. A kind with a
    place of its own (targets, actions, attendance, voice) is filled in when its answer holds anything.
    """
    not_asked = {item.number: item.why for item in template.does_not_apply}
    asked: dict[str, list[Field]] = {}
    for section in visible_sections(template, circumstances, answers):
        for field in section.fields:
            for number in field.statutory:
                asked.setdefault(number, []).append(field)
    found = {}
    for number in CONTENTS:
        if number in not_asked:
            found[number] = Met("does_not_apply", not_asked[number])
        elif number not in asked:
            found[number] = Met("does_not_apply", "Nothing in this plan asks for it as things stand.")
        else:
            found[number] = _standing(number, asked[number], answers)
    return found


def _standing(number: str, fields: list[Field], answers: Answers) -> Met:
    filled, reasoned, empty = [], [], []
    for field in fields:
        answer = answers.get(field.key, Answered())
        if not is_empty(answer.value):
            filled.append(field)
        elif answer.reason_if_blank.strip() and CONTENTS[number].so_far_as_practicable:
            reasoned.append(field)
        else:
            empty.append(field)
    missing = [field for field in empty if field.required != "never"]
    if missing:
        return Met("missing", f"Still to write: {_labels(missing)}.")
    if filled:
        return Met("met", f"Written under {_labels(filled)}.")
    if reasoned:
        reasons = "; ".join(answers[field.key].reason_if_blank.strip() for field in reasoned)
        return Met("reasoned", f"Left blank with a reason: {reasons}")
    return Met("missing", f"Could be met under {_labels(empty)}.")


def _is_settled(field: Field, answers: Answers) -> bool:
    answer = answers.get(field.key, Answered())
    return not is_empty(answer.value) or (field.may_be_reasoned and bool(answer.reason_if_blank.strip()))


def _labels(fields: list[Field]) -> str:
    return ", ".join(f"“{field.label}”" for field in fields)
