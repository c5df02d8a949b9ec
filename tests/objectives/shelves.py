"""Small catalogs and estimates whose right answers are known by reasoning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts

NOW = 1_767_000_000.0
DAY = 86_400.0


def facts(count: int, **columns: Sequence[Any]) -> ProductFacts:
    """`count` products for sale at 10.00, nothing else known of them but what `columns` say."""
    plain: dict[str, Any] = {
        "listed": [True] * count,
        "buyable": [True] * count,
        "list_price": [10.0] * count,
        "sale_price": [np.nan] * count,
        "sale_starts": [-np.inf] * count,
        "sale_ends": [np.inf] * count,
        "cost": [np.nan] * count,
        "quantity": [-1] * count,
        "rating": [np.nan] * count,
        "rating_count": [0] * count,
        "launched_at": [NOW - 100 * DAY] * count,
        "brand": [-1] * count,
        "category": [-1] * count,
        "category_parents": [],
        "group": [-1] * count,
    }
    floats = {"list_price", "sale_price", "cost", "rating"}
    doubles = {"sale_starts", "sale_ends", "launched_at"}
    arrays = {
        name: np.array(
            columns.get(name, values),
            dtype=np.float32
            if name in floats
            else np.float64
            if name in doubles
            else np.bool_
            if name in {"listed", "buyable"}
            else np.int32,
        )
        for name, values in plain.items()
    }
    item_ids = [f"P{p}" for p in range(count)]
    categories = len(arrays["category_parents"])
    return ProductFacts(
        store_id=1,
        version=1,
        item_ids=item_ids,
        positions={item_id: p for p, item_id in enumerate(item_ids)},
        titles=[f"Product {p}" for p in range(count)],
        brands=[],
        category_ids=list(range(categories)),
        category_paths=[str(c) for c in range(categories)],
        links=[""] * count,
        image_links=[""] * count,
        **arrays,
    )


@dataclass(frozen=True)
class Expected:
    """Estimates as arrays."""

    products: NDArray[np.int32]
    view: NDArray[np.float32]
    cart: NDArray[np.float32]
    purchase: NDArray[np.float32]
    shortening: NDArray[np.float32]
    score: NDArray[np.float32]


def expected(
    products: Sequence[int],
    *,
    view: Sequence[float] | None = None,
    cart: Sequence[float] | None = None,
    purchase: Sequence[float] | None = None,
    shortening: Sequence[float] | None = None,
    score: Sequence[float] | None = None,
) -> Expected:
    def column(values: Sequence[float] | None) -> NDArray[np.float32]:
        return np.array([0.0] * len(products) if values is None else values, dtype=np.float32)

    return Expected(
        products=np.array(products, dtype=np.int32),
        view=column(view),
        cart=column(cart),
        purchase=column(purchase),
        shortening=column([0.5] * len(products) if shortening is None else shortening),
        score=column(score),
    )
