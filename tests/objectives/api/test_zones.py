"""Zones over REST."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Store
from objectives import zones
from objectives.lifecycle import PLATFORM, Actor, change, create
from objectives.models import Campaign, CampaignState, Zone
from personalization.models import Rule
from tests.catalog.factories import NOW, caller, public_key, secret_key
from tests.objectives.documents import document
from tests.personalization.storefront import shop

URL = "/api/v1/zones"
HOME: dict[str, Any] = {
    "slug": "home",
    "name": "home",
    "kind": "recommendation",
    "page_type": "home",
    "size": 4,
    "exclude_seen": False,
    "exclude_in_cart": True,
    "exclude_bought": False,
    "same_department": False,
    "max_per_brand": None,
    "max_per_category": None,
    "rotate_after": None,
    "enabled": True,
}
CART = {"slug": "cart", "name": "Cart", "page_type": "cart"}


@pytest.fixture
def store(db: None) -> Store:
    return shop()


@pytest.fixture
def client(store: Store) -> Any:
    return caller(secret_key(store))


def test_zones_are_told_with_all_their_settings(client: Any) -> None:
    found = client.get(URL).json()

    assert [zone["slug"] for zone in found["results"]] == ["home", "shelf"]
    assert found["results"][0] == client.get(f"{URL}/home").json() == HOME


def test_every_setting_of_a_zone_is_in_its_document() -> None:
    assert {field.name for field in Zone._meta.fields} - {"id", "store"} == set(zones.FIELDS)


def test_a_zone_is_set_up_with_its_defaults(client: Any, store: Store) -> None:
    answer = client.post(URL, CART)

    assert (answer.status_code, answer.json()) == (201, HOME | CART | {"size": 8})
    assert Zone.objects.of(store).get(slug="cart").page_type == "cart"


def test_what_is_read_can_be_written_back(client: Any, store: Store) -> None:
    Zone.objects.filter(store=store, slug="home").update(
        size=7, exclude_seen=True, exclude_in_cart=False, max_per_brand=2, enabled=False
    )
    told = client.get(f"{URL}/home").json()
    Zone.objects.filter(store=store, slug="home").delete()

    assert client.post(URL, told).json() == told == client.get(f"{URL}/home").json()


def test_what_is_named_changes_and_the_rest_stays(client: Any) -> None:
    answer = client.patch(f"{URL}/home", {"size": 12, "max_per_brand": 2})

    assert answer.json() == HOME | {"size": 12, "max_per_brand": 2}


@pytest.mark.parametrize(
    ("members", "pointer", "code"),
    [
        ({"slug": "a b"}, "/slug", "format"),
        ({"slug": "é"}, "/slug", "format"),
        ({"slug": None}, "/slug", "type"),
        ({"name": ""}, "/name", "length"),
        ({"kind": "pop-up"}, "/kind", "choice"),
        ({"page_type": None}, "/page_type", "choice"),
        ({"size": 0}, "/size", "range"),
        ({"size": 101}, "/size", "range"),
        ({"exclude_seen": 1}, "/exclude_seen", "type"),
        ({"max_per_brand": 0}, "/max_per_brand", "range"),
        ({"rotate_after": 0}, "/rotate_after", "range"),
        ({"max_per_category": 40_000}, "/max_per_category", "range"),
        ({"colour": "red"}, "/colour", "unknown"),
    ],
)
def test_what_does_not_fit_is_named(client: Any, members: dict[str, Any], pointer: str, code: str) -> None:
    answer = client.post(URL, {**CART, **members})

    assert answer.status_code == 422
    assert [(mistake["pointer"], mistake["code"]) for mistake in answer.json()["errors"]] == [(pointer, code)]


@pytest.mark.parametrize("method", ["post", "patch"])
def test_a_body_that_is_no_object_is_refused(client: Any, method: str) -> None:
    address = URL if method == "post" else f"{URL}/home"

    assert getattr(client, method)(address, [1]).status_code == 400


def test_the_identifier_is_fixed(client: Any) -> None:
    answer = client.patch(f"{URL}/home", {"slug": "start"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "mismatch"
    assert client.patch(f"{URL}/home", {"slug": "home"}).status_code == 200


def test_an_identifier_is_given_once_in_a_store(client: Any) -> None:
    answer = client.post(URL, CART | {"slug": "home"})

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:netup:problem:conflict")


def test_a_store_has_only_so_many(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zones, "MOST_ZONES", 2)

    assert client.post(URL, CART).status_code == 409


def test_a_zone_that_nothing_names_is_taken_away(client: Any, store: Store) -> None:
    assert client.delete(f"{URL}/home").status_code == 204
    assert client.get(f"{URL}/home").status_code == 404
    assert client.delete(f"{URL}/home").status_code == 404


def test_what_a_campaign_is_for_stays_or_the_campaign_would_hold_everywhere(client: Any, store: Store) -> None:
    create(store=store, document=document(store, name="Margin", zones=["home"]), by=PLATFORM, now=NOW)

    answer = client.delete(f"{URL}/home")

    assert answer.status_code == 409
    assert "Margin" in answer.json()["detail"]
    assert Zone.objects.of(store).filter(slug="home").exists()


def test_what_a_rule_is_for_stays(client: Any, store: Store) -> None:
    rule = Rule.objects.create(store=store, name="Best", strategy="bestsellers")
    rule.zones.add(Zone.objects.of(store).get(slug="home"))

    assert client.delete(f"{URL}/home").status_code == 409


def test_what_a_waiting_change_is_for_stays(client: Any, store: Store) -> None:
    store.approval_required = True
    store.save()
    campaign = create(store=store, document=document(store), by=PLATFORM, now=NOW)
    Campaign.objects.update(state=CampaignState.APPROVED)
    change(campaign=campaign, document=document(store, zones=["home"]), by=Actor(name="olga"), now=NOW)

    assert client.delete(f"{URL}/home").status_code == 409
    assert client.delete(f"{URL}/shelf").status_code == 204


def test_a_repeated_write_is_done_once(client: Any) -> None:
    answers = [client.post(URL, CART, HTTP_IDEMPOTENCY_KEY="z") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]


def test_another_stores_zone_does_not_exist(client: Any) -> None:
    theirs = shop("brico")
    Zone.objects.create(store=theirs, slug="secret", name="Secret", page_type="home")

    assert "secret" not in [zone["slug"] for zone in client.get(URL).json()["results"]]
    for method in ("get", "patch", "delete"):
        assert getattr(client, method)(f"{URL}/secret").status_code == 404
    client.patch(f"{URL}/home", {"size": 9})
    assert Zone.objects.of(theirs).get(slug="home").size == 4


@pytest.mark.parametrize(
    ("method", "address"),
    [("get", URL), ("post", URL), ("get", f"{URL}/home"), ("patch", f"{URL}/home"), ("delete", f"{URL}/home")],
)
def test_zones_are_set_with_a_secret_key_alone(store: Store, method: str, address: str) -> None:
    assert getattr(caller(public_key(store)), method)(address).status_code == 403
    assert getattr(caller(), method)(address).status_code == 401
