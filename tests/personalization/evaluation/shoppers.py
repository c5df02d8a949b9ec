"""A world in which every policy's value is known: shoppers of three kinds, lists that are drawn, rewards by place."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from personalization.evaluation.off_policy import Log, Policy

KINDS, PRODUCTS, PLACES = 3, 5, 3
SHARE: Final = 0.6  # of the places that are explored
RANKINGS: Final = np.array(list(permutations(range(PRODUCTS), PLACES)))

# Purchases of each product by kind of shopper, in the first place; places below it are bought from less.
TASTE: Final = np.array([[0.5, 0.3, 0.2, 0.1, 0.4], [0.1, 0.5, 0.3, 0.4, 0.2], [0.3, 0.1, 0.6, 0.2, 0.1]])
ATTENTION: Final = np.array([1.0, 0.7, 0.4])
BOUGHT: Final = TASTE[:, :, None] * ATTENTION  # (kinds, products, places)

SERVED: Final = np.array([[0, 1, 2, 3, 4], [1, 2, 3, 4, 0], [2, 0, 1, 3, 4]])  # what each kind is served, best first
WANTED: Final = np.array([[4, 0, 1], [1, 3, 2], [0, 2, 4]])  # what another policy would show each kind


def value(lists: NDArray[np.int64]) -> float:
    """What a policy that shows each kind one list brings a visit."""
    return float(BOUGHT[np.arange(KINDS)[:, None], lists, np.arange(PLACES)].sum(axis=1).mean())


VALUE: Final = value(WANTED)
VALUE_SERVED: Final = value(SERVED[:, :PLACES])  # without exploration


def chances(share: float = SHARE) -> NDArray[np.float64]:
    """float64 (rankings,): how likely each ranking of ranks is served, each place drawn as exploration draws it."""
    found = []
    for ranking in RANKINGS:
        left, probability = list(range(PRODUCTS)), 1.0
        for rank in ranking.tolist():
            probability *= (1 - share) * (left[0] == rank) + share / len(left)
            left.remove(rank)
        found.append(probability)
    return np.array(found)


@dataclass(frozen=True, slots=True)
class Served:
    """Lists that visits were served, and what came of them.

    Attributes:
        kinds: int64 (visits,).
        ranks: int64 (visits, places), of what was served among what the kind is served best first.
        products: int64 (visits, places).
        rewards: float64 (visits, places).
        marginals: float64 (visits, places), how likely each stood there.
    """

    kinds: NDArray[np.int64]
    ranks: NDArray[np.int64]
    products: NDArray[np.int64]
    rewards: NDArray[np.float64]
    marginals: NDArray[np.float64]

    def log(self) -> Log:
        visits = len(self.kinds)
        return Log(
            visits=np.repeat(np.arange(visits), PLACES),
            count=visits,
            propensities=self.marginals.ravel(),
            rewards=self.rewards.ravel(),
        )

    def policy(self, lists: NDArray[np.int64] = WANTED, *, model: NDArray[np.float64] = BOUGHT) -> Policy:
        """A policy that shows each kind one list, with a model of rewards (kinds, products, places)."""
        shown, places, kinds = lists[self.kinds], np.arange(PLACES), self.kinds[:, None]
        return Policy(
            agreement=(shown == self.products).astype(float).ravel(),
            expected=model[kinds, shown, places].ravel(),
            expected_served=model[kinds, self.products, places].ravel(),
        )


def serve(visits: int, *, rng: np.random.Generator, share: float = SHARE) -> Served:
    """Visits of shoppers of every kind alike; two who buy are more likely of one mind: a visit's rows depend."""
    kinds = rng.integers(KINDS, size=visits)
    probabilities = chances(share)
    ranks = RANKINGS[rng.choice(len(RANKINGS), size=visits, p=probabilities)]
    products = SERVED[kinds[:, None], ranks]
    mood = 0.5 + rng.random((visits, 1))  # as eager as its places are of one visit
    buys = rng.random((visits, PLACES)) < BOUGHT[kinds[:, None], products, np.arange(PLACES)] * mood
    table = np.zeros((PRODUCTS, PLACES))
    np.add.at(table, (RANKINGS, np.arange(PLACES)), probabilities[:, None])
    marginals = table[ranks, np.arange(PLACES)]
    return Served(kinds, ranks, products, buys.astype(float), marginals)
