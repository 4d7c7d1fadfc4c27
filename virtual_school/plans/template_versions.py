"""The versions of an authority's forms: which is in force, which is to come, and laying changes over a form again."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from virtual_school.authorities.models import Authority

from .library import library_template
from .models import Plan, PlanTemplate
from .template import Template
from .template_document import from_document, to_document
from .template_edits import OWN_PREFIX, laid_over
from .template_faults import FaultyTemplate

State = PlanTemplate.State
LONGEST_KEY = 40
Edit = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LaidAgain:
    """A form with an authority's edits laid over it one by one. `lost`: edits that no longer fit, each with why."""

    template: Template
    kept: tuple[Edit, ...]
    lost: tuple[tuple[Edit, str], ...]


@lru_cache(maxsize=256)
def _in_use(pk: int, made_at: datetime) -> Template:
    return from_document(PlanTemplate.objects.values_list("content", flat=True).get(pk=pk))


def template_of(plan: Plan) -> Template:
    """The form the plan was opened with. Such a version never changes again, so it is read once a process."""
    return _in_use(plan.template.pk, plan.template.made_at)


def templates_of(plans: Iterable[Plan]) -> dict[int, Template]:
    """Of many plans, by the form's own key."""
    rows = PlanTemplate.objects.filter(pk__in={plan.template_id for plan in plans})
    return {pk: _in_use(pk, made_at) for pk, made_at in rows.values_list("pk", "made_at")}


def laid_again(template: Template, edits: Iterable[Edit]) -> LaidAgain:
    kept: list[Edit] = []
    lost: list[tuple[Edit, str]] = []
    for edit in edits:
        try:
            template = laid_over(template, [edit])
        except FaultyTemplate as faulty:
            lost.append((edit, " ".join(fault.removeprefix("Change 1: ") for fault in faulty.faults)))
        else:
            kept.append(edit)
    return LaidAgain(template, tuple(kept), tuple(lost))


def shipped_version(authority: Authority, phase: str) -> PlanTemplate:
    """Version 1 of a phase nobody has opened a plan with yet: the shipped form. Not saved."""
    shipped = library_template(phase)
    return PlanTemplate(
        authority=authority,
        phase=phase,
        version=1,
        name=shipped.name,
        state=State.IN_FORCE,
        library_version=shipped.edition,
        content=to_document(shipped),
    )


def versions_of(authority: Authority, phase: str) -> list[PlanTemplate]:
    """The newest first."""
    rows = list(PlanTemplate.objects.filter(authority=authority, phase=phase).order_by("-version"))
    return rows or [shipped_version(authority, phase)]


def is_draft(row: PlanTemplate) -> bool:
    """Still being changed: nobody has said from which day it counts."""
    return row.state == State.DRAFT and row.starts is None


def is_to_come(row: PlanTemplate, today: date) -> bool:
    return row.state == State.DRAFT and row.starts is not None and row.starts > today


def in_force_of(rows: Sequence[PlanTemplate], today: date) -> PlanTemplate:
    """Of one phase's versions. One whose day has come counts, whether or not a plan was opened with it yet."""
    due = [row for row in rows if row.state == State.DRAFT and row.starts is not None and row.starts <= today]
    if due:
        return max(due, key=lambda row: (row.starts, row.version))
    return next((row for row in rows if row.state == State.IN_FORCE), rows[-1])


def settle(authority: Authority, phase: str, today: date) -> None:
    """Puts in force a version whose day has come."""
    due = list(
        PlanTemplate.objects.select_for_update()
        .filter(authority=authority, phase=phase, state=State.DRAFT, starts__lte=today)
        .order_by("starts", "version")
    )
    for row in due:
        bring_into_force(row)


def bring_into_force(row: PlanTemplate) -> None:
    """The one in force before is replaced; plans opened with it keep it."""
    PlanTemplate.objects.filter(authority=row.authority_id, phase=row.phase, state=State.IN_FORCE).update(
        state=State.RETIRED
    )
    row.state = State.IN_FORCE
    row.save(update_fields=["state", "starts"])


def start_of_draft(draft: PlanTemplate, rows: Sequence[PlanTemplate]) -> tuple[Template, int] | None:
    """The form as the draft began with it, and how many of the draft's edits were in it already.

    None where the edition it was made from is no longer shipped and no version tells how it was.
    """
    parents = [row for row in rows if row.version < draft.version and not is_draft(row)]
    same = [
        row
        for row in parents
        if row.library_version == draft.library_version and draft.edits[: len(row.edits)] == row.edits
    ]
    if same:
        nearest = max(same, key=lambda row: (len(row.edits), row.version))
        return from_document(nearest.content), len(nearest.edits)
    shipped = library_template(draft.phase)
    return (shipped, 0) if shipped.edition == draft.library_version else None


def own_key(section: str, label: str, taken: Iterable[str]) -> str:
    """The key of a question of the council's own: from its words, and never one used before."""
    words = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:LONGEST_KEY].strip("_") or "question"
    base = f"{section}.{OWN_PREFIX}{words}"
    used = set(taken)
    return base if base not in used else next(f"{base}_{n}" for n in range(2, 10_000) if f"{base}_{n}" not in used)


def keys_used(rows: Iterable[PlanTemplate]) -> set[str]:
    """Of every version: a key never takes another meaning."""
    return {field["key"] for row in rows for section in row.content["sections"] for field in section["fields"]}
