"""A short way to purchase: what was bought as often, but sooner, is told to shorten it; campaigns may ask for it."""

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
from objectives.course import Course, Pull
from objectives.measures import fluidity
from objectives.reranking import Ranking, Rules, rerank
from personalization.engines import ENGINES
from personalization.engines.base import Estimates
from personalization.memory import generations
from personalization.models import Generation
from personalization.shortening import NEUTRAL
from tests.personalization.memory.past import NOW, live_through, rebuilt, shop, viewing

from .asking import items, question

pytestmark = pytest.mark.django_db

# Who met the balls bought them there and then; who met the strings bought them, too, but after going round the shop.
QUICK = (*viewing("racket", "balls"), ("purchase", "balls"))
SLOW = (*viewing("racket", "strings", "onesie", "rattle", "blanket"), ("purchase", "strings"))


@pytest.fixture(scope="module")
def raised_store(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """Raised once for all tests, which change nothing."""
    with django_db_blocker.unblock(), override_settings(MEMORY_DIR=tmp_path_factory.mktemp("memory")):
        store = shop("smooth")
        for number in range(60):
            deeds = QUICK if number % 2 else SLOW
            live_through(store, f"visitor {number}", *deeds, ended=NOW - timedelta(hours=2 + number))
        rebuilt(store)
        yield store
        for generation in Generation.objects.of(store):
            generations.fail(generation, reason="the tests are over")
        store.delete()


@pytest.fixture
def store(raised_store: Store) -> Store:
    forget_facts(store_id=raised_store.pk)
    return raised_store


def told(store: Store, engine: str = "inductive") -> Estimates:
    return ENGINES[engine].estimate(question(store, "somebody", "racket"))


def by_item(store: Store, estimates: Estimates, column: Any) -> dict[str, float]:
    return dict(zip(items(store, estimates), column.tolist(), strict=True))


def ranked(store: Store, estimates: Estimates, course: Course) -> Ranking:
    facts = live_facts(store_id=store.pk)
    return rerank(
        estimates=estimates,
        facts=facts,
        eligible=facts.buyable,
        rules=Rules(size=4),
        now=NOW.timestamp(),
        rng=np.random.default_rng(0),
        course=course,
    )


def test_what_was_met_shortly_before_a_purchase_shortens_the_way_and_what_was_met_long_before_does_not(
    store: Store,
) -> None:
    estimates = told(store)

    shortening = by_item(store, estimates, estimates.shortening)
    assert shortening["balls"] > NEUTRAL > shortening["strings"]


def test_of_two_as_likely_bought_fluidity_prefers_the_shorter_way(store: Store) -> None:
    estimates = told(store)
    alike = Estimates(
        **{name: getattr(estimates, name) for name in ("products", "view", "cart", "shortening", "score", "support")},
        purchase=np.full(len(estimates.products), 0.1, np.float32),
        relations=estimates.relations,
    )

    worth = by_item(store, alike, fluidity(alike, live_facts(store_id=store.pk), NOW.timestamp()))

    assert worth["balls"] > worth["strings"]


@pytest.mark.parametrize("engine", ["rules", "predictive", "lookalike"])
def test_engines_that_recall_no_situations_tell_of_no_shortening(store: Store, engine: str) -> None:
    estimates = told(store, engine)

    assert estimates.shortening.tolist() == [NEUTRAL] * len(estimates.products)


@pytest.mark.parametrize("engine", sorted(ENGINES))
@pytest.mark.parametrize("pulls", [(), (Pull(1, "margin", 2.0), Pull(1, "conversion", 1.0))], ids=["none", "others"])
def test_no_list_changes_where_no_campaign_asks_for_fluidity(
    store: Store, engine: str, pulls: tuple[Pull, ...]
) -> None:
    estimates = told(store, engine)
    backwards = Estimates(
        **{
            name: getattr(estimates, name)
            for name in ("products", "view", "cart", "purchase", "score", "support", "relations")
        },
        shortening=(1 - estimates.shortening) * np.linspace(0, 1, len(estimates.products), dtype=np.float32),
    )
    course = Course(pulls=pulls, floor=0.5)

    one, other = (ranked(store, of, course) for of in (estimates, backwards))

    assert one.products.tolist() == other.products.tolist()
