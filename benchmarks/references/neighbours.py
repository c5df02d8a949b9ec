"""Models that answer with what the sessions did that share items with this one: the flow that SKNN … VSTAN share.

Candidates are the `sample` most recent sessions that met any item of this one; of these the `neighbours` most alike
speak; each gives every item it met the same likeness times a share. The models differ in three decisions: how much
each click of today's session weighs, how alike a session is, and which share of that an item gets.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.references.base import Model, Sessions, spans, summed


@dataclass(frozen=True, slots=True)
class Candidates:
    """Past sessions that share an item with today's, arrays by session, the most recent last.

    Attributes:
        dot: float64, summed click weights of the items shared.
        size: int64, distinct items met in it.
        age: float64, days before the last session known.
        norm: of today's session, the root of the sum of its squared click weights.
        distinct: of today's session, distinct items in it.
    """

    dot: NDArray[np.float64]
    size: NDArray[np.int64]
    age: NDArray[np.float64]
    norm: float
    distinct: int


@dataclass(frozen=True, slots=True)
class Shared:
    """The items of the neighbours, arrays by (neighbour, item); places count from 1, of an item met twice the last.

    Attributes:
        place: where the neighbour met the item.
        star: where the neighbour met the last of the items it shares with today's session.
        steps: clicks back in today's session to the most recent item it shares with the neighbour; 0 is the last.
        rarity: of the item.
    """

    place: NDArray[np.int64]
    star: NDArray[np.int64]
    steps: NDArray[np.int64]
    rarity: NDArray[np.float64]


@dataclass
class Neighbours(Model):
    """The common flow; `last` clicks of a session are looked at (None: all)."""

    neighbours: int
    sample: int
    last: int | None = None

    @abstractmethod
    def click_weights(self, places: NDArray[np.int64], length: int) -> NDArray[np.float64]:
        """Of distinct items last met at `places` (from 1) of a session of `length` clicks."""

    @abstractmethod
    def likeness(self, found: Candidates) -> NDArray[np.float64]:
        """Of each candidate session; higher is nearer."""

    @abstractmethod
    def share(self, shared: Shared) -> NDArray[np.float64]:
        """Of its neighbour's likeness, for each item."""

    def rarity(self, sessions: Sessions, catalog: int) -> NDArray[np.float64]:
        """Of each item, float64 (catalog,): ln(sessions / clicks on it), as session-rec has it."""
        return np.log(len(sessions) / np.maximum(np.bincount(sessions.items, minlength=catalog), 1))

    def fit(self, sessions: Sessions, catalog: int) -> None:
        owners = sessions.owners
        places = np.arange(len(owners)) - sessions.starts[owners] + 1
        # Of an item met twice in a session, the first from the end.
        keys, first = np.unique((owners * catalog + sessions.items)[::-1], return_index=True)
        self._items, session_of = keys % catalog, keys // catalog
        self._places = places[::-1][first]
        self._sizes = np.bincount(session_of, minlength=len(sessions))
        self._starts = np.concatenate(([0], np.cumsum(self._sizes)))
        self._ages = sessions.ages
        self._met_in = session_of[np.argsort(self._items, kind="stable")]  # by item, oldest session first
        self._met_starts = np.concatenate(([0], np.cumsum(np.bincount(self._items, minlength=catalog))))
        self._rarity = self.rarity(sessions, catalog)
        self._today = np.zeros(catalog, dtype=np.int64)  # place of each item in the session that asks, else 0

    def scores(self, prefix: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        prefix = prefix if self.last is None else prefix[-self.last :]
        self._today[prefix] = np.arange(1, len(prefix) + 1)
        try:
            sessions, likeness = self._nearest(np.unique(prefix), len(prefix))
            return self._told(sessions, likeness, len(prefix))
        finally:
            self._today[prefix] = 0

    def _nearest(self, items: NDArray[np.int64], length: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        weights = self.click_weights(self._today[items], length)
        ends = self._met_starts[items + 1]
        # A session older than the `sample` newest of one item is not among the newest of all of them.
        counts = np.minimum(ends - self._met_starts[items], self.sample)
        sessions, dot = summed(self._met_in[spans(ends - counts, counts)], np.repeat(weights, counts))
        sessions, dot = sessions[-self.sample :], dot[-self.sample :]
        norm = float(np.sqrt((weights**2).sum()))
        found = Candidates(dot, self._sizes[sessions], self._ages[sessions], norm, len(items))
        likeness = self.likeness(found)
        kept = np.lexsort((-sessions, -likeness))[: self.neighbours]  # of equal ones the most recent
        return sessions[kept], likeness[kept]

    def _told(
        self, sessions: NDArray[np.int64], likeness: NDArray[np.float64], length: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        sizes = self._sizes[sessions]
        where = spans(self._starts[sessions], sizes)
        items, places = self._items[where], self._places[where]
        today = self._today[items]
        firsts = np.cumsum(sizes) - sizes
        star = np.maximum.reduceat(np.where(today > 0, places, 0), firsts) if len(firsts) else sizes
        recent = np.maximum.reduceat(today, firsts) if len(firsts) else sizes
        share = self.share(
            Shared(
                place=places,
                star=np.repeat(star, sizes),
                steps=np.repeat(length - recent, sizes),
                rarity=self._rarity[items],
            )
        )
        return summed(items, np.repeat(likeness, sizes) * share)
