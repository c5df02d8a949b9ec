"""Every measure on products whose value is known by reasoning."""

from __future__ import annotations

import numpy as np
import pytest

from objectives.measures import MEASURES
from tests.objectives.shelves import DAY, NOW, expected, facts


def test_relevance_is_the_probability_of_a_view() -> None:
    found = MEASURES["relevance"](expected([1, 0], view=[0.5, 0.25]), facts(2), NOW)

    assert found.tolist() == [0.5, 0.25]


def test_conversion_is_the_probability_of_a_purchase() -> None:
    found = MEASURES["conversion"](expected([1, 0], purchase=[0.5, 0.25]), facts(2), NOW)

    assert found.tolist() == [0.5, 0.25]


def test_the_basket_measure_is_the_probability_of_joining_the_cart() -> None:
    found = MEASURES["basket"](expected([1, 0], cart=[0.5, 0.25], purchase=[0.1, 0.2]), facts(2), NOW)

    assert found.tolist() == [0.5, 0.25]


def test_revenue_uses_the_sale_price_while_the_sale_runs() -> None:
    shelf = facts(2, list_price=[20.0, 20.0], sale_price=[10.0, 10.0], sale_ends=[NOW + 1, NOW])

    found = MEASURES["revenue"](expected([0, 1], purchase=[0.5, 0.5]), shelf, NOW)

    assert found.tolist() == [5.0, 10.0]  # ½ × 10 on sale, ½ × 20 once the sale has ended


def test_margin_is_negative_for_a_product_sold_at_a_loss() -> None:
    shelf = facts(2, list_price=[20.0, 20.0], cost=[12.0, 30.0])

    found = MEASURES["margin"](expected([0, 1], purchase=[0.5, 0.5]), shelf, NOW)

    assert found.tolist() == [4.0, -5.0]  # ½ × (20 − 12), ½ × (20 − 30)


@pytest.mark.parametrize("measure", ["revenue", "margin"])
def test_unknown_money_promises_nothing(measure: str) -> None:
    shelf = facts(1, list_price=[np.nan])

    found = MEASURES[measure](expected([0], purchase=[0.5]), shelf, NOW)

    assert found.tolist() == [0.0]


def test_clearance_gives_the_typical_stock_half_the_pressure() -> None:
    # Unit-days: 1 × 100, 3 × 100, 9 × 100: the median product is the one with 3 units.
    shelf = facts(3, quantity=[1, 3, 9])

    found = MEASURES["clearance"](expected([0, 1, 2], purchase=[1.0, 1.0, 1.0]), shelf, NOW)

    assert found.tolist() == pytest.approx([0.25, 0.5, 0.75])


def test_clearance_without_known_stock_is_nothing() -> None:
    found = MEASURES["clearance"](expected([0], purchase=[1.0]), facts(1), NOW)

    assert found.tolist() == [0.0]


def test_discovery_halves_every_thirty_days() -> None:
    shelf = facts(3, launched_at=[NOW, NOW - 30 * DAY, NOW - 60 * DAY])

    found = MEASURES["discovery"](expected([0, 1, 2], view=[0.8, 0.8, 0.8]), shelf, NOW)

    assert found.tolist() == pytest.approx([0.8, 0.4, 0.2])


def test_fluidity_is_the_probability_of_a_purchase_by_a_shortened_way() -> None:
    estimates = expected([1, 0, 2], purchase=[0.5, 0.25, 0.25], shortening=[0.25, 1.0, 0.5])

    found = MEASURES["fluidity"](estimates, facts(3), NOW)

    assert found.tolist() == [0.125, 0.25, 0.125]


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_answers_finite_float32_for_no_candidates_too(measure: str) -> None:
    found = MEASURES[measure](expected([]), facts(3), NOW)

    assert (found.dtype, found.shape) == (np.float32, (0,))
