"""An authority's own changes, laid over a template of the library so that a later edition can be taken up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .template import OWNERS, REQUIRED, Field, Section, Template
from .template_document import field_from
from .template_faults import FaultyTemplate, faults_in

OWN_PREFIX = "own_"
"""Begins the name of every field an authority adds, so that a later edition never takes the same key."""


class _Refused(ValueError):
    pass


def laid_over(template: Template, edits: Sequence[Mapping[str, Any]]) -> Template:
    """The template with the edits made, in their order. Raises FaultyTemplate with every fault found.

    set_label {field|section, label} · set_hint {field|section, hint} · switch_section {section, is_on} ·
    switch_field {field, is_on} · add_field {section, field: {...}, after?} · set_required {field, required} ·
    set_owner {section, owner} · reorder {sections: [...]} or {section, fields: [...]}
    """
    faults = []
    for number, edit in enumerate(edits, 1):
        try:
            template = _made(template, edit)
        except _Refused as fault:
            faults.append(f"Change {number}: {fault}")
    if not faults:
        faults.extend(faults_in(template))
    if faults:
        raise FaultyTemplate(faults)
    return template


def _made(template: Template, edit: Mapping[str, Any]) -> Template:
    if not isinstance(edit, Mapping) or str(edit.get("edit")) not in EDITS:
        raise _Refused(f"It must be one of {', '.join(EDITS)}, not {edit!r}.")
    make, required, optional = EDITS[edit["edit"]]
    given = set(edit) - {"edit"}
    if not any(wanted <= given <= wanted | optional for wanted in required):
        ways = " or ".join(", ".join(sorted(wanted)) for wanted in required)
        raise _Refused(f"“{edit['edit']}” needs {ways}; it has {', '.join(sorted(given)) or 'nothing'}.")
    return make(template, edit)


def _set_words(template: Template, edit: Mapping[str, Any]) -> Template:
    name = "label" if edit["edit"] == "set_label" else "hint"
    words = edit[name]
    if not isinstance(words, str) or (name == "label" and not words.strip()):
        raise _Refused(f"The {name} must be a text.")
    if "field" in edit:
        return _field_changed(template, edit["field"], **{name: words})
    return _section_changed(template, edit["section"], **{"title" if name == "label" else name: words})


def _switch_section(template: Template, edit: Mapping[str, Any]) -> Template:
    is_on = _yes_no(edit["is_on"])
    section = _section(template, edit["section"])
    statutory = [field for field in section.fields if field.statutory]
    if not is_on and statutory:
        raise _Refused(
            f"“{section.title}” cannot be switched off: the law or the guidance asks for what it holds "
            f"({', '.join(sorted({number for field in statutory for number in field.statutory}, key=_number))})."
        )
    return _section_changed(template, section.key, is_on=is_on)


def _switch_field(template: Template, edit: Mapping[str, Any]) -> Template:
    is_on = _yes_no(edit["is_on"])
    field = _field(template, edit["field"])
    if not is_on and field.statutory:
        raise _Refused(
            f"“{field.label}” cannot be switched off: it helps to meet {', '.join(field.statutory)}. "
            "It can be given other words."
        )
    return _field_changed(template, field.key, is_on=is_on)


def _add_field(template: Template, edit: Mapping[str, Any]) -> Template:
    section = _section(template, edit["section"])
    faults: list[str] = []
    field = replace(field_from(edit["field"], "The new field", faults), added_by_authority=True)
    if faults:
        raise _Refused(" ".join(faults))
    if not field.key.startswith(f"{section.key}.{OWN_PREFIX}"):
        raise _Refused(f"The key of a field of your own begins with “{section.key}.{OWN_PREFIX}”, not “{field.key}”.")
    if template.field(field.key) is not None:
        raise _Refused(f"The field “{field.key}” stands already.")
    place = len(section.fields)
    if edit.get("after") is not None:
        keys = [other.key for other in section.fields]
        if edit["after"] not in keys:
            raise _Refused(f"“{edit['after']}” is not a field of “{section.title}”.")
        place = keys.index(edit["after"]) + 1
    return _section_changed(template, section.key, fields=(*section.fields[:place], field, *section.fields[place:]))


def _set_required(template: Template, edit: Mapping[str, Any]) -> Template:
    field = _field(template, edit["field"])
    if str(edit["required"]) not in REQUIRED:
        raise _Refused(f"It can be required {', '.join(REQUIRED)}, not {edit['required']!r}.")
    if field.statutory and field.required != "never" and edit["required"] == "never":
        raise _Refused(f"“{field.label}” stays required: it helps to meet {', '.join(field.statutory)}.")
    return _field_changed(template, field.key, required=edit["required"])


def _set_owner(template: Template, edit: Mapping[str, Any]) -> Template:
    if str(edit["owner"]) not in OWNERS:
        raise _Refused(f"There is no owner called {edit['owner']!r}.")
    return _section_changed(template, edit["section"], owner=edit["owner"])


def _reorder(template: Template, edit: Mapping[str, Any]) -> Template:
    if "sections" in edit:
        return replace(template, sections=_in_order(template.sections, edit["sections"]))
    section = _section(template, edit["section"])
    return _section_changed(template, section.key, fields=_in_order(section.fields, edit["fields"]))


def _in_order(parts: tuple[Any, ...], keys: Any) -> tuple[Any, ...]:
    """Those named first, in their order; one not named stays behind the one it stood behind."""
    by_key = {part.key: part for part in parts}
    if not isinstance(keys, list | tuple) or len(set(map(str, keys))) != len(keys):
        raise _Refused("An order is a list that names each once.")
    for key in keys:
        if key not in by_key:
            raise _Refused(f"“{key}” is not there to put in order.")
    order = list(keys)
    before = None
    for part in parts:
        if part.key not in order:
            order.insert(order.index(before) + 1 if before is not None else 0, part.key)
        before = part.key
    return tuple(by_key[key] for key in order)


def _section(template: Template, key: Any) -> Section:
    section = template.section(key)
    if section is None:
        raise _Refused(f"There is no section “{key}” in this edition of the library.")
    return section


def _field(template: Template, key: Any) -> Field:
    field = template.field(key)
    if field is None:
        raise _Refused(f"There is no field “{key}” in this edition of the library.")
    return field


def _section_changed(template: Template, key: Any, **values: Any) -> Template:
    changed = replace(_section(template, key), **values)
    return replace(
        template, sections=tuple(changed if section.key == key else section for section in template.sections)
    )


def _field_changed(template: Template, key: Any, **values: Any) -> Template:
    changed = replace(_field(template, key), **values)
    section = _section(template, changed.key.partition(".")[0])
    return _section_changed(
        template, section.key, fields=tuple(changed if field.key == key else field for field in section.fields)
    )


def _yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Refused(f"“is_on” must be true or false, not {value!r}.")
    return value


def _number(number: str) -> int:
    return int(number[1:])


EDITS: dict[str, tuple[Callable[[Template, Mapping[str, Any]], Template], tuple[set[str], ...], set[str]]] = {
    "set_label": (_set_words, ({"field", "label"}, {"section", "label"}), set()),
    "set_hint": (_set_words, ({"field", "hint"}, {"section", "hint"}), set()),
    "switch_section": (_switch_section, ({"section", "is_on"},), set()),
    "switch_field": (_switch_field, ({"field", "is_on"},), set()),
    "add_field": (_add_field, ({"section", "field"},), {"after"}),
    "set_required": (_set_required, ({"field", "required"},), set()),
    "set_owner": (_set_owner, ({"section", "owner"},), set()),
    "reorder": (_reorder, ({"sections"}, {"section", "fields"}), set()),
}
"""Each with what makes it, the parts it needs (in one of these ways) and those it may have."""
