"""Alive, ready, counted."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.catalog.factories import caller, secret_key
from tests.personalization.storefront import shop


def test_a_process_that_runs_is_live_without_a_database(client: Client) -> None:
    answer = client.get("/health/live")

    assert (answer.status_code, answer.json()) == (200, {"status": "live"})


@pytest.mark.django_db
def test_with_a_database_it_is_ready(client: Client) -> None:
    answer = client.get("/health/ready")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "database": "ok", "live_memories": 0})


@pytest.mark.parametrize("address", ["/health/live", "/health/ready", "/metrics"])
def test_health_is_read_only(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


@pytest.mark.django_db
def test_answers_are_counted_without_naming_their_store(client: Client) -> None:
    store = shop("secret-shop")
    caller(secret_key(store)).post("/api/v1/recommendations", {"zone": "home", "session_id": "s1"})

    exposition = client.get("/metrics").content.decode()

    assert 'netup_answers_total{degraded="false",engine="inductive",fallback="no_memory",kind="recommendation"}' in (
        exposition
    )
    assert 'netup_stage_milliseconds_bucket{le="1.0",stage="rank"}' in exposition
    assert "secret-shop" not in exposition


@pytest.mark.parametrize(("sent", "status"), [("", 401), ("Bearer wrong", 401), ("Bearer right", 200)])
def test_metrics_may_be_kept_for_one_reader(client: Client, settings: Any, sent: str, status: int) -> None:
    settings.METRICS_TOKEN = "right"

    assert client.get("/metrics", headers={"Authorization": sent}).status_code == status
