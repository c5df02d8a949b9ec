"""What an answer costs, by stage, from a memory of the size asked for, with one client.

The demo town is simulated with as many shoppers as that memory needs, ingested and rebuilt through the real paths.
Then mid-visit shoppers ask for a recommendation, one after the other. The bare nearest-neighbour query of the same
situations, run in between, is the baseline: a ratio holds on another machine where milliseconds do not.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import numpy as np
from django.db import connection
from django.utils import timezone
from tqdm import tqdm

from benchmarks import steered
from benchmarks.town import benchmark_store, ingest_visits
from catalog.models import Store
from netup.demo.traffic import SEED, Town, found_town, live
from personalization import situation
from personalization.ingest import ingest
from personalization.management.progress import ProgressBar
from personalization.memory import building, recall
from personalization.memory.live import live_memory
from personalization.models import Generation
from personalization.pipeline import personalize
from personalization.present import Page
from personalization.scene import Asked
from personalization.visits import live_visit

SITUATIONS_A_SHOPPER = 11.8  # of the demo town, measured; only sizes the simulation
WARM_UP = 100


def add_options(parser: argparse._ActionsContainer) -> None:
    parser.add_argument("--situations", type=int, default=200_000, help="situations in the memory that answers")
    parser.add_argument("--answers", type=int, default=600, help="answers measured")


def measure(asked: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """Build, ask, time."""
    protocol = {"data": "the demo town", "seed": SEED, "answers": asked.answers}
    return _figures(situations=asked.situations, answers=asked.answers), protocol


def _figures(*, situations: int, answers: int) -> dict[str, Any]:
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    shoppers = int(situations / SITUATIONS_A_SHOPPER)
    print(f"simulating the demo town with {shoppers} shoppers")
    town = found_town(until=now, shoppers=shoppers)
    with benchmark_store(town.shop.assortment.articles, now=now) as store:
        history, live_ones = _split(town, answers + WARM_UP)
        ingested = ingest_visits(store, history)
        started = perf_counter()
        with ProgressBar() as bar:
            generation = building.build(store=store, now=timezone.now(), progress=bar)
        rebuilt = perf_counter() - started
        asked = _begin_visits(store, live_ones)
        return {
            "situations": generation.situation_count,
            "visits": generation.visit_count,
            "ingest": ingested,
            "rebuild_seconds": round(rebuilt, 1),
            "validation": generation.validation,
            "search": {name: generation.settings.get(name) for name in ("k", "ef", "bandwidth", "family_weights")},
            "answers": _ask(asked, generation),
            "steering": steered.added(asked[WARM_UP:]),
        }


def show(figures: dict[str, Any]) -> None:
    """The figures as a table."""
    print(
        f"\n{figures['situations']} situations of {figures['visits']} visits; rebuilt in {figures['rebuild_seconds']} s"
    )
    print(f"ingest: {figures['ingest']}\nsearch: {figures['search']}\nvalidation: {figures['validation']}\n")
    print(f"{'stage':<24}{'mean ms':>10}{'p50':>10}{'p99':>10}{'of the bare query':>20}")
    baseline = figures["answers"]["bare nearest query"]["mean"]
    for stage, row in figures["answers"].items():
        print(f"{stage:<24}{row['mean']:>10}{row['p50']:>10}{row['p99']:>10}{row['mean'] / baseline:>19.2f}x")
    print(f"\n{'steering adds':<24}{'unsteered':>10}{'added ms':>10}   95 %")
    for stage, row in figures["steering"].items():
        print(f"{stage:<24}{row['unsteered']:>10}{row['added']:>10}   [{row['lower']} {row['upper']}]")


def _split(town: Town, live_count: int) -> tuple[Iterator[list[dict[str, Any]]], Iterator[list[dict[str, Any]]]]:
    """Visits of the past, and of those that come after it, once it is read, some that can be broken off."""
    visits = live(town)
    past = itertools.islice(visits, len(town.visits) - 3 * live_count)
    broken_off = (visit for visit in visits if len(visit) > 1)
    return past, itertools.islice(broken_off, live_count)


def _begin_visits(store: Store, later: Iterable[list[dict[str, Any]]]) -> list[Asked]:
    """Today's visits, each broken off at a random event, and the question its shopper asks there."""
    rng = np.random.default_rng(0)
    asked = []
    for number, visit in enumerate(later):
        events = visit[: int(rng.integers(1, len(visit)))]
        shift = timezone.now().timestamp() - _instant(events[-1])
        session = f"benchmark-{number}"
        ingest(store=store, events=[_moved(event, shift, session) for event in events], now=timezone.now())
        viewed = [event["items"][0]["item_id"] for event in events if event["name"] == "view_item"]
        zone, page = ("product", Page(type="product", item_id=viewed[-1])) if viewed else ("home", Page(type="home"))
        asked.append(Asked(store=store, zone=zone, session_id=session, visitor_id=session, page=page))
    return asked


def _moved(event: dict[str, Any], shift: float, session: str) -> dict[str, Any]:
    """The event as of today, by a visitor of its own."""
    moved = event | {
        "event_id": f"{session}-{event['event_id']}"[:100],
        "timestamp": _instant(event) + shift,
        "visitor_id": session,
        "session_id": session,
        "consent": True,
    }
    if "transaction_id" in moved:
        moved["transaction_id"] = f"{session}-{moved['transaction_id']}"[:100]
    return moved


def _instant(event: dict[str, Any]) -> float:
    at = event["timestamp"]
    return datetime.fromisoformat(at).timestamp() if isinstance(at, str) else float(at)


def _ask(asked: list[Asked], generation: Generation) -> dict[str, dict[str, float]]:
    """Milliseconds by stage over all answers after the warm-up, and of the bare query in between."""
    rng = np.random.default_rng(0)
    times: dict[str, list[float]] = defaultdict(list)
    for number, question in enumerate(tqdm(asked, desc="answering")):
        started = perf_counter()
        answer = personalize(asked=question, now=timezone.now(), rng=rng)
        took = (perf_counter() - started) * 1000
        bare = _bare_query(question, generation)
        if number < WARM_UP:
            continue
        times["whole answer"].append(took)
        times["bare nearest query"].append(bare)
        for stage, spent in answer.decision.stages.items():
            times[stage].append(spent)
    return {stage: _row(values) for stage, values in times.items()}


def _bare_query(question: Asked, generation: Generation) -> float:
    """The nearest-neighbour query alone, of the same situation."""
    memory = live_memory(store_id=question.store.pk)
    if memory.scaling is None:
        raise ValueError("the live memory has no scaling: the rebuild did not go live")
    now = datetime.now(UTC) + timedelta(seconds=1)
    _, visit = live_visit(
        store=question.store, visitor_key=f"v:{question.visitor_id}", now=now, landscape=memory.landscape
    )
    here = situation.vector(situation.raw(visit), memory.scaling)
    connection.ensure_connection()
    started = perf_counter()
    recall.nearest(generation.pk, here, k=memory.k, ef=memory.ef)
    return (perf_counter() - started) * 1000


def _row(values: list[float]) -> dict[str, float]:
    return {
        "mean": round(statistics.fmean(values), 3),
        "p50": round(float(np.percentile(values, 50)), 3),
        "p99": round(float(np.percentile(values, 99)), 3),
    }
