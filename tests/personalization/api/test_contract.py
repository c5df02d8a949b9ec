"""Whatever is sent, the answer is what the OpenAPI document promises, and never a failure of the server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from catalog.models import Store
from objectives import campaign_reading, zones
from objectives.api.shapes import ZoneChangeShape, ZoneShape
from objectives.lifecycle import PLATFORM, create
from personalization import rule_documents
from personalization.api.campaign_shapes import CampaignDocumentShape
from personalization.api.rules import RuleDocumentShape
from personalization.models import Rule
from tests.catalog.factories import secret_key
from tests.objectives.documents import document
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
STEERING = [
    ("/api/v1/zones", "GET"),
    ("/api/v1/zones", "POST"),
    ("/api/v1/zones/{slug}", "GET"),
    ("/api/v1/zones/{slug}", "PATCH"),
    ("/api/v1/zones/{slug}", "DELETE"),
    ("/api/v1/campaigns", "GET"),
    ("/api/v1/campaigns", "POST"),
    ("/api/v1/campaigns/{campaign_id}", "GET"),
    ("/api/v1/campaigns/{campaign_id}", "PUT"),
    ("/api/v1/campaigns/{campaign_id}", "PATCH"),
    ("/api/v1/campaigns/{campaign_id}", "DELETE"),
    ("/api/v1/campaigns/{campaign_id}/steps", "POST"),
    ("/api/v1/campaigns/{campaign_id}/revisions", "GET"),
    ("/api/v1/campaigns/{campaign_id}/undo", "POST"),
    ("/api/v1/campaigns/{campaign_id}/conflicts", "GET"),
    ("/api/v1/campaigns/preview", "POST"),
    ("/api/v1/campaigns/export", "GET"),
    ("/api/v1/campaigns/import", "POST"),
    ("/api/v1/rules", "GET"),
    ("/api/v1/rules", "POST"),
    ("/api/v1/rules/{rule_id}", "GET"),
    ("/api/v1/rules/{rule_id}", "PUT"),
    ("/api/v1/rules/{rule_id}", "DELETE"),
]
EXAMPLES = 100
STEERING_EXAMPLES = 15


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


MODES = pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)


@MODES
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_keeps_its_promise(store: Store, path: str, method: str, mode: GenerationMode) -> None:
    asked(store, path, method, mode, most=EXAMPLES)


@MODES
@pytest.mark.parametrize(("path", "method"), STEERING)
def test_every_steering_call_keeps_its_promise(store: Store, path: str, method: str, mode: GenerationMode) -> None:
    asked(store, path, method, mode, most=STEERING_EXAMPLES)


@pytest.mark.parametrize(
    ("shape", "fields"),
    [
        (ZoneShape, zones.FIELDS),
        (ZoneChangeShape, zones.FIELDS),
        (CampaignDocumentShape, campaign_reading.FIELDS),
        (RuleDocumentShape, rule_documents.FIELDS),
    ],
)
def test_a_document_is_described_with_all_its_members(shape: type[Any], fields: Any) -> None:
    assert set(shape().fields) == set(fields)


def asked(store: Store, path: str, method: str, mode: GenerationMode, *, most: int) -> None:
    """Ask so many times, half of the ids in addresses being those of things that there are."""
    told = document(store, promoted={"item_ids": ["bag"]}, scope="favoured")
    there = {
        "campaign_id": create(store=store, document=told, by=PLATFORM, now=timezone.now()).pk,
        "rule_id": Rule.objects.create(store=store, name="A rule", strategy="bestsellers").pk,
        "slug": "home",
    }
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    authorization = {"Authorization": f"Bearer {secret_key(store)}"}

    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    @settings(max_examples=most, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def each(case: Any) -> None:
        case.headers = {**(case.headers or {}), **authorization}
        for name in (case.path_parameters or {}).keys() & there.keys():
            if len(str(case.path_parameters[name])) % 2:
                case.path_parameters[name] = there[name]
        if mode is GenerationMode.POSITIVE and isinstance(case.body, dict):
            _aim(case.body)
        case.call_and_validate(checks=CHECKS)

    each()


def _aim(body: dict[str, Any]) -> None:
    """Half-real questions reach deeper than random zones."""
    if "zone" not in body:
        return
    body["zone"] = "shelf" if "item_ids" in body else "home"
    if "document" in body or "campaign" in body:
        return
    body["session_id"] = body.get("session_id") or "s1"
    body.pop("engine", None)
    if len(body.get("item_ids", [])) % 2:
        body["item_ids"] = list({*body["item_ids"], *BY_POPULARITY})
