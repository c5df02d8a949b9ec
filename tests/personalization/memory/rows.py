"""Partitions filled with rows whose neighbours are known."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector

from catalog.models import Store
from personalization.memory import partitions
from personalization.memory.partitions import SituationRow
from personalization.models import Generation
from tests.catalog.factories import NOW

WIDTH: Final = 232
START: Final = datetime(2026, 3, 1, tzinfo=UTC)


def generation_of(store: Store, **fields: Any) -> Generation:
    """A generation with an empty partition."""
    number = Generation.objects.of(store).count() + 1
    values = {"number": number, "marker_version": 1, "until": NOW, "state": "ready", **fields}
    generation = Generation.objects.create(store=store, **values)
    partitions.create(generation.pk)
    return generation


def place(*coordinates: float) -> NDArray[np.float32]:
    """A situation with these first coordinates and zeros."""
    vector = np.zeros(WIDTH, np.float32)
    vector[: len(coordinates)] = coordinates
    return vector


def row(visit_id: int, situation: NDArray[np.float32], *, step: int = 0, payload: bytes = b"") -> SituationRow:
    return SituationRow(
        visit_id=visit_id, step=step, at=START, situation=HalfVector(situation.astype(np.float16)), payload=payload
    )
