"""Next-item quality on public sets: our engines and the published models, asked the same queries of the same files.

Asked for by name: `python -m benchmarks quality --set yoochoose --slice test`. S-Walk learns for minutes; with
`--kept`, reference lines that were asked the same before are not asked again.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from django.utils import timezone

from benchmarks import datasets, datasets_online_retail, kept_answers, records
from benchmarks.kept_answers import Answered
from benchmarks.quality import MEASURES, SEED, figures
from benchmarks.references import REFERENCES, asking, reference
from benchmarks.references.settings import published
from catalog.live_facts import live_facts
from personalization.engines import ENGINES
from personalization.evaluation import protocol
from personalization.evaluation.sessions import Query, TrainingRow, read_queries, read_training
from personalization.management.progress import ProgressBar

SETS: Final[dict[str, Callable[..., Any]]] = {
    **{name: partial(datasets.prepare, name) for name in datasets.SETS},
    "online-retail": datasets_online_retail.prepare,
}


def add_options(parser: argparse.ArgumentParser) -> None:
    names = (*REFERENCES, *ENGINES)
    parser.add_argument("--set", choices=SETS, default="retailrocket", help="of sessions")
    parser.add_argument("--slice", choices=datasets.SLICES, default="test", help="of the set: what is asked")
    parser.add_argument("--models", nargs="+", choices=names, default=names, metavar="MODEL", help=", ".join(names))
    parser.add_argument("--sample", type=int, default=None, help="ask this many queries, drawn with a fixed seed")
    parser.add_argument("--k", type=int, default=20, help="length of the lists that are judged")
    parser.add_argument("--data", type=Path, default=None, help=f"folder of the sets (default: {datasets.DATA})")
    parser.add_argument("--kept", action="store_true", help="ask no reference line again that was asked the same")


def measure(asked: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """Cut the set, ask everyone."""
    try:
        files = SETS[asked.set](part=asked.slice, data=asked.data, into=records.folder() / "sets")
    except datasets.MissingSetError as missing:
        raise SystemExit(f"quality: {missing}") from missing
    rows = list(read_training(files.train))
    queries = protocol.sampled(read_queries(files.queries), size=asked.sample)
    engines = [name for name in ENGINES if name in asked.models]
    with ProgressBar() as bar:
        lines = _Lines(asked, (files.train, files.queries), asking.learnable(rows), queries, bar)
        asked_lines = [name for name in REFERENCES if name in asked.models]
        read_back = [name for name in asked_lines if lines.kept(name) is not None]
        answers = {name: lines.answered(name) for name in asked_lines}
        answers.update(_engines(engines, rows=rows, queries=queries, k=asked.k, bar=bar))
    sessions = [datasets.session_of(query.query_id) for query in queries]
    told = _protocol(asked, rows, sessions)
    if read_back:
        told["answered_on_an_earlier_run_of_the_same_files_settings_and_code"] = read_back
    return figures(answers, engines=engines, sessions=sessions), told


def _protocol(asked: argparse.Namespace, rows: Sequence[TrainingRow], sessions: Sequence[str]) -> dict[str, Any]:
    """What a reader needs to repeat the run."""
    return {
        "set": asked.set,
        "slice": asked.slice,
        "k": asked.k,
        "trained_on": len({row.session_id for row in rows}),
        "sessions": len(set(sessions)),
        "queries": len(sessions),
        "sample": asked.sample,
        "sample_seed": protocol.SAMPLE_SEED,
        "bootstrap_seed": SEED,
        "settings": {name: published(name, data_set=asked.set) for name in REFERENCES if name in asked.models},
    }


def show(found: dict[str, Any]) -> None:
    """The figures as tables."""
    print("\n" + f"{'':<12}" + "".join(f"{name:>24}" for name in MEASURES) + f"{'coverage':>10}{'ms mean/p50/p99':>20}")
    for name, row in found["models"].items():
        cells = "".join(f"{_cell(row['intervals'][measure], sign=False):>24}" for measure in MEASURES)
        times = "/".join(f"{row[f'ms_{figure}']:.2f}" for figure in ("mean", "p50", "p99"))
        print(f"{name:<12}{cells}{row['coverage']:>10.3f}{times:>20}  learned in {row['fit_seconds']} s")
    for engine, others in found["more"].items():
        print(f"\n{engine} has more than (paired, 95 % by session; * excludes 0)")
        for other, row in others.items():
            print(f"  {other:<10}" + "".join(f"{_cell(row[measure], sign=True):>24}" for measure in MEASURES))


def _cell(interval: Sequence[float | None], *, sign: bool) -> str:
    value, lower, upper = interval
    if value is None or lower is None or upper is None:
        return "-"
    if sign:
        return f"{value:+.3f} [{lower:+.3f} {upper:+.3f}]" + ("*" if lower > 0 or upper < 0 else " ")
    return f"{value:.4f} [{lower:.3f} {upper:.3f}]"


@dataclass(frozen=True, slots=True)
class _Lines:
    """The reference lines, asked or read back."""

    asked: argparse.Namespace
    files: Sequence[Path]
    learned: asking.Learned
    queries: Sequence[Query]
    bar: ProgressBar

    def answered(self, name: str) -> Answered:
        """By the reference line `name`."""
        found = self.kept(name)
        if found is None:
            found = self._ask(name)
            kept_answers.keep(found, self._path(name))
        return found

    def kept(self, name: str) -> Answered | None:
        """What it answered when it was asked the same, where that may be read back."""
        return kept_answers.kept(self._path(name)) if self.asked.kept else None

    def _path(self, name: str) -> Path:
        setting = published(name, data_set=self.asked.set)
        key = kept_answers.key(files=self.files, asked=f"{name} {setting} {self.asked.k} {self.asked.sample}")
        return records.folder() / "answers" / f"{self.asked.set}-{self.asked.slice}-{name}-{key}.npz"

    def _ask(self, name: str) -> Answered:
        model, catalog = reference(name, data_set=self.asked.set), len(self.learned.item_ids)
        self.bar(f"learning ({name})", 0, 1)
        started = perf_counter()
        model.fit(self.learned.sessions, catalog)
        fitted = perf_counter() - started
        done = count(1)
        outcomes, listed = asking.ask(
            model,
            learned=self.learned,
            queries=self.queries,
            k=self.asked.k,
            progress=lambda: self.bar(f"answering ({name})", next(done), len(self.queries)),
        )
        return Answered(outcomes, len(listed), catalog, fitted)


def _engines(
    names: Sequence[str], *, rows: Sequence[TrainingRow], queries: Sequence[Query], k: int, bar: ProgressBar
) -> Iterator[tuple[str, Answered]]:
    """All engines, asked of one store that is built once as `manage.py evaluate` builds it."""
    if not names:
        return
    with protocol.built(rows=rows, now=timezone.now(), workers=None, progress=bar) as bench:
        catalog = len(live_facts(store_id=bench.store.pk))
        for name in names:
            outcomes, listed = protocol.ask(bench, engine=ENGINES[name], queries=queries, k=k, progress=bar)
            yield name, Answered(outcomes, len(listed), catalog, bench.fit_seconds)
