"""Looking values up by product."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.lookup import among, distinct, find, looked_up

from .one_question import floats, ints


def test_values_are_looked_up_by_product() -> None:
    assert looked_up(ints(5, 1, 9), ints(9, 5), floats(0.9, 0.5)).tolist() == pytest.approx([0.5, 0.0, 0.9])
    assert looked_up(ints(5, 1), ints(9, 5), ints(7, 8), absent=-1).tolist() == [8, -1]
    assert looked_up(ints(5), ints(), floats()).tolist() == [0.0]


@given(known=st.dictionaries(st.integers(0, 30), st.integers(-5, 5)), asked=st.lists(st.integers(0, 30)))
def test_looking_up_agrees_with_a_dictionary(known: dict[int, int], asked: list[int]) -> None:
    found = looked_up(ints(*asked), ints(*known), ints(*known.values()), absent=-9)

    assert found.tolist() == [known.get(product, -9) for product in asked]


@given(known=st.dictionaries(st.integers(0, 30), st.integers(-5, 5)), asked=st.lists(st.integers(0, 30)))
def test_what_is_found_in_ascending_columns_agrees_with_a_dictionary(known: dict[int, int], asked: list[int]) -> None:
    products = sorted(known)

    found = find(ints(*asked), ints(*products))

    assert found.there.tolist() == [product in known for product in asked]
    assert found.of(ints(*(known[product] for product in products)), absent=-9).tolist() == [
        known.get(product, -9) for product in asked
    ]


@given(known=st.lists(st.integers(0, 30)), asked=st.lists(st.integers(0, 30)))
def test_who_is_among_them_and_each_once_agree_with_a_set(known: list[int], asked: list[int]) -> None:
    assert among(ints(*asked), ints(*known)).tolist() == [product in known for product in asked]
    assert distinct(ints(*known)).tolist() == sorted(set(known))
