"""A child of eight at school in Borchester, those around her, who reads worries there, and the steps of a sitting."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.utils import timezone

from virtual_school.access.models import Membership, Role, User
from virtual_school.access.tests.factories import MembershipFactory
from virtual_school.access.tests.signing_in import signed_in
from virtual_school.authorities.models import Authority
from virtual_school.children.models import Child, Involvement
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.voice.models import Entry, SafeguardingReader
from virtual_school.voice.tasks import show_people

CODE, URN = 890, 100890
AROUND = (
    Role.DESIGNATED_TEACHER, Role.DELEGATE, Role.SOCIAL_WORKER, Role.SOCIAL_WORK_MANAGER, Role.REVIEWING_OFFICER,
    Role.CARER, Role.PERSONAL_ADVISER, Role.YOUNG_PERSON,
)  # fmt: skip
STAFF = (Role.VIRTUAL_SCHOOL_HEAD, Role.ADVISER, Role.DATA_OFFICER, Role.NOMINATED_OFFICER, Role.INSPECTOR)
NOBODY_TO_HER = (Role.ADMINISTRATOR, Role.BOARD_MEMBER)


@dataclass
class World:
    authority: Authority
    child: Child
    users: dict[str, User]
    readers: dict[str, User]

    def client(self, role: str) -> Client:
        return signed_in(self.users[role])

    def reader(self, name: str) -> Client:
        return signed_in(self.readers[name])

    @property
    def url(self) -> str:
        return f"/children/{self.child.public_id}/voice/"

    def entry(self, **such: Any) -> Entry:
        with acting(service(CODE)):
            return Entry.objects.filter(child=self.child, **such).order_by("-attempt").first()


def make_world(*, born: datetime.date = datetime.date(2018, 3, 1)) -> World:
    long_ago = timezone.localdate() - datetime.timedelta(days=400)
    authority = Authority.objects.create(code=CODE, name="Borchester")
    users = {
        role: MembershipFactory(
            role=role, authority=authority, starts=long_ago,
            urn=URN if role in {Role.DESIGNATED_TEACHER, Role.DELEGATE} else None,
        ).user
        for role in (*AROUND, *STAFF, *NOBODY_TO_HER)
    }  # fmt: skip
    readers = {}
    for rank, name in enumerate(("Sam", "Jo"), 1):
        readers[name] = MembershipFactory(role=Role.ADMINISTRATOR, authority=authority, starts=long_ago).user
        _reads(authority, readers[name], name, rank, long_ago)
    _reads(authority, users[Role.VIRTUAL_SCHOOL_HEAD], "Helen", 3, long_ago)
    with acting(service(CODE)):
        child = Child.objects.create(
            authority=authority, local_id="77", forename="Maisie", surname="Reeve", born=born,
            search_text="maisie reeve",
        )  # fmt: skip
        for role in AROUND:
            if role != Role.YOUNG_PERSON:
                _is_around(child, users[role], role, long_ago)
    return World(authority, child, users, readers)


def give_account(world: World) -> None:
    """The child may sign in."""
    with acting(service(CODE)):
        _is_around(world.child, world.users[Role.YOUNG_PERSON], Role.YOUNG_PERSON, timezone.localdate())


def _is_around(child: Child, person: User, role: str, starts: datetime.date) -> None:
    Involvement.objects.create(authority_id=CODE, child=child, person=person, role=role, starts=starts)


def _reads(authority: Authority, person: User, name: str, rank: int, starts: datetime.date) -> None:
    SafeguardingReader.objects.create(authority=authority, person=person, known_as=name, rank=rank, starts=starts)


def role_of(user: User) -> Membership:
    return Membership.objects.get(user=user)


def hand_over(world: World, role: str = Role.DESIGNATED_TEACHER, **given: str) -> str:
    """The eight digits an adult is shown."""
    page = world.client(role).post(
        f"{world.url}start/",
        {"mode": "alone", "helper": "", "question_set": "ks2", "language": "en", "do": "code", **given},
    )
    assert page.status_code == 200 and page.context.get("code"), page.context["form"].errors
    show_people(CODE, world.entry().pk)  # as the worker does at once
    return page.context["code"].digits


def with_code(digits: str) -> Client:
    """A device on which the code was typed."""
    client = Client()
    answer = client.post("/my-school/", {"code": f"{digits[:4]} {digits[4:]}"})
    assert answer.status_code == 302, answer.context["error"]
    return client


def begun(world: World, **given: str) -> Client:
    client = with_code(hand_over(world, **given))
    assert client.get("/my-school/questions/").status_code == 302
    return client


def number_of(client: Client, key: str) -> int:
    keys = [question.key for question in client.get("/my-school/question/1/").context["my"].questions]
    return keys.index(key) + 1


def say(client: Client, key: str, **posted: Any) -> Any:
    return client.post(f"/my-school/question/{number_of(client, key)}/", {"do": "next", **posted})


def share(client: Client, **who: list[str]) -> Any:
    """By the question's key with _ for the dot, whom it is shared with."""
    rows = client.get("/my-school/who/").context["rows"]
    posted: dict[str, Any] = {"do": "share"}
    for row in rows:
        name = row["answer"].question_key.replace(".", "_")
        if name in who:
            posted[f"who_{row['answer'].pk}"] = who[name]
    return client.post("/my-school/who/", posted)
