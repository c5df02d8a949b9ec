"""Each selection strategy, on a small shop whose right answers are known by reasoning."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from catalog.facts import UNKNOWN
from personalization.merchandising.counts import CART, PURCHASE
from personalization.merchandising.sight import Sight
from personalization.merchandising.strategies import NO_PARAMETERS, STRATEGIES, Selection
from personalization.models.rule import SelectionStrategy
from tests.personalization.merchandising.sights import FACTS, companions, event, sight, viewing, visit

TOGETHER = companions({0: [(4, 3.0), (1, 1.0)], 1: [(5, 3.0), (4, 0.5)], 2: [(3, 9.0)]})


def picked(strategy: str, seen: Sight, **parameters: Any) -> list[int]:
    return STRATEGIES[strategy](seen, parameters or NO_PARAMETERS).products.tolist()  # type: ignore[no-any-return]


def test_the_merchandiser_can_choose_every_strategy_and_no_other() -> None:
    assert set(SelectionStrategy.values) == set(STRATEGIES)


@pytest.mark.parametrize("strategy", sorted(STRATEGIES))
@pytest.mark.parametrize("viewed", [(), (0,), (6, 4, 0, 6)])
def test_every_strategy_selects_products_of_the_shop_once(strategy: str, viewed: tuple[int, ...]) -> None:
    picks = STRATEGIES[strategy](sight(viewing(*viewed), viewed_with=TOGETHER, bought_with=TOGETHER), NO_PARAMETERS)

    products = picks.products.tolist()
    assert len(set(products)) == len(products) == len(picks.support)
    assert picks.products.dtype == np.int32
    assert all(0 <= product < len(FACTS) for product in products)


def test_chosen_products_keep_their_order() -> None:
    assert picked("chosen", sight(visit()), item_ids=["3", "gone", "1", "3"]) == [3, 1]


def test_the_best_seller_comes_first() -> None:
    assert picked("bestsellers", sight(visit())) == [4, 1, 6, 2, 3, 0, 5]


def test_a_category_of_few_is_followed_by_its_sisters() -> None:
    assert picked("category_bestsellers", sight(viewing(0))) == [1, 2, 3, 0, 4, 5]


def test_a_category_of_many_stands_alone() -> None:
    facts = replace(FACTS, buyable=np.ones(7, bool))
    seen = sight(viewing(0), facts=facts)

    assert picked("category_bestsellers", seen)[:4] == [1, 2, 3, 0]


def test_without_a_category_there_are_no_best_sellers_of_it() -> None:
    assert picked("category_bestsellers", sight(visit())) == []


def test_a_brands_best_sellers() -> None:
    assert picked("brand_bestsellers", sight(viewing(0))) == [4, 2, 0]
    assert picked("brand_bestsellers", sight(viewing(3))) == []  # of no brand


def test_a_searchs_best_sellers() -> None:
    searched = event(0, "view_item_list", page="search", search_term="ball", shown=(5,))

    assert picked("searched_bestsellers", sight(visit(searched))) == [4, 5]


def test_what_was_looked_at_together_with_the_product_on_display() -> None:
    picks = STRATEGIES["viewed_together"](sight(viewing(1, 0), viewed_with=TOGETHER), NO_PARAMETERS)

    assert picks.products.tolist() == [4, 1]
    assert (picks.support.tolist(), picks.start) == ([30.0, 10.0], 0)


def test_away_from_a_product_nothing_is_looked_at_together_with_it() -> None:
    away = visit(event(0, "view_item", 0), event(1, "view_cart", page="cart"))

    assert picked("viewed_together", sight(away, viewed_with=TOGETHER)) == []


def test_earlier_products_of_the_visit_speak_less() -> None:
    # From 0, on display: 4 by 3, 1 by 1; from 1, before it, seven tenths of it: 5 by 2.1, 4 by 0.35.
    assert picked("viewed_with_visit", sight(viewing(1, 0), viewed_with=TOGETHER)) == [4, 5, 1]


def test_what_was_put_into_the_cart_last_speaks_most_of_what_is_bought_with_it() -> None:
    lived = visit(event(0, "add_to_cart", 0), event(1, "add_to_cart", 1))

    # From 1, put in last: 5 by 3, 4 by ½; from 0, before it, seven tenths of it: 4 by 2.1, 1 by 0.7.
    assert picked("bought_with_cart", sight(lived, bought_with=TOGETHER)) == [5, 4, 1]
    assert picked("bought_together", sight(viewing(2), bought_with=TOGETHER)) == [3]


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        (120.0, [5]),  # 20 are missing: the balls at 10 do not reach it
        (108.0, [4, 5]),  # 8 are missing: both do, and neither by far
        (104.0, [4]),  # 4 are missing: 20 is far more than that
        (90.0, []),  # the cart of 100 is there already
        (0.0, []),  # the store has no threshold
    ],
)
def test_what_reaches_free_shipping(threshold: float, expected: list[int]) -> None:
    lived = visit(event(0, "add_to_cart", 0), free_shipping_from=threshold)
    goes_with = companions({0: [(4, 3.0), (5, 2.0), (3, 1.0)]})

    assert picked("up_to_free_shipping", sight(lived, bought_with=goes_with)) == expected


def test_today_is_more_recent_than_last_time() -> None:
    seen = sight(viewing(1, 0), earlier=(([5, 0], [1, 1]), ([3], [1])))

    assert picked("recently_viewed", seen) == [0, 1, 5, 3]


def test_what_is_in_the_cart_needs_no_reminder() -> None:
    assert picked("recently_viewed", sight(visit(event(0, "view_item", 0), event(1, "add_to_cart", 4)))) == [0]


def test_what_was_bought_most_often_and_most_lately_is_bought_again() -> None:
    newest, older, oldest = ([1, 2], [PURCHASE, CART]), ([4, 0], [PURCHASE, PURCHASE]), ([0, 5], [PURCHASE, PURCHASE])
    seen = sight(visit(event(0, "add_to_cart", 4)), earlier=(newest, older, oldest))

    # 0 twice: 0.9 + 0.81; 1 once, the last time: 1; 5 once, long ago: 0.81; 4 is in the cart, 2 was not bought.
    assert picked("bought_before", seen) == [0, 1, 5]


def test_the_cart_of_today_and_that_of_last_time() -> None:
    seen = sight(visit(event(0, "add_to_cart", 4)), earlier=(([2, 4], [CART, CART]),))

    assert picked("in_cart", seen) == [4]
    assert picked("left_in_cart", seen) == [2]


def test_what_is_new_in_the_category_comes_before_what_is_new_elsewhere() -> None:
    assert picked("new_arrivals", sight(viewing(0))) == [1, 6, 4]
    assert picked("new_arrivals", sight(visit()), days=2) == [6, 4]


def test_the_deepest_discount_of_the_category_comes_first() -> None:
    sale = FACTS.list_price.copy()
    sale[[0, 2, 4]] = [90.0, 55.0, 1.0]  # a tenth off, half off; and in another category nine tenths
    facts = replace(FACTS, sale_price=sale)

    assert picked("on_sale", sight(viewing(1), facts=facts)) == [2, 0]
    assert picked("on_sale", sight(visit(), facts=facts)) == [4, 2, 0]


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [("cheaper", [1]), ("dearer", [2, 3]), ("similar_price", [2])],  # 80 is more than a fifth below 100
)
def test_prices_are_set_against_the_product_in_focus(strategy: str, expected: list[int]) -> None:
    picks = STRATEGIES[strategy](sight(viewing(0)), NO_PARAMETERS)

    assert picks.products.tolist() == expected
    assert picks.start == 0


def test_an_unknown_price_is_neither_cheaper_nor_dearer() -> None:
    prices = FACTS.list_price.copy()
    prices[1] = np.nan

    assert picked("cheaper", sight(viewing(0), facts=replace(FACTS, list_price=prices))) == []
    assert picked("cheaper", sight(viewing(1), facts=replace(FACTS, list_price=prices))) == []


def test_a_selection_knows_its_parameters() -> None:
    selection = Selection(strategy="chosen", most=3, parameters={"item_ids": ["5"]})

    picks = selection.picks(sight(visit()))

    assert (picks.products.tolist(), picks.start) == ([5], UNKNOWN)
