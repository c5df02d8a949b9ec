"""Running figures of lengths of time: how long gaps and dwells of a visit are."""

from __future__ import annotations

from math import log1p, sqrt
from typing import Final

LONGEST: Final = 86_400.0  # seconds: no gap or dwell counts for more than a day


class Spell:
    """Lengths of time met so far, in seconds: the first, the last, the longest, their mean and spread as logarithms."""

    __slots__ = ("_scatter", "count", "first", "last", "longest", "mean")

    def __init__(self) -> None:
        self.count: int = 0
        self.first = 0.0
        self.last = 0.0
        self.longest = 0.0
        self.mean = 0.0  # of log1p(seconds)
        self._scatter = 0.0  # sum of squared distances from the mean (Welford)

    @property
    def spread(self) -> float:
        return sqrt(max(self._scatter, 0.0) / self.count) if self.count else 0.0

    def meet(self, seconds: float) -> float:
        """One more; its logarithm."""
        logarithm = log1p(seconds)
        self.first = seconds if self.count == 0 else self.first
        self.count += 1
        self.last = seconds
        self.longest = max(self.longest, seconds)
        distance = logarithm - self.mean
        self.mean += distance / self.count
        self._scatter += distance * (logarithm - self.mean)
        return logarithm
