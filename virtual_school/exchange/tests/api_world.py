"""Two authorities with pupils at the same school, and a way to call."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from virtual_school.access.person import person_of
from virtual_school.access.tests.factories import MembershipFactory
from virtual_school.attendance.models import MarkedDay
from virtual_school.authorities.actions import open_authority
from virtual_school.children.models import Child, FormerIdentifier
from virtual_school.exchange.models import ApiToken
from virtual_school.exchange.tokens import make_token
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.schools.models import Enrolment
from virtual_school.schools.tests.factories import SchoolFactory

BARNET, CAMDEN = 302, 202
MOORCROFT, ASHBY = 130001, 130002
ADDRESS = "/api/v1/attendance"
BORN = date(2012, 3, 27)
MONDAY = date(2026, 11, 2)
LEFT = date(2026, 10, 1)
UPNS = {
    "amy": "B801200005001",
    "ben": "P207000016049",
    "cara": "C801200005001",
    "dan": "D801200005001",
}


@dataclass
class World:
    """Amy (Barnet) and Cara (Camden) are at Moorcroft, Ben (Barnet) at Ashby; Dan (Camden) left Moorcroft."""

    children: dict[str, Child] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, ApiToken] = field(default_factory=dict)


def make_world() -> World:
    world = World()
    for code in (BARNET, CAMDEN):
        open_authority(code)
    for urn in (MOORCROFT, ASHBY):
        SchoolFactory(urn=urn, la_code=BARNET)
    of = {"amy": (BARNET, MOORCROFT), "ben": (BARNET, ASHBY), "cara": (CAMDEN, MOORCROFT), "dan": (CAMDEN, MOORCROFT)}
    for number, (name, (code, urn)) in enumerate(of.items()):
        with acting(service(code)):
            child = Child.objects.create(authority_id=code, local_id=f"10{number}", upn=UPNS[name], born=BORN)
            ends = LEFT if name == "dan" else None
            Enrolment.objects.create(authority_id=code, child=child, school_id=urn, starts=date(2025, 9, 1), ends=ends)
            world.children[name] = child
    with acting(service(BARNET)):
        FormerIdentifier.objects.create(
            authority_id=BARNET, child=world.children["ben"], kind="upn", value="Q207000016049", until=date(2026, 1, 1)
        )
    a_token(world, "barnet", BARNET, ["attendance:write", "attendance:read"])
    a_token(world, "calls", BARNET, ["attendance:write"], told="calls")
    a_token(world, "reads", CAMDEN, ["attendance:read"])
    a_token(world, "moorcroft", BARNET, ["attendance:write"], urn=MOORCROFT)
    return world


def a_token(world: World, name: str, code: int, verbs: list[str], **more: Any) -> None:
    by = MembershipFactory(authority_id=code).user
    with acting(person_of(by).claims):
        world.tokens[name], world.secrets[name] = make_token(
            by=by, authority=open_authority(code), name=name, verbs=verbs,
            expires_on=timezone.localdate() + timedelta(days=90), **more,
        )  # fmt: skip


def mark(who: str, am: str = "/", pm: str = "\\", day: date = MONDAY, **more: Any) -> dict[str, Any]:
    row = {"upn": UPNS[who], "date_of_birth": BORN.isoformat(), "date": day.isoformat(), "am": am, "pm": pm}
    return {**row, **more}


def send(secret: str, *rows: Any, key: str = "", body: dict[str, Any] | None = None) -> HttpResponse:
    headers = {"Authorization": f"Bearer {secret}"} | ({"Idempotency-Key": key} if key else {})
    sent = {"marks": list(rows)} if body is None else body
    return Client().post(ADDRESS, json.dumps(sent), content_type="application/json", headers=headers)


def get(secret: str, first: date = MONDAY, last: date = MONDAY) -> HttpResponse:
    return Client().get(
        f"{ADDRESS}?from={first.isoformat()}&to={last.isoformat()}", headers={"Authorization": f"Bearer {secret}"}
    )  # fmt: skip


def results(response: HttpResponse) -> list[str]:
    assert response.status_code == 200, response.content
    return [row["result"] for row in response.json()["rows"]]


def held(world: World) -> set[tuple[str, str, str, int]]:
    """Whose mark, of which school."""
    names = {child.pk: name for name, child in world.children.items()}
    with acting(service(BARNET, CAMDEN)):
        rows = MarkedDay.objects.values_list("child_id", "am", "pm", "urn")
        return {(names[child], am, pm, urn) for child, am, pm, urn in rows}
