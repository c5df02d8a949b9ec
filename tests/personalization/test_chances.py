"""Chances: logistic models whose right answers are known by how the rows were drawn."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from personalization import chances
from personalization.chances import Chances

FEATURES = ("evidence", "noise")
BEFORE = chances.untaught(FEATURES, believed={"evidence": 1.0})


def drawn(size: int = 4000) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """What is next has log odds 2 × evidence − 3, views are twice as frequent, carts a third; nothing is bought."""
    rng = np.random.default_rng(4)
    rows = rng.normal(size=(size, 2)).astype(np.float32)
    likely = 1 / (1 + np.exp(3 - 2 * rows[:, 0]))
    lots = rng.random((size, 4))
    outcomes = lots < np.stack([likely, np.minimum(2 * likely, 1), likely / 3, np.zeros(size)], axis=1)
    return rows, outcomes


def test_what_happened_as_often_as_told() -> None:
    rows, outcomes = drawn()

    expected = chances.fit(rows, outcomes, before=BEFORE).of(rows)

    assert expected.dtype == np.float32
    assert expected[:, :3].mean(axis=0) == pytest.approx(outcomes[:, :3].mean(axis=0), rel=0.02)
    likeliest = expected[:, 0] > 0.5
    assert outcomes[likeliest, 0].mean() == pytest.approx(expected[likeliest, 0].mean(), abs=0.05)


def test_what_tells_weighs_and_what_tells_nothing_does_not() -> None:
    weights = chances.fit(*drawn(), before=BEFORE).weights[0]

    assert weights[0] == pytest.approx(2.0, abs=0.25)
    assert weights[1] == pytest.approx(0.0, abs=0.15)


def test_an_outcome_too_rare_keeps_the_shape_of_the_one_before_at_its_own_frequency() -> None:
    rows, outcomes = drawn()

    fitted = chances.fit(rows, outcomes, before=BEFORE)

    np.testing.assert_array_equal(fitted.weights[3], fitted.weights[2])
    assert fitted.of(rows)[:, 3].mean() < fitted.of(rows)[:, 2].mean() / 20


def test_where_nothing_happened_what_was_believed_holds() -> None:
    rows, outcomes = drawn(5)

    fitted = chances.fit(rows, np.zeros_like(outcomes), before=BEFORE)

    np.testing.assert_array_equal(fitted.weights, BEFORE.weights)
    assert fitted.intercepts[0] == BEFORE.intercepts[0]


def test_a_feature_that_does_not_vary_weighs_nothing() -> None:
    rows, outcomes = drawn()
    rows[:, 1] = -9.21

    assert chances.fit(rows, outcomes, before=BEFORE).weights[0, 1] == 0


def test_stored_models_are_read_into_todays_features() -> None:
    fitted = chances.fit(*drawn(), before=BEFORE)

    read = Chances.from_json(fitted.to_json(), features=("new", "noise", "evidence"))

    assert read.features == ("new", "noise", "evidence")
    np.testing.assert_array_equal(read.weights[:, 2], fitted.weights[:, 0])
    assert not read.weights[:, 0].any()
