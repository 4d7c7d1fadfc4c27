"""Every test runs as the role that serves, on a database of its own.

A template database is migrated once as the owner and kept until a migration or policy changes; each test
process works on a clone of it (0.03 s) as `vs_app`. Django's own way does not fit: `vs_app` may neither
create a database nor empty its tables. A test with `transaction=True` or `live_server` commits for real,
so the clone is thrown away after it and made again, with the rows migrations put there.

The server is an embedded one in the temp folder, started for the run. To run against another one, set
TEST_DATABASE_SUPERUSER_URL: its roles get passwords known to the tests, so never name one in real use.
"""

import datetime
import fcntl
import gc
import hashlib
import os
import socket
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import hypothesis
import psycopg
import pytest
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

from config import embedded, roles

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.chromium import Chromium
    from tests.worlds import Worlds

CHECKOUT = Path(__file__).resolve().parent
DATABASE_MODULES = ["virtual_school/identity/*.py", "virtual_school/access/policies.py"]
"""Besides the migrations: what decides how a migrated database looks."""
KEEP_TEMPLATES = datetime.timedelta(days=1)

_checkout_hash = hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:8]
SCRATCH = Path(tempfile.gettempdir()).resolve() / f"virtual-school-tests-{os.getuid()}-{_checkout_hash}"
SUPERUSER_URL = os.environ.get("TEST_DATABASE_SUPERUSER_URL", "")
PASSWORD = hashlib.sha256(b"tests:" + SUPERUSER_URL.encode()).hexdigest()
HOST = hashlib.sha256(socket.gethostname().encode()).hexdigest()[:6]
CLONE = f"test_vs_{HOST}_{os.getpid()}"

in_use = pytest.StashKey[TextIO]()

# Before Django reads config/settings.py: nothing a test does may reach the checkout's own data.
for name in [*roles.URLS.values(), "VS_DB_ROLE"]:
    os.environ.pop(name, None)
os.environ["VS_TESTING"] = "1"
os.environ["VIRTUAL_SCHOOL_HOME"] = str(SCRATCH)
if SUPERUSER_URL:
    os.environ["DATABASE_URL"] = make_conninfo(SUPERUSER_URL, user="vs_app", password=PASSWORD, dbname="vs")


CALDERWICK = "the demonstration"
PLAY_IN_CALDERWICK = {f"virtual_school/demo/tests/test_{name}.py" for name in ("calderwick", "calls", "exclusions")}
EVERY_PAGE = {"tests/test_access_matrix.py", "tests/test_headers.py"}
PARTS = 12

dropped: list[str] = []
"""Databases thrown away since a test last began. A browser test may leave a connection to one behind."""


