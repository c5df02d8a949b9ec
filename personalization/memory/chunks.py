"""The middle stage of a rebuild: visits become rows of the partition, chunk by chunk, on any number of workers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import numpy as np
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Sum
from pgvector import HalfVector

from personalization.memory import partitions
from personalization.memory.live import LiveMemory
from personalization.memory.partitions import SituationRow
from personalization.memory.reading import relive
from personalization.memory.remembering import remember
from personalization.models import Generation, RebuildChunk, Visit
from personalization.models.generation import ChunkState
from personalization.situation import vector

CHUNK_VISITS = 500
LEASE = timedelta(minutes=5)  # a chunk takes seconds; who holds one longer has died
MOST_ATTEMPTS = 5  # times that a chunk is begun


class GivenUpError(RuntimeError):
    """A chunk was begun again and again and never ended: whoever works on it dies."""


def plan(generation: Generation) -> None:
    """Record the work: ranges of visits, once; and from when on visits are kept as situations."""
    if generation.chunks.exists():
        return
    chosen = Visit.objects.filter(store_id=generation.store_id).rebuildable(until=generation.until)
    ids = np.fromiter(chosen.order_by("id").values_list("id", flat=True).iterator(), dtype=np.int64)
    chunks = [
        RebuildChunk(generation=generation, number=number, first_visit_id=ids[start], last_visit_id=ids[stop - 1])
        for number, start in enumerate(range(0, len(ids), CHUNK_VISITS))
        if (stop := min(start + CHUNK_VISITS, len(ids)))
    ]
    with transaction.atomic():
        generation.settings["situations_since"] = _situations_since(generation)
        generation.visit_count = len(ids)
        generation.save(update_fields=["settings", "visit_count"])
        RebuildChunk.objects.bulk_create(chunks, batch_size=1000)


def work(memory: LiveMemory, generation: Generation, *, keep_on: Callable[[], bool] = lambda: True) -> int:
    """Claim chunks and turn them into rows until none is left or `keep_on` says no; returns how many were done.

    Raises:
        GivenUpError: a chunk was begun too often.
    """
    done = 0
    while keep_on() and (chunk := _claim(generation.pk)):
        try:
            _turn_into_rows(chunk, memory, generation)
        except Exception:
            _let_go(chunk)
            raise
        done += 1
    return done


def progress(generation_id: int) -> tuple[int, int]:
    """Visits turned into situations, and visits in all."""
    chunks = RebuildChunk.objects.filter(generation_id=generation_id)
    total = chunks.count() * CHUNK_VISITS
    done = chunks.filter(state=ChunkState.DONE).aggregate(visits=Sum("visit_count"))["visits"] or 0
    return done, max(total, done)


def all_done(generation_id: int) -> bool:
    """Whether every visit has become rows."""
    return not RebuildChunk.objects.filter(generation_id=generation_id, state=ChunkState.WAITING).exists()


def release(generation_id: int) -> None:
    """Free chunks whose workers are known to be gone, before their leases run out."""
    RebuildChunk.objects.filter(generation_id=generation_id, state=ChunkState.WAITING).update(leased_until=None)


def rows_of(visits: list[Visit], memory: LiveMemory) -> list[SituationRow]:
    """The rows that memory keeps of these visits."""
    if memory.scaling is None:
        raise ValueError("memory.scaling: expected the fitted scaling, got None")
    rows: list[SituationRow] = []
    for visit, context, events in relive(visits):
        kept = remember(events, context=context, landscape=memory.landscape)
        situations = vector(kept.markers, memory.scaling).astype(np.float16)
        rows += [
            SituationRow(
                visit_id=visit.pk,
                step=min(int(step), 32_767),
                at=datetime.fromtimestamp(at, UTC),
                situation=HalfVector(situation),
                payload=packed,
            )
            for step, at, situation, packed in zip(kept.steps, kept.at, situations, kept.payloads, strict=True)
        ]
    return rows


def _claim(generation_id: int) -> RebuildChunk | None:
    """Take a waiting chunk under lease; two workers never take the same one."""
    now = datetime.now(UTC)
    with transaction.atomic():
        claimable = RebuildChunk.objects.claimable(generation_id=generation_id, now=now)
        chunk = claimable.select_for_update(skip_locked=True, of=("self",)).order_by("number").first()
        if chunk is not None and chunk.attempts >= MOST_ATTEMPTS:
            raise GivenUpError(f"chunk {chunk.number} was begun {chunk.attempts} times and never ended")
        if chunk is not None:
            RebuildChunk.objects.filter(pk=chunk.pk).update(leased_until=now + LEASE, attempts=F("attempts") + 1)
    return chunk


def _let_go(chunk: RebuildChunk) -> None:
    """Free a chunk that met an error; with the database away its lease will run out."""
    with suppress(DatabaseError):
        RebuildChunk.objects.filter(pk=chunk.pk).update(leased_until=None)


def _turn_into_rows(chunk: RebuildChunk, memory: LiveMemory, generation: Generation) -> None:
    """Rows and the chunk's end in one transaction: repeated after any kill, counted once."""
    chosen = Visit.objects.filter(store_id=generation.store_id, id__range=(chunk.first_visit_id, chunk.last_visit_id))
    visits = list(chosen.rebuildable(until=generation.until).select_related("store"))
    since = datetime.fromisoformat(generation.settings["situations_since"])
    rows = rows_of([visit for visit in visits if visit.last_event_at >= since], memory)
    with transaction.atomic():
        held = RebuildChunk.objects.select_for_update().get(pk=chunk.pk)
        if held.state == ChunkState.DONE:
            return
        held.state, held.visit_count = ChunkState.DONE, len(visits)
        held.situation_count = partitions.load(generation.pk, rows)
        held.save(update_fields=["state", "visit_count", "situation_count"])


def _situations_since(generation: Generation) -> str:
    """The instant from which on visits are kept as situations: the newest that fit the store's bound."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT min(last_event_at) FROM (
                SELECT last_event_at, sum(least(event_count, 24)) OVER (ORDER BY last_event_at DESC, id DESC) AS kept
                FROM personalization_visit
                WHERE store_id = %s AND consent AND NOT excluded AND last_event_at <= %s
            ) newest WHERE kept <= %s
            """,
            [generation.store_id, generation.until, settings.MEMORY_MOST_SITUATIONS],
        )
        since = cursor.fetchone()[0]
    return (since or datetime.fromtimestamp(0, UTC)).isoformat()
