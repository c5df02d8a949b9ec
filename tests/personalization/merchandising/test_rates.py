"""Fitted frequencies by place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.merchandising.rates import IMAGINED, PLACES, UNTAUGHT, Rates, Tally, falling

NOBODY = np.empty(0, np.int32)


def products(*positions: int) -> np.ndarray:
    return np.array(positions, np.int32)


def test_frequencies_are_counted_by_place() -> None:
    tally = Tally()
    for _ in range(100):
        tally.add(products(7, 8), (products(7), products(7), NOBODY))

    view, cart, purchase = tally.rates()

    # Half of all products were viewed: (100 + 20 · ½) / 120 at the first place; (0 + 20 · that) / 120 at the second.
    assert view[:2].tolist() == pytest.approx([110 / 120, 20 / 120 * 110 / 120])
    assert cart[:2].tolist() == view[:2].tolist()
    assert not purchase.any()


def test_places_that_were_never_filled_are_like_the_last() -> None:
    tally = Tally()
    tally.add(products(1, 2), (products(1), NOBODY, NOBODY))

    view = tally.rates()[0]

    assert view[0] > view[1]
    assert view[1:].tolist() == [view[1]] * (PLACES - 1)


def test_what_was_never_asked_is_what_shops_commonly_see() -> None:
    assert Tally().rates() is UNTAUGHT


def test_few_answers_are_steadied_by_the_mean() -> None:
    tally = Tally()
    tally.add(products(*range(PLACES)), (products(0), NOBODY, NOBODY))

    first = tally.rates()[0][0]

    assert first == pytest.approx((1 + IMAGINED / PLACES) / (1 + IMAGINED))  # mean frequency 1 / PLACES


def test_beyond_the_last_place_frequencies_fade() -> None:
    table = np.full((3, PLACES), 0.1)

    found = Rates({"bestsellers": table}).at("bestsellers", np.array([0, PLACES - 1, 2 * PLACES - 1]))

    assert found[0].tolist() == pytest.approx([0.1, 0.1, 0.05])


def test_a_strategy_never_judged_is_taken_for_best_sellers() -> None:
    rates = Rates({"bestsellers": np.full((3, PLACES), 0.2)})

    assert rates.at("chosen", np.array([0]))[0].tolist() == [0.2]
    assert Rates().at("chosen", np.array([0]))[0].tolist() == pytest.approx([0.03])


def test_rates_are_kept_as_json() -> None:
    rates = Rates({"cheaper": np.full((3, PLACES), 0.25)})

    kept = Rates.from_json(rates.to_json())

    np.testing.assert_array_equal(kept.by_strategy["cheaper"], rates.by_strategy["cheaper"])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], []),
        ([3.0, 2.0, 1.0], [3.0, 2.0, 1.0]),
        ([1.0, 3.0], [2.0, 2.0]),
        ([5.0, 1.0, 3.0, 0.0], [5.0, 2.0, 2.0, 0.0]),
        ([1.0, 2.0, 3.0], [2.0, 2.0, 2.0]),
    ],
)
def test_what_rises_is_pooled(values: list[float], expected: list[float]) -> None:
    assert falling(np.array(values)).tolist() == expected


@given(st.lists(st.floats(0, 1), max_size=40))
def test_pooling_keeps_the_sum_and_never_rises(values: list[float]) -> None:
    pooled = falling(np.array(values, np.float64))

    assert (np.diff(pooled) <= 1e-12).all()
    assert pooled.sum() == pytest.approx(sum(values))
    np.testing.assert_allclose(falling(pooled), pooled)
