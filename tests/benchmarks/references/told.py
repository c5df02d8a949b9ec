"""Past sessions as a test writes them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.references.base import DAY, Model, Sessions


def sessions_of(*items: Sequence[int], days: Sequence[float] | None = None) -> Sessions:
    """Sessions with these items, ended at these days (one after the other, a day apart, when not said)."""
    return Sessions(
        items=np.array([item for session in items for item in session]),
        starts=np.concatenate(([0], np.cumsum([len(session) for session in items]))),
        ended=np.array(days if days is not None else range(len(items)), np.float64) * DAY,
    )


def fitted(model: Model, sessions: Sessions, catalog: int = 10) -> Model:
    model.fit(sessions, catalog)
    return model


def scores(model: Model, *prefix: int) -> dict[int, float]:
    items, values = model.scores(np.array(prefix))
    return dict(zip(items.tolist(), values.tolist(), strict=True))


def ranked(model: Model, *prefix: int, k: int = 20) -> list[int]:
    return model.rank(np.array(prefix), k).tolist()
