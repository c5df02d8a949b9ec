"""Whatever is sent, the answer is what the OpenAPI document promises, and never a failure of the server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from catalog.models import Store
from tests.catalog.factories import secret_key
from tests.personalization.storefront import BY_POPULARITY, lived, shop

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
OPERATIONS = [
    ("/api/v1/recommendations", "POST"),
    ("/api/v1/listings", "POST"),
    ("/api/v1/decisions/{decision_id}", "GET"),
]
EXAMPLES = 100


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """The application leaves the test's connection, and so its transaction, open: as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def store(db: None) -> Store:
    store = shop()
    lived(store, ("view_item", "racket"))
    return store


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_keeps_its_promise(store: Store, path: str, method: str, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    authorization = {"Authorization": f"Bearer {secret_key(store)}"}

    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def each(case: Any) -> None:
        case.headers = {**(case.headers or {}), **authorization}
        if mode is GenerationMode.POSITIVE and isinstance(case.body, dict):
            _aim(case.body)
        case.call_and_validate(checks=CHECKS)

    each()


def _aim(body: dict[str, Any]) -> None:
    """Half-real questions reach deeper than random zones."""
    body["zone"] = "shelf" if "item_ids" in body else "home"
    body["session_id"] = body.get("session_id") or "s1"
    body.pop("engine", None)
    if len(body.get("item_ids", [])) % 2:
        body["item_ids"] = list({*body["item_ids"], *BY_POPULARITY})
