"""The PostgreSQL that comes with the package: made on the first start, then started whenever it is not up.

Only this machine can reach it, through a socket in a folder closed to everyone else, and it knows who
calls from the operating system, so there is no password to keep. Where it lives: `embedded_place`.
"""

import dataclasses
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, TextIO

from psycopg.conninfo import make_conninfo

from config.embedded_place import (
    PORT,
    Place,
    Say,
    ServerError,
    home,
    make_home,
    make_socket_folder,
    name_of,
    place_of,
    programs,
    reachable_programs,
    serving_user,
)

__all__ = ["Server", "ServerError", "home", "programs", "start", "stop", "where"]

NO_SUCH_PID = "4194305"  # one above the highest pid Linux can give
GIVE_UP_AFTER = 120  # seconds without any sign of a server

# On the command line, so that no edited file can open the server or let personal data into its log.
PRIVATE = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}
# In postgresql.conf, where the administrator may change them.
TUNING = "max_connections = 100\nshared_buffers = 256MB\njit = off\n"
# For the tests' server only: a power cut would damage it, and it can be made again.
NOT_DURABLE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclasses.dataclass(frozen=True)
class Server:
    socket_folder: Path
    port: int = PORT

    def dsn(self, dbname: str = "vs", user: str = "vs_app") -> str:
        return make_conninfo(host=str(self.socket_folder), port=self.port, dbname=dbname, user=user)


def where(home: Path) -> Server:
    """The address of the home's server, whether it is up or not; changes nothing."""
    return Server(place_of(home).socket)


def start(home: Path, say: Say | None = None, durable: bool = True) -> Server:
    """Bring the home's server up (a few milliseconds when it is up already). Raises ServerError."""
    say = say or _tell
    try:
        place = place_of(home)
        if not _running(place):
            _start(place, say, durable)
        _admit_caller(place)
    except PermissionError as error:
        raise ServerError(
            f"The database of {home} cannot be used by this user ({error}). Run as the user who made it, or as root."
        ) from error
    return Server(place.socket)


def stop(home: Path, say: Say | None = None) -> None:
    """Stop the home's server and wait until its last process has gone. Nothing to do when it is not up."""
    say = say or _tell
    place = place_of(home)
    pid = _pid(place)
    if pid is None or not _is_server(pid, place.data):
        return
    os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown: sessions end, data is flushed
    wait = _Wait(say, f"Stopping the database in {place.base}")
    while _is_server(pid, place.data) or not _nobody_holds(place.base / "server.lock"):
        wait.a_little()


def _start(place: Place, say: Say, durable: bool) -> None:
    make_home(place, say)
    with open(place.base / "server.lock", "a") as lock:
        os.chmod(lock.fileno(), 0o600)
        if not _take(lock, place, say):
            return  # another start brought it up meanwhile
        user = serving_user(place)
        bin_folder = reachable_programs(place)
        if not place.data.exists():
            say(f"Making the database in {place.data}")
            _initialise(place, bin_folder, lock, user, durable)
        make_socket_folder(place, user)
        _clear_stale(place)
        _launch(place, bin_folder, lock, user, say, durable)


def _take(lock: TextIO, place: Place, say: Say) -> bool:
    """Hold the server's lock; False when the server turned out to be up.

    Every process of a server holds this lock too (it inherits the open file), so having it proves that
    none is left, even after `kill -9` of the first one, whatever became of its process id.
    """
    wait = _Wait(say, f"Waiting for the database in {place.base}")
    while not _running(place):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            wait.a_little(alive=_alive(place))
    return False


