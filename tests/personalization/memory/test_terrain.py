"""The terrain: a small memory stretched over a catalog, every number known by heart."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import log1p, nan, sqrt

import numpy as np
import pytest

from personalization.memory import terrain
from personalization.memory.live import NO_MEMORY
from personalization.memory.terrain import Terrain
from personalization.merchandising import counts
from personalization.merchandising.counts import Merchandise
from personalization.product_space import DIMENSIONS, ProductSpace
from tests.personalization.assortments import assortment
from tests.personalization.markers.visits import START
from tests.personalization.one_question import floats
from tests.personalization.past_lives import DAY, NOW, VIEW, trails_of

FACTS = assortment(category=[0, 0, 1, 1, -1, 0], ids="P")


@pytest.fixture
def land() -> Terrain:
    """A memory of four products, over a catalog of six: 0 was met by three of nine visits, 1 by five, 3 by one."""
    space = ProductSpace(
        coordinates=np.eye(4, DIMENSIONS, dtype=np.float32),
        popularity=floats(1, 0.5, 0.75, 0.25),
        met=floats(3, 5, 0, 1),
    )
    met = [0] * 3 + [1] * 5 + [3]
    memory = replace(
        NO_MEMORY,
        landscape=space,
        neighbours=np.full((4, 2), -1, np.int32),
        trails=trails_of(*[(0, 1, {product: VIEW}) for product in met], catalog=4),
        merchandise=Merchandise(selling=floats(2, 0, 0, 4), viewed_with=counts.NONE, bought_with=counts.NONE),
    )
    return terrain.stretched(memory, facts=FACTS)


def test_shares_of_a_category_are_of_meetings_that_lean_to_its_mean(land: Terrain) -> None:
    """Of 0, 1 and 5 each 8/3 meetings are expected, of 2 and 3 each 1/2: by those differences 5.24 are believed."""
    believed = (3 * (8 / 3) ** 2 + 2 * (1 / 2) ** 2) / ((1 - 27 + 49 - 45 + 64) / 9 + (1 / 4 + 1 / 4 - 1))
    of_first, of_second = [believed + met for met in (3, 5, 0)], [believed + met for met in (0, 1)]

    assert land.shelves.met_share[[0, 1, 5]] == pytest.approx(np.array(of_first) / sum(of_first))
    assert land.shelves.met_share[[2, 3]] == pytest.approx(np.array(of_second) / sum(of_second))
    assert land.shelves.met_share[4] == 0


def test_shares_of_what_a_category_sells_lend_half_an_order_to_all(land: Terrain) -> None:
    assert land.shelves.sold_share == pytest.approx([2.5 / 3.5, 0.5 / 3.5, 0.5 / 5, 4.5 / 5, 0, 0.5 / 3.5])


def test_what_has_just_been_launched_is_expected_to_be_met_like_its_category() -> None:
    """Of 100 visits 40 met product 0, 60 product 1, and none could have met product 2."""
    visits = [(0, 1, {int(number >= 40): VIEW}) for number in range(100)]
    facts = assortment(category=[0, 0, 0], launched=[0, 0, NOW])

    shelves = terrain.stretched(replace(NO_MEMORY, trails=trails_of(*visits, catalog=3)), facts=facts).shelves

    assert shelves.met_ever[2] == pytest.approx(log1p(10_000 * 0.5))


def test_meetings_are_counted_from_the_day_of_the_launch() -> None:
    """Product 1 was launched two days ago: of the 50 visits since, 30 met it, and 60 of all 100 met product 0."""
    visits = [(0, 1 + 2 * int(number >= 50), {int(number < 30): VIEW}) for number in range(90)]
    visits += [(0, 3, {2: VIEW})] * 10
    facts = assortment(category=[0, 1, 2], launched=[0, NOW - 2 * DAY, 0])

    shelves = terrain.stretched(replace(NO_MEMORY, trails=trails_of(*visits, catalog=3)), facts=facts).shelves

    assert shelves.met_ever[:2] == pytest.approx([log1p(10_000 * 0.6)] * 2)


def test_a_shelf_holds_its_category_the_most_met_first(land: Terrain) -> None:
    shelves = land.shelves
    starts = shelves.starts.tolist()

    held = [shelves.best[start:stop].tolist() for start, stop in pairwise(starts)]
    assert held == [[1, 0, 5], [3, 2]]


def test_what_was_launched_since_is_popular_last(land: Terrain) -> None:
    assert land.shelves.popularity.tolist() == [1, 0.5, 0.75, 0.25, 0, 0]
    assert land.by_popularity.tolist()[:4] == [0, 2, 1, 3]


def test_what_is_met_these_days_is_told_from_what_was_ever_met() -> None:
    """600 visits of old met product 0, the newest 500 product 1; each is alone in its category."""
    visits = [(0, 1100 - number, {int(number >= 600): VIEW}) for number in range(1100)]
    memory = replace(NO_MEMORY, trails=trails_of(*visits, catalog=3))

    shelves = terrain.stretched(memory, facts=assortment(category=[0, 1, 2])).shelves

    assert shelves.met_lately[:3].tolist() == pytest.approx([0, log1p(10_000), 0])
    assert shelves.met_ever[:3].tolist() == pytest.approx([log1p(10_000 * 6 / 11), log1p(10_000 * 5 / 11), 0])


def test_without_trails_nothing_was_met() -> None:
    shelves = terrain.stretched(NO_MEMORY, facts=FACTS).shelves

    assert not shelves.met_lately.any()
    assert not shelves.met_ever.any()


def test_a_silenced_visit_does_not_hide_those_before_it() -> None:
    """Ten visits met product 0, nine of them after product 1 was launched; the sixth has been appended anew since."""
    trails = trails_of(*[(0, 10 - number, {0: VIEW}) for number in range(10)], catalog=2)
    trails = trails.silencing(np.array([6]))
    facts = assortment(category=[0, 0], launched=[0, NOW - 9.5 * DAY])

    shelves = terrain.stretched(replace(NO_MEMORY, trails=trails), facts=facts).shelves

    mean, expected = 10 / 18, np.array([10, 8]) * 10 / 18
    believed = (expected**2).sum() / ((10 - expected[0]) ** 2 - 10 + expected[1] ** 2)
    assert shelves.met_ever[1] == pytest.approx(log1p(10_000 * mean * believed / (believed + expected[1])))


def test_shelves_have_the_prices_of_the_question(land: Terrain) -> None:
    ground = land.ground(eligible=np.ones(6, bool), now=START)

    assert np.isnan(land.shelves.prices).all()
    assert land.at(ground).prices is ground.prices


def test_a_catalog_without_categories_has_no_shelves() -> None:
    shelves = terrain.stretched(NO_MEMORY, facts=assortment(category=[-1, -1])).shelves

    assert shelves.starts.tolist() == [2]
    assert not shelves.met_share.any()


def test_a_price_stands_where_its_category_puts_it() -> None:
    """Of 10, 20, 20 and 40 of one category; 5, alone in its own, stands in the middle; the others are of none."""
    facts = assortment(category=[0, 0, 0, 0, 1, 0, -1], price=[20, 40, 10, 20, 5, nan, 30])

    shelves = terrain.stretched(NO_MEMORY, facts=facts).shelves

    assert shelves.tier[:5].tolist() == pytest.approx([0.5, 0.875, 0.125, 0.5, 0.5])
    assert np.isnan(shelves.tier[5:]).all()


def test_the_typical_price_is_the_geometric_mean() -> None:
    priced, unpriced = (
        terrain.stretched(NO_MEMORY, facts=assortment(category=[0, 0, 0], price=price)).shelves.typical_price
        for price in ([10, 1000, nan], None)
    )

    assert priced == pytest.approx(sqrt(10 * 1000))
    assert np.isnan(unpriced)


def test_ratings_stand_above_or_below_the_mean_of_the_rated() -> None:
    facts = replace(FACTS, rating=floats(5, 4, nan, nan, nan, nan), rating_count=np.array([3, 1, 0, 0, 0, 0], np.int32))

    shelves = terrain.stretched(NO_MEMORY, facts=facts).shelves

    assert shelves.rating.tolist() == [0.5, -0.5, 0, 0, 0, 0]
    assert shelves.ratings.tolist() == pytest.approx([log1p(3), log1p(1), 0, 0, 0, 0])


def test_where_nothing_is_rated_no_rating_speaks() -> None:
    assert not terrain.stretched(NO_MEMORY, facts=FACTS).shelves.rating.any()


def test_what_sells_is_counted_in_orders(land: Terrain) -> None:
    assert land.shelves.selling == pytest.approx(np.log1p([2, 0, 0, 4, 0, 0]))
