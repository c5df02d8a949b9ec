"""What an evaluation's store learns of a file, and how a query is asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from catalog.live_facts import live_facts
from personalization.engines.base import Estimates, Question
from personalization.evaluation import protocol
from personalization.evaluation.protocol import Bench
from personalization.evaluation.sessions import Query, TrainingRow
from personalization.memory.live import live_memory
from personalization.models import Visit
from personalization.visits import lived_events

pytestmark = pytest.mark.django_db

START = 1_700_000_000.0
DAY = 86_400.0
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def silent(stage: str, done: int, total: int) -> None: ...


def rows(*sessions: tuple[str, float, Sequence[str]], **stated: Any) -> list[TrainingRow]:
    """Sessions of one visitor each: whose, when, and the items, all at that instant."""
    told = [(visitor, at, item) for visitor, at, items in sessions for item in items]
    return [
        TrainingRow(number, f"{visitor}@{at}", item, at, visitor_id=visitor, **stated)
        for number, (visitor, at, item) in enumerate(told)
    ]


class Listening:
    """An engine that lists nothing and keeps what it was asked."""

    name = "listening"

    def __init__(self) -> None:
        self.asked: list[Question] = []

    def estimate(self, question: Question) -> Estimates:
        self.asked.append(question)
        none = np.empty(0, np.float32)
        products = np.empty(0, np.int32)
        return Estimates(
            products=products, view=none, cart=none, purchase=none, shortening=none, score=none, support=none,
            relations=[],
        )  # fmt: skip


def asked(bench: Bench, *queries: Query) -> list[Question]:
    engine = Listening()
    protocol.ask(bench, engine=engine, queries=queries, k=5, progress=silent)
    return engine.asked


def item_ids(bench: Bench, products: Sequence[int]) -> list[str]:
    return [live_facts(store_id=bench.store.pk).item_ids[product] for product in products]


def test_lines_of_one_instant_are_lived_in_the_order_of_the_file() -> None:
    lines = [f"item{(7 * n) % 120:03}" for n in range(120)]  # neither the order of ids nor of positions
    training = rows(("ada", START, lines), event="purchase", price=2.0)

    with protocol.built(rows=training, now=NOW, workers=1, progress=silent) as bench:
        visit = Visit.objects.get(store=bench.store)
        events = lived_events(visit_ids=[visit.pk])[visit.pk]
        trails = live_memory(store_id=bench.store.pk).trails

        assert [event.items[0].item_id for event in events if event.name == "add_to_cart"] == lines
        assert trails is not None
        assert item_ids(bench, trails.products.tolist()) == lines


def test_a_receipt_is_one_order_at_its_prices() -> None:
    training = rows(("ada", START, ["racket", "balls"]), event="purchase", price=2.5, quantity=4)

    with protocol.built(rows=training, now=NOW, workers=1, progress=silent) as bench:
        visit = Visit.objects.get(store=bench.store)
        (order,) = [event for event in lived_events(visit_ids=[visit.pk])[visit.pk] if event.name == "purchase"]

        assert (len(order.items), visit.revenue) == (2, 20)
        assert live_facts(store_id=bench.store.pk).list_price.tolist() == [2.5, 2.5]


def test_a_query_begins_with_the_history_of_its_visitor() -> None:
    training = rows(
        ("ada", START, ["racket", "balls"]),
        ("ada", START + 3 * DAY, ["net"]),
        ("bob", START + 4 * DAY, ["bag"]),
        event="purchase",
        price=10.0,
    )

    with protocol.built(rows=training, now=NOW, workers=1, progress=silent) as bench:
        known, unknown, nobody = asked(
            bench,
            Query("q1", ("bag",), "net", "ada"),
            Query("q2", ("bag",), "net", "eve"),
            Query("q3", ("bag",), "net"),
        )
        past = known.visit.context.history

        assert (past.visits, past.orders, past.revenue) == (2, 2, 30.0)
        assert item_ids(bench, [product for product, _weight in past.products]) == ["net", "racket", "balls"]
        assert [question.visitor_key for question in (known, unknown, nobody)] == ["v:ada", "v:eve", ""]
        assert [question.visit.context.history.visits for question in (unknown, nobody)] == [0, 0]
        assert all(question.visit.context.consent for question in (known, unknown, nobody))


def test_a_basket_so_far_stands_as_the_baskets_of_the_training_did() -> None:
    training = rows(("ada", START, ["racket", "balls"]), event="purchase", price=10.0, quantity=3)

    with protocol.built(rows=training, now=NOW, workers=1, progress=silent) as bench:
        (question,) = asked(bench, Query("q1", ("balls", "racket"), "net"))

        assert list(question.visit.cart.lines) == ["balls", "racket"]
        assert item_ids(bench, question.visit.intent.last_products) == ["racket", "balls"]
        assert (question.visit.cart.units, question.visit.cart.value) == (6, 60.0)
        assert question.now.timestamp() == START + 3600


def test_viewed_items_are_viewed_at_the_pace_of_the_training() -> None:
    training = [TrainingRow(n, "s1", item, START + 30 * n) for n, item in enumerate(("racket", "balls"))]

    with protocol.built(rows=training, now=NOW, workers=1, progress=silent) as bench:
        (question,) = asked(bench, Query("q1", ("racket", "balls", "racket"), "net"))

        assert question.visit.path.views == {"racket": 2, "balls": 1}
        assert question.now.timestamp() == START + 30 + 3600 + 60


def test_one_store_is_asked_through_several_engines() -> None:
    training = rows(*(("ada", START + n * DAY, ["racket", "balls"]) for n in range(3)))

    with protocol.built(rows=training, now=NOW, workers=1, progress=silent) as bench:
        one, other = Listening(), Listening()
        for engine in (one, other):
            protocol.ask(bench, engine=engine, queries=[Query("q1", ("racket",), "balls")], k=5, progress=silent)

        assert len(one.asked) == len(other.asked) == 1
        assert (one.asked[0].markers == other.asked[0].markers).all()
