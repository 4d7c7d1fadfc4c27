"""Saving what people write. Words are never lost: whoever saves second over somebody else's words chooses."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.audit.actions import record

from .models import (
    Action,
    Answer,
    CostLine,
    Decision,
    Meeting,
    Plan,
    PlanSection,
    Signature,
    Target,
    TargetReview,
    UnmergedWords,
)  # fmt: skip
from .opened import OpenedPlan
from .template import Section, is_empty


@dataclass
class Saved:
    """`revisions`: how each field stands now. `conflicts`: fields somebody else had changed meanwhile."""

    revisions: dict[str, int] = field(default_factory=dict)
    conflicts: list[UnmergedWords] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def save_section(
    *, opened: OpenedPlan, section: Section, values: dict[str, Any], seen: dict[str, int], by: User,
    reasons: dict[str, str] | None = None,
) -> Saved:  # fmt: skip
    """`values` by field key; `seen` the revision of each field that the writer had before them (0: none).

    A field whose revision has moved on keeps what stands; the writer's words are kept beside it until chosen.
    """
    if not opened.may_write(section):
        raise PermissionDenied
    plan = Plan.objects.select_for_update().get(pk=opened.plan.pk)
    part = _part(plan, section)
    held = {
        answer.field_key: answer
        for answer in Answer.objects.select_for_update().filter(plan=plan, field_key__in=list(values))
    }
    saved = Saved()
    known = {asked.key for asked in section.fields}
    for key, value in values.items():
        if key not in known:
            raise PermissionDenied
        reason = (reasons or {}).get(key, "").strip()
        answer = held.get(key)
        if answer is None:
            if is_empty(value) and not reason:
                continue
            answer = Answer(
                authority_id=plan.authority_id,
                child_id=plan.child_id,
                plan=plan,
                section_key=section.key,
                field_key=key,
            )
            answer.revision = 0
        elif answer.value == value and answer.reason_if_blank == reason:
            saved.revisions[key] = answer.revision
            continue
        elif seen.get(key, 0) != answer.revision:
            saved.conflicts.append(_keep_beside(plan, key, value, seen.get(key, 0), by))
            saved.revisions[key] = answer.revision
            continue
        answer.value, answer.reason_if_blank = value, reason
        answer.source, answer.source_words, answer.is_confirmed = Answer.Source.TYPED, "", True
        answer.by_id, answer.by_name, answer.revision = by.pk, by.name, answer.revision + 1
        answer.save()
        saved.revisions[key] = answer.revision
        saved.changed.append(key)
    if saved.changed:
        _after_writing(plan, part, section, by)
    return saved


def _keep_beside(plan: Plan, key: str, value: Any, seen: int, by: User) -> UnmergedWords:
    """One row a person and field: typing on does not pile up copies."""
    words, _ = UnmergedWords.objects.update_or_create(
        plan=plan,
        field_key=key,
        by_id=by.pk,
        settled_at=None,
        defaults={
            "authority_id": plan.authority_id,
            "child_id": plan.child_id,
            "value": value,
            "based_on_revision": seen,
            "by_name": by.name,
        },
    )
    return words


def _part(plan: Plan, section: Section) -> PlanSection:
    part, _ = PlanSection.objects.get_or_create(
        authority_id=plan.authority_id,
        child_id=plan.child_id,
        plan=plan,
        key=section.key,
        defaults={"owner": section.owner},
    )
    return part


def _after_writing(plan: Plan, part: PlanSection, section: Section, by: User) -> None:
    PlanSection.objects.filter(pk=part.pk).update(
        state=PlanSection.State.IN_PROGRESS if part.state == PlanSection.State.NOT_STARTED else part.state,
        revision=F("revision") + 1,
    )
    if plan.state == Plan.State.OPEN:
        plan.state = Plan.State.IN_PROGRESS
        plan.clocks = {**plan.clocks, "begun_on": timezone.localdate().isoformat()}
        plan.save(update_fields=["state", "clocks"])
    withdraw_signatures(plan, f"{section.title} was changed by {by.name}")


def withdraw_signatures(plan: Plan, why: str) -> int:
    """A signature is for what stood there: changing it takes the signature away, and says so."""
    return Signature.objects.filter(plan=plan, withdrawn_at__isnull=True).update(
        withdrawn_at=timezone.now(), withdrawn_why=why
    )


def confirm_carried(*, opened: OpenedPlan, section: Section, field_key: str, by: User) -> None:
    """The writer says that words carried over from last time still hold."""
    if not opened.may_write(section):
        raise PermissionDenied
    Answer.objects.filter(plan=opened.plan, field_key=field_key, is_confirmed=False).update(
        is_confirmed=True, by_id=by.pk, by_name=by.name, revision=F("revision") + 1
    )


def settle(*, opened: OpenedPlan, section: Section, words: UnmergedWords, keep: Any, by: User) -> None:
    """Ends a conflict with the words chosen, which may be either's or both together."""
    if not opened.may_write(section):
        raise PermissionDenied
    answer = Answer.objects.select_for_update().get(plan=opened.plan, field_key=words.field_key)
    if answer.value != keep:
        answer.value, answer.by_id, answer.by_name, answer.source = keep, by.pk, by.name, Answer.Source.TYPED
        answer.revision += 1
        answer.save()
        withdraw_signatures(opened.plan, f"{section.title} was changed by {by.name}")
    UnmergedWords.objects.filter(pk=words.pk).update(settled_at=timezone.now())


