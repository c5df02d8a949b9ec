"""What the markers are worth on a store's own recent visits: how often each speaks, and how far it has drifted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.models import Store
from personalization.markers import MARKERS
from personalization.memory.live import LiveMemory
from personalization.memory.reading import relive
from personalization.memory.remembering import remember
from personalization.models import Visit
from personalization.situation import WIDTH

VISITS: Final = 250  # newest visits looked at
_NEUTRAL: Final = np.array([marker.neutral for marker in MARKERS], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class MarkerFigures:
    """Per marker, over the situations of recent visits.

    Attributes:
        situations: how many were looked at.
        coverage: float64 (232,), share of situations in which the marker is not neutral.
        mean: float64 (232,), in the markers' units.
        spread: float64 (232,), standard deviation, in the markers' units.
        drift: float64 (232,), (recent mean − the generation's centre) / the generation's spread; 0 without one.
    """

    situations: int
    coverage: NDArray[np.float64]
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    drift: NDArray[np.float64]


def marker_figures(*, store: Store, memory: LiveMemory, now: datetime) -> MarkerFigures:
    """Figures of the store's newest ended visits, read against the live generation."""
    newest = Visit.objects.of(store).memorable().ended(now=now).order_by("-last_event_at")
    visits = list(newest.select_related("store")[:VISITS])
    lived = [
        remember(events, context=context, landscape=memory.landscape).markers
        for _visit, context, events in relive(visits)
    ]
    return figures_of(np.concatenate([np.empty((0, WIDTH), np.float32), *lived]), memory)


def figures_of(markers: NDArray[np.float32], memory: LiveMemory) -> MarkerFigures:
    """Figures of raw markers float32 (n, 232)."""
    if not len(markers):
        nothing = np.zeros(WIDTH)
        return MarkerFigures(0, nothing, nothing, nothing, nothing)
    mean = markers.mean(axis=0, dtype=np.float64)
    drift = np.zeros(WIDTH)
    if memory.scaling is not None:
        drift = (mean - memory.scaling.centre) / memory.scaling.spread
    return MarkerFigures(
        situations=len(markers),
        coverage=(np.abs(markers - _NEUTRAL) > 1e-6).mean(axis=0),
        mean=mean,
        spread=markers.std(axis=0, dtype=np.float64),
        drift=drift,
    )
