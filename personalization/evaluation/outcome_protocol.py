"""The protocol of later outcomes: a memory built once, every engine asked in the midst of the same held-out visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import count
from typing import Any

import numpy as np

from catalog.models import Store
from personalization.engines.base import Engine
from personalization.evaluation import copying, held_out, outcome_figures, outcomes, replay
from personalization.evaluation.calibration import bands
from personalization.evaluation.cuts import HeldOutVisit, draw
from personalization.evaluation.protocol import Bench, built, learned
from personalization.evaluation.retelling import manner_of
from personalization.evaluation.sessions import TrainingRow
from personalization.memory.rebuild import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What is asked of whom.

    Attributes:
        k: length of the lists.
        a_visit: cuts a visit, see `cuts.draw`.
        sample: how many of the held-out visits, drawn with the seed; None for all.
        seed: of the sample, the cuts and the intervals.
        remembered: how many of a store's visits before the held-out ones the memory knows, the newest; None for all.
        workers: processes that remember, None for one a core.
    """

    engines: Sequence[Engine]
    k: int = 20
    a_visit: int = 2
    sample: int | None = None
    seed: int = 0
    remembered: int | None = None
    workers: int | None = None


def examine_files(
    *,
    rows: Sequence[TrainingRow],
    visits: Sequence[TrainingRow],
    examination: Examination,
    now: datetime,
    progress: Progress,
) -> dict[str, Any]:
    """The figures of every engine on the held-out visits, after a rebuild from `rows`.

    Raises:
        replay.RejectedRowsError: the ingestion refused a row.
    """
    with built(rows=rows, now=now, workers=examination.workers, progress=progress) as bench:
        lived = held_out.visits_of(visits, store=bench.store, after=bench.after, manner=bench.manner, now=now)
        return _examined(bench, lived, examination, progress)


def examine_store(
    *, source: Store, since: datetime, examination: Examination, now: datetime, progress: Progress
) -> dict[str, Any]:
    """The figures of every engine on a real store's visits from `since` on, asked of a copy that knows those before.

    Raises:
        replay.RejectedRowsError: the ingestion refused an event.
        copying.NothingToSplitError: there is no visit on one side of the instant.
    """
    kept = {name: getattr(source, name) for name in copying.KEPT}
    with replay.evaluation_store(**kept) as copy:
        copying.copy_catalog(source, copy)
        copying.copy_rules(source, copy)
        load = partial(copying.copy_visits, source, copy, before=since, most=examination.remembered, now=now)
        bench = learned(
            copy,
            partial(load, progress=partial(progress, "ingesting")),
            after=since,
            manner=manner_of(()),
            now=now,
            workers=examination.workers,
            progress=progress,
        )
        lived = copying.held_out(source, copy, since=since, now=now)
        return {"store": source.slug, "since": since.isoformat()} | _examined(bench, lived, examination, progress)


def _examined(
    bench: Bench, visits: Sequence[HeldOutVisit], examination: Examination, progress: Progress
) -> dict[str, Any]:
    rng = np.random.default_rng(examination.seed)
    if examination.sample is not None and examination.sample < len(visits):
        chosen = rng.choice(len(visits), examination.sample, replace=False)
        visits = [visits[row] for row in sorted(chosen.tolist())]
    cuts = draw(visits, a_visit=examination.a_visit, rng=rng)
    answers = {}
    for engine in examination.engines:
        answered = count(1)
        answers[engine.name] = outcomes.ask(
            store=bench.store,
            engine=engine,
            cuts=cuts,
            k=examination.k,
            progress=lambda name=engine.name, done=answered: progress(f"asking {name}", next(done), len(cuts)),  # type: ignore[misc]
        )
    return {
        "k": examination.k,
        "seed": examination.seed,
        "meaning": outcome_figures.MEANING,
        **outcome_figures.counts(cuts),
        "visits_remembered": bench.generation.visit_count,
        "situations": bench.generation.situation_count,
        "ingest_seconds": round(bench.ingest_seconds, 1),
        "fit_seconds": round(bench.fit_seconds, 1),
        "similarity_bands": bands(bench.generation.validation.get("similarity_bands", ())).to_json(),
        **outcome_figures.figures(cuts, answers, seed=examination.seed),
    }
