"""What followed a situation, packed and read again."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from personalization.markers.lived import LivedEvent, LivedItem
from personalization.memory.payload import (
    CART,
    FOCUS,
    FOCUS_PRODUCTS,
    OUTCOMES,
    PURCHASE,
    RECORD,
    VIEW,
    Happening,
    happenings,
    pack,
    unpack,
)

PRODUCTS = st.integers(0, 2**31 - 1)
HAPPENINGS = st.builds(
    Happening,
    product=PRODUCTS,
    kind=st.sampled_from([VIEW, CART, PURCHASE]),
    at=st.floats(1e9, 2e9),
    value=st.floats(0, 1e6, width=32),
)


def told(payload: bytes) -> list[tuple[int, int, float, float]]:
    records, _ = unpack([payload])
    return [tuple(record.item()) for record in records]


@given(st.lists(PRODUCTS, max_size=5, unique=True), st.lists(HAPPENINGS, max_size=10, unique_by=lambda h: h.product))
def test_what_is_packed_is_what_is_read(focus: list[int], followed: list[Happening]) -> None:
    at = 1.5e9

    found = told(pack(focus=focus, followed=followed, at=at))

    assert found == [(product, FOCUS, 0.0, 0.0) for product in focus[:FOCUS_PRODUCTS]] + [
        (one.product, one.kind, float(np.float32(one.at - at)), one.value) for one in followed
    ]


@given(st.lists(st.lists(HAPPENINGS, max_size=4, unique_by=lambda h: h.product), max_size=6))
def test_each_record_knows_its_payload(groups: list[list[Happening]]) -> None:
    records, rows = unpack([pack(focus=[], followed=group, at=0.0) for group in groups])

    assert rows.tolist() == [number for number, group in enumerate(groups) for _ in group]
    assert records["product"].tolist() == [one.product for group in groups for one in group]


def test_a_product_is_told_once_a_kind_as_it_first_happened() -> None:
    again = [Happening(7, VIEW, 10.0, 1.0), Happening(7, VIEW, 20.0, 2.0), Happening(7, CART, 30.0, 3.0)]

    assert told(pack(focus=[], followed=again, at=5.0)) == [(7, VIEW, 5.0, 1.0), (7, CART, 25.0, 3.0)]


def test_a_long_sequel_is_cut() -> None:
    many = [Happening(product, VIEW, 0.0, 0.0) for product in range(OUTCOMES + 5)]

    assert [product for product, *_ in told(pack(focus=[], followed=many, at=0.0))] == list(range(OUTCOMES))


def test_nothing_packs_to_nothing() -> None:
    assert pack(focus=[], followed=[], at=0.0) == b""
    records, rows = unpack([])
    assert (len(records), len(rows)) == (0, 0)


def test_a_record_is_as_long_as_promised() -> None:
    assert RECORD.itemsize == 13


def test_events_happen_to_the_products_that_the_catalog_knows() -> None:
    items = (LivedItem("a", product=3, quantity=2, price=5.0), LivedItem("b", product=-1, price=9.0))

    assert happenings(LivedEvent("e", "purchase", 60.0, items=items)) == [Happening(3, PURCHASE, 60.0, 10.0)]
    assert happenings(LivedEvent("e", "remove_from_cart", 60.0, items=items)) == []
