"""Shortening: how far meeting a product shortened the way to purchase in analogous situations.

From meeting a product on, every further step of a visit is a chance of a purchase. Purchases reached per step taken are
the hazard of purchase, told by those who left without one as well as by those who bought (occurrence over exposure;
Cox & Oakes, Analysis of Survival Data, 1984). Few visits speak for a product, so that its hazard is believed to be that
of its shelf, and that of a shelf to be the one of all that was met, until visits say otherwise: each is the mean of a
gamma distribution that purchases and steps have narrowed (Gelman et al., Bayesian Data Analysis, 2013, 2.6).

Shortening is the chance that of two visits that go on at these hazards, one from the product and one from whatever
else was met, the first comes to a purchase first: of two exponential waiting times, λ ÷ (λ + λ₀).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from personalization.evidence import Recalled, Shelves, by_category
from personalization.lookup import find

NEUTRAL: Final = 0.5  # neither shortens the way nor lengthens it, for all that is known
LENT: Final = 4.0  # purchases that a hazard is expected to be right with before any was seen


def neutral(count: int) -> NDArray[np.float32]:
    """float32 (count,): of products for which no way speaks."""
    return np.full(count, NEUTRAL, np.float32)


def shortening(candidates: NDArray[np.int32], recalled: Recalled, *, shelves: Shelves) -> NDArray[np.float32]:
    """float32 (candidates,) in (0, 1); NEUTRAL where no analogue met the product or its shelf, or none bought."""
    bought, taken = float(recalled.reached.sum()), float(recalled.steps.sum())
    if not bought > 0:
        return neutral(len(candidates))
    general = np.float64(bought / taken)
    reached, steps = (by_category(recalled.products, of, shelves) for of in (recalled.reached, recalled.steps))
    category = shelves.category[candidates]
    of_shelf = _hazard(reached[category], steps[category], expected=general)
    met = find(candidates, recalled.products)
    own = _hazard(met.of(recalled.reached), met.of(recalled.steps), expected=of_shelf)
    return np.asarray(own / (own + general), dtype=np.float32)


def _hazard(
    reached: NDArray[np.floating], steps: NDArray[np.floating], *, expected: NDArray[np.float64] | np.float64
) -> NDArray[np.float64]:
    """float64 (n,): purchases a step, as if LENT purchases had been reached at what was expected before."""
    return np.asarray((LENT + reached) / (LENT / expected + steps), dtype=np.float64)
