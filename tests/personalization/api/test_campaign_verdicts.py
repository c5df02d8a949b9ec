"""What a campaign brought, and what logs say of one, over REST."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Store
from objectives.models import Campaign
from personalization.evaluation import log_support
from tests.catalog.factories import caller, merchant_row, secret_key, sell
from tests.personalization.met_campaigns import MINUTE, answered, did, governing, ruled
from tests.personalization.storefront import shop

URL = "/api/v1/campaigns"
NOW = timezone.now()
MET = NOW - timedelta(days=2)


@pytest.fixture
def store(db: None) -> Store:
    store = shop()
    sell(store, merchant_row("bag", price="10.00 EUR", cost_of_goods_sold="4.00 EUR"), now=NOW)
    return store


@pytest.fixture
def campaign(store: Store) -> Campaign:
    return governing(store, since=NOW - timedelta(days=10))


@pytest.fixture
def client(store: Store) -> Any:
    return caller(secret_key(store))


def verdict(client: Any, campaign: Campaign) -> dict[str, Any]:
    answer = client.get(f"{URL}/{campaign.pk}/verdict")
    assert answer.status_code == 200, answer.json()
    found: dict[str, Any] = answer.json()
    return found


def test_a_verdict_tells_both_groups_and_what_lies_between_them(client: Any, campaign: Campaign) -> None:
    """Of four steered visitors one buys a bag that leaves 6; of two spared ones nobody."""
    for visitor in ("ada", "ben", "cleo", "dan"):
        answered(campaign.store, visitor, at=MET, steered=(campaign,))
    for visitor in ("eve", "fay"):
        answered(campaign.store, visitor, at=MET, spared=(campaign,))
    did(campaign.store, "ada", "purchase", at=MET + MINUTE)

    found = verdict(client, campaign)

    conversion, margin = found["metrics"]["conversion"], found["metrics"]["margin"]
    assert (found["campaign"], found["holdout"], found["mixed"]) == (str(campaign.pk), campaign.holdout, 0)
    assert (found["groups"]["steered"], found["groups"]["spared"]) == (4, 2)
    assert conversion["steered"] == {"visitors": 4, "total": 1.0, "mean": 0.25}
    assert conversion["spared"] == {"visitors": 2, "total": 0.0, "mean": 0.0}
    assert (conversion["difference"]["value"], conversion["brought"]["value"]) == (0.25, 1.0)
    assert (conversion["uplift"]["value"], conversion["proven"]) == (None, False)
    assert margin["steered"]["total"] == 6.0


def test_without_anybody_it_says_why_there_is_nothing(client: Any, campaign: Campaign) -> None:
    found = verdict(client, campaign)

    assert (found["doubt"], found["groups"], found["metrics"]) == ("nobody_steered", None, {})


def test_each_rule_is_told_by_its_place_in_the_document(client: Any, campaign: Campaign) -> None:
    boost, exclusion = ruled(campaign), ruled(campaign, kind="exclude")
    answered(campaign.store, "ada", at=MET, steered=(campaign,))
    answered(campaign.store, "ben", at=MET, steered=(campaign,), spared_rules=(boost,))

    told = verdict(client, campaign)["rules"]

    assert [(rule["pointer"], rule["kind"], rule["doubt"]) for rule in told] == [
        ("/rules/0", boost.kind, None),
        ("/rules/1", exclusion.kind, "not_drawn"),
    ]
    assert (told[0]["groups"]["steered"], told[0]["groups"]["spared"]) == (1, 1)


def test_nobody_reads_the_verdict_of_another_store(campaign: Campaign) -> None:
    theirs = caller(secret_key(shop("brico")))

    assert theirs.get(f"{URL}/{campaign.pk}/verdict").status_code == 404


def test_a_look_back_says_why_the_logs_say_nothing(client: Any, campaign: Campaign) -> None:
    answer = client.post(f"{URL}/hindsight", {"zone": "home", "campaign": str(campaign.pk)})

    found = answer.json()
    assert answer.status_code == 200, found
    assert (found["supported"], found["reason"]) == (False, log_support.FEW_VISITS)
    assert found["logs"]["after"]["visits"] == 0
    assert set(found["figures"]) == {"conversion", "revenue", "margin", "promoted"}
