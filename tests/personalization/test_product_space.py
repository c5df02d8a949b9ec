"""Where products stand: known by reasoning from who met what, and from what the catalog says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from catalog.facts import ProductFacts
from personalization.product_space import DIMENSIONS, POPULARITY_HALF_LIFE, ProductSpace, learn

from .assortments import assortment

GROUPS, SIZE = 10, 12
CATALOG = GROUPS * SIZE + 2
NEWCOMER = CATALOG - 2  # nobody has met it; its category is that of group 0
STRAY = CATALOG - 1  # nobody has met it, and the catalog says nothing of it
IN_GROUP = [number // SIZE for number in range(GROUPS * SIZE)]


def visits(count: int = 1500, *, seed: int = 1) -> list[list[int]]:
    """Each visit meets four products of one group."""
    rng = np.random.default_rng(seed)
    return [(group * SIZE + rng.choice(SIZE, 4, replace=False)).tolist() for group in rng.integers(0, GROUPS, count)]


def facts(*, content: bool = True) -> ProductFacts:
    category = [*IN_GROUP, 0, -1] if content else [-1] * CATALOG
    return assortment(category=category)


def learned(met: list[list[int]], catalog: ProductFacts, *, ended: list[float] | None = None) -> ProductSpace:
    return learn(
        offsets=np.cumsum([0, *map(len, met)]).astype(np.int64),
        products=np.array([product for visit in met for product in visit], np.int32),
        ended=np.array(ended if ended is not None else range(len(met)), np.float64),
        facts=catalog,
    )


@pytest.fixture(scope="module")
def space() -> ProductSpace:
    return learned(visits(), facts())


def cosine(space: ProductSpace, left: int, right: Any) -> Any:
    return space.coordinates[right] @ space.coordinates[left]


def test_products_that_the_same_visits_meet_stand_close(space: ProductSpace) -> None:
    together = [cosine(space, 0, product) for product in range(1, SIZE)]
    apart = [cosine(space, 0, product) for product in range(SIZE, GROUPS * SIZE)]

    assert min(together) > max(apart) + 0.5


def test_a_product_that_nobody_met_stands_amid_its_category(space: ProductSpace) -> None:
    nearest = np.argsort(-cosine(space, NEWCOMER, np.arange(GROUPS * SIZE)))[:SIZE]

    assert set(nearest.tolist()) == set(range(SIZE))
    assert (space.met[NEWCOMER], space.popularity[NEWCOMER]) == (0, 0)


def test_every_place_is_of_unit_length_or_none(space: ProductSpace) -> None:
    lengths = np.linalg.norm(space.coordinates, axis=1)

    np.testing.assert_allclose(lengths[:STRAY], 1, atol=1e-5)
    assert space.coordinates.shape == (CATALOG, DIMENSIONS)
    assert space.coordinates.dtype == np.float32


def test_the_same_visits_make_the_same_space(space: ProductSpace) -> None:
    again = learned(visits(), facts())

    np.testing.assert_array_equal(again.coordinates, space.coordinates)
    np.testing.assert_array_equal(again.popularity, space.popularity)


def test_a_catalog_that_says_nothing_of_its_products_is_placed_by_visits_alone() -> None:
    space = learned(visits(), facts(content=False))

    assert cosine(space, 0, 1) > cosine(space, 0, SIZE) + 0.5
    assert not space.coordinates[NEWCOMER].any()


def test_a_store_without_visits_is_placed_by_its_catalog_alone() -> None:
    space = learned([], facts())

    assert cosine(space, 0, 1) == pytest.approx(1, abs=1e-5)
    assert cosine(space, 0, SIZE) == pytest.approx(0, abs=1e-5)
    assert not space.popularity.any()
    assert not space.coordinates[STRAY].any()


@pytest.mark.parametrize("count", [0, 1, 2])
def test_stores_that_have_hardly_begun_have_a_space_too(count: int) -> None:
    space = learned([[0]] if count else [], assortment(category=[0] * count, titles=["one racket"] * count))

    assert space.coordinates.shape == (count, DIMENSIONS)
    assert np.isfinite(space.coordinates).all()


def test_nothing_known_at_all_leaves_every_product_nowhere() -> None:
    space = learned([], facts(content=False))

    assert not space.coordinates.any()


def test_words_of_the_title_place_products_too() -> None:
    titles = ["red racket", "blue racket", "baby sleeper", "soft sleeper"]

    space = learned([], assortment(category=[-1] * 4, titles=titles))

    assert cosine(space, 0, 1) > cosine(space, 0, 2) + 0.5


def test_popularity_is_the_share_of_met_products_met_no_more_often() -> None:
    space = learned([[0, 1], [0, 2], [0, 1]], assortment(category=[-1] * 4), ended=[0, 0, 0])

    assert space.popularity.tolist() == pytest.approx([1, 2 / 3, 1 / 3, 0])
    assert space.met.tolist() == [3, 2, 1, 0]


def test_popularity_fades() -> None:
    # Product 0 was met twice three half-lives ago (2 × ⅛), product 1 once now.
    space = learned([[0, 2], [0, 2], [1]], assortment(category=[-1] * 3), ended=[0, 0, 3 * POPULARITY_HALF_LIFE])

    assert space.popularity[1] > space.popularity[0]


def test_products_that_the_catalog_does_not_know_yet_are_left_out() -> None:
    space = learned([[0, 1, 9], [9, 1]], assortment(category=[-1] * 3))

    assert space.met.tolist() == [1, 2, 0]
    assert len(space.coordinates) == len(space.popularity) == 3
