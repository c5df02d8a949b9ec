"""The first stage of a rebuild: every past visit's trail, and the product space learned from them."""

from __future__ import annotations

from array import array
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from personalization import product_space
from personalization.memory import arrays
from personalization.memory.live import keep_trails
from personalization.memory.reading import BATCH, relive
from personalization.memory.remembering import looks, trail
from personalization.models import Generation, Visit
from personalization.trails import Trails, index_trails, person_of

NEIGHBOURS = 24  # nearest products kept of each product
_BLOCK = 1024  # products whose neighbours are sought at a time


def learn(generation: Generation, *, facts: ProductFacts, progress: Callable[[int, int], None]) -> None:
    """Learn and keep trails, space and neighbours; `progress(done, total)` counts visits."""
    trails = _trails(generation, catalog=len(facts), progress=progress)
    keep_trails(generation.pk, trails)
    space = product_space.learn(offsets=trails.offsets, products=trails.products, ended=trails.ended, facts=facts)
    arrays.save(generation.pk, "coordinates", space.coordinates)
    arrays.save(generation.pk, "popularity", space.popularity)
    arrays.save(generation.pk, "met", space.met)
    arrays.save(generation.pk, "neighbours", nearest_products(space.coordinates))


def nearest_products(coordinates: NDArray[np.float32]) -> NDArray[np.int32]:
    """int32 (products, 24): the nearest of each by cosine, nearest first, itself left out; −1 where there are fewer."""
    count = len(coordinates)
    width = min(NEIGHBOURS, max(count - 1, 0))
    found = np.full((count, NEIGHBOURS), -1, np.int32)
    if not width:
        return found
    placed = np.abs(coordinates).sum(axis=1) > 0
    for start in range(0, count, _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, count))
        cosine = coordinates[rows] @ coordinates.T
        cosine[:, ~placed] = -2.0
        cosine[np.arange(len(rows)), rows] = -3.0
        near = np.argpartition(-cosine, width - 1, axis=1)[:, :width]
        height = np.take_along_axis(cosine, near, axis=1)
        order = np.argsort(-height, axis=1, kind="stable")
        near, height = np.take_along_axis(near, order, axis=1), np.take_along_axis(height, order, axis=1)
        found[rows, :width] = np.where((height > -1.5) & placed[rows][:, None], near, -1)
    return found


def _trails(generation: Generation, *, catalog: int, progress: Callable[[int, int], None]) -> Trails:
    """Trails of every visit the generation is built from, read in bounded batches."""
    offsets, products, kinds = array("q", [0]), array("i"), array("B")
    ended, visit_ids, persons = array("d"), array("q"), array("q")
    look_offsets, looked_at = array("q", [0]), array("i")
    chosen = Visit.objects.filter(store_id=generation.store_id).rebuildable(until=generation.until)
    ids = np.fromiter(chosen.order_by("id").values_list("id", flat=True).iterator(), dtype=np.int64)
    for start in range(0, len(ids), BATCH):
        batch = list(chosen.filter(id__in=ids[start : start + BATCH].tolist()).select_related("store"))
        for visit, _, events in relive(batch):
            met, happened = trail(events)
            if met:
                products.extend(met)
                kinds.extend(happened)
                offsets.append(len(products))
                looked_at.extend(looks(events))
                look_offsets.append(len(looked_at))
                ended.append(events[-1].at)
                visit_ids.append(visit.pk)
                persons.append(person_of(visit.visitor_key))
        progress(min(start + BATCH, len(ids)), len(ids))
    return index_trails(
        offsets=np.array(offsets, np.int64),
        products=np.array(products, np.int32),
        kinds=np.array(kinds, np.uint8),
        ended=np.array(ended, np.float64),
        visits=np.array(visit_ids, np.int64),
        persons=np.array(persons, np.int64),
        catalog=catalog,
        looks=(np.array(look_offsets, np.int64), np.array(looked_at, np.int32)),
    )
