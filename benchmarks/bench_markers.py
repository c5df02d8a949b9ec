"""What it costs to live through a visit and to read its situation.

python -m pytest -o python_functions="bench_*" benchmarks/bench_markers.py
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from personalization import situation
from personalization.markers import MARKERS
from personalization.markers.definition import FAMILIES
from personalization.markers.live_visit import LiveVisit
from tests.personalization.markers.lives import Life
from tests.personalization.markers.wanderings import wanderings

EVENTS = 20


@pytest.fixture(scope="module")
def life() -> Life:
    """The first returning visitor's visit of at least 20 events, cut to 20."""
    long = next(
        life for life in wanderings(seed=11, count=200) if len(life.events) >= EVENTS and life.context.history.visits
    )
    return replace(long, events=long.events[:EVENTS])


def read_situations(life: Life) -> None:
    """Fold one visit and take its situation after each event, as a rebuild does."""
    visit = life.visit()
    for event in life.events:
        visit.fold(event)
        situation.raw(visit)


def read_all(visit: LiveVisit, computes: list[Any]) -> None:
    for compute in computes:
        compute(visit)


def bench_folding_a_visit_of_20_events(benchmark: Any, life: Life) -> None:
    benchmark(life.lived)


def bench_reading_the_situation(benchmark: Any, life: Life) -> None:
    benchmark(situation.raw, life.lived())


def bench_a_situation_after_each_of_20_events(benchmark: Any, life: Life) -> None:
    benchmark(read_situations, life)


@pytest.mark.parametrize("family", FAMILIES)
def bench_reading_one_family(benchmark: Any, life: Life, family: str) -> None:
    computes = [marker.compute for marker in MARKERS if marker.family == family]
    benchmark(read_all, life.lived(), computes)
