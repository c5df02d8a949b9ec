"""Markers of the choice, on visits whose values are known by reasoning."""

from __future__ import annotations

from math import log1p
from typing import Any

import pytest

from personalization.markers.choice import MARKERS
from personalization.markers.lived import LivedEvent

from .visits import event, item, visit

COMPUTE = {marker.name: marker.compute for marker in MARKERS}

SPORT, RACKETS, SHOES = 1, 11, 12
HOME, COFFEE = 2, 21


def view(product: int, *categories: int, at: float = 0.0, brand: str = "", **facts: Any) -> LivedEvent:
    return event("view_item", at=at, items=(item(product, categories=categories, brand=brand, **facts),))


# Rackets, rackets, shoes, rackets, a coffee machine, then two rackets, the last of them the first viewed.
WANDERER = (
    view(0, SPORT, RACKETS, at=0, brand="Alba"),
    view(1, SPORT, RACKETS, at=10, brand="Borea"),
    view(2, SPORT, SHOES, at=20, brand="Alba"),
    view(1, SPORT, RACKETS, at=30, brand="Borea"),
    view(3, HOME, COFFEE, at=40, brand="Ciel"),
    view(4, SPORT, RACKETS, at=50),
    view(0, SPORT, RACKETS, at=60, brand="Alba"),
    event("view_cart", at=149),
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("choice_category_concentration", 10.5 / 22),  # 5 rackets make 10 alike of 21 pairs, one undecided
        ("choice_department_concentration", 15.5 / 22),  # 6 of sport make 15
        ("choice_brand_concentration", 4.5 / 16),  # Alba 3 and Borea 2 make 3 + 1 of 15 pairs
        ("choice_departments", log1p(2)),
        ("choice_brands", log1p(3)),
        ("choice_favourite_share", 2 / 8),  # two views of seven, and an imagined one
        ("choice_seen_before", log1p(1)),
        ("choice_compared", log1p(2)),  # products 4 and 0 since the coffee machine
        ("choice_compared_seconds", log1p(99)),  # 149 − 50
        ("choice_category_switches", 4.5 / 7),  # four of six moves, and an undecided one
        ("choice_department_switches", 2.5 / 7),
        ("choice_brand_switches", 5.5 / 6),  # Alba, Borea, Alba, Borea, Ciel, Alba: all five moves
        ("choice_category_returns", 2 / 5),  # two of four go back to rackets, and an imagined change
        ("choice_first_category_share", 4 / 6),  # of the last six views, all but shoes and coffee
        ("choice_last_category_share", 5 / 8),
        ("choice_last_brand_share", 3 / 7),  # Alba: three of six views of a brand, and an imagined one
    ],
)
def test_a_wanderer_comes_back_to_rackets(name: str, value: float) -> None:
    assert COMPUTE[name](visit(*WANDERER)) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("choice_category_concentration", 0.5),
        ("choice_department_concentration", 0.5),
        ("choice_brand_concentration", 0.5),
        ("choice_departments", log1p(1)),
        ("choice_brands", log1p(1)),
        ("choice_favourite_share", 0.5),
        ("choice_seen_before", 0.0),
        ("choice_compared", log1p(1)),
        ("choice_compared_seconds", 0.0),
        ("choice_category_switches", 0.5),
        ("choice_department_switches", 0.5),
        ("choice_brand_switches", 0.5),
        ("choice_category_returns", 0.0),
        ("choice_first_category_share", 1.0),
        ("choice_last_category_share", 0.5),
        ("choice_last_brand_share", 0.5),
    ],
)
def test_one_product_was_looked_at(name: str, value: float) -> None:
    assert COMPUTE[name](visit(WANDERER[0])) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize("marker", MARKERS, ids=lambda marker: marker.name)
def test_a_visit_without_a_product_is_neutral(marker: Any) -> None:
    assert marker.compute(visit(event("view_item_list", shown=(1, 2)))) == marker.neutral


@pytest.mark.parametrize(
    "name",
    [
        "choice_category_concentration",
        "choice_department_concentration",
        "choice_brand_concentration",
        "choice_departments",
        "choice_brands",
        "choice_compared",
        "choice_compared_seconds",
        "choice_category_switches",
        "choice_department_switches",
        "choice_brand_switches",
        "choice_category_returns",
        "choice_first_category_share",
        "choice_last_category_share",
        "choice_last_brand_share",
    ],
)
def test_products_without_category_and_brand_say_nothing_of_them(name: str) -> None:
    lived = visit(view(0), view(1, at=10), view(2, at=20))
    neutral = {marker.name: marker.neutral for marker in MARKERS}

    assert COMPUTE[name](lived) == neutral[name]


def test_a_product_without_category_ends_the_comparison() -> None:
    lived = visit(view(0, SPORT, RACKETS), view(1, at=5))

    assert COMPUTE["choice_compared"](lived) == 0.0


def test_a_product_seen_twice_is_compared_once() -> None:
    lived = visit(view(0, SPORT, RACKETS), view(0, SPORT, RACKETS, at=5))

    assert COMPUTE["choice_compared"](lived) == log1p(1)


def test_the_first_category_is_left_after_six_views_of_another() -> None:
    lived = visit(view(0, SPORT, RACKETS), *(view(1, HOME, COFFEE, at=at) for at in range(1, 7)))

    assert COMPUTE["choice_first_category_share"](lived) == 0.0


def test_one_product_viewed_again_and_again_stands_out() -> None:
    lived = visit(*(view(0, SPORT, RACKETS, at=at) for at in range(9)))

    assert COMPUTE["choice_favourite_share"](lived) == 9 / 10


def test_the_products_viewed_last_are_kept_newest_last() -> None:
    lived = visit(*(view(n, SPORT, RACKETS, at=n) for n in range(20)))

    assert [viewed.product for viewed in lived.choice.recent] == list(range(8, 20))


def test_five_hundred_views_stay_within_every_range() -> None:
    lived = visit(*(view(n, n % 3, 10 + n % 17, at=n * 500.0, brand=f"B{n % 5}") for n in range(500)))

    assert all(marker.low <= marker.compute(lived) <= marker.high for marker in MARKERS)


def test_five_hundred_views_of_two_brands_in_turn() -> None:
    lived = visit(*(view(n, brand="AB"[n % 2]) for n in range(500)))

    # Each brand's 250 views make 250 · 249 / 2 = 31,125 alike pairs of 124,750 in all, one undecided.
    assert COMPUTE["choice_brand_concentration"](lived) == pytest.approx(62_250.5 / 124_751)
