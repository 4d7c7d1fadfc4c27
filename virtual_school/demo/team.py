"""The people around the children: the virtual school's own, social care's, schools' and carers."""

import unicodedata
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from virtual_school.access.models import Role, User
from virtual_school.authorities.models import Appointment
from virtual_school.children import bulk

from . import names
from .write import new_ids

CHILDREN_A_WORKER = 18
CHILDREN_A_REVIEWING_OFFICER = 65
LEAVERS_AN_ADVISER = 22
CHILDREN_AN_ADVISER = 121
CARERS_WHO_SIGN_IN = 6

NAMED: dict[str, tuple[str, ...]] = {
    Role.VIRTUAL_SCHOOL_HEAD: ("Helen Marsden",),
    Role.ADVISER: ("Priya Nair", "Tom Aldridge", "Grace Adeyemi", "Marcus Webb"),
    Role.DATA_OFFICER: ("Sam Oduya",),
    Role.ADMINISTRATOR: ("Joanne Fairhurst",),
    Role.NOMINATED_OFFICER: ("Karen Holt",),
    Role.BOARD_MEMBER: ("Clive Pemberton",),
    Role.INSPECTOR: ("Rachel Sinclair",),
    Role.SOCIAL_WORKER: ("Joe Kavanagh", "Danielle Frost"),
    Role.REVIEWING_OFFICER: ("Ruth Ellery",),
    Role.DESIGNATED_TEACHER: ("Asha Khan", "Miriam Stokes"),
    Role.PERSONAL_ADVISER: ("Winston Grant",),
}
"""Who they are in the authority of the walk-through; elsewhere every name is drawn."""


def mail_name(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower().replace("ł", "l"))
    return "".join(c if c.isalnum() and c.isascii() else "." if c == " " else "" for c in plain)


@dataclass
class Team:
    """People by their place in `users`; their ids are known once they are written."""

    rng: Random
    authority: int
    domain: str
    today: date
    is_pictured: bool = False
    only_head_signs_in: bool = False
    users: list[tuple[str, str | None]] = field(default_factory=list)
    memberships: list[tuple[int, int | None, int | None, str, date]] = field(default_factory=list)
    by_role: dict[str, list[int]] = field(default_factory=dict)
    carers: dict[str, int] = field(default_factory=dict)
    teachers: dict[int, int] = field(default_factory=dict)
    have_teachers: set[int] = field(default_factory=set)
    ids: list[int] = field(default_factory=list)
    _addresses: set[str] = field(default_factory=set)
    _since: date = field(init=False)

    def __post_init__(self) -> None:
        self._since = self.today - timedelta(days=1100)
        held = User.objects.filter(email__endswith=f"@{self.domain}").values_list("email", flat=True)
        self._addresses.update(address for address in held if address)

    def add(self, role: str, name: str = "", *, can_sign_in: bool = True, urn: int | None = None) -> int:
        there = self.by_role.setdefault(role, [])
        if not name:
            known = NAMED.get(role, ()) if self.is_pictured else ()
            name = known[len(there)] if len(there) < len(known) else names.adult_name(self.rng)
        if self.only_head_signs_in and urn is None and role != Role.VIRTUAL_SCHOOL_HEAD:
            can_sign_in = False
        place = len(self.users)
        self.users.append((name, self._address(name, urn) if can_sign_in else None))
        self.memberships.append((place, None if urn else self.authority, urn, role, self._since))
        there.append(place)
        return place

    def _address(self, name: str, urn: int | None) -> str:
        domain = f"school{urn}.example" if urn else self.domain
        first = mail_name(name)
        address, number = f"{first}@{domain}", 2
        while address in self._addresses:
            address, number = f"{first}{number}@{domain}", number + 1
        self._addresses.add(address)
        return address

    def hire(self, children: int, leavers: int) -> None:
        """Everybody but carers and teachers, in numbers that fit the children."""
        one_each = (
            Role.VIRTUAL_SCHOOL_HEAD, Role.DATA_OFFICER, Role.ADMINISTRATOR, Role.NOMINATED_OFFICER, Role.BOARD_MEMBER,
            Role.INSPECTOR,
        )  # fmt: skip
        for role in one_each:
            self.add(role)
        workers = max(2, -(-children // CHILDREN_A_WORKER))
        wanted = {
            Role.ADVISER: max(1, round(children / CHILDREN_AN_ADVISER)),
            Role.SOCIAL_WORKER: workers,
            Role.SOCIAL_WORK_MANAGER: max(1, workers // 6),
            Role.REVIEWING_OFFICER: max(1, -(-children // CHILDREN_A_REVIEWING_OFFICER)),
            Role.PERSONAL_ADVISER: max(1, -(-leavers // LEAVERS_AN_ADVISER)),
        }
        for role, number in wanted.items():
            for _ in range(number):
                self.add(role)

    def carer(self, name: str) -> int:
        if name not in self.carers:
            self.carers[name] = self.add(Role.CARER, name, can_sign_in=len(self.carers) < CARERS_WHO_SIGN_IN)
        return self.carers[name]

    def teacher(self, urn: int) -> None:
        """A designated teacher for a school that has none yet."""
        if urn not in self.teachers and urn not in self.have_teachers:
            self.teachers[urn] = self.add(Role.DESIGNATED_TEACHER, urn=urn)

    def write(self) -> None:
        now = timezone.now()
        self.ids = new_ids("access_user", len(self.users))
        bulk.insert(
            "access_user",
            ("id", "password", "last_login", "public_id", "email", "name", "is_active", "is_invented", "joined_at"),
            [
                (pk, "!", None, uuid.UUID(int=self.rng.getrandbits(128), version=4), email, name, True, True, now)
                for pk, (name, email) in zip(self.ids, self.users, strict=True)
            ],
        )
        bulk.insert(
            "account_emailaddress",
            ("user_id", "email", "verified", "primary"),
            [(pk, email, True, True) for pk, (_, email) in zip(self.ids, self.users, strict=True) if email],
        )
        bulk.insert(
            "access_membership",
            ("user_id", "authority_id", "urn", "role", "starts", "ends", "given_by_name"),
            [
                (self.ids[place], authority, urn, role, starts, None, "Demonstration")
                for place, authority, urn, role, starts in self.memberships
            ],
        )
        bulk.insert(
            "schools_designatedteacher",
            ("school_id", "person_id", "starts", "ends", "telephone"),
            [(urn, self.ids[place], self._since, None, "") for urn, place in self.teachers.items()],
        )

    def appoint(self, employer: str) -> None:
        kinds = (
            (Appointment.Kind.VIRTUAL_SCHOOL_HEAD, Role.VIRTUAL_SCHOOL_HEAD),
            (Appointment.Kind.PREVIOUSLY_LOOKED_AFTER, Role.ADVISER),
            (Appointment.Kind.NOMINATED_OFFICER, Role.NOMINATED_OFFICER),
        )
        bulk.insert(
            "authorities_appointment",
            ("authority_id", "kind", "post", "name", "email", "telephone", "employer", "starts", "ends"),
            [
                (self.authority, kind, 1, name, email or "", "", employer, self._since, None)
                for kind, role in kinds
                for name, email in [self.users[self.by_role[role][-1]]]
            ],
        )
