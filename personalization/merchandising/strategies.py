"""Selection strategies as merchandisers know them: a sight of the visit in, products with the best first out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from catalog.facts import UNKNOWN
from personalization.merchandising.counts import PURCHASE, Companions
from personalization.merchandising.sight import Sight

ENOUGH: Final = 12  # of one category; below, its sisters join in
BACK: Final = 0.7  # weight of a product of the visit against that of the one met after it
MET: Final = 8  # latest products of the visit that speak
FADING: Final = 0.9  # weight of an earlier visit against that of the one after it
SIMILAR: Final = 1.2  # times the price, either way, is a similar one
NEW_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Picks:
    """What a strategy selects.

    Attributes:
        products: int32 (n,), catalog positions, no repeats, best first.
        support: float32 (n,), past visits that say so; 0 where none need to.
        start: the product of today's visit that led there, UNKNOWN for none.
    """

    products: NDArray[np.int32]
    support: NDArray[np.float32]
    start: int = UNKNOWN


Parameters = Mapping[str, Any]
NO_PARAMETERS: Final[Parameters] = MappingProxyType({})
NOTHING: Final = Picks(np.empty(0, np.int32), np.empty(0, np.float32))


def chosen(sight: Sight, parameters: Parameters) -> Picks:
    """The products of `item_ids`, in their order."""
    positions = sight.facts.positions
    return _plain([positions[item_id] for item_id in parameters.get("item_ids", ()) if item_id in positions])


def bestsellers(sight: Sight, parameters: Parameters) -> Picks:
    """What sells best in the store lately."""
    return _best(sight, sight.standing.order)


def category_bestsellers(sight: Sight, parameters: Parameters) -> Picks:
    """What sells best in the category on display, then in its sister categories."""
    return _best(sight, _of_category(sight))


def brand_bestsellers(sight: Sight, parameters: Parameters) -> Picks:
    """What sells best of the brand looked at."""
    brands = sight.facts.brand
    if sight.focus == UNKNOWN or brands[sight.focus] == UNKNOWN:
        return NOTHING
    same = np.flatnonzero(brands == brands[sight.focus]).astype(np.int32)
    return _best(sight, sight.standing.best(same), start=sight.focus)


def searched_bestsellers(sight: Sight, parameters: Parameters) -> Picks:
    """What sells best in the categories of what the visitor's last search found."""
    return _best(sight, sight.standing.best(sight.within(sight.searched)))


def viewed_together(sight: Sight, parameters: Parameters) -> Picks:
    """What visits that looked at the product on display looked at, too."""
    return _companions(sight.merchandise.viewed_with, [sight.on_display])


def viewed_with_visit(sight: Sight, parameters: Parameters) -> Picks:
    """The same of all products of this visit, the latest counting most."""
    return _companions(sight.merchandise.viewed_with, _latest_first(sight.on_display, sight.met))


def bought_together(sight: Sight, parameters: Parameters) -> Picks:
    """What is bought together with the product on display."""
    return _companions(sight.merchandise.bought_with, [sight.on_display])


def bought_with_cart(sight: Sight, parameters: Parameters) -> Picks:
    """What is bought together with what is in the cart, what was put in last counting most."""
    return _companions(sight.merchandise.bought_with, sight.in_cart[:MET])


def up_to_free_shipping(sight: Sight, parameters: Parameters) -> Picks:
    """What goes with the cart and just closes its gap to free shipping, the least above it first."""
    threshold, value = sight.visit.context.free_shipping_from, sight.visit.cart.value
    if not 0.0 < value < threshold:
        return NOTHING
    picks = bought_with_cart(sight, parameters)
    price = sight.prices[picks.products]
    closing = np.flatnonzero((price >= threshold - value) & (price <= 2.5 * (threshold - value)))
    return Picks(picks.products[closing], picks.support[closing], picks.start)


def recently_viewed(sight: Sight, parameters: Parameters) -> Picks:
    """What the visitor met last, in this visit and in earlier ones; what is in the cart needs no reminder."""
    earlier = [product for products, _ in sight.earlier for product in reversed(products.tolist())]
    known = [product for product in (*sight.met, *earlier) if product < len(sight.facts)]
    return _plain([product for product in known if product not in sight.in_cart])


def bought_before(sight: Sight, parameters: Parameters) -> Picks:
    """What the visitor bought in earlier visits, most often and most lately first; not what is in the cart."""
    weights: dict[int, float] = {}
    for back, (products, kinds) in enumerate(sight.earlier):
        for product in products[kinds == PURCHASE].tolist():
            weights[product] = weights.get(product, 0.0) + FADING**back
    known = [product for product in weights if product < len(sight.facts) and product not in sight.in_cart]
    return _plain(sorted(known, key=lambda product: -weights[product]))


def in_cart(sight: Sight, parameters: Parameters) -> Picks:
    """What is in the cart."""
    return _plain(sight.in_cart)


def left_in_cart(sight: Sight, parameters: Parameters) -> Picks:
    """What was left in an earlier cart."""
    return _plain(sight.left_in_carts)


