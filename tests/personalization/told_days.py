"""Visits, answers and generations laid down at an instant, so that the sums over them are known by counting."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from catalog.models import Store
from personalization.decisions import uuid7
from personalization.markers.definition import MARKER_VERSION
from personalization.models import Decision, Generation, GenerationState, Visit


def visited_at(store: Store, at: datetime, *, revenue: float = 0.0, **fields: Any) -> Visit:
    """A visit of a few events, the last one at that instant; with revenue, it bought."""
    told = {
        "visitor_key": f"v:{at.timestamp()}-{Visit.objects.count()}",
        "started_at": at - timedelta(minutes=5),
        "last_event_at": at,
        "changed_at": at,
        "event_count": 3,
        "revenue": revenue,
        "purchased_at": at if revenue else None,
    }
    return Visit.objects.create(store=store, **{**told, **fields})


def answered_at(store: Store, at: datetime, *, fallback: str = "", **fields: Any) -> Decision:
    """An answer of the inductive engine."""
    told = {
        "id": uuid7(now=at), "zone": "home", "engine": "inductive", "novelty": 0.0, "products": [], "propensities": [],
        "estimates": b"", "markers": b"", "took_ms": 10.0,
    }  # fmt: skip
    return Decision.objects.create(store=store, decided_at=at, fallback=fallback, **{**told, **fields})


def remembering(store: Store, *, until: datetime, state: str = GenerationState.LIVE, **fields: Any) -> Generation:
    """A generation as it is listed, without anything in it."""
    number = Generation.objects.of(store).count() + 1
    return Generation.objects.create(
        store=store, number=number, state=state, marker_version=MARKER_VERSION, until=until, **fields
    )
