"""The verdict's page: the answer first, every figure beside its interval, and an honest word where there is none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Store
from objectives.models import Campaign
from tests.personalization.admin.screens import signed_in, text_of, works_for
from tests.personalization.met_campaigns import MINUTE, answered, did, governing, ruled
from tests.personalization.storefront import shop

pytestmark = pytest.mark.django_db
MET = timezone.now() - timedelta(hours=2)


@pytest.fixture
def store() -> Store:
    return shop()


@pytest.fixture
def campaign(store: Store) -> Campaign:
    return governing(store, since=MET - timedelta(days=1))


@pytest.fixture
def alice(store: Store) -> Client:
    return signed_in(works_for(store))


def page(campaign: Campaign) -> str:
    return reverse("admin:objectives_campaign_verdict", args=[campaign.pk])


def lived(campaign: Campaign, visitor: str, *, steered: bool, buys: bool) -> None:
    arm = {"steered": (campaign,)} if steered else {"spared": (campaign,)}
    did(campaign.store, visitor, "view_item", at=MET)
    answered(campaign.store, visitor, at=MET, **arm)
    if buys:
        did(campaign.store, visitor, "purchase", at=MET + MINUTE)


def test_without_anybody_steered_it_says_so(alice: Client, campaign: Campaign) -> None:
    assert "Cannot tell yet: nobody has been steered." in text_of(alice, page(campaign))


def test_without_a_hold_out_it_says_so(alice: Client, campaign: Campaign) -> None:
    Campaign.objects.update(holdout=0.0)

    assert "Cannot tell: nobody is held out." in text_of(alice, page(campaign))


def test_each_metric_stands_beside_its_interval(alice: Client, campaign: Campaign) -> None:
    for number in range(4):
        lived(campaign, f"steered-{number}", steered=True, buys=number < 2)
        lived(campaign, f"spared-{number}", steered=False, buys=number < 1)

    told = text_of(alice, page(campaign))

    assert "Visitors who bought" in told
    assert "50.00%" in told  # of the steered
    assert "25.00%" in told  # of the spared
    assert "+25.00 points" in told
    assert "too few yet" in told
    assert "Not enough visitors yet" in told


def test_each_rule_has_its_own(alice: Client, campaign: Campaign) -> None:
    ruled(campaign, kind="exclude")

    assert "nobody is shown what is excluded" in text_of(alice, page(campaign))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_speaks_both_languages(store: Store, campaign: Campaign, language: str) -> None:
    told = text_of(signed_in(works_for(store), language), page(campaign))

    assert ("Historique" in told) is (language == "fr")


def test_another_stores_verdict_does_not_open(campaign: Campaign) -> None:
    stranger = signed_in(works_for(shop("brico", name="Brico"), "bob"))

    assert stranger.get(page(campaign)).status_code == 404
