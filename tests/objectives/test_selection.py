"""Which products a selection holds, and what is no selection."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from objectives.selection import EVERYTHING, FIGURES, InvalidSelectionError, parse, told
from tests.objectives.shelves import NOW, facts

DAY = 86_400.0
NAN = float("nan")
SHELF = replace(
    facts(
        4,
        category=[1, 2, 0, -1],
        category_parents=[-1, 0, -1],
        brand=[0, 1, 0, -1],
        list_price=[10, 20, 40, NAN],
        cost=[5, 18, NAN, 1],
        quantity=[0, 50, -1, 7],
        launched_at=[NOW - 10 * DAY, NOW - 100 * DAY, NOW, NOW - DAY],
    ),
    category_paths=["Sport", "Sport > Tennis", "Home"],
    brands=["Wilson", "Head"],
)


def held(data: dict[str, Any]) -> list[int]:
    return np.flatnonzero(parse(data).mask(SHELF, now=NOW)).tolist()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, [0, 1, 2, 3]),
        ({"item_ids": ["P3", "unknown"]}, [3]),
        ({"categories": ["Sport"]}, [0, 2]),
        ({"categories": ["Sport > Tennis"]}, [0]),
        ({"categories": ["Nowhere"]}, []),
        ({"brands": ["Wilson"]}, [0, 2]),
        ({"brands": ["Wilson", "Head"], "categories": ["Home"]}, [1]),
        ({"price": [15, 40]}, [1, 2]),
        ({"price": [None, 10]}, [0]),
        ({"stock": [1, None]}, [1, 3]),
        ({"days_on_sale": [10, None]}, [0, 1]),
        ({"margin_share": [0.4, None]}, [0]),
        ({"brands": ["Head"], "item_ids": ["P0"]}, [0, 1]),
    ],
)
def test_a_selection_holds_what_it_names_and_what_meets_all_else(data: dict[str, Any], expected: list[int]) -> None:
    assert held(data) == expected


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ([], ""),
        ({"colour": ["red"]}, "/colour"),
        ({"item_ids": "P0"}, "/item_ids"),
        ({"item_ids": ["P0", 7]}, "/item_ids/1"),
        ({"brands": [" "]}, "/brands/0"),
        ({"item_ids": ["x"] * 5_001}, "/item_ids"),
        ({"price": 5}, "/price"),
        ({"price": [1, 2, 3]}, "/price"),
        ({"price": [9, 1]}, "/price"),
        ({"price": ["1", None]}, "/price/0"),
        ({"price": [0, float("nan")]}, "/price/1"),
        ({"stock": [True, None]}, "/stock/0"),
    ],
)
def test_what_is_no_selection_is_refused_where_it_is_wrong(data: Any, pointer: str) -> None:
    with pytest.raises(InvalidSelectionError) as refused:
        parse(data)

    assert refused.value.pointer == pointer


NAMES = st.lists(st.text("abc", min_size=1, max_size=3), unique=True, min_size=1, max_size=3)
ENDS = st.none() | st.floats(-1e6, 1e6)
SPANS = st.tuples(ENDS, ENDS).map(lambda ends: sorted(ends) if None not in ends else list(ends))  # type: ignore[type-var]
SELECTIONS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("item_ids", "categories", "brands"), NAMES) | dict.fromkeys(FIGURES, SPANS),
)


@given(SELECTIONS)
def test_a_selection_is_told_as_it_was_given(data: dict[str, Any]) -> None:
    assert told(parse(data)) == data
    assert parse(told(parse(data))) == parse(data)


def test_nothing_given_is_everything() -> None:
    assert parse({}) == EVERYTHING
    assert EVERYTHING.is_everything
