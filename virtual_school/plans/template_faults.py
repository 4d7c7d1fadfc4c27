"""What is wrong with a template, in words."""

import re
from collections.abc import Collection, Iterator, Mapping

from .conditions import PHASES, Condition, fields_asked
from .contents import CONTENTS
from .sources import SOURCES
from .template import (
    CARRY,
    CHECKS,
    KINDS,
    KINDS_WITH_CHOICES,
    KINDS_WITH_COLUMNS,
    OWNERS,
    REQUIRED,
    STAGES,
    Field,
    Template,
)

LONGEST_LABEL = 90
NAME = re.compile(r"[a-z][a-z0-9_]*")


class FaultyTemplate(ValueError):
    """A template, or edits to one, that cannot stand. `faults`: each in words."""

    def __init__(self, faults: Collection[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def faults_in(template: Template) -> Iterator[str]:
    yield from _unknown(template.phase, PHASES, "The template", "phase")
    if not template.name.strip():
        yield "The template has no name."
    if not template.sections:
        yield "The template has no sections."
    fields = {field.key: field for field in template.fields()}
    seen: set[str] = set()
    for section in template.sections:
        where = f"The section “{section.key}”"
        if not NAME.fullmatch(section.key):
            yield f"{where}: a section's key is small letters, digits and _, starting with a letter."
        if section.key in seen:
            yield f"{where} stands twice."
        seen.add(section.key)
        yield from _heading(section.title, where, "title")
        yield from _unknown(section.owner, OWNERS, where, "owner")
        yield from _unknown(section.stage, STAGES, where, "stage")
        if section.minutes < 0:
            yield f"{where}: minutes cannot be less than nought."
        yield from _condition_faults(section.shown_when, where, fields, on=section.is_on)
        for key in fields_asked(section.shown_when):
            if key.partition(".")[0] == section.key:
                yield f"{where} is asked only after its own field “{key}”, so it would never be asked."
        for field in section.fields:
            where = f"The field “{field.key}”"
            head, _, name = field.key.partition(".")
            if head != section.key or not NAME.fullmatch(name):
                yield f"{where}: a field's key is its section's key, a full stop and its own name."
            if field.key in seen:
                yield f"{where} stands twice."
            seen.add(field.key)
            yield from field_faults(field, where)
            yield from _condition_faults(field.shown_when, where, fields, on=section.is_on and field.is_on)
            if field.key in fields_asked(field.shown_when):
                yield f"{where} is asked only after itself, so it would never be asked."
    yield from _contents_faults(template)


def field_faults(field: Field, where: str, *, is_column: bool = False) -> Iterator[str]:
    """What is wrong with a field or column by itself."""
    yield from _heading(field.label, where, "label")
    yield from _unknown(field.kind, KINDS, where, "kind")
    yield from _unknown(field.required, REQUIRED, where, "time it is required")
    yield from _unknown(field.carry, CARRY, where, "way to carry it")
    if field.source:
        yield from _unknown(field.source, SOURCES, where, "source")
    for number in field.statutory:
        yield from _unknown(number, CONTENTS, where, "statutory content")
    for check in field.checks:
        yield from _unknown(check, CHECKS, where, "check")
    if field.limit is not None and field.limit < 1:
        yield f"{where}: the limit must be at least one."
    if field.kind in KINDS_WITH_CHOICES and not field.choices:
        yield f"{where} is a choice and offers nothing to choose."
    if field.choices and field.kind not in KINDS_WITH_CHOICES:
        yield f"{where} offers choices, which the kind {field.kind!r} does not have."
    values = [choice.value for choice in field.choices]
    for value in sorted({value for value in values if values.count(value) > 1}):
        yield f"{where} offers “{value}” twice."
    if any(not choice.value or not choice.label.strip() for choice in field.choices):
        yield f"{where} has a choice without a value or a label."
    if field.kind in KINDS_WITH_COLUMNS and not field.columns:
        yield f"{where} is a table without columns."
    if field.columns and field.kind not in KINDS_WITH_COLUMNS:
        yield f"{where} has columns, which the kind {field.kind!r} does not have."
    if is_column and not NAME.fullmatch(field.key):
        yield f"{where}: a column's key is small letters, digits and _, starting with a letter."
    if is_column and (field.shown_when or field.statutory):
        yield f"{where}: a column has no condition and no statutory content; its field has."
    columns = [column.key for column in field.columns]
    for key in sorted({key for key in columns if columns.count(key) > 1}):
        yield f"{where} has the column “{key}” twice."
    for column in field.columns:
        yield from field_faults(column, f"The column “{column.key}” of “{field.key}”", is_column=True)


def _contents_faults(template: Template) -> Iterator[str]:
    not_asked = [item.number for item in template.does_not_apply]
    for item in template.does_not_apply:
        yield from _unknown(item.number, CONTENTS, "What does not apply", "statutory content")
        if not item.why.strip():
            yield f"{item.number} is said not to apply, without a reason."
    for number in sorted({number for number in not_asked if not_asked.count(number) > 1}):
        yield f"{number} is said twice not to apply."
    for field in template.fields():
        for number in field.statutory:
            if number in not_asked:
                yield f"{number} is said not to apply, but the field “{field.key}” helps to meet it."


def _condition_faults(
    condition: Condition | None, where: str, fields: Mapping[str, Field], *, on: bool
) -> Iterator[str]:
    if condition is None:
        return
    for part in condition.values:
        if isinstance(part, Condition):
            yield from _condition_faults(part, where, fields, on=on)
    if condition.kind != "field":
        return
    field = fields.get(condition.field)
    if field is None:
        yield f"{where} is asked only after the field “{condition.field}”, which is not in the template."
        return
    if on and not field.is_on:
        yield f"{where} is asked only after the field “{condition.field}”, which is switched off."
    offered = [True, False] if field.kind == "yes_no" else [c.value for c in field.choices]
    for value in condition.values:
        if offered and value not in offered:
            yield f"{where} waits for the answer {value!r} to “{condition.field}”, which it does not offer."


def _heading(words: str, where: str, what: str) -> Iterator[str]:
    if not words.strip():
        yield f"{where} has no {what}."
    elif len(words) > LONGEST_LABEL:
        yield f"{where}: the {what} has {len(words)} characters, and the longest is {LONGEST_LABEL}."


def _unknown(value: str, known: Collection[str], where: str, what: str) -> Iterator[str]:
    if value not in known:
        yield f"{where}: there is no {what} called {value!r}."
