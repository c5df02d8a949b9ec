"""Visitors who met a campaign, and what they then did, laid down by hand so that the right verdict is known."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from catalog.models import Store
from objectives.models import Campaign, CampaignState, MerchandisingRule
from personalization.decisions import uuid7
from personalization.ingest import ingest
from personalization.models import Decision, Visit

MINUTE = timedelta(minutes=1)


def governing(store: Store, *, since: datetime, **fields: Any) -> Campaign:
    """A campaign that has governed since then with a hold-out of a half, of whose steps none was kept."""
    plain = {"name": "Push", "state": CampaignState.APPROVED, "holdout": 0.5, "promoted": {"item_ids": ["bag"]}}
    made = Campaign.objects.create(store=store, **{**plain, **fields})
    Campaign.objects.filter(pk=made.pk).update(created_at=since)
    made.refresh_from_db()
    return made


def ruled(campaign: Campaign, kind: str = "boost", item_id: str = "racket", **fields: Any) -> MerchandisingRule:
    return MerchandisingRule.objects.create(
        campaign=campaign,
        kind=kind,
        products={"item_ids": [item_id]},
        **{"place": 1 if kind == "pin" else None, **fields},
    )


def answered(
    store: Store,
    visitor: str,
    *,
    at: datetime,
    steered: tuple[Campaign, ...] = (),
    spared: tuple[Campaign, ...] = (),
    spared_rules: tuple[MerchandisingRule, ...] = (),
) -> Decision:
    """A decision, with the visit in which it was made if there is one by now."""
    key = f"v:{visitor}"
    visit = Visit.objects.of(store).filter(visitor_key=key, started_at__lte=at, last_event_at__gte=at).first()
    return Decision.objects.create(
        id=uuid7(now=at),
        store=store,
        visit=visit,
        visitor_key=key,
        zone="home",
        decided_at=at,
        engine="inductive",
        novelty=0.0,
        products=[],
        propensities=[],
        estimates=b"",
        markers=b"",
        campaigns=[campaign.pk for campaign in steered],
        spared=[campaign.pk for campaign in spared],
        spared_rules=[rule.pk for rule in spared_rules],
        took_ms=1.0,
    )


def did(store: Store, visitor: str, name: str, item_id: str = "bag", *, at: datetime, **fields: Any) -> None:
    """An event; the bag costs 10 euros, of which the catalog's cost is known."""
    event = {
        "event_id": str(uuid4()),
        "name": name,
        "timestamp": at.isoformat(),
        "visitor_id": visitor,
        "session_id": f"session of {visitor}",
        "items": [{"item_id": item_id, "price": 10.0, "quantity": 1}],
        **fields,
    }
    if name == "purchase":
        event.setdefault("transaction_id", str(uuid4()))
    assert ingest(store=store, events=[event], now=max(at, at + MINUTE)).stored == 1
