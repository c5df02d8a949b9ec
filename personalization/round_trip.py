"""Statements with whole arrays as parameters, in PostgreSQL's binary format: a tenth of the time of text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

Parameters = list[Any] | dict[str, Any]


def rows(statement: str, parameters: Parameters, *, planned_once: bool = False) -> list[tuple[Any, ...]]:
    """What the statement returns; its placeholders are `%b` or `%(name)b`.

    With `planned_once` a connection keeps the plan, which of a short statement costs more than its execution; for
    statements whose best plan is the same whatever is asked. `PREPARED_STATEMENTS` can forbid it.
    """
    with _cursor() as cursor:
        cursor.execute(statement.encode(), parameters, binary=True, prepare=planned_once or None)
        return cursor.fetchall()


def execute(statement: str, parameters: Parameters) -> int:
    """How many rows the statement touched; its placeholders are `%b` or `%(name)b`."""
    with _cursor() as cursor:
        cursor.execute(statement.encode(), parameters)
        return cursor.rowcount


@contextmanager
def _cursor() -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
    """A cursor of psycopg's own, on Django's connection and with Django's errors.

    Django's cursors write parameters into the statement as text.
    """
    connection.validate_no_broken_transaction()
    with connection.cursor() as opened, connection.wrap_database_errors:
        yield psycopg.Cursor(opened.connection)
