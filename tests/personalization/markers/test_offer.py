"""Markers of the offer, on visits whose values are known by reasoning."""

from __future__ import annotations

from math import log1p

import numpy as np
import pytest

from personalization.markers.lived import LivedEvent
from personalization.markers.offer import MARKERS

from .visits import SmallLandscape, event, item, visit

COMPUTE = {marker.name: marker.compute for marker in MARKERS}
NEUTRAL = {marker.name: marker.neutral for marker in MARKERS}


def view(product: int, *, at: float = 0.0, **facts: float) -> LivedEvent:
    return event("view_item", at=at, items=(item(product, **facts),))


# Product 0 is rich in everything, product 1 is poor, and of product 2 nothing is known.
RICH = {"stock": 99, "age_days": 9.0, "price": 100.0, "cost": 40.0, "rating": 5.0}
POOR = {"stock": 0, "age_days": 364.0, "price": 10.0, "cost": 9.0, "rating": 2.0}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("offer_stock_last", 0.0),  # log1p(0)
        ("offer_stock_mean", log1p(99) / 2),  # (log1p(99) + 0) / 2
        ("offer_stockout_share", 0.5),  # product 1 of two
        ("offer_age_last", log1p(364)),
        ("offer_new_share", 0.5),  # product 0, nine days old, of two
        ("offer_margin_last", 0.1),  # (10 − 9) / 10
        ("offer_margin_mean", 0.35),  # (0.6 + 0.1) / 2
        ("offer_popularity_last", 0.875),  # of product 1
        ("offer_popularity_mean", 0.9375),  # (1 + 0.875) / 2
        ("offer_rating_last", 2.0),
        ("offer_rating_mean", 3.5),  # (5 + 2) / 2
        ("offer_promoted_share", 0.5),  # product 1 was shown before it was met
    ],
)
def test_a_rich_and_a_poor_product_were_looked_at(name: str, value: float) -> None:
    lived = visit(
        view(0, at=0, **RICH),
        event("view_promotion", at=10, shown=(0, 1, 5)),  # product 0 had been met before it was promoted
        view(1, at=20, **POOR),
    )

    assert COMPUTE[name](lived) == pytest.approx(value, abs=1e-12)


def test_a_product_met_again_counts_once_in_means() -> None:
    lived = visit(view(0, **RICH), view(1, at=1, **POOR), view(1, at=2, **POOR))

    assert COMPUTE["offer_rating_mean"](lived) == 3.5


def test_a_product_met_again_is_the_last_one() -> None:
    lived = visit(view(0, **RICH), view(1, at=1, **POOR), view(0, at=2, **RICH))

    assert COMPUTE["offer_rating_last"](lived) == 5.0


@pytest.mark.parametrize("name", [name for name in COMPUTE if name.endswith("_last")])
def test_a_product_without_facts_makes_the_last_value_neutral(name: str) -> None:
    unknown = event("view_item", at=1, items=(item(-1, item_id="unheard-of"),))

    assert COMPUTE[name](visit(view(0, **RICH), unknown)) == NEUTRAL[name]


def test_a_product_without_facts_leaves_means_alone() -> None:
    lived = visit(view(0, **RICH), event("view_item", at=1, items=(item(-1, item_id="unheard-of"),)))

    means = [COMPUTE[name](lived) for name in COMPUTE if name.endswith("_mean")]

    assert means == [log1p(99), 0.6, 1.0, 5.0]


@pytest.mark.parametrize("name", COMPUTE)
def test_without_a_product_every_marker_is_neutral(name: str) -> None:
    assert COMPUTE[name](visit(event("page_view"), event("view_item_list", at=1, shown=(1, 2)))) == NEUTRAL[name]


def test_a_product_launched_after_the_landscape_has_no_popularity() -> None:
    assert COMPUTE["offer_popularity_last"](visit(view(8))) == NEUTRAL["offer_popularity_last"]


def test_products_of_the_cart_page_are_not_looked_at_again() -> None:
    lived = visit(view(0, **RICH), event("view_cart", at=1, items=(item(1, **POOR),)))

    assert COMPUTE["offer_stockout_share"](lived) == 0.0


def test_a_product_sold_far_below_its_cost_has_the_lowest_margin() -> None:
    assert COMPUTE["offer_margin_last"](visit(view(0, price=1.0, cost=50.0))) == -1.0


def test_popularity_is_the_landscapes() -> None:
    landscape = SmallLandscape(popularity=np.full(8, 0.25, dtype=np.float32))

    assert COMPUTE["offer_popularity_last"](visit(view(3), landscape=landscape)) == 0.25
