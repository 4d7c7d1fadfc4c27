"""The demonstration: anyone may be any invented person, so nothing real may be there."""

from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from virtual_school.authorities.models import Authority
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from .frame import school_name
from .models import Membership, Role, User
from .roles import RIGHTS

PEOPLE_A_ROLE = 4


class RealDataInDemo(Exception):
    """The demonstration was switched on where real children are; the words are for the administrator."""


def real_authorities_with_children() -> list[str]:
    """The names of authorities the demo did not make and that hold children."""
    real = list(Authority.objects.filter(is_invented=False))
    if not real:
        return []
    with acting(service(*[authority.code for authority in real]), action="demo: is anything real here"):
        # The children app stands above this one, so its model is asked for by name.
        children = apps.get_model("children", "Child").objects
        return [authority.name for authority in real if children.filter(authority=authority).exists()]


def refuse_real_data() -> None:
    """Asked when the service starts: in demo mode anyone signs in as anyone, without a password."""
    if settings.DEMO and (real := real_authorities_with_children()):
        raise RealDataInDemo(
            f"VIRTUAL_SCHOOL_DEMO is on, but {' and '.join(real)} holds children that the demonstration did not "
            "make. Anyone could sign in as anyone. Switch it off, or use an empty VIRTUAL_SCHOOL_HOME."
        )


@dataclass(frozen=True, slots=True)
class DemoPerson:
    user: User
    where: str


@dataclass(frozen=True, slots=True)
class DemoRole:
    label: str
    description: str
    people: tuple[DemoPerson, ...]


def may_be_played(user: AbstractBaseUser) -> bool:
    """Only somebody invented, and all whose roles are in invented authorities."""
    if not settings.DEMO or not getattr(user, "is_invented", False) or not user.is_active:
        return False
    return not Membership.objects.filter(user=user, authority__is_invented=False).exists()


def people_to_play() -> list[DemoRole]:
    """A few invented people for each role, in the order of the roles."""
    if not settings.DEMO:
        return []
    today = timezone.localdate()
    memberships = (
        Membership.objects.filter(user__is_invented=True, user__is_active=True, starts__lte=today, ends=None)
        .exclude(authority__is_invented=False)
        .exclude(user__email=None)
        .select_related("user", "authority")
        .order_by("pk")
    )
    shown: list[DemoRole] = []
    known: set[int] = set()
    for role, rights in RIGHTS.items():
        # Somebody with several roles stands under the one they sign in to.
        held = memberships.filter(role=role).exclude(user__in=known)[:PEOPLE_A_ROLE]
        known |= {one.user_id for one in held}
        holders = [DemoPerson(one.user, school_name(one.urn) if one.urn else str(one.authority)) for one in held]
        if holders:
            shown.append(DemoRole(str(role.label), rights.description, tuple(holders)))  # type: ignore[attr-defined]
    return shown


def try_out(authority: Authority) -> bool:
    """Marks an authority without children as invented, and gives it a head and a data officer to play.

    False where it holds children already: nobody can say afterwards that real ones are invented.
    """
    if not authority.is_invented:
        if apps.get_model("children", "Child").objects.filter(authority=authority).exists():
            return False
        Authority.objects.filter(pk=authority.pk).update(is_invented=True)
        authority.is_invented = True
    for role, name in ((Role.VIRTUAL_SCHOOL_HEAD, "Head on trial"), (Role.DATA_OFFICER, "Data officer on trial")):
        user, _ = User.objects.get_or_create(
            email=f"{role.replace('_', '.')}.{authority.pk}@trial.example",
            defaults={"name": f"{name}, {authority.name}", "is_invented": True},
        )
        Membership.objects.get_or_create(
            user=user, authority=authority, role=role, ends=None, defaults={"starts": timezone.localdate()}
        )
    return True
