"""The England the benchmarks run on: where it lives, making it once, copies of its database to spoil."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
SAMPLE = CHECKOUT / "data" / "ssda903" / "2025_26.zip"


@dataclass(frozen=True, slots=True)
class Scale:
    name: str
    authorities: int
    children: int
    """In care, of all authorities together."""
    requests: int
    """How often each page is asked."""
    times: int
    """How many times over the sample return is taken for a large one."""


SCALES = {
    "full": Scale("full", 152, 82_000, 60, 10),
    "small": Scale("small", 4, 2_400, 20, 3),
}


class WentWrong(Exception):
    """What was measured did not give the right result; the words say what."""


def check(is_right: object, words: str) -> None:
    if not is_right:
        raise WentWrong(words)


def home(scale: Scale) -> Path:
    given = os.environ.get("BENCHMARK_HOME")
    return Path(given) if given else Path(tempfile.gettempdir()) / f"virtual-school-bench-{scale.name}"


def settle(scale: Scale) -> None:
    """Before Django reads its settings: in this process and those it starts, the benchmark's own home."""
    for name in list(os.environ):
        if name.startswith(("DATABASE_", "VIRTUAL_SCHOOL_", "VS_")):
            del os.environ[name]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed service keeps its modules compiled
    place = home(scale)
    place.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "VIRTUAL_SCHOOL_HOME": str(place), "VIRTUAL_SCHOOL_DEMO": "1", "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip


def start_django() -> None:
    import django

    django.setup()
    from config.warm import load_pages

    load_pages()  # as the server does


def collect_static() -> None:
    """Anew each time: the home may be older than a page's script."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


@dataclass(frozen=True, slots=True)
class Run:
    seconds: float
    megabytes: float
    """The most memory the process held at once."""
    out: str


def run(command: Sequence[str | Path], environment: dict[str, str] | None = None) -> Run:
    """A process of its own, its start and end counted in, as whoever types the command has it."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as told:
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], cwd=CHECKOUT, env={**os.environ, **(environment or {})}, stdout=out,
            stderr=told, text=True,
        )  # fmt: skip
        most = 0
        while process.poll() is None:
            most = max(most, _held(process.pid))
            time.sleep(0.01)
        seconds = time.perf_counter() - began
        out.seek(0)
        told.seek(0)
        if process.returncode != 0:
            raise WentWrong(f"{' '.join(map(str, command))}\n{told.read()[-4000:]}")
        return Run(seconds, most / 1024, out.read())


def _held(pid: int) -> int:
    """Kilobytes. Of the process itself: what `getrusage` says of a child counts its parent's memory in."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def command(*arguments: str | Path, environment: dict[str, str] | None = None) -> Run:
    """`virtual-school` with these arguments."""
    return run([sys.executable, "-m", "config.command", *arguments], environment)


def owner(database: str = "vs") -> Any:
    """A connection as the owner of the tables."""
    import psycopg

    from config.roles import connection_info

    return psycopg.connect(**{**connection_info("vs_owner"), "dbname": database}, autocommit=True)


def url(database: str) -> dict[str, str]:
    """The environment in which a command works on another database of the benchmark's server."""
    from psycopg.conninfo import make_conninfo

    from config.roles import connection_info

    return {"DATABASE_URL": make_conninfo(**{**connection_info("vs_app"), "dbname": database})}


@contextlib.contextmanager
def copy(name: str) -> Iterator[str]:
    """England's database once more, for the length of the block."""
    from django.db import connection

    from config.roles import secure_database

    connection.close()
    with owner("postgres") as server:
        _drop(server, name)
        server.execute(f"create database {name} template vs strategy file_copy")
        secure_database(server, name)
    try:
        yield name
    finally:
        connection.close()
        with owner("postgres") as server:
            _drop(server, name)


def _drop(server: Any, name: str) -> None:
    """The server's own vacuum may be at work there: it is no session that the owner may end, and is soon gone."""
    import psycopg

    for _ in range(60):
        try:
            server.execute(f"drop database if exists {name} with (force)")
            return
        except psycopg.errors.InsufficientPrivilege:
            time.sleep(1)
    raise WentWrong(f"the database {name} cannot be dropped: the server is at work in it")


@contextlib.contextmanager
def working_on(database: str) -> Iterator[None]:
    """This process's own connection, on another database for the length of the block."""
    from django.db import connection

    held = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = held


@contextlib.contextmanager
def empty(name: str) -> Iterator[str]:
    """A database with nothing in it but what migrations put there."""
    from config.roles import create_database

    with owner("postgres") as server:
        _drop(server, name)
        create_database(server, name)
    try:
        command("migrate", "--verbosity", "0", environment=url(name))
        yield name
    finally:
        with owner("postgres") as server:
            _drop(server, name)
