"""Whether estimates come true: figures whose right answer is known by reasoning."""

from __future__ import annotations

import numpy as np
import pytest

from personalization.evaluation.calibration import bands, reliability


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


@pytest.mark.parametrize(
    ("shares", "monotone"),
    [
        ((0.1, 0.2, 0.3), True),
        ((0.1, 0.3, 0.29), True),  # a fall within chance is none
        ((0.1, 0.5, 0.3), False),
        ((0.3, 0.3, 0.3), False),
        ((), False),
    ],
)
def test_success_rises_with_likeness_or_does_not(shares: tuple[float, ...], monotone: bool) -> None:
    found = bands([[100, likeness, share] for likeness, share in enumerate(shares)])

    assert found.is_monotone is monotone
    assert [point.observed for point in found.points] == pytest.approx(shares)
