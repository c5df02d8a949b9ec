"""The evaluation protocol: a memory built from a file, its queries answered through an engine, the figures of that."""

from __future__ import annotations

import resource
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from time import perf_counter
from typing import Any

import numpy as np

from catalog.live_facts import live_facts
from catalog.models import Store
from personalization.engines.base import Engine
from personalization.evaluation import replay
from personalization.evaluation.figures import summary
from personalization.evaluation.sessions import Query, TrainingRow
from personalization.memory import building
from personalization.memory.rebuild import Progress
from personalization.models import Generation

SAMPLE_SEED = 0


def evaluate(
    *,
    rows: Sequence[TrainingRow],
    queries: Sequence[Query],
    engine: Engine,
    k: int,
    now: datetime,
    workers: int | None,
    progress: Progress,
) -> dict[str, Any]:
    """The figures of `engine` on `queries`, after a rebuild from `rows` in a store of their own.

    Raises:
        replay.RejectedRowsError: the ingestion refused a row.
    """
    after = datetime.fromtimestamp(max(row.at for row in rows), UTC)
    with replay.evaluation_store() as store:
        started = perf_counter()
        _load(store, rows, now=now, progress=progress)
        ingested = perf_counter()
        # An hour on, so that the last visit has ended, also when all has just happened.
        until = max(now, after) + timedelta(hours=1)
        generation = building.build(store=store, now=until, workers=workers, progress=progress)
        fitted = perf_counter()
        answered = count(1)
        outcomes, listed = replay.answer(
            store=store,
            engine=engine,
            queries=queries,
            k=k,
            after=after,
            progress=lambda: progress("answering", next(answered), len(queries)),
        )
        return {
            **summary(outcomes, listed=len(listed), catalog=len(live_facts(store_id=store.pk))),
            "engine": engine.name,
            "k": k,
            "ingest_seconds": round(ingested - started, 1),
            "fit_seconds": round(fitted - ingested, 1),
            "peak_rss_mb": _peak_megabytes(),
            **_learned(generation),
        }


def sampled(queries: Sequence[Query], *, size: int | None) -> Sequence[Query]:
    """The queries, or a seeded sample of them in their order."""
    if size is None or size >= len(queries):
        return queries
    chosen = np.random.default_rng(SAMPLE_SEED).choice(len(queries), size, replace=False)
    return [queries[row] for row in sorted(chosen.tolist())]


def _load(store: Store, rows: Sequence[TrainingRow], *, now: datetime, progress: Progress) -> None:
    loaded = 0

    def advanced(by: int) -> None:
        nonlocal loaded
        loaded += by
        progress("ingesting", loaded, len(rows))

    replay.load(store=store, rows=rows, now=now, progress=advanced)


def _learned(generation: Generation) -> dict[str, Any]:
    """What the rebuild learned, beside the figures of the protocol."""
    return {
        "situations": generation.situation_count,
        "settings": {name: generation.settings.get(name) for name in ("k", "ef", "bandwidth", "family_weights")},
        "validation": generation.validation,
    }


def _peak_megabytes() -> float:
    """Largest resident set of this process and of any worker it waited for."""
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return round(max(peaks) / 1024, 1)
