"""Answers as people read them, by the kind of their field."""

from datetime import date
from typing import Any

from virtual_school.design.dates import in_full
from virtual_school.design.money import pounds

from .template import Field, is_empty

ATTENDANCE_COLUMNS = (
    Field(key="term", label="Term", kind="text"),
    Field(key="possible", label="Sessions possible", kind="number"),
    Field(key="present", label="Present", kind="number"),
    Field(key="authorised", label="Authorised absence", kind="number"),
    Field(key="unauthorised", label="Unauthorised absence", kind="number"),
)
"""What is typed while no attendance record is held here."""


def columns_of(asked: Field) -> tuple[Field, ...]:
    return ATTENDANCE_COLUMNS if asked.kind == "attendance" else asked.columns


def in_rows(asked: Field) -> bool:
    return asked.kind in {"table", "attendance", "targets", "actions"}


def words_of(asked: Field, value: Any) -> str:
    """Empty for no answer. Rows stand one a line."""
    if is_empty(value):
        return ""
    if in_rows(asked) and isinstance(value, list):
        return "\n".join(filter(None, (row_words(asked, row) for row in value)))
    if asked.kind in {"choice", "scale", "choices"}:
        labels = {choice.value: choice.label for choice in asked.choices}
        several = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(one, str(one)) for one in several)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if asked.kind == "date":
        return day_words(value)
    if asked.kind == "money" and isinstance(value, int):
        return f"£{pounds(value)}"
    if asked.kind == "percent":
        return f"{value}%"
    if asked.kind == "file" and isinstance(value, list):
        return ", ".join(str(one.get("name", "")) for one in value)
    return str(value)


def row_words(asked: Field, row: dict[str, Any]) -> str:
    """The first column leads; the others follow with their labels."""
    told = [(column.label, words_of(column, row.get(column.key))) for column in columns_of(asked)]
    told = [(label, words) for label, words in told if words]
    if not told:
        return ""
    first, *rest = told
    return first[1] + "".join(f" · {label}: {words}" for label, words in rest)


def day_words(value: Any) -> str:
    try:
        return in_full(date.fromisoformat(value))
    except (TypeError, ValueError):
        return str(value)
