"""What every engine finds of what is carted and bought later, and whether its estimates come true.

Asked as `manage.py evaluate_outcomes` asks: of the demo town, whose last days are held out, and of the invoices of
Online Retail where the folder of the public sets is named.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any, Final

from django.utils import timezone

from benchmarks import datasets_online_retail, town
from benchmarks.datasets import MissingSetError
from netup.demo.traffic import found_town, live
from personalization.engines import ENGINES
from personalization.evaluation.outcome_protocol import Examination, examine_files, examine_store
from personalization.evaluation.sessions import read_training
from personalization.management.commands.evaluate_outcomes import table
from personalization.management.progress import ProgressBar

SETS: Final = {"demo": "the demo town", "online-retail": "Online Retail"}


def add_options(parser: argparse.ArgumentParser) -> None:
    town.add_options(parser)
    parser.add_argument("--data", type=Path, default=None, help="folder of the public sets (default: NETUP_DATA)")
    parser.add_argument("--sample", type=int, default=None, help="held-out visits asked about (default: all)")


def measure(asked: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """Examine every engine on each set that is there."""
    examination = Examination(engines=list(ENGINES.values()), sample=asked.sample, seed=0)
    examined = {"demo": _demo(examination, shoppers=asked.shoppers, seed=asked.seed)}
    left_out: list[str] = []
    try:
        examined["online-retail"] = _online_retail(examination, data=asked.data)
    except MissingSetError as missing:
        left_out.append(SETS["online-retail"])
        print(f"left out: {missing}")
    protocol = {
        "sets": [SETS[name] for name in examined],
        "left_out": left_out,
        "seed": asked.seed,
        "shoppers": asked.shoppers,
        "days_held_out": town.HELD_OUT.days,
        "sample": asked.sample,
    }
    return {"sets": examined}, protocol


def show(figures: dict[str, Any]) -> None:
    """The figures as the command tells them."""
    for name, found in figures["sets"].items():
        print(f"\n{SETS[name]}\n", *table(found), sep="\n")


def _demo(examination: Examination, *, shoppers: int, seed: int) -> dict[str, Any]:
    lived = found_town(until=town.UNTIL, seed=seed, shoppers=shoppers)
    with town.benchmark_store(lived.shop.assortment.articles, now=town.UNTIL) as store, ProgressBar() as bar:
        town.ingest_visits(store, live(lived))
        since = town.UNTIL - town.HELD_OUT
        return examine_store(source=store, since=since, examination=examination, now=timezone.now(), progress=bar)


def _online_retail(examination: Examination, *, data: Path | None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, ProgressBar() as bar:
        files = datasets_online_retail.prepare(part="test", data=data, into=Path(folder))
        return examine_files(
            rows=list(read_training(files.train)),
            visits=list(read_training(files.visits)),
            examination=examination,
            now=timezone.now(),
            progress=bar,
        )
