"""The shipped library of templates: sections stand once, and each phase lists those it uses."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from virtual_school.plans.conditions import PHASES
from virtual_school.plans.contents import CONTENTS
from virtual_school.plans.template import FORMAT, Template
from virtual_school.plans.template_document import from_document

SHELF = Path(__file__).parent


@cache
def library_template(phase: str) -> Template:
    """The shipped template of a phase. Raises KeyError for an unknown phase."""
    if phase not in PHASES:
        raise KeyError(f"There is no phase called {phase!r}.")
    return from_document(_document(tomllib.loads((SHELF / f"phase_{phase}.toml").read_text("utf-8"))))


def templates() -> tuple[Template, ...]:
    """One for each phase."""
    return tuple(library_template(phase) for phase in PHASES)


def _document(phase: dict[str, Any]) -> dict[str, Any]:
    shared = _shared_sections()
    changes = phase.pop("change", {})
    not_asked = phase.pop("does_not_apply", {})
    for key in changes:
        if key not in phase["sections"]:
            raise KeyError(f"The phase {phase['phase']} changes the section {key!r}, which it does not list.")
    sections = [_section(shared[key], changes.get(key, {})) for key in phase.pop("sections")]
    all_why = not_asked.pop("all", "")
    if all_why:
        not_asked = dict.fromkeys(CONTENTS, all_why)
        for section in sections:
            for field in section["fields"]:
                field["statutory"] = []
    return {
        "format": FORMAT,
        **phase,
        "sections": sections,
        "does_not_apply": [{"number": number, "why": why} for number, why in not_asked.items()],
    }


def _section(shared: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    without = {f"{shared['key']}.{name}" for name in change.get("without", ())}
    fields = [field for field in shared["fields"] if field["key"] not in without]
    if len(fields) + len(without) != len(shared["fields"]):
        raise KeyError(f"The section {shared['key']!r} does not have all of {', '.join(sorted(without))}.")
    return {
        **shared,
        **{name: value for name, value in change.items() if name != "without"},
        "fields": [dict(field) for field in fields],
    }


@cache
def _shared_sections() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(SHELF.glob("sections_*.toml")):
        for section in tomllib.loads(path.read_text("utf-8"))["section"]:
            if section["key"] in found:
                raise KeyError(f"The section {section['key']!r} stands twice in the library.")
            found[section["key"]] = {
                **{name: value for name, value in section.items() if name != "field"},
                "fields": list(_fields(section["field"], f"{section['key']}.")),
            }
    return found


def _fields(fields: list[dict[str, Any]], prefix: str) -> Iterator[dict[str, Any]]:
    for field in fields:
        made = {**field, "key": f"{prefix}{field['key']}"}
        if "choices" in field:
            made["choices"] = [{"value": value, "label": label} for value, label in field["choices"]]
        if "columns" in field:
            made["columns"] = list(_fields(field["columns"], ""))
        yield made