def _initialise(place: Place, bin_folder: Path, lock: TextIO, user: dict[str, Any], durable: bool) -> None:
    """Made beside its place and renamed when whole, so that an interrupted start leaves nothing half made."""
    new = place.base / "pg.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(0o700)
    if user:
        os.chown(new, user["user"], user["group"])
    inherit: dict[str, Any] = {**user, "cwd": "/", "env": _clean_environment(), "pass_fds": [lock.fileno()]}

    def initdb(*options: str) -> None:
        command = [bin_folder / "initdb", "-D", new, *options]
        made = subprocess.run(command, capture_output=True, text=True, check=False, **inherit)
        if made.returncode != 0:
            raise ServerError(f"The database could not be made in {place.data}:\n{made.stderr.strip()}")

    initdb(
        "--username=vs_super", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        "--locale=C", "--data-checksums", "--auth=reject", "--no-sync",
    )  # fmt: skip
    (new / "pg_hba.conf").write_text("local all all peer map=vs\n")
    with open(new / "postgresql.conf", "a") as conf:
        conf.write(f"\n# Virtual School\n{TUNING}")
    if durable:
        initdb("--sync-only")
    new.rename(place.data)
    if durable:
        folder = os.open(place.base, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def _launch(place: Place, bin_folder: Path, lock: TextIO, user: dict[str, Any], say: Say, durable: bool) -> None:
    settings = {**PRIVATE, "unix_socket_directories": f'"{place.socket}"', **({} if durable else NOT_DURABLE)}
    command = [bin_folder / "postgres", "-D", place.data]
    command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    log_file = place.base / "server.log"
    if log_file.exists() and log_file.stat().st_size > 10_000_000:
        log_file.rename(log_file.with_suffix(".log.1"))
    with open(log_file, "ab") as log:
        os.chmod(log.fileno(), 0o600)
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[lock.fileno()], cwd="/",
            env=_clean_environment(), start_new_session=True, **user,
        )  # fmt: skip
    wait = _Wait(say, f"Starting the database in {place.base}")
    while not (_running(place) and _pid(place) == child.pid):
        if child.poll() is not None:
            tail = "\n".join(log_file.read_text(errors="replace").splitlines()[-12:])
            raise ServerError(f"The database in {place.base} did not start. Its log ends:\n{tail}")
        wait.a_little(alive=True)  # replaying after a crash may take minutes: wait while it lives
    child.returncode = 0  # it outlives this process: without this, Python warns of a child still running


def _clear_stale(place: Place) -> None:
    """Called with the lock held: whatever these files say, no process of ours is left.

    After `kill -9` the old process id may still answer (a zombie nobody reaps, or given to another
    process), and PostgreSQL would refuse to start. Naming an impossible id, rather than removing the
    file, keeps PostgreSQL's own check that nobody is attached to the old shared memory.
    """
    pid_file = place.data / "postmaster.pid"
    if pid_file.exists():
        _, *rest = pid_file.read_text().split("\n")
        if len(rest) > 1:
            pid_file.write_text("\n".join([NO_SUCH_PID, *rest]))
        else:
            pid_file.unlink()  # cut off by a full disk or power cut; PostgreSQL refuses an empty one
    for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (place.socket / name).unlink(missing_ok=True)


def _admit_caller(place: Place) -> None:
    """Let the calling and the serving user sign in as any of our roles; nobody else can."""
    ident = place.data / "pg_ident.conf"
    known = ident.read_text()
    names = {name_of(os.getuid()), name_of(place.data.stat().st_uid)} - {None}
    lines = [f'vs "{name}" /^vs_[a-z]+$\n' for name in sorted(map(str, names))]
    if missing := [line for line in lines if line not in known]:
        with open(ident, "a") as file:
            file.writelines(missing)
        if (pid := _pid(place)) is not None and _is_server(pid, place.data):
            os.kill(pid, signal.SIGHUP)


def _pid(place: Place) -> int | None:
    try:
        return int((place.data / "postmaster.pid").read_text().split("\n")[0])
    except (FileNotFoundError, ValueError):
        return None


def _running(place: Place) -> bool:
    """Up and taking connections: the eighth line of postmaster.pid says so."""
    try:
        lines = (place.data / "postmaster.pid").read_text().split("\n")
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready" and _alive(place)


def _alive(place: Place) -> bool:
    pid = _pid(place)
    return pid is not None and _is_server(pid, place.data)


def _is_server(pid: int, data: Path) -> bool:
    """Whether `pid` is the server of `data`, and neither a zombie nor a process that got its number."""
    if not Path("/proc/self").exists():
        return subprocess.run(["kill", "-0", str(pid)], capture_output=True, check=False).returncode == 0
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return words[0].endswith(b"postgres") and os.fsencode(data) in words


def _nobody_holds(lock_file: Path) -> bool:
    with open(lock_file, "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _clean_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C"}


def _tell(message: str) -> None:
    print(message, file=sys.stderr)


class _Wait:
    """Says every five seconds that it still waits, and gives up when there is no sign of life."""

    def __init__(self, say: Say, what: str) -> None:
        self.say, self.what, self.began, self.said = say, what, time.monotonic(), 0

    def a_little(self, alive: bool = False) -> None:
        waited = time.monotonic() - self.began
        if waited > GIVE_UP_AFTER and not alive:
            raise ServerError(f"{self.what}: gave up after {GIVE_UP_AFTER} seconds.")
        if waited // 5 > self.said:
            self.said = int(waited // 5)
            self.say(f"{self.what} ({int(waited)} seconds)")
        time.sleep(0.01)
