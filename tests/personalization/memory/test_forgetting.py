"""Visits taken out of the memory leave nothing of themselves in any generation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction

from catalog.models import Store
from personalization.memory import appending, arrays, forgetting, partitions
from personalization.memory.live import APPENDED, _Held
from personalization.models import Generation, Visit

from .past import NOW, live_many, live_through, rebuilt, shop, viewing

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def store() -> Store:
    store = shop()
    live_many(store, visits=20)
    return store


def forget(store: Store, *visits: Visit) -> list[int]:
    """The numbers of the generations that were touched."""
    with transaction.atomic():
        held = forgetting.hold(store_id=store.pk)
        return [one.number for one in held if forgetting.forget(one, visit_ids=[visit.pk for visit in visits])]


def held_of(generation: Generation) -> set[int]:
    """Visits of which the generation holds anything."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT visit_id FROM {partitions.name_of(generation.pk)}")  # noqa: S608
        held = {visit_id for (visit_id,) in cursor.fetchall()}
    held |= set(arrays.read(generation.pk, "trails_visits").tolist())
    for part in arrays.parts(generation.pk, APPENDED):
        held |= set(arrays.read(generation.pk, APPENDED, part=part)["visit"].tolist())
    return held


def test_a_visit_leaves_the_live_and_the_retired_generations(store: Store) -> None:
    made = [rebuilt(store), rebuilt(store, now=LATER)]
    gone, *stay = Visit.objects.order_by("pk")

    assert forget(store, gone) == [1, 2]

    assert [held_of(generation) for generation in made] == [{visit.pk for visit in stay}] * 2


def test_a_visit_that_was_appended_leaves_too(store: Store) -> None:
    generation = rebuilt(store)
    gone, stays = (live_through(store, name, *viewing("racket"), ended=NOW) for name in ("alex", "bo"))
    appending.append(store_id=store.pk, now=LATER)

    assert forget(store, gone) == [1]

    assert gone.pk not in held_of(generation)
    assert stays.pk in held_of(generation)


def test_the_figures_of_the_generation_follow(store: Store) -> None:
    generation = rebuilt(store)

    forget(store, *Visit.objects.order_by("pk")[:5])

    generation.refresh_from_db()
    assert generation.situation_count == partitions.count(generation.pk)


def test_who_answers_reads_the_arrays_anew(store: Store) -> None:
    rebuilt(store)
    clock = iter([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    held = _Held(store.pk, lambda: next(clock))
    assert held.current().trails is not None
    gone = Visit.objects.earliest("pk")

    forget(store, gone)

    trails = held.current().trails
    assert trails is not None
    assert gone.pk not in trails.visits
    assert len(trails) == 19


def test_visits_that_no_generation_holds_touch_nothing(store: Store) -> None:
    generation = rebuilt(store)
    stranger = live_through(store, "alex", *viewing("racket"), ended=NOW)
    written = generation.arrays.get(name="trails_visits").digest

    assert forget(store, stranger) == []
    assert forget(store) == []

    assert generation.arrays.get(name="trails_visits").digest == written


def test_another_store_with_the_same_items_is_left_alone(store: Store) -> None:
    other = shop("brico")
    live_many(other, visits=5)
    theirs = rebuilt(other)
    rebuilt(store)

    forget(store, *Visit.objects.of(store))

    assert len(held_of(theirs)) == 5


def test_a_memory_can_be_emptied(store: Store) -> None:
    generation = rebuilt(store)

    forget(store, *Visit.objects.of(store))

    assert held_of(generation) == set()
