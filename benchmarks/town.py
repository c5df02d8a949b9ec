"""The demo town as a store of its own: simulated, ingested and rebuilt on the real paths, its last days held out."""

from __future__ import annotations

import argparse
import atexit
import itertools
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from time import perf_counter
from typing import Any, Final

import numpy as np
from django.utils import timezone
from tqdm import tqdm

from catalog.models import Store
from catalog.upsert import upsert_products
from netup.demo.assortment import Article
from netup.demo.installation import ZONES
from netup.demo.needs import Life
from netup.demo.traffic import SEED, Outing, Town, found_town, outings
from objectives.models import Zone
from personalization.ingest import ingest
from personalization.management.progress import ProgressBar
from personalization.memory import building, generations
from personalization.models import Generation
from personalization.models.visit import visitor_key

UNTIL: Final = datetime(2026, 5, 20, 18, tzinfo=UTC)  # any full hour: the town lives the sixty days before it
HELD_OUT: Final = timedelta(days=6)  # the last of them, which the memory does not know
WITHHELD: Final = 0.05  # share of the products that the memory may know nothing of
BATCH: Final = 1000

# How much one meeting with a product says of what a person lives with.
MEETINGS: Final[Mapping[str, float]] = {"view_item": 1.0, "add_to_cart": 3.0, "purchase": 3.0}


@dataclass(frozen=True, kw_only=True)
class StandingTown:
    """A store whose memory ends before its last days, and those days.

    Attributes:
        memory_ends: visits that began before this instant are in the memory.
        lives: by shopper's number, as they stood when the memory ended.
        pasts: by visitor key, the departments met in the memory with their weights; only those who met any product.
        held_out: the visits lived since, oldest first; none of them is stored.
        withheld: ids of products kept out of the catalog, and of every event, until the memory ended.
        launched: ids of products that the town itself launched since.
    """

    store: Store
    town: Town
    generation: Generation
    memory_ends: datetime
    lives: Mapping[int, Life]
    pasts: Mapping[str, Mapping[str, float]]
    held_out: tuple[Outing, ...]
    withheld: frozenset[str]
    launched: frozenset[str]

    @property
    def protocol(self) -> dict[str, Any]:
        """What it takes to raise this town again."""
        return {
            "data": "the demo town, simulated",
            "seed": self.town.seed,
            "shoppers": len({visit.life.shopper.number for visit in self.town.visits}),
            "until": self.town.shop.calendar.until.isoformat(),
            "days_held_out": (self.town.shop.calendar.until - self.memory_ends).days,
            "products": len(self.town.shop.assortment.articles),
            "products_withheld": len(self.withheld),
            "products_launched_since": len(self.launched),
            "visits_remembered": self.generation.visit_count,
            "situations_remembered": self.generation.situation_count,
            "visits_held_out": len(self.held_out),
        }


_STANDING: Final = ExitStack()


def add_options(parser: argparse._ActionsContainer) -> None:
    parser.add_argument("--shoppers", type=int, default=5000, help="people of the simulated town")
    parser.add_argument("--seed", type=int, default=SEED, help="names the town, its shop and its sixty days")


@lru_cache(maxsize=1)
def standing_town(*, shoppers: int, seed: int = SEED, held_out: timedelta = HELD_OUT) -> StandingTown:
    """The town of this process: raised once, gone when the process ends."""
    standing = _STANDING.enter_context(raised_town(shoppers=shoppers, seed=seed, held_out=held_out))
    atexit.register(_STANDING.close)  # only now: the embedded database, which ends last, has said so before
    return standing


@contextmanager
def raised_town(
    *, shoppers: int, seed: int = SEED, held_out: timedelta = HELD_OUT, workers: int | None = None
) -> Iterator[StandingTown]:
    """Simulate, ingest all but the last days, rebuild; the store is gone afterwards."""
    town = found_town(until=UNTIL, seed=seed, shoppers=shoppers)
    articles = town.shop.assortment.articles
    ends = UNTIL - held_out
    launched = frozenset(article.id for article in articles if article.created >= ends)
    withheld = _withheld(articles, besides=launched, seed=seed)
    lived = outings(town)
    remembered = len([visit for visit in town.visits if visit.moment < ends])
    with benchmark_store([one for one in articles if one.id not in launched | withheld], now=UNTIL) as store:
        pasts: dict[str, dict[str, float]] = {}
        history = itertools.islice(lived, remembered)
        ingest_visits(store, _remembered(history, town=town, withheld=withheld, pasts=pasts))
        lives = {visit.life.shopper.number: visit.life for visit in town.visits}
        lives = {number: as_it_stands(life) for number, life in lives.items()}
        with ProgressBar() as bar:
            generation = building.build(store=store, now=timezone.now(), workers=workers, progress=bar)
        # A product on the shelf that nobody ever meets is one that nobody wants, as a rebuild rightly learns: what is
        # withheld comes onto the shelf when the memory ends.
        arriving = [replace(one, created=max(one.created, ends)) for one in articles if one.id in launched | withheld]
        stock(store, arriving, now=UNTIL)
        yield StandingTown(
            store=store,
            town=town,
            generation=generation,
            memory_ends=ends,
            lives=lives,
            pasts=pasts,
            held_out=tuple(lived),
            withheld=withheld,
            launched=launched,
        )


