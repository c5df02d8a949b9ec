"""The evaluation protocol: a memory built once from a file, asked through one engine or several."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from time import perf_counter
from typing import Any

import numpy as np

from catalog.live_facts import live_facts
from catalog.models import Store
from personalization.engines.base import Engine
from personalization.evaluation import replay
from personalization.evaluation.figures import Outcome, summary
from personalization.evaluation.retelling import Manner, manner_of
from personalization.evaluation.sessions import Query, TrainingRow
from personalization.memory import building
from personalization.memory.rebuild import Progress
from personalization.models import Generation

SAMPLE_SEED = 0


@dataclass(frozen=True, slots=True)
class Bench:
    """A store of its own that has learned from a file, ready to be asked.

    Attributes:
        after: the instant of the training's last event.
        manner: how the file's visits go.
        ingest_seconds, fit_seconds: what the ingestion and the rebuild took.
    """

    store: Store
    generation: Generation
    after: datetime
    manner: Manner
    ingest_seconds: float
    fit_seconds: float


@contextmanager
def built(*, rows: Sequence[TrainingRow], now: datetime, workers: int | None, progress: Progress) -> Iterator[Bench]:
    """A store built from `rows` through the real ingestion and the real rebuild; it is gone at the end.

    Raises:
        replay.RejectedRowsError: the ingestion refused a row.
    """
    after, manner = datetime.fromtimestamp(max(row.at for row in rows), UTC), manner_of(rows)
    with replay.evaluation_store() as store:
        yield learned(
            store,
            partial(_load, store, rows, manner=manner, now=now, progress=progress),
            after=after,
            manner=manner,
            now=now,
            workers=workers,
            progress=progress,
        )


def learned(
    store: Store,
    load: Callable[[], None],
    *,
    after: datetime,
    manner: Manner,
    now: datetime,
    workers: int | None,
    progress: Progress,
) -> Bench:
    """The store, loaded and rebuilt, with what both took."""
    started = perf_counter()
    load()
    ingested = perf_counter()
    # An hour on, so that the last visit has ended, also when all has just happened.
    until = max(now, after) + timedelta(hours=1)
    generation = building.build(store=store, now=until, workers=workers, progress=progress)
    return Bench(store, generation, after, manner, ingested - started, perf_counter() - ingested)


def ask(
    bench: Bench, *, engine: Engine, queries: Sequence[Query], k: int, progress: Progress
) -> tuple[list[Outcome], set[str]]:
    """What became of each query, and every item that some list held."""
    answered = count(1)
    return replay.answer(
        store=bench.store,
        engine=engine,
        queries=queries,
        k=k,
        after=bench.after,
        manner=bench.manner,
        progress=lambda: progress(f"answering ({engine.name})", next(answered), len(queries)),
    )


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
    with built(rows=rows, now=now, workers=workers, progress=progress) as bench:
        outcomes, listed = ask(bench, engine=engine, queries=queries, k=k, progress=progress)
        return figures(bench, engine=engine, outcomes=outcomes, listed=listed, k=k)


def figures(bench: Bench, *, engine: Engine, outcomes: Sequence[Outcome], listed: set[str], k: int) -> dict[str, Any]:
    """The figures of `manage.py evaluate`."""
    return {
        **summary(outcomes, listed=len(listed), catalog=len(live_facts(store_id=bench.store.pk))),
        "engine": engine.name,
        "k": k,
        "ingest_seconds": round(bench.ingest_seconds, 1),
        "fit_seconds": round(bench.fit_seconds, 1),
        "peak_rss_mb": _peak_megabytes(),
        **_learned(bench.generation),
    }


def sampled(queries: Sequence[Query], *, size: int | None) -> Sequence[Query]:
    """The queries, or a seeded sample of them in their order."""
    if size is None or size >= len(queries):
        return queries
    chosen = np.random.default_rng(SAMPLE_SEED).choice(len(queries), size, replace=False)
    return [queries[row] for row in sorted(chosen.tolist())]


def _load(store: Store, rows: Sequence[TrainingRow], *, manner: Manner, now: datetime, progress: Progress) -> None:
    loaded = 0

    def advanced(by: int) -> None:
        nonlocal loaded
        loaded += by
        progress("ingesting", loaded, len(rows))

    replay.load(store=store, rows=rows, manner=manner, now=now, progress=advanced)


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
