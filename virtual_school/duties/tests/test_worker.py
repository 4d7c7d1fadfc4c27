"""A worker that is killed leaves its job held for ever, unless another one frees it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from virtual_school.authorities.models import Authority
from virtual_school.care.models import Episode
from virtual_school.children.models import Child
from virtual_school.duties.models import StandingObligation
from virtual_school.duties.tasks import refresh
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

CODE = 373
CHECKOUT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.django_db(transaction=True)


def database_url() -> str:
    params = connection.get_connection_params()
    kept = {key: params[key] for key in ("host", "port", "user", "password", "dbname") if params.get(key)}
    return make_conninfo(**kept)


@pytest.fixture
def start_worker() -> Iterator[Callable[[], subprocess.Popen]]:
    started: list[subprocess.Popen] = []

    def start() -> subprocess.Popen:
        command = [sys.executable, "-m", "django", "worker", "--stalled-after", "1.5", "--sweep-every", "0.3"]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": database_url()}
        started.append(subprocess.Popen(command, cwd=CHECKOUT, env=environment))
        return started[-1]

    yield start
    for worker in started:
        if worker.poll() is None:
            worker.terminate()
            worker.wait(20)


def until(question: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def job_status() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select status from procrastinate_jobs where task_name = %s", ["duties.refresh"])
        return cursor.fetchone()[0]


def kept() -> list[tuple]:
    with acting(service(CODE)):
        return list(StandingObligation.objects.values_list("child_id", "duty", "occasion"))


def test_a_refresh_whose_worker_was_killed_is_done_once_and_whole_by_the_next(start_worker):
    authority = Authority.objects.create(code=CODE, name="Sheffield")
    with acting(service(CODE)):
        children = Child.objects.bulk_create(
            Child(authority=authority, local_id=f"{n:04}", born=date(2014, 1, 1)) for n in range(30)
        )
        Episode.objects.bulk_create(
            Episode(
                authority=authority, child=c, starts=date(2026, 6, 1), new_reason="S", legal_status="C2", place="U6"
            )
            for c in children
        )
    with psycopg.connect(database_url()) as holder:
        holder.execute("lock table duties_standingobligation in row exclusive mode", [])
        holder.execute("lock table duties_rollentry in share mode", [])  # the refresh gets half way, and waits
        refresh.defer(code=CODE)
        first = start_worker()
        until(lambda: job_status() == "doing")
        until(lambda: _is_waiting_for_lock(holder))
        os.kill(first.pid, signal.SIGKILL)
        first.wait(10)
        assert kept() == [], "half a refresh was kept"
        assert job_status() == "doing", "the queue still believes the dead worker"
    start_worker()
    until(lambda: job_status() == "succeeded")
    rows = kept()
    assert {child for child, _, _ in rows if child} == {c.pk for c in children}
    assert len(rows) == len(set(rows))


def _is_waiting_for_lock(holder: psycopg.Connection) -> bool:
    waiting = holder.execute("select count(*) from pg_locks where not granted", []).fetchone()
    return bool(waiting and waiting[0])
