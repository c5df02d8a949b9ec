"""The partition of a generation: made, filled by binary COPY, indexed, dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray
from pgvector import HalfVector

from personalization.memory import vectors

TABLE = "personalization_pastsituation"

# Richer than pgvector's defaults (16, 64): on visits, where many situations are nearly alike, those lost two
# hundredths of the exact nearest for good, however broad the search.
HNSW_LINKS, HNSW_BUILD_CANDIDATES = 24, 128

# Situations whose every scaled marker falls into the same cell of this width are twins; ten of them, the newest, are
# kept. Crowds of near-twins take each other for neighbours in the graph, and what lies behind them is lost to any
# search, however broad. Ten exact ones share one place.
TWIN_CELL = 0.1
TWINS = 10


@dataclass(frozen=True, slots=True)
class SituationRow:
    """One past situation on its way into the memory."""

    visit_id: int
    step: int
    at: datetime
    situation: HalfVector
    payload: bytes


def name_of(generation_id: int) -> str:
    """The partition's table; a number alone goes into SQL."""
    return f"{TABLE}_g{int(generation_id)}"


def create(generation_id: int) -> None:
    """Make the partition if it is not there yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS {name_of(generation_id)}"
            f" PARTITION OF {TABLE} FOR VALUES IN ({int(generation_id)})"
        )
        # Vectors are read with every row: without the detour of TOAST.
        cursor.execute(f"ALTER TABLE {name_of(generation_id)} ALTER COLUMN situation SET STORAGE PLAIN")


def load(generation_id: int, rows: Iterable[SituationRow]) -> int:
    """Append rows by binary COPY within the caller's transaction; returns how many."""
    count = 0
    with vectors.cursor() as cursor:
        columns = "generation_id, visit_id, step, at, twin, situation, payload"
        with cursor.copy(f"COPY {name_of(generation_id)} ({columns}) FROM STDIN WITH (FORMAT BINARY)") as copy:
            copy.set_types(["int8", "int8", "int2", "timestamptz", "int8", "halfvec", "bytea"])
            for row in rows:
                twin = twin_of(row.situation.to_numpy())
                copy.write_row((generation_id, row.visit_id, row.step, row.at, twin, row.situation, row.payload))
                count += 1
    return count


def forget_visits(generation_id: int, visit_ids: list[int]) -> int:
    """Remove the situations of these visits; returns how many rows went."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {name_of(generation_id)} WHERE visit_id = ANY(%s)",  # noqa: S608 # nosec B608: a number
            [visit_ids],
        )
        return int(cursor.rowcount)


def visits_absent(generation_id: int, store_id: int) -> list[int]:
    """Visits in the partition that are no longer there, or may no longer be remembered."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT visit_id FROM {name_of(generation_id)}"  # noqa: S608 # nosec B608: a number
            " EXCEPT SELECT id FROM personalization_visit WHERE store_id = %s AND consent AND NOT excluded",
            [store_id],
        )
        return [row[0] for row in cursor.fetchall()]


def generations_with_one() -> list[int]:
    """Ids of the generations that have a partition, whether they still exist or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [TABLE])
        return sorted(int(row[0].rpartition("_g")[2]) for row in cursor.fetchall())


def twin_of(situation: NDArray[np.float16]) -> int:
    """A 64-bit fingerprint that near-twins share."""
    cells = np.round(situation.astype(np.float32) / TWIN_CELL).astype(np.int16)
    return int.from_bytes(blake2b(cells.tobytes(), digest_size=8).digest(), signed=True)


def thin_twins(generation_id: int) -> int:
    """Of near-twins keep the newest; returns how many rows went. Their visits go on speaking through their trails."""
    table = name_of(generation_id)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} USING ("  # noqa: S608 # nosec B608: a number
            " SELECT ctid AS place, row_number() OVER (PARTITION BY twin ORDER BY at DESC, id DESC) AS nth"
            f" FROM {table}) ranked WHERE {table}.ctid = ranked.place AND ranked.nth > %s",
            [TWINS],
        )
        return int(cursor.rowcount)


def index(generation_id: int) -> None:
    """Index the loaded partition: vectors by HNSW, visits by B-tree. Safe to repeat."""
    table = name_of(generation_id)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '1500MB'")
        cursor.execute("SET LOCAL max_parallel_maintenance_workers = 2")
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {table}_visit ON {table} (visit_id)")
        cursor.execute(
            f"CREATE INDEX IF NOT EXISTS {table}_situation ON {table} USING hnsw (situation halfvec_l2_ops)"
            f" WITH (m = {HNSW_LINKS}, ef_construction = {HNSW_BUILD_CANDIDATES})"
        )
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")


def count(generation_id: int) -> int:
    """Situations in the partition."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {name_of(generation_id)}")  # noqa: S608 # nosec B608: a number
        return int(cursor.fetchone()[0])


def drop(generation_id: int) -> None:
    """Let go of the partition with everything in it."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {name_of(generation_id)}")
