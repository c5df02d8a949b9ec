"""What was lived since the rebuild, appended to the live memory: ended visits and purchases, within the minute."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from django.db import transaction

from personalization.memory import arrays, chunks, partitions
from personalization.memory.live import APPENDED, TRAIL_RECORD, assemble
from personalization.memory.reading import relive
from personalization.memory.remembering import trail
from personalization.models import Generation, Visit
from personalization.trails import person_of

MOST_AT_ONCE = 500  # visits a transaction appends: inserting into the index costs the server milliseconds a row


def append(*, store_id: int, now: datetime) -> int:
    """Append what ended or was bought and is not in the live memory yet; returns how many visits were."""
    appended = 0
    while (count := _append_some(store_id=store_id, now=now)) > 0:
        appended += count
        if count < MOST_AT_ONCE:
            break
    return appended


@transaction.atomic
def _append_some(*, store_id: int, now: datetime) -> int:
    """One batch; a visit appended before (a purchase first, its end later) is replaced, never doubled."""
    generation = Generation.objects.filter(store_id=store_id).live().select_for_update(no_key=True).first()
    if generation is None:
        return 0
    waiting = Visit.objects.filter(store_id=store_id).to_append(
        generation_id=generation.pk, until=generation.until, now=now
    )
    visits = list(waiting.select_related("store").order_by("changed_at")[:MOST_AT_ONCE])
    if not visits:
        return 0
    ids = [visit.pk for visit in visits]
    replaced = partitions.forget_visits(generation.pk, ids)
    added = partitions.load(generation.pk, chunks.rows_of(visits, assemble(generation)))
    _keep_trails(generation, visits)
    # As changed when read: an event received meanwhile makes the visit wait again.
    for visit in visits:
        visit.remembered_in, visit.remembered_at = generation.pk, visit.changed_at
    Visit.objects.bulk_update(visits, ["remembered_in", "remembered_at"])
    generation.situation_count += added - replaced
    generation.save(update_fields=["situation_count"])
    return len(visits)


def _keep_trails(generation: Generation, visits: list[Visit]) -> None:
    """The visits' trails as the next part of the generation's appended ones."""
    records = [
        (visit.pk, person_of(visit.visitor_key), events[-1].at, product, kind)
        for visit, _, events in relive(visits)
        for product, kind in zip(*trail(events), strict=True)
    ]
    if not records:
        return
    newest = max(arrays.parts(generation.pk, APPENDED), default=0)
    arrays.save(generation.pk, APPENDED, np.array(records, TRAIL_RECORD), part=newest + 1)
