"""The form of one section, made from the template's fields. What is valid is saved even where something else is not."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from virtual_school.design.forms import (
    CharacterCount,
    Checkboxes,
    DateField,
    MoneyField,
    NumberInput,
    Radios,
    Textarea,
    TextInput,
)

from .answer_words import columns_of
from .template import Field, is_empty

BLANK_ROWS = 2
MOST_ROWS = 200
LONGEST = 20_000
"""No field holds more characters: a guard, not a limit anybody should meet."""

PANELS = frozenset({"targets", "actions", "voice"})
"""Kinds with a place of their own: shown in a section, not typed in its form."""

FEW = 6
"""Up to so many choices stand as radios."""


def name_of(key: str) -> str:
    """The name in the page: attendance.plan is attendance__plan."""
    return key.replace(".", "__")


def key_of(name: str) -> str:
    return name.replace("__", ".", 1)


def typed(asked: Field) -> bool:
    return asked.kind not in PANELS


def form_field(asked: Field, *, short: bool = False) -> forms.Field:
    """`short`: a column of a table. Nothing is required while writing: what is missing, the plan says."""
    told: dict[str, Any] = {"label": asked.label, "help_text": asked.hint, "required": False}
    kind = asked.kind
    if kind == "long_text":
        widget = CharacterCount(asked.limit, rows=4) if asked.limit and not short else Textarea(rows=2 if short else 4)
        return forms.CharField(widget=widget, max_length=LONGEST, **told)
    if kind in {"choice", "scale"}:
        choices = [(choice.value, choice.label) for choice in asked.choices]
        if short or len(choices) > FEW:
            return forms.ChoiceField(choices=[("", ""), *choices], widget=forms.Select, **told)
        return forms.ChoiceField(choices=choices, widget=Radios(small=True), **told)
    if kind == "choices":
        choices = [(choice.value, choice.label) for choice in asked.choices]
        return forms.MultipleChoiceField(choices=choices, widget=Checkboxes(small=True), **told)
    if kind == "yes_no":
        return forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")], widget=Radios(inline=True, small=True), **told)
    if kind == "date":
        return DateField(**told)
    if kind == "money":
        return MoneyField(**told)
    if kind in {"number", "percent"}:
        limits = {"min_value": 0, "max_value": 100} if kind == "percent" else {}
        widget = NumberInput(width=5, suffix="%" if kind == "percent" else "")
        return forms.DecimalField(widget=widget, **limits, **told)
    if kind == "file":
        return forms.FileField(**told)
    return forms.CharField(widget=TextInput(width=10 if short else None), max_length=LONGEST, **told)


def to_form(asked: Field, value: Any) -> Any:
    """An answer as the form's field takes it."""
    if asked.kind == "yes_no":
        return {True: "yes", False: "no"}.get(value, "")
    if asked.kind == "date":
        try:
            return date.fromisoformat(value) if value else None
        except (TypeError, ValueError):
            return None
    if asked.kind == "choices":
        return value if isinstance(value, list) else []
    return value


def to_answer(asked: Field, value: Any) -> Any:
    """What the form gives, as an answer holds it: JSON."""
    if value in (None, "", []):
        return None
    if asked.kind == "yes_no":
        return value == "yes"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return value


def as_shown(asked: Field, value: Any) -> Any:
    """What the form sends back for an answer nobody touched: what it cannot show is left out."""
    if columns_of(asked):
        rows = value if isinstance(value, list) else []
        return [
            {column.key: as_shown(column, row.get(column.key)) for column in columns_of(asked)}
            for row in rows
            if isinstance(row, dict)
        ]
    if asked.kind in {"choice", "scale"}:
        return value if value in {choice.value for choice in asked.choices} else None
    if asked.kind == "choices":
        return [one for one in (value or []) if one in {choice.value for choice in asked.choices}]
    if asked.kind == "yes_no":
        return value if isinstance(value, bool) else None
    if asked.kind == "date":
        return to_answer(asked, to_form(asked, value))
    return value


