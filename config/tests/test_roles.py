import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config import embedded, roles


@pytest.fixture(scope="module")
def server() -> Iterator[embedded.Server]:
    folder = Path(tempfile.mkdtemp(prefix="vs", dir="/tmp"))
    folder.chmod(0o711)
    started = embedded.start(folder, say=print, durable=False)
    for _ in range(2):  # twice, since every start of the service does it again
        roles.prepare(started.dsn("postgres", "vs_super"))
    yield started
    embedded.stop(folder, say=print)
    shutil.rmtree(folder)


def connect(server: embedded.Server, role: str) -> psycopg.Connection[Any]:
    return psycopg.connect(server.dsn("vs", role), autocommit=True)


@pytest.mark.parametrize("role", ["vs_app", "vs_import", "vs_backup"])
def test_only_the_owner_may_make_tables(server: embedded.Server, role: str) -> None:
    with connect(server, role) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("create table public.mine ()")
    with connect(server, "vs_owner") as conn:
        conn.execute("create table public.mine ()")
        conn.execute("drop table public.mine")


def test_only_imports_may_make_temporary_tables(server: embedded.Server) -> None:
    with connect(server, "vs_app") as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("create temporary table mine ()")
    with connect(server, "vs_import") as conn:
        conn.execute("create temporary table mine ()")
        roles.refuse_unsafe_role(conn)  # its own temporary table does not make it an owner


def test_what_the_application_may_do_the_import_may_do_too(server: embedded.Server) -> None:
    with connect(server, "vs_owner") as conn:
        conn.execute("create table shared as select 1 as n")
        conn.execute("grant select on shared to vs_app")
    with connect(server, "vs_import") as conn:
        assert conn.execute("select n from shared").fetchall() == [(1,)]


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        ("vs_owner", "may create in a schema"),
        ("vs_backup", "passes row-level security by"),
        ("vs_super", "is a superuser"),
    ],
)
def test_a_role_that_could_step_around_the_policies_is_refused(server: embedded.Server, role: str, reason: str) -> None:
    with connect(server, role) as conn, pytest.raises(roles.UnsafeDatabase, match=reason):
        roles.refuse_unsafe_role(conn)


def test_the_application_s_role_is_accepted_until_it_may_do_more(server: embedded.Server) -> None:
    more = {
        "grant temporary on database vs to vs_app": "may make temporary tables",
        "grant create on schema public to vs_app": "may create in a schema",
        "create table given (); alter table given owner to vs_app": "owns tables",
        "grant vs_backup to vs_app": "passes row-level security by",
        "alter role vs_app createrole": "may make roles",
    }
    with connect(server, "vs_app") as app, connect(server, "vs_super") as admin:
        roles.refuse_unsafe_role(app)
        for grant, reason in more.items():
            with admin.transaction(force_rollback=True):
                admin.execute(grant)
                admin.execute("set local role vs_app")
                with pytest.raises(roles.UnsafeDatabase, match=f"vs_app {reason}"):
                    roles.refuse_unsafe_role(admin)
        roles.refuse_unsafe_role(app)


def test_a_copy_of_a_database_is_open_until_it_is_secured_again(server: embedded.Server) -> None:
    may = "select has_database_privilege('vs_app', 'copy', 'temporary')"
    with psycopg.connect(server.dsn("postgres", "vs_owner"), autocommit=True) as conn:
        conn.execute("create database copy template vs")
        assert conn.execute(may).fetchone() == (True,)
        roles.secure_database(conn, "copy")
        assert conn.execute(may).fetchone() == (False,)
        conn.execute("drop database copy")


@pytest.mark.parametrize("version", [150018, 160014, 170010, 180004, 180011, 190000])
def test_a_server_with_the_security_fixes_is_accepted(version: int) -> None:
    roles.refuse_old(version)


@pytest.mark.parametrize("version", [140099, 150017, 160013, 170009, 180003])
def test_a_server_without_the_security_fixes_is_refused_by_name(version: int) -> None:
    with pytest.raises(roles.UnsafeDatabase, match=rf"{version // 10_000}\.{version % 100} lacks"):
        roles.refuse_old(version)


def test_one_url_serves_every_role_unless_a_role_has_its_own() -> None:
    given = {
        "DATABASE_URL": "postgresql://vs_app:one@db.example:5433/care?sslmode=verify-full",
        "DATABASE_OWNER_URL": "postgresql://:two@db.example/care",
    }
    importer = roles.connection_info("vs_import", given)
    assert (importer["user"], importer["password"], importer["host"]) == ("vs_import", "one", "db.example")
    assert importer["sslmode"] == "verify-full"
    owner = roles.connection_info("vs_owner", given)
    assert (owner["user"], owner["password"]) == ("vs_owner", "two")


def test_a_url_for_another_role_is_refused_without_repeating_its_password() -> None:
    with pytest.raises(roles.UnsafeDatabase) as refusal:
        roles.connection_info("vs_app", {"DATABASE_URL": "postgresql://postgres:hunter2@db.example/care"})
    assert re.search(r"DATABASE_URL signs in as 'postgres'; it must be vs_app", str(refusal.value))
    assert "hunter2" not in str(refusal.value)


def test_without_a_url_the_embedded_server_is_used() -> None:
    info = roles.connection_info("vs_backup", {})
    assert info["host"] == str(embedded.where(embedded.home()).socket_folder)
    assert (info["user"], info["dbname"]) == ("vs_backup", "vs")


def test_django_binds_on_the_server_and_keeps_its_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://vs_app@db.example/care?sslmode=require")
    settings = roles.database_settings("vs_app")
    assert settings["OPTIONS"] == {"sslmode": "require", "server_side_binding": True, "prepare_threshold": 5}
    assert (settings["CONN_MAX_AGE"], settings["CONN_HEALTH_CHECKS"]) == (None, True)
