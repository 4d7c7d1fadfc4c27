"""The tests' own database: what conftest.py promises to every other test."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from config import roles


def save_a_session() -> None:
    Session.objects.create(session_key="one", session_data="", expire_date=timezone.now())


@pytest.mark.django_db
def test_tests_run_as_the_serving_role_without_temporary_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_user, has_database_privilege(current_database(), 'temporary')", [])
        assert cursor.fetchone() == ("vs_app", False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_committed_rows_are_gone_before_the_next_test(time: str) -> None:
    assert Session.objects.count() == 0
    save_a_session()


@pytest.fixture(scope="module")
def left_open() -> Iterator[list[psycopg.Connection[Any]]]:
    connections: list[psycopg.Connection[Any]] = []
    yield connections
    for one in connections:
        one.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_a_connection_left_open_does_not_keep_the_database(left_open: list[psycopg.Connection[Any]], time: str) -> None:
    info = {**roles.connection_info("vs_app"), "dbname": connection.settings_dict["NAME"]}
    left_open.append(psycopg.connect(**info))
    assert Session.objects.count() == 0
    save_a_session()
