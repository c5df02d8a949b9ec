"""Past visits read back as they were lived."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from personalization.markers.lived import LivedEvent, unpack
from personalization.models import Event, Visit

BATCH = 500  # visits whose events are held in memory at a time


def relive(visits: Sequence[Visit]) -> Iterator[tuple[Visit, list[LivedEvent]]]:
    """Each visit with its events in the order lived; visits without events are left out."""
    for start in range(0, len(visits), BATCH):
        batch = {visit.pk: visit for visit in visits[start : start + BATCH]}
        rows = (
            Event.objects.filter(visit_id__in=list(batch))
            .order_by("visit_id", "timestamp", "event_id")
            .values_list("visit_id", "lived")
        )
        for visit_id, group in groupby(rows, key=lambda row: row[0]):
            yield batch[visit_id], [unpack(lived) for _, lived in group]
