"""What is kept of a rate when something changes: one rate as a share of another, with its interval by whole visits."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from personalization.evaluation.intervals import LEVEL, NOTHING, Interval

DRAWS: Final = 2000
SEED: Final = 7


def kept(
    found: NDArray[np.float64],
    asked: NDArray[np.float64],
    found_before: NDArray[np.float64],
    asked_before: NDArray[np.float64],
) -> Interval:
    """found ÷ asked as a share of found_before ÷ asked_before, of the same or of twin visits.

    All float64 (visits,); row i of all four belongs to visit i and its twin, which are drawn together.
    """
    if not len(asked):
        return NOTHING
    times = np.random.default_rng(SEED).multinomial(len(asked), np.full(len(asked), 1 / len(asked)), size=DRAWS)
    times = np.concatenate([np.ones((1, len(asked))), times.astype(np.float64)])
    shares = _divided(_divided(times @ found, times @ asked), _divided(times @ found_before, times @ asked_before))
    value, drawn = shares[0], shares[1:]
    sound = drawn[np.isfinite(drawn)]
    if not np.isfinite(value) or not len(sound):
        return NOTHING
    lower, upper = np.percentile(sound, LEVEL)
    return Interval(float(value), float(lower), float(upper))


def _divided(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(above / below)
