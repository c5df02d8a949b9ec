"""One recall per visit state, for the zones of a page, which ask within moments of each other."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Final, Generic, TypeVar

LIFETIME: Final = 3.0  # seconds
CAPACITY: Final = 512  # visit states

T = TypeVar("T")


class SharedRecall(Generic[T]):
    """A small, short-lived cache in which the first to ask works and those who ask meanwhile wait for it."""

    def __init__(self, *, capacity: int = CAPACITY, lifetime: float = LIFETIME) -> None:
        self._capacity = capacity
        self._lifetime = lifetime
        self._held: OrderedDict[Hashable, tuple[float, Future[T]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, work: Callable[[], T]) -> tuple[T, bool]:
        """The work's result, and whether it was shared; a failure is raised to all who waited, and not kept."""
        future, mine = self._claim(key)
        if not mine:
            return future.result(), True
        try:
            result = work()
        except BaseException as error:
            self._forget(key)
            future.set_exception(error)
            raise
        future.set_result(result)
        return result, False

    def clear(self) -> None:
        with self._lock:
            self._held.clear()

    def _claim(self, key: Hashable) -> tuple[Future[T], bool]:
        now = time.monotonic()
        with self._lock:
            held = self._held.get(key)
            if held is not None and now - held[0] < self._lifetime:
                return held[1], False
            future: Future[T] = Future()
            self._held[key] = (now, future)
            self._held.move_to_end(key)
            while len(self._held) > self._capacity:
                self._held.popitem(last=False)
            return future, True

    def _forget(self, key: Hashable) -> None:
        with self._lock:
            self._held.pop(key, None)
