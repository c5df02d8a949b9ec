"""Moments: visits as they stood at an instant long past, to be answered again from today's catalog and memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.models import Store
from personalization import situation
from personalization.markers.live_visit import LiveVisit, VisitContext
from personalization.markers.lived import LivedEvent
from personalization.memory.live import LiveMemory
from personalization.memory.reading import relive
from personalization.models import Visit

VISITS: Final = 120


@dataclass(frozen=True, slots=True)
class Moment:
    """A visit, stopped.

    Attributes:
        markers: float32 (232,), raw, in the landscape of today's memory.
        at: when it was answered; None where it is to be answered as if the visitor stood there now.
        size: how many products were asked for; None where nobody asked.
        listed: catalog positions of the listing that was to be ordered; empty for none.
    """

    visit_id: int
    visit: LiveVisit
    markers: NDArray[np.float32]
    visitor_key: str
    at: datetime | None = None
    size: int | None = None
    listed: tuple[int, ...] = ()


def recent_moments(store: Store, memory: LiveMemory, *, most: int = VISITS) -> Iterable[Moment]:
    """The store's newest visits, each stopped at an event drawn evenly from its own, the same every time."""
    newest = Visit.objects.of(store).memorable().order_by("-last_event_at")
    for visit, context, events in relive(list(newest.select_related("store")[:most])):
        stop = int(np.random.default_rng(visit.pk).integers(1, len(events) + 1))
        lived, markers = stood(context, events[:stop], memory)
        yield Moment(visit.pk, lived, markers, visit.visitor_key)


def stood(
    context: VisitContext, events: Iterable[LivedEvent], memory: LiveMemory
) -> tuple[LiveVisit, NDArray[np.float32]]:
    """The visit after some events, and its markers float32 (232,), raw."""
    visit = LiveVisit(context=context, landscape=memory.landscape, events=events)
    return visit, situation.raw(visit)
