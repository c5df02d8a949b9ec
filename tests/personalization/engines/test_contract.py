"""What every engine promises, tried on all of them: a store whose right answers are known by reasoning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from catalog.live_facts import forget_facts, live_facts
from catalog.models import Store
from personalization import situation
from personalization.admin.visit_page import FALLBACKS as TOLD_FALLBACKS
from personalization.api.answer_shapes import RELATION_KINDS
from personalization.engines import ENGINES
from personalization.engines.base import Engine, Estimates, Question
from personalization.markers.live_visit import LiveVisit
from personalization.markers.lived import LivedEvent, LivedItem
from personalization.memory import generations
from personalization.memory.live import live_memory
from personalization.models import Generation
from personalization.visits import beginning_context
from tests.catalog.factories import merchant_row, sell
from tests.personalization.memory.past import NOW, live_many, live_through, rebuilt, shop, viewing

pytestmark = pytest.mark.django_db

FALLBACKS = {"", *TOLD_FALLBACKS}
KINDS = set(RELATION_KINDS)


@pytest.fixture(params=sorted(ENGINES))
def engine(request: Any) -> Iterator[Engine]:
    return ENGINES[request.param]


@pytest.fixture(scope="module")
def raised_store(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """With a memory of visits that went from the racket to the balls, and from the onesie to the rattle.

    Raised once for all tests, which roll back what they change; Camille has bought balls twice.
    """
    with django_db_blocker.unblock(), override_settings(MEMORY_DIR=tmp_path_factory.mktemp("memory")):
        store = shop("raised")
        live_many(store, visits=80)
        for days in (20, 40):
            deeds = (*viewing("racket", "balls"), ("add_to_cart", "balls"), ("purchase", "balls"))
            live_through(store, "camille", *deeds, ended=NOW - timedelta(days=days))
        rebuilt(store)
        yield store
        for generation in Generation.objects.of(store):
            generations.fail(generation, reason="the tests are over")
        store.delete()


@pytest.fixture
def store(raised_store: Store) -> Store:
    forget_facts(store_id=raised_store.pk)
    return raised_store


def question(store: Store, *viewed: str, visitor_key: str = "v:somebody", **more: Any) -> Question:
    facts = live_facts(store_id=store.pk)
    visit = LiveVisit(
        context=beginning_context(store=store, visitor_key=visitor_key, now=NOW),
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
            "visitor_key": visitor_key,
            **more,
        }
    )


def items(store: Store, estimates: Estimates) -> list[str]:
    return [live_facts(store_id=store.pk).item_ids[product] for product in estimates.products.tolist()]


def positions(store: Store, *item_ids: str) -> Any:
    return np.array([live_facts(store_id=store.pk).positions[item_id] for item_id in item_ids], np.int32)


def assert_well_formed(estimates: Estimates) -> None:
    count = len(estimates.products)
    chances_and_shares = (estimates.view, estimates.cart, estimates.purchase, estimates.shortening)
    columns = (*chances_and_shares, estimates.score, estimates.support)
    assert [column.shape for column in (estimates.products, *columns)] == [(count,)] * 7
    assert [column.dtype.name for column in (estimates.products, *columns)] == ["int32", *["float32"] * 6]
    assert all(np.isfinite(column).all() for column in columns)
    for share in chances_and_shares:
        assert ((share >= 0) & (share <= 1)).all()
    assert (estimates.support >= 0).all()
    assert len(set(estimates.products.tolist())) == count
    assert (np.diff(estimates.score) <= 0).all()
    assert len(estimates.relations) == count
    assert all(estimates.relations[:100])
    assert {relation.kind for ways in estimates.relations for relation in ways} <= KINDS
    assert 0 <= estimates.novelty <= 1
    assert estimates.fallback in FALLBACKS
    assert estimates.stages
    assert all(ms >= 0 for ms in estimates.stages.values())


@pytest.mark.parametrize("viewed", [(), ("racket",), ("onesie", "racket", "onesie"), ("blanket",) * 30])
def test_estimates_are_well_formed_whatever_was_lived(engine: Engine, store: Store, viewed: tuple[str, ...]) -> None:
    estimates = engine.estimate(question(store, *viewed))

    assert_well_formed(estimates)
    assert 0 < len(estimates.products) <= 3


@pytest.mark.parametrize("key", ["v:camille", "v:nobody ever", "s:a bare session", ""])
def test_estimates_are_well_formed_whoever_asks(engine: Engine, store: Store, key: str) -> None:
    for viewed in ((), ("racket",)):
        estimates = engine.estimate(question(store, *viewed, visitor_key=key, limit=6))

        assert_well_formed(estimates)
        assert len(estimates.products) == 6


@pytest.mark.parametrize("limit", [0, 1, 1000])
def test_as_many_are_proposed_as_are_wanted_or_there_are(engine: Engine, store: Store, limit: int) -> None:
    estimates = engine.estimate(question(store, "racket", limit=limit))

    assert_well_formed(estimates)
    assert len(estimates.products) == min(limit, 6)


@pytest.mark.parametrize("viewed", [(), ("racket",)])
def test_what_is_wanted_by_name_is_estimated_beside_the_limit(
    engine: Engine, store: Store, viewed: tuple[str, ...]
) -> None:
    estimates = engine.estimate(question(store, *viewed, limit=2, wanted=positions(store, "rattle", "blanket")))

    assert_well_formed(estimates)
    assert {"rattle", "blanket"} <= set(items(store, estimates))
    assert len(estimates.products) <= 4


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


def test_candidates_that_may_not_be_shown_are_estimated_all_the_same(engine: Engine, store: Store) -> None:
    candidates = positions(store, "strings", "balls")

    estimates = engine.estimate(question(store, "racket", eligible=np.zeros(6, bool), candidates=candidates))

    assert_well_formed(estimates)
    assert set(items(store, estimates)) == {"strings", "balls"}


def test_where_nothing_may_be_shown_nothing_is_proposed(engine: Engine, store: Store) -> None:
    estimates = engine.estimate(question(store, "racket", eligible=np.zeros(6, bool)))

    assert_well_formed(estimates)
    assert len(estimates.products) == 0


def test_the_same_question_has_the_same_answer(engine: Engine, store: Store) -> None:
    one, other = (engine.estimate(question(store, "racket", "strings", limit=6)) for _ in range(2))

    assert one.products.tolist() == other.products.tolist()
    np.testing.assert_array_equal(one.score, other.score)
    assert list(one.relations) == list(other.relations)


def test_what_is_asked_is_left_as_it_was(engine: Engine, store: Store) -> None:
    asked = question(store, "racket", visitor_key="v:camille", candidates=positions(store, "balls", "rattle"))
    markers, eligible, candidates = asked.markers.copy(), asked.eligible.copy(), asked.candidates.copy()

    engine.estimate(asked)

    np.testing.assert_array_equal(asked.markers, markers)
    np.testing.assert_array_equal(asked.eligible, eligible)
    np.testing.assert_array_equal(asked.candidates, candidates)


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


def test_where_only_a_newcomer_may_be_shown_it_is_proposed(engine: Engine, store: Store) -> None:
    sell(store, merchant_row("grip"), now=NOW)
    forget_facts(store_id=store.pk)
    eligible = np.zeros(7, bool)
    eligible[positions(store, "grip")] = True

    estimates = engine.estimate(question(store, "racket", eligible=eligible))

    assert_well_formed(estimates)
    assert items(store, estimates) == ["grip"]
