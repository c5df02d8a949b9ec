"""The message of a rule reaches the storefront, as often as it may."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from catalog.models import Store
from personalization.models import Rule
from tests.catalog.factories import caller, secret_key
from tests.personalization.storefront import lived, shop, zone

HOME = {"zone": "home", "session_id": "s1", "visitor_id": "camille"}
CARTED = {"marker": "cart_lines", "operator": ">=", "value": 1}


@pytest.fixture
def store(db: None) -> Store:
    """Its rule greets whoever has something in the cart, and shows the grinder."""
    cache.clear()
    store = shop()
    Rule.objects.create(
        store=store,
        name="Cart",
        condition=CARTED,
        strategy="chosen",
        parameters={"item_ids": ["grinder"]},
        message_title="Nearly there",
        message_text="A little more for free shipping",
    )
    return store


def asked(store: Store, address: str = "recommendations", **fields: Any) -> Any:
    answer = caller(secret_key(store)).post(f"/api/v1/{address}", {**HOME, "engine": "rules", **fields})
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_a_rule_that_applies_tells_its_message_once_a_visit(store: Store) -> None:
    lived(store, ("add_to_cart", "racket"))

    first, second = asked(store), asked(store)

    assert first["message"] == {
        "title": "Nearly there",
        "text": "A little more for free shipping",
        "rule": "Cart",
    }
    assert second["message"] is None
    assert [answer["items"][0]["item_id"] for answer in (first, second)] == ["grinder", "grinder"]
    assert first["items"][0]["reason"]["code"] == "rule"
    assert first["items"][0]["reason"]["relation"]["traits"] == ["chosen"]


def test_a_rule_that_does_not_apply_tells_nothing(store: Store) -> None:
    lived(store, ("view_item", "racket"))

    assert asked(store)["message"] is None


def test_other_engines_tell_no_message(store: Store) -> None:
    lived(store, ("add_to_cart", "racket"))

    assert asked(store, engine="inductive")["message"] is None


def test_a_rule_for_another_zone_holds_its_message_back(store: Store) -> None:
    rule = Rule.objects.get(store=store)
    rule.zones.add(zone(store, "basket"))
    lived(store, ("add_to_cart", "racket"))

    assert asked(store)["message"] is None
    assert asked(store, zone="basket")["message"] is not None


def test_a_listing_has_its_message_too(store: Store) -> None:
    lived(store, ("add_to_cart", "racket"))

    answer = asked(store, "listings", zone="shelf", item_ids=["balls", "grinder", "racket"])

    assert answer["message"]["rule"] == "Cart"
    assert answer["item_ids"][0] == "grinder"
