"""Replay: a store built from a file through the real ingestion and the real rebuild, asked through the real engine."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

from django.db import transaction

from catalog.live_facts import forget_facts, live_facts
from catalog.merchant import MerchantRow
from catalog.models import Store
from catalog.upsert import upsert_products
from personalization import situation
from personalization.engines.base import Engine, Question
from personalization.evaluation.figures import Outcome
from personalization.evaluation.retelling import Manner, Told, retold
from personalization.evaluation.sessions import Query, TrainingRow
from personalization.ingest import ingest
from personalization.ingest.enrichment import Shelf
from personalization.markers.live_visit import LiveVisit
from personalization.markers.lived import LivedEvent
from personalization.memory import generations
from personalization.memory.live import live_memory
from personalization.models import Generation
from personalization.visits import beginning_context

BATCH = 1000  # events ingested at a time
PAUSE = timedelta(hours=1)  # between the training's last event and a query's first
_HELD = "evaluation"  # the lock of the process that evaluates, on its store


class RejectedRowsError(ValueError):
    """Training rows that the ingestion refused; an evaluation on part of a file would be another evaluation."""


@contextmanager
def evaluation_store(**settings: Any) -> Iterator[Store]:
    """A store of its own for one evaluation, gone afterwards with everything in it."""
    slug = f"evaluation-{secrets.token_hex(4)}"
    own = {"name": "Evaluation", "time_zone": "UTC", "retention_days": 36_500, "exploration": 0.0} | settings
    with ExitStack() as held:
        with transaction.atomic():  # nobody sees the store before it is held
            store = Store.objects.create(slug=slug, is_evaluation=True, **own)
            held.enter_context(generations.exclusively(_HELD, store.pk))
        try:
            yield store
        finally:
            _remove(store)


def remove_abandoned() -> list[str]:
    """Remove the stores of evaluations that were killed; returns their identifiers. Those at work are held."""
    removed = []
    for store in Store.objects.for_evaluation():
        with suppress(generations.HeldElsewhereError), generations.exclusively(_HELD, store.pk):
            _remove(store)
            removed.append(store.slug)
    return removed


def _remove(store: Store) -> None:
    for generation in Generation.objects.of(store):
        generations.fail(generation, reason="evaluation ended")
    Store.objects.filter(pk=store.pk).delete()
    forget_facts(store_id=store.pk)


def load(
    *, store: Store, rows: Sequence[TrainingRow], manner: Manner, now: datetime, progress: Callable[[int], None]
) -> int:
    """Ingest training rows, their items put on the catalog first; returns how many events were stored.

    Raises:
        RejectedRowsError: the catalog or the ingestion refused a row.
    """
    _sell(store, rows, now=now)
    stored = 0
    for batch in _batches(retold(rows, manner=manner)):
        verdicts = ingest(store=store, events=[told.event for told in batch], now=now)
        for told, verdict in zip(batch, verdicts.verdicts, strict=True):
            if verdict.errors:
                raise RejectedRowsError(f"row {told.row.number}: {verdict.errors[0]}")
        stored += verdicts.stored
        progress(len({told.row.number for told in batch}))
    return stored


def answer(
    *,
    store: Store,
    engine: Engine,
    queries: Iterable[Query],
    k: int,
    after: datetime,
    manner: Manner,
    progress: Callable[[], None],
) -> tuple[list[Outcome], set[str]]:
    """Each query answered by the engine at `after`, the instant the training ended; and all items ever listed."""
    facts = live_facts(store_id=store.pk)
    shelf = Shelf(facts, now=after.timestamp())
    outcomes, listed = [], set()
    for query in queries:
        started = perf_counter()
        visit, now = _visit(query, store=store, shelf=shelf, after=after, manner=manner)
        estimates = engine.estimate(
            Question(
                store_id=store.pk,
                visit=visit,
                markers=situation.raw(visit),
                facts=facts,
                eligible=facts.buyable,
                limit=k,
                now=now,
                visitor_key=f"v:{query.visitor_id}" if query.visitor_id else "",
            )
        )
        items = [facts.item_ids[product] for product in estimates.products[:k].tolist()]
        took = (perf_counter() - started) * 1000
        rank = items.index(query.target) + 1 if query.target in items else 0
        outcomes.append(Outcome(rank, query.target not in query.prefix, bool(items), took))
        listed.update(items)
        progress()
    return outcomes, listed


def _visit(query: Query, *, store: Store, shelf: Shelf, after: datetime, manner: Manner) -> tuple[LiveVisit, datetime]:
    """The query as a live visit that begins once the training is over, and its last instant."""
    began = after + PAUSE
    # A visitor nobody knows has consented, as those of the training have, but has no past: no key is as short.
    context = beginning_context(store=store, visitor_key=f"v:{query.visitor_id}", now=began)
    events = [
        LivedEvent(
            event_id=f"{step:06d}",
            name=manner.event,
            at=(at := began.timestamp() + step * manner.gap),
            page="product",
            items=(shelf.item({"item_id": item_id, "quantity": manner.quantities.get(item_id, 1)}, at=at),),
        )
        for step, item_id in enumerate(query.prefix)
    ]
    visit = LiveVisit(context=context, landscape=live_memory(store_id=store.pk).landscape, events=events)
    return visit, datetime.fromtimestamp(events[-1].at, after.tzinfo)


def _sell(store: Store, rows: Iterable[TrainingRow], *, now: datetime) -> None:
    """Put every item on the catalog, as old as its first row, at the price of its last one that states any."""
    first: dict[str, TrainingRow] = {}
    prices: dict[str, float] = {}
    for row in rows:
        first.setdefault(row.item_id, row)
        if row.price:
            prices[row.item_id] = row.price
    products: list[MerchantRow] = []
    for item_id, row in first.items():
        launched_at = datetime.fromtimestamp(row.at, UTC).isoformat()
        product = {"id": item_id, "title": item_id, "launched_at": launched_at}
        if item_id in prices:
            product["price"] = f"{prices[item_id]:.2f} {store.currency}"
        products.append(product)
    for verdict in upsert_products(store=store, rows=products, now=now).rejected:
        raise RejectedRowsError(f"row {list(first.values())[verdict.index].number}: {verdict.faults[0]}")
    # Events come right after their products: this process must not go by what it knew before.
    forget_facts(store_id=store.pk)


def _batches(told: Iterator[Told]) -> Iterator[list[Told]]:
    while batch := list(itertools.islice(told, BATCH)):
        yield batch
