"""Bringing the database up, and up to date, before a command needs it."""

import argparse
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg

from . import embedded
from .embedded import ServerError
from .roles import DATABASE, connection_info, prepare

__all__ = ["ServerError", "bring_up", "bring_up_to_date", "prepare_other_server"]

CHECKOUT = Path(__file__).resolve().parent.parent


def is_embedded() -> bool:
    return not os.environ.get("DATABASE_URL")


def say(words: str) -> None:
    """Progress goes to the terminal, never into a command's JSON."""
    print(words, file=sys.stderr, flush=True)


def bring_up() -> None:
    if not is_embedded():
        return
    server = embedded.start(embedded.home(), say=say)
    prepare(server.dsn("postgres", "vs_super"))


def fingerprint() -> str:
    """Of everything that decides what the database looks like: migrations, their operations, our rights."""
    digest = hashlib.sha256()
    ours = sorted((CHECKOUT / "virtual_school").glob("*/migrations/*.py"))
    for file in [
        *ours,
        *sorted((CHECKOUT / "virtual_school" / "identity").glob("*.py")),
        CHECKOUT / "pyproject.toml",
    ]:
        digest.update(file.read_bytes())
    digest.update(os.environ.get("VIRTUAL_SCHOOL_SECRET_KEY", "").encode())
    return digest.hexdigest()[:32]


def bring_up_to_date() -> None:
    """Migrates in a process of its own, as the owner; nothing at all when it was done for this code before."""
    print_ = fingerprint()
    with psycopg.connect(**connection_info("vs_app")) as connection:
        there = connection.execute(
            "select obj_description(oid) from pg_namespace where nspname = 'identity'", []
        ).fetchone()
    if there and there[0] == print_:
        return
    say("Bringing the database up to date …")
    environment = {**os.environ, "VS_DB_ROLE": "vs_owner", "VS_FINGERPRINT": print_}
    command = [sys.executable, "-m", "config.command", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=environment, check=True, cwd=CHECKOUT)
    with psycopg.connect(**connection_info("vs_owner")) as connection:
        connection.execute(f"comment on schema identity is '{print_}'", [])


def real_authorities() -> list[str]:
    """Authorities with children here that were not invented by the demo."""
    import django
    from django.db import connection

    django.setup()
    from virtual_school.access.demo_mode import real_authorities_with_children

    found = real_authorities_with_children()
    connection.close()
    return found


def demo_people() -> list[tuple[str, str]]:
    """Whom the demo's sign-in page offers: one person a role, and that role in words."""
    with psycopg.connect(**connection_info("vs_app")) as connection:
        rows = connection.execute(
            "select distinct on (m.role) m.role, u.name "
            "from access_membership m join access_user u on u.id = m.user_id "
            "where u.is_invented and m.ends is null order by m.role, u.id",
            [],
        ).fetchall()
    return sorted((role.replace("_", " ").capitalize(), name) for role, name in rows)


def prepare_other_server(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="virtual-school prepare-database",
        description="Makes the four roles and the database on a PostgreSQL server of your own.",
    )
    parser.add_argument("--superuser-url", required=True, help="postgresql://… of an administrator, used once")
    parser.add_argument("--database", default=DATABASE)
    for role in ("owner", "app", "import", "backup"):
        parser.add_argument(f"--{role}-password", help=f"for vs_{role}, where the server asks for one")
    given = parser.parse_args(arguments)
    passwords = {
        f"vs_{role}": word
        for role in ("owner", "app", "import", "backup")
        if (word := getattr(given, f"{role}_password"))
    }
    prepare(given.superuser_url, database=given.database, passwords=passwords)
    say(f"Ready: the roles vs_owner, vs_app, vs_import and vs_backup, and the database {given.database}.")
