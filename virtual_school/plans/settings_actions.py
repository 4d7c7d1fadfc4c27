"""Changing an authority's forms and its policy for plans. What is wrong is said in words, and nothing is half saved."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.audit.actions import record
from virtual_school.authorities.models import Authority, PolicyVersion
from virtual_school.authorities.policy import set_part, withdraw_part
from virtual_school.authorities.refreshing import work_out_again
from virtual_school.design.dates import in_full

from .library import library_template
from .models import Plan, PlanTemplate
from .opening import template_in_force
from .policy import FaultyPolicy, plan_policy
from .refused import Refused
from .settings_policy import faults_of_rights
from .template import Template
from .template_document import from_document, to_document
from .template_edits import laid_over
from .template_faults import FaultyTemplate
from .template_versions import (
    LaidAgain,
    bring_into_force,
    is_draft,
    laid_again,
    start_of_draft,
    versions_of,
)

State = PlanTemplate.State
PART = "plans"
"""Of `PolicyVersion.choices`."""


def _alone(authority: Authority, phase: str) -> None:
    """One change of a phase's forms at a time, to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s), %s)", [f"plans.form.{phase}", authority.code])


def _tell(row: PlanTemplate, what: str, by: User, **told: Any) -> None:
    record(f"plan form {what}", by=by.pk, authority=row.authority_id, phase=row.phase, version=row.version, **told)


def newer_edition(row: PlanTemplate) -> LaidAgain:
    """The shipped form of today with the edits of a version laid over it again."""
    return laid_again(library_template(row.phase), row.edits)


@transaction.atomic
def start_draft(*, authority: Authority, phase: str, from_library: bool = False, by: User) -> PlanTemplate:
    """A draft from the version in force; `from_library`: from the shipped edition of today, edits laid over again."""
    _alone(authority, phase)
    current = template_in_force(authority, phase, by.name)
    rows = versions_of(authority, phase)
    waiting = next((row for row in rows if row.state == State.DRAFT), None)
    if waiting is not None:
        begun = "is to come into force" if waiting.starts else "is being changed already"
        raise Refused(f"Version {waiting.version} {begun}. Go on with that one, or discard it first.")
    lost = 0
    if from_library:
        again = newer_edition(current)
        template, edits, lost = again.template, list(again.kept), len(again.lost)
    else:
        template, edits = from_document(current.content), list(current.edits)
    draft = PlanTemplate.objects.create(
        authority=authority,
        phase=phase,
        version=max(row.version for row in rows) + 1,
        name=template.name,
        state=State.DRAFT,
        library_version=template.edition,
        edits=edits,
        content=to_document(template),
        by_name=by.name,
    )
    _tell(draft, "draft started", by, edition=template.edition, edits=len(edits), lost=lost)
    return draft


def _draft(draft: PlanTemplate, seen: int | None) -> PlanTemplate:
    """The row, locked, as it stood when the page was made."""
    _alone(draft.authority, draft.phase)
    held = PlanTemplate.objects.select_for_update().filter(pk=draft.pk).first()
    if held is None:
        raise Refused("This draft is no longer there: somebody has discarded it.")
    if not is_draft(held):
        raise Refused("This version is no longer a draft, so it cannot be changed. Start a new draft from it.")
    if seen is not None and seen != len(held.edits):
        raise Refused("Somebody else has changed this draft in the meantime. Look at it again, then make your change.")
    return held


@transaction.atomic
def edit_draft(
    *, draft: PlanTemplate, edits: Sequence[Mapping[str, Any]], by: User, seen: int | None = None
) -> PlanTemplate:
    """All of the edits, or none: raises FaultyTemplate with what is wrong. `seen`: how many stood when looked at."""
    held = _draft(draft, seen)
    template = laid_over(from_document(held.content), edits)
    held.content, held.edits, held.name = to_document(template), [*held.edits, *map(dict, edits)], template.name
    held.save(update_fields=["content", "edits", "name"])
    _tell(held, "changed", by, edits=[edit["edit"] for edit in edits], count=len(held.edits))
    return held


