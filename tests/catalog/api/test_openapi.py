"""The OpenAPI document is valid, complete, and readable without the internet."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
from django.urls import get_resolver

from catalog.api.store_view import StoreView
from tests.catalog.factories import caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def document() -> Any:
    return caller().get("/api/v1/openapi.json").json()


def test_the_document_is_openapi_3_1(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    assert {"/api/v1/products", "/api/v1/products/{item_id}", "/api/v1/store"} <= document["paths"].keys()


def test_every_component_is_a_json_schema(document: Any) -> None:
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_call_tells_its_problems(document: Any) -> None:
    for path, operations in document["paths"].items():
        for operation in operations.values():
            problems = [answer for status, answer in operation["responses"].items() if status >= "400"]
            assert problems, path
            assert all(list(answer["content"]) == ["application/problem+json"] for answer in problems), path


def test_every_view_of_the_api_stands_behind_a_key() -> None:
    views = {
        pattern.name: pattern.callback.view_class
        for group in get_resolver().url_patterns
        if str(group.pattern) == "api/v1/"
        for pattern in _leaves(group)
    }

    assert {"store", "products", "product"} <= views.keys()
    assert {name for name, view in views.items() if not issubclass(view, StoreView)} == {"openapi"}


def _leaves(group: Any) -> list[Any]:
    return [
        leaf
        for pattern in group.url_patterns
        for leaf in (_leaves(pattern) if hasattr(pattern, "url_patterns") else [pattern])
    ]


@pytest.mark.parametrize("address", ["/api/docs/", "/api/docs/redoc/"])
def test_the_pages_load_nothing_from_elsewhere(address: str) -> None:
    page = caller().get(address)

    assert page.status_code == 200
    assert re.findall(r"(?:src|href)=\"(https?:)?//", page.content.decode()) == []
    assert "'unsafe-inline'" in page["Content-Security-Policy"]


def test_the_rest_of_the_site_keeps_the_strict_policy() -> None:
    assert "unsafe" not in caller().get("/api/v1/store")["Content-Security-Policy"]
