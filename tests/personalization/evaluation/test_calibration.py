"""Whether estimates come true: figures whose right answer is known by reasoning."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.evaluation.calibration import bands, isotonic, reliability


def test_estimates_that_come_true_as_said_have_no_error() -> None:
    predicted = np.repeat([0.1, 0.5], [10, 10])
    happened = np.array([True] + [False] * 9 + [True, False] * 5)

    found = reliability(predicted, happened)

    assert found.error == pytest.approx(0.0)
    assert [(point.size, point.observed) for point in found.points] == [(10, 0.1), (10, 0.5)]
    assert found.base_rate == pytest.approx(0.3)
    assert found.brier == pytest.approx((0.1 * 0.9 + 0.5 * 0.5) / 2)


def test_the_error_is_the_mean_distance_from_what_was_said() -> None:
    predicted = np.repeat([0.2, 0.9], [30, 10])
    happened = np.array([True] * 15 + [False] * 15 + [True] * 10)

    assert reliability(predicted, happened).error == pytest.approx(0.75 * 0.3 + 0.25 * 0.1)


def test_bins_hold_about_as_many_estimates_each() -> None:
    predicted = np.random.default_rng(0).random(1500)

    found = reliability(predicted, predicted > 0.5, bins=10)

    assert {point.size for point in found.points} <= set(range(149, 152))


def test_without_estimates_there_is_no_curve() -> None:
    assert reliability(np.empty(0), np.empty(0, bool)).to_json()["points"] == []
    assert bands(np.empty(0), np.empty(0, bool)).to_json()["points"] == []


def test_success_that_grows_with_likeness_is_monotone() -> None:
    likeness = np.repeat([0.1, 0.2, 0.3, 0.4, 0.5], 100)
    succeeded = np.tile(np.arange(100), 5) < likeness * 100

    found = bands(likeness, succeeded)

    assert [point.observed for point in found.points] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    assert (found.is_monotone, found.spearman, found.isotonic_error) == (True, pytest.approx(1.0), 0.0)


def test_success_that_falls_with_likeness_is_said_to() -> None:
    likeness = np.repeat([0.1, 0.2, 0.3], 100)
    succeeded = np.tile(np.arange(100), 3) < np.repeat([90, 50, 10], 100)

    found = bands(likeness, succeeded, most=3)

    assert (found.is_monotone, found.falls, found.spearman) == (False, 2, -1.0)
    assert found.isotonic_error == pytest.approx((0.4 + 0.0 + 0.4) / 3)


def test_a_fall_within_chance_is_none() -> None:
    likeness = np.repeat([0.1, 0.2, 0.3], 20)
    succeeded = np.tile(np.arange(20), 3) < np.repeat([2, 11, 10], 20)

    found = bands(likeness, succeeded, most=3)

    assert (found.falls, found.is_monotone) == (0, True)
    assert found.isotonic_error > 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_the_nearest_curve_never_falls_and_keeps_the_mean(values: list[float]) -> None:
    curve = isotonic(np.array(values), np.ones(len(values)))

    assert (np.diff(curve) >= -1e-12).all()
    assert curve.mean() == pytest.approx(np.mean(values))
