"""A database cursor that speaks vectors, in binary both ways."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection
from pgvector.psycopg import register_vector


@contextmanager
def cursor() -> Iterator[psycopg.Cursor[tuple[object, ...]]]:
    """A cursor on this thread's connection, within its transaction; vector types are looked up once a connection.

    Raises:
        django.db.DatabaseError: as any cursor of Django's would.
    """
    connection.ensure_connection()
    raw = connection.connection
    with connection.wrap_database_errors:
        if not getattr(raw, "speaks_vectors", False):
            register_vector(raw)
            raw.speaks_vectors = True
        with psycopg.Cursor(raw) as found:
            yield found