def mark_of(value: Any, reason: str = "") -> str:
    """A short mark of an answer as a page shows it: 9 and "9" are the same there, so are no rows and blank rows."""
    shown = json.dumps([_shown(value), _shown(reason)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(shown.encode()).hexdigest()[:12]


def _shown(value: Any) -> Any:
    if is_empty(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return [_shown(part) for part in value if not is_empty(part)]
    if isinstance(value, dict):
        return {key: _shown(part) for key, part in value.items() if not is_empty(part)}
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\r\n", "\n").strip()


@dataclass
class Written:
    """By field key: the answer, the reason where blank, and the revision the writer had before them."""

    values: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)


class RowForm(forms.Form):
    """One row of a table."""

    marks_optional = False

    def __init__(self, asked: Field, number: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"{name_of(asked.key)}-{number}", auto_id="f_%s", **kwargs)
        self.asked = asked
        self.number = number
        for column in columns_of(asked):
            self.fields[column.key] = form_field(column, short=True)
        self.fields["remove"] = forms.BooleanField(label="Remove this row", required=False)

    def columns(self) -> list[forms.BoundField]:
        return [self[column.key] for column in columns_of(self.asked)]

    @property
    def remove_field(self) -> forms.BoundField:
        return self["remove"]

    @property
    def row(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        found = {column.key: to_answer(column, cleaned.get(column.key)) for column in columns_of(self.asked)}
        return {key: value for key, value in found.items() if value is not None}


class SectionForm(forms.Form):
    """`values` and `reasons` by field key. `extra` blank rows a table, beyond the usual."""

    marks_optional = False

    def __init__(
        self,
        fields: Iterable[Field],
        *,
        values: Mapping[str, Any],
        reasons: Mapping[str, str],
        data: Any = None,
        files: Any = None,
        extra: int = 0,
    ) -> None:
        self.asked = {asked.key: asked for asked in fields if typed(asked)}
        initial = {name_of(key): to_form(asked, values.get(key)) for key, asked in self.asked.items()}
        super().__init__(data, files, initial=initial, auto_id="f_%s")
        self.rows: dict[str, list[RowForm]] = {}
        for key, asked in self.asked.items():
            if columns_of(asked):
                self.rows[key] = self._row_forms(asked, values.get(key), extra)
            else:
                self.fields[name_of(key)] = form_field(asked)
            if asked.may_be_reasoned and asked.required != "never":
                self.fields[f"why-{name_of(key)}"] = forms.CharField(
                    label="Why it cannot be filled in",
                    required=False,
                    widget=Textarea(rows=2),
                    initial=reasons.get(key, ""),
                    max_length=LONGEST,
                )

    def _row_forms(self, asked: Field, value: Any, extra: int) -> list[RowForm]:
        held = value if isinstance(value, list) else []
        if self.is_bound:
            given = self.data.get(f"rows-{name_of(asked.key)}", "")
            count = min(int(given), MOST_ROWS) if given.isdecimal() and len(given) < 4 else 0
        else:
            most = min(asked.limit or MOST_ROWS, MOST_ROWS)
            count = max(len(held), min(len(held) + BLANK_ROWS + extra, most))
        columns = columns_of(asked)
        found = []
        for n in range(count):
            row = held[n] if n < len(held) and isinstance(held[n], dict) else {}
            initial = {column.key: to_form(column, row.get(column.key)) for column in columns}
            found.append(RowForm(asked, n, self.data if self.is_bound else None, initial=initial))
        return found

    @property
    def row_errors(self) -> dict[str, list[RowForm]]:
        return {key: bad for key, rows in self.rows.items() if (bad := [row for row in rows if row.errors])}

    def answers(self, *, removing: bool = True) -> dict[str, Any]:
        """By key, every answer that is valid. A table with a faulty row is left out as a whole."""
        self.is_valid()
        found: dict[str, Any] = {}
        faulty = self.row_errors
        for key, asked in self.asked.items():
            if key in self.rows:
                if key not in faulty and self._was_sent(key):
                    kept = [r.row for r in self.rows[key] if not (removing and r.cleaned_data.get("remove"))]
                    found[key] = [row for row in kept if not is_empty(row)] or None
            elif name_of(key) not in self.errors and asked.kind != "file" and self._was_sent(key):
                found[key] = to_answer(asked, self.cleaned_data.get(name_of(key)))
        return found

    def _was_sent(self, key: str) -> bool:
        """A box left unticked sends nothing, so the page sends a mark for every field it showed."""
        return f"was-{name_of(key)}" in self.data

    def reasons(self) -> dict[str, str]:
        return {
            key: self.cleaned_data.get(f"why-{name_of(key)}", "")
            for key in self.asked
            if f"why-{name_of(key)}" in self.fields and self._was_sent(key)
        }

    def written(self, *, removing: bool = True) -> "Written":
        """What the writer changed: a field left as it was shown is none of theirs, whatever others did since."""
        self.is_valid()
        reasons = self.reasons()
        written = Written()
        for key, value in self.answers(removing=removing).items():
            revision, _, mark = self.data.get(f"was-{name_of(key)}", "").partition("-")
            reason = reasons.get(key, "")
            if mark == mark_of(value, reason):
                continue
            written.values[key] = value
            written.reasons[key] = reason
            written.seen[key] = int(revision) if revision.isdecimal() and len(revision) < 9 else 0
        return written

    def faults(self) -> dict[str, str]:
        """What could not be saved, by the name in the page, in words."""
        found = {name: " ".join(self[name].messages) for name in self.errors if name in self.fields}
        for rows in self.row_errors.values():
            for row in rows:
                bad = [name for name in row.errors if name in row.fields]
                found |= {row.add_prefix(name): " ".join(row[name].messages) for name in bad}
        return found
