"""`manage.py evaluate`: how well an engine finds the next item, through the real ingestion, rebuild and engine."""

from __future__ import annotations

import json
import resource
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from catalog.live_facts import live_facts
from personalization.engines import ENGINES
from personalization.evaluation import replay
from personalization.evaluation.figures import summary
from personalization.evaluation.sessions import (
    Query,
    TrainingRow,
    UnreadableFileError,
    read_queries,
    read_training,
)
from personalization.management.progress import ProgressBar
from personalization.memory import building

SAMPLE_SEED = 0


class Command(BaseCommand):
    help = "Build a real memory from training sessions, answer each query through the engine, report the figures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--train",
            type=Path,
            required=True,
            help="session_id,item_id,timestamp[,visitor_id,event,price,quantity]",
        )
        parser.add_argument("--queries", type=Path, required=True, help="query_id,prefix,target[,visitor_id]")
        parser.add_argument("--engine", choices=sorted(ENGINES), default="inductive")
        parser.add_argument("--k", type=int, default=20, help="length of the list that is judged")
        parser.add_argument(
            "--sample", type=int, default=None, help="answer this many queries, drawn at random (seeded)"
        )
        parser.add_argument("--json", type=Path, default=None, metavar="OUT", help="write the figures here")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = list(read_training(options["train"]))
            queries = _sampled(read_queries(options["queries"]), options["sample"])
        except UnreadableFileError as error:
            raise CommandError(str(error)) from error
        if not rows or not queries:
            raise CommandError("--train and --queries: expected at least one row each")
        figures = self._evaluate(rows, queries, engine=options["engine"], k=options["k"])
        if options["json"]:
            options["json"].write_text(json.dumps(figures) + "\n")
        for name, value in figures.items():
            self.stdout.write(f"{name:>20}  {value}")

    def _evaluate(
        self, rows: list[TrainingRow], queries: list[Query], *, engine: str, k: int
    ) -> dict[str, Any]:
        after = datetime.fromtimestamp(max(row.at for row in rows), UTC)
        with replay.evaluation_store() as store:
            started = perf_counter()
            with tqdm(total=len(rows), desc="ingesting", unit=" events") as bar:
                replay.load(store=store, rows=rows, now=timezone.now(), progress=bar.update)
            ingested = perf_counter()
            with ProgressBar() as progress:
                # An hour on, so that the last visit has ended, also when all has just happened.
                now = max(timezone.now(), after) + timedelta(hours=1)
                generation = building.build(store=store, now=now, progress=progress)
            fitted = perf_counter()
            with tqdm(total=len(queries), desc="answering", unit=" queries") as bar:
                outcomes, listed = replay.answer(
                    store=store,
                    engine=ENGINES[engine],
                    queries=queries,
                    k=k,
                    after=after,
                    progress=bar.update,
                )
            return {
                **summary(outcomes, listed=len(listed), catalog=len(live_facts(store_id=store.pk))),
                "engine": engine,
                "k": k,
                "ingest_seconds": round(ingested - started, 1),
                "fit_seconds": round(fitted - ingested, 1),
                "peak_rss_mb": _peak_megabytes(),
                "situations": generation.situation_count,
                "settings": {
                    name: generation.settings.get(name) for name in ("k", "ef", "bandwidth", "family_weights")
                },
                "validation": generation.validation,
            }


def _sampled(queries: list[Query], size: int | None) -> list[Query]:
    """The queries, or a seeded sample of them in their order."""
    if size is None or size >= len(queries):
        return queries
    chosen = np.random.default_rng(SAMPLE_SEED).choice(len(queries), size, replace=False)
    return [queries[row] for row in sorted(chosen.tolist())]


def _peak_megabytes() -> float:
    """Largest resident set of this process and of any worker it waited for."""
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return round(max(peaks) / 1024, 1)
