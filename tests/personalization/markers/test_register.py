"""Laws that hold for all 232 markers, on visits of any valid shape."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import isfinite

import numpy as np
import pytest
from hypothesis import given
from numpy.typing import NDArray

from personalization import situation
from personalization.markers import MARKERS
from personalization.markers.definition import FAMILIES
from personalization.markers.live_visit import LiveVisit
from personalization.markers.lived import History

from .lives import LANDSCAPE, Life, lives
from .visits import context
from .wanderings import wanderings


def outside(visit: LiveVisit) -> dict[str, float]:
    """The markers whose value is no number or leaves its range."""
    values = {marker: marker.compute(visit) for marker in MARKERS}
    return {
        marker.name: value
        for marker, value in values.items()
        if not isfinite(value) or not marker.low <= value <= marker.high
    }


def test_the_register_holds_each_family_in_full() -> None:
    assert Counter(marker.family for marker in MARKERS) == FAMILIES


def test_the_register_holds_232_markers() -> None:
    assert len(MARKERS) == 232


@given(life=lives())
def test_every_marker_stays_finite_and_within_its_range(life: Life) -> None:
    visit = life.visit()
    for event in life.events:
        visit.fold(event)
        assert outside(visit) == {}


@pytest.mark.parametrize("life", wanderings(seed=3, count=20))
def test_every_marker_of_a_wandering_stays_finite_and_within_its_range(life: Life) -> None:
    visit = life.visit()
    for event in life.events:
        visit.fold(event)
        assert outside(visit) == {}


def test_before_the_first_event_every_marker_is_neutral() -> None:
    visit = LiveVisit(context=context(), landscape=LANDSCAPE)

    assert {marker.name: marker.compute(visit) for marker in MARKERS} == {
        marker.name: marker.neutral for marker in MARKERS
    }


@given(life=lives(consent=False))
def test_without_consent_markers_that_need_it_are_neutral(life: Life) -> None:
    values = situation.raw(life.lived())

    told = {m.name: v for m, v in zip(MARKERS, values, strict=True) if m.needs_consent and v != np.float32(m.neutral)}
    assert told == {}


@given(life=lives(consent=False, max_events=6))
def test_without_consent_nothing_tells_of_the_past(life: Life) -> None:
    stranger = replace(life, context=replace(life.context, history=History()))

    assert situation.raw(life.lived()).tobytes() == situation.raw(stranger.lived()).tobytes()


@given(life=lives(consent=False, max_events=4))
def test_without_consent_a_situation_is_still_told_by_the_visit(life: Life) -> None:
    values = situation.raw(life.lived())

    assert any(v != np.float32(m.neutral) for m, v in zip(MARKERS, values, strict=True) if not m.needs_consent)


@pytest.fixture(scope="module")
def traffic() -> NDArray[np.float64]:
    """The situation after each event of varied visits, a row each."""
    rows = []
    for life in wanderings(seed=1, count=250):
        visit = life.visit()
        for event in life.events:
            visit.fold(event)
            rows.append(situation.raw(visit))
    return np.array(rows, np.float64)


def test_no_marker_is_constant_on_varied_traffic(traffic: NDArray[np.float64]) -> None:
    assert [marker.name for marker, spread in zip(MARKERS, np.ptp(traffic, axis=0), strict=True) if not spread] == []


def test_no_two_markers_say_the_same(traffic: NDArray[np.float64]) -> None:
    alike = np.triu(np.abs(np.corrcoef(traffic.T)), k=1) > 0.99

    assert [(MARKERS[a].name, MARKERS[b].name) for a, b in np.argwhere(alike)] == []
