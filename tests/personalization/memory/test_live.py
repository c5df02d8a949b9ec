"""The live memory as a process holds it: fresh after a switch and an append, there when the database is not."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import numpy as np
import pytest
from django.db import OperationalError, connection

from catalog.models import Store
from personalization.memory import appending, arrays, generations
from personalization.memory.live import APPENDED, NO_MEMORY, TRAIL_RECORD, _Held, assemble, live_memory, with_appended
from personalization.models import Generation, MemoryArray
from personalization.trails import CART, VIEW, FollowSettings

from .past import NOW, live_many, live_through, rebuilt, shop, viewing

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def store() -> Store:
    store = shop()
    live_many(store, visits=20)
    return store


class Hand:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def followed(held: _Held, *recent: int) -> dict[int, float]:
    memory = held.current()
    assert memory.appended is not None
    found = memory.appended.follow(list(recent), now=NOW.timestamp(), settings=FollowSettings())
    return dict(zip(found.products.tolist(), found.view.tolist(), strict=True))


def test_before_the_first_generation_there_is_no_memory() -> None:
    assert live_memory(store_id=shop().pk).generation_id is None


def test_the_live_generation_is_what_answers(store: Store) -> None:
    generation = rebuilt(store)

    memory = live_memory(store_id=store.pk)

    assert (memory.generation_id, memory.number) == (generation.pk, 1)
    assert memory.trails is not None
    assert len(memory.trails) == 20
    assert memory.scaling is not None


def test_another_store_has_no_part_in_it(store: Store) -> None:
    rebuilt(store)

    assert live_memory(store_id=shop("brico").pk).generation_id is None


def test_a_switch_is_seen_when_the_next_look_is_due(store: Store) -> None:
    clock = Hand()
    held = _Held(store.pk, clock)
    first = rebuilt(store)
    assert held.current().generation_id == first.pk

    second = rebuilt(store, now=LATER)

    clock.at = 0.4
    assert held.current().generation_id == first.pk
    clock.at = 0.6
    assert held.current().generation_id == second.pk


def test_a_generation_that_is_only_ready_does_not_answer(store: Store) -> None:
    first = rebuilt(store)
    rebuilt(store, now=LATER, go_live=False)

    assert live_memory(store_id=store.pk).generation_id == first.pk


def test_what_is_appended_is_seen_at_the_next_look(store: Store) -> None:
    clock = Hand()
    held = _Held(store.pk, clock)
    rebuilt(store)
    assert held.current().appended is None
    live_through(store, "alex", *viewing("strings", "blanket"), ended=NOW)

    assert appending.append(store_id=store.pk, now=LATER) == 1

    clock.at = 1.0
    assert followed(held, 2).keys() == {2, 5}  # strings, blanket


def test_of_a_visit_appended_twice_the_last_counts(store: Store) -> None:
    generation = rebuilt(store)
    for part, product in enumerate((3, 4), start=1):
        trail = [(77, 1, 1.0, 0, VIEW), (77, 1, 1.0, product, CART)]
        arrays.save(generation.pk, APPENDED, np.array(trail, TRAIL_RECORD), part=part)

    memory = with_appended(assemble(generation))

    assert memory.appended is not None
    assert (memory.appended.products.tolist(), memory.appended_parts) == ([0, 4], 2)


def test_a_visit_that_went_on_since_the_rebuild_speaks_once(store: Store) -> None:
    rebuilt(store)
    memory = live_memory(store_id=store.pk)
    assert memory.trails is not None
    known = int(memory.trails.visits[-1])
    arrays.save(
        int(memory.generation_id or 0), APPENDED, np.array([(known, 1, NOW.timestamp(), 0, VIEW)], TRAIL_RECORD), part=1
    )

    fresh = with_appended(memory)

    assert fresh.trails is not None
    silent = fresh.trails.visits[~np.isfinite(fresh.trails.ended)]
    assert silent.tolist() == [known]


def test_parts_whose_visits_are_all_forgotten_are_nothing(store: Store) -> None:
    generation = rebuilt(store)
    arrays.save(generation.pk, APPENDED, np.empty(0, TRAIL_RECORD), part=1)

    memory = with_appended(assemble(generation))

    assert memory.appended is not None
    assert len(memory.appended) == 0


def test_a_generation_of_an_earlier_release_is_no_memory_rather_than_an_error(store: Store) -> None:
    generation = rebuilt(store)
    MemoryArray.objects.filter(generation_id=generation.pk, name="trails_persons").delete()

    assert live_memory(store_id=store.pk) is NO_MEMORY


@pytest.mark.django_db(transaction=True)
def test_with_the_database_away_the_last_memory_answers() -> None:
    store = shop()
    live_many(store, visits=4)
    clock = Hand()
    held = _Held(store.pk, clock)
    generation = rebuilt(store)
    held.current()

    clock.at = 10.0
    with connection.execute_wrapper(away):
        assert held.current().generation_id == generation.pk
    drop(generation)


@pytest.mark.django_db(transaction=True)
def test_a_switch_in_one_thread_is_seen_by_another() -> None:
    store = shop()
    live_many(store, visits=4)
    clock = Hand()
    held = _Held(store.pk, clock)
    first = rebuilt(store)
    held.current()
    made: list[Generation] = []

    def elsewhere() -> None:
        try:
            made.append(rebuilt(store, now=LATER))
        finally:
            connection.close()

    thread = Thread(target=elsewhere)
    thread.start()
    thread.join()

    clock.at = 1.0
    assert held.current().generation_id == made[0].pk
    drop(first, *made)


def away(*_: object) -> None:
    """The network, pulled."""
    raise OperationalError("the connection is lost")


def drop(*made: Generation) -> None:
    for generation in made:
        generations.fail(generation, reason="the test is over")
