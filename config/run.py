"""`virtual-school run`: the database, the server and the background worker, in one go."""

import argparse
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TextIO

from . import database, embedded, one_run

CHECKOUT = Path(__file__).resolve().parent.parent
READY_WITHIN_SECONDS = 60


def _manage(*arguments: str, role: str = "vs_app") -> None:
    command = [sys.executable, "-m", "config.command", *arguments]
    subprocess.run(command, env={**os.environ, "VS_DB_ROLE": role}, cwd=CHECKOUT, check=True)


def _collect_static() -> None:
    """Once for each state of the static files."""
    home = embedded.home()
    digest = hashlib.sha256()
    for file in sorted((CHECKOUT / "virtual_school").glob("*/static/**/*")):
        if file.is_file():
            digest.update(f"{file.name}:{file.stat().st_size}:{file.stat().st_mtime_ns}".encode())
    marker = home / "static-collected"
    if marker.exists() and marker.read_text() == digest.hexdigest():
        return
    _manage("collectstatic", "--noinput", "--clear", "--verbosity", "0")
    marker.write_text(digest.hexdigest())


def _wait_until_ready(server: subprocess.Popen, port: int) -> None:
    until = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            sys.exit(f"virtual-school: the server ended with code {server.returncode} before it was ready.")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"virtual-school: the server did not answer on port {port} within {READY_WITHIN_SECONDS} seconds.")


def _port_is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def run(arguments: list[str]) -> None:
    given = _given(arguments)
    try:
        lock = one_run.take(embedded.home(), database.say) if database.is_embedded() else None
    except one_run.AlreadyRuns as refused:
        sys.exit(f"virtual-school: {refused}")
    if not _port_is_free(given.host, given.port):
        sys.exit(f"virtual-school: port {given.port} is taken. Choose another one: PORT=8001")
    database.bring_up()
    database.bring_up_to_date()
    has_demo = given.demo or (given.demo_unless_real and _nobody_is_real())
    if has_demo:
        _make_demo()
    os.environ["PORT"] = str(given.port)
    _collect_static()
    _serve(given, has_demo, lock)


def _given(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="virtual-school run", description="Serves, with a worker in the background.")
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--workers", type=int, default=1, help="processes that serve pages")
    demo = parser.add_mutually_exclusive_group()
    demo.add_argument(
        "--demo", action="store_true", help="with an invented authority, whose people sign in by one click"
    )
    demo.add_argument(
        "--demo-unless-real", action="store_true", help="the same, unless the data of a real authority is held here"
    )
    return parser.parse_args(arguments)


def _nobody_is_real() -> bool:
    if real := database.real_authorities():
        database.say(f"{' and '.join(real)}: real children are held here, so the demo's sign-ins are off.")
    return not real


def _make_demo() -> None:
    os.environ["VIRTUAL_SCHOOL_DEMO"] = "1"
    if database.real_authorities():
        sys.exit(
            "virtual-school: the demo lets anyone sign in by one click, so it does not start beside a real "
            "authority's children, which this database holds. Start without --demo, or choose another "
            "VIRTUAL_SCHOOL_HOME for the demo."
        )
    _manage("demo", role="vs_import")


def _serve(given: argparse.Namespace, has_demo: bool, lock: TextIO | None) -> None:
    """Until it is stopped: both processes end, then the database, then the next run may begin."""
    server, worker = _start_server(given), _start_worker()
    try:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        _wait_until_ready(server, given.port)
        if lock:
            one_run.tell(lock, f"http://localhost:{given.port}")
        _welcome(given.port, has_demo)
        while server.poll() is None:
            if worker.poll() is not None:
                database.say(f"The worker ended (code {worker.returncode}); another one takes its place.")
                time.sleep(2)
                worker = _start_worker()
            time.sleep(1)
        sys.exit(f"virtual-school: the server ended with code {server.returncode}.")
    except KeyboardInterrupt:
        database.say("Stopping …")
    finally:
        if lock:
            one_run.tell(lock, "")
        _end(server, worker)
        if database.is_embedded():
            embedded.stop(embedded.home())


def _welcome(port: int, has_demo: bool) -> None:
    print(f"\nVirtual School is ready: http://localhost:{port}\n", flush=True)
    if has_demo:
        print("The page offers these people, all invented, by one click:")
        for role, name in database.demo_people():
            print(f"  {role:<34}{name}")
        print(flush=True)
    print("Stop it with Ctrl+C; the data is kept.", flush=True)


def _end(*processes: subprocess.Popen) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def _start_server(given: argparse.Namespace) -> subprocess.Popen:
    options = {
        "--interface": "wsgi", "--host": given.host, "--port": given.port, "--workers": given.workers,
        "--blocking-threads": 4, "--log-level": "warning",
    }  # fmt: skip
    command = [sys.executable, "-m", "granian", "--no-ws", "--respawn-failed-workers"]
    command += [str(part) for option in options.items() for part in option]
    return subprocess.Popen(
        [*command, "config.wsgi:application"], cwd=CHECKOUT, env={**os.environ, "VS_DB_ROLE": "vs_app"}
    )


def _start_worker() -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "config.command", "worker"], cwd=CHECKOUT, env={**os.environ, "VS_DB_ROLE": "vs_import"}
    )
