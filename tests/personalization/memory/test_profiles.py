"""What a rebuild learns of persons: from all that was lived, once, and without those who were forgotten."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from django.db import transaction

from catalog.live_facts import live_facts
from catalog.models import Store
from personalization import liking, lookalikes
from personalization.memory import acquaintance, arrays, forgetting, profiles, rebuild
from personalization.memory.acquaintance import Acquaintance
from personalization.models import Generation, MemoryArray, Visit
from personalization.trails import person_of

from .past import NOW, live_many, live_through, rebuilt, shop, viewing

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    store = shop()
    live_many(store, visits=60)
    return store


def known(generation: Generation) -> Acquaintance:
    found = acquaintance.read(generation)
    assert found is not None
    return found


def test_a_rebuild_knows_everybody_and_every_product(store: Store) -> None:
    found = known(rebuilt(store))

    assert found.people.persons.tolist() == sorted(person_of(f"v:visitor {number}") for number in range(60))
    assert len(found.affinities.factors) == len(live_facts(store_id=store.pk)) == 6
    assert found.fitted.liking.features == liking.FEATURES
    assert found.fitted.company.features == lookalikes.FEATURES


def test_what_is_fitted_is_read_back_as_it_was(store: Store) -> None:
    generation = rebuilt(store)
    fitted = known(generation).fitted

    assert acquaintance.Fitted.from_json(fitted.to_json()).to_json() == generation.settings["persons"]


def test_a_rebuild_that_was_killed_does_not_learn_persons_twice(store: Store) -> None:
    first = rebuild.prepare(store=store, now=NOW)
    learned = arrays.read(first.pk, "people_persons").tolist()
    gone = Visit.objects.filter(store=store, visitor_key="v:visitor 7")
    gone.update(excluded=True)  # learned anew, it would not know them

    again = rebuild.prepare(store=store, now=NOW)

    assert again == first
    assert arrays.read(again.pk, "people_persons").tolist() == learned


def test_what_a_killed_stage_left_half_done_is_done_again(store: Store) -> None:
    generation = rebuild.prepare(store=store, now=NOW)
    generation.refresh_from_db()
    whole = {name: np.array(arrays.read(generation.pk, name)) for name in ("people_products", "affinities_factors")}
    MemoryArray.objects.filter(generation=generation, name="people_leaning_weights").delete()
    assert not acquaintance.is_kept(generation)

    rebuild.prepare(store=store, now=NOW)

    assert acquaintance.is_kept(generation)
    for name, array in whole.items():
        np.testing.assert_array_equal(arrays.read(generation.pk, name), array)


def test_who_is_forgotten_resembles_nobody_any_more(store: Store) -> None:
    gone = live_through(store, "gil", *viewing("blanket", "racket"), ended=NOW - timedelta(hours=3))
    generation = rebuilt(store)
    blanket = live_facts(store_id=store.pk).positions["blanket"]
    assert blanket in known(generation).people.products

    with transaction.atomic():
        for held in forgetting.hold(store_id=store.pk):
            forgetting.forget(held, visit_ids=[gone.pk])

    left = known(Generation.objects.get(pk=generation.pk)).people
    assert person_of("v:gil") not in left.persons
    assert blanket not in left.products
    assert len(left) == 60


def test_a_store_of_one_visit_is_learned_from_without_harm() -> None:
    store = shop("new")
    live_through(store, "camille", *viewing("racket"), ended=NOW - timedelta(hours=2))

    assert len(known(rebuilt(store)).people) == 1


def test_progress_is_told_up_to_the_end(store: Store) -> None:
    told: list[tuple[int, int]] = []
    generation = rebuild.prepare(store=store, now=NOW)

    profiles.learn(
        generation, facts=live_facts(store_id=store.pk), progress=lambda done, total: told.append((done, total))
    )

    assert all(done <= total for done, total in told)
    assert told[-1][0] == told[-1][1]
    assert told == sorted(told)
