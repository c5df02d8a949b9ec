"""The decision log: every answer is kept with its propensities, and none waits for its being written."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)

from objectives.budgets import NO_EXPOSURES, Exposures
from personalization import exposures
from personalization.exposures import Counted
from personalization.metrics import DECISIONS_DROPPED, DECISIONS_REFUSED, DECISIONS_WRITTEN
from personalization.models import Decision

logger = logging.getLogger(__name__)

CAPACITY: Final = 10_000  # decisions that may wait; about 30 MB
BATCH: Final = 200  # rows written at once
INTERVAL: Final = 0.2  # seconds a decision waits for company
BACKOFF: Final = 1.0  # seconds between attempts while the database is away
CHECK: Final = 0.5  # seconds between looks whether the process is ending

ELSEWHERE: Final = 5  # seconds during which a decision may still wait in another process

_AWAY = (OperationalError, InterfaceError)
_COLUMNS: Final = (
    "id",
    "store_id",
    "visit_id",
    "visitor_key",
    "zone",
    "decided_at",
    "engine",
    "fallback",
    "novelty",
    "memory_generation",
    "products",
    "propensities",
    "marginals",
    "estimates",
    "markers",
    "campaigns",
    "spared",
    "spared_rules",
    "took_ms",
)
_JSON_COLUMNS: Final = ("reasons", "analogues", "stages")
_COPY: Final = f"COPY {Decision._meta.db_table} ({', '.join(_COLUMNS + _JSON_COLUMNS)}) FROM STDIN"  # noqa: SLF001


def uuid7(*, now: datetime) -> UUID:
    """A UUID of version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then randomness."""
    value = (_milliseconds(now) << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF000 << 64)) | (0x7000 << 64)
    value = (value & ~(0xC000 << 48)) | (0x8000 << 48)
    return UUID(int=value)


def first_uuid7(at: datetime) -> UUID:
    """What no UUID of version 7 made from `at` on is below."""
    return UUID(int=_milliseconds(at) << 80)


class DecisionLog:
    """A bounded queue and the thread that empties it into the database, in batches.

    `put` never blocks and never fails. While the database is away decisions wait, up to the capacity; what
    does not fit is counted and logged. The thread is no daemon: the process waits for its last batch.

    Attributes:
        writes_behind: whether the thread runs; without it decisions wait for `flush`.
    """

    def __init__(self, *, capacity: int = CAPACITY, writes_behind: bool = True) -> None:
        self.writes_behind = writes_behind
        self._capacity = capacity
        self._waiting: deque[Counted] = deque()
        self._dropped = 0
        self._wake = threading.Event()
        self._writing = threading.Lock()  # held from taking decisions out of the queue until they are written
        self._starting = threading.Lock()
        self._writer: threading.Thread | None = None
        self._stopped = False

    def put(self, decision: Decision, taken: Exposures = NO_EXPOSURES) -> None:
        """Keep a decision, soon, and count what the answer takes from campaigns' budgets."""
        if len(self._waiting) >= self._capacity:
            self._dropped += 1
            DECISIONS_DROPPED.inc()
            return
        self._waiting.append((decision, taken))
        self._wake.set()
        if self.writes_behind:
            self._ensure_writer()

    def clear(self) -> None:
        """Forget what waits, for tests that leave nothing behind."""
        self._waiting.clear()

    def flush(self) -> bool:
        """Write all that waits, in this thread; False when the database is away and it has to wait on."""
        with self._writing:
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
                try:
                    _write(batch)
                except _AWAY:
                    self._waiting.extendleft(reversed(batch))
                    return False
                except Exception:
                    DECISIONS_DROPPED.inc(len(batch))
                    logger.exception("decisions dropped, they could not be written: %d", len(batch))
        return True

    def stop(self) -> None:
        """Write what waits and end the thread; the next `put` starts another."""
        self._stopped = True
        self._wake.set()
        if self._writer is not None:
            self._writer.join()

    def _ensure_writer(self) -> None:
        # After a fork the thread of the parent is known here but not alive.
        if self._writer is not None and self._writer.is_alive():
            return
        with self._starting:
            if self._writer is None or not self._writer.is_alive():
                self._stopped = False
                self._writer = threading.Thread(target=self._write_on, name="decisions", daemon=False)
                self._writer.start()

    def _write_on(self) -> None:
        try:
            while not self._ending():
                if self._wake.wait(timeout=CHECK):
                    self._write_soon()
            if not self._flush_and_tell():
                logger.error("decisions lost at the end of the process: %d", len(self._waiting))
        finally:
            connection.close()

    def _write_soon(self) -> None:
        time.sleep(INTERVAL)
        self._wake.clear()
        if not self._flush_and_tell():
            self._wake.set()
            time.sleep(BACKOFF)

    def _ending(self) -> bool:
        return self._stopped or not threading.main_thread().is_alive()

    def _flush_and_tell(self) -> bool:
        try:
            close_old_connections()
            flushed = self.flush()
        except _AWAY:
            flushed = False
        if self._dropped:
            logger.error("decisions dropped, the queue was full: %d", self._dropped)
            self._dropped = 0
        return flushed


LOG: Final = DecisionLog()


def find(*, store_id: int, decision_id: UUID, now: datetime) -> Decision | None:
    """A store's decision, also one made a moment ago in this process or in another."""
    kept = Decision.objects.filter(store_id=store_id, id=decision_id).select_related("store", "visit")
    if found := kept.first():
        return found
    LOG.flush()
    if found := kept.first():
        return found
    if abs(_milliseconds(now) - (decision_id.int >> 80)) > ELSEWHERE * 1000:
        return None
    time.sleep(2 * INTERVAL)
    return kept.first()


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def _write(batch: Sequence[Counted]) -> None:
    """Copy a batch; when some of it cannot be kept, the rest is.

    Raises:
        OperationalError, InterfaceError: the database is away.
    """
    try:
        _copy(batch)
    except _AWAY:
        raise
    except DatabaseError:
        # A visit was forgotten, or a store deleted, since the answer was given: its decisions go with it.
        _write_one_by_one(batch)
        return
    DECISIONS_WRITTEN.inc(len(batch))


def _write_one_by_one(batch: Sequence[Counted]) -> None:
    for decision, taken in batch:
        try:
            _copy([(decision, taken)])
        except _AWAY:
            raise
        except DatabaseError as error:
            DECISIONS_REFUSED.inc()
            logger.info("decision %s not kept: %s", decision.id, type(error).__name__)
        else:
            DECISIONS_WRITTEN.inc()


@transaction.atomic
def _copy(batch: Sequence[Counted]) -> None:
    errors = connection.wrap_database_errors
    with connection.cursor() as cursor, errors, cursor.copy(_COPY) as copy:
        for decision, _taken in batch:
            copy.write_row(_row(decision))
    exposures.count(batch)  # last, as rows that other processes count in, too, are held from here on


def _row(decision: Decision) -> list[Any]:
    plain = [getattr(decision, column) for column in _COLUMNS]
    return plain + [orjson.dumps(getattr(decision, column)).decode() for column in _JSON_COLUMNS]
