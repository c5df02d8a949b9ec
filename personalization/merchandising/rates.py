"""How often what a strategy places is looked at, carted, bought later in the visit: fitted frequencies by place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

PLACES: Final = 20  # of a strategy's picks that are told apart; beyond, the last one's frequency fades
OUTCOMES: Final = ("view", "cart", "purchase")
IMAGINED: Final = 20.0  # answers that steady each place where few were counted
# Before a store has lived anything that could be counted: what shops commonly see.
UNTAUGHT: Final = np.array([0.03, 0.006, 0.002])[:, None] / np.sqrt(np.arange(1, PLACES + 1))


@dataclass(slots=True)
class Tally:
    """What was counted of one strategy: answers that had a product at each place, and what became of it.

    Attributes:
        asked: float64 (PLACES,).
        happened: float64 (3, PLACES), by outcome.
    """

    asked: NDArray[np.float64] = field(default_factory=lambda: np.zeros(PLACES))
    happened: NDArray[np.float64] = field(default_factory=lambda: np.zeros((len(OUTCOMES), PLACES)))

    def add(self, picked: NDArray[np.int32], later: tuple[NDArray[np.int32], ...]) -> None:
        """One answer: the products placed, best first, and those viewed, carted, bought later in the visit."""
        placed = picked[:PLACES]
        self.asked[: len(placed)] += 1
        for row, products in enumerate(later):
            self.happened[row, : len(placed)] += np.isin(placed, products)

    def rates(self) -> NDArray[np.float64]:
        """float64 (3, PLACES): frequencies that never rise with the place; places never filled are like the last."""
        filled = int(np.count_nonzero(self.asked))
        if not filled:
            return UNTAUGHT
        asked = self.asked[:filled]
        fitted = [falling(_steadied(row[:filled], asked), asked) for row in self.happened]
        return np.pad(np.stack(fitted), ((0, 0), (0, PLACES - filled)), mode="edge")


def _steadied(happened: NDArray[np.float64], asked: NDArray[np.float64]) -> NDArray[np.float64]:
    """Frequencies, each held by IMAGINED answers like the place before it, the first by ones like the mean."""
    before, steadied = float(happened.sum() / asked.sum()), []
    for count, of in zip(happened.tolist(), asked.tolist(), strict=True):
        before = (count + IMAGINED * before) / (of + IMAGINED)
        steadied.append(before)
    return np.array(steadied)


@dataclass(frozen=True, slots=True)
class Rates:
    """Frequencies of every strategy, as a generation learned them.

    Attributes:
        by_strategy: name → float64 (3, PLACES): view, cart, purchase, by place.
    """

    by_strategy: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def at(self, strategy: str, places: NDArray[np.int64]) -> NDArray[np.float64]:
        """float64 (3, n): at these places, counted from 0; a strategy never judged is taken for best sellers."""
        table = self.by_strategy.get(strategy, self.by_strategy.get("bestsellers", UNTAUGHT))
        fading = np.minimum(1.0, PLACES / (places + 1.0))
        return np.asarray(table[:, np.minimum(places, PLACES - 1)] * fading)

    def to_json(self) -> dict[str, Any]:
        return {name: table.round(6).tolist() for name, table in self.by_strategy.items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Rates:
        return cls({name: np.array(table, np.float64) for name, table in stored.items()})


def falling(values: NDArray[np.float64], weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """The nearest sequence that never rises, by weighted squares; weighted sums are kept (pool adjacent violators)."""
    blocks: list[tuple[float, float, int]] = []  # mean, weight, how many values
    heavy_as = np.ones(len(values)) if weights is None else weights
    for value, weight in zip(values.tolist(), heavy_as.tolist(), strict=True):
        mean, mass, size = value, weight, 1
        while blocks and blocks[-1][0] < mean:
            before, heavy, wide = blocks.pop()
            mean = (mean * mass + before * heavy) / (mass + heavy)
            mass, size = mass + heavy, size + wide
        blocks.append((mean, mass, size))
    means = np.array([mean for mean, _, _ in blocks], np.float64)
    return np.repeat(means, np.array([size for _, _, size in blocks], np.int64))
