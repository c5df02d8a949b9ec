"""Past visits taken out of the memory: their situations, their outcomes and their trails, in every generation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from catalog.live_facts import live_facts
from personalization.memory import acquaintance, arrays, partitions
from personalization.memory.live import APPENDED, FORGETTINGS, keep_trails, trails_of
from personalization.models import Generation, Visit

_COMPLETE = "trails_index_steps"  # the last of the trails' arrays


def hold(*, store_id: int) -> list[Generation]:
    """The store's generations that remember anything, held against appending until the transaction ends.

    To be called before any visit is held: who appends takes the generation first, too.
    """
    kept = Generation.objects.filter(store_id=store_id).kept().order_by("pk")
    return list(kept.select_for_update(no_key=True))


def forget(generation: Generation, *, visit_ids: Sequence[int]) -> bool:
    """Take visits out of a generation held by `hold`; whether it held anything of them.

    Every process that answers reads the arrays anew, as soon as it looks whether its memory is fresh.
    """
    gone = np.array(visit_ids, np.int64)
    situations = partitions.forget_visits(generation.pk, list(visit_ids)) if len(gone) else 0
    trails = _forget_trails(generation, gone) | _forget_appended(generation.pk, gone)
    if trails:
        generation.settings[FORGETTINGS] = generation.settings.get(FORGETTINGS, 0) + 1
    if situations:
        generation.situation_count = max(generation.situation_count - situations, 0)
    if situations or trails:
        generation.save(update_fields=["settings", "situation_count"])
    return bool(situations or trails)


def forget_absent(generation: Generation) -> None:
    """Take out what was erased, or lost its consent, while the generation was being built."""
    held = np.unique(trails_of(generation.pk).visits)
    memorable = Visit.objects.filter(store_id=generation.store_id).memorable()
    there = np.fromiter(memorable.values_list("pk", flat=True).iterator(), dtype=np.int64)
    absent = np.union1d(np.setdiff1d(held, there), partitions.visits_absent(generation.pk, generation.store_id))
    if len(absent):
        forget(generation, visit_ids=absent.tolist())


def _forget_trails(generation: Generation, gone: NDArray[np.int64]) -> bool:
    if not arrays.has(generation.pk, _COMPLETE):
        return False
    trails = trails_of(generation.pk)
    if not np.isin(trails.visits, gone).any():
        return False
    left = trails.without(gone)
    keep_trails(generation.pk, left)
    if acquaintance.is_kept(generation):
        acquaintance.keep_people(generation, trails=left, facts=live_facts(store_id=generation.store_id))
    return True


def _forget_appended(generation_id: int, gone: NDArray[np.int64]) -> bool:
    touched = False
    for part in arrays.parts(generation_id, APPENDED):
        records = arrays.read(generation_id, APPENDED, part=part)
        if (absent := np.isin(records["visit"], gone)).any():
            arrays.save(generation_id, APPENDED, records[~absent], part=part)
            touched = True
    return touched
