"""The four database roles, what each may do, and how a process signs in as one of them.

`vs_owner` migrates and owns, `vs_app` serves, `vs_import` is `vs_app` with temporary tables, `vs_backup`
reads everything. None is a superuser. With the embedded server all of this is made by itself. With any
other server (DATABASE_URL) its administrator runs once:

    virtual-school prepare-database --superuser-url postgresql://…

DATABASE_URL names the server and how `vs_app` signs in. DATABASE_OWNER_URL, DATABASE_IMPORT_URL and
DATABASE_BACKUP_URL do so for the other roles; without them the same address and password are used. Give
the owner a password of its own and the web process only DATABASE_URL, so that it can never be the owner.
"""

import os
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from config import embedded

DATABASE = "vs"
URLS = {
    "vs_app": "DATABASE_URL",
    "vs_owner": "DATABASE_OWNER_URL",
    "vs_import": "DATABASE_IMPORT_URL",
    "vs_backup": "DATABASE_BACKUP_URL",
}
OPTIONS_OF = {
    "vs_owner": "login createdb",
    "vs_app": "login",
    "vs_import": "login in role vs_app",  # so that policies "to vs_app" apply to it
    "vs_backup": "login bypassrls in role pg_read_all_data",
}
MINIMUM = {15: 18, 16: 14, 17: 10, 18: 4}  # the minor releases of May 2026, with their security fixes


class UnsafeDatabase(Exception):
    """The server or the role is not one this service may run on; the message is for the administrator."""


def refuse_old(server_version_num: int) -> None:
    """`server_version_num` as PostgreSQL gives it: 180004 is 18.4."""
    major, minor = divmod(server_version_num, 10_000)
    least = MINIMUM.get(major, 0 if major > max(MINIMUM) else None)
    if least is None or minor < least:
        wanted = ", ".join(f"{major}.{minor}" for major, minor in MINIMUM.items())
        raise UnsafeDatabase(
            f"PostgreSQL {major}.{minor} lacks security fixes this service relies on. "
            f"Use {wanted}, or a later minor release of the same series."
        )


def prepare(
    super_dsn: str,
    database: str = DATABASE,
    for_tests: bool = False,
    passwords: Mapping[str, str] | None = None,
) -> None:
    """Make the roles and the database where they are missing. Needs a superuser; repeating it is harmless.

    `passwords` (role to password) are for a server that asks for them; the embedded one does not.
    """
    with psycopg.connect(super_dsn, autocommit=True) as conn:
        refuse_old(conn.info.server_version)
        conn.execute("select pg_advisory_lock(hashtext('virtual school: prepare'))")
        there = {name for (name,) in conn.execute("select rolname from pg_roles where rolname ^@ 'vs_'")}
        for role, options in OPTIONS_OF.items():
            if role not in there:
                conn.execute(sql.SQL("create role {} {}").format(sql.Identifier(role), sql.SQL(options)))
        for role, password in (passwords or {}).items():
            _set_password(conn, role, password)
        if for_tests:  # to end left-over sessions of a test database before dropping it
            conn.execute("grant pg_signal_backend to vs_owner")
        if not conn.execute("select from pg_database where datname = %s", [database]).rowcount:
            create_database(conn, database)
        secure_database(conn, database)


def create_database(conn: psycopg.Connection[Any], name: str) -> None:
    """Empty, sorted by code point with Unicode's case rules on every server, whatever its own locale."""
    locale = "'C.UTF-8'"
    if conn.info.server_version >= 170_000:
        locale = "'C' locale_provider builtin builtin_locale 'C.UTF-8'"
    create = "create database {} owner vs_owner template template0 encoding 'UTF8' locale {}"
    conn.execute(sql.SQL(create).format(sql.Identifier(name), sql.SQL(locale)))
    secure_database(conn, name)


def secure_database(conn: psycopg.Connection[Any], name: str) -> None:
    """Only our roles may connect, only imports may make temporary tables.

    To be repeated for every clone and restored copy: PostgreSQL copies no rights on the database itself.
    """
    database = sql.Identifier(name)
    conn.execute(sql.SQL("revoke all on database {} from public, vs_app, vs_import").format(database))
    conn.execute(sql.SQL("grant connect on database {} to vs_app, vs_import, vs_backup").format(database))
    conn.execute(sql.SQL("grant temporary on database {} to vs_import").format(database))


def refuse_unsafe_role(conn: Any) -> None:
    """Refuse a role that could step around row-level security. `conn`: Django's connection or psycopg's."""
    reasons = []
    with conn.cursor() as cursor:
        for reason, question in UNSAFE.items():
            cursor.execute(question, [])
            if cursor.fetchone()[0]:
                reasons.append(reason)
        cursor.execute("select current_user", [])
        role = cursor.fetchone()[0]
    if reasons:
        raise UnsafeDatabase(
            f"The database role {role} {', '.join(reasons)}. This service must not run as such a role: "
            "sign in as vs_app, and let an administrator run `virtual-school prepare-database`."
        )


# Reason and question. A member may SET ROLE, so membership counts as being.
UNSAFE = {
    "is a superuser": """
        select exists (select from pg_roles where rolsuper and pg_has_role(oid, 'member'))""",
    "passes row-level security by": """
        select exists (select from pg_roles where rolbypassrls and pg_has_role(oid, 'member'))""",
    "may make roles": """
        select exists (select from pg_roles where rolcreaterole and pg_has_role(oid, 'member'))""",
    "owns tables": """
        select exists (select from pg_class where relkind in ('r', 'p', 'f') and relpersistence <> 't'
                       and pg_has_role(relowner, 'member'))""",
    "may create in a schema": """
        select exists (select from pg_namespace where has_schema_privilege(oid, 'create')
                       and not pg_is_other_temp_schema(oid) and oid <> pg_my_temp_schema())""",
    "may create schemas": "select has_database_privilege(current_database(), 'create')",
    "may make temporary tables": """
        select current_user <> 'vs_import' and has_database_privilege(current_database(), 'temporary')""",
}


def connection_info(role: str, environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """How `role` signs in, in libpq's words: host, port, dbname, user, perhaps password, sslmode …"""
    if role not in URLS:
        raise UnsafeDatabase(f"VS_DB_ROLE is {role!r}; it can be {', '.join(URLS)}.")
    if url := environ.get(URLS[role]):
        info = conninfo_to_dict(url)
        if info.setdefault("user", role) != role:
            raise UnsafeDatabase(f"{URLS[role]} signs in as {info['user']!r}; it must be {role}.")
        return info
    if url := environ.get("DATABASE_URL"):
        return {**conninfo_to_dict(url), "user": role}
    return conninfo_to_dict(embedded.where(embedded.home()).dsn(DATABASE, role))


def database_settings(role: str | None = None) -> dict[str, Any]:
    """Django's DATABASES["default"]: one alias, the role chosen per process by VS_DB_ROLE."""
    info = connection_info(role or os.environ.get("VS_DB_ROLE", "vs_app"))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": info.pop("host", ""),
        "PORT": str(info.pop("port", "")),
        "NAME": info.pop("dbname", DATABASE),
        "USER": info.pop("user"),
        "PASSWORD": info.pop("password", ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**info, "server_side_binding": True, "prepare_threshold": 5},
    }


def _set_password(conn: psycopg.Connection[Any], role: str, password: str) -> None:
    """Sent already hashed, so that it never stands in the server's log."""
    hashed = conn.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    conn.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(hashed)))
