"""Small visits for the tests of markers: every number in them can be checked by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from personalization.markers.live_visit import LiveVisit, VisitContext
from personalization.markers.lived import LivedEvent, LivedItem

PARIS: Final = ZoneInfo("Europe/Paris")
START: Final = 1_773_219_600.0  # Wednesday 11 March 2026, 10:00 in Paris


def _coordinates() -> NDArray[np.float32]:
    """Products 0 … 5 stand on their own axis, 6 half-way between 0 and 1, and nothing is known of 7."""
    coordinates = np.zeros((8, 32), dtype=np.float32)
    coordinates[np.arange(6), np.arange(6)] = 1.0
    coordinates[6, :2] = np.sqrt(0.5)
    return coordinates


@dataclass(frozen=True, slots=True)
class SmallLandscape:
    """Eight products whose places and popularity are known by heart."""

    coordinates: NDArray[np.float32] = field(default_factory=_coordinates)
    popularity: NDArray[np.float32] = field(
        default_factory=lambda: np.array([1.0, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.0], dtype=np.float32)
    )


def item(product: int = 0, **fields: Any) -> LivedItem:
    """Product at this catalog position, "P0" … "P7"."""
    return LivedItem(**{"item_id": f"P{product}", "product": product, **fields})


def event(name: str, *, at: float = 0.0, **fields: Any) -> LivedEvent:
    """An event `at` seconds after START."""
    return LivedEvent(**{"event_id": f"{name}@{at}", "name": name, "at": START + at, **fields})


def context(**fields: Any) -> VisitContext:
    """A French store in Paris, unless told otherwise."""
    return VisitContext(**{"time_zone": PARIS, **fields})


def visit(
    *events: LivedEvent, context: VisitContext | None = None, landscape: SmallLandscape | None = None
) -> LiveVisit:
    """The visit after these events."""
    return LiveVisit(
        context=context or VisitContext(time_zone=PARIS),
        landscape=landscape or SmallLandscape(),
        events=events,
    )
