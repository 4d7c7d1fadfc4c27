"""What the pages of voice name, for each child of the cast; and a browser in which a child types a hand-over code."""

import datetime
import uuid
from typing import Any

from django.test import Client
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import Claims, service
from virtual_school.voice import handover
from virtual_school.voice.models import AlertReader, Ask, Entry, Outcome, Promise, VoiceAlert, VoiceAnswer

from .cast import BORCHESTER, Arguments, Cast

CYCLE = "2026/27-autumn"


def entry_of(cast: Cast, relation: str) -> Entry:
    """Shared with everybody in the meeting, with something asked for, an answer to it and a promise."""
    child = cast.children[relation]
    if ("entry", child.pk) not in cast.records:
        cast.records["entry", child.pk] = _made(cast, relation)
    return cast.records["entry", child.pk]


def _made(cast: Cast, relation: str) -> Entry:
    child, now = cast.children[relation], timezone.now()
    of: dict[str, Any] = {"authority": child.authority, "child": child}
    teacher = cast.users[Role.DESIGNATED_TEACHER] if child.authority_id == BORCHESTER else cast.other_head
    with acting(service(child.authority_id)):
        entry = Entry.objects.create(
            cycle=CYCLE, state="shared", set_offered="ks3", set_used="ks3", set_version="1", first_shared_at=now,
            shown={"first_name": child.forename, "people": []}, **of,
        )  # fmt: skip
    with acting(Claims(voice_entry=entry.pk)):
        answer = VoiceAnswer.objects.create(
            entry=entry, number=1, set_key="ks3", set_version="1", question_key="k3.ask", text_shown="What do you want?",
            language_shown="en", raw={"text": "Art club"}, words="Art club", author="child", answered_at=now,
            seen_by=["everyone_in_meeting"], **of,
        )  # fmt: skip
        cast.records["ask", child.pk] = ask = Ask.objects.create(entry=entry, answer=answer, cycle=CYCLE, **of)
        alert = VoiceAlert.objects.create(entry=entry, source="button", is_urgent=True, **of)
        AlertReader.objects.create(entry=entry, alert=alert, person=cast.other_head, known_as="Sam", rank=1, **of)
        cast.records["alert", child.pk] = alert
    with acting(service(child.authority_id)):
        cast.records["outcome", child.pk] = Outcome.objects.create(
            entry=entry, ask=ask, kind="agreed", words="You can go to art club.", by_name=teacher.name, **of
        )
        cast.records["promise", child.pk] = Promise.objects.create(
            entry=entry, ask=ask, what="Art club on Thursdays", person=teacher, person_name=teacher.name,
            due_on=timezone.localdate() + datetime.timedelta(days=7), **of,
        )  # fmt: skip
    return entry


def give_code(cast: Cast, client: Client) -> None:
    """The right a code carries, to an entry of its own that nobody else names. Given again: a page may take it away."""
    child = cast.children["own"]
    if "sitting" not in cast.records:
        with acting(service(child.authority_id)):
            entry = Entry.objects.create(
                authority=child.authority, child=child, cycle="2025/26-summer", set_offered="ks3", set_used="ks3",
                set_version="1", shown={"first_name": child.forename, "people": []},
            )  # fmt: skip
        cast.records["sitting"] = handover.begin(child.authority_id, entry.pk, None)
    client.cookies[handover.COOKIE] = cast.records["sitting"]


def _of_entry(cast: Cast, relation: str) -> dict[str, Any]:
    return {"public_id": cast.children[relation].public_id, "entry_id": entry_of(cast, relation).public_id}


def _record(cast: Cast, relation: str, kind: str) -> Any:
    entry_of(cast, relation)
    return cast.records[kind, cast.children[relation].pk]


ARGUMENTS: dict[str, Arguments] = {
    "voice:first_page": lambda cast, relation: {"number": 2},
    "voice:question": lambda cast, relation: {"number": 1},
    "voice:mat": lambda cast, relation: {"number": 1},
    "voice:card": lambda cast, relation: {"number": 1, "place": 1},
    "voice:practice_card": lambda cast, relation: {"place": 1},
    "voice:set": lambda cast, relation: {"key": "ks2"},
    "voice:preview": lambda cast, relation: {"key": "ks2"},
    "voice:withdraw_policy": lambda cast, relation: {"pk": 0},
    "voice:media": lambda cast, relation: {"media_id": uuid.uuid4()},
    "voice:not_first": lambda cast, relation: {"alert_id": _record(cast, "own", "alert").public_id},
    "voice:told": lambda cast, relation: {"alert_id": _record(cast, "own", "alert").public_id},
    **dict.fromkeys(["voice:entry", "voice:add_reading", "voice:read"], _of_entry),
    "voice:answer_media": lambda cast, relation: {**_of_entry(cast, relation), "media_id": uuid.uuid4()},
    "voice:outcome_told": lambda cast, relation: {
        **_of_entry(cast, relation), "outcome_id": _record(cast, relation, "outcome").pk,
    },
    **dict.fromkeys(
        ["voice:promise", "voice:promise_close"],
        lambda cast, relation: {"promise_id": _record(cast, relation, "promise").public_id},
    ),
    **dict.fromkeys(
        ["voice:alert", "voice:alert_close", "voice:alert_second"],
        lambda cast, relation: {"alert_id": _record(cast, relation, "alert").public_id},
    ),
    "voice:remove_pack": lambda cast, relation: {"pack_id": uuid.uuid4()},
    **dict.fromkeys(
        ["voice:pack_picture", "voice:my_picture"], lambda cast, relation: {"pack_id": uuid.uuid4(), "key": "bus"}
    ),
    "voice:remove_child_pack": lambda cast, relation: {
        "public_id": cast.children[relation].public_id, "pack_id": uuid.uuid4(),
    },
    "voice:child_picture": lambda cast, relation: {
        "public_id": cast.children[relation].public_id, "pack_id": uuid.uuid4(), "key": "bus",
    },
}  # fmt: skip
