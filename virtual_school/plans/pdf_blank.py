"""The empty form of a template document, to print and fill in by hand."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from .pdf_words import spoken

_STAGES = {
    "before_meeting": "Before the meeting",
    "in_meeting": "In the meeting",
    "after_meeting": "After the meeting",
}
_REQUIRED = {
    "before_meeting": "needed before the meeting",
    "before_submit": "needed before the plan is sent in",
}
_SHORT = ("text", "number", "percent", "money", "date", "yes_no", "school")
_ROWS = 4
_WIDEST = 9
"""More columns than these do not fit side by side: each row becomes a card."""

_KNOWN_TABLES: dict[str, list[str]] = {
    "targets": [
        "What will be better",
        "How: what, when, where, how often",
        "Who",
        "By when",
        "How we will know",
    ],
    "actions": ["What", "Who", "By when"],
    "attendance": ["Term", "Sessions possible", "Present", "Authorised", "Unauthorised"],
}


def content(
    template: Mapping[str, Any], authority_name: str, owner: str, sections: Collection[str] | None
) -> dict[str, Any]:
    name = str(template.get("name") or "Personal education plan")
    printed = [
        _section(each)
        for each in template.get("sections", ())
        if each.get("is_on", True)
        and (not owner or each.get("owner") == owner)
        and (sections is None or each.get("key") in sections)
    ]
    whose = f", part of the {spoken(owner).lower()}" if owner else ""
    return {
        "title": f"{name}{whose}: blank form",
        "running": f"{name}{whose}",
        "council": authority_name,
        "heading": name,
        "sub": f"Blank form to fill in by hand{whose}",
        "sections": printed,
    }


def _section(section: Mapping[str, Any]) -> dict[str, Any]:
    notes = [
        _STAGES.get(section.get("stage", ""), ""),
        f"for the {spoken(section['owner']).lower()}" if section.get("owner") else "",
        f"about {section['minutes']} minutes" if section.get("minutes") else "",
        "only if it applies" if section.get("shown_when") else "",
    ]
    return {
        "title": str(section.get("title", "")),
        "note": ", ".join(filter(None, notes)),
        "hint": str(section.get("hint", "")),
        "for_child": str(section.get("note_for_child", "")),
        "fields": [_field(each) for each in section.get("fields", ()) if each.get("is_on", True)],
    }


def _field(field: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(field.get("kind", "text"))
    columns = [str(each.get("label", "")) for each in field.get("columns", ())] or _KNOWN_TABLES.get(kind, [])
    choices = _choices(field.get("choices", ()))
    hints = [
        str(field.get("hint", "")),
        "Only if it applies." if field.get("shown_when") else "",
    ]
    return {
        "label": str(field.get("label", "")),
        "hint": " ".join(filter(None, hints)),
        "required": _REQUIRED.get(str(field.get("required", "")), ""),
        "kind": "cards" if len(columns) > _WIDEST else "table" if columns else kind,
        "short": kind in _SHORT or (kind in ("choice", "scale") and 0 < sum(map(len, choices)) < 45),
        "choices": choices,
        "columns": columns,
        "rows": min(_ROWS if len(columns) <= _WIDEST else 3, field.get("limit") or _ROWS) if columns else 0,
    }


def _choices(choices: Sequence[Any]) -> list[str]:
    return [str(each.get("label", "")) if isinstance(each, Mapping) else str(each) for each in choices]
