"""What a rebuild counts for the rules, on a past whose structure is known."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from catalog.live_facts import live_facts
from catalog.models import Store
from personalization.memory.counting import earlier_visits
from personalization.memory.live import RATES, live_memory
from personalization.merchandising.counts import CART, VIEW
from personalization.merchandising.rates import PLACES
from tests.personalization.memory.past import NOW, live_many, live_through, rebuilt, shop, viewing

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    """With a memory of visits that went from the racket to the balls, and from the onesie to the rattle."""
    store = shop()
    live_many(store, visits=80)
    return store


def positions(store: Store, *item_ids: str) -> list[int]:
    return [live_facts(store_id=store.pk).positions[item_id] for item_id in item_ids]


def test_what_went_together_is_kept_with_the_generation(store: Store) -> None:
    rebuilt(store)

    found = live_memory(store_id=store.pk).merchandise

    racket, balls, onesie = positions(store, "racket", "balls", "onesie")
    assert found.viewed_with.products[found.viewed_with.of(racket)].tolist() == [balls]
    assert found.selling[balls] > found.selling[racket] > 0  # carted, and only looked at
    assert found.bought_with.products[found.bought_with.of(onesie)].tolist() == []


def test_strategies_are_judged_on_later_visits(store: Store) -> None:
    generation = rebuilt(store)

    rates = live_memory(store_id=store.pk).rates

    first = np.array([0])
    assert generation.settings[RATES].keys() == rates.by_strategy.keys()
    # Every visit went from one product to the other: after the first, looked at together is what came.
    assert rates.at("viewed_together", first)[0] > rates.at("brand_bestsellers", first)[0]
    assert all(table.shape == (3, PLACES) for table in rates.by_strategy.values())
    assert all(((table >= 0) & (table <= 1)).all() for table in rates.by_strategy.values())


def test_a_persons_earlier_visits_come_newest_first(store: Store) -> None:
    live_through(store, "camille", *viewing("racket"), ended=NOW - timedelta(days=3))
    live_through(store, "camille", ("add_to_cart", "balls"), ended=NOW - timedelta(days=1))
    rebuilt(store)
    memory = live_memory(store_id=store.pk)

    found = earlier_visits(memory, visitor_key="v:camille", before=NOW.timestamp())

    assert [(products.tolist(), kinds.tolist()) for products, kinds in found] == [
        (positions(store, "balls"), [CART]),
        (positions(store, "racket"), [VIEW]),
    ]


def test_what_came_later_is_no_earlier_visit(store: Store) -> None:
    live_through(store, "camille", *viewing("racket"), ended=NOW - timedelta(days=1))
    rebuilt(store)
    memory = live_memory(store_id=store.pk)

    assert earlier_visits(memory, visitor_key="v:camille", before=(NOW - timedelta(days=2)).timestamp()) == ()


@pytest.mark.parametrize("visitor_key", ["", "s:session", "v:louise"])
def test_who_cannot_be_recognised_has_no_earlier_visits(store: Store, visitor_key: str) -> None:
    rebuilt(store)

    assert earlier_visits(live_memory(store_id=store.pk), visitor_key=visitor_key, before=NOW.timestamp()) == ()


def test_before_the_first_memory_there_are_none() -> None:
    memory = live_memory(store_id=shop("brico").pk)

    assert earlier_visits(memory, visitor_key="v:camille", before=NOW.timestamp()) == ()
    assert memory.merchandise.selling.tolist() == []
