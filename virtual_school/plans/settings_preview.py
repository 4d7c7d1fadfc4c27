"""A form as one role would see it in a plan, without a plan: what they write, what they read, what they do not see."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django import forms

from virtual_school.access.models import Role

from .answer_words import in_rows
from .conditions import Circumstances, Condition, condition_words, fields_asked, is_shown
from .contents import CONTENTS, Content
from .document import FieldPart
from .forms_writing import RowForm, SectionForm, name_of
from .readers import Sight, levels_of_field
from .rights import may_read, may_write
from .sight import READER_OF
from .template import REQUIRED, Field, Section, Template

Rights = Mapping[str, Mapping[str, str]]


@dataclass
class FieldPreview:
    asked: Field
    bound: forms.BoundField | None = None
    rows: list[RowForm] = field(default_factory=list)
    asked_when: str = ""

    @property
    def required_words(self) -> str:
        return REQUIRED[self.asked.required] if self.asked.required != "never" else ""


@dataclass
class SectionPreview:
    """`hidden`: how many of its questions this role does not see."""

    section: Section
    writes: bool
    fields: list[FieldPreview]
    hidden: int = 0
    asked_when: str = ""


def preview(
    template: Template, circumstances: Circumstances, role: str, state: str, rights: Rights
) -> list[SectionPreview]:
    """Every section asked in these circumstances; what waits for an answer says so. Empty where the role reads none."""
    if not may_read(state, (role,), rights):
        return []
    labels = template.labels()
    found = []
    for section in template.sections:
        if not section.is_on or not _may_be_shown(section.shown_when, circumstances):
            continue
        asked = [one for one in section.fields if one.is_on and _may_be_shown(one.shown_when, circumstances)]
        if not asked:
            continue
        writes = writes_section(section, role, state, rights)
        seen = [one for one in asked if writes or sees(one, role)]
        found.append(
            SectionPreview(
                section,
                writes,
                _fields(seen, labels, with_form=writes),
                hidden=len(asked) - len(seen),
                asked_when=_waits(section.shown_when, labels),
            )
        )
    return found


def writes_section(section: Section, role: str, state: str, rights: Rights) -> bool:
    """As far as the form and the rights decide it: a delegate as if given the section, a return as if it named it."""
    return may_write(
        state,
        (role,),
        section.owner,
        section=section.key,
        delegated=frozenset() if role == Role.DELEGATE else None,
        named=True,
        rights=rights,
    )


def sees(asked: Field, role: str) -> bool:
    reader = READER_OF.get(Role(role))
    if reader is None:
        return False
    levels = levels_of_field(FieldPart(key=asked.key, label=asked.label, kind=asked.kind))
    sight = Sight(reader)
    return all(sight.sees(level) for level in levels)


def _fields(asked: list[Field], labels: Mapping[str, str], *, with_form: bool) -> list[FieldPreview]:
    form = SectionForm(asked, values={}, reasons={}) if with_form else None
    found = []
    for one in asked:
        shown = FieldPreview(one, asked_when=_waits(one.shown_when, labels))
        name = name_of(one.key)
        if form is not None:
            shown.bound = form[name] if name in form.fields and not in_rows(one) else None
            shown.rows = form.rows.get(one.key, [])[:1]
        found.append(shown)
    return found


def _may_be_shown(condition: Condition | None, circumstances: Circumstances) -> bool:
    """Whether it is asked, or could be once an answer is given."""
    return condition is None or bool(fields_asked(condition)) or is_shown(condition, circumstances, {})


def _waits(condition: Condition | None, labels: Mapping[str, str]) -> str:
    return condition_words(condition, labels) if condition is not None and fields_asked(condition) else ""


@dataclass(frozen=True, slots=True)
class Covered:
    """A statutory content, and the questions of a form that help to meet it."""

    content: Content
    fields: tuple[tuple[Section, Field], ...]
    why_not: str = ""

    @property
    def is_asked(self) -> bool:
        return bool(self.fields)


def covered(template: Template) -> list[Covered]:
    """How a form meets C1 to C28, whatever the circumstances."""
    not_asked = {item.number: item.why for item in template.does_not_apply}
    return [
        Covered(
            content,
            tuple(
                (section, one)
                for section in template.sections
                for one in section.fields
                if number in one.statutory and one.is_on and section.is_on
            ),
            not_asked.get(number, ""),
        )
        for number, content in CONTENTS.items()
    ]
