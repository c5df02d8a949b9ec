"""Online and offline see the same situation: the vector at an event is bit-equal either way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from personalization import situation
from personalization.markers.live_visit import LiveVisit
from personalization.markers.lived import History, pack, unpack

from .markers.lives import LANDSCAPE, Life, lives
from .markers.wanderings import wanderings


def online(life: Life) -> list[bytes]:
    """The vector after each event, the visit living on."""
    visit, vectors = life.visit(), []
    for event in life.events:
        visit.fold(event)
        vectors.append(situation.raw(visit).tobytes())
    return vectors


def offline(life: Life) -> list[bytes]:
    """The vector after each event, every time from the stored bytes of all events up to it."""
    stored = [pack(event) for event in life.events]
    return [
        situation.raw(
            LiveVisit(context=life.context, landscape=LANDSCAPE, events=[unpack(event) for event in stored[:step]])
        ).tobytes()
        for step in range(1, len(stored) + 1)
    ]


@given(life=lives(max_events=8))
def test_a_visit_of_any_shape_is_the_same_online_and_offline(life: Life) -> None:
    assert online(life) == offline(life)


@pytest.mark.parametrize("life", wanderings(seed=2, count=15))
def test_a_wandering_is_the_same_online_and_offline(life: Life) -> None:
    assert online(life) == offline(life)


def test_situations_scaled_together_are_those_scaled_one_by_one() -> None:
    markers = np.array([situation.raw(life.lived()) for life in wanderings(seed=8, count=30)])
    rng = np.random.default_rng(8)
    centre, spread, weight = rng.uniform(0.1, 3.0, (3, situation.WIDTH)).astype(np.float32)
    scaling = situation.Scaling(centre=centre, spread=spread, weight=weight)

    together = situation.vector(markers, scaling)

    assert together.tobytes() == np.array([situation.vector(row, scaling) for row in markers]).tobytes()


@given(life=lives())
def test_living_a_visit_twice_gives_the_same_bits(life: Life) -> None:
    assert online(life) == online(life)


@given(life=lives(max_events=6))
def test_an_event_is_unpacked_as_it_was_packed(life: Life) -> None:
    assert [unpack(pack(event)) for event in life.events] == list(life.events)


@given(life=lives(max_events=1))
def test_a_history_is_read_as_it_was_written(life: Life) -> None:
    assert History.from_json(life.context.history.to_json()) == life.context.history
