"""What is in front of the visitor: the open product, and the categories on display."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from catalog.facts import UNKNOWN, ProductFacts
from personalization.markers.live_visit import LiveVisit


def open_product(visit: LiveVisit, facts: ProductFacts) -> int:
    """Catalog position of the product whose page is open, UNKNOWN elsewhere."""
    if visit.path.kind != "product":
        return UNKNOWN
    return facts.positions.get(visit.path.current, UNKNOWN)


def categories_on_display(visit: LiveVisit, facts: ProductFacts) -> NDArray[np.int32]:
    """int32 (n,), ascending: leaf categories of the open product, of the list shown, else of the product met last."""
    page = open_product(visit, facts)
    if page != UNKNOWN:
        return categories_of([page], facts)
    if visit.last is not None and visit.last.shown:
        return categories_of(visit.last.shown, facts)
    met = (product for product in visit.intent.last_products if product < len(facts))
    return categories_of([next(met, UNKNOWN)], facts)


def categories_of(products: Iterable[int], facts: ProductFacts) -> NDArray[np.int32]:
    """int32 (n,), ascending: the leaf categories of these products; positions the catalog does not hold are ignored."""
    known = np.array([product for product in products if 0 <= product < len(facts)], np.int32)
    found = np.unique(facts.category[known])
    return np.asarray(found[found != UNKNOWN], dtype=np.int32)
