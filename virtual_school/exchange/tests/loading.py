"""Takes files in as the command does."""

import uuid
from datetime import date
from pathlib import Path

from virtual_school.authorities.models import Authority
from virtual_school.exchange import kinds
from virtual_school.exchange.actions import apply_now
from virtual_school.exchange.changes import Changes
from virtual_school.exchange.models import Import
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

CODE = 330
TODAY = date(2026, 11, 24)


def take_in(kind: str, authority: Authority, path: Path) -> tuple[Changes, Import]:
    context = uuid.uuid4()
    with acting(service(authority.code), context=context, action=f"import {kind}"):
        changes = kinds.look(kind, authority, [path], TODAY)
        return changes, apply_now(authority, changes, [path.name], context, TODAY)


def look_at(kind: str, authority: Authority, path: Path) -> Changes:
    with acting(service(authority.code), action="test"):
        return kinds.look(kind, authority, [path], TODAY)
