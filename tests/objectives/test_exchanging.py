"""Exchanges: a list never has less of what it wants, and never breaks what it kept before."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from objectives.arranging import EMPTY, Limit, arrange
from objectives.exchanging import exchange

values = st.floats(0, 10, width=16)


class Case(NamedTuple):
    shown: NDArray[np.int32]
    wanted: NDArray[np.float64]
    guarded: NDArray[np.float64]
    least: NDArray[np.float64]
    behind: NDArray[np.float64] | None
    limits: list[Limit]
    pins: dict[int, int]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Lists as they are arranged, and floors that they keep."""
    lists, count = draw(st.integers(1, 3)), draw(st.integers(1, 16))
    size = draw(st.integers(1, count))
    row = st.lists(values, min_size=count, max_size=count)
    kinds = draw(st.lists(st.lists(st.integers(-1, 3), min_size=count, max_size=count), max_size=2))
    limits = [Limit(np.array(keys, np.int32), draw(st.integers(1, 2)), hard=draw(st.booleans())) for keys in kinds]
    pinned = draw(st.lists(st.integers(0, count - 1), unique=True, max_size=size))
    pins = dict(zip(draw(st.permutations(range(size))), pinned, strict=False))
    orders = [draw(st.permutations(range(count))) for _ in range(lists)]
    shown = np.array([arrange(order, size=size, limits=limits, pins=pins) for order in orders])
    guarded = np.array([draw(row) for _ in range(2)])
    had = np.array([(guarded[:, one] * (one != EMPTY)).sum(axis=1) for one in shown])
    behind = np.array(draw(st.lists(st.sampled_from([0.0, 1e4]), min_size=count, max_size=count)))
    return Case(
        shown=shown,
        wanted=np.array([draw(row) for _ in range(lists)]),
        guarded=guarded,
        least=had.min(axis=0) * draw(st.floats(0, 1)),
        behind=draw(st.sampled_from([None, behind])),
        limits=limits,
        pins=pins,
    )


def bettered(case: Case) -> NDArray[np.int32]:
    return exchange(
        case.shown, case.wanted, case.guarded, case.least, behind=case.behind, limits=case.limits, pins=case.pins
    )


def sums(of: NDArray[np.float64], shown: NDArray[np.int32]) -> list[float]:
    """Per list, of a value of its own each."""
    return [float(row[one[one != EMPTY]].sum()) for row, one in zip(of, shown, strict=True)]


@given(cases())
def test_no_list_has_less_of_what_it_wants(case: Case) -> None:
    before, after = sums(case.wanted, case.shown), sums(case.wanted, bettered(case))

    assert all(has >= had for had, has in zip(before, after, strict=True))


@given(cases())
def test_no_floor_is_broken(case: Case) -> None:
    for one in bettered(case):
        kept = case.guarded[:, one[one != EMPTY]].sum(axis=1)
        assert (kept >= case.least - 1e-9).all()


@given(cases())
def test_nothing_stands_twice_and_pins_and_empty_places_stay(case: Case) -> None:
    for before, after in zip(case.shown, bettered(case), strict=True):
        assert {place: after[place] for place in case.pins} == case.pins
        assert ((before == EMPTY) == (after == EMPTY)).all()
        assert max(Counter(after[after != EMPTY].tolist()).values(), default=1) == 1


@given(cases())
def test_no_kind_grows_beyond_its_limit(case: Case) -> None:
    for before, after in zip(case.shown, bettered(case), strict=True):
        for limit in case.limits:
            had, has = (Counter(limit.keys[one[one != EMPTY]].tolist()) for one in (before, after))
            assert all(has[kind] <= max(limit.most, had[kind]) for kind in has if kind >= 0)


@given(cases())
def test_what_stands_behind_does_not_come_in(case: Case) -> None:
    for before, after in zip(case.shown, bettered(case), strict=True):
        came = set(after.tolist()) - set(before.tolist())
        assert not any(case.behind is not None and case.behind[one] > 0 for one in came)


@pytest.mark.parametrize(
    ("least", "limits", "shown"),
    [
        (0.0, [], [2, 3]),  # as many as bring more
        (9.0, [], [0, 2]),  # what the floor allows: 5 + 4
        (10.0, [], [0, 1]),
        (0.0, [Limit(np.array([-1, -1, 7, 7], np.int32), 1)], [0, 3]),  # of the two of a kind the one that brings more
    ],
)
def test_by_hand(least: float, limits: list[Limit], shown: list[int]) -> None:
    found = exchange(
        np.array([[0, 1]], np.int32),
        wanted=np.array([[0.5, 0.0, 2.0, 3.0]]),
        guarded=np.array([[5.0, 5.0, 4.0, 1.0]]),
        least=np.array([least]),
        limits=limits,
    )

    assert sorted(found[0].tolist()) == shown
