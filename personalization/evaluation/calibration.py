"""Calibration: whether estimates come true as often as they say, and whether greater likeness succeeds more often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from personalization.evaluation.intervals import wilson

BINS: Final = 15


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
            "points": [_told(point) for point in self.points],
        }


@dataclass(frozen=True, slots=True)
class Bands:
    """Success of analogues by bands of likeness, the least alike first; `predicted` is a band's mean similarity."""

    points: tuple[Point, ...]

    @property
    def is_monotone(self) -> bool:
        """Success rises with likeness: the last above the first, and none below the one before, beyond chance."""
        rises = bool(self.points) and self.points[-1].observed > self.points[0].observed
        return rises and all(after.upper >= before.lower for before, after in pairwise(self.points))

    def to_json(self) -> dict[str, Any]:
        return {"monotone": self.is_monotone, "points": [_told(point) for point in self.points]}


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


def bands(judged: Sequence[Sequence[float]]) -> Bands:
    """Of what a rebuild judged, see `memory.judging`: [analogues, mean similarity, share that succeeded] a band."""
    points = []
    for size, similarity, succeeded in judged:
        share = wilson(succeeded * size, size)
        points.append(Point(int(size), similarity, share.value, share.lower, share.upper))
    return Bands(tuple(points))


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


def _told(point: Point) -> list[float]:
    shares = (point.predicted, point.observed, point.lower, point.upper)
    return [point.size, *(round(share, 6) for share in shares)]
