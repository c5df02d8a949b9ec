"""What past visits ask: instants of visits between two moments, and what followed them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest

from catalog.live_facts import live_facts
from catalog.models import Store
from personalization.memory.live import LiveMemory, assemble
from personalization.memory.questions import INSTANTS, Asked, ask

from .past import NOW, live_through, rebuilt, shop, viewing

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def store_of_lookers_and_buyers() -> Store:
    """Nine looked at the racket and the balls, one more put the strings into the cart and bought them."""
    store = shop()
    for number in range(9):
        live_through(store, f"looker {number}", *viewing("racket", "balls"), ended=NOW - HOUR * (number + 2))
    taking = (*viewing("racket"), ("add_to_cart", "strings"), ("purchase", "strings"))
    live_through(store, "buyer", *taking, ended=NOW - HOUR)
    return store


@pytest.fixture
def store() -> Store:
    return store_of_lookers_and_buyers()


@pytest.fixture
def memory(store: Store) -> LiveMemory:
    return assemble(rebuilt(store))


def sought(memory: LiveMemory, store: Store, *, start: float = 0.0) -> list[Asked]:
    rng = np.random.default_rng(1)
    return ask(memory, memory, store_id=store.pk, ended=(start, np.inf), most=100, rng=rng, carting=True)


def test_asked_is_of_all_visits_evenly(memory: LiveMemory, store: Store) -> None:
    rng = np.random.default_rng(1)

    asked = ask(memory, memory, store_id=store.pk, ended=(0.0, np.inf), most=100, rng=rng)

    assert len({one.visitor_key for one in asked}) == 10
    assert all(one.drawn for one in asked)


def test_every_step_of_a_visit_is_asked_about_but_an_endless_one_does_not_outweigh_others() -> None:
    store = store_of_lookers_and_buyers()
    live_through(store, "endless", *viewing(*["racket", "balls"] * INSTANTS), ended=NOW - HOUR)
    memory, rng = assemble(rebuilt(store)), np.random.default_rng(1)

    asked = ask(memory, memory, store_id=store.pk, ended=(0.0, np.inf), most=1000, rng=rng)

    steps = Counter(one.visitor_key for one in asked)
    assert (steps["v:looker 0"], steps["v:buyer"], steps["v:endless"]) == (2, 3, INSTANTS)


def test_sought_out_are_visits_in_which_something_was_carted(memory: LiveMemory, store: Store) -> None:
    asked = sought(memory, store)

    assert {one.visitor_key for one in asked} == {"v:buyer"}
    assert not any(one.drawn for one in asked)


def test_of_visits_that_ended_before_nothing_is_asked(memory: LiveMemory, store: Store) -> None:
    assert sought(memory, store, start=NOW.timestamp()) == []


def test_taken_is_what_was_carted_or_bought_afterwards(memory: LiveMemory, store: Store) -> None:
    strings = live_facts(store_id=store.pk).positions["strings"]

    before, *_ = sought(memory, store)

    assert (before.taken, before.bought, before.viewed) == ({strings}, {strings}, set())
    assert before.following == strings
