"""Exploration: a share of the places given to products drawn evenly, so that tomorrow's figures stay unbiased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np


@dataclass(frozen=True, slots=True)
class Explored:
    """An order after exploration; see `explore`."""

    order: list[int]
    propensities: list[float]
    explored: list[bool]


def explore(
    *,
    order: list[int],
    size: int,
    share: float,
    rng: np.random.Generator,
    pins: Mapping[int, int] = MappingProxyType({}),
) -> Explored:
    r"""Give a share of the positions to candidates drawn evenly, and say how likely each placement was.

    Position by position, i = 0 … size − 1, let R_i be what is not yet placed, in the given order, n_i its
    length. With probability 1 − ε (ε = `share`) the first of R_i is placed, with probability ε one drawn
    evenly from all of R_i, the first included. Given what was placed before, a is put at position i with

        p(a | R_i) = (1 − ε) · [a is the first of R_i] + ε / n_i,

    which is positive for every a in R_i (when ε > 0) and sums to one over them. Because each position's draw
    depends on the past only through R_i, the probability of a whole ranking is the product of its positions'
    propensities, which is what inverse propensity estimators need (Horvitz and Thompson 1952; for rankings,
    Swaminathan et al. 2017).

    Args:
        order: candidates without repeats, best first.
        size: how many positions are filled, fewer when the candidates run out.
        share: ε in [0, 1].
        rng: one uniform draw a position, and one integer per explored position.
        pins: place (from 0) → candidate that stands there for sure: neither is drawn.
    """
    pinned = set(pins.values())
    found = _explore([candidate for candidate in order if candidate not in pinned], size - len(pins), share, rng)
    for place, candidate in sorted(pins.items()):
        found.order.insert(place, candidate)
        found.propensities.insert(place, 1.0)
        found.explored.insert(place, False)
    return found


def _explore(order: list[int], size: int, share: float, rng: np.random.Generator) -> Explored:
    total, size = len(order), max(min(size, len(order)), 0)
    explored = rng.random(size) < share
    propensities = (1.0 - share) + share / np.arange(total, total - size, -1)
    for i in np.flatnonzero(explored).tolist():
        drawn = int(rng.integers(total - i))
        order.insert(i, order.pop(i + drawn))
        if drawn:
            propensities[i] = share / (total - i)
    return Explored(order[:size], propensities.tolist(), explored.tolist())
