"""Tokens of programs: made, found again by their secret, withdrawn."""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from virtual_school.access.actions import hash_of
from virtual_school.access.models import User
from virtual_school.access.person import Person
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record
from virtual_school.authorities.models import Authority
from virtual_school.identity.seal import Claims, service
from virtual_school.schools.models import Enrolment

from .models_api import ApiToken, Verb

LONGEST = timedelta(days=366)
BEGINS = "vs_"
SHOWN = 7


def new_secret() -> str:
    """256 random bits. What it begins with lets it be found where it was kept by mistake."""
    return BEGINS + secrets.token_urlsafe(32)


@transaction.atomic
def make_token(
    *,
    by: User,
    authority: Authority,
    name: str,
    verbs: Sequence[str],
    expires_on: date,
    urn: int | None = None,
    told: str = ApiToken.Told.REGISTER,
) -> tuple[ApiToken, str]:
    """The token and its secret, which is not kept and cannot be shown again."""
    today = timezone.localdate()
    if not today < expires_on <= today + LONGEST:
        raise ValidationError({"last_day": "A token is for a year at most."})
    if urn is not None and (Verb.READ in verbs or told != ApiToken.Told.REGISTER):
        raise ValidationError({"verbs": "A school’s system sends the marks of its register and reads nothing."})
    secret = new_secret()
    token = ApiToken.objects.create(
        authority=authority,
        urn=urn,
        name=name,
        verbs=sorted(verbs),
        told=told,
        secret_hash=hash_of(secret),
        begins=secret[:SHOWN],
        made_by_name=by.name,
        expires_on=expires_on,
    )
    _record("token.made", token, by)
    return token, secret


@transaction.atomic
def withdraw_token(*, by: User, token: ApiToken) -> bool:
    """From the next call on. False when it had been withdrawn already."""
    changed = ApiToken.objects.filter(pk=token.pk, withdrawn_at=None).update(
        withdrawn_at=timezone.now(), withdrawn_by_name=by.name
    )
    if changed:
        _record("token.withdrawn", token, by)
    return bool(changed)


@transaction.atomic
def withdraw_all(*, by: User, authority: Authority) -> int:
    """Switches every program of an authority off at once."""
    return sum(withdraw_token(by=by, token=token) for token in open_tokens().filter(authority=authority))


def _record(action: str, token: ApiToken, by: User) -> None:
    record(
        action, by=by.pk, authority=token.authority_id, token=str(token.public_id), urn=token.urn, verbs=token.verbs
    )  # fmt: skip


def open_tokens() -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(withdrawn_at=None, expires_on__gt=timezone.localdate())


def token_of(secret: str) -> ApiToken | None:
    return open_tokens().filter(secret_hash=hash_of(secret)).first()


def claims_of(token: ApiToken) -> Claims:
    """As the service for the authority. A school's system may name pupils of any: which of them count, the roll of
    the school says."""
    if token.urn is None:
        return service(token.authority_id)
    return service(*Authority.objects.values_list("code", flat=True))


def tokens_seen_by(person: Person) -> QuerySet[ApiToken]:
    """Of the authorities whose people this person manages; and those of schools where pupils of theirs are, made by
    another authority."""
    managed = person.authorities_where(Permission.PEOPLE_WRITE)
    return ApiToken.objects.filter(Q(authority__in=managed) | _of_their_schools(managed)).select_related("authority")


def _of_their_schools(authorities: Sequence[int]) -> Q:
    """Who may see no child sees no roll, and so none of these."""
    today = timezone.localdate()
    on_roll = Enrolment.objects.filter(
        Q(ends=None) | Q(ends__gt=today), authority__in=authorities, starts__lte=today, school__isnull=False
    )
    return Q(urn__in=on_roll.values("school_id"))
