"""Arranging: many lists at once come out as each would by itself, and what limits, pins and places ask is exact."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from objectives.arranging import EMPTY, Limit, arrange, arrange_all


class Case(NamedTuple):
    scores: NDArray[np.float64]
    behind: NDArray[np.float64] | None
    size: int
    limits: list[Limit]
    pins: dict[int, int]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Lists of few enough scores to tie, kinds, and pins among the places."""
    lists, count = draw(st.integers(1, 4)), draw(st.integers(1, 24))
    size = draw(st.integers(1, count))
    row = st.lists(st.integers(-2, 4), min_size=count, max_size=count)
    scores = np.array([draw(row) for _ in range(lists)], np.float64)
    behind = draw(st.none() | row)
    kinds = draw(st.lists(row, max_size=3))
    limits = [
        Limit(np.maximum(keys, -1).astype(np.int32), draw(st.integers(1, 3)), hard=draw(st.booleans()))
        for keys in kinds
    ]
    pinned = draw(st.lists(st.integers(0, count - 1), unique=True, max_size=size))
    places = draw(st.permutations(range(size)))
    return Case(
        scores,
        None if behind is None else np.array(behind, np.float64),
        size,
        limits,
        dict(zip(places, pinned, strict=False)),
    )


def by_itself(case: Case, scores: NDArray[np.float64]) -> Any:
    order = np.argsort(-(scores if case.behind is None else scores - case.behind), kind="stable")
    return arrange(order.tolist(), size=case.size, limits=case.limits, pins=case.pins).tolist()


def all_at_once(case: Case) -> Any:
    return arrange_all(
        case.scores.copy, behind=case.behind, size=case.size, limits=case.limits, pins=case.pins
    ).tolist()


@given(cases())
@example(Case(np.zeros((2, 3)), None, 3, [Limit(np.zeros(3, np.int32), 1, hard=True)], {}))
def test_lists_arranged_at_once_are_those_arranged_one_by_one(case: Case) -> None:
    assert all_at_once(case) == [by_itself(case, scores) for scores in case.scores]


@given(cases())
def test_pins_stand_where_they_were_set_and_nothing_stands_twice(case: Case) -> None:
    for shown in all_at_once(case):
        assert {place: shown[place] for place in case.pins} == case.pins
        assert max(Counter(one for one in shown if one != EMPTY).values(), default=1) == 1


@given(cases())
def test_hard_limits_hold_whatever_is_pinned_aside(case: Case) -> None:
    for shown in all_at_once(case):
        for limit in (limit for limit in case.limits if limit.hard):
            held = Counter(int(limit.keys[one]) for one in shown if one != EMPTY)
            pinned = Counter(int(limit.keys[one]) for one in case.pins.values())
            assert all(held[kind] <= max(limit.most, pinned[kind]) for kind in held if kind >= 0)


@given(cases())
def test_limits_that_give_way_leave_no_place_empty(case: Case) -> None:
    soft = [limit for limit in case.limits if not limit.hard]

    assert all(EMPTY not in shown for shown in all_at_once(case._replace(limits=soft)))


@pytest.mark.parametrize(
    ("limits", "pins", "shown"),
    [
        ([], {}, [0, 1, 2]),
        ([], {1: 4}, [0, 4, 1]),
        ([Limit(np.array([0, 0, 0, 1, 1], np.int32), 1)], {}, [0, 3, 1]),  # the third breaks the limit that gives way
        ([Limit(np.array([0, 0, 0, 1, 1], np.int32), 1, hard=True)], {}, [0, 3, EMPTY]),
        ([Limit(np.array([0, 0, 0, -1, -1], np.int32), 1, hard=True)], {}, [0, 3, 4]),  # no kind, no limit
        ([Limit(np.array([0, 0, 0, 1, 1], np.int32), 1, hard=True)], {2: 1}, [3, EMPTY, 1]),  # the pin is of the kind
    ],
)
def test_by_hand(limits: list[Limit], pins: dict[int, int], shown: list[int]) -> None:
    assert arrange(range(5), size=3, limits=limits, pins=pins).tolist() == shown
