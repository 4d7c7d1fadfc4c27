"""The database's own floor of access, probed as the role that serves, table by table."""

import dataclasses
import json
import re
import time

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.access.person import person_of
from virtual_school.children.models import Child, Evidence, Involvement, Sensitivity
from virtual_school.identity.acting import SET, acting
from virtual_school.identity.rights import APPEND_ONLY, OPEN, READ_ONLY, WRITTEN_BY_TRIGGER
from virtual_school.identity.seal import NOBODY, Claims, sealed, service

from .cast import BORCHESTER, FELPERSHAM, Cast, undone
from .rows import LOGS, fill, is_about_a_child, protected_models, protected_tables

DEFINER_FUNCTIONS = {
    "identity.claims": "reads the key of the seal",
    "identity.record_change": "writes the history that the application may only read",
    "identity.withheld": "knows of sensitive children whom the reader may not see",
}
CONTEXT = '{"id": "00000000-0000-4000-8000-000000000001"}'


def ask(statement: str, parameters: object = ()) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return cursor.fetchall() if cursor.description else [(cursor.rowcount,)]


def pretend(claims: str, seal: str) -> None:
    ask(SET, [claims, seal, CONTEXT])


def as_person(user: object) -> Claims:
    return person_of(user).claims


@pytest.fixture(scope="module")
def filled(cast: Cast) -> Cast:
    fill(cast.children.values(), cast.other_head)
    with acting(service(BORCHESTER)):  # the others stay sensitive: seen by the cleared and the named only
        Sensitivity.objects.filter(child=cast.children["own"]).delete()
    return cast


def test_every_table_is_protected_or_open_for_a_reason(cast: Cast) -> None:
    found = ask(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')"
    )
    tables = {name for (name,) in found}
    for table in tables - set(protected_tables()) - set(OPEN) - set(READ_ONLY):
        for right in ["select", "insert", "update", "delete"]:
            assert ask("select has_table_privilege(%s, %s)", [f'public."{table}"', right]) == [(False,)], table
    assert all(reason.strip() for reason in [*OPEN.values(), *READ_ONLY.values()])
    assert set(OPEN) & set(protected_tables()) == set()


def test_no_open_table_holds_a_child(cast: Cast) -> None:
    found = ask(
        "select table_name from information_schema.columns where column_name = 'child_id' and table_schema = 'public'"
    )
    assert {table for (table,) in found} - set(protected_tables()) == set()


def policies() -> list[dict[str, object]]:
    columns = ["tablename", "policyname", "permissive", "roles", "cmd", "qual", "with_check"]
    found = ask(f"select {', '.join(columns)} from pg_policies where schemaname = 'public'")
    return [dict(zip(columns, row, strict=True)) for row in found]


def test_no_policy_is_for_all_commands_or_all_roles(cast: Cast) -> None:
    assert policies()
    assert [one for one in policies() if one["cmd"] == "ALL"] == []
    assert [one for one in policies() if one["roles"] not in (["vs_app"], ["vs_owner"])] == []


def test_a_policy_for_writing_checks_what_is_written(cast: Cast) -> None:
    for one in policies():
        if one["cmd"] in {"INSERT", "UPDATE"}:
            assert one["with_check"], one
        if one["cmd"] == "UPDATE":
            assert one["qual"] == one["with_check"], one


def test_identity_is_asked_once_a_statement_never_once_a_row(cast: Cast) -> None:
    for one in policies():
        for words in filter(None, [one["qual"], one["with_check"]]):
            bare = re.findall(r"(?<!SELECT )identity\.\w+\(", str(words))
            assert bare == [], f"{one['tablename']}.{one['policyname']}: {words}"


def test_every_protected_table_lets_somebody_read(cast: Cast) -> None:
    readable = {one["tablename"] for one in policies() if one["cmd"] == "SELECT" and one["permissive"] == "PERMISSIVE"}
    assert set(protected_tables()) - readable == set()


def test_with_nobody_set_every_protected_table_is_empty(filled: Cast) -> None:
    with acting(NOBODY):
        shown = {table: ask(f'select count(*) from "{table}"')[0][0] for table in protected_tables()}
    assert {table: count for table, count in shown.items() if count} == {}


def test_the_rows_are_there_for_those_who_may_see_them(filled: Cast) -> None:
    with acting(service(BORCHESTER, FELPERSHAM)):
        empty = [table for table in protected_tables() if not ask(f'select 1 from "{table}" limit 1')]
    assert set(empty) - LOGS == set()


def test_staff_see_their_authority_and_nothing_of_another(filled: Cast) -> None:
    with acting(as_person(filled.users[Role.ADVISER])):
        for table in protected_tables():
            codes = {code for (code,) in ask(f'select distinct authority_id from "{table}"')}
            assert codes <= {BORCHESTER}, table


