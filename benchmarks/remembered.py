"""Every situation that a memory holds, its markers raw: neighbours are exact, under any scaling one wants to try."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.models import Store
from personalization import situation
from personalization.memory.live import LiveMemory
from personalization.memory.reading import relive
from personalization.memory.remembering import remember
from personalization.models import PastSituation, Visit
from personalization.situation import Scaling

_CHUNK: Final = 256  # questions compared with the whole memory at once


@dataclass(frozen=True, slots=True)
class Remembered:
    """Every remembered situation, markers raw.

    Attributes:
        markers: float32 (n, 232).
        visits: int64 (n,).
        at: float64 (n,), seconds since 1970.
        payloads: n packed outcomes.
    """

    markers: NDArray[np.float32]
    visits: NDArray[np.int64]
    at: NDArray[np.float64]
    payloads: list[bytes]


def remembered(store: Store, memory: LiveMemory) -> Remembered:
    """The situations that a store's memory holds, their markers taken anew from its visits.

    Raises:
        ValueError: no rebuild has gone live; or a situation's visit is gone, or reads otherwise now.
    """
    if memory.generation_id is None:
        raise ValueError(f"store {store.slug}: expected a live memory, got none")
    held = set(PastSituation.objects.filter(generation_id=memory.generation_id).values_list("visit_id", "step"))
    visits = list(Visit.objects.of(store).memorable().select_related("store").order_by("pk"))
    markers, places, payloads = [], [], []
    for visit, context, events in relive(visits):
        taken = remember(events, context=context, landscape=memory.landscape)
        kept = [row for row, step in enumerate(taken.steps.tolist()) if (visit.pk, step) in held]
        markers.append(taken.markers[kept])
        places += [(visit.pk, at) for at in taken.at[kept].tolist()]
        payloads += [taken.payloads[row] for row in kept]
    if len(payloads) != len(held):
        raise ValueError(f"store {store.slug}: its memory holds {len(held)} situations, its visits {len(payloads)}")
    visit_ids, at = zip(*places, strict=True)
    return Remembered(np.concatenate(markers), np.array(visit_ids, np.int64), np.array(at), payloads)


def nearest(
    past: Remembered, scaling: Scaling, markers: NDArray[np.float32], *, k: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Of each question, the rows of the k nearest situations and their distances, nearest first."""
    there = situation.vector(past.markers, scaling)
    squares = np.einsum("ij,ij->i", there, there)
    for start in range(0, len(markers), _CHUNK):
        here = situation.vector(markers[start : start + _CHUNK], scaling)
        apart = squares - 2 * (here @ there.T) + np.einsum("ij,ij->i", here, here)[:, None]
        near = np.argpartition(apart, k, axis=1)[:, :k] if k < apart.shape[1] else np.argsort(apart, axis=1)
        for row, places in enumerate(near):
            ordered = places[np.argsort(apart[row, places], kind="stable")]
            yield ordered, np.sqrt(np.maximum(apart[row, ordered], 0.0)).astype(np.float32)
