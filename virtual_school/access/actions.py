"""Letting people in and out: invitations, roles given and ended."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from virtual_school.audit.actions import record

from .models import Invitation, Membership, Role, User
from .person import person_of
from .roles import Permission
from .sign_ins import end_sessions, log

INVITATION_DAYS = 7
AT_A_SCHOOL = frozenset({Role.DESIGNATED_TEACHER, Role.DELEGATE})

DATED = frozenset({Role.INSPECTOR})

RoleChanged = Callable[[Membership, "User | None"], None]
ON_ROLE_ENDED: list[RoleChanged] = []
ON_ROLE_GIVEN_BACK: list[RoleChanged] = []
"""What else must happen when a role ends (a social worker is then no longer around any child) or is given back.
It concerns records of apps above this one, which may not be imported here: each adds its function in its
AppConfig.ready. They run in the same transaction, in the order added."""


class NotAllowed(ValidationError):
    """Somebody tried to give or end a role they may not; the words are for them."""


def check_may_change(by: User | None, user: User | None, authority: int) -> None:
    """The service itself (`by` is None) may. A person may only where they manage people, and never for themselves."""
    if by is None:
        return
    if authority not in person_of(by).authorities_where(Permission.PEOPLE_WRITE):
        raise NotAllowed("You do not manage the people of this authority.")
    if user is not None and user.pk == by.pk:
        raise NotAllowed("You cannot change your own roles: ask a colleague who manages people.")


@transaction.atomic
def invite(
    *,
    by: User | None,
    name: str,
    email: str,
    role: str,
    authority: int,
    urn: int | None = None,
    ends: date | None = None,
) -> tuple[Membership, str]:
    """Gives the role, and sends an invitation to somebody who has no account yet.

    `ends` is the first day without the role, which an inspector's must have. The second value is the link of the
    invitation, "" for somebody who signs in already. Raises NotAllowed or ValidationError.
    """
    if (urn is not None) != (role in AT_A_SCHOOL):
        raise ValidationError({"urn": "Name the school for a designated teacher or their colleague, and only then."})
    user = User.objects.annotate(address=Lower("email")).filter(address=email.lower()).first()
    check_may_change(by, user, authority)
    if user is None:
        user = User.objects.create_user(email.lower(), name)
    if not user.is_active:
        raise ValidationError({"email": "The account with this address has been closed."})
    today = timezone.localdate()
    if role in DATED and ends is None:
        raise ValidationError({"last_day": "Say when this role ends: it is for the days of an inspection only."})
    if ends is not None and ends <= today:
        raise ValidationError({"last_day": "The last day must be today or later."})
    held = open_roles(user).filter(authority=authority, urn=urn, role=role).first()
    if held and has_account(user):
        raise ValidationError({"role": f"{user.name} holds this role already."})
    membership = held or Membership.objects.create(
        user=user,
        authority_id=authority,
        urn=urn,
        role=role,
        starts=today,
        ends=ends,
        given_by_name=by.name if by else "",
    )
    _record("role.given", membership, by)
    if has_account(user):
        _mail(user, "role_given", {"role": membership.get_role_display(), "link": settings.BASE_URL})
        return membership, ""
    return membership, send_invitation(by=by, user=user, authority=authority)


def has_account(user: User) -> bool:
    return EmailAddress.objects.filter(user=user, verified=True).exists()


@transaction.atomic
def send_invitation(*, by: User | None, user: User, authority: int) -> str:
    """A new link by mail; links sent before no longer work. Gives the link."""
    check_may_change(by, user, authority)
    if has_account(user):
        raise ValidationError(f"{user.name} has accepted an invitation already.")
    Invitation.objects.filter(user=user, accepted_at=None).delete()
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    Invitation.objects.create(
        user=user,
        token_hash=hash_of(token),
        expires_at=now + timedelta(days=INVITATION_DAYS),
        sent_by_name=by.name if by else "",
    )
    record("invitation.sent", by=by.pk if by else None, authority=authority, person=user.pk)
    link = settings.BASE_URL.rstrip("/") + reverse("access:accept_invitation", args=[token])
    _mail(user, "invitation", {"link": link, "days": INVITATION_DAYS, "by": by.name if by else ""})
    return link


@transaction.atomic
def cancel_invitation(*, by: User | None, user: User, authority: int) -> None:
    """The link no longer works, and the roles the person had not yet taken up here are ended."""
    check_may_change(by, user, authority)
    Invitation.objects.filter(user=user, accepted_at=None).delete()
    record("invitation.withdrawn", by=by.pk if by else None, authority=authority, person=user.pk)
    for membership in open_roles(user).filter(authority=authority):
        end_role(by=by, membership=membership)


@transaction.atomic
def start_afresh(*, by: User | None, user: User, authority: int) -> str:
    """For somebody who lost their second step: closes the account's old ways in and sends an invitation, with
    which they choose a new password and a new second step. Nobody else sets either for them. Gives the link."""
    check_may_change(by, user, authority)
    if not has_account(user):
        raise ValidationError(f"{user.name} has not accepted an invitation yet: send it again.")
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    end_sessions(user)
    record("account.started_afresh", by=by.pk if by else None, authority=authority, person=user.pk)
    return send_invitation(by=by, user=user, authority=authority)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_invitation(token: str) -> Invitation | None:
    """The invitation this link is for, unless it was used, replaced or is older than a week."""
    return (
        Invitation.objects.select_related("user")
        .filter(token_hash=hash_of(token), accepted_at=None, expires_at__gt=timezone.now(), user__is_active=True)
        .first()
    )


@transaction.atomic
def accept_invitation(*, token: str, name: str, password: str) -> User | None:
    """The account of the invitation, ready to sign in; None when somebody was faster with the same link."""
    found = Invitation.objects.select_for_update().filter(
        token_hash=hash_of(token), accepted_at=None, expires_at__gt=timezone.now()
    )
    invitation = found.first()
    if invitation is None:
        return None
    user = invitation.user
    user.name = name
    user.set_password(password)
    user.save(update_fields=["name", "password"])
    EmailAddress.objects.update_or_create(user=user, defaults={"email": user.email, "verified": True, "primary": True})
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now())
    log("invitation.accepted", user)
    return user


@transaction.atomic
def end_role(*, by: User | None, membership: Membership) -> Membership:
    """From now on: roles are read afresh for each request, and the person's sessions end as well."""
    check_may_change(by, membership.user, _authority(membership))
    today = timezone.localdate()
    membership.ends = max(today, membership.starts)
    changed = Membership.objects.filter(pk=membership.pk, ends=None).update(ends=membership.ends)
    if changed:
        _record("role.ended", membership, by)
        for follow in ON_ROLE_ENDED:
            follow(membership, by)
        end_sessions(membership.user)
    return membership


