"""Replay: a store built from a file through the real ingestion and the real rebuild, asked through the real engine."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import perf_counter

from catalog.live_facts import live_facts
from catalog.models import Store
from catalog.upsert import register_items
from personalization import situation
from personalization.engines.base import Engine, Question
from personalization.evaluation.figures import Outcome
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
BETWEEN_VIEWS = 20.0  # seconds between the items of a query, whose times nobody knows


class RejectedRowsError(ValueError):
    """Training rows that the ingestion refused; an evaluation on part of a file would be another evaluation."""


@contextmanager
def evaluation_store() -> Iterator[Store]:
    """A store of its own for one evaluation, gone afterwards with everything in it."""
    slug = f"evaluation-{secrets.token_hex(4)}"
    store = Store.objects.create(slug=slug, name="Evaluation", time_zone="UTC", retention_days=36_500, exploration=0.0)
    try:
        yield store
    finally:
        for generation in Generation.objects.of(store):
            generations.fail(generation, reason="evaluation ended")
        Store.objects.filter(pk=store.pk).delete()


def load(*, store: Store, rows: Iterable[TrainingRow], now: datetime, progress: Callable[[int], None]) -> int:
    """Ingest training rows, registering each item in the catalog first; returns how many were stored.

    Raises:
        RejectedRowsError: the ingestion refused a row.
    """
    known: set[str] = set()
    stored = 0
    for batch in _batches(rows):
        unseen = dict.fromkeys(row.item_id for row in batch if row.item_id not in known)
        if unseen:
            register_items(store=store, item_ids=unseen, now=now)
            known.update(unseen)
        verdicts = ingest(store=store, events=[row.as_sent() for row in batch], now=now)
        for verdict in verdicts.verdicts:
            if verdict.errors:
                raise RejectedRowsError(f"row {verdict.event_id}: {verdict.errors[0]}")
        stored += verdicts.stored
        progress(len(batch))
    return stored


def answer(
    *,
    store: Store,
    engine: Engine,
    queries: Iterable[Query],
    k: int,
    after: datetime,
    progress: Callable[[], None],
) -> tuple[list[Outcome], set[str]]:
    """Each query answered by the engine at `after`, the instant the training ended; and all items ever listed."""
    facts = live_facts(store_id=store.pk)
    shelf = Shelf(facts, now=after.timestamp())
    outcomes, listed = [], set()
    for query in queries:
        started = perf_counter()
        visit, now = _visit(query, store=store, shelf=shelf, after=after)
        estimates = engine.estimate(
            Question(
                store_id=store.pk,
                visit=visit,
                markers=situation.raw(visit),
                facts=facts,
                eligible=facts.buyable,
                limit=k,
                now=now,
            )
        )
        items = [facts.item_ids[product] for product in estimates.products[:k].tolist()]
        took = (perf_counter() - started) * 1000
        rank = items.index(query.target) + 1 if query.target in items else 0
        outcomes.append(Outcome(rank, query.target not in query.prefix, bool(items), took))
        listed.update(items)
        progress()
    return outcomes, listed


def _visit(query: Query, *, store: Store, shelf: Shelf, after: datetime) -> tuple[LiveVisit, datetime]:
    """The query as a live visit that begins once the training is over, and its last instant."""
    start = after.timestamp() + 3600
    # A visitor nobody knows has consented, as those of the training have, but has no past.
    key = f"v:{query.visitor_id or 'nobody'}"
    context = beginning_context(store=store, visitor_key=key, now=after + timedelta(hours=1))
    events = [
        LivedEvent(
            event_id=str(step),
            name="view_item",
            at=(at := start + step * BETWEEN_VIEWS),
            page="product",
            items=(shelf.item({"item_id": item_id}, at=at),),
        )
        for step, item_id in enumerate(query.prefix)
    ]
    visit = LiveVisit(context=context, landscape=live_memory(store_id=store.pk).landscape, events=events)
    return visit, datetime.fromtimestamp(events[-1].at, after.tzinfo)


def _batches(rows: Iterable[TrainingRow]) -> Iterator[list[TrainingRow]]:
    iterator = iter(rows)
    while batch := list(itertools.islice(iterator, BATCH)):
        yield batch
