"""POST recommendations: the answer's shape, what it refuses, and whose it is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from catalog.models import Store
from personalization.decisions import LOG
from personalization.engines import ENGINES
from personalization.models import Decision
from tests.catalog.factories import caller, public_key, secret_key
from tests.personalization.storefront import BY_POPULARITY, PopularityEngine, lived, shop, zone

ADDRESS = "/api/v1/recommendations"
LISTINGS = "/api/v1/listings"
HOME = {"zone": "home", "session_id": "s1", "visitor_id": "camille"}
SHELF = {"zone": "shelf", "session_id": "s1", "item_ids": ["racket"]}


@pytest.fixture(autouse=True)
def popularity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, PopularityEngine.name, PopularityEngine())


@pytest.fixture
def store(db: None) -> Store:
    return shop()


@pytest.fixture
def server(store: Store) -> Any:
    """A client with the store's secret key."""
    return caller(secret_key(store))


@pytest.fixture
def browser(store: Store) -> Any:
    """A client with a public key of the store."""
    return caller(public_key(store))


def by_popularity(server: Any, **fields: Any) -> Any:
    answer = server.post(ADDRESS, {**HOME, "engine": "popularity", **fields})
    assert answer.status_code == 200, answer.json()
    return answer.json()


# --- the answer -------------------------------------------------------------------------------------------------


def test_an_answer_says_what_is_shown_and_what_it_rests_on(server: Any) -> None:
    answer = by_popularity(server)

    assert UUID(answer["recommendation_id"]).version == 7
    assert [item["item_id"] for item in answer["items"]] == BY_POPULARITY[:4]
    assert {name: answer[name] for name in ("zone", "engine", "variant", "campaign", "memory_generation")} == {
        "zone": "home",
        "engine": "popularity",
        "variant": None,
        "campaign": None,
        "memory_generation": None,
    }
    assert (answer["novelty"], answer["fallback"], answer["degraded"]) == (0.25, None, False)
    assert answer["took_ms"] > 0


def test_an_item_is_ready_to_be_shown(server: Any) -> None:
    first = by_popularity(server)["items"][0]
    reason = first.pop("reason")

    assert first == {
        "item_id": "racket",
        "title": "Racket racket",
        "link": "https://shop.example/racket",
        "image_link": "https://shop.example/r.png",
        "price": "120.00 EUR",
        "sale_price": None,
        "position": 1,
        "estimate": {
            "view": pytest.approx(90 / 190, abs=1e-6),
            "cart": pytest.approx(90 / 570, abs=1e-6),
            "purchase": pytest.approx(90 / 1900, abs=1e-6),
            "support": 90.0,
        },
        "propensity": 1.0,
    }
    assert reason["code"] == "popular"
    assert reason["text"]


def test_a_running_sale_shows_both_prices(server: Any) -> None:
    balls = by_popularity(server)["items"][1]

    assert (balls["price"], balls["sale_price"]) == ("9.90 EUR", "7.90 EUR")


def test_a_product_without_a_price_is_shown_without(server: Any, store: Store) -> None:
    store.products.filter(item_id="racket").update(price=None)

    assert by_popularity(server)["items"][0]["price"] is None


@pytest.mark.parametrize("kind", ["server", "browser"])
def test_where_the_time_went_is_told_to_servers_only(kind: str, request: Any) -> None:
    answer = request.getfixturevalue(kind).post(ADDRESS, HOME).json()

    assert ("stages" in answer) == (kind == "server")


def test_a_browser_gets_its_recommendations(browser: Any) -> None:
    answer = browser.post(ADDRESS, HOME)

    assert answer.status_code == 200
    assert len(answer.json()["items"]) == 4


def test_what_was_lived_a_moment_ago_counts(server: Any, store: Store) -> None:
    lived(store, ("add_to_cart", "racket"))

    assert "racket" not in [item["item_id"] for item in by_popularity(server)["items"]]


def test_null_is_absent_and_unknown_fields_are_ignored(server: Any) -> None:
    nothing = {"page": None, "limit": None, "exclude": None, "consent": None, "engine": None, "new": {"x": 1}}

    assert server.post(ADDRESS, {**HOME, **nothing}).status_code == 200


def test_an_answer_is_logged_with_its_propensities(server: Any, store: Store) -> None:
    store.exploration = 0.5
    store.save()

    answer = by_popularity(caller(secret_key(store)), limit=8)

    LOG.flush()
    kept = Decision.objects.get()
    assert str(kept.pk) == answer["recommendation_id"]
    assert kept.propensities == [item["propensity"] for item in answer["items"]]
    assert all(0 < propensity <= 1 for propensity in kept.propensities)


def test_without_consent_the_visitor_is_not_stored(server: Any) -> None:
    by_popularity(server, consent=False)

    LOG.flush()
    kept = Decision.objects.get()
    assert (kept.visit_id, bytes(kept.markers)) == (None, b"")


