"""What every engine promises, tried on all of them: a store whose right answers are known by reasoning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from catalog.live_facts import forget_facts, live_facts
from catalog.models import Store
from personalization import situation
from personalization.engines import ENGINES
from personalization.engines.base import Engine, Estimates, Question
from personalization.markers.live_visit import LiveVisit
from personalization.markers.lived import LivedEvent, LivedItem
from personalization.memory.live import live_memory
from personalization.visits import beginning_context
from tests.catalog.factories import merchant_row, sell
from tests.personalization.memory.past import NOW, live_many, rebuilt, shop

pytestmark = pytest.mark.django_db

FALLBACKS = {"", "no_analogue", "no_memory", "memory_away", "no_profile"}
KINDS = {"followed", "recalled", "transposed", "substitute", "seen", "popular", "rule", "affinity", "lookalike"}


@pytest.fixture(params=sorted(ENGINES))
def engine(request: Any) -> Iterator[Engine]:
    return ENGINES[request.param]


@pytest.fixture
def store() -> Store:
    """With a memory of visits that went from the racket to the balls, and from the onesie to the rattle."""
    store = shop()
    live_many(store, visits=80)
    rebuilt(store)
    return store


def question(store: Store, *viewed: str, **more: Any) -> Question:
    facts = live_facts(store_id=store.pk)
    visit = LiveVisit(
        context=beginning_context(store=store, visitor_key="v:somebody", now=NOW),
        landscape=live_memory(store_id=store.pk).landscape,
        events=[
            LivedEvent(
                str(number),
                "view_item",
                NOW.timestamp() + number,
                page="product",
                items=(LivedItem(item_id, product=facts.positions[item_id], price=10.0),),
            )
            for number, item_id in enumerate(viewed)
        ],
    )
    return Question(
        **{
            "store_id": store.pk,
            "visit": visit,
            "markers": situation.raw(visit),
            "facts": facts,
            "eligible": facts.buyable,
            "limit": 3,
            "now": NOW,
            **more,
        }
    )


def items(store: Store, estimates: Estimates) -> list[str]:
    return [live_facts(store_id=store.pk).item_ids[product] for product in estimates.products.tolist()]


def positions(store: Store, *item_ids: str) -> Any:
    return np.array([live_facts(store_id=store.pk).positions[item_id] for item_id in item_ids], np.int32)


def assert_well_formed(estimates: Estimates) -> None:
    count = len(estimates.products)
    columns = (estimates.view, estimates.cart, estimates.purchase, estimates.score, estimates.support)
    assert [len(column) for column in columns] == [count] * 5
    assert all(np.isfinite(column).all() for column in columns)
    for chances in columns[:3]:
        assert ((chances >= 0) & (chances <= 1)).all()
    assert (estimates.support >= 0).all()
    assert len(set(estimates.products.tolist())) == count
    assert (np.diff(estimates.score) <= 0).all()
    assert len(estimates.relations) == count
    assert {relation.kind for ways in estimates.relations for relation in ways} <= KINDS
    assert 0 <= estimates.novelty <= 1
    assert estimates.fallback in FALLBACKS


@pytest.mark.parametrize("viewed", [(), ("racket",), ("onesie", "racket", "onesie"), ("blanket",) * 30])
def test_estimates_are_well_formed_whatever_was_lived(engine: Engine, store: Store, viewed: tuple[str, ...]) -> None:
    estimates = engine.estimate(question(store, *viewed))

    assert_well_formed(estimates)
    assert 0 < len(estimates.products) <= 3


@pytest.mark.parametrize(("viewed", "expected"), [("racket", "balls"), ("onesie", "rattle")])
def test_what_followed_comes_first(engine: Engine, store: Store, viewed: str, expected: str) -> None:
    listed = items(store, engine.estimate(question(store, viewed, limit=6)))

    new = [item for item in listed if item != viewed]
    assert new[0] == expected


def test_exactly_the_candidates_come_back_best_first(engine: Engine, store: Store) -> None:
    candidates = positions(store, "strings", "balls", "blanket", "rattle")

    estimates = engine.estimate(question(store, "racket", candidates=candidates, limit=1))

    assert_well_formed(estimates)
    assert sorted(items(store, estimates)) == ["balls", "blanket", "rattle", "strings"]
    assert items(store, estimates)[0] == "balls"


def test_no_candidates_are_no_estimates(engine: Engine, store: Store) -> None:
    estimates = engine.estimate(question(store, "racket", candidates=np.empty(0, np.int32)))

    assert_well_formed(estimates)
    assert len(estimates.products) == 0


def test_only_what_may_be_shown_is_proposed(engine: Engine, store: Store) -> None:
    eligible = np.zeros(6, bool)
    eligible[positions(store, "strings", "rattle")] = True

    listed = items(store, engine.estimate(question(store, "racket", eligible=eligible, limit=6)))

    assert listed
    assert set(listed) <= {"strings", "rattle"}


def test_where_nothing_may_be_shown_nothing_is_proposed(engine: Engine, store: Store) -> None:
    estimates = engine.estimate(question(store, "racket", eligible=np.zeros(6, bool)))

    assert_well_formed(estimates)
    assert len(estimates.products) == 0


def test_the_same_question_has_the_same_answer(engine: Engine, store: Store) -> None:
    one, other = (engine.estimate(question(store, "racket", "strings", limit=6)) for _ in range(2))

    assert one.products.tolist() == other.products.tolist()
    np.testing.assert_array_equal(one.score, other.score)
    assert one.relations == other.relations


def test_a_store_without_a_memory_is_answered_and_told_so(engine: Engine) -> None:
    store = shop("brico")

    estimates = engine.estimate(question(store, "racket", limit=6))

    assert_well_formed(estimates)
    assert (estimates.fallback, estimates.novelty, estimates.memory_generation) == ("no_memory", 1.0, None)
    assert estimates.analogues == []
    assert estimates.products.size > 0


def test_another_stores_memory_says_nothing_here(engine: Engine, store: Store) -> None:
    other = shop("brico")

    estimates = engine.estimate(question(other, "racket", limit=6))

    assert not estimates.support.any()


def test_a_product_launched_since_the_rebuild_can_be_estimated(engine: Engine, store: Store) -> None:
    sell(store, merchant_row("grip"), now=NOW)
    forget_facts(store_id=store.pk)

    estimates = engine.estimate(question(store, "racket", "grip", candidates=positions(store, "grip", "balls")))

    assert_well_formed(estimates)
    assert set(items(store, estimates)) == {"grip", "balls"}
