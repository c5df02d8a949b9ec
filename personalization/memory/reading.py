"""Past visits read back as they were lived, in batches that bound what is held in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from personalization.markers.live_visit import VisitContext
from personalization.markers.lived import LivedEvent
from personalization.models import Visit
from personalization.visits import context_of, lived_events

BATCH = 500  # visits whose events are held at a time


def relive(visits: Sequence[Visit]) -> Iterator[tuple[Visit, VisitContext, list[LivedEvent]]]:
    """Each visit (with its store) with its context and its events in order; visits without events are left out."""
    for start in range(0, len(visits), BATCH):
        batch = visits[start : start + BATCH]
        events = lived_events(visit_ids=[visit.pk for visit in batch])
        for visit in batch:
            if events[visit.pk]:
                yield visit, context_of(store=visit.store, visit=visit), events[visit.pk]
