"""The engines that know a person: their past speaks, today joins it, and nothing else of them does."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from catalog.models import Store
from personalization.engines.base import Engine
from personalization.engines.lookalike import LookalikeEngine
from personalization.engines.predictive import PredictiveEngine
from personalization.memory import appending
from personalization.memory.live import forget_held
from personalization.models import Generation
from tests.personalization.memory.past import NOW, live_many, live_through, rebuilt, shop, viewing

from .asking import LATER, items, kinds, question

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[PredictiveEngine, LookalikeEngine])
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.param()
    return made


@pytest.fixture
def store() -> Store:
    """Camille and Denis have a past of baby things, and of tennis; a memory has learned it."""
    store = shop()
    live_many(store, visits=80)
    for days in (3, 6):
        live_through(store, "camille", *viewing("onesie"), ended=NOW - timedelta(days=days))
        live_through(store, "denis", *viewing("racket"), ended=NOW - timedelta(days=days))
    rebuilt(store)
    return store


def test_the_past_alone_tells_what_suits(engine: Engine, store: Store) -> None:
    camille, denis = (items(store, engine.estimate(question(store, name))) for name in ("camille", "denis"))

    assert camille.index("rattle") < camille.index("balls")
    assert denis.index("balls") < denis.index("rattle")


def test_somebody_of_whom_nothing_is_known_is_told_what_is_popular(engine: Engine, store: Store) -> None:
    estimates = engine.estimate(question(store, ""))

    assert estimates.fallback == "no_profile"
    assert estimates.novelty == 1.0
    assert not estimates.support.any()
    assert set(kinds(store, estimates).values()) == {"popular"}


def test_today_makes_somebody_known(engine: Engine, store: Store) -> None:
    estimates = engine.estimate(question(store, "", "onesie"))

    assert estimates.fallback == ""
    assert kinds(store, estimates)["onesie"] == "seen"
    assert kinds(store, estimates)["rattle"] in {"affinity", "lookalike"}
    assert estimates.support[items(store, estimates).index("rattle")] > 0


def test_a_visit_appended_since_the_rebuild_is_of_the_past(engine: Engine, store: Store) -> None:
    live_through(store, "emma", *viewing("onesie"), ended=NOW)
    appending.append(store_id=store.pk, now=LATER)
    forget_held()

    estimates = engine.estimate(question(store, "emma", now=LATER + timedelta(hours=1)))

    assert estimates.fallback == ""
    assert items(store, estimates).index("rattle") < items(store, estimates).index("balls")


def test_what_a_visit_became_is_not_known_while_it_goes_on(engine: Engine, store: Store) -> None:
    """A stored visit asked as it once stood: its own trail, and later ones, are not its past."""
    then = NOW - timedelta(days=30)
    before = engine.estimate(question(store, "fatou", "racket", now=then))
    live_through(store, "fatou", *viewing("racket", "blanket"), ended=then + timedelta(minutes=1), received=LATER)
    appending.append(store_id=store.pk, now=LATER + timedelta(hours=1))
    forget_held()

    after = engine.estimate(question(store, "fatou", "racket", now=then))

    assert kinds(store, after)["blanket"] == kinds(store, before)["blanket"]
    np.testing.assert_allclose(after.score, before.score, atol=1e-6)


def test_a_generation_of_an_earlier_release_is_answered_by_popularity_and_says_so(engine: Engine, store: Store) -> None:
    generation = Generation.objects.live().get(store=store)
    del generation.settings["persons"]
    generation.save(update_fields=["settings"])
    forget_held()

    estimates = engine.estimate(question(store, "camille", "onesie"))

    assert estimates.fallback == "no_profile"
    assert estimates.memory_generation == generation.number
    assert len(estimates.products) == 6
