"""A past of a store's visits with a known structure, lived through the real ingestion."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from catalog.models import Store
from personalization.ingest import ingest
from personalization.memory import building
from personalization.models import Generation, Visit
from personalization.models.visit import visitor_key
from tests.catalog.factories import StoreFactory, merchant_row, sell

NOW: Final = datetime(2026, 3, 10, 9, tzinfo=UTC)
ASSORTMENT: Final[dict[str, dict[str, Any]]] = {
    "racket": {},
    "balls": {"price": "9.90 EUR"},
    "strings": {"price": "12.00 EUR"},
    "onesie": {"product_type": "Baby > Clothes", "brand": "Cotton", "price": "25.00 EUR"},
    "rattle": {"product_type": "Baby > Toys", "brand": "Wood", "price": "15.00 EUR"},
    "blanket": {"product_type": "Baby > Clothes", "brand": "Cotton", "price": "35.00 EUR"},
}
TENNIS: Final = ("racket", "balls")
BABY: Final = ("onesie", "rattle")

Deed = tuple[str, str]  # name of the event, item id


def shop(slug: str = "atelier") -> Store:
    """A store that sells the assortment."""
    store: Store = StoreFactory(slug=slug, exploration=0.0)
    sell(store, *(merchant_row(item_id, **row) for item_id, row in ASSORTMENT.items()), now=NOW)
    return store


def live_through(
    store: Store, visitor: str, *deeds: Deed, ended: datetime, received: datetime | None = None, **fields: Any
) -> Visit:
    """A visit with a deed a minute, the last one at `ended`, received there and then unless told otherwise."""
    events = []
    for number, (name, item_id) in enumerate(deeds):
        at = ended - timedelta(minutes=len(deeds) - 1 - number)
        event: dict[str, Any] = {
            "event_id": f"{visitor} {at.isoformat()} {name}",
            "name": name,
            "timestamp": at.isoformat(),
            "visitor_id": visitor,
            "session_id": f"session of {visitor}",
            "items": [{"item_id": item_id}],
        }
        if name == "purchase":
            event |= {"transaction_id": event["event_id"], "value": 20.0}
        events.append(event | fields)
    verdicts = ingest(store=store, events=events, now=received or ended)
    assert verdicts.stored == len(events), verdicts
    key = visitor_key(visitor_id=visitor, session_id=f"session of {visitor}", consent=bool(fields.get("consent", True)))
    return Visit.objects.get(store=store, visitor_key=key, started_at__lte=ended, last_event_at__gte=ended)


def viewing(*item_ids: str) -> tuple[Deed, ...]:
    return tuple(("view_item", item_id) for item_id in item_ids)


def live_many(store: Store, *, visits: int = 60, ended: datetime = NOW) -> None:
    """Visits that went from the racket to the balls and carted them, or from the onesie to the rattle."""
    for number in range(visits):
        came, went = TENNIS if number % 2 else BABY
        live_through(
            store,
            f"visitor {number}",
            *viewing(came, went),
            ("add_to_cart", went),
            ended=ended - timedelta(hours=2 + number),
        )


def rebuilt(store: Store, *, now: datetime = NOW, go_live: bool = True) -> Generation:
    return building.build(store=store, now=now, workers=1, go_live=go_live)
