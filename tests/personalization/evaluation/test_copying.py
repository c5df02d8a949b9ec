"""A copy's events are the storefront's, sent again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from catalog.live_facts import forget_facts, live_facts
from catalog.models import Store
from catalog.upsert import delete_products, upsert_products
from objectives.models import Zone
from personalization.engines.rule_book import rules_of
from personalization.evaluation.copying import copy_catalog, copy_rules, sent_again
from personalization.evaluation.held_out import Telling
from personalization.markers.lived import LivedEvent
from personalization.models import Rule, Visit

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, tzinfo=UTC)
AT = NOW.timestamp() - 3600


def store_of(slug: str, *rows: dict[str, Any]) -> Store:
    store = Store.objects.create(slug=slug, name=slug)
    assert not upsert_products(store=store, rows=rows, now=NOW).rejected
    forget_facts(store_id=store.pk)
    return store


@pytest.fixture
def shop() -> Store:
    shelves = {"racket": "Sport > Tennis", "balls": "Sport > Tennis > Balls", "sofa": "Home"}
    rows = [
        {
            "id": item_id,
            "title": item_id.title(),
            "price": "50.00 EUR",
            "sale_price": "40.00 EUR",
            "cost_of_goods_sold": "20.00 EUR",
            "brand": "Own",
            "product_type": path,
            "quantity": 5,
        }
        for item_id, path in shelves.items()
    ]
    shop = store_of("shop", *rows)
    delete_products(store=shop, item_ids=["balls"], now=NOW)
    forget_facts(store_id=shop.pk)
    return shop


def test_a_copied_catalog_is_the_same_catalog(shop: Store) -> None:
    copy = store_of("copy")

    copy_catalog(shop, copy)

    ours, theirs = live_facts(store_id=copy.pk), live_facts(store_id=shop.pk)
    assert (ours.item_ids, ours.titles, ours.brands) == (theirs.item_ids, theirs.titles, theirs.brands)
    assert [ours.category_paths[row] for row in ours.category] == [
        theirs.category_paths[row] for row in theirs.category
    ]
    for column in ("listed", "buyable", "list_price", "sale_price", "cost", "quantity", "launched_at"):
        assert getattr(ours, column).tolist() == getattr(theirs, column).tolist(), column
    assert set(ours.category_ids).isdisjoint(theirs.category_ids)


def test_the_rules_of_every_zone_are_copied_and_those_of_some_zones_are_not(shop: Store) -> None:
    copy = store_of("copy")
    for name in ("everywhere", "at home"):
        Rule.objects.create(store=shop, name=name, strategy="chosen", parameters={"item_ids": ["sofa"]})
    Rule.objects.get(name="at home").zones.add(Zone.objects.create(store=shop, slug="home", name="Home"))

    copy_rules(shop, copy)

    assert [rule.name for rule in Rule.objects.of(copy)] == ["everywhere"]
    assert Rule.objects.of(shop).count() == 2
    theirs, ours = (rules_of(store_id=store.pk)[0] for store in (shop, copy))
    assert (ours.selection, ours.condition) == (theirs.selection, theirs.condition)


SENT: list[dict[str, Any]] = [
    {
        "name": "view_item",
        "items": [{"item_id": "racket", "index": 3, "quantity": 2}],
        "page": {"type": "product", "location": "https://shop.example/racket?x=1", "referrer": "https://www.search.example/"},
        "device": {"category": "mobile"},
        "language": "fr-FR",
        "campaign": {"source": "news", "medium": "email", "name": "spring"},
        "engagement_ms": 1500,
        "scroll_depth": 0.5,
    },
    {"name": "view_item_list", "items": [{"item_id": "racket"}, {"item_id": "sofa"}], "item_list_id": "home"},
    {"name": "search", "search_term": "tennis", "search_results": 0},
    {"name": "add_to_cart", "items": [{"item_id": "gone", "price": 12.5, "item_brand": "Other"}], "coupon": "TEN"},
    {"name": "purchase", "transaction_id": "t1", "items": [{"item_id": "racket"}], "value": 7.0, "shipping": 4.9},
    {"name": "purchase", "transaction_id": "t2", "items": [{"item_id": "racket", "quantity": 3}]},
    {"name": "page_view", "page": {"type": "home"}},
]  # fmt: skip


@pytest.mark.parametrize("sent", SENT, ids=lambda sent: sent["name"])
def test_an_event_sent_again_is_lived_as_it_was(shop: Store, sent: dict[str, Any]) -> None:
    lived = told(shop, {**sent, "event_id": "e1", "timestamp": AT, "visitor_id": "ada", "session_id": "s1"})
    visit = Visit(store=shop, visitor_key="v:ada", session_id="s1")

    again = sent_again(lived, visit=visit, item_ids=live_facts(store_id=shop.pk).item_ids)

    assert told(shop, again) == lived
    assert (again["visitor_id"], again["session_id"]) == ("ada", "s1")


def test_a_bare_session_stays_one(shop: Store) -> None:
    lived = told(shop, {**SENT[-1], "event_id": "e1", "timestamp": AT, "session_id": "s1"})

    again = sent_again(lived, visit=Visit(store=shop, visitor_key="s:s1", session_id="s1"), item_ids=[])

    assert "visitor_id" not in again
    assert again["session_id"] == "s1"


def told(store: Store, event: dict[str, Any]) -> LivedEvent:
    (lived,) = Telling(store, now=NOW).visit("v1", [event], visitor_key="v:").events
    return replace(lived)
