"""Writing many rows at once. Each statement carries its rows as one JSON value, so that history keeps them and
row-level security checks them like any other, and no right to make temporary tables is needed."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

ROWS_A_STATEMENT = 20_000


class NotWritten(RuntimeError):
    """The database took fewer rows than were given: they were changed meanwhile, or are not this person's."""


def _packed(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[tuple[int, str]]:
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        part = rows[start : start + ROWS_A_STATEMENT]
        yield len(part), json.dumps([dict(zip(columns, row, strict=True)) for row in part], default=str)


def _names(columns: Sequence[str], prefix: str = "") -> str:
    return ", ".join(f'{prefix}"{column}"' for column in columns)


def _run(statement: str, values: list[Any], expected: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        if cursor.rowcount != expected:
            raise NotWritten(f"{cursor.rowcount} of {expected} rows could be written.")
        return cursor.fetchall() if cursor.description else []


def insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], returning: str = "") -> list[tuple]:
    """`table` and `columns` are names from our own code. Every column without a default must be given."""
    names = _names(columns)
    statement = (
        f'insert into "{table}" ({names}) '  # noqa: S608
        f'select {names} from json_populate_recordset(null::"{table}", %s::json)'
    )
    if returning:
        statement += f" returning {returning}"
    return [row for count, packed in _packed(columns, rows) for row in _run(statement, [packed], count)]


def update(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], key: str = "id") -> None:
    """Each row is the key's value followed by the columns' values."""
    to = ", ".join(f'"{column}" = new."{column}"' for column in columns)
    statement = (
        f'update "{table}" old set {to} from json_populate_recordset(null::"{table}", %s::json) new '  # noqa: S608
        f'where old."{key}" = new."{key}"'
    )
    for count, packed in _packed([key, *columns], rows):
        _run(statement, [packed], count)


def delete(table: str, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), ROWS_A_STATEMENT):
        part = list(ids[start : start + ROWS_A_STATEMENT])
        _run(f'delete from "{table}" where id = any(%s::bigint[])', [part], len(part))  # noqa: S608


def among(ids: Iterable[int]) -> RawSQL | list[int]:
    """For `…__in`: however many ids, one value, which takes Django and the driver no time for each. None of them is
    left to Django, which then asks nothing."""
    listed = list(ids)
    return RawSQL("select unnest(%s::bigint[])", [array_of(listed)]) if listed else []


FEW = 100


def read(rows: QuerySet[Any], children: Sequence[int] | None) -> Iterable[Any]:
    """The rows of these children (None: of all), at once of a few. Of many they come in parts, so that they are not
    all in memory; the cursor for it costs three ways to the database and a plan made anew."""
    return rows if children is not None and len(children) <= FEW else rows.iterator(chunk_size=5000)


def array_of(ids: Iterable[int]) -> str:
    """As PostgreSQL writes an array of numbers, which takes the driver no time for each."""
    return "{" + ",".join(map(str, ids)) + "}"


def select(statement: str, values: Sequence[Any] | dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
