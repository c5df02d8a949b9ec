"""How likely a product stands at a place whatever stands above it, worked out by going through all rankings."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from objectives.exploring import MOST_PLACES, explore, marginals


def enumerated(candidates: int, places: int, share: float) -> NDArray[np.float64]:
    """float64 (candidates, places): every ranking's probability is the product of its places' propensities."""
    found = np.zeros((candidates, places))
    for ranking in permutations(range(candidates), places):
        left, probability = list(range(candidates)), 1.0
        for candidate in ranking:
            probability *= (1 - share) * (left[0] == candidate) + share / len(left)
            left.remove(candidate)
        found[ranking, range(places)] += probability
    return found


@pytest.mark.parametrize(("candidates", "places"), [(1, 1), (3, 1), (3, 3), (5, 3), (6, 4)])
@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 1.0])
def test_marginals_are_those_of_all_rankings(candidates: int, places: int, share: float) -> None:
    told = marginals(candidates, places, share)

    every = told[np.minimum(np.arange(candidates), places)]
    assert every == pytest.approx(enumerated(candidates, places, share), abs=1e-12)


@given(st.integers(1, 400), st.integers(1, 12), st.floats(0, 1))
def test_somebody_stands_at_every_place(candidates: int, places: int, share: float) -> None:
    places = min(places, candidates)
    told = marginals(candidates, places, share)

    assert told[:places].sum(axis=0) + (candidates - places) * told[places] == pytest.approx(np.ones(places))


def test_what_is_displaced_is_rarely_where_it_would_not_stand_however_sure_that_was_in_the_end() -> None:
    """The first of two hundred stands second only when another was drawn before it."""
    order = list(range(200))
    found = next(
        found
        for seed in range(1_000)
        if (found := explore(order=order, size=2, share=0.1, rng=np.random.default_rng(seed))).order[1] == 0
    )

    assert found.propensities[1] == pytest.approx(0.9, abs=0.01)
    assert found.marginals[1] == pytest.approx(0.1 * 199 / 200 * found.propensities[1])


def test_a_pin_stands_for_sure_and_takes_no_part_in_the_draws() -> None:
    found = explore(order=[4, 5, 6, 7], size=3, share=0.0, rng=np.random.default_rng(1), pins={1: 7})

    assert (found.order, found.marginals) == ([4, 7, 5], [1.0, 1.0, 1.0])


def test_marginals_of_a_long_listing_are_told_from_the_top() -> None:
    order = list(range(3 * MOST_PLACES))

    found = explore(order=order, size=len(order), share=0.1, rng=np.random.default_rng(1), pins={0: 5, 150: 9})

    assert len(found.order) == len(found.propensities) == len(order)
    assert len(found.marginals) == MOST_PLACES + 1
    assert found.marginals[0] == 1.0