def complete_section(*, opened: OpenedPlan, section: Section, by: User) -> list[str]:
    """Marks a section as done, unless required fields are blank or carried words unconfirmed: gives their labels."""
    if not opened.may_write(section):
        raise PermissionDenied
    left = [asked.label for asked in opened.left_in(section)]
    left += [a.label for a in section.fields if opened.is_unconfirmed(a.key) and a.label not in left]
    if left:
        return left
    part = _part(opened.plan, section)
    PlanSection.objects.filter(pk=part.pk).update(
        state=PlanSection.State.COMPLETE, completed_at=timezone.now(), completed_by_name=by.name
    )
    record(
        "plan.section_completed",
        by=by.pk,
        authority=opened.plan.authority_id,
        child=opened.plan.child_id,
        plan=str(opened.plan.public_id),
        section=section.key,
    )
    return []


def reopen_section(*, opened: OpenedPlan, section: Section, by: User) -> None:
    if not opened.may_write(section):
        raise PermissionDenied
    PlanSection.objects.filter(plan=opened.plan, key=section.key).update(
        state=PlanSection.State.IN_PROGRESS, completed_at=None, completed_by_name=""
    )


def content_hash(plan: Plan, *, with_money: bool = True) -> str:
    """Of everything written in the plan: what a signature is for. A carer, who sees no costs, signs without them."""
    return content_hashes([plan.pk], with_money=with_money)[plan.pk]


def content_hashes(plans: Sequence[int], *, with_money: bool = True) -> dict[int, str]:
    """The hash of each, in as many queries as for one."""
    rows: dict[int, list[list[object]]] = {pk: [] for pk in plans}

    def add(found: QuerySet[Any], of_plan: str, order: str, *fields: str) -> None:
        held = found.filter(**{f"{of_plan}__in": plans}).order_by(of_plan, order)
        for pk, *values in held.values_list(of_plan, *fields).iterator(chunk_size=5000):
            rows[pk].append(values)

    add(Answer.objects, "plan_id", "field_key", "field_key", "value", "reason_if_blank")
    add(Target.objects, "first_plan_id", "id", "id", "number", "outcome", "why", "how", "who", "due_on", "baseline",
        "measure", "success")  # fmt: skip
    add(TargetReview.objects, "plan_id", "id", "id", "target_id", "judged", "evidence", "impact")
    add(Action.objects, "plan_id", "id", "id", "what", "owner_id", "owner_name", "due_on")
    add(Decision.objects, "plan_id", "id", "id", "what", "dissent")
    add(Meeting.objects.filter(state="held"), "plan_id", "id", "id", "on", "notes", "dissent", "is_child_present")
    if with_money:
        add(CostLine.objects, "plan_id", "id", "id", "target_id", "fund", "what", "amount_pence", "provider")
    return {pk: _hashed(of_plan) for pk, of_plan in rows.items()}


def _hashed(rows: list[list[object]]) -> str:
    written = json.dumps(rows, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode()).hexdigest()
