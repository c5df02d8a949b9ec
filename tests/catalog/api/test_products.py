"""Products over REST."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

import pytest

from catalog.models import Product, Store
from tests.catalog.factories import atelier, caller, merchant_row, secret_key, sell

URL = "/api/v1/products"


@pytest.fixture
def store(db: None) -> Store:
    return atelier()


@pytest.fixture
def client(store: Store) -> Any:
    return caller(secret_key(store))


def test_the_key_shows_its_store(client: Any) -> None:
    answer = client.get("/api/v1/store")

    assert answer.json() == {
        "slug": "atelier",
        "name": "Atelier",
        "currency": "EUR",
        "language": "fr",
        "country": "FR",
        "time_zone": "Europe/Paris",
        "is_synthetic": False,
        "catalog_version": 0,
    }


def test_a_batch_stores_the_valid_and_names_the_invalid(client: Any, store: Store) -> None:
    products = [merchant_row("r1"), merchant_row("r2", price="dear", quantity=-1), 7, merchant_row("r3", mpn="x")]

    answer = client.put(URL, {"products": products})

    verdicts = answer.json()
    assert answer.status_code == 207
    assert {name: verdicts[name] for name in ("created", "updated", "unchanged", "rejected")} == {
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "rejected": 2,
    }
    assert [(item["index"], item["id"], item["outcome"]) for item in verdicts["items"]] == [
        (0, "r1", "created"),
        (1, "r2", "rejected"),
        (2, "", "rejected"),
        (3, "r3", "created"),
    ]
    assert verdicts["items"][1]["errors"] == [
        {
            "detail": "Expected an amount such as 15.00 EUR, got “dear”.",
            "pointer": "/products/1/price",
            "code": "format",
        },
        {
            "detail": "Expected a whole number from 0 to 2147483647, got -1.",
            "pointer": "/products/1/quantity",
            "code": "range",
        },
    ]
    assert verdicts["items"][3]["warnings"][0]["pointer"] == "/products/3/mpn"
    assert sorted(Product.objects.of(store).values_list("item_id", flat=True)) == ["r1", "r3"]


def test_deltas_change_stock_and_price_of_many(client: Any, store: Store) -> None:
    sell(store, merchant_row("r1"), merchant_row("r2"))

    answer = client.patch(
        URL, {"products": [{"id": "r1", "quantity": 0}, {"id": "r2", "price": "9.90 EUR"}, {"id": "r9"}]}
    )

    assert answer.status_code == 207
    assert [item["outcome"] for item in answer.json()["items"]] == ["updated", "updated", "rejected"]
    assert answer.json()["items"][2]["errors"][0]["code"] == "unknown"
    assert list(Product.objects.order_by("item_id").values_list("quantity", "price")) == [
        (0, Decimal("120.00")),
        (5, Decimal("9.90")),
    ]


@pytest.mark.parametrize("body", [{}, [], {"products": {}}, {"products": []}, {"products": [{}] * 1001}, "r1", None])
def test_a_batch_of_the_wrong_shape_is_refused(client: Any, body: object) -> None:
    answer = client.put(URL, body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/products"


def test_a_product_lives_at_its_address(client: Any) -> None:
    created = client.put(f"{URL}/r%2F1", merchant_row("r/1"))
    replaced = client.put(f"{URL}/r%2F1", {"title": "Short"})
    changed = client.patch(f"{URL}/r%2F1", {"quantity": 2})
    read = client.get(f"{URL}/r%2F1")
    deleted = client.delete(f"{URL}/r%2F1")
    gone = [client.get(f"{URL}/r%2F1"), client.delete(f"{URL}/r%2F1"), client.patch(f"{URL}/r%2F1", {"quantity": 1})]

    assert (created.status_code, replaced.status_code, changed.status_code) == (201, 200, 200)
    assert created.json()["price"] == "120.00 EUR"
    assert created.json()["product_type"] == "Sport > Tennis > Rackets"
    assert (replaced.json()["title"], replaced.json()["price"]) == ("Short", None)
    assert read.json() == changed.json()
    assert changed.json()["quantity"] == 2
    assert deleted.status_code == 204
    assert [answer.status_code for answer in gone] == [404, 404, 404]


def test_one_invalid_product_is_refused_with_every_reason(client: Any) -> None:
    answer = client.put(f"{URL}/r1", {"title": "", "sale_price": "5", "availability": "maybe"})

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert {mistake["pointer"]: mistake["code"] for mistake in answer.json()["errors"]} == {
        "/title": "required",
        "/sale_price": "format",
        "/availability": "choice",
    }


def test_the_id_of_the_address_counts(client: Any) -> None:
    answer = client.put(f"{URL}/r1", merchant_row("r2"))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/id"


def test_what_is_read_can_be_written_back(client: Any, store: Store) -> None:
    sell(
        store,
        merchant_row(
            "r1",
            sale_price="90.00 EUR",
            sale_price_effective_date="2026-03-01T00:00Z/",
            availability="preorder",
            availability_date="2026-05-01T00:00Z",
            cost_of_goods_sold="3.00 EUR",
            rating=3.5,
            attributes={"colour": "red"},
        ),
    )
    described = client.get(f"{URL}/r1").json()

    answer = client.put(URL, {"products": [described]})

    assert answer.json()["items"] == [{"index": 0, "id": "r1", "outcome": "unchanged"}]


def test_pages_hold_every_product_once_while_products_are_added(client: Any, store: Store) -> None:
    sell(store, *(merchant_row(f"r{number}") for number in range(5)))
    seen, address = [], f"{URL}?limit=2"

    while address:
        page = client.get(address).json()
        seen += [product["id"] for product in page["results"]]
        address = page["next"]
        if len(seen) == 2:
            sell(store, merchant_row("late"))

    assert seen == ["r0", "r1", "r2", "r3", "r4", "late"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("brand=Head", ["b"]),
        ("availability=out_of_stock", ["b"]),
        ("published=false", ["c"]),
        ("product_type=Sport", ["a", "b"]),
        ("product_type=Spo", []),
    ],
)
def test_filters(client: Any, store: Store, query: str, expected: list[str]) -> None:
    sell(
        store,
        merchant_row("a"),
        merchant_row("b", brand="Head", availability="out_of_stock"),
        merchant_row("c", product_type="Home", published=False),
    )

    answer = client.get(f"{URL}?{query}")

    assert [product["id"] for product in answer.json()["results"]] == expected


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=1001",
        "limit=x",
        "limit=" + "9" * 5000,
        "cursor=A",
        "cursor=cD1h",
        "availability=gone",
        "published=maybe",
    ],
)
def test_a_parameter_that_cannot_be_read_is_refused(client: Any, store: Store, query: str) -> None:
    sell(store, merchant_row("r1"))

    answer = client.get(f"{URL}?{query}")

    assert (answer.status_code, answer.json()["type"]) == (400, "urn:netup:problem:invalid-parameter")


def test_a_cursor_beyond_every_product_finds_nothing(client: Any, store: Store) -> None:
    sell(store, merchant_row("r1"))
    beyond = base64.b64encode(b"p=" + b"9" * 30).decode()

    assert client.get(URL, {"cursor": beyond}).json()["results"] == []


@pytest.mark.parametrize("item_id", ["%00", "a%00b", "%ED%A0%80", "x" * 300, "%F0%9F%98%80"])
def test_an_odd_address_is_simply_not_found(client: Any, item_id: str) -> None:
    answers = [client.get(f"{URL}/{item_id}"), client.delete(f"{URL}/{item_id}")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert client.patch(f"{URL}/{item_id}", {"quantity": 1}).status_code in {404, 422}
