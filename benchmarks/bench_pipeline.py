"""What an answer costs around its recall: ranking, the decision, the JSON, the HTTP interface; and by stage.

python -m pytest -s -o python_functions="bench_*" benchmarks/bench_pipeline.py
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from catalog.live_facts import live_facts
from catalog.models import Store
from catalog.upsert import upsert_products
from objectives.course import Course, Pull
from objectives.eligibility import Filters, eligible
from objectives.exploring import explore
from objectives.models.zone import ZoneKind
from objectives.reranking import DEFAULT_WEIGHTS, Rules, rerank
from personalization.api import answers
from personalization.decisions import LOG
from personalization.engines import ENGINES
from personalization.models import Decision
from personalization.pipeline import RECALLS, personalize
from tests.catalog.factories import StoreFactory, caller, merchant_row, secret_key
from tests.objectives.shelves import NOW, expected, facts
from tests.personalization.storefront import PopularityEngine, asking, lived, zone

LOG.writes_behind = False  # what it costs is measured by itself

PRODUCTS = 2_000
ANSWERS = 200


def estimates(count: int) -> Any:
    rng = np.random.default_rng(1)
    products = rng.permutation(PRODUCTS)[:count].tolist()
    return expected(products, **{name: rng.random(count).tolist() for name in ("view", "purchase", "score")})


def varied() -> Any:
    """Products of thirty brands and categories, of all prices, margins and stocks."""
    rng = np.random.default_rng(2)
    return facts(
        PRODUCTS,
        brand=rng.integers(0, 30, PRODUCTS).tolist(),
        category=rng.integers(0, 30, PRODUCTS).tolist(),
        category_parents=[-1] * 30,
        list_price=rng.uniform(5, 300, PRODUCTS).tolist(),
        cost=rng.uniform(1, 100, PRODUCTS).tolist(),
        quantity=rng.integers(0, 90, PRODUCTS).tolist(),
    )


PROMOTED = np.random.default_rng(3).random(PRODUCTS) < 0.1
COURSES = {
    "unsteered": Course(),
    "one_objective": Course(pulls=(Pull(1, "margin", 5.0),), floor=0.95),
    "promoted_and_pinned": Course(pulls=(Pull(1, "clearance", 5.0, PROMOTED),), floor=0.95, pins={0: 7}),
    "three_objectives": Course(
        pulls=(Pull(1, "margin", 5.0), Pull(1, "clearance", 2.0), Pull(2, "discovery", 1.0)), floor=0.95
    ),
}


@pytest.mark.parametrize("weights", [DEFAULT_WEIGHTS, {"margin": 1.0, "clearance": 1.0}])
def bench_ranking_300_candidates(benchmark: Any, weights: Mapping[str, float]) -> None:
    shelf, candidates, rng = facts(PRODUCTS), estimates(300), np.random.default_rng(1)
    rules = Rules(size=8, weights=weights, exploration=0.02, max_per_brand=3)

    def rank() -> None:
        mask = eligible(facts=shelf, filters=Filters(excluded={1, 2, 3}))
        rerank(estimates=candidates, facts=shelf, eligible=mask, rules=rules, now=NOW, rng=rng)

    benchmark(rank)


@pytest.mark.parametrize("capped", [False, True], ids=["free", "capped"])
@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def bench_steering_500_candidates(benchmark: Any, course: Course, capped: bool) -> None:
    """What `unsteered` costs of it, the ranking costs anyway."""
    shelf, candidates, rng = varied(), estimates(500), np.random.default_rng(1)
    mask = eligible(facts=shelf, filters=Filters())
    rules = Rules(size=8, max_per_brand=2, max_per_category=3) if capped else Rules(size=8)
    benchmark(
        lambda: rerank(estimates=candidates, facts=shelf, eligible=mask, rules=rules, now=NOW, rng=rng, course=course)
    )


def bench_exploring_a_listing_of_1000(benchmark: Any) -> None:
    rng = np.random.default_rng(1)
    benchmark(lambda: explore(order=list(range(1_000)), size=1_000, share=0.02, rng=rng))


@pytest.fixture
def store(db: None, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setitem(ENGINES, PopularityEngine.name, PopularityEngine())
    store: Store = StoreFactory(slug="bench")
    rows = [merchant_row(f"p{number}", rating_count=number) for number in range(PRODUCTS)]
    upsert_products(store=store, rows=rows, now=timezone.now())
    zone(store, "home", size=8)
    zone(store, "shelf", kind=ZoneKind.LISTING)
    lived(store, *(("view_item", f"p{number}") for number in range(12)))
    live_facts(store_id=store.pk)
    return store


@pytest.mark.parametrize("recall", ["own", "shared"])
def bench_the_pipeline_without_an_engine(benchmark: Any, store: Store, recall: str) -> None:
    rng = np.random.default_rng(1)

    def answer() -> None:
        if recall == "own":
            RECALLS.clear()
        personalize(asked=asking(store), now=timezone.now(), rng=rng)

    benchmark(answer)
    LOG.clear()


def bench_the_answers_json(benchmark: Any, store: Store) -> None:
    answer = personalize(asked=asking(store), now=timezone.now(), rng=np.random.default_rng(1))
    benchmark(lambda: answers.recommendation(answer, store=store, with_stages=True))


def bench_writing_200_decisions(benchmark: Any, store: Store) -> None:
    answers_given = [
        personalize(asked=asking(store), now=timezone.now(), rng=np.random.default_rng(1)).decision for _ in range(200)
    ]

    def waiting() -> None:
        LOG.clear()
        Decision.objects.all().delete()
        for decision in answers_given:
            LOG.put(decision)

    benchmark.pedantic(LOG.flush, setup=waiting, rounds=10)


def bench_an_answer_over_http_by_stage(benchmark: Any, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """The budget of an answer whose engine costs nothing: what is left is ours."""
    client, stages = caller(secret_key(store)), defaultdict(list)
    body = {"zone": "home", "session_id": "s1", "visitor_id": "camille", "engine": "popularity"}

    def ask() -> None:
        RECALLS.clear()
        answer = client.post("/api/v1/recommendations", body).json()
        for stage, milliseconds in {**answer["stages"], "in all": answer["took_ms"]}.items():
            stages[stage].append(milliseconds)

    benchmark.pedantic(ask, rounds=ANSWERS, warmup_rounds=5)
    with capsys.disabled():
        print("\nstage               median ms   p99 ms")
        for stage, values in stages.items():
            print(f"{stage:<20}{statistics.median(values):9.2f}{np.percentile(values, 99):9.2f}")


def bench_a_listing_of_1000_over_http(benchmark: Any, store: Store) -> None:
    client = caller(secret_key(store))
    body = {"zone": "shelf", "session_id": "s1", "engine": "popularity", "item_ids": [f"p{n}" for n in range(1_000)]}

    def ask() -> None:
        RECALLS.clear()
        assert client.post("/api/v1/listings", body).status_code == 200

    benchmark.pedantic(ask, rounds=30, warmup_rounds=2)
