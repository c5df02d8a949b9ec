"""Trails followed: every weight below is worked out by hand from the three decays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import exp, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.trails import (
    CART,
    NOBODY,
    NOTHING,
    PURCHASE,
    VIEW,
    Followed,
    FollowSettings,
    Trails,
    index_trails,
    joined,
    person_of,
)

DAY = 86_400.0
NOW = 100 * DAY
SETTINGS = FollowSettings(
    recent=12, per_product=1000, neighbours=500, recency=2.0, age_days=60.0, distance=2.0, backward=0.5
)

# One row: the products with what happened to each, and how many days ago the visit ended.
Row = tuple[Sequence[tuple[int, int]], float]


def viewed(*products: int, days_ago: float = 0.0) -> Row:
    return [(product, VIEW) for product in products], days_ago


def trails(*rows: Row, catalog: int = 10, persons: Sequence[int] = (), looks: Any = None) -> Trails:
    lengths = [len(met) for met, _ in rows]
    return index_trails(
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        products=np.array([product for met, _ in rows for product, _ in met], np.int32),
        kinds=np.array([kind for met, _ in rows for _, kind in met], np.uint8),
        ended=np.array([NOW - days * DAY for _, days in rows], np.float64),
        visits=np.arange(1, len(rows) + 1, dtype=np.int64),
        persons=np.array(persons or [NOBODY] * len(rows), np.int64),
        catalog=catalog,
        looks=looks,
    )


def follow(found: Trails, *recent: int, settings: FollowSettings = SETTINGS) -> Followed:
    return found.follow(list(recent), now=NOW, settings=settings)


def views(followed: Followed) -> dict[int, float]:
    return dict(zip(followed.products.tolist(), followed.view.tolist(), strict=True))


def of(followed: Followed, name: str, product: int) -> float:
    values = getattr(followed, name)
    return float(values[followed.products.tolist().index(product)])


def test_what_came_later_weighs_less_with_each_step_and_long_trails_less_by_the_root_of_their_length() -> None:
    followed = follow(trails(viewed(0, 1, 2)), 0)

    assert views(followed) == pytest.approx(
        {0: 0.5 / sqrt(3), 1: exp(-1 / 2) / sqrt(3), 2: exp(-2 / 2) / sqrt(3)}  # the shared one itself lies not ahead
    )
    assert followed.mass == pytest.approx(1 / sqrt(3))


def test_what_came_before_weighs_half() -> None:
    assert views(follow(trails(viewed(0, 1)), 1))[0] == pytest.approx(0.5 * exp(-1 / 2) / sqrt(2))


def test_only_the_direct_successor_came_directly_after() -> None:
    followed = follow(trails(viewed(0, 1, 2)), 1)

    assert [of(followed, "after", product) for product in (0, 1, 2)] == pytest.approx([0, 0, exp(-1 / 2) / sqrt(3)])


def test_trails_fade_with_their_age_and_none_comes_from_the_future() -> None:
    now, old, ahead = (views(follow(trails(viewed(0, 1, days_ago=days)), 0))[1] for days in (0, SETTINGS.age_days, -30))

    assert old == pytest.approx(now / exp(1))
    assert ahead == now


def test_a_product_met_longer_ago_in_the_visit_leads_less_far() -> None:
    found = trails(viewed(0, 1))

    assert views(follow(found, 5, 0))[1] == pytest.approx(views(follow(found, 0))[1] * exp(-1 / 2))


def test_a_trail_shared_twice_is_followed_once_from_the_more_recent_product() -> None:
    followed = follow(trails(viewed(0, 1, 2)), 1, 0)

    assert followed.mass == pytest.approx((1 + exp(-1 / 2)) / sqrt(3))
    assert views(followed)[2] == pytest.approx(followed.mass * exp(-1 / 2))
    assert set(followed.origin.tolist()) == {1}


def test_a_purchase_was_carted_and_a_cart_was_viewed() -> None:
    followed = follow(trails(([(0, VIEW), (1, CART), (2, PURCHASE), (3, VIEW)], 0.0)), 0)

    for product, outcomes in {1: ("view", "cart"), 2: ("view", "cart", "purchase"), 3: ("view",)}.items():
        weight = of(followed, "view", product)
        found = {name: of(followed, name, product) for name in ("view", "cart", "purchase")}
        assert found == {name: weight if name in outcomes else 0 for name in found}


def test_support_counts_the_trails_that_effectively_speak() -> None:
    alike = follow(trails(viewed(0, 1), viewed(0, 1)), 0)
    one_of_them_old = follow(trails(viewed(0, 1), viewed(0, 1, days_ago=SETTINGS.age_days)), 0)

    assert of(alike, "support", 1) == pytest.approx(2)
    assert of(one_of_them_old, "support", 1) == pytest.approx((1 + exp(-1)) ** 2 / (1 + exp(-2)))


def test_of_many_trails_through_a_product_the_newest_are_looked_at() -> None:
    found = trails(viewed(0, 1, days_ago=3), viewed(0, 2, days_ago=1), viewed(0, 3, days_ago=2))

    assert set(views(follow(found, 0, settings=replace(SETTINGS, per_product=2)))) == {0, 2, 3}


def test_of_the_trails_found_the_most_alike_are_followed() -> None:
    found = trails(viewed(0, 1, 2), viewed(0, 3, days_ago=10))

    assert set(views(follow(found, 1, 0, settings=replace(SETTINGS, neighbours=1)))) == {0, 1, 2}


def test_only_the_last_products_are_looked_up() -> None:
    found = trails(viewed(0, 1), viewed(5, 6))

    assert set(views(follow(found, 0, 5, settings=replace(SETTINGS, recent=1)))) == {0, 1}


def test_the_strongest_trail_tells_where_a_product_was_reached_from() -> None:
    found = trails(viewed(0, 2), viewed(1, 8, 9, 2))

    assert of(follow(found, 1, 0), "origin", 2) == 0  # a step away, though from the product met earlier


@pytest.mark.parametrize("recent", [(), (7,), (-1,), (10,), (2_000_000,)])
def test_without_a_shared_product_there_is_nothing_to_follow(recent: tuple[int, ...]) -> None:
    assert follow(trails(viewed(0, 1)), *recent) is NOTHING


def test_without_trails_there_is_nothing_to_follow() -> None:
    assert follow(trails(), 0) is NOTHING


def test_products_beyond_the_catalog_are_reached_but_not_looked_up() -> None:
    found = trails(viewed(0, 5), catalog=2)

    assert set(views(follow(found, 0))) == {0, 5}
    assert follow(found, 5) is NOTHING


@given(st.permutations(range(6)))
def test_rows_may_come_in_any_order(order: list[int]) -> None:
    rows = [viewed(number, number + 1, 9, days_ago=number) for number in range(6)]

    ordered, shuffled = follow(trails(*rows), 9, 3), follow(trails(*(rows[number] for number in order)), 9, 3)

    assert views(shuffled) == pytest.approx(views(ordered))


ROWS = st.lists(
    st.tuples(st.lists(st.integers(0, 9), min_size=1, max_size=5, unique=True), st.integers(0, 100)), max_size=12
)


@given(ROWS, ROWS, st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True))
def test_two_sets_of_trails_say_together_what_they_say_as_one(
    left: list[tuple[list[int], int]], right: list[tuple[list[int], int]], recent: list[int]
) -> None:
    first, second = ([viewed(*met, days_ago=days) for met, days in rows] for rows in (left, right))

    together = joined(follow(trails(*first), *recent), follow(trails(*second), *recent))
    as_one = follow(trails(*first, *second), *recent)

    assert views(together) == pytest.approx(views(as_one))
    assert together.mass == pytest.approx(as_one.mass)


def test_nothing_joined_says_what_the_other_says() -> None:
    followed = follow(trails(viewed(0, 1)), 0)

    assert joined(NOTHING, followed) is followed
    assert joined(followed, NOTHING) is followed


def test_trails_without_some_visits_are_as_if_these_had_never_been() -> None:
    rows = [viewed(0, 1, days_ago=3), viewed(0, 2, days_ago=1), viewed(3, 0, days_ago=2)]

    left = trails(*rows).without(np.array([2, 99]))

    assert views(follow(left, 0)) == pytest.approx(views(follow(trails(rows[0], rows[2]), 0)))
    assert sorted(left.visits.tolist()) == [1, 3]
    assert 2 not in left.products


def test_trails_without_any_visit_are_empty() -> None:
    left = trails(viewed(0, 1)).without(np.array([1]))

    assert len(left) == 0
    assert follow(left, 0) is NOTHING


def test_a_silenced_visit_weighs_nothing() -> None:
    rows = [viewed(0, 1, days_ago=3), viewed(0, 2, days_ago=1)]

    followed = follow(trails(*rows).silencing(np.array([2])), 0)

    assert views(followed)[2] == 0
    assert followed.mass == pytest.approx(follow(trails(rows[0]), 0).mass)


def test_looks_go_with_their_visits() -> None:
    rows = [viewed(0, 1, days_ago=1), viewed(2, days_ago=3)]
    looked = np.array([0, 3, 4], np.int64), np.array([0, 1, 0, 2], np.int32)

    found = trails(*rows, looks=looked)  # the older visit first

    assert (found.look_offsets.tolist(), found.looks.tolist()) == ([0, 1, 4], [2, 0, 1, 0])
    assert found.without(np.array([2])).looks.tolist() == [0, 1, 0]


def test_without_being_told_each_product_was_looked_at_once() -> None:
    assert trails(viewed(0, 1, days_ago=1), viewed(2)).looks.tolist() == [0, 1, 2]


def test_a_persons_trails_are_found_newest_first_and_nobody_elses() -> None:
    rows = [viewed(0, days_ago=9), viewed(1, days_ago=1), viewed(2, days_ago=5), viewed(3, days_ago=3)]

    found = trails(*rows, persons=[7, 7, 8, NOBODY])

    assert [found.visits[row] for row in found.lived_by(7)] == [2, 1]
    assert [found.visits[row] for row in found.lived_by(8)] == [3]
    assert not len(found.lived_by(9))
    assert not len(found.lived_by(NOBODY))


def test_a_silenced_trail_is_nobodys_past() -> None:
    found = trails(viewed(0, days_ago=2), viewed(1, days_ago=1), persons=[7, 7]).silencing(np.array([2]))

    assert [found.visits[row] for row in found.lived_by(7)] == [1]


def test_a_visitor_is_one_person_and_a_bare_session_nobody() -> None:
    assert person_of("v:anna") == person_of("v:anna") > NOBODY
    assert person_of("v:anna") != person_of("v:bert")
    assert person_of("s:anna") == person_of("") == NOBODY
