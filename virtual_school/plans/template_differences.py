"""What differs between two forms, in words, section by section. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .conditions import condition_words
from .template import CARRY, OWNERS, REQUIRED, STAGES, Field, Section, Template

OF_THE_FORM = "The form"
KIND_WORDS = {
    "text": "A line of text",
    "long_text": "Several lines of text",
    "choice": "One of several choices",
    "choices": "Any of several choices",
    "number": "A number",
    "percent": "A percentage",
    "date": "A date",
    "yes_no": "Yes or no",
    "money": "An amount of money",
    "scale": "A place on a scale",
    "table": "A table",
    "file": "A document",
    "person": "A person",
    "school": "A school",
    "targets": "The targets",
    "actions": "The actions",
    "attendance": "The attendance record",
    "voice": "The child’s own pages",
}


def differences(before: Template, after: Template) -> dict[str, tuple[str, ...]]:
    """By the title of the section (or "The form"): sentences, in the order of the form. Empty where nothing differs."""
    found: dict[str, list[str]] = {}
    labels = {**before.labels(), **after.labels()}

    def say(title: str, words: str) -> None:
        found.setdefault(title, []).append(words)

    for words in _of_form(before, after):
        say(OF_THE_FORM, words)
    was = {section.key: section for section in before.sections}
    for section in after.sections:
        old = was.get(section.key)
        told = ["A new section."] if old is None else list(_of_section(old, section, labels))
        for words in told:
            say(section.title, words)
    kept = {section.key for section in after.sections}
    for section in before.sections:
        if section.key not in kept:
            say(section.title, "This section is gone.")
    return {title: tuple(words) for title, words in found.items()}


def count(found: Mapping[str, Sequence[str]]) -> int:
    return sum(len(words) for words in found.values())


def edit_words(edit: Mapping[str, Any], before: Template) -> str:
    """One edit as somebody would tell it. `before`: the form it was laid over."""
    section, field = before.section(str(edit.get("section"))), before.field(str(edit.get("field")))
    label = field.label if field else section.title if section else ""
    what = f"“{label}”"
    match edit["edit"]:
        case "set_label":
            return f"{what} is now called “{edit['label']}”."
        case "set_hint":
            return f"The hint of {what} now says “{edit['hint']}”." if edit["hint"] else f"{what} has no hint now."
        case "switch_section" | "switch_field":
            return f"{what} is switched {'on' if edit['is_on'] else 'off'}."
        case "add_field":
            return f"A question of your own, “{edit['field']['label']}”, in {what}."
        case "set_required":
            return f"{what}: {_lower(REQUIRED[edit['required']])}."
        case "set_owner":
            return f"{what} is now written by: {_lower(OWNERS[edit['owner']])}."
    if "sections" in edit:
        return "The sections stand in another order."
    return f"The questions of {what} stand in another order."


def _of_form(before: Template, after: Template) -> Iterator[str]:
    if before.name != after.name:
        yield f"Called “{after.name}”, before: “{before.name}”."
    if before.edition != after.edition:
        yield f"Made from edition {after.edition} of the shipped library, before: edition {before.edition}."
    old = [section.key for section in before.sections]
    new = [section.key for section in after.sections]
    moved = _moved(old, new)
    if moved:
        titles = {section.key: section.title for section in after.sections}
        yield f"Other places in the order: {', '.join(f'“{titles[key]}”' for key in moved)}."


def _of_section(before: Section, after: Section, labels: Mapping[str, str]) -> Iterator[str]:
    if before.title != after.title:
        yield f"Called “{after.title}”, before: “{before.title}”."
    if before.hint != after.hint:
        yield _hint(before.hint, after.hint)
    if before.owner != after.owner:
        yield f"Written by: {_lower(OWNERS[after.owner])}, before: {_lower(OWNERS[before.owner])}."
    if before.stage != after.stage:
        yield f"Written {_lower(STAGES[after.stage])}, earlier: {_lower(STAGES[before.stage])}."
    if before.is_on != after.is_on:
        yield f"Switched {'on' if after.is_on else 'off'}."
    if before.shown_when != after.shown_when:
        yield _asked_when("Asked", after.shown_when, labels)
    if before.note_for_child != after.note_for_child:
        yield f"Told to the child: “{after.note_for_child}”."
    if before.minutes != after.minutes:
        yield f"Takes about {after.minutes} minutes, before: {before.minutes}."
    was = {field.key: field for field in before.fields}
    for field in after.fields:
        old = was.get(field.key)
        if old is not None:
            yield from _of_field(old, field, labels)
            continue
        own = "A question of the council’s own" if field.added_by_authority else "A new question"
        yield f"{own}: “{field.label}” ({_lower(KIND_WORDS[field.kind])})."
    kept = {field.key for field in after.fields}
    for field in before.fields:
        if field.key not in kept:
            yield f"“{field.label}” is gone."
    moved = _moved([field.key for field in before.fields], [field.key for field in after.fields])
    if moved:
        yield f"Other places in the order: {', '.join(f'“{labels[key]}”' for key in moved)}."


def _of_field(before: Field, after: Field, labels: Mapping[str, str]) -> Iterator[str]:
    name = f"“{after.label}”"
    if before.label != after.label:
        yield f"“{before.label}” is called {name}."
    if before.hint != after.hint:
        yield f"{name}: {_lower(_hint(before.hint, after.hint))}"
    if before.kind != after.kind:
        yield f"{name} is answered as: {_lower(KIND_WORDS[after.kind])}."
    if before.required != after.required:
        yield f"{name}: {_lower(REQUIRED[after.required])}, earlier: {_lower(REQUIRED[before.required])}."
    if before.is_on != after.is_on:
        yield f"{name} is switched {'on' if after.is_on else 'off'}."
    if before.choices != after.choices:
        yield f"{name} offers: {', '.join(choice.label for choice in after.choices) or 'no choices'}."
    if before.columns != after.columns:
        yield f"{name} has the columns: {', '.join(column.label for column in after.columns) or 'none'}."
    if before.carry != after.carry:
        yield f"{name}: {_lower(CARRY[after.carry])}."
    if before.shown_when != after.shown_when:
        yield f"{name}: {_lower(_asked_when('asked', after.shown_when, labels))}"
    if before.statutory != after.statutory:
        yield f"{name} helps to meet {', '.join(after.statutory) or 'no statutory content'}."
    if before.source != after.source or before.checks != after.checks or before.limit != after.limit:
        yield f"{name} is filled in or checked in another way."


def _hint(before: str, after: str) -> str:
    if not after:
        return f"No hint, before: “{before}”."
    return f"Hint “{after}”, before: “{before}”." if before else f"Hint “{after}”, before none."


def _asked_when(word: str, condition: Any, labels: Mapping[str, str]) -> str:
    return f"{word} only when {condition_words(condition, labels)}." if condition else f"{word} always."


def _moved(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """The fewest keys that changed places: those outside the longest run that kept its order."""
    old = [key for key in before if key in set(after)]
    new = [key for key in after if key in set(before)]
    place = {key: n for n, key in enumerate(old)}
    runs: list[list[str]] = []
    for n, key in enumerate(new):
        best: list[str] = max((runs[m] for m in range(n) if place[new[m]] < place[key]), key=len, default=[])
        runs.append([*best, key])
    kept = set(max(runs, key=len, default=[]))
    return tuple(key for key in new if key not in kept)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
