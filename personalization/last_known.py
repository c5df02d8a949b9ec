"""What a process last read, to answer from while the database is away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from django.db import InterfaceError, OperationalError, connection

REST: Final = 1.0  # seconds for which nobody asks again a database that was just away

T = TypeVar("T")


class DatabaseAwayError(RuntimeError):
    """The database does not answer, and nothing was read before that could stand in."""


class _Absence:
    """When the database was last found away: one answer finds out, the others need not wait for it too."""

    def __init__(self) -> None:
        self._until = 0.0

    def holds(self) -> bool:
        return time.monotonic() < self._until

    def found(self) -> None:
        self._until = time.monotonic() + REST

    def forget(self) -> None:
        self._until = 0.0


ABSENCE: Final = _Absence()


def attempt(read: Callable[[], T]) -> T:
    """Read from the database, unless it was found away a moment ago.

    Raises:
        DatabaseAwayError: it is away.
    """
    if ABSENCE.holds():
        raise DatabaseAwayError("the database was away a moment ago")
    return answered(read)


def answered(read: Callable[[], T]) -> T:
    """Read what may survive the database's absence by itself.

    Raises:
        DatabaseAwayError: it did not.
    """
    try:
        return read()
    except (OperationalError, InterfaceError) as error:
        ABSENCE.found()
        connection.close_if_unusable_or_obsolete()
        raise DatabaseAwayError("the database is away") from error


@dataclass(frozen=True, slots=True)
class _Read(Generic[T]):
    value: T
    at: float  # monotonic seconds


class LastKnown(Generic[T]):
    """One value a store, read again when older than `fresh_for` seconds, kept when it cannot be."""

    def __init__(self, read: Callable[[int], T], *, fresh_for: float = 0.0) -> None:
        self._read = read
        self._fresh_for = fresh_for
        self._known: dict[int, _Read[T]] = {}
        self._lock = threading.Lock()

    def of(self, store_id: int) -> tuple[T, bool]:
        """The value, and whether it is only what was last known.

        Raises:
            DatabaseAwayError: the database is away and nothing is known of the store.
        """
        known = self._known.get(store_id)
        if known is not None and time.monotonic() - known.at < self._fresh_for:
            return known.value, False
        try:
            value = attempt(lambda: self._read(store_id))
        except DatabaseAwayError:
            if known is None:
                raise
            return known.value, True
        with self._lock:
            self._known[store_id] = _Read(value, time.monotonic())
        return value, False

    def __len__(self) -> int:
        return len(self._known)
