"""Prices that stand until the next sale begins or ends, so that no answer works out those of the whole catalog."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts


@dataclass(frozen=True, slots=True)
class _Standing:
    """Prices float32 (products,) that hold from an instant on until another, seconds since 1970."""

    since: float
    until: float
    prices: NDArray[np.float32]


class StandingPrices:
    """What every product of one version of a catalog costs, by the instant."""

    def __init__(self, facts: ProductFacts) -> None:
        self._facts = facts
        on_sale = ~np.isnan(facts.sale_price)
        self._changes = np.unique(np.concatenate([facts.sale_starts[on_sale], facts.sale_ends[on_sale]]))
        self._standing = _Standing(np.inf, -np.inf, np.empty(0, np.float32))

    def at(self, instant: float) -> NDArray[np.float32]:
        """float32 (products,), see `ProductFacts.price_at`; the same array while no sale begins or ends."""
        standing = self._standing  # replaced whole: threads share it
        if not standing.since <= instant < standing.until:
            after = int(np.searchsorted(self._changes, instant, side="right"))
            standing = _Standing(
                since=float(self._changes[after - 1]) if after else -np.inf,
                until=float(self._changes[after]) if after < len(self._changes) else np.inf,
                prices=self._facts.price_at(instant).astype(np.float32, copy=False),
            )
            self._standing = standing
        return standing.prices