@contextmanager
def benchmark_store(articles: Iterable[Article], *, now: datetime) -> Iterator[Store]:
    """A store with these articles and the demo's zones, gone afterwards."""
    slug = f"benchmark-{secrets.token_hex(4)}"
    store = Store.objects.create(
        slug=slug, name="Benchmark", is_synthetic=True, free_shipping_from=50, retention_days=36_500, exploration=0.0
    )
    try:
        stock(store, articles, now=now)
        for zone in ZONES:
            Zone.objects.create(store=store, **zone)
        yield store
    finally:
        for generation in Generation.objects.of(store):
            generations.fail(generation, reason="benchmark ended")
        Store.objects.filter(pk=store.pk).delete()


def stock(store: Store, articles: Iterable[Article], *, now: datetime) -> None:
    """Articles into the catalog, the way a feed would bring them.

    Raises:
        RuntimeError: the catalog refused one.
    """
    rows = [article.merchant(shop_url="https://shop.example") for article in articles]
    if rows and (refused := upsert_products(store=store, rows=rows, now=now).rejected):
        raise RuntimeError(f"the catalog refused {len(refused)} articles: {refused[0]}")


def ingest_visits(store: Store, visits: Iterable[list[dict[str, Any]]]) -> dict[str, float]:
    """Everything through the real ingestion; events a second."""
    events = itertools.chain.from_iterable(visits)
    count, spent = 0, 0.0
    with tqdm(desc="ingesting", unit=" events") as bar:
        while batch := list(itertools.islice(events, BATCH)):
            started = perf_counter()
            verdicts = ingest(store=store, events=batch, now=timezone.now())
            spent += perf_counter() - started
            count += verdicts.stored
            bar.update(len(batch))
    return {"events": count, "events_a_second": round(count / max(spent, 1e-9)), "batch": BATCH}


def key_of(events: list[dict[str, Any]]) -> str:
    """Whose visit it is, as the platform would know them."""
    first = events[0]
    return visitor_key(
        visitor_id=first.get("visitor_id", ""), session_id=first["session_id"], consent=bool(first["consent"])
    )


def without(events: list[dict[str, Any]], products: frozenset[str]) -> list[dict[str, Any]]:
    """The events as if these products had never been: gone from lists and baskets, and what was only about them."""
    kept = []
    for event in events:
        items = event.get("items")
        if not items or not any(item["item_id"] in products for item in items):
            kept.append(event)
        elif rest := [item for item in items if item["item_id"] not in products]:
            kept.append(_about(event, rest))
    return kept


def as_it_stands(life: Life) -> Life:
    """A life that can be gone on with while the original goes on too."""
    return replace(
        life,
        needs=[copy(need) for need in life.needs],
        owned=dict(life.owned),
        usual=dict(life.usual),
        lived=set(life.lived),
        returnable=list(life.returnable),
    )


def department_of(town: Town, item_id: str) -> str:
    """The floor of the shop a product stands on."""
    return town.shop.assortment.by_id[item_id].kind.levels[0]


def _about(event: dict[str, Any], items: list[dict[str, Any]]) -> dict[str, Any]:
    told = event | {"items": items}
    if "value" in event:
        told["value"] = round(sum(item["price"] * item["quantity"] for item in items), 2)
    return told


def _withheld(articles: tuple[Article, ...], *, besides: frozenset[str], seed: int) -> frozenset[str]:
    rng = np.random.default_rng((seed, 1))
    known = [article.id for article in articles if article.id not in besides]
    return frozenset(known[row] for row in rng.choice(len(known), round(WITHHELD * len(known)), replace=False))


def _remembered(
    history: Iterable[Outing], *, town: Town, withheld: frozenset[str], pasts: dict[str, dict[str, float]]
) -> Iterator[list[dict[str, Any]]]:
    """The events of each visit that may be remembered; what they say of a visitor's past is noted in `pasts`."""
    for outing in history:
        events = without(outing.events, withheld)
        key = key_of(outing.events)
        for event in events if key.startswith("v:") else ():
            for item in event.get("items", ()) if event["name"] in MEETINGS else ():
                past = pasts.setdefault(key, {})
                department = department_of(town, item["item_id"])
                past[department] = past.get(department, 0.0) + MEETINGS[event["name"]]
        if events:
            yield events
