"""Transitions: small visits whose walks can be followed with a finger."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personalization import transitions
from personalization.transitions import LONGEST, NOWHERE_REACHED, ROW, Reached, Transitions

from .past_lives import looked

CATALOG = 6


def learned(*visits: Sequence[int], catalog: int = CATALOG) -> Transitions:
    return transitions.learn(looked(*visits, catalog=catalog), catalog=catalog)


def told(reached: Reached) -> dict[int, float]:
    return dict(zip(reached.products.tolist(), reached.share.tolist(), strict=True))


def walk(found: Transitions, *recent: int, recency: float = 1.0) -> dict[int, float]:
    return told(found.walk(list(recent), recency=recency))


# --- What comes directly next -------------------------------------------------------------------------------------


def test_a_step_leads_to_what_came_directly_next_and_faintly_to_the_one_after() -> None:
    found = learned([0, 1, 2], [0, 1], [0, 3])

    assert told(found.step([0])) == pytest.approx({1: 2 / 3.02, 3: 1 / 3.02, 2: 0.02 / 3.02})
    assert told(found.step([1])) == {2: 1.0}


def test_a_step_is_taken_from_the_newest_product_alone() -> None:
    found = learned([0, 1], [2, 3])

    assert told(found.step([2, 0])) == {3: 1.0}


def test_visits_end_where_they_end() -> None:
    assert told(learned([0, 1], [2, 3]).step([1])) == {}


def test_who_comes_back_steps_back() -> None:
    found = learned([0, 1, 0])

    assert set(told(found.step([1]))) == {0}


def test_a_page_viewed_again_leads_to_itself() -> None:
    assert set(told(learned([0, 0]).step([0]))) == {0}


# --- Walks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("visits", [1, 7])
def test_a_walk_of_two_products_always_met_together(visits: int) -> None:
    """However many visits tell so, each is as much met with the other as with itself: half and half.

    From 0 the walk begins at (0.1 + 0.9/2, 0.9/2), half of which stays and half goes on, from 0 to 1 and from 1
    nowhere: 0 keeps 0.55/2, and 1 has 0.45/2 and half of what 0 keeps.
    """
    found = learned(*[[0, 1]] * visits)

    assert walk(found, 0) == pytest.approx({0: 0.275, 1: 0.225 + 0.275 / 2})
    assert walk(found, 1) == pytest.approx({0: 0.225, 1: 0.275 + 0.225 / 2})


def test_a_walk_reaches_what_no_visit_met_together_with_its_start() -> None:
    reached = walk(learned([0, 1], [1, 2]), 0)

    assert reached[1] > reached[2] > 0


def test_walks_from_several_products_fade_with_how_long_ago_they_were_met() -> None:
    found = learned([0, 1], [2, 3])

    newest = 1 / (1 + exp(-1 / 2))
    expected = {product: newest * share for product, share in walk(found, 0).items()}
    expected |= {product: (1 - newest) * share for product, share in walk(found, 2).items()}
    assert walk(found, 0, 2, recency=2.0) == pytest.approx(expected)


def test_what_is_not_of_the_catalog_is_walked_over() -> None:
    found = learned([0, 1])

    assert walk(found, 900, 0, -1) == walk(found, 0)
    assert found.walk([900], recency=1.0) is NOWHERE_REACHED
    assert found.step([]) is NOWHERE_REACHED


def test_products_that_the_catalog_does_not_hold_are_left_out_of_visits() -> None:
    assert told(learned([0, 9, 1], catalog=2).step([0])) == {1: 1.0}


def test_of_a_long_visit_the_last_products_count() -> None:
    found = learned(list(range(LONGEST + 1)), catalog=LONGEST + 1)

    assert told(found.step([0])) == {}
    assert max(told(found.step([1])), key=told(found.step([1])).__getitem__) == 2


def test_of_many_places_a_walk_leads_to_the_likeliest_are_kept() -> None:
    others = range(1, ROW + 101)
    found = learned(*([0, other] for other in others for _ in range(3 if other <= 40 else 1)), catalog=ROW + 101)

    reached = walk(found, 0)

    assert len(reached) <= ROW
    assert set(range(1, 41)) < set(reached)


VISITS = st.lists(st.lists(st.integers(0, CATALOG - 2), unique=True, max_size=5), max_size=12)


@given(visits=VISITS)
@settings(max_examples=40, deadline=None)
def test_every_row_is_shares_of_at_most_the_whole(visits: list[list[int]]) -> None:
    found = learned(*visits)

    for offsets, products, weights in (
        (found.walk_offsets, found.walk_products, found.walk_weights),
        (found.step_offsets, found.step_products, found.step_weights),
    ):
        rows = np.repeat(np.arange(CATALOG), np.diff(offsets))
        assert len(offsets) == CATALOG + 1
        assert (weights >= 0).all()
        assert np.bincount(rows, weights, minlength=CATALOG).max() <= 1 + 1e-6
        assert len(set(zip(rows.tolist(), products.tolist(), strict=True))) == len(products)


@given(visits=VISITS)
@settings(max_examples=40, deadline=None)
def test_what_is_never_met_is_never_reached_and_leads_to_nothing_but_itself(visits: list[list[int]]) -> None:
    found = learned(*visits)

    met = {product for visit in visits for product in visit}
    for product in range(CATALOG):
        reached = {end for end, share in walk(found, product).items() if share > 0} | set(told(found.step([product])))
        assert reached <= met | {product}


@given(visits=VISITS, recent=st.lists(st.integers(0, CATALOG - 1), unique=True), recency=st.floats(0.5, 20))
@settings(max_examples=40, deadline=None)
def test_a_walk_from_anywhere_is_shares_of_at_most_the_whole(
    visits: list[list[int]], recent: list[int], recency: float
) -> None:
    reached = walk(learned(*visits), *recent, recency=recency)

    assert sum(reached.values()) <= 1 + 1e-5


# --- A store ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("catalog", [0, 3])
def test_without_visits_there_is_nothing_to_follow(catalog: int) -> None:
    found = learned(catalog=catalog)

    assert len(found.walk_offsets) == len(found.step_offsets) == catalog + 1
    assert not len(found.step_products)


def test_progress_counts_products_up_to_the_end() -> None:
    heard: list[tuple[int, int]] = []

    transitions.learn(
        looked([0, 1], catalog=CATALOG), catalog=CATALOG, progress=lambda done, total: heard.append((done, total))
    )

    assert heard == sorted(heard)
    assert heard[-1] == (2 * CATALOG, 2 * CATALOG)
