"""Shortening: worked out by hand on the one question, and its laws whatever was recalled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.evidence import NOTHING_RECALLED, Recalled
from personalization.shortening import NEUTRAL, neutral, shortening

from .one_question import CATALOG, RECALLED, SHELVES, floats, ints

EVERY = np.arange(CATALOG, dtype=np.int32)


def shortened(recalled: Recalled, *candidates: int) -> list[float]:
    found = shortening(ints(*candidates), recalled, shelves=SHELVES)
    assert found.dtype == np.float32
    return [float(share) for share in found]


# Of products 4 and 5 one purchase each was reached, in 6 and in 2 steps: 2 in 8 in general. The shelf of 4 has 4 + 1
# purchases in 16 + 6 steps, and 4 itself 4 + 1 in 4 ÷ (5 ÷ 22) + 6; 5 is on no shelf and has 4 + 1 in 16 + 2.
@pytest.mark.parametrize(
    ("product", "hazard"),
    [(4, 5 / (4 * 22 / 5 + 6)), (0, 5 / 22), (5, 5 / 18), (2, 1 / 4)],
    ids=["met", "of a shelf that was met", "met, on no shelf", "neither met nor of a shelf that was"],
)
def test_shortening_is_the_chance_to_come_to_a_purchase_first(product: int, hazard: float) -> None:
    assert shortened(RECALLED, product) == pytest.approx([hazard / (hazard + 1 / 4)])


def test_each_candidate_has_its_own_in_the_order_asked() -> None:
    assert shortened(RECALLED, 5, 0, 4) == [shortened(RECALLED, product)[0] for product in (5, 0, 4)]


@pytest.mark.parametrize(
    "recalled",
    [NOTHING_RECALLED, replace(RECALLED, reached=floats(0, 0))],
    ids=["nothing recalled", "nobody bought"],
)
def test_without_evidence_it_is_neutral(recalled: Recalled) -> None:
    assert shortened(recalled, *EVERY) == [NEUTRAL] * CATALOG


def test_no_candidates_have_none() -> None:
    assert shortened(RECALLED) == []


def test_neutral_is_neutral() -> None:
    assert neutral(2).tolist() == [0.5, 0.5]


# --- Laws ---------------------------------------------------------------------------------------------------------

weights = st.floats(0, 400, width=32)


def recalled_of(steps: Any, shares: Any) -> Recalled:
    """Every product met, so many steps taken, and of these the share that came to a purchase."""
    steps = np.array(steps, np.float32)
    reached = (steps * np.array(shares, np.float32)).astype(np.float32)
    return replace(RECALLED, products=EVERY, steps=steps, reached=reached)


tallies = st.lists(weights, min_size=CATALOG, max_size=CATALOG)
shares = st.lists(st.floats(0, 1, width=32), min_size=CATALOG, max_size=CATALOG)


@given(tallies, shares)
def test_it_is_always_a_chance(steps: list[float], reached: list[float]) -> None:
    found = shortening(EVERY, recalled_of(steps, reached), shelves=SHELVES)

    assert np.isfinite(found).all()
    assert ((found >= 0) & (found <= 1)).all()


@given(tallies, st.floats(1 / 64, 1, width=32))
def test_where_all_are_met_equally_far_from_a_purchase_all_are_neutral(steps: list[float], share: float) -> None:
    found = shortening(EVERY, recalled_of(steps, [share] * CATALOG), shelves=SHELVES)

    np.testing.assert_allclose(found, NEUTRAL, rtol=1e-4)


@given(tallies, shares, st.permutations([0, 1, 4, 7]), weights, weights)
def test_of_two_of_a_shelf_the_one_of_fewer_steps_to_as_many_purchases_shortens_no_less(
    steps: list[float], reached: list[float], shelf: list[int], some: float, more: float
) -> None:
    quick, slow = shelf[:2]
    recalled = recalled_of(steps, reached)
    recalled.reached[[quick, slow]] = min(some, more)
    recalled.steps[[quick, slow]] = sorted((some, more))

    found = shortening(EVERY, recalled, shelves=SHELVES)

    assert found[quick] >= found[slow]


@given(st.floats(0, 1, width=32), st.floats(0, 1, width=32), st.floats(1, 8, width=32))
def test_the_more_speaks_the_less_it_is_believed_to_be_neutral(share: float, other: float, times: float) -> None:
    little = replace(recalled_of([30] * CATALOG, [share, *[other] * 7]))
    much = replace(little, steps=little.steps * np.float32(times), reached=little.reached * np.float32(times))

    told_little, told_much = (abs(shortened(recalled, 0)[0] - NEUTRAL) for recalled in (little, much))

    assert told_much >= told_little - 1e-6
