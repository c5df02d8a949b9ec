"""What is counted of past visits: small numbers whose counts are known by reasoning."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.merchandising import counts
from personalization.merchandising.counts import CART, COMPANIONS, PURCHASE, VIEW, Companions, Merchandise

DAY = 86_400.0
Visit = Sequence[tuple[int, int]]  # product and kind


def counted(*visits: Visit, ended: Sequence[float] = (), catalog: int = 6) -> Merchandise:
    return counts.count(
        offsets=np.cumsum([0, *(len(visit) for visit in visits)]).astype(np.int64),
        products=np.array([product for visit in visits for product, _ in visit], np.int32),
        kinds=np.array([kind for visit in visits for _, kind in visit], np.uint8),
        ended=np.array(ended or [0.0] * len(visits)),
        catalog=catalog,
    )


def viewed(*products: int) -> Visit:
    return [(product, VIEW) for product in products]


def bought(*products: int) -> Visit:
    return [(product, PURCHASE) for product in products]


def of(table: Companions, product: int) -> list[int]:
    return table.products[table.of(product)].tolist()  # type: ignore[no-any-return]


def test_what_is_met_more_often_together_comes_first() -> None:
    table = counted(viewed(0, 1), viewed(0, 1), viewed(0, 2)).viewed_with

    assert of(table, 0) == [1, 2]
    assert table.counts[table.of(0)].tolist() == [2, 1]


def test_company_is_mutual() -> None:
    table = counted(viewed(0, 1)).viewed_with

    assert (of(table, 0), of(table, 1)) == ([1], [0])


def test_nearer_pairs_of_a_visit_count_more() -> None:
    table = counted(viewed(0, 1, 2)).viewed_with

    # Of three products: 1 / √(3 · 1) beside it, 1 / √(3 · 2) two places away.
    assert table.weights[table.of(0)].tolist() == pytest.approx([1 / np.sqrt(3), 1 / np.sqrt(6)])


def test_old_visits_count_less() -> None:
    table = counted(viewed(0, 1), viewed(0, 2), ended=[0.0, 120 * DAY]).viewed_with

    assert of(table, 0) == [2, 1]
    assert table.weights[table.of(0)][1] / table.weights[table.of(0)][0] == pytest.approx(np.exp(-2))  # 120 / 60


def test_a_visit_of_another_age_of_the_world_is_no_company() -> None:
    table = counted(viewed(0, 1), viewed(2, 3), ended=[-np.inf, 0.0]).viewed_with

    assert of(table, 0) == []


def test_what_everybody_buys_goes_less_with_each() -> None:
    # 0 was bought with 1 and with 5; 5 was also bought by four others.
    table = counted(bought(0, 1), bought(0, 5), bought(5), bought(5), bought(5), bought(5)).bought_with

    assert of(table, 0) == [1, 5]


def test_only_what_was_carted_or_bought_is_bought_together() -> None:
    table = counted([(0, PURCHASE), (1, VIEW), (2, CART)]).bought_with

    assert of(table, 0) == [2]


def test_a_pair_only_carted_counts_half() -> None:
    table = counted(bought(0, 1), [(2, CART), (3, CART)]).bought_with

    # 1 / √(3 · 3) against ½ / √(2½ · 2½).
    assert table.weights[table.of(0)].tolist() == pytest.approx([1 / 3])
    assert table.weights[table.of(2)].tolist() == pytest.approx([0.2])


def test_the_strongest_are_kept() -> None:
    visits = [viewed(0, other) for other in range(1, COMPANIONS + 11)] + [viewed(0, COMPANIONS + 10)]

    kept = of(counted(*visits, catalog=COMPANIONS + 11).viewed_with, 0)

    assert len(kept) == COMPANIONS
    assert kept[0] == COMPANIONS + 10


def test_a_product_that_the_catalog_does_not_hold_yet_is_left_out() -> None:
    table = counted(viewed(0, 9, 1)).viewed_with

    assert of(table, 0) == [1]
    assert of(table, 9) == []


def test_orders_make_the_best_seller() -> None:
    selling = counted(bought(0), viewed(1), [(2, CART)]).selling

    assert np.argsort(-selling)[:3].tolist() == [0, 2, 1]


def test_without_orders_looks_make_the_best_seller() -> None:
    selling = counted(viewed(0), viewed(1), viewed(1)).selling

    assert selling[1] > selling[0] > selling[2] == 0


def test_last_seasons_best_seller_is_none() -> None:
    selling = counted(bought(0), bought(0), bought(1), ended=[0.0, 0.0, 90 * DAY]).selling

    assert selling[1] > selling[0]


def test_nothing_lived_is_nothing_counted() -> None:
    found = counted()

    assert found.selling.tolist() == [0.0] * 6
    assert of(found.viewed_with, 0) == of(found.bought_with, 0) == []


@given(st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=5, unique=True), max_size=8))
def test_nobody_keeps_company_with_themselves(visits: list[list[int]]) -> None:
    found = counted(*(bought(*visit) for visit in visits))

    for table in (found.viewed_with, found.bought_with):
        assert all(product not in of(table, product) for product in range(6))
        assert (table.weights > 0).all()
        assert all((np.diff(table.weights[table.of(product)]) <= 0).all() for product in range(6))
