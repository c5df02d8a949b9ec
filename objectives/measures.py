"""What a product is worth to the business in a situation: estimates and facts in, one function a measure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts

DAY: Final = 86_400.0
MINUTE: Final = 60.0
# After this many days on sale a product counts half as new.
NOVELTY_HALF_LIFE: Final = 30.0


class EstimateArrays(Protocol):
    """What an engine expects of n candidate products, row by row."""

    @property
    def products(self) -> NDArray[np.int32]:
        """(n,) catalog positions, no repeats."""

    @property
    def view(self) -> NDArray[np.float32]:
        """(n,) probability that the product is viewed later in the visit."""

    @property
    def cart(self) -> NDArray[np.float32]:
        """(n,) probability that it is put into the cart."""

    @property
    def purchase(self) -> NDArray[np.float32]:
        """(n,) probability that it is bought."""

    @property
    def shortening(self) -> NDArray[np.float32]:
        """(n,) in [0, 1]: how far it shortens the way to purchase, ½ neither way."""

    @property
    def score(self) -> NDArray[np.float32]:
        """(n,) the engine's own order, higher first."""


# (estimates, facts, now in seconds since 1970) → float32 (n,), finite.
Measure = Callable[[EstimateArrays, ProductFacts, float], NDArray[np.float32]]


def relevance(estimates: EstimateArrays, facts: ProductFacts, now: float) -> NDArray[np.float32]:
    """P(view), in [0, 1]: does it interest this visitor at all."""
    return estimates.view


def basket(estimates: EstimateArrays, facts: ProductFacts, now: float) -> NDArray[np.float32]:
    """P(cart), in [0, 1]: does it join what is in the cart."""
    return estimates.cart


def conversion(estimates: EstimateArrays, facts: ProductFacts, now: float) -> NDArray[np.float32]:
    """P(purchase), in [0, 1]."""
    return estimates.purchase


def revenue(estimates: EstimateArrays, facts: ProductFacts, now: float) -> NDArray[np.float32]:
    """P(purchase) × price, in money; a product without a price promises nothing."""
    price = facts.price_at(now, estimates.products)
    return _known(estimates.purchase * price)


def margin(estimates: EstimateArrays, facts: ProductFacts, now: float) -> NDArray[np.float32]:
    """P(purchase) × (price − cost), in money, below zero for a loss; 0 where price or cost is unknown."""
    price = facts.price_at(now, estimates.products)
    return _known(estimates.purchase * (price - facts.cost[estimates.products]))


def clearance(estimates: EstimateArrays, facts: ProductFacts, now: float) -> NDArray[np.float32]:
    """P(purchase) × pressure of the stock, in [0, 1].

    Pressure is x / (x + typical x), x the product's unit-days: units in stock × days on sale. A product that
    has lain as heavily as the store's median one has pressure ½; unknown stock has none.
    """
    lying = _unit_days(facts, estimates.products, now)
    typical = _typical_unit_days(facts, now)
    return _float32(estimates.purchase * lying / np.maximum(lying + typical, 1e-9))


def discovery(estimates: EstimateArrays, facts: ProductFacts, now: float) -> NDArray[np.float32]:
    """P(view) × newness, in [0, 1]; newness halves with every NOVELTY_HALF_LIFE days on sale."""
    days = _days_on_sale(facts, estimates.products, now)
    return _float32(estimates.view * np.exp2(-days / NOVELTY_HALF_LIFE))


def fluidity(estimates: EstimateArrays, facts: ProductFacts, now: float) -> NDArray[np.float32]:
    """P(purchase) × what shortens the way to it, in [0, 1]; half of P(purchase) where nothing is known to."""
    return _float32(estimates.purchase * estimates.shortening)


def lying_heavily(facts: ProductFacts, now: float) -> NDArray[np.bool_]:
    """bool (products,): what can be bought and has lain more heavily than the store's median product."""
    every = np.arange(len(facts), dtype=np.int32)
    return np.asarray(facts.buyable & (_unit_days(facts, every, now) > _typical_unit_days(facts, now)), dtype=np.bool_)


MEASURES: Final[dict[str, Measure]] = {
    "relevance": relevance,
    "basket": basket,
    "conversion": conversion,
    "revenue": revenue,
    "margin": margin,
    "clearance": clearance,
    "discovery": discovery,
    "fluidity": fluidity,
}


def _days_on_sale(facts: ProductFacts, products: NDArray[np.int32], now: float) -> NDArray[np.float64]:
    return np.maximum(now - facts.launched_at[products], 0.0) / DAY


def _unit_days(facts: ProductFacts, products: NDArray[np.int32], now: float) -> NDArray[np.float64]:
    return np.maximum(facts.quantity[products], 0) * _days_on_sale(facts, products, now)


def _typical_unit_days(facts: ProductFacts, now: float) -> float:
    """The median over what is for sale with a known stock, as of the minute; 0 when there is no such product.

    It goes over the whole catalog, and so is kept for the minute.
    """
    minute = int(now // MINUTE)
    held = _TYPICAL.get(facts.store_id)  # replaced whole: threads share it
    if held is None or held[0]() is not facts or held[1] != minute:
        stocked = np.flatnonzero(facts.buyable & (facts.quantity > 0)).astype(np.int32)
        typical = float(np.median(_unit_days(facts, stocked, minute * MINUTE))) if len(stocked) else 0.0
        _TYPICAL[facts.store_id] = held = (ref(facts), minute, typical)
    return held[2]


_TYPICAL: Final[dict[int, tuple[ref[ProductFacts], int, float]]] = {}


def _known(values: NDArray[np.floating]) -> NDArray[np.float32]:
    return _float32(np.nan_to_num(values, nan=0.0))


def _float32(values: NDArray[np.floating]) -> NDArray[np.float32]:
    return values.astype(np.float32, copy=False)
