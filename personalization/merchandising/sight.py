"""What a selection looks at: the visit, the visitor's earlier ones, today's products, and what was counted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.facts import UNKNOWN, ProductFacts
from personalization.display import categories_of, categories_on_display, open_product
from personalization.markers.live_visit import LiveVisit
from personalization.merchandising.counts import CART, PURCHASE, Merchandise

EARLIER: Final = 20  # earlier visits of a person that are looked at

# The products of an earlier visit in the order first met, and the strongest thing that happened to each.
EarlierVisit = tuple[NDArray[np.int32], NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Standing:
    """How today's products sell, by catalog position.

    Attributes:
        selling: float32 (products,), see `counts.Merchandise`; what was launched since stands at 0.
        order: int32 (products,), positions, the best seller first.
        place: int32 (products,), of each product in that order.
    """

    selling: NDArray[np.float32]
    order: NDArray[np.int32]
    place: NDArray[np.int32]

    def best(self, products: NDArray[np.int32]) -> NDArray[np.int32]:
        """These products, the best seller first."""
        return products[np.argsort(self.place[products], kind="stable")]


def standing(merchandise: Merchandise, *, facts: ProductFacts) -> Standing:
    """Over today's catalog; where nothing was counted yet, products with more ratings stand first."""
    selling = np.zeros(len(facts), np.float32)
    counted = merchandise.selling[: len(facts)]
    selling[: len(counted)] = counted
    order = np.lexsort((-facts.rating_count, -selling)).astype(np.int32)
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return Standing(selling, order, place)


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What a selection looks at, for one question.

    Attributes:
        visit: so far.
        facts: the store's products now.
        merchandise: what was counted of the store's past.
        standing: how today's products sell.
        earlier: the visitor's earlier visits, newest first; none without consent.
        now: seconds since 1970.
    """

    visit: LiveVisit
    facts: ProductFacts
    merchandise: Merchandise
    standing: Standing
    earlier: tuple[EarlierVisit, ...]
    now: float

    @cached_property
    def prices(self) -> NDArray[np.float32]:
        """float32 (products,), what each costs now; NaN unknown."""
        return self.facts.price_at(self.now).astype(np.float32)

    @cached_property
    def met(self) -> list[int]:
        """Distinct products met in this visit, the latest first."""
        return [product for product in self.visit.intent.last_products if product < len(self.facts)]

    @cached_property
    def on_display(self) -> int:
        """The product whose page is open, UNKNOWN elsewhere."""
        return open_product(self.visit, self.facts)

    @cached_property
    def focus(self) -> int:
        """The product on display, else the one met last."""
        return self.on_display if self.on_display != UNKNOWN else next(iter(self.met), UNKNOWN)

    @cached_property
    def in_cart(self) -> list[int]:
        """Products in the cart, the latest first."""
        lines = [line.product for line in self.visit.cart.lines.values()]
        return [product for product in reversed(lines) if 0 <= product < len(self.facts)]

    @cached_property
    def categories(self) -> NDArray[np.int32]:
        """Categories on display: of the open product, of the list shown, else of the product met last."""
        return categories_on_display(self.visit, self.facts)

    @cached_property
    def searched(self) -> NDArray[np.int32]:
        """Categories of what the visitor's last search found."""
        return categories_of(self.visit.search.shown, self.facts)

    @cached_property
    def left_in_carts(self) -> list[int]:
        """Products carted in an earlier visit and bought in none since, the latest first; not those in the cart."""
        settled, left = set(self.in_cart), []
        for products, kinds in self.earlier:
            settled.update(products[kinds == PURCHASE].tolist())
            for product in products[kinds == CART].tolist():
                if product not in settled:
                    settled.add(product)
                    left.append(product)
        return [product for product in left if product < len(self.facts)]

    def within(self, categories: NDArray[np.int32]) -> NDArray[np.int32]:
        """Positions of the products whose leaf category is one of these."""
        return np.flatnonzero(np.isin(self.facts.category, categories)).astype(np.int32)