@transaction.atomic
def undo_edit(*, draft: PlanTemplate, by: User, seen: int | None = None) -> PlanTemplate:
    """The form as it was before the last edit of this draft."""
    held = _draft(draft, seen)
    start = start_of_draft(held, versions_of(held.authority, held.phase))
    if start is None:
        raise Refused("The edition of the library this draft was made from is no longer held. Start a new draft.")
    form, began = start
    if len(held.edits) <= began:
        raise Refused("Nothing is changed in this draft yet.")
    template = laid_over(form, held.edits[began:-1])
    held.content, held.edits, held.name = to_document(template), held.edits[:-1], template.name
    held.save(update_fields=["content", "edits", "name"])
    _tell(held, "change undone", by, count=len(held.edits))
    return held


@transaction.atomic
def discard_draft(*, draft: PlanTemplate, by: User) -> None:
    held = _draft(draft, None)
    _tell(held, "draft discarded", by, edits=len(held.edits))
    held.delete()


@transaction.atomic
def put_in_force(
    *, draft: PlanTemplate, starts: date, by: User, seen: int | None = None, today: date | None = None
) -> PlanTemplate:
    """From that day on plans are opened with this version. Those open before keep theirs."""
    today = today or timezone.localdate()
    held = _draft(draft, seen)
    if starts < today:
        raise Refused(f"It can be in force from {in_full(today)} on, not from an earlier day.")
    from_document(held.content)
    held.starts, held.by_name = starts, by.name
    if starts == today:
        bring_into_force(held)
    held.save(update_fields=["starts", "by_name"])
    _tell(held, "put in force", by, starts=starts.isoformat())
    return held


@transaction.atomic
def take_back(*, version: PlanTemplate, by: User) -> PlanTemplate:
    """A version whose day has not come, or with which no plan was opened yet, is a draft again."""
    _alone(version.authority, version.phase)
    held = PlanTemplate.objects.select_for_update().get(pk=version.pk)
    rows = versions_of(held.authority, held.phase)
    if held.state == State.IN_FORCE:
        before = max((row for row in rows if row.state == State.RETIRED), key=lambda row: row.version, default=None)
        if before is None or Plan.objects.filter(authority=held.authority_id, template=held).exists():
            raise Refused("Plans are open with this version, so it stays. Start a new draft to change it.")
        held.state, held.starts = State.DRAFT, None
        held.save(update_fields=["state", "starts"])
        before.state = State.IN_FORCE
        before.save(update_fields=["state"])
    elif held.state == State.DRAFT and held.starts is not None:
        held.starts = None
        held.save(update_fields=["starts"])
    else:
        raise Refused("This version is not in force and not to come, so there is nothing to take back.")
    _tell(held, "taken back", by)
    return held


def tried(template: Template, edits: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """What is wrong with the edits, in words; empty where they can be made."""
    try:
        laid_over(template, edits)
    except FaultyTemplate as faulty:
        return faulty.faults
    return ()


@transaction.atomic
def set_plan_policy(
    *, authority: Authority, starts: date, choices: Mapping[str, Any], why: str, by: User
) -> PolicyVersion:
    """`choices` as `PolicyVersion.choices["plans"]` holds them, whole. Raises FaultyPolicy."""
    plan_policy(choices)
    if faults := list(faults_of_rights(choices.get("rights", {}))):
        raise FaultyPolicy(" ".join(faults))
    version = set_part(authority, PART, starts=starts, choices=choices, why=why, by_id=by.pk, by_name=by.name)
    work_out_again(authority.code)
    return version


@transaction.atomic
def withdraw_plan_policy(*, version: PolicyVersion, by: User) -> None:
    withdraw_part(version, PART, by_id=by.pk)
    work_out_again(version.authority_id)
