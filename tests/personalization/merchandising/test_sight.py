"""What a selection sees of a visit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from catalog.facts import UNKNOWN
from personalization.merchandising.counts import CART, EMPTY, PURCHASE, VIEW
from personalization.merchandising.sight import standing
from tests.personalization.merchandising.sights import FACTS, event, sight, viewing, visit


def test_the_open_product_is_on_display() -> None:
    seen = sight(viewing(1, 0))

    assert (seen.on_display, seen.focus, seen.met) == (0, 0, [0, 1])


def test_away_from_product_pages_the_last_one_stays_in_focus() -> None:
    seen = sight(visit(event(0, "view_item", 2), event(1, "view_cart", page="cart")))

    assert (seen.on_display, seen.focus) == (UNKNOWN, 2)


def test_nothing_met_is_nothing_in_focus() -> None:
    seen = sight(visit())

    assert (seen.focus, seen.met, seen.in_cart, seen.categories.tolist()) == (UNKNOWN, [], [], [])


def test_the_category_is_that_of_the_open_product() -> None:
    assert sight(viewing(6, 4)).categories.tolist() == [1]


def test_a_list_shows_its_own_categories() -> None:
    listed = event(1, "view_item_list", page="category", shown=(4, 5, 6))

    assert sight(visit(event(0, "view_item", 0), listed)).categories.tolist() == [1, 2]


def test_the_last_search_names_its_categories() -> None:
    searched = visit(
        event(0, "search", search_term="balls", page="search"),
        event(1, "view_item_list", page="search", search_term="balls", shown=(4, 5)),
        event(2, "view_item", 0),
    )

    assert sight(searched).searched.tolist() == [1]


def test_the_cart_is_seen_latest_first() -> None:
    assert sight(visit(event(0, "add_to_cart", 4), event(1, "add_to_cart", 0))).in_cart == [0, 4]


def test_what_was_left_in_a_cart_was_neither_bought_later_nor_carted_today() -> None:
    newest, older, oldest = ([1], [PURCHASE]), ([1, 2, 4], [CART, CART, CART]), ([3, 5], [VIEW, CART])
    seen = sight(visit(event(0, "add_to_cart", 4)), earlier=(newest, older, oldest))

    assert seen.left_in_carts == [2, 5]


def test_what_was_launched_since_stands_behind_what_sells() -> None:
    counted = replace(EMPTY, selling=np.array([1.0, 2.0], np.float32))

    found = standing(counted, facts=FACTS)

    assert found.order[:2].tolist() == [1, 0]
    assert found.selling[2:].tolist() == [0.0] * 5
    assert found.place[found.order].tolist() == list(range(7))


def test_before_anything_is_counted_ratings_tell_the_best_seller() -> None:
    rated = replace(FACTS, rating_count=np.array([0, 0, 7, 0, 9, 0, 0], np.int32))

    assert standing(EMPTY, facts=rated).order[:2].tolist() == [4, 2]