@pytest.mark.parametrize("role", [Role.DESIGNATED_TEACHER, Role.SOCIAL_WORKER, Role.CARER, Role.YOUNG_PERSON])
def test_somebody_around_a_child_counts_their_own_and_no_other(filled: Cast, role: str) -> None:
    own = filled.children["own"].pk
    with acting(as_person(filled.users[role])):
        assert ask("select count(*) from children_child") == [(1,)]
        for model in protected_models():
            if is_about_a_child(model):
                children = {child for (child,) in ask(f'select distinct child_id from "{model._meta.db_table}"')}
                # One's own involvements stay one's own to read, after they ended too.
                allowed = {own, filled.children["ended"].pk} if model is Involvement else {own, None}
                assert children <= allowed, model._meta.db_table


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.BOARD_MEMBER, "no_role"])
def test_who_sees_no_child_sees_no_row(filled: Cast, role: str) -> None:
    with acting(as_person(filled.users[role])):
        for model in protected_models():
            table = model._meta.db_table
            assert ask(f'select count(*) from "{table}"') == [(0,)], table


def forged(**claims: object) -> str:
    told = {"p": None, "s": [BORCHESTER, FELPERSHAM], "w": [BORCHESTER], "c": True, "x": time.time() + 900, **claims}
    return json.dumps(told)


@pytest.mark.parametrize("seal", ["", "0" * 64, "' or true --"])
def test_forged_claims_see_nothing(filled: Cast, seal: str) -> None:
    with undone():
        pretend(forged(), seal)
        assert ask("select count(*) from children_child") == [(0,)]
        assert ask("select identity.claims() is null") == [(True,)]


def test_a_true_seal_does_not_cover_other_claims(filled: Cast) -> None:
    claims, seal = sealed(as_person(filled.users[Role.SOCIAL_WORKER]))
    with undone():
        pretend(claims, seal)
        assert ask("select count(*) from children_child") == [(1,)]
        pretend(claims.replace('"s": []', f'"s": [{BORCHESTER}]'), seal)
        assert ask("select count(*) from children_child") == [(0,)]


def test_claims_that_have_run_out_see_nothing(filled: Cast, settings: object) -> None:
    settings.IDENTITY_SECONDS = -1
    claims, seal = sealed(service(BORCHESTER))
    with undone():
        pretend(claims, seal)
        assert ask("select count(*) from children_child") == [(0,)]


def test_the_key_of_the_seal_cannot_be_read(filled: Cast) -> None:
    with undone(), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        ask("select * from identity.key")


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.INSPECTOR, Role.CARER])
def test_changing_or_deleting_what_one_may_only_read_changes_nothing(filled: Cast, role: str) -> None:
    with undone(), acting(as_person(filled.users[role])):
        assert ask("update children_child set surname = 'X'") == [(0,)]
        assert ask("delete from children_involvement") == [(0,)]
        assert ask("delete from children_child") == [(0,)]


def test_changing_or_deleting_hidden_rows_changes_nothing(filled: Cast) -> None:
    hidden = filled.children["other_authority"].pk
    with acting(as_person(filled.users[Role.VIRTUAL_SCHOOL_HEAD])):
        for model in protected_models():
            table, column = model._meta.db_table, "child_id" if is_about_a_child(model) else "id"
            if table in APPEND_ONLY:
                continue  # refused outright: see beneath
            if model is not Child and column == "id":
                continue
            assert ask(f'update "{table}" set authority_id = {BORCHESTER} where {column} = %s', [hidden]) == [(0,)]
            assert ask(f'delete from "{table}" where {column} = %s', [hidden]) == [(0,)]
    with acting(service(FELPERSHAM)):
        assert Child.objects.filter(pk=hidden).exists()


def test_a_row_cannot_be_put_into_another_authority(filled: Cast) -> None:
    head = as_person(filled.users[Role.VIRTUAL_SCHOOL_HEAD])
    for statement in [
        "insert into children_child (authority_id, public_id, local_id, forename, surname, preferred_name, sex,"
        " ethnicity, upn, upn_missing_why, uln, received, search_text) values"
        f" ({FELPERSHAM}, gen_random_uuid(), '9', '', '', '', 'U', '', '', '', '', '{{}}', '')",
        f"update children_child set authority_id = {FELPERSHAM}",
    ]:
        with undone(), acting(head):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                ask(statement)
            transaction.set_rollback(True)


def test_a_key_tells_nothing_of_a_child_that_is_hidden(filled: Cast) -> None:
    """The words for another authority's child and for one that is not there are the same."""
    words = []
    for child in [filled.children["other_authority"].pk, 987654321]:
        with undone(), acting(as_person(filled.users[Role.VIRTUAL_SCHOOL_HEAD])):
            with pytest.raises(DatabaseError) as error, transaction.atomic():
                Evidence.objects.create(
                    authority_id=BORCHESTER, child_id=child, duty="X", on=timezone.localdate(), by_name="x"
                )
            words.append(str(error.value).replace(str(child), "?"))
            transaction.set_rollback(True)
    assert words[0] == words[1]
    assert "foreign key" in words[0]


def test_the_same_numbers_in_two_authorities_are_no_conflict(filled: Cast) -> None:
    with acting(service(BORCHESTER, FELPERSHAM)):
        assert Child.objects.filter(upn=filled.children["own"].upn).count() == 2
        assert Child.objects.filter(local_id=filled.children["own"].local_id).count() == 2


