"""Scaling fitted on planted situations: what decides the endings must come to weigh most."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from personalization.memory.scaling import Endings, FittedScaling, fit
from personalization.situation import FAMILY_SLICES, WIDTH, vector


def endings(count: int, *, carted: Any = None, focus: Any = None) -> Endings:
    """A situation a visit, in the order of time."""
    nothing = np.zeros(count, bool)
    return Endings(
        visits=np.arange(count),
        at=np.arange(count, dtype=np.float64),
        focus=np.zeros((count, 32), np.float32) if focus is None else focus.astype(np.float32),
        carted=nothing if carted is None else carted,
        bought=nothing,
    )


def fitted(markers: Any, known: Endings) -> FittedScaling:
    return fit(markers.astype(np.float32), known, rng=np.random.default_rng(1), progress=lambda: None)


def noise(count: int) -> Any:
    return np.random.default_rng(2).normal(size=(count, WIDTH))


@pytest.mark.parametrize("family", ["cart", "rhythm"])
def test_the_family_that_decides_how_visits_end_weighs_most(family: str) -> None:
    markers = noise(1500)
    part = FAMILY_SLICES[family]
    carted = markers[:, part].mean(axis=1) > 0
    markers[:, part] += 1.5 * carted[:, None]

    found = fitted(markers, endings(1500, carted=carted))

    assert found.family_weights[family] == max(found.family_weights.values())
    assert found.family_weights[family] > np.median(list(found.family_weights.values()))
    assert found.agreement > found.unweighted_agreement


def test_the_fitted_weight_is_shared_by_the_markers_of_the_family() -> None:
    markers = noise(1500)
    found = fitted(markers, endings(1500, carted=markers[:, 0] > 0))

    for family, part in FAMILY_SLICES.items():
        weights = found.scaling.weight[part]
        assert np.sqrt((weights**2).sum()) == pytest.approx(found.family_weights[family], rel=1e-5)


def test_centre_and_spread_are_those_of_the_middle() -> None:
    markers = noise(2000) * 3 + 7
    markers[0] = 1e6  # one extreme visit

    scaling = fitted(markers, endings(2000)).scaling

    assert scaling.centre[0] == pytest.approx(7, abs=0.4)
    assert scaling.spread[0] == pytest.approx(3, abs=0.4)


def test_the_angles_of_intent_are_kept() -> None:
    intent = FAMILY_SLICES["intent"]
    markers = noise(800)
    markers[:, intent.start] *= 5

    scaling = fitted(markers, endings(800)).scaling

    assert not scaling.centre[intent].any()
    assert len(set(scaling.spread[intent].tolist())) == 1


@pytest.mark.parametrize(
    "markers",
    [
        np.zeros((600, WIDTH)),  # all the same
        np.repeat(noise(3), 200, axis=0),  # many twins, at distance zero
        noise(600) * 1e-6,
        noise(600) * 1e6,
        noise(600).round() * np.eye(1, WIDTH, 5),  # one marker lives
    ],
    ids=["same", "twins", "tiny", "huge", "one"],
)
def test_degenerate_situations_still_make_a_scaling(markers: Any) -> None:
    count = len(markers)
    known = endings(count, carted=np.arange(count) % 3 == 0, focus=np.eye(count, 32))

    found = fitted(markers, known)

    assert np.isfinite([found.agreement, found.unweighted_agreement]).all()
    assert (found.scaling.spread > 0).all()
    assert np.isfinite(vector(markers.astype(np.float32), found.scaling)).all()


@pytest.mark.parametrize("count", [0, 1, 20])
def test_too_few_situations_weigh_every_family_the_same(count: int) -> None:
    found = fitted(noise(count), endings(count))

    assert set(found.family_weights.values()) == {1.0}
    assert np.isfinite(found.scaling.centre).all()
    assert (found.scaling.spread > 0).all()


def test_progress_is_told_a_family_at_a_time() -> None:
    told: list[int] = []

    fit(noise(600).astype(np.float32), endings(600), rng=np.random.default_rng(1), progress=lambda: told.append(1))

    assert len(told) == 2 * len(FAMILY_SLICES)
