"""ProductFacts: the columns that ranking may use, as arrays by catalog position, versioned per store."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

UNKNOWN = -1


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class ProductFacts:
    """What a store sells, at one version of its catalog. Row p of every array is the product at position p.

    Money is in the store's currency; NaN where the merchant gave none. Instants are seconds since 1970 UTC.
    """

    store_id: int
    version: int
    item_ids: list[str]  # "" where a position is not (yet) taken
    positions: dict[str, int]  # item id → position; deleted products included
    titles: list[str]
    listed: NDArray[np.bool_]  # published, and not deleted
    buyable: NDArray[np.bool_]  # listed, and preorder / backorder, or in stock and not known to have 0 units
    list_price: NDArray[np.float32]  # before any sale
    sale_price: NDArray[np.float32]  # NaN without a sale
    sale_starts: NDArray[np.float64]  # −inf when open
    sale_ends: NDArray[np.float64]  # +inf when open
    cost: NDArray[np.float32]
    quantity: NDArray[np.int32]  # units in stock, −1 unknown
    rating: NDArray[np.float32]  # 0 … 5, NaN unknown
    rating_count: NDArray[np.int32]
    launched_at: NDArray[np.float64]
    brand: NDArray[np.int32]  # index into `brands`, −1 none
    brands: list[str]
    category: NDArray[np.int32]  # leaf: index into `category_ids`, −1 none
    category_ids: list[int]  # database ids
    category_parents: NDArray[np.int32]  # (categories,) index of the parent, −1 at the root
    category_paths: list[str]
    group: NDArray[np.int32]  # variants of one thing share it; −1 none
    links: list[str] = field(default_factory=list)  # address of the product's page, "" none
    image_links: list[str] = field(default_factory=list)  # address of its picture, "" none
    groups: list[str] = field(default_factory=list)  # the merchant's names, by the index in `group`

    def __len__(self) -> int:
        return len(self.item_ids)

    def price_at(self, instant: float, products: NDArray[np.int32] | None = None) -> NDArray[np.float32]:
        """float32: what each product (of `products`, or of all) costs the visitor at `instant`, sales in."""
        rows = slice(None) if products is None else products
        sale = self.sale_price[rows]
        on_sale = (self.sale_starts[rows] <= instant) & (instant < self.sale_ends[rows]) & ~np.isnan(sale)
        return np.where(on_sale, sale, self.list_price[rows])

    def lineage(self, category: int) -> tuple[int, ...]:
        """Database ids of a category (by index) from the root to itself; empty for −1."""
        ids: list[int] = []
        while category != UNKNOWN:
            ids.append(self.category_ids[category])
            category = int(self.category_parents[category])
        return tuple(reversed(ids))
