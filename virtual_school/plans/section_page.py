"""One section as its page shows it: each field with where its answer came from, last term's beside it, and advice."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django import forms

from virtual_school.design.dates import in_full

from .advice import Advice, advise_field, advise_sdq
from .answer_words import words_of
from .conditions import condition_words, fields_asked
from .forms_writing import RowForm, SectionForm, as_shown, mark_of, name_of, typed
from .models import Answer
from .opened import OpenedPlan
from .sight import fields_seen, is_kept_from
from .template import REQUIRED, Field, Section, is_empty
from .wording import unchanged

WORDS_TO_COMPARE = 5
"""Shorter texts may well be the same each term."""


@dataclass
class FieldRow:
    asked: Field
    name: str
    words: str = ""
    bound: forms.BoundField | None = None
    rows: list[RowForm] = field(default_factory=list)
    reason_field: forms.BoundField | None = None
    reason: str = ""
    was: str = ""
    source: str = ""
    is_unconfirmed: bool = False
    is_left: bool = False
    asked_when: str = ""
    is_shown: bool = True
    advice: list[Advice] = field(default_factory=list)

    @property
    def place(self) -> str:
        return f"f_{self.name}"

    @property
    def required_words(self) -> str:
        return REQUIRED[self.asked.required] if self.asked.required != "never" else ""

    @property
    def has_rows(self) -> bool:
        return bool(self.rows)


@dataclass(frozen=True, slots=True)
class LastTerm:
    """One field of last term's section. `same`: the words of now are those of then."""

    label: str
    words: str
    same: bool = False


def section_of(opened: OpenedPlan, key: str) -> Section | None:
    return next((section for section in opened.sections if section.key == key), None)


def with_waiting(opened: OpenedPlan, section: Section) -> Section:
    """The section with the fields that wait for another answer of its own: the page says when they are asked."""
    whole = opened.template.section(section.key)
    assert whole is not None
    own = {asked.key for asked in whole.fields}
    shown = {asked.key for asked in section.fields}

    def waits(asked: Field) -> bool:
        needs = fields_asked(asked.shown_when)
        return bool(needs) and set(needs) <= own

    return replace(
        section,
        fields=tuple(
            f for f in whole.fields if f.is_on and (f.key in shown or waits(f)) and not is_kept_from(opened, f)
        ),
    )


def form_of(
    opened: OpenedPlan, section: Section, *, data: Any = None, files: Any = None, extra: int = 0
) -> SectionForm:
    return SectionForm(
        section.fields,
        values={key: answer.value for key, answer in opened.answers.items()},
        reasons={key: answer.reason_if_blank for key, answer in opened.answers.items()},
        data=data,
        files=files,
        extra=extra,
    )


def was(asked: Field, answer: Answer | None) -> str:
    """Revision and mark of a field as the page shows it: it comes back with what was typed."""
    if answer is None:
        return f"0-{mark_of(None)}"
    return f"{answer.revision}-{mark_of(as_shown(asked, answer.value), answer.reason_if_blank)}"


def source_of(answer: Answer | None) -> str:
    if answer is None:
        return ""
    if answer.source == Answer.Source.SERVICE:
        return f"From {answer.source_words}"
    if answer.source == Answer.Source.CARRIED:
        return (
            f"From {answer.source_words}: still true?"
            if not answer.is_confirmed
            else f"Kept from {answer.source_words}"
        )
    return ""


def rows_to_write(
    opened: OpenedPlan, section: Section, asked: Section, form: SectionForm, today: date, last: dict[str, Answer]
) -> list[FieldRow]:
    shown = {one.key for one in section.fields}
    left = {one.key for one in opened.left_in(section)}
    labels = opened.template.labels()
    found = []
    for one in asked.fields:
        name, answer = name_of(one.key), opened.answers.get(one.key)
        row = FieldRow(
            one,
            name,
            words=words_of(one, answer.value) if answer else "",
            was=was(one, answer),
            source=source_of(answer),
            reason=answer.reason_if_blank if answer else "",
            is_unconfirmed=bool(answer and not answer.is_confirmed),
            is_left=one.key in left,
            is_shown=one.key in shown,
            asked_when=condition_words(one.shown_when, labels) if one.shown_when and _waits(one) else "",
            advice=advice_on(opened, one, answer, last.get(one.key), today),
        )
        if typed(one):
            row.rows = form.rows.get(one.key, [])
            row.bound = form[name] if name in form.fields else None
            row.reason_field = form[f"why-{name}"] if f"why-{name}" in form.fields else None
        found.append(row)
    return found


