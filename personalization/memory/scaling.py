"""Scaling, learned: which markers decide that two situations are analogous.

Centres and spreads come from the store's own situations; family weights by coordinate search for the weights under
which near situations end alike, judged on later visits than those that answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from personalization.markers.definition import FAMILIES
from personalization.situation import CLIP, FAMILY_SLICES, WIDTH, Scaling

CHOICES = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)  # weights tried for a family, before division by √(its size)
ROUNDS = 2
NEIGHBOURS = 40
MOST_MEMORY, MOST_QUESTIONS = 6000, 700  # situations compared exactly while searching: bounds memory to ~200 MB


@dataclass(frozen=True, slots=True)
class Endings:
    """How sampled situations went on; row i is situation i.

    Attributes:
        visits: int64 (n,), the visit each was taken from.
        at: float64 (n,), seconds since 1970.
        focus: float32 (n, 32), where in the product space the visit went next, zero when nowhere.
        carted, bought: bool (n,), whether anything was carted, bought later in the visit.
    """

    visits: NDArray[np.int64]
    at: NDArray[np.float64]
    focus: NDArray[np.float32]
    carted: NDArray[np.bool_]
    bought: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FittedScaling:
    """The scaling, and what the search saw on the way."""

    scaling: Scaling
    family_weights: dict[str, float]
    agreement: float  # of endings, with the fitted weights
    unweighted_agreement: float  # with every family weighing the same


def fit(
    markers: NDArray[np.float32], endings: Endings, *, rng: np.random.Generator, progress: Callable[[], None]
) -> FittedScaling:
    """Fit on raw markers float32 (n, 232) of sampled situations and their endings; `progress` is called per family."""
    centre, spread = _centre_and_spread(markers)
    scaled = np.clip((markers - centre) / spread, -CLIP, CLIP)
    memory, questions = _split(endings, rng)
    weights = dict.fromkeys(FAMILIES, 1.0)
    if len(memory) <= NEIGHBOURS or len(questions) < 30:
        return FittedScaling(Scaling(centre, spread, _spread_over_markers(weights)), weights, 0.0, 0.0)
    distances = {
        family: _squared_distances(scaled[questions][:, part], scaled[memory][:, part]) / (part.stop - part.start)
        for family, part in FAMILY_SLICES.items()
    }
    judge = _Judge(endings, memory, questions)
    total = np.sum(list(distances.values()), axis=0)
    best = unweighted = judge.agreement(total)
    for _ in range(ROUNDS):
        for family in FAMILIES:
            others = total - weights[family] ** 2 * distances[family]
            for choice in CHOICES:
                if (
                    choice != weights[family]
                    and (found := judge.agreement(others + choice**2 * distances[family])) > best
                ):
                    best, weights[family] = found, choice
            total = others + weights[family] ** 2 * distances[family]
            progress()
    return FittedScaling(Scaling(centre, spread, _spread_over_markers(weights)), weights, best, unweighted)


def _centre_and_spread(markers: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean and standard deviation within the middle 98 %; intent coordinates share one spread to keep their angles."""
    if not len(markers):
        return np.zeros(WIDTH, np.float32), np.ones(WIDTH, np.float32)
    low, high = np.percentile(markers, [1, 99], axis=0)
    held = np.clip(markers, low, high)
    centre, spread = held.mean(axis=0), held.std(axis=0)
    whole = markers.std(axis=0)
    spread = np.where(spread > 1e-4, spread, np.where(whole > 1e-4, whole, 1.0))
    intent = FAMILY_SLICES["intent"]
    centre[intent] = 0.0
    spread[intent] = max(float(np.sqrt((markers[:, intent] ** 2).mean())), 1e-4)
    return centre.astype(np.float32), spread.astype(np.float32)


def _split(endings: Endings, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows that answer (the earlier four fifths) and rows that ask, bounded."""
    order = np.argsort(endings.at, kind="stable")
    cut = int(len(order) * 0.8)
    earlier, later = order[:cut], order[cut:]
    later = later[~np.isin(endings.visits[later], endings.visits[earlier])]
    return (
        np.sort(rng.permutation(earlier)[:MOST_MEMORY]),
        np.sort(rng.permutation(later)[:MOST_QUESTIONS]),
    )


class _Judge:
    """How far the nearest situations' endings agree with what happened: 1 would be foresight."""

    def __init__(self, endings: Endings, memory: NDArray[np.int64], questions: NDArray[np.int64]) -> None:
        self._focus_there, self._focus_here = endings.focus[memory], endings.focus[questions]
        self._outcomes_there = np.stack([endings.carted[memory], endings.bought[memory]], axis=1).astype(np.float32)
        self._outcomes_here = np.stack([endings.carted[questions], endings.bought[questions]], axis=1)
        self._moved = np.abs(self._focus_here).sum(axis=1) > 0

    def agreement(self, distances: NDArray[np.float32]) -> float:
        """Mean cosine of where they went, plus the information gained on carting and buying (in nats)."""
        near = np.argpartition(distances, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
        gaps = np.take_along_axis(distances, near, axis=1)
        # From the nearest on: sums and differences of distances leave tiny ones on either side of zero.
        gaps = gaps - gaps.min(axis=1, keepdims=True)
        kernel = np.exp(-gaps / np.maximum(2.0 * np.median(gaps, axis=1, keepdims=True), 1e-9))
        kernel /= kernel.sum(axis=1, keepdims=True)
        expected_focus = np.einsum("qk,qkd->qd", kernel, self._focus_there[near])
        cosine = (expected_focus * self._focus_here).sum(axis=1)[self._moved].mean() if self._moved.any() else 0.0
        return float(cosine) + self._information(kernel, near)

    def _information(self, kernel: NDArray[np.float32], near: NDArray[np.int64]) -> float:
        """Log-likelihood gain of the neighbours' shrunken rates over the overall rates, summed over outcomes."""
        base = np.clip(self._outcomes_there.mean(axis=0), 1e-4, 1 - 1e-4)
        rates = np.einsum("qk,qko->qo", kernel, self._outcomes_there[near])
        rates = np.clip((NEIGHBOURS * rates + 5 * base) / (NEIGHBOURS + 5), 1e-4, 1 - 1e-4)
        happened = self._outcomes_here
        gain = np.where(happened, np.log(rates / base), np.log((1 - rates) / (1 - base)))
        return float(gain.mean(axis=0).sum())


def _squared_distances(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32 (left, right)."""
    squares = (left**2).sum(axis=1)[:, None] + (right**2).sum(axis=1)[None, :] - 2 * left @ right.T
    return np.asarray(np.maximum(squares, 0.0), dtype=np.float32)


def _spread_over_markers(weights: dict[str, float]) -> NDArray[np.float32]:
    """A family's weight shared by its markers, so that large families are not heavier for being large."""
    spread = np.empty(WIDTH, np.float32)
    for family, part in FAMILY_SLICES.items():
        spread[part] = weights[family] / np.sqrt(part.stop - part.start)
    return spread
