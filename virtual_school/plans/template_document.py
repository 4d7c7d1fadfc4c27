"""A template as one JSON document, read with every fault said in words."""

from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from typing import Any

from .conditions import Condition, FaultyCondition, condition_document, condition_from
from .sources import FORMER, SOURCES
from .template import FORMAT, Choice, Field, NotAsked, Section, Template
from .template_faults import FaultyTemplate, faults_in

DEFAULTS: dict[type, dict[str, Any]] = {
    kind: {part.name: part.default for part in dataclass_fields(kind)} for kind in (Field, Section, Template)
}


def to_document(template: Template) -> dict[str, Any]:
    """Without loss; what stands at its default is left out."""
    return {"format": FORMAT, **_document(template)}


def from_document(document: Any) -> Template:
    """Raises FaultyTemplate with every fault found."""
    faults: list[str] = []
    if not isinstance(document, Mapping):
        raise FaultyTemplate(["A template is a document, and this is none."])
    if document.get("format") != FORMAT:
        raise FaultyTemplate([f"The format is {document.get('format')!r}; this service reads {FORMAT!r}."])
    template = _template({key: value for key, value in document.items() if key != "format"}, faults)
    if not faults:
        faults.extend(faults_in(template))
    if faults:
        raise FaultyTemplate(faults)
    return template


def field_from(document: Any, where: str, faults: list[str]) -> Field:
    """A field, with what is wrong added to `faults`."""
    values = _values(Field, document, where, faults)
    key = values.get("key") or where
    where = f"The field “{key}”"
    for name in ("choices", "columns", "statutory", "checks"):
        if name in values:
            values[name] = _list(values[name], name, where, faults)
    for name in ("statutory", "checks"):
        for value in values.get(name, ()):
            if not isinstance(value, str):
                faults.append(f"{where}: “{name}” must be a list of texts, and has {value!r}.")
        values[name] = tuple(value for value in values.get(name, ()) if isinstance(value, str))
    if "choices" in values:
        values["choices"] = tuple(_choice(choice, where, faults) for choice in values["choices"])
    if "columns" in values:
        values["columns"] = tuple(field_from(column, f"A column of {where}", faults) for column in values["columns"])
    _condition(values, where, faults)
    for name in ("is_on", "added_by_authority"):
        _typed(values, name, bool, "yes or no", where, faults)
    _typed(values, "limit", int, "a whole number", where, faults)
    for name in ("key", "label", "kind", "required", "hint", "carry", "source"):
        _typed(values, name, str, "a text", where, faults)
    if values.get("source") in FORMER - SOURCES.keys():
        values["source"] = ""
    return Field(**{"key": "", "label": "", "kind": "", **values})


def _document(part: Template | Section | Field) -> dict[str, Any]:
    found = {}
    for name, default in DEFAULTS[type(part)].items():
        value = getattr(part, name)
        if value != default:
            found[name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Section | Field):
        return _document(value)
    if isinstance(value, Choice):
        return {"value": value.value, "label": value.label}
    if isinstance(value, NotAsked):
        return {"number": value.number, "why": value.why}
    if isinstance(value, Condition):
        return condition_document(value)
    return value


def _template(document: Mapping[str, Any], faults: list[str]) -> Template:
    where = "The template"
    values = _values(Template, document, where, faults)
    values["sections"] = tuple(
        _section(section, f"Section {number}", faults)
        for number, section in enumerate(_list(values.get("sections", []), "sections", where, faults), 1)
    )
    values["does_not_apply"] = tuple(
        _not_asked(item, faults) for item in _list(values.get("does_not_apply", []), "does_not_apply", where, faults)
    )
    for name in ("phase", "name", "note"):
        _typed(values, name, str, "a text", where, faults)
    _typed(values, "edition", int, "a whole number", where, faults)
    return Template(**{"phase": "", "name": "", **values})


def _section(document: Any, where: str, faults: list[str]) -> Section:
    values = _values(Section, document, where, faults)
    if values.get("key"):
        where = f"The section “{values['key']}”"
    values["fields"] = tuple(
        field_from(field, f"Field {number} of {where}", faults)
        for number, field in enumerate(_list(values.get("fields", []), "fields", where, faults), 1)
    )
    _condition(values, where, faults)
    _typed(values, "is_on", bool, "yes or no", where, faults)
    _typed(values, "minutes", int, "a whole number", where, faults)
    for name in ("key", "title", "owner", "stage", "hint", "note_for_child"):
        _typed(values, name, str, "a text", where, faults)
    return Section(**{"key": "", "title": "", "owner": "", "stage": "", **values})


def _values(kind: type, document: Any, where: str, faults: list[str]) -> dict[str, Any]:
    if not isinstance(document, Mapping):
        faults.append(f"{where} must be a document, not {document!r}.")
        return {}
    known = DEFAULTS[kind]
    for name in document:
        if name not in known:
            faults.append(f"{where} has a part called “{name}”, which a template does not know.")
    return {name: value for name, value in document.items() if name in known}


def _choice(document: Any, where: str, faults: list[str]) -> Choice:
    if (
        isinstance(document, Mapping)
        and set(document) == {"value", "label"}
        and all(isinstance(part, str) for part in document.values())
    ):
        return Choice(document["value"], document["label"])
    faults.append(f"{where} has a choice that is not a value with a label: {document!r}.")
    return Choice("", "")


def _not_asked(document: Any, faults: list[str]) -> NotAsked:
    if (
        isinstance(document, Mapping)
        and set(document) == {"number", "why"}
        and all(isinstance(part, str) for part in document.values())
    ):
        return NotAsked(document["number"], document["why"])
    faults.append(f"What does not apply must be a number with a reason, not {document!r}.")
    return NotAsked("", "")


def _condition(values: dict[str, Any], where: str, faults: list[str]) -> None:
    if values.get("shown_when") is None:
        values.pop("shown_when", None)
        return
    try:
        values["shown_when"] = condition_from(values["shown_when"])
    except FaultyCondition as fault:
        faults.append(f"{where}: {fault}")
        del values["shown_when"]


def _list(value: Any, name: str, where: str, faults: list[str]) -> tuple[Any, ...]:
    if isinstance(value, list | tuple):
        return tuple(value)
    faults.append(f"{where}: “{name}” must be a list, not {value!r}.")
    return ()


def _typed(values: dict[str, Any], name: str, kind: type, words: str, where: str, faults: list[str]) -> None:
    value = values.get(name)
    if value is None:
        values.pop(name, None)
    elif not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        faults.append(f"{where}: “{name}” must be {words}, not {value!r}.")
        del values[name]
