"""The first stage of a rebuild: every past visit's trail, the product space and the kindred learned from them."""

from __future__ import annotations

from array import array
from collections.abc import Callable

import numpy as np

from catalog.facts import ProductFacts
from personalization import kindred, product_space
from personalization.memory import arrays
from personalization.memory.live import keep_kindred, keep_trails
from personalization.memory.reading import BATCH, relive
from personalization.memory.remembering import looks, trail
from personalization.models import Generation, Visit
from personalization.trails import Trails, index_trails, person_of


def learn(generation: Generation, *, facts: ProductFacts, progress: Callable[[int, int], None]) -> None:
    """Learn and keep trails, kindred, space and neighbours; `progress(done, total)` counts visits."""
    trails = _trails(generation, catalog=len(facts), progress=progress)
    keep_trails(generation.pk, trails)
    space = product_space.learn(offsets=trails.offsets, products=trails.products, ended=trails.ended, facts=facts)
    keep_kindred(generation.pk, kindred.learn(trails, catalog=len(facts)))
    arrays.save(generation.pk, "coordinates", space.coordinates)
    arrays.save(generation.pk, "popularity", space.popularity)
    arrays.save(generation.pk, "met", space.met)
    arrays.save(generation.pk, "neighbours", product_space.nearest_products(space.coordinates))


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
