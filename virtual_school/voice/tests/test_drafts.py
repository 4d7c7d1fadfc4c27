"""What was not shared is seen by whoever wrote it and by nobody else: in the database, and on every page."""

import pytest
from django.db import connection

from virtual_school.access.models import Role
from virtual_school.access.person import person_of
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import Claims, service
from virtual_school.voice.models import Entry, VoiceAnswer

from .world import AROUND, CODE, NOBODY_TO_HER, STAFF, World, begun, say, share

pytestmark = pytest.mark.django_db
SECRET = "I hate break time"


def seen_as(claims: Claims) -> int:
    """By a bare statement, without any filter of ours."""
    with acting(claims), connection.cursor() as cursor:
        cursor.execute("select count(*) from voice_voiceanswer", [])
        return cursor.fetchone()[0]


def claims_of(world: World, role: str) -> Claims:
    return person_of(world.users[role]).claims


def test_a_draft_is_no_row_to_any_role_nor_to_the_service_itself(world: World) -> None:
    say(begun(world), "k2.hard", text=SECRET)
    seen = {role: seen_as(claims_of(world, role)) for role in (*AROUND, *STAFF, *NOBODY_TO_HER)}
    assert set(seen.values()) == {0}
    assert seen_as(service(CODE)) == 0
    assert seen_as(Claims(voice_entry=world.entry().pk)) == 1


def test_the_right_of_one_entry_opens_no_other(world: World) -> None:
    client = begun(world)
    say(client, "k2.hard", text=SECRET)
    with acting(service(CODE)):
        other = Entry.objects.create(authority_id=CODE, child=world.child, cycle="2025/26-summer")
    assert seen_as(Claims(voice_entry=other.pk)) == 0


def test_the_right_of_an_entry_shows_nothing_of_the_record(world: World) -> None:
    begun(world)
    claims = Claims(voice_entry=world.entry().pk)
    for table in ["children_child", "children_involvement", "plans_plan", "audit_read", "audit_change"]:
        with acting(claims), connection.cursor() as cursor:
            cursor.execute(f"select count(*) from {table}", [])
            assert cursor.fetchone()[0] == 0, table


@pytest.mark.parametrize("role", [*AROUND[:-1], *STAFF])
def test_no_page_shows_a_draft_to_any_adult(world: World, role: str) -> None:
    say(begun(world), "k2.hard", text=SECRET)
    client, entry = world.client(role), world.entry()
    pages = [world.url, f"{world.url}{entry.public_id}/", f"/children/{world.child.public_id}/history/"]
    for page in pages:
        assert SECRET not in client.get(page).content.decode()


def test_history_keeps_no_word_of_a_draft_not_even_when_it_is_deleted(world: World) -> None:
    client = begun(world)
    say(client, "k2.hard", text=SECRET)
    say(client, "k2.hard", text=SECRET + " a lot")
    with acting(Claims(voice_entry=world.entry().pk)), connection.cursor() as cursor:
        cursor.execute("delete from voice_voiceanswer", [])
        assert cursor.rowcount == 2
    with acting(service(CODE)), connection.cursor() as cursor:
        cursor.execute("select count(*) from audit_change where before::text like %s", [f"%{SECRET}%"])
        assert cursor.fetchone()[0] == 0


SCOPES_SEEN = {
    "designated_teacher": {Role.DESIGNATED_TEACHER, *STAFF},
    "social_worker": {Role.SOCIAL_WORKER, *STAFF},
    "where_i_live": {Role.CARER},
    "everyone_in_meeting": {*AROUND, *STAFF} - {Role.YOUNG_PERSON},
}


@pytest.mark.parametrize("scope", SCOPES_SEEN)
def test_a_shared_answer_is_seen_by_those_it_was_shared_with_and_by_no_other(world: World, scope: str) -> None:
    client = begun(world)
    say(client, "k2.hard", text=SECRET)
    share(client, k2_hard=[scope])
    seen = {role for role in (*AROUND, *STAFF, *NOBODY_TO_HER) if seen_as(claims_of(world, role))}
    assert seen == SCOPES_SEEN[scope]


def test_what_was_shared_with_the_teacher_the_council_s_other_staff_do_not_read_on_the_page(world: World) -> None:
    client = begun(world)
    say(client, "k2.hard", text=SECRET)
    share(client, k2_hard=["designated_teacher"])
    page = f"{world.url}{world.entry().public_id}/"
    assert SECRET in world.client(Role.ADVISER).get(page).content.decode()
    for role in [Role.INSPECTOR, Role.DATA_OFFICER, Role.CARER, Role.SOCIAL_WORKER]:
        assert SECRET not in world.client(role).get(page).content.decode()


def test_taken_back_is_gone_at_once_and_the_page_says_so(world: World) -> None:
    client = begun(world)
    say(client, "k2.hard", text=SECRET)
    share(client, k2_hard=["everyone_in_meeting"])
    page = f"{world.url}{world.entry().public_id}/"
    assert SECRET in world.client(Role.SOCIAL_WORKER).get(page).content.decode()
    client.post("/my-school/take-back/", {"question": "k2.hard"})
    words = world.client(Role.SOCIAL_WORKER).get(page).content.decode()
    assert SECRET not in words and "Taken back by the young person" in words
    assert seen_as(claims_of(world, Role.SOCIAL_WORKER)) == 0
    assert world.entry().state == "taken_back"


def test_a_changed_answer_starts_at_nobody_and_every_version_is_kept(world: World) -> None:
    client = begun(world)
    say(client, "k2.hard", text="Maths")
    share(client, k2_hard=["everyone_in_meeting"])
    say(client, "k2.hard", text="Maths and PE")
    assert seen_as(claims_of(world, Role.SOCIAL_WORKER)) == 0
    with acting(Claims(voice_entry=world.entry().pk)):
        kept = list(VoiceAnswer.objects.order_by("version").values_list("version", "words", "is_latest"))
    assert kept == [(1, "Maths", False), (2, "Maths and PE", True)]
    row = client.get("/my-school/who/").context["rows"][0]
    assert row["chosen"] == [] and row["before"] == ["everyone_in_meeting"]


def test_an_adult_who_sends_the_same_statement_changes_no_draft(world: World) -> None:
    say(begun(world), "k2.hard", text=SECRET)
    for role in [Role.VIRTUAL_SCHOOL_HEAD, Role.DESIGNATED_TEACHER]:
        with acting(claims_of(world, role)), connection.cursor() as cursor:
            cursor.execute("update voice_voiceanswer set seen_by = '{everyone_in_meeting}'", [])
            assert cursor.rowcount == 0
            cursor.execute("delete from voice_voiceanswer", [])
            assert cursor.rowcount == 0
