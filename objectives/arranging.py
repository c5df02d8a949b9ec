"""Lists arranged from orders: pins where they were set, one variant of a thing, and no more of a kind than caps allow.

Many orders of the same candidates are arranged at once, for whoever then chooses among the lists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

EMPTY: Final = -1  # a place that nothing was left for


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many of a kind in a list.

    Attributes:
        keys: int32 (candidates,), of which kind each is; −1 for none, which is not limited.
        most: how many.
        hard: holds even where the list then stays short; others yield once nothing else is left.
    """

    keys: NDArray[np.int32]
    most: int
    hard: bool = False


def arrange(
    orders: NDArray[np.int32], *, size: int, limits: Sequence[Limit] = (), pins: Mapping[int, int] | None = None
) -> NDArray[np.int32]:
    """int32 (lists, size): the candidates of each order that are shown, EMPTY where none was left.

    Args:
        orders: int32 (lists, n), candidates without repeats, best first; pinned ones may be among them.
        size: places of a list.
        limits: what each list obeys; pins count, but stay whatever the limits say.
        pins: place (from 0, below `size`) → candidate.
    """
    pins = dict(pins or {})
    shown = np.full((len(orders), size), EMPTY, np.int32)
    shown[:, list(pins)] = list(pins.values())
    free = np.array([place for place in range(size) if place not in pins], np.int64)
    if not limits:
        _fill(shown, free, orders, pins)
        return shown
    for binding in (list(limits), [limit for limit in limits if limit.hard]):
        _place(shown, free, orders, binding)
        if (shown[:, free] != EMPTY).all():
            break
    return shown


def _fill(
    shown: NDArray[np.int32], free: NDArray[np.int64], orders: NDArray[np.int32], pins: Mapping[int, int]
) -> None:
    """Put the best of each order, pinned ones left out, into the free places."""
    if pins:
        waiting = ~np.isin(orders, list(pins.values()))
        # A stable sort by “is pinned” moves the others to the front and leaves them in their order.
        orders = np.take_along_axis(orders, np.argsort(~waiting, axis=1, kind="stable"), axis=1)
        orders = orders[:, : orders.shape[1] - int((~waiting[:1]).sum())]
    count = min(len(free), orders.shape[1])
    shown[:, free[:count]] = orders[:, :count]


def _place(
    shown: NDArray[np.int32], free: NDArray[np.int64], orders: NDArray[np.int32], limits: Sequence[Limit]
) -> None:
    """Go down all orders at once and place what no limit forbids, until the free places are taken."""
    lists = np.arange(len(orders))
    candidates = int(max(orders.max(initial=-1), shown.max(initial=-1))) + 1
    used = np.zeros((len(orders), candidates + 1), bool)  # the last column is EMPTY's
    np.put_along_axis(used, shown, True, axis=1)
    tallies = [_Tally(limit, shown) for limit in limits]
    filled = (shown[:, free] != EMPTY).sum(axis=1)  # free places are filled from the first on
    for place in range(orders.shape[1]):
        candidate = orders[:, place]
        fits = (filled < len(free)) & ~used[lists, candidate]
        for tally in tallies:
            fits &= tally.has_room(lists, candidate)
        taking = lists[fits]
        shown[taking, free[filled[fits]]] = candidate[fits]
        for tally in tallies:
            tally.take(taking, candidate[fits])
        filled[fits] += 1
        if filled.min() == len(free):
            return


class _Tally:
    """How many of each kind every list holds already."""

    def __init__(self, limit: Limit, shown: NDArray[np.int32]) -> None:
        self._limit = limit
        kinds = int(limit.keys.max(initial=-1)) + 2  # the last column is of those without a kind
        self._held = np.zeros((len(shown), kinds), np.int32)
        for place in range(shown.shape[1]):
            lists = np.flatnonzero(shown[:, place] != EMPTY)
            self.take(lists, shown[lists, place])

    def has_room(self, lists: NDArray[np.int64], candidates: NDArray[np.int32]) -> NDArray[np.bool_]:
        kinds = self._limit.keys[candidates]
        return np.asarray((kinds < 0) | (self._held[lists, kinds] < self._limit.most), dtype=np.bool_)

    def take(self, lists: NDArray[np.int64], candidates: NDArray[np.int32]) -> None:
        self._held[lists, self._limit.keys[candidates]] += 1
