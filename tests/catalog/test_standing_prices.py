"""Prices that stand between sales agree with those worked out anew, whatever the order of the instants asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from catalog.facts import ProductFacts
from catalog.standing_prices import StandingPrices
from tests.personalization.assortments import assortment

NAN = float("nan")
OPEN = st.just(-np.inf) | st.integers(0, 20).map(float)
ENDED = st.just(np.inf) | st.integers(0, 20).map(float)
PRICES = st.just(NAN) | st.integers(1, 9).map(float)


@st.composite
def catalogs(draw: st.DrawFn) -> ProductFacts:
    count = draw(st.integers(0, 5))
    columns = [draw(st.lists(values, min_size=count, max_size=count)) for values in (PRICES, PRICES, OPEN, ENDED)]
    listed, sale, starts, ends = (np.array(column, np.float64) for column in columns)
    facts = assortment(category=[0] * count, price=listed.tolist())
    return replace(facts, sale_price=sale.astype(np.float32), sale_starts=starts, sale_ends=ends)


@given(facts=catalogs(), instants=st.lists(st.integers(-1, 42).map(lambda halves: halves / 2), min_size=1))
def test_standing_prices_are_those_of_the_instant(facts: ProductFacts, instants: list[float]) -> None:
    prices = StandingPrices(facts)

    for instant in instants:
        np.testing.assert_array_equal(prices.at(instant), facts.price_at(instant))


def test_between_a_sale_and_the_next_they_are_worked_out_once() -> None:
    facts = assortment(category=[0, 0], price=[10, 20])
    starts, ends = np.array([100.0, -np.inf]), np.array([200.0, np.inf])
    prices = StandingPrices(
        replace(facts, sale_price=np.array([8, NAN], np.float32), sale_starts=starts, sale_ends=ends)
    )

    assert prices.at(100.0) is prices.at(199.0)
    assert prices.at(199.0) is not prices.at(200.0)
