"""The worker killed in the middle of a large import of marks: another one ends it with the same marks."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .attendance_marks import count, emptied, owning, rows_of_largest, state, write_file, years
from .ground import CHECKOUT, Scale, WentWrong, check, copy, owner, url, working_on
from .tables import Table

IMPORTED = {"full": 500_000, "small": 20_000}
STALLED_AFTER, SWEEP_EVERY = 10.0, 2.0
GIVE_UP_AFTER = 900
WRITTEN = """
    select coalesce(sum(pg_relation_size(inhrelid)), 0) from pg_inherits
    where inhparent = 'attendance_markedday'::regclass
"""


def measure(scale: Scale) -> Table:
    number = IMPORTED[scale.name]
    table = Table("An import of marks whose worker is killed", columns=("Marks", "What came of it"))
    table.notes.append(
        f"{number * 2:,} marks are sent as a school's file, read and applied by the worker. Then all is emptied and done "
        "again, and the worker is ended by kill -9 once half of the marks lie in the table's files. Another worker finds "
        f"the job without a heartbeat ({STALLED_AFTER:.0f} seconds here, a minute by default) and does it again. "
        "Compared are hashes of every column of the marks (but the number of the delivery) and of the sums of the months."
    )
    with copy("vs_attendance") as database:
        _measured(table, number, database)
    return table


def _measured(table: Table, number: int, database: str) -> None:
    from django.utils import timezone

    _emptied(database)
    code, rows = rows_of_largest(database, number, years(timezone.localdate()))
    with tempfile.TemporaryDirectory(prefix="virtual-school-bench-") as place, working_on(database):
        file = Path(place) / "registers.csv"
        write_file(file, rows)
        with zipfile.ZipFile(Path(place) / "registers.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(file, file.name)
        packed = (Path(place) / "registers.zip").read_bytes()
        undisturbed, seconds, size = _undisturbed(code, packed, number, database)
        marks = f"{number * 2:,}"
        table.add("Applied by the worker, undisturbed", seconds, "s", None, (marks, _hashed(undisturbed)))
        _emptied(database)
        killed_after, again, seconds = _killed(code, packed, number, database, size)
        table.add(
            "Killed (-9) so long after it began to apply", killed_after, "s", None, ("", "no mark was left behind")
        )
        table.add("From the kill to the end, by another worker", seconds, "s", None, (marks, _hashed(again)))
        table.add("Marks or sums that differ from the undisturbed run", float(again != undisturbed), "", 0.0)
        check(again == undisturbed, "after a kill the marks are not those of an undisturbed run")


def _emptied(database: str) -> None:
    """The queue too: a worker that was ended leaves its job there, and the next would do it first."""
    emptied(database)
    with owner(database) as connection:
        connection.execute("truncate procrastinate_jobs cascade")


def _hashed(found: tuple[Any, ...]) -> str:
    return f"hash of the marks {int(found[1]) % 2**64:016x}, of the sums {int(found[3]) % 2**64:016x}"


def _worker(database: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            sys.executable, "-m", "config.command", "worker", "--concurrency", "1",
            "--stalled-after", str(STALLED_AFTER), "--sweep-every", str(SWEEP_EVERY),
        ],
        cwd=CHECKOUT, env={**os.environ, **url(database)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _until(question: Callable[[], Any], words: str) -> Any:
    end = time.monotonic() + GIVE_UP_AFTER
    while not (answer := question()):
        if time.monotonic() > end:
            raise WentWrong(f"it did not happen in time: {words}")
        time.sleep(0.05)
    return answer


def _sent(code: int, packed: bytes) -> Any:
    """The import as the page starts it, by the virtual school head."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from virtual_school.access.models import Membership, Role
    from virtual_school.access.person import person_of
    from virtual_school.authorities.models import Authority
    from virtual_school.exchange import actions
    from virtual_school.identity.acting import acting

    head = Membership.objects.filter(authority=code, role=Role.VIRTUAL_SCHOOL_HEAD, ends=None).order_by("id")[0].user
    with acting(person_of(head).claims, action="benchmark"):
        return actions.start(
            "attendance", authority=Authority.objects.get(code=code), by=head,
            files=[SimpleUploadedFile("registers.zip", packed)],
        )  # fmt: skip


def _state_of(imported: Any) -> str:
    from virtual_school.exchange.models import Import
    from virtual_school.identity.acting import acting
    from virtual_school.identity.seal import service

    with acting(service(imported.authority_id)):
        found = Import.objects.get(pk=imported.pk)
    if found.refusal:
        raise WentWrong(f"the import was refused: {found.refusal}")
    return str(found.state)


def _apply(imported: Any) -> None:
    """Waits until it was read, then says yes."""
    from virtual_school.access.models import User
    from virtual_school.access.person import person_of
    from virtual_school.exchange import actions
    from virtual_school.exchange.models import Import
    from virtual_school.identity.acting import acting

    _until(lambda: _state_of(imported) == Import.State.READY, "the file read")
    head = User.objects.get(pk=imported.by_id)
    with acting(person_of(head).claims, action="benchmark"):
        actions.ask_to_apply(Import.objects.get(pk=imported.pk), by=head)


def _end(worker: subprocess.Popen[bytes], how: signal.Signals) -> None:
    worker.send_signal(how)
    worker.wait(120)


def _undisturbed(code: int, packed: bytes, number: int, database: str) -> tuple[tuple[Any, ...], float, int]:
    worker = _worker(database)
    try:
        imported = _sent(code, packed)
        _apply(imported)
        began = time.perf_counter()
        _until(lambda: _state_of(imported) == "applied", "the import applied")
        seconds = time.perf_counter() - began
    finally:
        _end(worker, signal.SIGKILL)  # it would go on to work out the duties
    return state(database, number), seconds, _written(database)


def _written(database: str) -> int:
    """Bytes in the table's files, what is not committed counted in."""
    with owning(database) as connection:
        return int(connection.execute(WRITTEN).fetchone()[0])


def _killed(code: int, packed: bytes, number: int, database: str, size: int) -> tuple[float, tuple[Any, ...], float]:
    first = _worker(database)
    try:
        imported = _sent(code, packed)
        _apply(imported)
        began = time.perf_counter()
        with owner(database) as watching:
            _until(lambda: watching.execute(WRITTEN).fetchone()[0] > size / 2, "half of the marks written")
    finally:
        _end(first, signal.SIGKILL)
    killed = time.perf_counter()
    check(_state_of(imported) == "applying", "the import was over before it was killed")
    check(count(database) == 0, "a killed import left marks behind")
    second = _worker(database)
    try:
        _until(lambda: _state_of(imported) == "applied", "the import applied by another worker")
        seconds = time.perf_counter() - killed
    finally:
        _end(second, signal.SIGKILL)
    return killed - began, state(database, number), seconds
