"""Calibration: whether estimates come true as often as they say, and whether greater likeness succeeds more often."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from personalization.evaluation.intervals import wilson

BINS: Final = 15
BANDS: Final = 5


@dataclass(frozen=True, slots=True)
class Point:
    """Estimates of about one size: their mean, and the share that came true with its Wilson interval."""

    size: int
    predicted: float
    observed: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far a kind of estimate comes true.

    Attributes:
        points: the reliability curve, smallest estimates first.
        error: expected calibration error, the mean |predicted − observed| over the points by their mass
            (Naeini, Cooper & Hauskrecht, AAAI 2015).
        brier: mean squared error of the estimates.
        base_rate: share of all that came true; an estimate that always said it would have brier = rate × (1 − rate).
    """

    points: tuple[Point, ...]
    error: float
    brier: float
    base_rate: float

    def to_json(self) -> dict[str, Any]:
        return {
            "ece": round(self.error, 6),
            "brier": round(self.brier, 6),
            "base_rate": round(self.base_rate, 6),
            "n": sum(point.size for point in self.points),
            "points": [_rounded(point.size, point.predicted, point.observed, point.lower, point.upper)
                       for point in self.points],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bands:
    """Success by bands of a quantity that should go with it.

    Attributes:
        points: a band each, smallest quantity first; `predicted` is the quantity's mean.
        spearman: rank correlation of bands and success, 1 when each band succeeds more than the one before.
        isotonic_error: mean distance, by mass, from the nearest never-falling curve; 0 when success never falls.
        falls: neighbouring bands of which the higher succeeds less, beyond chance: their intervals do not meet.
    """

    points: tuple[Point, ...]
    spearman: float
    isotonic_error: float
    falls: int

    @property
    def is_monotone(self) -> bool:
        return not self.falls and self.spearman > 0

    def to_json(self) -> dict[str, Any]:
        return {
            "monotone": self.is_monotone,
            "spearman": round(self.spearman, 4),
            "isotonic_error": round(self.isotonic_error, 6),
            "falls": self.falls,
            "points": [_rounded(point.size, point.predicted, point.observed, point.lower, point.upper)
                       for point in self.points],
        }  # fmt: skip


def reliability(predicted: NDArray[np.float64], happened: NDArray[np.bool_], *, bins: int = BINS) -> Reliability:
    """Of estimates (n,) that came true or not, over bins of equal mass; equal estimates stay together."""
    if not len(predicted):
        return Reliability((), 0.0, 0.0, 0.0)
    points = _points(predicted, happened.astype(np.float64), bins)
    gaps = sum(point.size * abs(point.predicted - point.observed) for point in points)
    return Reliability(
        points=points,
        error=gaps / len(predicted),
        brier=float(np.mean((predicted - happened) ** 2)),
        base_rate=float(happened.mean()),
    )


def bands(quantity: NDArray[np.float64], succeeded: NDArray[np.bool_], *, most: int = BANDS) -> Bands:
    """Success (n,) by bands of equal mass of a quantity (n,)."""
    points = _points(quantity, succeeded.astype(np.float64), most)
    observed, sizes = np.array([p.observed for p in points]), np.array([p.size for p in points], np.float64)
    falls = sum(after.upper < before.lower for before, after in pairwise(points))
    error = float(np.average(np.abs(observed - isotonic(observed, sizes)), weights=sizes)) if points else 0.0
    return Bands(points=points, spearman=_rank_correlation(observed), isotonic_error=error, falls=falls)


def isotonic(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The never-falling curve nearest to the values (pool adjacent violators, Ayer et al. 1955)."""
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many values
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        pool = (value, weight, 1)
        while pools and pools[-1][0] > pool[0]:
            mean, mass, count = pools.pop()
            together = mass + pool[1]
            pool = ((mean * mass + pool[0] * pool[1]) / together, together, count + pool[2])
        pools.append(pool)
    return np.array([mean for mean, _weight, count in pools for _ in range(count)])


def _points(quantity: NDArray[np.float64], happened: NDArray[np.float64], most: int) -> tuple[Point, ...]:
    inner = np.linspace(0, 1, most + 1)[1:-1]
    edges = np.unique(np.quantile(quantity, inner)) if len(quantity) else np.empty(0)
    places = np.searchsorted(edges, quantity, side="left")
    points = []
    for place in np.unique(places).tolist():
        here = places == place
        share = wilson(float(happened[here].sum()), float(here.sum()))
        points.append(Point(int(here.sum()), float(quantity[here].mean()), share.value, share.lower, share.upper))
    return tuple(points)


def _rank_correlation(observed: NDArray[np.float64]) -> float:
    """Spearman's, of values with their order; 0 where it is not defined."""
    ranks = rankdata(observed) if len(observed) > 1 else np.empty(0)
    if len(ranks) < 2 or np.ptp(ranks) == 0:
        return 0.0
    return float(np.corrcoef(np.arange(len(ranks)), ranks)[0, 1])


def _rounded(size: int, *shares: float) -> list[float]:
    return [size, *(round(share, 6) for share in shares)]
