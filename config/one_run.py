"""One `run` at a time for each home: two would migrate, and stop, the same embedded database under each other."""

import fcntl
import os
import time
from pathlib import Path
from typing import TextIO

from .embedded_place import Say, make_folder

PATIENCE_SECONDS = 90
"""A run that is stopping ends what it was asked, its worker's work and its database."""


class AlreadyRuns(Exception):
    """In words for the terminal."""


def take(home: Path, say: Say) -> TextIO:
    """The lock of this home's run, kept while the file is open; waits for one that is stopping. Raises AlreadyRuns."""
    make_folder(home)
    lock = open(home / "run.lock", "a+")  # noqa: SIM115
    try:
        os.chmod(lock.fileno(), 0o600)
        _wait(lock, home, say)
    except BaseException:
        lock.close()
        raise
    tell(lock, "")
    return lock


def _wait(lock: TextIO, home: Path, say: Say) -> None:
    until, has_said = time.monotonic() + PATIENCE_SECONDS, False
    while not _is_free(lock):
        lock.seek(0)
        if serving := lock.read().strip():
            raise AlreadyRuns(f"Virtual School already runs from {home}: {serving}. Stop that one first (Ctrl+C).")
        if time.monotonic() > until:
            raise AlreadyRuns(f"Another run from {home} has not ended. Stop it, or choose another VIRTUAL_SCHOOL_HOME.")
        if not has_said:
            say("Another run is starting or stopping; waiting for it …")
            has_said = True
        time.sleep(0.1)


def tell(lock: TextIO, serving: str) -> None:
    """Where the holder serves, for whoever starts another one; nothing while it stops."""
    lock.truncate(0)
    lock.write(serving)
    lock.flush()


def _is_free(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
