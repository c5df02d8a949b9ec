"""Documents of campaigns, as tests tell them."""

from __future__ import annotations

from typing import Any

from catalog.models import Store
from objectives.campaign_reading import Document, read_campaign
from objectives.conditions import Range

KNOWN = {"cart_value": Range(0.0, 10_000.0)}

WHOLE: dict[str, Any] = {
    "name": "Summer stock",
    "note": "Before the inventory.",
    "priority": 3,
    "starts_at": "2026-06-01T06:00:00+00:00",
    "ends_at": "2026-07-01T06:00:00+00:00",
    "zones": ["home", "shelf"],
    "condition": {"marker": "cart_value", "operator": ">=", "value": 50.0},
    "promoted": {"item_ids": ["bag", "onesie"], "price": [10.0, None]},
    "scope": "favoured",
    "floor": 0.9,
    "holdout": 0.2,
    "guardrail": None,
    "stops_at_stock": 5,
    "most_per_product": 1000,
    "most_per_visitor": 3,
    "objectives": [{"measure": "clearance", "weight": 2.0}, {"measure": "margin", "weight": 0.5}],
    "rules": [
        {"kind": "boost", "products": {"brands": ["Wilson"]}, "place": None, "strength": 2.0},
        {"kind": "pin", "products": {"item_ids": ["racket"]}, "place": 2, "strength": 1.0},
    ],
}


def document(store: Store, **members: Any) -> Document:
    return read_campaign({"name": "Push", **members}, store=store, known_markers=KNOWN)
