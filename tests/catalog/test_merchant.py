"""Reading what merchants write."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from catalog.attributes import Reading
from catalog.merchant import Fault, ProductChange, read_product

READING = Reading(currency="EUR", zone=ZoneInfo("Europe/Paris"))


def read(**attributes: object) -> ProductChange | list[Fault]:
    return read_product({"id": "a", "title": "t", **attributes}, reading=READING)


@pytest.mark.parametrize(
    ("name", "value", "columns"),
    [
        ("title", "  Racket ", {"title": "Racket"}),
        ("price", "15 EUR", {"price": "15.00"}),
        ("price", "15.5 EUR", {"price": "15.50"}),
        ("price", "0.00 EUR", {"price": "0.00"}),
        ("price", None, {"price": None}),
        ("price", "", {"price": None}),
        ("availability", "In Stock", {"availability": "in_stock"}),
        ("availability", None, {"availability": "in_stock"}),
        ("product_type", "A  b>C", {"category_path": "A b > C"}),
        ("availability_date", "2026-07-01", {"availability_date": "2026-06-30T22:00:00+00:00"}),  # summer in Paris
        ("availability_date", "2026-01-01T10:00Z", {"availability_date": "2026-01-01T10:00:00+00:00"}),
        (
            "sale_price_effective_date",
            "2026-01-01T00:00+0100/2026-01-02T00:00+0100",
            {
                "sale_price_starts": "2025-12-31T23:00:00+00:00",
                "sale_price_ends": "2026-01-01T23:00:00+00:00",
            },
        ),
        (
            "sale_price_effective_date",
            "/2026-01-02T00:00Z",
            {"sale_price_starts": None, "sale_price_ends": "2026-01-02T00:00:00+00:00"},
        ),
        ("image_link", "/media/racket.svg", {"image_link": "/media/racket.svg"}),
        ("link", "https://example.com/é?a=b#c", {"link": "https://example.com/é?a=b#c"}),
        ("quantity", 0, {"quantity": 0}),
        ("rating", 5, {"rating": 5.0}),
        ("published", False, {"published": False}),
        ("attributes", {"colour": "blue", "sizes": ["S"], "weight": 1.5}, None),
    ],
)
def test_values_that_fit(name: str, value: object, columns: dict[str, object] | None) -> None:
    change = read(**{name: value})

    assert isinstance(change, ProductChange)
    assert (columns or {name: value}).items() <= change.fields.items()


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("id", "", "length"),
        ("id", "   ", "length"),
        ("id", "x" * 101, "length"),
        ("id", 7, "type"),
        ("id", None, "type"),
        ("id", "a\0", "format"),
        ("id", "\ud800", "format"),
        ("title", None, "required"),
        ("title", " ", "length"),
        ("title", "x" * 301, "length"),
        ("title", ["t"], "type"),
        ("price", 15, "type"),
        ("price", "15", "format"),
        ("price", "15,00 EUR", "format"),
        ("price", "-1.00 EUR", "format"),
        ("price", "1.005 EUR", "format"),
        ("price", "12345678901.00 EUR", "format"),
        ("price", "١٥.00 EUR", "format"),
        ("price", "NaN EUR", "format"),
        ("price", "15.00 USD", "currency"),
        ("link", "javascript:alert(1)", "format"),
        ("link", "example.com", "format"),
        ("link", "https://a b", "format"),
        ("image_link", "//evil.example/x.png", "format"),
        ("image_link", "data:image/png;base64,xx", "format"),
        ("product_type", "A > > B", "format"),
        ("product_type", "A" * 201, "format"),
        ("product_type", "A > B" * 200, "length"),
        ("availability", "maybe", "choice"),
        ("availability", 1, "choice"),
        ("availability_date", "tomorrow", "format"),
        ("availability_date", "0001-01-01T00:00+14:00", "format"),
        ("availability_date", "1900-01-01", "range"),
        ("availability_date", 1767225600, "type"),
        ("sale_price_effective_date", "2026-01-01T00:00Z", "format"),
        ("sale_price_effective_date", "/", "format"),
        ("sale_price_effective_date", "2026-01-02T00:00Z/2026-01-01T00:00Z", "range"),
        ("quantity", -1, "range"),
        ("quantity", 2**31, "range"),
        ("quantity", 1.5, "type"),
        ("quantity", True, "type"),
        ("quantity", "3", "type"),
        ("rating", 5.1, "range"),
        ("rating", "5", "type"),
        ("published", "yes", "type"),
        ("attributes", [1], "type"),
        ("attributes", {"a": {"b": 1}}, "type"),
        ("attributes", {"": 1}, "length"),
        ("attributes", {"a": "x" * 501}, "length"),
        ("attributes", {str(number): 1 for number in range(101)}, "type"),
        ("attributes", {"a": 2**40}, "type"),
    ],
)
def test_values_that_do_not_fit_are_named(name: str, value: object, code: str) -> None:
    faults = read(**{name: value})

    assert isinstance(faults, list)
    assert [(fault.pointer, fault.code) for fault in faults] == [(f"/{name}", code)]
    assert faults[0].detail


def test_every_fault_is_told_at_once() -> None:
    faults = read_product({"price": "x", "quantity": -1}, reading=READING)

    assert isinstance(faults, list)
    assert [fault.pointer for fault in faults] == ["/id", "/price", "/quantity", "/title"]


@pytest.mark.parametrize("row", [None, 1, "a", ["a"]])
def test_what_is_no_object_is_no_product(row: object) -> None:
    faults = read_product(row, reading=READING)

    assert isinstance(faults, list)
    assert [(fault.pointer, fault.code) for fault in faults] == [("", "type")]


def test_a_fault_quotes_what_was_given() -> None:
    (fault,) = read(price="x" * 100)  # type: ignore[misc]

    assert fault.detail == f"Expected an amount such as 15.00 EUR, got “{'x' * 60}…”."


def test_a_delta_sets_only_what_it_names() -> None:
    change = read_product({"id": "a", "quantity": 3}, reading=READING, partial=True)

    assert isinstance(change, ProductChange)
    assert change.fields == {"quantity": 3}


@pytest.mark.parametrize(
    ("attributes", "warning"),
    [
        ({"gtin": "1"}, ("/gtin", "ignored")),
        ({"a/b~c": "1"}, ("/a~1b~0c", "ignored")),
        ({"price": "5.00 EUR", "sale_price": "10.00 EUR"}, ("/sale_price", "sale_not_below_price")),
    ],
)
def test_what_is_odd_is_stored_and_reported(attributes: dict[str, object], warning: tuple[str, str]) -> None:
    change = read(**attributes)

    assert isinstance(change, ProductChange)
    assert [(found.pointer, found.code) for found in change.warnings] == [warning]
    assert change.warnings[0].detail
