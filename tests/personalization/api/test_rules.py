"""Rules of the rules engine over REST."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Store
from objectives.models import Zone
from personalization import rule_documents
from personalization.models import Rule
from tests.catalog.factories import caller, public_key, secret_key
from tests.personalization.storefront import shop

URL = "/api/v1/rules"
CARTED = {"marker": "cart_lines", "operator": ">=", "value": 1.0}
LEAST: dict[str, Any] = {
    "name": "Best sellers",
    "enabled": True,
    "priority": 10,
    "condition": {"all": []},
    "strategy": "bestsellers",
    "item_ids": [],
    "days": None,
    "most": 8,
    "zones": [],
    "message_title": "",
    "message_text": "",
    "message_per_visit": 1,
    "message_quiet_days": 0,
}
WHOLE = LEAST | {
    "name": "Cart holds something",
    "enabled": False,
    "priority": 3,
    "condition": CARTED,
    "strategy": "chosen",
    "item_ids": ["bag", "balls"],
    "most": 2,
    "zones": ["home"],
    "message_title": "Nearly there",
    "message_text": "4 € more, and delivery is free.",
    "message_per_visit": None,
    "message_quiet_days": 7,
}
STORED = ("id", "created_at", "changed_at")


@pytest.fixture
def store(db: None) -> Store:
    return shop()


@pytest.fixture
def client(store: Store) -> Any:
    return caller(secret_key(store))


def laid_down(client: Any, **members: object) -> str:
    """The address of a new rule."""
    answer = client.post(URL, {"name": "Best sellers", "strategy": "bestsellers", **members})
    assert answer.status_code == 201, answer.json()
    return f"{URL}/{answer.json()['id']}"


def document(answer: Any) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name not in STORED}


def errors(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.json()
    return [(mistake["pointer"], mistake["code"]) for mistake in answer.json()["errors"]]


def test_every_setting_of_a_rule_is_in_its_document() -> None:
    columns = {field.name for field in Rule._meta.fields} - {"id", "store", "created_at", "changed_at", "parameters"}

    assert columns | {"zones", "item_ids", "days"} == set(rule_documents.FIELDS)


def test_a_rule_is_laid_down_with_its_defaults(client: Any) -> None:
    assert document(client.get(laid_down(client))) == LEAST


def test_a_rule_says_all_it_was_told(client: Any, store: Store) -> None:
    address = laid_down(client, **WHOLE)

    rule = Rule.objects.of(store).get()
    assert document(client.get(address)) == WHOLE
    assert (rule.parameters, [zone.slug for zone in rule.zones.all()]) == ({"item_ids": ["bag", "balls"]}, ["home"])


def test_what_is_put_is_the_whole(client: Any) -> None:
    address = laid_down(client, **WHOLE)

    assert document(client.put(address, {"name": "Best sellers", "strategy": "bestsellers"})) == LEAST


def test_what_is_read_can_be_written_back(client: Any) -> None:
    address = laid_down(client, **WHOLE)
    told = document(client.get(address))

    assert document(client.put(address, told)) == told


def test_new_arrivals_are_new_for_thirty_days_unless_told(client: Any) -> None:
    address = laid_down(client, strategy="new_arrivals")

    assert client.get(address).json()["days"] == 30
    assert client.put(address, {"name": "New", "strategy": "new_arrivals", "days": 7}).json()["days"] == 7


def test_a_message_alone_is_a_rule(client: Any) -> None:
    assert client.get(laid_down(client, strategy="", message_text="Hello")).json()["strategy"] == ""


@pytest.mark.parametrize(
    ("members", "pointer", "code"),
    [
        ({"name": ""}, "/name", "length"),
        ({"enabled": 1}, "/enabled", "type"),
        ({"priority": -1}, "/priority", "range"),
        ({"condition": {"any": []}}, "/condition/any", "condition"),
        ({"condition": {**CARTED, "marker": "luck"}}, "/condition/marker", "condition"),
        ({"strategy": "guesses"}, "/strategy", "choice"),
        ({"strategy": ""}, "/strategy", "required"),
        ({"message_title": "Hello"}, "/message_text", "required"),
        ({"strategy": "chosen"}, "/item_ids", "required"),
        ({"strategy": "chosen", "item_ids": ["bag", "moon"]}, "/item_ids/1", "choice"),
        ({"strategy": "chosen", "item_ids": ["bag", "bag"]}, "/item_ids/1", "repeated"),
        ({"item_ids": ["bag"]}, "/item_ids", "content"),
        ({"days": 7}, "/days", "content"),
        ({"most": 0}, "/most", "range"),
        ({"zones": ["home", "attic"]}, "/zones/1", "choice"),
        ({"message_text": "x" * 301}, "/message_text", "length"),
        ({"message_per_visit": 0}, "/message_per_visit", "range"),
        ({"message_quiet_days": 366}, "/message_quiet_days", "range"),
        ({"colour": "red"}, "/colour", "unknown"),
    ],
)
def test_what_does_not_fit_is_named(client: Any, members: dict[str, Any], pointer: str, code: str) -> None:
    address = laid_down(client)
    body = {"name": "A rule", "strategy": "bestsellers", **members}

    assert errors(client.post(URL, body)) == errors(client.put(address, body)) == [(pointer, code)]
    assert Rule.objects.count() == 1


def test_rules_are_listed_page_by_page(client: Any) -> None:
    for name in ("a", "b", "c"):
        laid_down(client, name=name)
    first = client.get(f"{URL}?limit=2").json()

    assert [rule["name"] for rule in first["results"]] == ["a", "b"]
    assert [rule["name"] for rule in client.get(first["next"]).json()["results"]] == ["c"]


def test_a_rule_is_taken_away(client: Any) -> None:
    address = laid_down(client)

    assert client.delete(address).status_code == 204
    assert [client.get(address).status_code, client.delete(address).status_code] == [404, 404]


def test_a_store_has_only_so_many(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_documents, "MOST_RULES", 1)
    address = laid_down(client)

    assert client.post(URL, LEAST).status_code == 409
    assert client.put(address, LEAST).status_code == 200


def test_a_repeated_request_lays_down_one(client: Any) -> None:
    for _ in range(2):
        client.post(URL, LEAST, HTTP_IDEMPOTENCY_KEY="r")
    assert Rule.objects.count() == 1


@pytest.mark.parametrize("method", ["post", "put"])
def test_a_body_that_is_no_object_is_refused(client: Any, method: str) -> None:
    address = URL if method == "post" else laid_down(client)

    assert getattr(client, method)(address, [1]).status_code == 400


def test_another_stores_rule_does_not_exist(client: Any, store: Store) -> None:
    address = laid_down(client)
    before = Rule.objects.values().get()
    stranger = caller(secret_key(shop("brico")))

    assert stranger.get(URL).json()["results"] == []
    for method in ("get", "put", "delete"):
        assert getattr(stranger, method)(address, {"name": "Mine"}).status_code == 404
    assert Rule.objects.values().get() == before


def test_zones_and_products_of_another_store_are_unknown(client: Any) -> None:
    theirs = shop("brico")
    Zone.objects.create(store=theirs, slug="secret", name="Secret", page_type="home")

    assert errors(client.post(URL, LEAST | {"zones": ["secret"]})) == [("/zones/0", "choice")]


@pytest.mark.parametrize(
    ("method", "address"),
    [("get", URL), ("post", URL), ("get", f"{URL}/1"), ("put", f"{URL}/1"), ("delete", f"{URL}/1")],
)
def test_rules_are_set_with_a_secret_key_alone(store: Store, method: str, address: str) -> None:
    assert getattr(caller(public_key(store)), method)(address).status_code == 403
    assert getattr(caller(), method)(address).status_code == 401
