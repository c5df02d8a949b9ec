"""Kindred: what keeps the same company stands together, worked out on small visits."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization import kindred
from personalization.kindred import NEAREST, NEWEST, NO_KIN, Kin, Kindred

from .one_question import ints
from .past_lives import looked

CATALOG = 12


def of_two_kinds() -> Kindred:
    """Products 0 to 5 are met together, and 6 to 10; 0 and 1 never, though both are met with 2, 3, 4 and 5."""
    rng = np.random.default_rng(0)
    visits = [[int(first), *rng.permutation([2, 3, 4, 5])[:2].tolist()] for first in rng.integers(0, 2, 200)]
    visits += [rng.permutation([6, 7, 8, 9, 10])[:3].tolist() for _ in range(200)]
    return kindred.learn(looked(*visits, catalog=CATALOG), catalog=CATALOG)


def standing(*places: Any) -> Kindred:
    """Products that stand at these places, and near nothing."""
    return Kindred.at(np.array(places, np.float32), np.full((len(places), 1), -1, np.int32))


def cosine(found: Kindred, one: int, other: int) -> float:
    places = found.places.astype(float) / found.lengths[:, None]
    return float(places[one] @ places[other])


def test_what_keeps_the_same_company_stands_together_though_no_visit_met_both() -> None:
    found = of_two_kinds()

    assert cosine(found, 0, 1) > 0.9
    assert abs(cosine(found, 0, 7)) < 0.1


def test_the_nearest_come_first_and_never_the_product_itself() -> None:
    nearest = of_two_kinds().nearest

    assert nearest.shape == (CATALOG, NEAREST)
    assert nearest[0, 0] == 1
    assert all(product not in row for product, row in enumerate(nearest.tolist()))


def test_what_nobody_met_stands_nowhere_and_near_nothing() -> None:
    found = of_two_kinds()

    assert not found.places[11].any()
    assert (found.nearest[11] == -1).all()
    assert not (found.nearest == 11).any()


@pytest.mark.parametrize("catalog", [0, 1, 3, 40])
def test_a_store_of_few_products_or_none_met_has_its_kindred_too(catalog: int) -> None:
    found = kindred.learn(looked(catalog=catalog), catalog=catalog)

    assert len(found.places) == len(found.nearest) == catalog
    assert not found.places.any()


def test_places_have_a_quarter_as_many_coordinates_as_products() -> None:
    assert of_two_kinds().places.shape == (CATALOG, CATALOG // 4)


def test_the_newest_looks_propose_what_is_near_them() -> None:
    nearest = np.full((8, 2), -1, np.int32)
    nearest[:6, 0] = [7, 7, 6, 5, 4, 3]

    kin = Kindred.at(np.eye(8, dtype=np.float32), nearest).of([0, 1, 1, 2, 3, 4])

    assert NEWEST == 4
    assert kin.near.tolist() == [5, 6, 7]
    assert kin.origin.tolist() == [3, 2, 0]  # 7 is near 1, too, which is older
    assert kin.looked.tolist() == np.eye(8)[[0, 1, 1, 2, 3, 4]].tolist()


def test_looks_at_what_was_launched_since_say_nothing() -> None:
    found = of_two_kinds()

    assert found.of([CATALOG, -1]) is NO_KIN
    assert found.of([CATALOG, 3]).looked.shape == (1, CATALOG // 4)


def test_nearness_is_to_all_looks_to_the_newest_and_to_the_nearest() -> None:
    kin = Kin(
        near=np.empty(0, np.int32),
        origin=np.empty(0, np.int32),
        looked=np.eye(2, dtype=np.float32),
        fading=np.array([1, 0.5], np.float32),
    )

    near = kin.nearness(ints(1, 2), among=standing([1, 0], [0.6, 0.8], [0, 0]))

    assert near[0].tolist() == pytest.approx([(0.6 + 0.4) / sqrt(1.25), 0.6, 0.8], abs=2e-3)
    assert near[1].tolist() == [0, 0, 0]


def test_without_looks_nothing_is_near() -> None:
    assert NO_KIN.nearness(ints(0, 1, 0), among=standing([1, 0], [0, 1])).tolist() == [[0, 0, 0]] * 3


def test_places_are_kept_so_small_that_cosines_stay_exact_to_a_few_thousandths() -> None:
    learned = np.random.default_rng(0).normal(size=(200, 100))
    learned /= np.linalg.norm(learned, axis=1, keepdims=True)

    found = standing(*learned)

    kept = found.places / found.lengths[:, None]
    assert found.places.dtype == np.int8
    np.testing.assert_allclose(kept @ kept.T, learned @ learned.T, atol=4e-3)


@given(looks=st.lists(st.integers(-2, CATALOG + 2), max_size=30))
def test_nearness_is_a_cosine_whatever_was_looked_at(looks: list[int]) -> None:
    near = FOUND.of(looks).nearness(np.arange(CATALOG, dtype=np.int32), among=FOUND)

    assert np.isfinite(near).all()
    assert (np.abs(near) <= 1 + 1e-5).all()


FOUND = of_two_kinds()