def test_a_second_statement_slipped_into_the_first_is_refused(filled: Cast) -> None:
    with undone(), pytest.raises(DatabaseError, match="cannot insert multiple commands"), transaction.atomic():
        ask("select 1; select set_config('app.claims', %s, true)", ["x"])


def test_functions_that_run_as_their_owner_are_the_listed_ones_and_safe(cast: Cast) -> None:
    found = ask(
        "select n.nspname || '.' || p.proname, coalesce(array_to_string(p.proconfig, ','), ''),"
        " has_function_privilege('public', p.oid, 'execute')"
        " from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        " where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')"
    )
    assert {name for name, _, _ in found} == set(DEFINER_FUNCTIONS)
    for name, config, is_public in found:
        assert "search_path=" in config, name
        assert config.split("search_path=")[1].split(",")[-1].strip().endswith("pg_temp"), name
        assert not is_public, name


def test_nothing_belongs_to_a_superuser_and_views_ask_as_their_reader(cast: Cast) -> None:
    found = ask(
        "select c.relname from pg_class c join pg_roles r on r.oid = c.relowner"
        " where c.relnamespace in ('public'::regnamespace, 'identity'::regnamespace) and r.rolsuper"
    )
    assert found == []
    views = ask(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')"
        " and not coalesce('security_invoker=true' = any (reloptions), false)"
    )
    assert views == []


def test_the_serving_role_may_do_what_it_needs_and_no_more(cast: Cast) -> None:
    me = ask("select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user")
    assert me == [(False, False, False, False)]
    assert ask("select current_user") == [("vs_app",)]
    assert ask(
        "select has_database_privilege(current_database(), 'temp'),"
        " has_database_privilege(current_database(), 'create'),"
        " has_schema_privilege('public', 'create'), has_schema_privilege('identity', 'create')"
    ) == [(False,) * 4]
    tables = {
        name
        for (name,) in ask(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
        )
    }
    for table in tables:
        for right in ["truncate", "references", "trigger"]:
            assert ask("select has_table_privilege(%s, %s)", [f'public."{table}"', right]) == [(False,)], (table, right)
    sequences = ask("select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S'")
    for (sequence,) in sequences:
        assert ask("select has_sequence_privilege(%s, 'update')", [f'public."{sequence}"']) == [(False,)], sequence


def test_logs_are_added_to_and_never_changed(filled: Cast) -> None:
    for table in APPEND_ONLY | WRITTEN_BY_TRIGGER:
        for statement in [f'update "{table}" set at = now()', f'delete from "{table}"']:
            with undone(), acting(service(BORCHESTER)):
                with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                    ask(statement)
                transaction.set_rollback(True)
    with undone(), acting(service(BORCHESTER)):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            ask(
                "insert into audit_change (table_name, row_id, operation, at, action)"
                " values ('x', 1, 'update', now(), '')"
            )
        transaction.set_rollback(True)


def test_nobody_signs_the_log_as_somebody_else(filled: Cast) -> None:
    with undone(), acting(as_person(filled.users[Role.SOCIAL_WORKER])):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            ask(
                "insert into audit_event (person_id, role, action, details, at) values (%s, '', 'x', '{}', now())",
                [filled.users[Role.ADVISER].pk],
            )
        transaction.set_rollback(True)


@dataclasses.dataclass
class Sensitive:
    child: Child
    cast: Cast

    def is_seen_by(self, user: object) -> bool:
        with acting(as_person(user)):
            seen = ask("select count(*) from children_child where id = %s", [self.child.pk])[0][0]
            for model in protected_models():
                if is_about_a_child(model) and not seen and model is not Involvement:
                    table = model._meta.db_table
                    assert ask(f'select count(*) from "{table}" where child_id = %s', [self.child.pk]) == [(0,)], table
            return bool(seen)


def test_a_sensitive_child_is_seen_by_the_cleared_and_the_named_only(filled: Cast) -> None:
    with undone():
        child = filled.children["own"]
        sensitive = Sensitive(child, filled)
        around = [Role.DESIGNATED_TEACHER, Role.SOCIAL_WORKER]
        for role in [Role.ADVISER, Role.VIRTUAL_SCHOOL_HEAD, *around]:
            assert sensitive.is_seen_by(filled.users[role])
        with acting(service(BORCHESTER)):
            Sensitivity.objects.create(
                authority_id=BORCHESTER, child=child, kind="protected_address", since=timezone.localdate()
            )
            Involvement.objects.filter(child=child, person=filled.users[Role.SOCIAL_WORKER]).update(is_named=True)
        seen = {
            role: sensitive.is_seen_by(filled.users[role])
            for role in [Role.ADVISER, Role.INSPECTOR, Role.VIRTUAL_SCHOOL_HEAD, *around]
        }
    assert seen == {
        Role.ADVISER: False,
        Role.INSPECTOR: False,
        Role.VIRTUAL_SCHOOL_HEAD: True,
        Role.DESIGNATED_TEACHER: False,
        Role.SOCIAL_WORKER: True,
    }
