"""Many senders at once: everything is counted once, whoever sends it and however often."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from catalog.models import Store
from personalization.ingest import Verdicts
from personalization.models import Event, Visit
from tests.catalog.factories import atelier

from .sending import minutes, receive, sent, visits

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 20  # the server's connections are shared with whoever else tests


def together(store: Store, batches: Sequence[list[dict[str, Any]]]) -> list[Verdicts]:
    """Receive the batches, AT_ONCE of them at the very same time; their number is a multiple of it."""
    barrier = Barrier(AT_ONCE)

    def start(batch: list[dict[str, Any]]) -> Verdicts:
        connection.ensure_connection()
        barrier.wait(timeout=60)
        try:
            return receive(store, *batch)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(start, batches))


def total(verdicts: Sequence[Verdicts]) -> tuple[int, int, int]:
    return (
        sum(v.stored for v in verdicts),
        sum(v.duplicates for v in verdicts),
        sum(v.rejected for v in verdicts),
    )


def test_a_batch_repeated_100_times_at_once_is_counted_once() -> None:
    store = atelier()
    batch = [sent(at=0), sent("purchase", at=1, value=30), sent("view_item", at=2, value=-1)]

    assert total(together(store, [batch] * 100)) == (2, 198, 100)
    assert [(v.event_count, v.revenue, minutes(v)) for v in visits(store)] == [(2, 30, (0, 1))]


def test_a_transaction_repeated_100_times_under_other_ids_and_visitors_is_counted_once() -> None:
    store = atelier()
    batches = [[sent("purchase", transaction_id="T1", value=30, visitor_id=f"v{number % 7}")] for number in range(100)]

    assert total(together(store, batches)) == (1, 99, 0)
    assert [(v.event_count, v.revenue) for v in visits(store)] == [(1, 30)]


def test_an_event_claimed_by_100_visitors_at_once_is_counted_once() -> None:
    store = atelier()
    batches = [[sent(event_id="same", visitor_id=f"v{number}")] for number in range(100)]

    assert total(together(store, batches)) == (1, 99, 0)
    assert [v.event_count for v in visits(store)] == [1]


def test_batches_that_overlap_in_opposite_orders_neither_block_nor_lose() -> None:
    store = atelier()
    rng = random.Random(7)
    events = [
        sent("purchase", event_id=f"p{number}", transaction_id=f"T{number % 15}", visitor_id=f"v{number % 11}")
        for number in range(60)
    ]
    batches = [rng.sample(events, 40) for _ in range(100)]

    stored, duplicates, rejected = total(together(store, batches))

    assert stored + duplicates + rejected == 100 * 40
    assert stored == Event.objects.count() == 15
    assert sum(v.event_count for v in visits(store)) == 15
    assert all(v.event_count == v.events.count() > 0 for v in visits(store))


def test_one_visit_sent_by_100_hands_at_once_is_one_visit() -> None:
    store = atelier()
    order = list(range(100))
    random.Random(3).shuffle(order)

    together(store, [[sent(at=16.0 * number)] for number in order])

    assert [(minutes(v), v.event_count) for v in visits(store)] == [((0, 16.0 * 99), 100)]
    assert Visit.objects.count() == 1
