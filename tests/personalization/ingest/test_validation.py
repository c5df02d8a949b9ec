"""What an event may hold: every field cleaned, every mistake named with its pointer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from personalization.ingest.validation import EVENT_NAMES, RefusedEventError, Terms, validate

from .sending import NOW, sent

TERMS = Terms(
    currency="EUR",
    earliest=(NOW - timedelta(days=395)).timestamp(),
    latest=(NOW + timedelta(hours=24)).timestamp(),
)


def faults(event: Any) -> dict[str, str]:
    """Reasons by pointer; empty when the event is accepted."""
    try:
        validate(event, terms=TERMS)
    except RefusedEventError as refusal:
        return {fault.pointer: fault.detail for fault in refusal.faults}
    return {}


@pytest.mark.parametrize("name", sorted(EVENT_NAMES))
def test_every_ga4_commerce_event_and_page_view_is_accepted(name: str) -> None:
    assert faults(sent(name)) == {}


def test_the_names_are_those_of_ga4() -> None:
    assert {
        "view_item_list", "select_item", "view_item", "add_to_cart", "remove_from_cart", "add_to_wishlist",
        "view_cart", "begin_checkout", "add_shipping_info", "add_payment_info", "purchase", "refund", "search",
        "view_promotion", "select_promotion", "page_view",
    } == EVENT_NAMES  # fmt: skip


FULL = sent(
    "purchase",
    currency="EUR",
    value=120.5,
    tax=20,
    shipping=4.9,
    coupon="SOLDES",
    consent=True,
    staff=False,
    bot=False,
    item_list_id="home",
    recommendation_id="0190d1a2-7c3b-7000-8000-000000000000",
    language="fr-FR",
    engagement_ms=1500,
    scroll_depth=0.4,
    search_results=3,
    page={"type": "confirmation", "location": "https://shop.example/merci?o=1", "referrer": "", "title": "Merci"},
    device={"category": "mobile"},
    campaign={"source": "newsletter", "medium": "email", "name": "printemps"},
    items=[
        {
            "item_id": "r1",
            "item_name": "Raquette",
            "item_brand": "Babolat",
            "item_category": "Sport",
            "item_category5": "Raquettes",
            "item_variant": "bleu",
            "item_list_id": "home",
            "price": 60.25,
            "quantity": 2,
            "index": 0,
            "discount": 5,
            "coupon": "SOLDES",
        }
    ],
)


def test_every_documented_field_is_accepted() -> None:
    assert faults(FULL) == {}


def test_unknown_fields_are_ignored() -> None:
    assert "promotion_name" not in validate(sent(promotion_name="Soldes"), terms=TERMS)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event_id", 7),
        ("event_id", "e" * 101),
        ("event_id", "a\x00b"),
        ("event_id", "\ud800"),
        ("name", "view"),
        ("name", ["view_item"]),
        ("timestamp", "2026-03-11 10:00:00"),  # no offset
        ("timestamp", "yesterday"),
        ("timestamp", True),
        ("timestamp", -1),
        ("timestamp", float("nan")),
        ("visitor_id", "v" * 129),
        ("visitor_id", {"id": 1}),
        ("session_id", "s" * 129),
        ("consent", "true"),
        ("consent", 1),
        ("staff", "no"),
        ("bot", 0),
        ("currency", "USD"),
        ("currency", 978),
        ("value", -0.01),
        ("value", "12.00"),
        ("value", True),
        ("value", float("inf")),
        ("value", 1e10),
        ("value", 10**400),
        ("tax", -1),
        ("shipping", "free"),
        ("transaction_id", 12),
        ("search_term", 5),
        ("search_results", 1.5),
        ("search_results", -1),
        ("scroll_depth", 1.01),
        ("engagement_ms", -5),
        ("language", "x" * 36),
        ("recommendation_id", "42"),
        ("items", "racket"),
        ("items", {"item_id": "racket"}),
        ("items", [{"item_id": "racket"}] * 201),
        ("page", "home"),
        ("device", []),
        ("campaign", 3),
    ],
)
def test_a_value_that_does_not_fit_is_named_by_its_pointer(field: str, value: Any) -> None:
    assert list(faults(sent() | {field: value})) == [f"/{field}"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("item_id", 5),
        ("item_id", ""),
        ("item_id", None),
        ("item_id", "i" * 101),
        ("price", "12"),
        ("price", -1),
        ("quantity", 0),
        ("quantity", 1.5),
        ("index", -1),
        ("discount", -1),
        ("item_name", 3),
        ("item_brand", ["Babolat"]),
        ("item_category3", 1),
    ],
)
def test_a_value_of_an_item_is_named_by_its_pointer(field: str, value: Any) -> None:
    items = [{"item_id": "a"}, {"item_id": "b", field: value}]
    assert list(faults(sent(items=items))) == [f"/items/1/{field}"]


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("page", "type", "plp"),
        ("page", "location", "x" * 4001),
        ("page", "referrer", 1),
        ("device", "category", "phone"),
        ("campaign", "source", 4),
        ("campaign", "name", "n" * 501),
    ],
)
def test_a_value_of_a_part_is_named_by_its_pointer(part: str, field: str, value: Any) -> None:
    assert list(faults(sent(**{part: {field: value}}))) == [f"/{part}/{field}"]


@pytest.mark.parametrize(
    ("event", "pointer"),
    [
        (sent(event_id=...), "/event_id"),
        (sent(event_id="  "), "/event_id"),
        (sent(event_id=None), "/event_id"),
        (sent(name=...), "/name"),
        (sent(timestamp=...), "/timestamp"),
        (sent(visitor_id=..., session_id=...), "/visitor_id"),
        (sent(consent=False, session_id=...), "/session_id"),
        (sent("purchase", transaction_id=...), "/transaction_id"),
        (sent("refund", transaction_id=...), "/transaction_id"),
        (sent("refund", value=...), "/value"),
        (sent("purchase", items=...), "/items"),
        (sent("view_item", items=[]), "/items"),
        (sent("search", search_term=...), "/search_term"),
        (sent("search", search_term=" "), "/search_term"),
        (sent(items=["racket"]), "/items/0"),
    ],
)
def test_what_is_missing_is_named_by_its_pointer(event: dict[str, Any], pointer: str) -> None:
    assert list(faults(event)) == [pointer]


@pytest.mark.parametrize("event", [None, 3, "view_item", [], [{}]])
def test_what_is_no_object_is_refused_as_a_whole(event: Any) -> None:
    assert list(faults(event)) == [""]


def test_every_fault_of_an_event_is_named() -> None:
    event = sent("purchase", value=-1, currency="USD", items=[{"price": "a"}])
    assert set(faults(event)) == {"/value", "/currency", "/items/0/price", "/items/0/item_id"}


def test_a_reason_says_what_was_expected_and_what_was_sent() -> None:
    detail = faults(sent(items=[{"item_id": "a", "price": "12,50"}]))["/items/0/price"]
    assert detail == "Expected a number from 0 to 1e+09, got “12,50”."


def test_another_currency_is_refused_naming_both() -> None:
    assert faults(sent(currency="USD"))["/currency"] == "Expected EUR, the store's currency, got “USD”."


@pytest.mark.parametrize(("ahead", "accepted"), [(timedelta(hours=24), True), (timedelta(hours=24, seconds=1), False)])
def test_an_event_may_be_24_hours_ahead_and_no_more(ahead: timedelta, accepted: bool) -> None:
    assert (faults(sent(timestamp=(NOW + ahead).isoformat())) == {}) == accepted


@pytest.mark.parametrize(("age", "accepted"), [(timedelta(days=395), True), (timedelta(days=395, seconds=1), False)])
def test_an_event_may_be_as_old_as_the_retention_and_no_older(age: timedelta, accepted: bool) -> None:
    assert (faults(sent(timestamp=(NOW - age).isoformat())) == {}) == accepted


@pytest.mark.parametrize(
    "timestamp",
    [
        "2026-03-11T11:00:00+01:00",
        "2026-03-11T10:00:00Z",
        1_773_223_200,
        1_773_223_200.0,
        1_773_223_200_000,
    ],
)
def test_the_ways_to_write_one_instant(timestamp: Any) -> None:
    assert validate(sent(timestamp=timestamp), terms=TERMS)["timestamp"] == 1_773_223_200.0


@pytest.mark.parametrize("timestamp", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"])
def test_an_instant_at_the_end_of_time_is_refused(timestamp: str) -> None:
    assert list(faults(sent(timestamp=timestamp))) == ["/timestamp"]
