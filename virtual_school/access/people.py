"""The list of people: who holds or held which role in the authorities the reader manages."""

from dataclasses import dataclass
from datetime import date

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.utils import timezone

from .models import Membership, User

STATES = {"active": ("Active", "green"), "invited": ("Invited", "orange"), "ended": ("Ended", "grey")}


@dataclass(frozen=True, slots=True)
class RoleHeld:
    membership: Membership
    state: str

    @property
    def tag(self) -> tuple[str, str]:
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class PersonListed:
    user: User
    roles: tuple[RoleHeld, ...]


def memberships_in(authorities: tuple[int, ...]) -> QuerySet[Membership]:
    return Membership.objects.filter(authority__in=authorities).select_related("user", "authority")


def state_of(membership: Membership, with_account: set[int], on: date) -> str:
    if membership.ends is not None and membership.ends <= on:
        return "ended"
    return "active" if membership.user_id in with_account else "invited"


def people_in(authorities: tuple[int, ...], *, role: str = "", state: str = "", words: str = "") -> list[PersonListed]:
    """By name, each once with the roles that fit; a person with roles in several of these authorities too."""
    found = memberships_in(authorities)
    if role:
        found = found.filter(role=role)
    for word in words.split():
        found = found.filter(Q(user__name__icontains=word) | Q(user__email__icontains=word))
    return group(found.order_by("user__name", "user_id", "-starts", "pk"), state=state)


def group(memberships: QuerySet[Membership], *, state: str = "") -> list[PersonListed]:
    today = timezone.localdate()
    held = list(memberships)
    ids = {one.user_id for one in held}
    with_account = set(
        EmailAddress.objects.filter(user_id__in=ids, verified=True).values_list("user_id", flat=True)
    ) | {one.user_id for one in held if one.user.is_invented}
    people: dict[int, list[RoleHeld]] = {}
    for one in held:
        role = RoleHeld(one, state_of(one, with_account, today))
        if not state or role.state == state:
            people.setdefault(one.user_id, []).append(role)
    return [PersonListed(roles[0].membership.user, tuple(roles)) for roles in people.values()]
