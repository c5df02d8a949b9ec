"""Exploration: a share of the places given to products drawn evenly, so that tomorrow's figures stay unbiased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST_PLACES: Final = 100  # from the top, whose marginal propensities are told


@dataclass(frozen=True, slots=True)
class Explored:
    """An order after exploration; see `explore`.

    Attributes:
        propensities: of each placement, given those above it.
        marginals: of each of the first MOST_PLACES placements that are drawn, and of pins among them, whatever stands
            above it; see `marginals`.
        explored: whether the place was given to a draw.
    """

    order: list[int]
    propensities: list[float]
    marginals: list[float]
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
    propensities (Horvitz and Thompson 1952). What estimators need that look at one position alone is the
    probability whatever was placed before, the marginal one.

    Args:
        order: candidates without repeats, best first.
        size: how many positions are filled, fewer when the candidates run out.
        share: ε in [0, 1].
        rng: one uniform draw a position, and one integer per explored position.
        pins: place (from 0) → candidate that stands there for sure: neither is drawn.
    """
    pinned = set(pins.values())
    free = [candidate for candidate in order if candidate not in pinned] if pinned else order.copy()
    found = _explore(free, size - len(pins), share, rng)
    for place, candidate in sorted(pins.items()):
        found.order.insert(place, candidate)
        found.propensities.insert(place, 1.0)
        found.explored.insert(place, False)
        if place <= len(found.marginals):
            found.marginals.insert(place, 1.0)
    return found


def _explore(order: list[int], size: int, share: float, rng: np.random.Generator) -> Explored:
    total, size = len(order), max(min(size, len(order)), 0)
    explored = rng.random(size) < share
    propensities = (1.0 - share) + share / np.arange(total, total - size, -1)
    ranks = list(range(total))
    for i in np.flatnonzero(explored).tolist():
        drawn = int(rng.integers(total - i))
        ranks.insert(i, ranks.pop(i + drawn))
        if drawn:
            propensities[i] = share / (total - i)
    places = min(size, MOST_PLACES)
    rows = np.minimum(np.array(ranks[:places], np.int64), places)
    told = marginals(total, places, share)[rows, np.arange(places)]
    return Explored([order[rank] for rank in ranks[:size]], propensities.tolist(), told.tolist(), explored.tolist())


@lru_cache(maxsize=256)
def marginals(candidates: int, places: int, share: float) -> NDArray[np.float64]:
    """How likely `explore` puts each candidate at each place, whatever stands above.

    float64 (places + 1, places), not to be written to: row r is of the candidate of rank r in the order, the last row
    of every later one. A candidate with m others before it among n left is placed with (1 − ε)[m = 0] + ε/n; else one
    of those before it is, with (1 − ε) + εm/n while there are any, or one behind it. Followed place by place over all
    m this is exact.

    Args:
        candidates: how many there are, at least `places`.
        places: from the top.
        share: ε in [0, 1].
    """
    found = np.zeros((places + 1, places))
    before = np.arange(places)
    chance = np.eye(places)  # of each rank, not placed yet, with m others before it
    behind = 1.0  # of a later one, not placed yet
    for place in range(places):
        left = candidates - place
        found[:places, place] = (1.0 - share) * chance[:, 0] + share / left * chance.sum(axis=1)
        found[places, place] = share / left * behind
        behind *= 1.0 - share / left
        passed = chance * (share * (left - 1 - before) / left)
        passed[:, :-1] += (chance * ((1.0 - share) + share * before / left))[:, 1:]
        chance = passed
    found.flags.writeable = False
    return found
