"""Markers of prices, on visits whose values are known by reasoning."""

from __future__ import annotations

from math import e, inf, nan, sqrt
from typing import Any

import pytest

from personalization.markers.lived import LivedEvent
from personalization.markers.price import MARKERS

from .visits import event, item, visit

COMPUTE = {marker.name: marker.compute for marker in MARKERS}
NEUTRAL = {marker.name: marker.neutral for marker in MARKERS}


def costing(level: float) -> float:
    """The price whose log1p is `level`."""
    return float(e**level - 1)


def view(product: int, *, at: float = 0.0, **facts: Any) -> LivedEvent:
    return event("view_item", at=at, items=(item(product, **facts),))


# On the logarithmic scale: 2, 4, 3 in category 1, then 3 in category 2; the second and the last are on sale.
COMPARER = (
    view(0, at=0, price=costing(2), list_price=costing(2), price_rank=0.2, categories=(9, 1)),
    view(1, at=1, price=costing(4), list_price=costing(4) / 0.8, price_rank=0.9, categories=(9, 1)),
    view(2, at=2, price=costing(3), list_price=costing(3), price_rank=0.5, categories=(9, 1)),
    view(3, at=3, price=costing(3), list_price=costing(3) / 0.6, price_rank=0.8, categories=(9, 2)),
    event("add_to_cart", at=4, items=(item(2, price=costing(3.5)),)),
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("price_mean", 3.0),  # (2 + 4 + 3 + 3) / 4
        ("price_last", 3.0),
        ("price_lowest", 2.0),
        ("price_highest", 4.0),
        ("price_spread", sqrt(0.5)),  # squares 1 + 1 + 0 + 0, over 4
        (
            "price_trend",
            0.48,
        ),  # moves 2, −1, 0: 2, 2 + 0.4 · (−1 − 2) = 0.8, 0.8 + 0.4 · (0 − 0.8)
        ("price_volatility", 1.0),  # (2 + 1 + 0) / 3
        ("price_last_position", 0.5),  # 3 between 2 and 4
        ("price_level", 0.6),  # (0.2 + 0.9 + 0.5 + 0.8) / 4
        ("price_level_last", 0.8),
        ("price_level_spread", sqrt(0.075)),  # squares 0.16 + 0.09 + 0.01 + 0.04, over 4
        (
            "price_level_trend",
            0.0128,
        ),  # 0.2, 0.2 + 0.4 · 0.7, 0.48 + 0.4 · 0.02, 0.488 + 0.4 · 0.312; − 0.6
        ("price_premium_share", 2 / 5),  # 0.9 and 0.8 of 4 views, and an imagined one
        ("price_bargain_share", 1 / 5),
        ("price_cheaper_share", 2 / 4),  # +2 and −1 within category 1, and one imagined of each kind
        ("price_discount_share", 2.1 / 5),  # 2 of 4, and an imagined view of which a tenth is on sale
        ("price_discount_depth", 0.3),  # (0.2 + 0.4) / 2
        ("price_discount_last", 0.4),
        ("price_added_against_views", 0.5),  # 3.5 − 3
        ("price_added_position", 0.75),  # 3.5 between 2 and 4
    ],
)
def test_four_products_are_compared_and_one_taken(name: str, value: float) -> None:
    assert COMPUTE[name](visit(*COMPARER)) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("price_mean", 2.0),
        ("price_last", 2.0),
        ("price_lowest", 2.0),
        ("price_highest", 2.0),
        ("price_spread", 0.0),
        ("price_trend", 0.0),
        ("price_volatility", 0.0),
        ("price_last_position", 0.5),
        ("price_level", 0.2),
        ("price_level_last", 0.2),
        ("price_level_spread", 0.0),
        ("price_level_trend", 0.0),
        ("price_premium_share", 0.0),
        ("price_bargain_share", 0.5),  # 0.2 is in the cheapest quarter; 1 of 1, and an imagined one
        ("price_cheaper_share", 0.5),
        ("price_discount_share", 0.05),  # 0 of 1, and a tenth of an imagined one
        ("price_discount_depth", 0.0),
        ("price_discount_last", 0.0),
        ("price_added_against_views", 0.0),
        ("price_added_position", 0.5),
    ],
)
def test_one_product_was_looked_at(name: str, value: float) -> None:
    assert COMPUTE[name](visit(COMPARER[0])) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("marker", MARKERS, ids=lambda marker: marker.name)
@pytest.mark.parametrize("price", [0.0, -5.0, nan], ids=["unknown", "negative", "not a number"])
def test_looking_without_a_price_is_neutral(marker: Any, price: float) -> None:
    lived = visit(view(0, price=price, price_rank=0.9, list_price=10.0))

    assert marker.compute(lived) == marker.neutral


@pytest.mark.parametrize("marker", MARKERS, ids=lambda marker: marker.name)
def test_an_endless_price_stays_within_range(marker: Any) -> None:
    lived = visit(COMPARER[0], view(5, at=9, price=inf, list_price=inf), COMPARER[4])

    assert marker.low <= marker.compute(lived) <= marker.high


def test_looking_again_at_a_product_is_no_move() -> None:
    lived = visit(view(0, price=10.0), view(0, at=1, price=20.0))

    assert COMPUTE["price_volatility"](lived) == 0.0


def test_a_cheaper_product_of_another_category_shows_no_thrift() -> None:
    lived = visit(view(0, price=20.0, categories=(1,)), view(1, at=1, price=10.0, categories=(2,)))

    assert COMPUTE["price_cheaper_share"](lived) == 0.5


def test_a_cheaper_product_of_the_same_category_shows_thrift() -> None:
    lived = visit(view(0, price=20.0, categories=(1,)), view(1, at=1, price=10.0, categories=(1,)))

    assert COMPUTE["price_cheaper_share"](lived) == 2 / 3


def test_a_list_price_below_the_price_is_no_discount() -> None:
    lived = visit(view(0, price=20.0, list_price=10.0))

    assert COMPUTE["price_discount_last"](lived) == 0.0


def test_what_was_added_unseen_tells_nothing_of_the_views() -> None:
    lived = visit(event("add_to_cart", items=(item(0, price=20.0),)))

    assert COMPUTE["price_added_against_views"](lived) == NEUTRAL["price_added_against_views"]


def test_five_hundred_views_stay_within_every_range() -> None:
    prices = [(0.01, 1e7, 19.99)[n % 3] for n in range(500)]
    lived = visit(*(view(n % 7, at=n, price=price, list_price=2e7) for n, price in enumerate(prices)))

    assert all(marker.low <= marker.compute(lived) <= marker.high for marker in MARKERS)


def test_the_mean_of_five_hundred_views_is_their_mean() -> None:
    lived = visit(*(view(n, at=n, price=costing(1 + n % 5)) for n in range(500)))

    assert COMPUTE["price_mean"](lived) == pytest.approx(3.0)  # 1 … 5, a hundred times each
