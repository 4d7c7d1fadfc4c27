"""What the pages of a child's record change. Each change is told in the log, and the duties follow it at once."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.audit.actions import record
from virtual_school.children.models import Child, Evidence, Involvement, Sensitivity
from virtual_school.duties.actions import refresh_children

ROLL_CHECK = "VS-08"


@transaction.atomic
def record_evidence(child: Child, *, duty: str, on: date, note: str = "", by: User) -> Evidence:
    evidence = Evidence.objects.create(
        authority_id=child.authority_id, child=child, duty=duty, on=on, note=note, by_name=by.name
    )
    if duty == ROLL_CHECK:
        _keep_roll_check(child)
    record("evidence.recorded", by=by.pk, authority=child.authority_id, child=child.pk, duty=duty, evidence=evidence.pk)
    refresh_children(child.authority_id, [child.pk])
    return evidence


@transaction.atomic
def withdraw_evidence(evidence: Evidence, *, by: User) -> None:
    """It stays on the record as withdrawn. Withdrawing again changes nothing."""
    _set_withdrawn(evidence, is_withdrawn=True, by=by)


@transaction.atomic
def put_back_evidence(evidence: Evidence, *, by: User) -> None:
    _set_withdrawn(evidence, is_withdrawn=False, by=by)


def _set_withdrawn(evidence: Evidence, *, is_withdrawn: bool, by: User) -> None:
    changed = Evidence.objects.filter(pk=evidence.pk, withdrawn_at__isnull=is_withdrawn).update(
        withdrawn_at=timezone.now() if is_withdrawn else None
    )
    if not changed:
        return
    child = evidence.child
    if evidence.duty == ROLL_CHECK:
        _keep_roll_check(child)
    record(
        "evidence.withdrawn" if is_withdrawn else "evidence.put_back",
        by=by.pk,
        authority=child.authority_id,
        child=child.pk,
        duty=evidence.duty,
        evidence=evidence.pk,
    )
    refresh_children(child.authority_id, [child.pk])


def _keep_roll_check(child: Child) -> None:
    held = Evidence.objects.filter(
        authority_id=child.authority_id, child=child, duty=ROLL_CHECK, withdrawn_at__isnull=True
    )
    child.roll_checked_on = held.order_by("-on").values_list("on", flat=True).first()
    child.save(update_fields=["roll_checked_on"])


@transaction.atomic
def undo_end_of_involvement(involvement: Involvement, *, by: User) -> None:
    """Raises ValidationError where the person holds the role again by now."""
    try:
        with transaction.atomic():
            Involvement.objects.filter(pk=involvement.pk).update(ends=None)
    except IntegrityError as error:
        raise ValidationError("They hold this role for the child again already.") from error
    record(
        "involvement.end_undone",
        by=by.pk,
        authority=involvement.authority_id,
        child=involvement.child_id,
        involved=involvement.person_id,
        as_role=involvement.role,
    )


@transaction.atomic
def set_sensitive(child: Child, *, kind: str, why: str = "", by: User) -> None:
    """From then on only named people, and those cleared for the authority, see the child. "" takes it away."""
    if kind:
        Sensitivity.objects.update_or_create(
            authority_id=child.authority_id,
            child=child,
            defaults={"kind": kind, "why": why},
            create_defaults={"kind": kind, "why": why, "since": timezone.localdate()},
        )
    elif not Sensitivity.objects.filter(authority_id=child.authority_id, child=child).delete()[0]:
        return
    record("child.sensitivity_set", by=by.pk, authority=child.authority_id, child=child.pk, kind=kind or "none")