def new_arrivals(sight: Sight, parameters: Parameters) -> Picks:
    """What was launched in the last `days`, the newest first; of the category on display before the rest."""
    days = float(parameters.get("days", NEW_DAYS))
    new = np.flatnonzero(sight.facts.launched_at >= sight.now - days * 86_400.0)
    elsewhere = ~np.isin(sight.facts.category[new], sight.categories)
    return _plain(new[np.lexsort((-sight.facts.launched_at[new], elsewhere))].tolist())


def on_sale(sight: Sight, parameters: Parameters) -> Picks:
    """What is on sale in the category on display (without one: in the store), the deepest discount first."""
    within = sight.within(sight.categories) if len(sight.categories) else sight.standing.order
    share = 1.0 - sight.prices[within] / np.maximum(sight.facts.list_price[within], 1e-9)
    reduced = within[share > 0.01]
    return _plain(reduced[np.lexsort((sight.standing.place[reduced], -share[share > 0.01]))].tolist())


def cheaper(sight: Sight, parameters: Parameters) -> Picks:
    """What sells best in the same category for less."""
    return _priced(sight, low=0.0, high=0.97)


def dearer(sight: Sight, parameters: Parameters) -> Picks:
    """What sells best in the same category for more, up to twice the price."""
    return _priced(sight, low=1.03, high=2.0)


def similar_price(sight: Sight, parameters: Parameters) -> Picks:
    """What sells best in the same category for about the same."""
    return _priced(sight, low=1.0 / SIMILAR, high=SIMILAR)


Strategy = Callable[[Sight, Parameters], Picks]

STRATEGIES: Final[dict[str, Strategy]] = {
    strategy.__name__: strategy
    for strategy in (
        chosen,
        bestsellers,
        category_bestsellers,
        brand_bestsellers,
        searched_bestsellers,
        viewed_together,
        viewed_with_visit,
        bought_together,
        bought_with_cart,
        up_to_free_shipping,
        recently_viewed,
        bought_before,
        in_cart,
        left_in_cart,
        new_arrivals,
        on_sale,
        cheaper,
        dearer,
        similar_price,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A strategy with its parameters, and how many products it may place."""

    strategy: str
    most: int
    parameters: Parameters = field(default_factory=lambda: NO_PARAMETERS)

    def picks(self, sight: Sight) -> Picks:
        """What it selects, not yet cut to `most`: some of it may not be shown."""
        return STRATEGIES[self.strategy](sight, self.parameters)


def _plain(products: Sequence[int]) -> Picks:
    """Products that need no evidence, each once."""
    distinct = np.array(list(dict.fromkeys(products)), np.int32)
    return Picks(distinct, np.zeros(len(distinct), np.float32))


def _best(sight: Sight, products: NDArray[np.int32], start: int = UNKNOWN) -> Picks:
    """Products already in the order of selling."""
    return Picks(products, sight.standing.selling[products], start)


def _of_category(sight: Sight) -> NDArray[np.int32]:
    """Best sellers of the categories on display; of few products, those of the sister categories come after."""
    facts, categories = sight.facts, sight.categories
    own = sight.standing.best(sight.within(categories))
    if not len(categories) or np.count_nonzero(facts.buyable[own]) >= ENOUGH:
        return own
    above = facts.category_parents[categories]
    beside = np.flatnonzero(np.isin(facts.category_parents, above[above != UNKNOWN])).astype(np.int32)
    sisters = sight.standing.best(sight.within(np.setdiff1d(beside, categories)))
    return np.concatenate([own, sisters])


def _latest_first(on_display: int, met: list[int]) -> list[int]:
    return list(dict.fromkeys([product for product in (on_display, *met) if product != UNKNOWN]))[:MET]


def _companions(table: Companions, products: Sequence[int]) -> Picks:
    """What goes with these products, each counting BACK times the one before it."""
    rows = [table.of(product) for product in products]
    lengths = [row.stop - row.start for row in rows]
    if not sum(lengths):
        return NOTHING
    fade = np.repeat(BACK ** np.arange(len(rows)), lengths)
    found, inverse = np.unique(np.concatenate([table.products[row] for row in rows]), return_inverse=True)
    weight = np.bincount(inverse, weights=np.concatenate([table.weights[row] for row in rows]) * fade)
    support = np.bincount(inverse, weights=np.concatenate([table.counts[row] for row in rows]))
    best = np.argsort(-weight, kind="stable")
    start = products[int(np.argmax(np.array(lengths) > 0))]
    return Picks(found[best].astype(np.int32), support[best].astype(np.float32), start)


def _priced(sight: Sight, *, low: float, high: float) -> Picks:
    """Best sellers of the focus' category whose price is so many times the focus' own."""
    if sight.focus == UNKNOWN or sight.facts.category[sight.focus] == UNKNOWN:
        return NOTHING
    price = sight.prices[sight.focus]
    same = sight.within(sight.facts.category[[sight.focus]])
    ratio = sight.prices[same] / np.maximum(price, 1e-9)  # NaN, where a price is unknown, lies in no range
    suited = same[(ratio >= low) & (ratio <= high) & (same != sight.focus)]
    return _best(sight, sight.standing.best(suited), start=sight.focus)
