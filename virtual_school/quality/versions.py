"""Which rubric an authority rates by, since when, and the one it is preparing."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.audit.actions import record
from virtual_school.authorities.models import Authority
from virtual_school.plans.refused import Refused

from .models import RubricVersion
from .rubric import USUAL, Rubric, from_document, library, to_document

State = RubricVersion.State


def rubric_of(version: RubricVersion) -> Rubric:
    return from_document(version.content)


def versions_of(authority_id: int) -> list[RubricVersion]:
    return list(RubricVersion.objects.filter(authority=authority_id))


def in_force(authority_id: int) -> RubricVersion:
    """Until an authority chooses, a starting set of the library; that one is in no table until it is rated by."""
    held = RubricVersion.objects.filter(authority=authority_id, state=State.IN_FORCE).first()
    return held or RubricVersion(authority_id=authority_id, **_usual())


def rubric_over(authority_id: int, terms: Iterable[str]) -> Rubric:
    """The rubric in force, with what plans of these terms were rated by besides: criteria that were taken out since."""
    now = rubric_of(in_force(authority_id))
    found = {one.key: one for one in now.criteria if one.is_on}
    used = RubricVersion.objects.filter(authority=authority_id, ratings__term__in=list(terms)).distinct()
    for version in used.order_by("-version"):
        for one in rubric_of(version).criteria:
            if one.is_on:
                found.setdefault(one.key, one)
    return replace(now, criteria=tuple(found.values()))


def kept_in_force(authority_id: int) -> RubricVersion:
    """The same as a row that ratings and drafts can name."""
    held = in_force(authority_id)
    if held.pk is None:
        held, _ = RubricVersion.objects.get_or_create(authority_id=authority_id, version=1, defaults=_usual())
    return held


def _usual() -> dict[str, Any]:
    usual = library()[USUAL]
    return {"version": 1, "name": usual.name, "state": State.IN_FORCE, "content": to_document(usual)}


def draft_of(authority_id: int) -> RubricVersion | None:
    return RubricVersion.objects.filter(authority=authority_id, state=State.DRAFT).first()


def _alone(authority_id: int) -> None:
    """One change of an authority's rubric at a time, to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s), %s)", ["quality.rubric", authority_id])


def _tell(row: RubricVersion, what: str, by: User) -> None:
    record(f"rubric {what}", by=by.pk, authority=row.authority_id, version=row.version)


@transaction.atomic
def start_draft(*, authority: Authority, from_key: str, by: User) -> RubricVersion:
    """From the version in force (`from_key` empty) or from a starting set of the library."""
    _alone(authority.code)
    current = kept_in_force(authority.code)
    if draft_of(authority.code) is not None:
        raise Refused("A rubric is being prepared already. Go on with that one, or discard it first.")
    if from_key and from_key not in library():
        raise Refused("There is no such starting set.")
    rubric = library()[from_key] if from_key else rubric_of(current)
    newest = max(row.version for row in versions_of(authority.code))
    draft = RubricVersion.objects.create(
        authority=authority,
        version=newest + 1,
        name=rubric.name,
        content=to_document(rubric),
        by_name=by.name,
    )
    _tell(draft, "draft started", by)
    return draft


def _held(draft: RubricVersion) -> RubricVersion:
    _alone(draft.authority_id)
    held = RubricVersion.objects.select_for_update().filter(pk=draft.pk, state=State.DRAFT).first()
    if held is None:
        raise Refused("This rubric is no longer a draft: somebody has put it in force or discarded it.")
    return held


@transaction.atomic
def change_draft(*, draft: RubricVersion, rubric: Rubric, by: User) -> RubricVersion:
    """The rubric whole; `rubric.faults_of` was asked when it was made."""
    held = _held(draft)
    held.content, held.name = to_document(from_document(to_document(rubric))), rubric.name
    held.save(update_fields=["content", "name"])
    _tell(held, "changed", by)
    return held


@transaction.atomic
def discard_draft(*, draft: RubricVersion, by: User) -> None:
    held = _held(draft)
    _tell(held, "draft discarded", by)
    held.delete()


@transaction.atomic
def put_in_force(*, draft: RubricVersion, by: User) -> RubricVersion:
    """From today on plans are rated by it. Those rated before keep the result they were given."""
    held = _held(draft)
    RubricVersion.objects.filter(authority=held.authority_id, state=State.IN_FORCE).update(state=State.RETIRED)
    held.state, held.starts, held.by_name = State.IN_FORCE, timezone.localdate(), by.name
    held.save(update_fields=["state", "starts", "by_name"])
    _tell(held, "put in force", by)
    return held
