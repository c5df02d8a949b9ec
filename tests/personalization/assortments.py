"""Small catalogs as facts, for tests that need neither a store nor a database."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from catalog.facts import ProductFacts

NAN = float("nan")


def assortment(
    *,
    category: Sequence[int],
    brand: Sequence[int] | None = None,
    price: Sequence[float] | None = None,
    titles: Sequence[str] | None = None,
    launched: Sequence[float] | None = None,
    ids: str = "",
) -> ProductFacts:
    """By position: index of category, of brand (−1 none), price (NaN unknown); `ids` begin item ids."""
    count = len(category)
    categories = max(category, default=-1) + 1
    return ProductFacts(
        store_id=1,
        version=1,
        item_ids=[f"{ids}{position}" for position in range(count)],
        positions={f"{ids}{position}": position for position in range(count)},
        titles=list(titles or [""] * count),
        listed=np.ones(count, bool),
        buyable=np.ones(count, bool),
        list_price=np.array(price if price is not None else [NAN] * count, np.float32),
        sale_price=np.full(count, np.nan, np.float32),
        sale_starts=np.full(count, -np.inf),
        sale_ends=np.full(count, np.inf),
        cost=np.full(count, np.nan, np.float32),
        quantity=np.full(count, 5, np.int32),
        rating=np.full(count, np.nan, np.float32),
        rating_count=np.zeros(count, np.int32),
        launched_at=np.array(launched if launched is not None else [0.0] * count),
        brand=np.array(brand if brand is not None else [-1] * count, np.int32),
        brands=[f"brand {number}" for number in range(max(brand or [-1], default=-1) + 1)],
        category=np.array(category, np.int32),
        category_ids=[100 + number for number in range(categories)],
        category_parents=np.full(categories, -1, np.int32),
        category_paths=[f"category {number}" for number in range(categories)],
        group=np.full(count, -1, np.int32),
    )
