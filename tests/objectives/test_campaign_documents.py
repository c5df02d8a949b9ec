"""Documents told from rows and written back to them."""

from __future__ import annotations

import pytest

from catalog.models import Store
from objectives.campaign_documents import Difference, differences, rule_ids, tell_campaign, write_campaign
from objectives.campaign_reading import FIELDS
from objectives.models import Campaign
from tests.objectives.documents import WHOLE, document
from tests.personalization.storefront import shop

BESIDE_IT = {"id", "store", "state", "proposed", "created_by", "changed_by", "created_at", "changed_at"}


def test_every_setting_of_a_campaign_is_in_its_document() -> None:
    columns = {field.name for field in Campaign._meta.fields} - BESIDE_IT

    assert columns | {"zones", "objectives", "rules"} == set(FIELDS)


@pytest.fixture
def store(db: None) -> Store:
    return shop()


def stored(store: Store, **members: object) -> Campaign:
    campaign = Campaign(store=store)
    write_campaign(campaign, document(store, **members))
    return Campaign.objects.get(pk=campaign.pk)


def test_what_is_written_is_told_again(store: Store) -> None:
    assert tell_campaign(stored(store, **WHOLE)) == document(store, **WHOLE)


def test_a_later_document_replaces_an_earlier_one_whole(store: Store) -> None:
    campaign = stored(store, **WHOLE)

    write_campaign(campaign, document(store))

    assert tell_campaign(Campaign.objects.get(pk=campaign.pk)) == document(store)


def test_a_rule_that_stays_what_it_was_stays_the_same_row(store: Store) -> None:
    campaign = stored(store, **WHOLE)
    boost, pin = rule_ids(campaign)
    boosted = [{**WHOLE["rules"][0], "strength": 9.0}, {**WHOLE["rules"][1], "place": 1}]

    write_campaign(campaign, document(store, **{**WHOLE, "rules": boosted}))

    again = rule_ids(Campaign.objects.get(pk=campaign.pk))
    assert again[0] == boost
    assert again[1] != pin


def test_two_pins_change_places(store: Store) -> None:
    pins = [
        {"kind": "pin", "products": {"item_ids": [item]}, "place": place} for item, place in (("bag", 1), ("racket", 2))
    ]
    campaign = stored(store, rules=pins)
    turned = [{**pin, "place": 3 - pin["place"]} for pin in pins]  # type: ignore[operator]

    write_campaign(campaign, document(store, rules=turned))

    assert tell_campaign(Campaign.objects.get(pk=campaign.pk))["rules"] == document(store, rules=turned)["rules"]


def test_the_zones_of_another_store_are_never_written(store: Store) -> None:
    other = shop("brico", name="Brico")
    campaign = stored(store, zones=["home"])

    assert [zone.store for zone in campaign.zones.all()] == [store]
    assert other.zones.filter(slug="home").exists()


def test_differences_are_told_member_by_member(store: Store) -> None:
    before, after = document(store, priority=1), document(store, priority=2, zones=["home"])

    assert list(differences(before, after)) == [Difference("priority", 1, 2), Difference("zones", [], ["home"])]
