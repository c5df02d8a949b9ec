"""What every reference model is given and asked: past sessions in, item positions in order of merit out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DAY = 86_400.0  # seconds


@dataclass(frozen=True, slots=True)
class Sessions:
    """Past sessions in the order in which they ended.

    Attributes:
        items: int64 (e,), item positions, session after session, the oldest click of each first.
        starts: int64 (s + 1,), where each session begins in `items`, and the end of the last.
        ended: float64 (s,), seconds, ascending.
    """

    items: NDArray[np.int64]
    starts: NDArray[np.int64]
    ended: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.ended)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Clicks a session, int64 (s,)."""
        return np.diff(self.starts)

    @property
    def owners(self) -> NDArray[np.int64]:
        """Which session each click belongs to, int64 (e,)."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @property
    def ages(self) -> NDArray[np.float64]:
        """Days from the end of each session to the end of the last, float64 (s,)."""
        return np.asarray((self.ended[-1] - self.ended) / DAY)

    def pairs(self, distance: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where in `items` a click and the one `distance` later in the same session stand: (earlier, later)."""
        owners = self.owners
        earlier = np.flatnonzero(owners[:-distance] == owners[distance:])
        return earlier, earlier + distance


class Model(ABC):
    """A published recommender: learns from past sessions, answers a prefix. Only what it scores above 0 is listed."""

    @abstractmethod
    def fit(self, sessions: Sessions, catalog: int) -> None:
        """Learn from sessions over items 0 … catalog - 1."""

    @abstractmethod
    def scores(self, prefix: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """(items, scores), no item twice, for a session so far: item positions, the oldest click first."""

    def rank(self, prefix: NDArray[np.int64], k: int) -> NDArray[np.int64]:
        """The k items of highest positive score, best first; of equal ones the lower position first."""
        items, scores = self.scores(prefix)
        positive = scores > 0
        items, scores = items[positive], scores[positive]
        if len(items) > k:
            enough = scores >= np.partition(scores, -k)[-k]  # all that tie with the k-th, so that order decides
            items, scores = items[enough], scores[enough]
        return items[np.lexsort((items, -scores))[:k]]


def summed(items: NDArray[np.int64], weights: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Weights summed by item: (distinct items, sums)."""
    distinct, which = np.unique(items, return_inverse=True)
    return distinct, np.bincount(which, weights=weights, minlength=len(distinct)).astype(np.float64)


def spans(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """The indices start, start + 1, … start + length - 1 of each span, one span after the other."""
    ends = np.cumsum(lengths)
    return np.asarray(np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - lengths), lengths))