@transaction.atomic
def give_back_role(*, by: User | None, membership: Membership) -> Membership:
    """Undoes `end_role`, on the same day only: later, the person is given the role anew."""
    check_may_change(by, membership.user, _authority(membership))
    if membership.ends != timezone.localdate():
        raise ValidationError("This role ended before today. Give it anew.")
    if open_roles(membership.user).filter(authority=membership.authority, urn=membership.urn, role=membership.role):
        raise ValidationError(f"{membership.user.name} holds this role already.")
    membership.ends = None
    Membership.objects.filter(pk=membership.pk).update(ends=None)
    _record("role.given_back", membership, by)
    for follow in ON_ROLE_GIVEN_BACK:
        follow(membership, by)
    return membership


def open_roles(user: User) -> QuerySet[Membership]:
    today = timezone.localdate()
    return Membership.objects.filter(user=user).filter(Q(ends__isnull=True) | Q(ends__gt=today))


@transaction.atomic
def end_all_sessions(*, by: User, user: User, authority: int) -> int:
    check_may_change(by, None, authority)
    ended = end_sessions(user)
    record("account.sessions_ended", by=by.pk, authority=authority, person=user.pk, sessions=ended)
    return ended


def _authority(membership: Membership) -> int:
    """A role at a school that no authority gave belongs to none: only the service changes it."""
    return membership.authority_id or 0


def _record(action: str, membership: Membership, by: User | None) -> None:
    record(
        action,
        by=by.pk if by else None,
        authority=membership.authority_id,
        person=membership.user_id,
        given=membership.role,
        urn=membership.urn,
    )


def _mail(user: User, template: str, context: dict[str, object]) -> None:
    """Says nothing about any child. Sent when the change is kept, and only then."""
    subject = render_to_string(f"access/email/{template}_subject.txt", context).strip()
    body = render_to_string(f"access/email/{template}.txt", {**context, "name": user.name})
    transaction.on_commit(lambda: send_mail(subject, body, None, [user.email]))