def _waits(asked: Field) -> bool:
    return any(key.partition(".")[0] == asked.key.partition(".")[0] for key in fields_asked(asked.shown_when))


def rows_to_read(opened: OpenedPlan, section: Section) -> list[FieldRow]:
    found = []
    for one in fields_seen(opened, section):
        answer = opened.answers.get(one.key)
        found.append(
            FieldRow(
                one,
                name_of(one.key),
                words=_in_tables(opened, one) or (words_of(one, answer.value) if answer else ""),
                reason=answer.reason_if_blank if answer else "",
                source=source_of(answer),
            )
        )
    return found


def _in_tables(opened: OpenedPlan, asked: Field) -> str:
    """Targets and actions, one a line."""
    if asked.kind == "targets":
        told = [(one.outcome, one.who, one.due_on) for one in opened.plan.first_targets.all()]
    elif asked.kind == "actions":
        told = [(one.what, one.owner_name, one.due_on) for one in opened.plan.actions.all()]
    else:
        return ""
    return "\n".join(
        f"{n}. {what}{f' · {who}' if who else ''}{f' · by {in_full(on)}' if on else ''}"
        for n, (what, who, on) in enumerate(told, 1)
    )


def advice_on(
    opened: OpenedPlan, asked: Field, answer: Answer | None, last: Answer | None, today: date
) -> list[Advice]:
    value = answer.value if answer else None
    if asked.key == "wellbeing.sdq_strategies":
        return list(_advice_on_score(opened, today, str(value or "")))
    if asked.kind == "date" and isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return []
    return list(advise_field(asked, value, last.value if last else None, opened.plan.due_on))


def _advice_on_score(opened: OpenedPlan, today: date, strategies: str) -> tuple[Advice, ...]:
    def value(key: str) -> Any:
        answer = opened.answers.get(key)
        return answer.value if answer else None

    score, on = value("wellbeing.sdq_score"), value("wellbeing.sdq_on")
    try:
        scored_on = date.fromisoformat(on) if on else None
    except (TypeError, ValueError):
        scored_on = None
    return advise_sdq(score if isinstance(score, int) else None, scored_on, today, strategies=strategies)


def last_answers(opened: OpenedPlan, keys: set[str] | None = None) -> dict[str, Answer]:
    """Of the plan before this one, by field."""
    if opened.plan.previous_id is None:
        return {}
    rows = Answer.objects.filter(authority=opened.plan.authority_id, plan=opened.plan.previous_id)
    if keys is not None:
        rows = rows.filter(field_key__in=keys)
    return {answer.field_key: answer for answer in rows}


def last_term(opened: OpenedPlan, fields: tuple[Field, ...], last: dict[str, Answer]) -> list[LastTerm]:
    """The same fields in the same order; empty where there was no plan before."""
    if opened.plan.previous_id is None:
        return []
    found = []
    for one in fields:
        if not typed(one):
            continue
        before, now = last.get(one.key), opened.answers.get(one.key)
        words = words_of(one, before.value) if before else ""
        found.append(LastTerm(one.label, words, same=bool(words) and is_same(one, before, now)))
    return found


def is_same(asked: Field, before: Answer | None, now: Answer | None) -> bool:
    if before is None or now is None or is_empty(before.value) or is_empty(now.value):
        return False
    if asked.carry == "carry" or now.source == Answer.Source.SERVICE:
        return False  # what is meant to stay, or comes from the record, is not told
    if asked.kind in {"long_text", "text"}:
        then, today = words_of(asked, before.value), words_of(asked, now.value)
        return then == today or (len(today.split()) >= WORDS_TO_COMPARE and unchanged(then, today))
    return before.value == now.value