# --- what is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"zone": None}, "/zone", "required"),
        ({"zone": 5}, "/zone", "type"),
        ({"zone": "x" * 51}, "/zone", "length"),
        ({"session_id": None, "visitor_id": None}, "/session_id", "required"),
        ({"session_id": None, "consent": False}, "/session_id", "required"),
        ({"session_id": 7}, "/session_id", "type"),
        ({"visitor_id": "x" * 129}, "/visitor_id", "length"),
        ({"consent": "yes"}, "/consent", "type"),
        ({"limit": 0}, "/limit", "range"),
        ({"limit": 101}, "/limit", "range"),
        ({"limit": True}, "/limit", "range"),
        ({"limit": 2.5}, "/limit", "range"),
        ({"exclude": "racket"}, "/exclude", "type"),
        ({"exclude": [5]}, "/exclude/0", "format"),
        ({"exclude": ["a", ""]}, "/exclude/1", "format"),
        ({"exclude": ["x" * 101]}, "/exclude/0", "format"),
        ({"exclude": ["a"] * 1001}, "/exclude", "length"),
        ({"page": "home"}, "/page", "type"),
        ({"page": {"type": "moon"}}, "/page/type", "choice"),
        ({"page": {"type": ["home"]}}, "/page/type", "choice"),
        ({"page": {"item_id": 5}}, "/page/item_id", "type"),
        ({"engine": "oracle"}, "/engine", "choice"),
        ({"events": {}}, "/events", "type"),
        ({"events": [{}] * 51}, "/events", "length"),
    ],
)
def test_each_mistake_is_named_by_pointer_and_code(server: Any, fields: Any, pointer: str, code: str) -> None:
    answer = server.post(ADDRESS, {**HOME, **fields})

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


def test_all_mistakes_are_named_at_once(server: Any) -> None:
    answer = server.post(ADDRESS, {"limit": -1, "page": {"type": 3, "category": 4}})

    assert {error["pointer"] for error in answer.json()["errors"]} == {
        "/zone",
        "/session_id",
        "/limit",
        "/page/type",
        "/page/category",
    }


@pytest.mark.parametrize("body", [[], ["zone"], "home", 5])
def test_a_body_that_is_no_object_is_refused(server: Any, body: Any) -> None:
    assert server.post(ADDRESS, body, format="json").status_code == 400


def test_a_body_beyond_its_bounds_is_refused(server: Any) -> None:
    assert server.post(ADDRESS, {**HOME, "filler": "x" * 300_000}).status_code == 413


def test_an_unknown_zone_names_those_there_are(server: Any, store: Store) -> None:
    zone(store, "cart")

    answer = server.post(ADDRESS, {**HOME, "zone": "nowhere"})

    assert answer.status_code == 404
    assert answer.json()["errors"][0]["pointer"] == "/zone"
    assert "cart, home" in answer.json()["detail"]


def test_a_public_key_may_not_choose_the_engine(browser: Any) -> None:
    assert browser.post(ADDRESS, {**HOME, "engine": "popularity"}).status_code == 403


@pytest.mark.parametrize("address", [ADDRESS, LISTINGS])
def test_without_a_key_there_is_no_answer(db: None, address: str) -> None:
    assert caller().post(address, HOME).status_code == 401


# --- listings ---------------------------------------------------------------------------------------------------


def test_a_listing_is_put_into_order_and_loses_nothing(server: Any) -> None:
    ids = ["x", "grinder", "sold-out", "y", "racket"]

    answer = server.post(LISTINGS, {**SHELF, "item_ids": ids, "engine": "popularity"}).json()

    assert answer["item_ids"] == ["racket", "grinder", "sold-out", "x", "y"]
    assert answer["unknown_item_ids"] == ["x", "y"]
    assert [item["item_id"] for item in answer["items"]] == ["racket", "grinder", "sold-out"]


def test_a_thousand_ids_are_ordered(server: Any) -> None:
    ids = [*BY_POPULARITY[::-1], *(f"unknown-{number}" for number in range(992))]

    answer = server.post(LISTINGS, {**SHELF, "item_ids": ids, "engine": "popularity"})

    assert answer.json()["item_ids"][:8] == BY_POPULARITY
    assert sorted(answer.json()["item_ids"]) == sorted(ids)


@pytest.mark.parametrize(
    ("ids", "pointer", "code"),
    [
        (None, "/item_ids", "required"),
        ("racket", "/item_ids", "type"),
        (["racket", 5], "/item_ids/1", "format"),
        (["racket", "bag", "racket"], "/item_ids/2", "repeated"),
        ([str(number) for number in range(1001)], "/item_ids", "length"),
    ],
)
def test_ids_that_cannot_be_ordered_are_named(server: Any, ids: Any, pointer: str, code: str) -> None:
    answer = server.post(LISTINGS, {**SHELF, "item_ids": ids})

    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


@pytest.mark.parametrize(
    ("address", "body"), [(ADDRESS, {**HOME, "zone": "shelf"}), (LISTINGS, {**SHELF, "zone": "home"})]
)
def test_a_zone_answers_its_own_kind_of_question_only(server: Any, address: str, body: Any) -> None:
    assert server.post(address, body).status_code == 404


# --- whose it is ------------------------------------------------------------------------------------------------


def test_another_stores_zone_visit_and_products_are_out_of_reach(store: Store) -> None:
    other = shop("brico")
    zone(other, "theirs")
    lived(other, ("add_to_cart", "racket"))
    server = caller(secret_key(store))

    assert server.post(ADDRESS, {**HOME, "zone": "theirs"}).status_code == 404
    assert "brico" not in server.post(ADDRESS, {**HOME, "zone": "theirs"}).content.decode()
    # The same visitor id has a racket in the cart over there, which changes nothing here.
    assert by_popularity(server)["items"][0]["item_id"] == "racket"


def test_another_stores_products_are_unknown_in_a_listing(store: Store) -> None:
    other = shop("brico")
    other.products.filter(item_id="grinder").update(item_id="theirs")

    answer = caller(secret_key(store)).post(LISTINGS, {**SHELF, "item_ids": ["theirs", "racket"]}).json()

    assert answer["unknown_item_ids"] == ["theirs"]
