"""How far a condition reaches: in how many of a store's recent visits it would have held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.models import Store
from objectives.conditions import Condition, holds
from personalization.markers.plain import PlainMarkers
from personalization.memory.live import LiveMemory
from personalization.memory.reading import relive
from personalization.memory.remembering import remember
from personalization.models import Visit
from personalization.situation import WIDTH

VISITS: Final = 200


@dataclass(frozen=True, slots=True)
class RecentSituations:
    """Situations of a store's newest visits.

    Attributes:
        visits: how many visits.
        visit: int64 (n,), which of them each situation belongs to, counted from 0.
        markers: float32 (n, 232), raw.
    """

    visits: int
    visit: NDArray[np.int64]
    markers: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reach:
    """In how many of so many visits, and in how many of so many situations, a condition held."""

    visits: int
    of_visits: int
    situations: int
    of_situations: int


def recent_situations(*, store: Store, memory: LiveMemory) -> RecentSituations:
    """Of the store's newest visits, at each event at which a zone may ask."""
    newest = Visit.objects.of(store).memorable().order_by("-last_event_at")
    visits = list(newest.select_related("store")[:VISITS])
    lived = [
        remember(events, context=context, landscape=memory.landscape).markers
        for _visit, context, events in relive(visits)
    ]
    return RecentSituations(
        visits=len(lived),
        visit=np.repeat(np.arange(len(lived)), [len(markers) for markers in lived]),
        markers=np.concatenate([np.empty((0, WIDTH), np.float32), *lived]),
    )


def reach_of(condition: Condition, recent: RecentSituations) -> Reach:
    """How far it reaches; a visit counts when it held at one of its situations."""
    held = np.array([holds(condition, PlainMarkers(markers)) for markers in recent.markers], bool)
    return Reach(
        visits=len(np.unique(recent.visit[held])),
        of_visits=recent.visits,
        situations=int(held.sum()),
        of_situations=len(held),
    )
