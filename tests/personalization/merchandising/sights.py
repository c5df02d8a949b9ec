"""A small shop, what it counted, and visits to it, without a database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from catalog.facts import ProductFacts
from personalization import product_space
from personalization.markers.live_visit import LiveVisit, VisitContext
from personalization.markers.lived import LivedEvent, LivedItem
from personalization.merchandising.counts import NONE, Companions, Merchandise
from personalization.merchandising.sight import Sight, standing
from tests.personalization.assortments import assortment

NOW: Final = 1_800_000_000.0
DAY: Final = 86_400.0

# Rackets 0 … 3, balls 4 and 5 (both under sport), a rattle 6.
FACTS: Final = replace(
    assortment(
        category=[0, 0, 0, 0, 1, 1, 2],
        brand=[0, 1, 0, -1, 0, 1, -1],
        price=[100.0, 80.0, 110.0, 190.0, 10.0, 20.0, 15.0],
        launched=[NOW - 100 * DAY, NOW - 5 * DAY, NOW - 200 * DAY, NOW - 50 * DAY, NOW - DAY, NOW - 90 * DAY, NOW],
    ),
    category_ids=[100, 101, 102, 103],
    category_parents=np.array([3, 3, -1, -1], np.int32),
    category_paths=["Sport > Rackets", "Sport > Balls", "Baby", "Sport"],
)
SELLING: Final = np.array([1, 5, 3, 2, 9, 0, 4], np.float32)  # 4, 1, 6, 2, 3, 0, 5 from the best seller on


def companions(table: dict[int, list[tuple[int, float]]], catalog: int = 7) -> Companions:
    rows = [table.get(product, []) for product in range(catalog)]
    return Companions(
        offsets=np.cumsum([0, *map(len, rows)]).astype(np.int64),
        products=np.array([product for row in rows for product, _ in row], np.int32),
        weights=np.array([weight for row in rows for _, weight in row], np.float32),
        counts=np.array([10 * weight for row in rows for _, weight in row], np.float32),
    )


def item(product: int) -> LivedItem:
    return LivedItem(str(product), product=product, price=float(FACTS.list_price[product]))


def event(number: int, name: str, *products: int, **fields: Any) -> LivedEvent:
    at = NOW - 600 + number
    if name == "view_item":
        fields.setdefault("page", "product")
    return LivedEvent(str(number), name, at, items=tuple(map(item, products)), **fields)


def visit(*events: LivedEvent, free_shipping_from: float = 0.0) -> LiveVisit:
    context = VisitContext(time_zone=ZoneInfo("Europe/Paris"), free_shipping_from=free_shipping_from)
    return LiveVisit(context=context, landscape=product_space.EMPTY, events=events)


def viewing(*products: int) -> LiveVisit:
    return visit(*(event(number, "view_item", product) for number, product in enumerate(products)))


def sight(
    lived: LiveVisit,
    *,
    facts: ProductFacts = FACTS,
    viewed_with: Companions = NONE,
    bought_with: Companions = NONE,
    earlier: tuple[tuple[list[int], list[int]], ...] = (),
) -> Sight:
    merchandise = Merchandise(selling=SELLING, viewed_with=viewed_with, bought_with=bought_with)
    return Sight(
        visit=lived,
        facts=facts,
        merchandise=merchandise,
        standing=standing(merchandise, facts=facts),
        earlier=tuple((np.array(products, np.int32), np.array(kinds, np.uint8)) for products, kinds in earlier),
        now=NOW,
    )
