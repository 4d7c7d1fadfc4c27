"""The plan document as JSON and back, losing nothing, and the JSON Schema of it."""

import dataclasses
import re
from datetime import date, time
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

from . import document as parts
from .document import FORMAT, Part, PlanDocument

SCHEMA_ID = "urn:virtual-school:plan:1"
DEEPEST = 40
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_TIME = re.compile(r"\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?\Z")


class Problem(NamedTuple):
    path: str
    reason: str


class DocumentError(ValueError):
    """The JSON is no plan document. `problems` says where and why, all at once."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{path}: {reason}" for path, reason in problems))


class _Slot(NamedTuple):
    """One named place of a part: `kind` is its type without `| None` and tuple[...]."""

    name: str
    kind: Any
    is_list: bool
    may_be_null: bool
    is_required: bool
    description: str


@cache  # keyed by the class, not by parts, which hold dicts
def _slots(part: type[Any]) -> tuple[_Slot, ...]:
    hints = get_type_hints(part, include_extras=True)
    found = []
    for place in dataclasses.fields(part):
        if place.name == "extra":
            continue
        hint, description = hints[place.name], ""
        if get_origin(hint) is Annotated:
            hint, description = get_args(hint)
        may_be_null = hint is Any
        if isinstance(hint, UnionType):
            (hint,) = (each for each in get_args(hint) if each is not NoneType)
            may_be_null = True
        is_list = get_origin(hint) is tuple
        is_required = place.default is dataclasses.MISSING and place.default_factory is dataclasses.MISSING
        found.append(
            _Slot(
                place.name,
                get_args(hint)[0] if is_list else hint,
                is_list,
                may_be_null,
                is_required,
                description,
            )
        )
    return tuple(found)


def to_json(document: PlanDocument) -> dict[str, Any]:
    """Every named place is written, empty ones too, and `extra` back where it came from."""
    written: dict[str, Any] = _written(document)
    return written


def _written(value: Any) -> Any:
    if isinstance(value, Part):
        named = {slot.name: _written(getattr(value, slot.name)) for slot in _slots(value.__class__)}
        return named | dict(value.extra)
    if isinstance(value, tuple):
        return [_written(each) for each in value]
    if isinstance(value, time):
        return value.isoformat("auto" if value.second or value.microsecond else "minutes")
    return value.isoformat() if isinstance(value, date) else value


def from_json(content: Any) -> PlanDocument:
    """Raises DocumentError naming every place that is wrong."""
    problems: list[Problem] = []
    version = content.get("format", FORMAT) if isinstance(content, dict) else FORMAT
    if version != FORMAT:
        raise DocumentError([Problem("format", f"{version!r} is not {FORMAT!r}, which this service reads")])
    found: PlanDocument | None = _read_part(PlanDocument, content, "", problems)
    if problems or found is None:
        raise DocumentError(problems)
    return found


def _read_part(part: type[Any], content: Any, path: str, problems: list[Problem]) -> Any:
    if not isinstance(content, dict):
        problems.append(Problem(path or "document", f"must be an object, not {_said(content)}"))
        return None
    before = len(problems)
    values: dict[str, Any] = {}
    slots = _slots(part)
    for slot in slots:
        place = f"{path}.{slot.name}" if path else slot.name
        if slot.name in content:
            values[slot.name] = _read(slot, content[slot.name], place, problems)
        elif slot.is_required:
            problems.append(Problem(place, "is missing"))
    values["extra"] = {name: content[name] for name in content if name not in {slot.name for slot in slots}}
    for name, value in values["extra"].items():
        place = f"{path}.{name}" if path else str(name)
        if name == "extra":
            problems.append(Problem(place, "is no name for anything"))
        _check_json({name: value}, path or "document", problems)
    return part(**values) if len(problems) == before else None


def _read(slot: _Slot, value: Any, path: str, problems: list[Problem]) -> Any:
    if value is None and slot.may_be_null:
        return None
    if not slot.is_list:
        return _read_one(slot.kind, value, path, problems)
    if not isinstance(value, list):
        problems.append(Problem(path, f"must be a list, not {_said(value)}"))
        return ()
    return tuple(_read_one(slot.kind, each, f"{path}[{i}]", problems) for i, each in enumerate(value))


def _read_one(kind: Any, value: Any, path: str, problems: list[Problem]) -> Any:
    if kind is Any:
        _check_json(value, path, problems)
        return value
    if issubclass(kind, Part):
        return _read_part(kind, value, path, problems)
    if kind is str and isinstance(value, str):
        _check_text(value, path, problems)
        return value
    if kind is bool and isinstance(value, bool):
        return value
    if kind is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if kind in (date, time) and isinstance(value, str):
        return _read_moment(kind, value, path, problems)
    problems.append(Problem(path, f"must be {_WANTED[kind]}, not {_said(value)}"))
    return None


def _read_moment(kind: type[date] | type[time], value: str, path: str, problems: list[Problem]) -> Any:
    try:
        if (_DAY if kind is date else _TIME).match(value):
            return kind.fromisoformat(value)
    except ValueError:
        pass
    problems.append(Problem(path, f"{value[:40]!r} is not {_WANTED[kind]}"))
    return None


_WANTED = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    date: "a date as 2026-06-29",
    time: "a time as 14:30",
}


def _said(value: Any) -> str:
    if value is None:
        return "null"
    names = {
        dict: "an object",
        list: "a list",
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a number",
    }
    return names.get(type(value), type(value).__name__)


def _check_text(value: str, path: str, problems: list[Problem]) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        problems.append(Problem(path, "holds half a character (a lone surrogate)"))


def _check_json(value: Any, path: str, problems: list[Problem], depth: int = 0) -> None:
    if depth > DEEPEST:
        problems.append(Problem(path, f"is nested more than {DEEPEST} deep"))
    elif isinstance(value, str):
        _check_text(value, path, problems)
    elif isinstance(value, float) and value - value != 0:
        problems.append(Problem(path, f"{value} is not a JSON number"))
    elif isinstance(value, list):
        for i, each in enumerate(value):
            _check_json(each, f"{path}[{i}]", problems, depth + 1)
    elif isinstance(value, dict):
        for name, each in value.items():
            if isinstance(name, str):
                _check_text(name, path, problems)
                _check_json(each, f"{path}.{name}", problems, depth + 1)
            else:
                problems.append(Problem(path, f"has the name {name!r}, which is not text"))
    elif value is not None and not isinstance(value, (bool, int, float)):
        problems.append(Problem(path, f"holds {type(value).__name__}, which JSON cannot"))


def schema() -> dict[str, Any]:
    """JSON Schema, draft 2020-12. plan.schema.json beside this module is the same."""
    every = [
        each
        for each in vars(parts).values()
        if isinstance(each, type) and issubclass(each, Part) and each not in (Part, PlanDocument)
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Personal education plan",
        **_schema_of(PlanDocument),
        "$defs": {each.__name__: _schema_of(each) for each in every},
    }


def _schema_of(part: type[Any]) -> dict[str, Any]:
    properties = {slot.name: _schema_of_slot(slot) for slot in _slots(part)}
    if part is PlanDocument:
        properties["format"] = {"const": FORMAT}
    described = {"description": part.__doc__} if part.__doc__ and not part.__doc__.startswith(part.__name__) else {}
    return {
        "type": "object",
        **described,
        "properties": properties,
        "required": [slot.name for slot in _slots(part) if slot.is_required],
        "additionalProperties": True,
    }


def _schema_of_slot(slot: _Slot) -> dict[str, Any]:
    simple: dict[Any, dict[str, Any]] = {
        str: {"type": "string"},
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        date: {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        time: {"type": "string", "pattern": r"^\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$"},
        Any: {},
    }
    found: dict[str, Any] = (
        dict(simple[slot.kind]) if slot.kind in simple else {"$ref": f"#/$defs/{slot.kind.__name__}"}
    )
    if slot.is_list:
        found = {"type": "array", "items": found}
    elif slot.may_be_null and "type" in found:
        found["type"] = [found["type"], "null"]
    elif slot.may_be_null and "$ref" in found:
        found = {"anyOf": [found, {"type": "null"}]}
    return found | ({"description": slot.description} if slot.description else {})
