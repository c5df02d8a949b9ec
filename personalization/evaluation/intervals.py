"""How sure a figure is: 95 % intervals by drawing whole visits again (Efron's percentile bootstrap, by clusters).

Questions asked of one visit depend on each other, so visits are drawn and never questions. Every figure here is a
quotient of sums (hits ÷ questions, value found ÷ value bought), which also covers paired differences: two engines
asked the same differ by the sum of their differences ÷ the same sum, drawn over the same visits.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

DRAWS: Final = 1000
LEVEL: Final = (2.5, 97.5)  # percentiles: 95 % between them
_AT_ONCE: Final = 50  # draws held in memory

Quotient = tuple[NDArray[np.float64], NDArray[np.float64]]  # numerators and denominators, (questions,) each


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure, and between which it lies with 95 % confidence; all NaN where nothing was asked."""

    value: float
    lower: float
    upper: float

    @property
    def excludes_zero(self) -> bool:
        return self.lower > 0 or self.upper < 0

    def times(self, factor: float) -> Interval:
        """The same of so many; `factor` is not negative."""
        return Interval(self.value * factor, self.lower * factor, self.upper * factor)

    def to_json(self) -> list[float | None]:
        """[value, lower, upper], None where nothing was asked."""
        return [None if isnan(bound) else round(bound, 5) for bound in (self.value, self.lower, self.upper)]


NOTHING: Final = Interval(nan, nan, nan)


def intervals(
    quotients: Mapping[str, Quotient], *, clusters: Sequence[Hashable], draws: int = DRAWS, seed: int = 0
) -> dict[str, Interval]:
    """Each quotient with its interval; all are drawn together, so that what is compared meets the same visits.

    Args:
        quotients: by name, what is summed above and below the line, one number a question.
        clusters: which visit each question belongs to, (questions,).
        draws: how often the visits are drawn again.
        seed: of the draws; the same seed and questions give the same intervals.
    """
    rows = _numbered(clusters)
    visits = int(rows.max(initial=-1)) + 1
    if not visits or not quotients:
        return dict.fromkeys(quotients, NOTHING)
    above, below = (_summed([pair[side] for pair in quotients.values()], rows, visits) for side in (0, 1))
    drawn = _drawn(above, below, draws=draws, rng=np.random.default_rng(seed))
    values = _divided(above.sum(axis=0), below.sum(axis=0))
    return {
        name: _interval(float(value), column) for name, value, column in zip(quotients, values, drawn.T, strict=True)
    }


def difference(one: Quotient, other: Quotient) -> Quotient:
    """What `one` has more than `other`, both asked the same questions.

    Raises:
        ValueError: they were not: their denominators differ.
    """
    if not np.array_equal(one[1], other[1]):
        raise ValueError("other: expected the denominators of one, as of the same questions")
    return one[0] - other[0], one[1]


def wilson(successes: float, trials: float, *, z: float = 1.959964) -> Interval:
    """A share with its score interval (Wilson 1927), sound for few trials and for shares near 0 and 1."""
    if not trials:
        return NOTHING
    share = successes / trials
    spread = z * z / trials
    centre = (share + spread / 2) / (1 + spread)
    reach = z * sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    return Interval(share, max(0.0, centre - reach), min(1.0, centre + reach))


def _numbered(clusters: Sequence[Hashable]) -> NDArray[np.int64]:
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(cluster, len(numbers)) for cluster in clusters], np.int64)


def _summed(columns: Sequence[NDArray[np.float64]], rows: NDArray[np.int64], visits: int) -> NDArray[np.float64]:
    """float64 (visits, columns): each column's sums by visit."""
    sums = [np.bincount(rows, weights=column, minlength=visits) for column in columns]
    return np.stack(sums, axis=1).astype(np.float64)


def _drawn(
    above: NDArray[np.float64], below: NDArray[np.float64], *, draws: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """float64 (draws, quotients), from sums (visits, quotients)."""
    visits = len(above)
    pieces = [np.empty((0, above.shape[1]))]
    for start in range(0, draws, _AT_ONCE):
        size = min(_AT_ONCE, draws - start)
        picked = rng.integers(0, visits, size=(size, visits))
        times = np.stack([np.bincount(row, minlength=visits) for row in picked]).astype(np.float64)
        pieces.append(_divided(times @ above, times @ below))
    return np.concatenate(pieces)


def _divided(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below != 0, above / below, nan)


def _interval(value: float, drawn: NDArray[np.float64]) -> Interval:
    sound = drawn[np.isfinite(drawn)]
    if isnan(value) or not len(sound):
        return NOTHING
    lower, upper = np.percentile(sound, LEVEL)
    return Interval(value, float(lower), float(upper))
