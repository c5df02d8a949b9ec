"""`manage.py evaluate`: how well an engine finds the next item, through the real ingestion, rebuild and engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from personalization.engines import ENGINES
from personalization.evaluation.protocol import evaluate, sampled
from personalization.evaluation.replay import RejectedRowsError
from personalization.evaluation.sessions import UnreadableFileError, read_queries, read_training
from personalization.management.progress import ProgressBar
from personalization.management.readiness import migrate_embedded


class Command(BaseCommand):
    help = "Build a real memory from training sessions, answer each query through the engine, report the figures."

    def add_arguments(self, parser: CommandParser) -> None:
        columns = "session_id,item_id,timestamp[,visitor_id,event,price,quantity]"
        parser.add_argument("--train", type=Path, required=True, help=columns)
        parser.add_argument("--queries", type=Path, required=True, help="query_id,prefix,target[,visitor_id]")
        parser.add_argument("--engine", choices=sorted(ENGINES), default="inductive")
        parser.add_argument("--k", type=int, default=20, help="length of the list that is judged")
        parser.add_argument(
            "--sample", type=int, default=None, help="answer this many queries, drawn with a fixed seed"
        )
        parser.add_argument("--workers", type=int, default=None, help="processes that remember (default: one a core)")
        parser.add_argument("--json", type=Path, default=None, metavar="OUT", help="write the figures here")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = list(read_training(options["train"]))
            queries = sampled(read_queries(options["queries"]), size=options["sample"])
            if not rows or not queries:
                raise CommandError("--train and --queries: expected at least one row each")
            migrate_embedded()
            with ProgressBar() as bar:
                figures = evaluate(
                    rows=rows,
                    queries=queries,
                    engine=ENGINES[options["engine"]],
                    k=options["k"],
                    now=timezone.now(),
                    workers=options["workers"],
                    progress=bar,
                )
        except (UnreadableFileError, RejectedRowsError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            options["json"].write_text(json.dumps(figures) + "\n")
        for name, value in figures.items():
            self.stdout.write(f"{name:>20}  {value}")
