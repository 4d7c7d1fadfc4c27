"""A designated teacher lets a colleague write for a pupil. Never the signature."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from virtual_school.access.actions import has_account, invite, open_roles
from virtual_school.access.models import Membership, Role, User
from virtual_school.audit.actions import record
from virtual_school.children.actions import end_involvement, involve
from virtual_school.children.models import Child, Involvement

from .models import Delegation, Plan

WHY = "Asked by the designated teacher to help with the plan"
"""Why such an involvement stands. It marks those that follow from a delegation."""


def delegate(
    *, child: Child, plan: Plan, email: str, name: str, sections: Sequence[str], by: User, shares_domain: bool
) -> Delegation:
    """`sections`: keys, none for all of the school's. Raises ValidationError with words for the page.

    The colleague's role and their sight of the child follow in the queue, where the service acts.
    """
    address = email.strip().lower()
    if address == by.email.lower():
        raise ValidationError({"email": "Give a colleague’s address, not your own."})
    if shares_domain and address.rpartition("@")[2] != by.email.lower().rpartition("@")[2]:
        ending = by.email.rpartition("@")[2]
        raise ValidationError({"email": f"A colleague’s address must end like yours: @{ending}"})
    user = User.objects.annotate(address=Lower("email")).filter(address=address).first()
    if user is not None and not user.is_active:
        raise ValidationError({"email": "The account with this address has been closed."})
    if user is None:
        if not name.strip():
            raise ValidationError({"name": "Enter your colleague’s name: they have no account yet."})
        user = User.objects.create_user(address, name.strip())
    if Delegation.objects.filter(child=child, to=user, ends__isnull=True).exists():
        raise ValidationError({"email": f"{user.name} helps with this plan already. End that first to change it."})
    delegation = Delegation.objects.create(
        authority_id=child.authority_id,
        child=child,
        by=by,
        to=user,
        sections=list(sections),
        starts=timezone.localdate(),
    )
    record(
        "plan.delegated",
        by=by.pk,
        authority=child.authority_id,
        child=child.pk,
        plan=str(plan.public_id),
        to=user.pk,
        sections=list(sections),
    )
    return delegation


def end_delegation(delegation: Delegation, *, by: User) -> None:
    """They lose the plan at once; the rest follows in the queue."""
    changed = Delegation.objects.filter(pk=delegation.pk, ends__isnull=True).update(ends=timezone.localdate())
    if changed:
        record(
            "plan.delegation_ended",
            by=by.pk,
            authority=delegation.authority_id,
            child=delegation.child_id,
            to=delegation.to_id,
        )


def resume_delegation(delegation: Delegation, *, by: User) -> None:
    """Undoes an end of today."""
    if delegation.ends != timezone.localdate():
        raise ValidationError("This ended before today. Ask your colleague anew.")
    if Delegation.objects.filter(child=delegation.child_id, to=delegation.to_id, ends__isnull=True).exists():
        raise ValidationError(f"{delegation.to.name} helps with this plan already.")
    Delegation.objects.filter(pk=delegation.pk).update(ends=None)
    record(
        "plan.delegation_resumed",
        by=by.pk,
        authority=delegation.authority_id,
        child=delegation.child_id,
        to=delegation.to_id,
    )


def take_up(delegation_id: int) -> None:
    """Brings the colleague's role at the school and their involvement into step with the delegation."""
    delegation = Delegation.objects.select_related("child", "to", "by").filter(pk=delegation_id).first()
    if delegation is None:
        return
    today = timezone.localdate()
    child, person = delegation.child, delegation.to
    held = _involvement(child, person, today)
    is_open = Delegation.objects.filter(child=child, to=person, ends__isnull=True).exists()
    if not is_open:
        if held is not None and held.why == WHY:
            _end(held, today)
        return
    _give_role(delegation)
    if held is None:
        involve(child, person=person, role=Role.DELEGATE, starts=today, why=WHY, by=None)
    elif held.ends is not None:
        Involvement.objects.filter(pk=held.pk).update(ends=None)


def _involvement(child: Child, person: User, today: date) -> Involvement | None:
    rows = Involvement.objects.filter(child=child, person=person, role=Role.DELEGATE)
    return rows.filter(Q(ends__isnull=True) | Q(ends__gt=today)).order_by("-starts").first()


def _end(held: Involvement, today: date) -> None:
    """An involvement lasts a day at least: what began today is taken out, as if it had not been."""
    if held.starts >= today:
        Involvement.objects.filter(pk=held.pk).delete()
        record("involvement.ended", by=None, authority=held.authority_id, child=held.child_id, involved=held.person_id)
        return
    end_involvement(held, ends=max(today, held.starts + timedelta(days=1)), by=None)


def _give_role(delegation: Delegation) -> None:
    """The role at the school of the teacher who asked; an invitation goes out where there is no account yet."""
    today = timezone.localdate()
    urn = (
        Membership.objects.filter(
            user=delegation.by, role=Role.DESIGNATED_TEACHER, urn__isnull=False, starts__lte=today
        )
        .filter(Q(ends__isnull=True) | Q(ends__gt=today))
        .values_list("urn", flat=True)
    )
    enrolled = delegation.child.enrolments.filter(kind="main", ends__isnull=True).values_list("school_id", flat=True)
    at = sorted(set(urn) & set(enrolled)) or sorted(set(urn))
    if not at:
        return
    holds = open_roles(delegation.to).filter(role__in=[Role.DELEGATE, Role.DESIGNATED_TEACHER], urn=at[0]).exists()
    if holds and has_account(delegation.to):
        return
    invite(
        by=None,
        name=delegation.to.name,
        email=delegation.to.email,
        role=Role.DELEGATE,
        authority=delegation.authority_id,
        urn=at[0],
    )