held: list["Worlds"] = []
started: list["Chromium"] = []
"""Those of this process, once a test has asked for them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long first. Those in a browser wait more than they work: others do the rest meanwhile."""
    items.sort(key=lambda item: (_one_process(item.nodeid) != CALDERWICK, item.get_closest_marker("browser") is None))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Shared among processes, the world that the tests of a file play in would be made again in each."""
    from xdist.scheduler import LoadScopeScheduling

    class ByWorld(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _one_process(nodeid)

    config.option.loadscopereorder = False
    return ByWorld(config, log)


def _one_process(nodeid: str) -> str:
    """The same words for tests that one process does one after the other: a file's, those of files that play in one
    world, a part of a file that asks for every page."""
    file = nodeid.partition("::")[0]
    if file in PLAY_IN_CALDERWICK:
        return CALDERWICK
    return f"{file} {zlib.crc32(nodeid.encode()) % PARTS}" if file in EVERY_PAGE else file


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    from factory.random import reseed_random

    reseed_random(zlib.crc32(item.nodeid.encode()))  # the same invented names whenever and wherever it runs
    asked = getattr(item, "fixturenames", ())
    if started and "chromium" not in asked:
        started[0].close()
    if held and not held[0].is_in_use and "world_of_the_module" not in asked:
        held[0].close()
    if dropped:
        from django.db import connections

        connections.close_all()
        dropped.clear()


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.register_profile(
        "on a busy machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("on a busy machine")
    gc.set_threshold(100_000, 50, 100)  # the default looks through all of Django hundreds of times a minute
    SCRATCH.mkdir(mode=0o711, exist_ok=True)
    if SCRATCH.lstat().st_uid != os.getuid():
        pytest.exit(f"{SCRATCH} belongs to another user: remove it.", returncode=4)
    # Held by every run that uses the server, so that the last one stops it.
    config.stash[in_use] = open(SCRATCH / "in-use", "w")  # noqa: SIM115
    fcntl.flock(config.stash[in_use], fcntl.LOCK_SH)
    if not settings.configured:
        # Not left set: pytest-django in a worker process would read the settings before this file does.
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        settings.DATABASES  # noqa: B018
        del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_unconfigure(config: pytest.Config) -> None:
    if in_use not in config.stash:
        return
    with config.stash[in_use] as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if not SUPERUSER_URL:
            embedded.stop(SCRATCH)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    from django.db import connection, connections
    from django.test import TransactionTestCase

    from virtual_school.plans.template_versions import _in_use

    if not settings.TESTING or settings.HOME != SCRATCH:
        pytest.exit("Django read its settings before conftest.py: leave DJANGO_SETTINGS_MODULE unset.", 4)
    _prepare_server()
    with django_db_blocker.unblock():
        template = _template()
        _clone(template)
        connection.close()
        connection.settings_dict["NAME"] = CLONE  # the same dict for every thread's connection
        roles.refuse_unsafe_role(connection)

    def start_afresh(self: TransactionTestCase) -> None:
        connections.close_all()
        _drop(CLONE)
        _clone(template)
        dropped.append(CLONE)
        _in_use.cache_clear()  # ids begin anew

    TransactionTestCase._fixture_teardown = start_afresh
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        _drop(CLONE)


@pytest.fixture(scope="session")
def worlds(django_db_setup: None, django_db_blocker: Any) -> Iterator["Worlds"]:
    """For a fixture `world_of_the_module`, by whose name it is known which tests may find a world in their database."""
    from tests.worlds import Worlds

    held.append(Worlds(django_db_blocker))
    yield held[0]
    held.pop().close()


def _prepare_server() -> None:
    if SUPERUSER_URL:
        roles.prepare(SUPERUSER_URL, for_tests=True, passwords=dict.fromkeys(roles.URLS, PASSWORD))
        return
    server = embedded.start(SCRATCH, say=lambda message: None, durable=False)
    roles.prepare(server.dsn("postgres", "vs_super"), for_tests=True)


def _owner() -> psycopg.Connection[Any]:
    info = {**roles.connection_info("vs_owner"), "dbname": "postgres"}
    return psycopg.connect(make_conninfo(**info), autocommit=True)


def _template() -> str:
    """The name of the migrated database, built when a migration or policy has changed."""
    name = f"vs_template_{_hash_of_migrations()}"
    with open(SCRATCH / "template.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _owner() as conn:
            _drop_left_over(conn, keep=name)
            if not conn.execute("select from pg_database where datname = %s", [name]).rowcount:
                building = f"{name}_building"
                _drop(building)
                roles.create_database(conn, building)
                _migrate(building)
                conn.execute(
                    sql.SQL("alter database {} rename to {}").format(sql.Identifier(building), sql.Identifier(name))
                )
            now = datetime.datetime.now(datetime.UTC).isoformat()
            conn.execute(sql.SQL("comment on database {} is {}").format(sql.Identifier(name), now))
    return name


def _hash_of_migrations() -> str:
    from django.apps import apps

    files = [file for app in apps.get_app_configs() for file in Path(app.path).glob("migrations/*.py")]
    files += [file for pattern in DATABASE_MODULES for file in CHECKOUT.glob(pattern)]
    content = hashlib.sha256()
    for file in sorted(files):
        content.update(os.fsencode(file) + b"\0" + file.read_bytes() + b"\0")
    return content.hexdigest()[:16]


def _migrate(database: str) -> None:
    """In this process, as the owner, whom it stops being at once."""
    from django.core.management import call_command
    from django.db import connection

    before = dict(connection.settings_dict)
    owner = roles.database_settings("vs_owner")
    connection.close()
    connection.settings_dict.update(USER=owner["USER"], PASSWORD=owner["PASSWORD"], NAME=database)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict.update(before)


def _clone(template: str) -> None:
    with _owner() as conn:
        conn.execute(
            sql.SQL("create database {} template {} strategy wal_log").format(
                sql.Identifier(CLONE), sql.Identifier(template)
            )
        )
        roles.secure_database(conn, CLONE)


def _drop(database: str) -> None:
    with _owner() as conn:
        conn.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database)))


def _drop_left_over(conn: psycopg.Connection[Any], keep: str) -> None:
    """Clones of killed runs, and templates nobody has used for a day."""
    oldest = (datetime.datetime.now(datetime.UTC) - KEEP_TEMPLATES).isoformat()
    databases = conn.execute(
        "select datname, coalesce(shobj_description(oid, 'pg_database'), '') from pg_database"
    ).fetchall()
    for database, used_at in databases:
        if database.startswith(f"test_vs_{HOST}_"):
            if not _alive(int(database.rpartition("_")[2])):
                _drop(database)
        elif database.startswith("vs_template_") and database != keep and used_at < oldest:
            _drop(database)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@pytest.fixture(scope="session")
def chromium() -> Iterator["Chromium"]:
    from tests.chromium import Chromium

    started.append(Chromium())
    yield started[0]
    started.pop().close()


@pytest.fixture
def browser(chromium: "Chromium") -> Iterator["Browser"]:
    """For tests with `live_server`."""
    browser = chromium.browser()
    yield browser
    for context in browser.contexts:
        context.close()
