"""What budgets of exposures cost: an answer's look at its visitor, the campaigns' at their products, and the writing.

python -m pytest -s -o python_functions="bench_*" benchmarks/bench_budgets.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.db import connection

from catalog.models import Store
from objectives.budgets import Exposures
from objectives.campaigns import CampaignInForce
from objectives.models import Campaign
from personalization import exposures
from tests.catalog.factories import StoreFactory
from tests.personalization.test_decisions import decision

VISITORS = 100_000
PRODUCTS = 50_000

MANY = """
INSERT INTO personalization_visitorexposure (store_id, campaign_id, visitor_key, answers, began_at)
SELECT %(store)s, %(campaign)s, 'v:visitor-' || number, 1, now() FROM generate_series(1, %(visitors)s) AS number;
INSERT INTO personalization_productexposure (store_id, campaign_id, position, shown)
SELECT %(store)s, %(campaign)s, number, 1 FROM generate_series(1, %(products)s) AS number;
ANALYZE personalization_visitorexposure, personalization_productexposure;
"""


@pytest.fixture
def campaign(db: None) -> CampaignInForce:
    """Of a store with many visitors and products, each counted once, in three campaigns."""
    store: Store = StoreFactory(slug="bench")
    made = [Campaign.objects.create(store=store, name=f"campaign {number}") for number in range(3)]
    with connection.cursor() as cursor:
        for each in made:
            told = {"store": store.pk, "campaign": each.pk, "visitors": VISITORS, "products": PRODUCTS}
            cursor.execute(MANY, told)
    return CampaignInForce(id=made[0].pk, name="bench", most_per_product=1, most_per_visitor=1)


def store_of(campaign: CampaignInForce) -> int:
    return Campaign.objects.get(pk=campaign.id).store_id


def bench_reading_what_a_visitor_has_had(benchmark: Any, campaign: CampaignInForce) -> None:
    store_id = store_of(campaign)

    def read() -> frozenset[int]:
        return exposures.answered_enough(store_id=store_id, visitor_key="v:visitor-1234", campaigns=[campaign])

    assert benchmark(read) == {campaign.id}


@pytest.mark.parametrize("spent", [True, False])
def bench_reading_which_of_50_000_products_are_spent(benchmark: Any, campaign: CampaignInForce, spent: bool) -> None:
    store_id = store_of(campaign)
    budgeted = CampaignInForce(id=campaign.id, name="bench", most_per_product=1 if spent else 2)

    found = benchmark(lambda: exposures.shown_enough(store_id=store_id, campaigns=[budgeted]))
    assert len(found.get(campaign.id, [])) == (PRODUCTS if spent else 0)


def bench_counting_200_answers(benchmark: Any, campaign: CampaignInForce) -> None:
    rng, store_id = np.random.default_rng(1), store_of(campaign)
    answers = []
    for _ in range(200):
        shown = rng.choice(PRODUCTS, 8, replace=False).astype(np.int32)
        taken = Exposures(
            products={campaign.id: shown}, campaigns=(campaign.id,), visitor_key=f"v:visitor-{rng.integers(VISITORS)}"
        )
        answers.append((decision(store_id), taken))

    benchmark(lambda: exposures.count(answers))
