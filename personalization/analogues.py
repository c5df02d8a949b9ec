"""Past visits that were once in an analogous situation, and what followed there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from personalization import situation
from personalization.memory import payload, recall
from personalization.memory.live import LiveMemory

SOUGHT: Final = 60  # situations recalled, of which each visit's nearest is kept

DEEDS: Final = {payload.PURCHASE: "purchase", payload.CART: "cart", payload.VIEW: "view"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVisit:
    """A visit that came close.

    Attributes:
        at: when it stood in that situation.
        similarity: (0, 1], 1 for the same situation.
        followed: deed ("purchase", "cart", "view") → catalog positions in the order lived.
    """

    visit_id: int
    at: datetime
    similarity: float
    followed: dict[str, list[int]]


def past_visits(
    *, memory: LiveMemory, markers: NDArray[np.float32], most: int, but: int | None = None
) -> list[PastVisit]:
    """The visits whose situations were nearest, the nearest first; none without a memory.

    `markers` are raw, float32 (232,); `but` is the visit that asks, which is its own best analogue.
    """
    if memory.generation_id is None or memory.scaling is None:
        return []
    here = situation.vector(markers, memory.scaling)
    found = recall.nearest(memory.generation_id, here, k=SOUGHT, ef=max(memory.ef, SOUGHT))
    similar = recall.similarity(found, bandwidth=memory.bandwidth)
    visits: dict[int, PastVisit] = {}
    for row, visit_id in enumerate(found.visits.tolist()):
        if visit_id != but and visit_id not in visits and len(visits) < most:
            visits[visit_id] = PastVisit(
                visit_id=visit_id,
                at=datetime.fromtimestamp(float(found.at[row]), UTC),
                similarity=float(similar[row]),
                followed=_followed(found.payloads[row]),
            )
    return list(visits.values())


def _followed(packed: bytes) -> dict[str, list[int]]:
    records, _rows = payload.unpack([packed])
    return {
        deed: [int(record["product"]) for record in records if int(record["kind"]) == kind]
        for kind, deed in DEEDS.items()
    }
